"""The words and the order in which comparisons count: ratings, sectors, and the notes that say the
rules.
"""

from providers.vocabulary import ServiceType
from ratings.cqc.attribution import ATTRIBUTION
from ratings.vocabulary import WORST_FIRST, KeyQuestion, RatingWord

# The papers' order, worst first, and their abbreviations.
COMPARED = (
    (RatingWord.INADEQUATE, "IA"),
    (RatingWord.REQUIRES_IMPROVEMENT, "RI"),
    (RatingWord.GOOD, "GO"),
    (RatingWord.OUTSTANDING, "OU"),
)
# Best first, in full.
RATINGS = tuple((word.value, word.label) for word in RatingWord)
TYPES = tuple((kind, kind.plural) for kind in ServiceType if kind.is_compared)
# The sectors of the council's own comparisons: the papers' three, and what else CQC registers where
# there is any.
OTHER_TYPES = tuple(
    (kind, kind.plural) for kind in ServiceType if kind.is_regulated and not kind.is_compared
)
ALL = "all"
ALL_SERVICES = "All services"
QUESTIONS = tuple((question.value, question.label) for question in KeyQuestion)
NOT_RATED = "not_rated"
GOOD_OR_BETTER = frozenset({RatingWord.GOOD.value, RatingWord.OUTSTANDING.value})
LOW = frozenset({RatingWord.REQUIRES_IMPROVEMENT.value, RatingWord.INADEQUATE.value})
LOWEST = {word.value: rank for rank, word in enumerate(WORST_FIRST)}

OF_RATED = (
    "Each rating is a percentage of the services that are rated; not yet rated is a percentage of"
    " all."
)
ROUNDED = "Percentages are rounded and need not add up to 100."
UNDER_EACH_TYPE = (
    "A location that gives several types of service counts once under each, by CQC's rating of that"
    " service where it has one, else by the location's; where CQC rates only other services of it,"
    " by the lowest of those."
)
ONCE_IN_ALL = (
    "Under all services a location counts once, by its own rating or, where CQC rates its services"
    " apart, by the lowest of them: the sectors add up to more than all."
)
REGISTERED = (
    "Counts locations registered with CQC on the day, dormant ones among them, by the type of"
    " service and the authority that CQC gives them today."
)
SOURCE = ATTRIBUTION + "."
NOTHING_TO_COMPARE = (
    "There is nothing to compare for that day. An administrator keeps the region’s authorities on"
    " the council’s page; CQC’s locations come with its first reading."
)
