"""What the demonstration says in representations, good practice, support and logs. All of it
invented.
"""

POINTS = (
    "The fire drill that the draft misses was held in the spring; its record is attached.",
    "Two of the five care plans named as out of date had been reviewed the week before.",
    "The number of vacancies was three, not five.",
    "The supervision records were in the other office on the day of the visit.",
)
PRACTICE = (
    (
        "A shop in the hall",
        (
            "People run a small shop twice a week, count the till and choose what it sells. Two who"
            " stayed in their rooms come every time."
        ),
    ),
    (
        "Rota by friendship",
        (
            "Carers and people chose one another after a coffee morning. Late calls fell by half"
            " and complaints about strangers stopped."
        ),
    ),
    (
        "Medicines at the right moment",
        (
            "Nurses and a pharmacist looked at every round together. Rounds are shorter, and nobody"
            " is woken for a tablet."
        ),
    ),
    (
        "Garden without a gate",
        (
            "A safe path leads round the garden from every lounge. People who were restless walk,"
            " and sleep."
        ),
    ),
    (
        "First day with a friend",
        (
            "Each new member of staff is met by one who has been there a year. Fewer leave in the"
            " first three months."
        ),
    ),
    (
        "Songs on the list",
        (
            "Each care plan names the music a person loves; staff play it before personal care, and"
            " distress is rarer."
        ),
    ),
    (
        "Neighbours at lunch",
        "The scheme opens its restaurant to the street on Fridays. People invite whom they please.",
    ),
    (
        "Learning from every fall",
        (
            "A falls board in the office is read each morning. Falls at night fell by a third in"
            " half a year."
        ),
    ),
    (
        "My own front door",
        (
            "Every flat has a bell and staff wait to be asked in. Tenants chose the colour of their"
            " doors."
        ),
    ),
    (
        "Hospital bag ready",
        (
            "A bag with a passport, glasses and a letter stands ready for each person. Stays are"
            " shorter and nothing is lost."
        ),
    ),
    (
        "Training by people supported",
        (
            "Two people with a learning disability teach new staff how to listen. Staff remember it"
            " a year later."
        ),
    ),
)
AIMS = {
    "to_good": "Every action of the last audit closed and a Good rating at the next.",
    "leadership": "A manager who knows the service’s own figures and acts on them.",
    "medicines": "No gap in the medicine records of a month, and staff seen to be competent.",
    "moving": "Every person moved as their plan says, by staff trained on the equipment they use.",
}
LOG = (
    "Rotas of the fortnight read against the calls logged: nine of sixty were late.",
    "Care notes of the week requested and read; two nights have no entry.",
    "Spoke to the manager and, apart, to two members of staff; their accounts agree.",
    "Records of weights read: one person’s loss was not passed on.",
)
