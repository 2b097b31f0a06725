"""The headings that position statements have, in their order, with the words that every one of them needs.

Officers type under them; what stays empty is left out of the paper.
"""

from dataclasses import dataclass

from reports.models import INFORMATION, Part


@dataclass(frozen=True)
class ReadyMade:
    heading: str
    part: Part = Part.NARRATIVE
    level: int = 3
    body: str = ""


SECTIONS = (
    ReadyMade(
        "Purpose of the report",
        level=2,
        body=(
            "To tell the Committee about the work of the {team} to make sure that people in the area can find "
            "good, sustainable care and support, whoever pays for it.\n\n"
            "To tell the Committee which services have their contract with the Council suspended, so that it can "
            "consider the issues raised and how it wishes to follow them. Their names and stories are in the "
            "Exempt Appendix."
        ),
    ),
    # The paragraph about the Exempt Appendix is set here from the paper's own facts.
    ReadyMade(INFORMATION, level=2),
    ReadyMade(
        "Activity and performance",
        body=(
            "Regulated services are inspected and rated by the Care Quality Commission (CQC). The ratings of "
            "services in the authorities of the {region} compare as follows:\n\n[ratings table]"
        ),
    ),
    ReadyMade("Good practice"),
    ReadyMade("Financial support to providers"),
    ReadyMade("Digital social care"),
    ReadyMade("Home care services"),
    ReadyMade("Working together between home care providers"),
    ReadyMade("Provider forums and events"),
    ReadyMade("Experts by Experience"),
    ReadyMade("Contingency planning"),
    ReadyMade("Emergency staffing support"),
    ReadyMade("Information sharing"),
    ReadyMade("The regional approach to risk"),
    ReadyMade("Workforce and recruitment"),
    ReadyMade("Quality monitoring"),
    ReadyMade("Support for services rated Inadequate or Requires improvement"),
    ReadyMade(
        "Contract suspensions",
        body=(
            "Sometimes a contract with a provider is suspended: the service goes on caring for the people it cares "
            "for, and for a time the Council gives it no new work. The usual reason is concern about quality. The "
            "service is then monitored closely against an action plan, and the suspension is lifted once the "
            "improvements are made and sustained.\n\n"
            "Services with a contract suspension are as follows:\n\n[suspensions table]"
        ),
    ),
    ReadyMade("Other options considered", level=2, body="No other options have been considered."),
    ReadyMade(
        "Reason/s for recommendation/s",
        level=2,
        body="The report gives the Committee the opportunity to consider what further action its issues call for.",
    ),
    ReadyMade(
        "Statutory and policy implications",
        level=2,
        body=(
            "Implications have been considered in respect of crime and disorder, data protection and information "
            "governance, finance, human resources, human rights, public health services under the NHS "
            "Constitution, the public sector equality duty, safeguarding of children and adults at risk, people "
            "who use services, and sustainability and the environment. Those that are material are described "
            "below. Advice was sought and people were consulted where it was needed."
        ),
    ),
    ReadyMade("Financial implications", body="No financial implications arise from this report."),
    ReadyMade(
        "Implications for people who use services",
        body=(
            "The Care Act 2014 makes the Council responsible for a market of good care for everyone in its area, "
            "whoever pays for it. Monitoring the quality of services, and acting early where it falls short, helps "
            "people to live as independently as they can with care that they can rely on."
        ),
    ),
    ReadyMade(
        "Recommendation/s",
        Part.RECOMMENDATIONS,
        2,
        "Members consider whether the issues in this report call for any action.\n\n"
        "Members say how the Committee wishes to follow the issues in this report.",
    ),
    ReadyMade("Constitutional comments", Part.COMMENT, 2),
    ReadyMade("Financial comments", Part.COMMENT, 2),
    ReadyMade("Background papers and published documents", Part.BACKGROUND, 2, "None."),
    ReadyMade("Electoral division(s) and member(s) affected", Part.DIVISIONS, 2, "All."),
    ReadyMade("Services that have improved", Part.EXEMPT, 2),
    ReadyMade("What else the Committee should know", Part.EXEMPT, 2),
)
