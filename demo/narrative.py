"""What the demonstration's officers typed under the headings of their papers. All invented."""

ISSUED = {
    "Activity and performance": (
        "The team watches over some {services} services for adults: nursing and residential homes,"
        " home care, supported living, extra care, day care and Shared Lives. Each is audited once"
        " a year, and sooner where there is cause.\n\nRegulated services are inspected and rated by"
        " the Care Quality Commission (CQC). The ratings of services in the authorities of the"
        " {region} compare as follows:\n\n[ratings table]\n\nThe picture changes every week. Where"
        " a service is rated Requires improvement twice in a row, or Inadequate, an officer visits"
        " within ten working days and agrees an action plan."
    ),
    "Good practice": (
        "Audits also find what is done well, so that others can learn from it. An example since the"
        " last report:\n\n> {example} invited the people who use it to choose and interview its new"
        " staff. They wrote the questions, and two of them sat on each panel. Staff who were chosen"
        " in this way have stayed longer, and the people concerned say that they feel listened to."
    ),
    "Home care services": (
        "Lead providers meet every month and run the meeting themselves. This quarter they agreed"
        " how to help each other at short notice when staff fall ill:\n\n- a shared list of care"
        " workers who will take extra rounds\n- one telephone number for the brokerage team\n- a"
        " note to each person on the day, so that nobody is surprised by a new face."
    ),
    "Provider forums and events": (
        "Sixty people from 41 services came to the autumn forum. The subjects were falls, oral"
        " health and what good induction looks like. Notes of the day are on the Council's website."
    ),
    "Experts by Experience": (
        "A group of eleven people who use care or look after somebody who does tested the new home"
        " care audit. They asked for plainer questions about being told of late calls, and those"
        " are now part of it."
    ),
    "Information sharing": (
        "CQC, the integrated care board, Healthwatch, safeguarding and the team meet each month,"
        " compare what they know of services at risk, and agree who visits first."
    ),
    "Workforce and recruitment": (
        "Vacancies fell for the third quarter in a row. Providers say that paying for travelling"
        " time and offering a taster day made the most difference. Two of the team's officers began"
        " an apprenticeship in leadership."
    ),
    "Quality monitoring": (
        "Since the last report the team has completed the audits that were due in all but a handful"
        " of services; those are planned for the coming month. Most services were found Good. The"
        " commonest findings were care plans that had not been reviewed in time and gaps in"
        " supervision."
    ),
    "Support for services rated Inadequate or Requires improvement": (
        "Training in medicines, in moving and handling and in leadership is offered free of charge"
        " to services with one of these ratings. Nineteen managers have taken part since the"
        " spring."
    ),
    "Constitutional comments": (
        "The recommendations fall within the Committee's terms of reference."
    ),
    "Financial comments": "There are no specific financial implications arising from this report.",
    "Services that have improved": (
        "Services whose suspension was lifted since the last report have kept what they promised."
        " Each is visited monthly for three months, and its story is told below."
    ),
}
DRAFT = {
    "Activity and performance": ISSUED["Activity and performance"],
    "Home care services": (
        "The survey of people who use home care closes at the end of the month. 412 answers have"
        " come so far. A first reading shows that most know who to telephone, and that calls at"
        " weekends are the weak point."
    ),
    "Contingency planning": (
        "Every home has been asked for its plan for a winter outbreak and for two days without"
        " power. Nine in ten have answered; officers will help the others."
    ),
    "Quality monitoring": (
        "(Figures to follow.) The team plans its audits for the next twelve months by risk: CQC's"
        " rating and its age, concerns, staffing and money."
    ),
    "What else the Committee should know": (
        "Two providers have said in confidence that they may sell. Officers have asked both for"
        " their plans."
    ),
}
