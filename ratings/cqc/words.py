"""CQC's words turned into ours, without regard to case, spaces and hyphens."""

import re

from documents.folding import letters_and_digits
from providers.vocabulary import ServiceType
from ratings.vocabulary import KeyQuestion, RatingWord

# Where a table needs one type per location, the first of these that it has.
PRIMARY_ORDER = tuple(
    sorted((kind for kind in ServiceType if kind.is_regulated), key=lambda kind: kind.rank)
)

NOT_RATINGS = frozenset(
    {
        "",
        "noratingsgiven",
        "nopublishedrating",
        "inspectedbutnotrated",
        "insufficientevidencetorate",
        "notrated",
        "notapplicable",
        "notyetinspected",
        "notassessed",
        "notyetrated",
        "na",
    }
)
# The same said in other words: "No approved rating", "Evidence requirements partially / not yet
# scored". A word that is neither this nor one of the four is told.
_SAYS_NO_RATING = re.compile(
    r"^no(?:current|approved|published|overall)?ratings?(?:given|available|published)?$"
    r"|^unrated$|insufficientevidence"
    r"|not(?:yet|formally|currently|be|been)*"
    r"(?:rated|scored|inspected|assessed|applicable|available|published)$"
)

SERVICE_TYPES = {
    "sharedlives": ServiceType.SHARED_LIVES,
    "nursinghomes": ServiceType.NURSING_HOME,
    "nursinghome": ServiceType.NURSING_HOME,
    "carehomeservicewithnursing": ServiceType.NURSING_HOME,
    "carehomewithnursing": ServiceType.NURSING_HOME,
    "residentialhomes": ServiceType.RESIDENTIAL_HOME,
    "residentialhome": ServiceType.RESIDENTIAL_HOME,
    "carehomeservicewithoutnursing": ServiceType.RESIDENTIAL_HOME,
    "carehomewithoutnursing": ServiceType.RESIDENTIAL_HOME,
    "homecareagencies": ServiceType.HOME_CARE,
    "homecare": ServiceType.HOME_CARE,
    "domiciliarycareservice": ServiceType.HOME_CARE,
    "domiciliarycare": ServiceType.HOME_CARE,
    "supportedliving": ServiceType.SUPPORTED_LIVING,
    "supportedlivingservice": ServiceType.SUPPORTED_LIVING,
    "supportedhousing": ServiceType.EXTRA_CARE,
    "extracarehousingservices": ServiceType.EXTRA_CARE,
    "extracarehousing": ServiceType.EXTRA_CARE,
    "extracare": ServiceType.EXTRA_CARE,
}
CARE_HOMES = (ServiceType.NURSING_HOME, ServiceType.RESIDENTIAL_HOME)
# Names of groups of services that stand for several types at once.
SEVERAL_TYPES = {
    "carehome": CARE_HOMES,
    "carehomes": CARE_HOMES,
    "carehomeservice": CARE_HOMES,
    "carehomeservices": CARE_HOMES,
    "communitybasedadultsocialcareservices": (
        ServiceType.SHARED_LIVES,
        ServiceType.HOME_CARE,
        ServiceType.SUPPORTED_LIVING,
        ServiceType.EXTRA_CARE,
    ),
}
# What CQC calls the services of a type where it rates each by itself.
GROUP_OF_TYPE = {
    ServiceType.NURSING_HOME: "Nursing homes",
    ServiceType.RESIDENTIAL_HOME: "Residential homes",
    ServiceType.HOME_CARE: "Homecare agencies",
    ServiceType.SUPPORTED_LIVING: "Supported living",
    ServiceType.EXTRA_CARE: "Extra care housing services",
    ServiceType.SHARED_LIVES: "Shared lives",
}
_JOINED = re.compile(r"\s*(?:,|/|&|\+|\band\b)\s*", re.IGNORECASE)

_RATINGS = {letters_and_digits(rating): rating for rating in RatingWord}
_KEY_QUESTIONS = {letters_and_digits(question): question for question in KeyQuestion}


def rating_of(word: str) -> RatingWord | None:
    """The rating that a word of CQC's is, or None if it is not one of the four."""
    return _RATINGS.get(letters_and_digits(word))


def is_known_rating_word(word: str) -> bool:
    """Whether we know what the word says, be it a rating or that there is none."""
    folded = letters_and_digits(word)
    return folded in _RATINGS or folded in NOT_RATINGS or bool(_SAYS_NO_RATING.search(folded))


def key_question_of(word: str) -> KeyQuestion | None:
    """The key question (or overall) that a word of CQC's names."""
    return _KEY_QUESTIONS.get(letters_and_digits(word))


def service_type_of(word: str) -> ServiceType | None:
    """The service type that CQC's short name, long description or assessment service group
    names.
    """
    return SERVICE_TYPES.get(letters_and_digits(word))


def types_of_group(name: str) -> tuple[ServiceType, ...]:
    """All types that the name of a group of services stands for: "Care homes" for both kinds, and
    "Nursing homes and residential homes" for each part of it.
    """
    if one := service_type_of(name):
        return (one,)
    if several := SEVERAL_TYPES.get(letters_and_digits(name)):
        return several
    parts = [types_of_group(part) for part in _JOINED.split(name) if part != name]
    return tuple(dict.fromkeys(kind for part in parts for kind in part)) if all(parts) else ()


def services_rated(
    group: str, types: tuple[ServiceType, ...]
) -> tuple[tuple[str, ServiceType | None], ...]:
    """The services that a rating of a group is of, at a location of those types: each by CQC's name
    for it and its type in our words (None: it is none of ours).
    """
    covered = types_of_group(group)
    if len(covered) < 2:
        return ((group, covered[0] if covered else None),)
    there = tuple(kind for kind in covered if kind in types)
    if not there:
        return ((group, None),)
    return tuple((GROUP_OF_TYPE[kind], kind) for kind in there)


def primary_type(types: tuple[ServiceType, ...]) -> ServiceType | None:
    """The one type to count a location under, where a table needs one."""
    return min(types, key=PRIMARY_ORDER.index, default=None)
