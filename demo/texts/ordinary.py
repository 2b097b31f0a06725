"""What goes wrong in services on ordinary days, and what is done about it. All invented."""

from demo.texts.themes import Fault

# Ordinary concerns: what was said, and what was done.
CONCERNS = (
    (
        "complaint",
        "family",
        "Laundry keeps going missing and rooms were not cleaned for three days.",
        "The manager apologised and showed the new laundry routine.",
    ),
    (
        "complaint",
        "person",
        "The person says that meals come cold and that there is no choice in the evening.",
        "Visited at supper; the menu now offers two hot dishes.",
    ),
    (
        "quality",
        "social_work",
        "The care plan seen at review was eight months old and did not name the new diagnosis.",
        "The plan was rewritten within the week and seen.",
    ),
    (
        "quality",
        "health",
        "The GP was called four times in a week for want of someone to take a simple observation.",
        "Two seniors have been trained in observations; the practice is content.",
    ),
    (
        "quality",
        "icb",
        "Wound dressings ran out over a weekend and were not ordered.",
        "Stock levels set and checked each Thursday.",
    ),
    (
        "whistle_blowing",
        "staff",
        (
            "A member of staff says that moving and handling is done by one person where two are"
            " needed."
        ),
        "Unannounced visit; two care workers seen each time; training refreshed.",
    ),
    (
        "whistle_blowing",
        "anonymous",
        "An anonymous caller says that night staff sleep on duty.",
        "Night visit by two officers found all staff awake and at work.",
    ),
    (
        "notification",
        "provider",
        "The provider reports that its lift is out of order for two weeks.",
        "Contingency plan seen; people on the first floor moved with their agreement.",
    ),
    (
        "notification",
        "provider",
        "The provider reports an outbreak of norovirus with eleven people ill.",
        "Public health advised; closed to visitors for nine days.",
    ),
    (
        "unexpected_death",
        "provider",
        "The provider reports the sudden death of a person in hospital two hours after a fall.",
        "Falls plan and the call to the ambulance were in order; the coroner had no questions.",
    ),
    (
        "safeguarding",
        "health",
        "Bruising that the service could not explain was seen by a hospital ward.",
        (
            "The enquiry found that moving and handling plans were not followed; they have been"
            " rewritten."
        ),
    ),
    (
        "safeguarding",
        "family",
        "A relative reports that a care worker shouted at two people.",
        "The care worker was suspended by the provider and has since left.",
    ),
    (
        "safeguarding",
        "provider",
        "The provider reports that one person pushed another, who fell without lasting harm.",
        "Support during the afternoon was raised; no further incident.",
    ),
    (
        "complaint",
        "public",
        "A neighbour reports that someone was outside without a coat late in the evening.",
        "The door alarm was repaired and is tested each day.",
    ),
    (
        "quality",
        "healthwatch",
        "Visitors from Healthwatch found few activities and little staff time for talk.",
        "A second activities worker has started.",
    ),
)
ABUSE = ("neglect", "physical", "psychological", "organisational", "financial")

# Findings at ordinary visits, with their actions.
FINDINGS = (
    Fault(
        "Three care plans had not been reviewed for over six months.",
        "Review all care plans and show the dates in a table.",
        "Table seen; five plans read.",
    ),
    Fault(
        "Supervision of staff was held once in the year instead of four times.",
        "Plan and hold supervision for each member of staff every quarter.",
        "Records of two quarters.",
    ),
    Fault(
        "Training in infection control had lapsed for six staff.",
        "Complete the training for all staff.",
        "Training matrix at 97 per cent.",
    ),
    Fault(
        "The fire risk assessment was 14 months old.",
        "Have the assessment renewed and act on what it says.",
        "New assessment with its actions closed.",
    ),
    Fault(
        "People said that there was little to do at weekends.",
        "Plan activities for weekends with the people who live there.",
        "Programme of six weekends and what people say of it.",
    ),
    Fault(
        "Two recruitment files lacked a second reference.",
        "Obtain the references and check all files.",
        "All files checked; gaps filled.",
    ),
    Fault(
        "Fluid targets were not set for people at risk.",
        "Set targets and total charts each night.",
        "Charts of ten people for two weeks.",
    ),
    Fault(
        "Complaints were answered but not learned from.",
        "Review complaints each quarter and share what was learned.",
        "Minutes of the review.",
    ),
    Fault(
        "Medicine keys were left in an unlocked office.",
        "Keep the keys on the person in charge of the shift.",
        "Seen at an unannounced visit.",
    ),
)
SUMMARIES = {
    "excellent": (
        "People and relatives speak warmly of the service, and the records bear them out. Several"
        " things are worth sharing with others."
    ),
    "good": (
        "A sound service with people who know their work. A few points need attention and were"
        " agreed with the manager."
    ),
    "requires_improvement": (
        "People are cared for kindly, but records, training and checks fall short. An action plan"
        " was agreed."
    ),
    "poor": (
        "The service does not keep people safe enough. The provider was told at the end of the"
        " visit what has to change at once."
    ),
}
WELFARE = (
    "Everyone living there was seen by an officer or a social worker. Nobody had to move; four"
    " people have extra checks each day."
)
MEETINGS = (
    "A meeting with residents and families was held, and a second is planned before any decision to"
    " lift."
)
