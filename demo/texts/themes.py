"""Six ways in which a service goes wrong, each from its first concern to its last action."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Fault:
    """One thing found at a visit, and the action that was agreed on it."""

    found: str
    action: str
    shown_by: str  # the evidence that it was done


@dataclass(frozen=True)
class Theme:
    """A way in which a service goes wrong, told from the first concern to the council's own account
    of it.
    """

    concern: str
    answer_to_concern: str
    summary: str
    reasons: str
    evidence: str
    provider_notified: str
    answered: str
    faults: tuple[Fault, ...]


STAFFING = Theme(
    concern=(
        "Relatives report that nobody answered call bells for over half an hour on two evenings in"
        " one week."
    ),
    answer_to_concern=(
        "Spoke to the deputy manager and asked for the rotas and call bell records of the last four"
        " weeks."
    ),
    summary="Too few trained staff on evenings and nights to keep people safe.",
    reasons=(
        "Rotas of four weeks show eleven night shifts below the number that the service itself says"
        " it needs. Agency staff worked without an induction. People waited for help to turn, to"
        " drink and to use the bathroom."
    ),
    evidence=(
        "Rotas, call bell records and the agency's invoices, read at the visit; accounts of six"
        " relatives; two safeguarding concerns, both substantiated in part."
    ),
    provider_notified=(
        "The provider was told by telephone and then in writing that staffing puts people at risk,"
        " and what we saw."
    ),
    answered=(
        "The provider accepts the finding. It has asked two other homes of the group for staff and"
        " begun to recruit."
    ),
    faults=(
        Fault(
            "Eleven of 28 night shifts had fewer staff than the service's own dependency tool asks"
            " for.",
            "Fill every night shift to the number of the dependency tool and send the rota each"
            " Friday.",
            "Eight weeks of rotas, each shift filled; checked against payroll at an unannounced"
            " night visit.",
        ),
        Fault(
            "Agency staff had no induction and could not say where the fire exits are.",
            "Give each agency worker a written induction before the first shift and keep the signed"
            " record.",
            "Signed inductions of nine agency workers; three of them spoken to.",
        ),
        Fault(
            "Call bells were answered after 34 minutes on average between 18:00 and 21:00.",
            "Review call bell times every week and act on any wait of over ten minutes.",
            "Weekly reviews for two months; the average wait is now six minutes.",
        ),
    ),
)
MEDICINES = Theme(
    concern=(
        "A pharmacist reports that time-critical medicines were given up to four hours late on"
        " several days."
    ),
    answer_to_concern=(
        "Asked for the medicine records of the month and told the ICB's medicines team the same"
        " day."
    ),
    summary="Medicines are not given safely: late, missed and unrecorded doses over several weeks.",
    reasons=(
        "In a month's records of twelve people there were 43 gaps. Time-critical medicines were"
        " late on nine days. Stocks did not agree with the records, and errors were not reported or"
        " learned from."
    ),
    evidence=(
        "Medicine records of twelve people, stock counts with the ICB's pharmacist, the service's"
        " own error log, which held two of the 43 gaps."
    ),
    provider_notified=(
        "The provider was told at the end of the visit, with a list of the people whose doctors had"
        " to be asked at once."
    ),
    answered=(
        "The provider disputes part of the count but agrees that its checks failed and has"
        " retrained seniors."
    ),
    faults=(
        Fault(
            "43 gaps in a month's medicine records of twelve people.",
            "Check every record at handover and report each gap to the manager the same day.",
            "Four weeks of handover checks with three gaps, each followed up; recounted with the"
            " ICB's pharmacist.",
        ),
        Fault(
            "Staff who give medicines had not been observed doing so for over a year.",
            "Observe and sign off each person who gives medicines, twice a year.",
            "Signed observations of all 14 staff who give medicines.",
        ),
        Fault(
            "Errors were neither reported nor learned from.",
            "Hold a monthly review of medicine errors and share what was learned with all staff.",
            "Minutes of three monthly reviews and the notes that went to staff.",
        ),
    ),
)
LEADERSHIP = Theme(
    concern=(
        "A member of staff writes that the registered manager has left and that nobody knows who is"
        " in charge."
    ),
    answer_to_concern=(
        "Telephoned the nominated individual, who confirmed the vacancy and named an interim"
        " manager."
    ),
    summary=(
        "No effective leadership: three managers in a year, and known faults were not put right."
    ),
    reasons=(
        "The service has had three managers in twelve months. Actions agreed at the last audit were"
        " reported as done and were not. The provider's own audits did not find what we and CQC"
        " found."
    ),
    evidence=(
        "The action plan of the last audit against what stands; the provider's audits of six"
        " months; CQC's report, which finds fault with how the service is led."
    ),
    provider_notified=(
        "The provider's director was told at a meeting that the council has lost confidence in its"
        " oversight."
    ),
    answered=(
        "The provider has put in an experienced manager from another of its services for six"
        " months."
    ),
    faults=(
        Fault(
            "Actions of the last audit were reported as done and were not.",
            "Report progress each fortnight with evidence, signed by the nominated individual.",
            "Six fortnightly reports, each checked against the service at a visit.",
        ),
        Fault(
            "The provider's audits found nothing amiss in months in which incidents doubled.",
            "Have audits done by someone from outside the service and act on them within a month.",
            "Three audits from outside, with actions closed in time.",
        ),
        Fault(
            "There is no permanent registered manager.",
            "Appoint a permanent manager who applies to CQC for registration.",
            "Manager in post and registered with CQC.",
        ),
    ),
)
CARE = Theme(
    concern=(
        "A community nurse found two people with pressure damage that the service had not reported."
    ),
    answer_to_concern=(
        "Referred to safeguarding and asked the nurse's team to see everyone at risk within two"
        " days."
    ),
    summary="People's risks are not assessed or acted on: pressure damage, falls and weight loss.",
    reasons=(
        "Risk assessments of ten people were read: seven were out of date. Turning, food and drink"
        " charts had long gaps. Two people had pressure damage that was not reported, one had lost"
        " a tenth of body weight in three months."
    ),
    evidence=(
        "Ten care records, charts of four weeks, weights, the community nurse's statement, and two"
        " section 42 enquiries."
    ),
    provider_notified=(
        "The provider was told the same day which people had to be seen by a nurse or a dietitian."
    ),
    answered="The provider has had all care plans reviewed by a nurse from outside the service.",
    faults=(
        Fault(
            "Seven of ten risk assessments were out of date.",
            "Review every risk assessment now and then each month, and after any fall or loss of"
            " weight.",
            "All assessments reviewed; 15 read at the visit and found current.",
        ),
        Fault(
            "Charts for turning, food and drink had gaps of up to nine hours.",
            "Check charts in the middle and at the end of each shift.",
            "Charts of a month without a gap of over two hours.",
        ),
        Fault(
            "Pressure damage was not reported to the nurse, to safeguarding or to CQC.",
            "Train all seniors in what has to be reported, to whom and when.",
            "Training records; four reports since, each made in time.",
        ),
    ),
)
CALLS = Theme(
    concern=(
        "A daughter reports missed and very late calls for a person who needs two care workers."
    ),
    answer_to_concern=(
        "Asked the agency for monitored call times of the fortnight and put the brokerage team on"
        " notice."
    ),
    summary="Missed, late and shortened calls, and nobody in the office who knew of them.",
    reasons=(
        "Of 420 monitored calls in a fortnight 61 were over an hour late and nine were missed."
        " Calls for two care workers were made by one. The office did not learn of missed calls"
        " until families telephoned."
    ),
    evidence=(
        "Electronic call monitoring of two weeks, 18 complaints since the quarter began, telephone"
        " calls to 30 people."
    ),
    provider_notified=(
        "The provider was told at a meeting what the call times show and that no new packages would"
        " be placed."
    ),
    answered=(
        "The provider says that it took on more work than its staff could carry and will hand back"
        " one zone."
    ),
    faults=(
        Fault(
            "Nine calls were missed in a fortnight without the office knowing.",
            "Watch call monitoring live from 07:00 to 22:00 and act on each call 15 minutes late.",
            "Four weeks of monitoring: no missed call, three late ones, each acted on.",
        ),
        Fault(
            "Calls for two care workers were made by one.",
            "Roster both workers together and stop the call if one does not come.",
            "Rosters and times of arrival for all 22 people concerned.",
        ),
        Fault(
            "Travelling time between calls is neither planned nor paid.",
            "Plan and pay travelling time on every round.",
            "Rounds of two zones recalculated; pay slips of five care workers.",
        ),
    ),
)
MONEY = Theme(
    concern=(
        "A social worker cannot reconcile what a person has spent with the receipts that the"
        " service keeps."
    ),
    answer_to_concern=(
        "Froze the service's access to the petty cash of the house and asked for all records."
    ),
    summary="People's money and restrictions on their freedom are not managed lawfully.",
    reasons=(
        "Records of five people's money did not balance. Two people were kept from leaving the"
        " house alone without an assessment or authority. Staff had not been trained in the Mental"
        " Capacity Act."
    ),
    evidence=(
        "Cash records and receipts of five people; support plans; interviews with staff and two"
        " advocates."
    ),
    provider_notified=(
        "The provider was told that both matters go to safeguarding and what has to change first."
    ),
    answered=(
        "The provider has suspended a member of staff and asked its auditors to look at all its"
        " houses."
    ),
    faults=(
        Fault(
            "Records of five people's money did not balance.",
            "Have two people sign each withdrawal and let someone from outside the house audit"
            " monthly.",
            "Three monthly audits, all balanced.",
        ),
        Fault(
            "Two people were restricted without an assessment or authority.",
            "Assess capacity, apply for authority where it is needed, and lift all other"
            " restrictions.",
            "Assessments and one application seen; the other person now goes out alone.",
        ),
        Fault(
            "Staff had no training in the Mental Capacity Act.",
            "Train all staff and check what they understood three months later.",
            "Training records of 31 staff; ten were asked at the visit.",
        ),
    ),
)
THEMES = (STAFFING, MEDICINES, LEADERSHIP, CARE)
