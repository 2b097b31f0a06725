"""The words and the order in which comparisons count: ratings, types of service, and the notes that
say the rules.
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
    "Each rating is a percentage of the rated services. Not yet rated is a percentage of all"
    " services."
)
ROUNDED = "Percentages are rounded, so they may not add up to 100."
UNDER_EACH_TYPE = (
    "A location with several types of service counts once under each. We use CQC’s rating of that"
    " service, or else the rating of the location. If CQC rates only its other services, we use the"
    " lowest of those ratings."
)
ONCE_IN_ALL = (
    "Under all services, a location counts once: by its own rating or, if CQC rates its services"
    " separately, by the lowest of them. So the types of service add up to more than all services."
)
REGISTERED = (
    "This counts locations registered with CQC on the day, including dormant ones, by the type of"
    " service and the authority that CQC gives them today. A care home that CQC registers for two"
    " providers at once counts once."
)
SOURCE = ATTRIBUTION + "."
NOTHING_TO_COMPARE = (
    "There was nothing to compare on that day. If the region’s authorities are missing, ask an"
    " administrator to add them. CQC’s locations come with the first update from CQC."
)
