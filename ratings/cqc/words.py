"""CQC's words turned into ours, without regard to case, spaces and hyphens."""

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


_RATINGS = {letters_and_digits(rating): rating for rating in RatingWord}
_KEY_QUESTIONS = {letters_and_digits(question): question for question in KeyQuestion}


def rating_of(word: str) -> RatingWord | None:
    """The rating that a word of CQC's is, or None if it is not one of the four."""
    return _RATINGS.get(letters_and_digits(word))


def is_known_rating_word(word: str) -> bool:
    """Whether we have met the word, be it a rating or not."""
    return letters_and_digits(word) in _RATINGS or letters_and_digits(word) in NOT_RATINGS


def key_question_of(word: str) -> KeyQuestion | None:
    """The key question (or overall) that a word of CQC's names."""
    return _KEY_QUESTIONS.get(letters_and_digits(word))


def service_type_of(word: str) -> ServiceType | None:
    """The service type that CQC's short name, long description or assessment service group
    names.
    """
    return SERVICE_TYPES.get(letters_and_digits(word))


def primary_type(types: tuple[ServiceType, ...]) -> ServiceType | None:
    """The one type to count a location under, where a table needs one."""
    return min(types, key=PRIMARY_ORDER.index, default=None)
