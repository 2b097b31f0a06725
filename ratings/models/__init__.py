from ratings.models.alerts import OF_NOTE, AlertChoice, AlertDigest, Scope
from ratings.models.files import FileChange, FileImport, FileProblem, ImportKind, ImportState
from ratings.models.food import (
    FoodEstablishment,
    FoodMatch,
    FoodRating,
    FoodReading,
    food_rating_in_words,
    services_with_food_ratings,
)
from ratings.models.links import LocationRelation, ServiceLocation
from ratings.models.locations import ADULT_SOCIAL_CARE, Location, LocationQuerySet
from ratings.models.ratings import (
    Rating,
    RatingQuerySet,
    lowest_first,
    services_with_ratings,
    stood_on,
)
from ratings.models.sync import ChangeKind, LocationChange, RawPayload, RunKind, RunState, SyncItem, SyncRun
from ratings.models.targets import Direction, Measure, Target
from ratings.vocabulary import KEY_QUESTIONS, KeyQuestion, RatingWord, Source

__all__ = [
    "ADULT_SOCIAL_CARE",
    "KEY_QUESTIONS",
    "OF_NOTE",
    "AlertChoice",
    "AlertDigest",
    "ChangeKind",
    "Direction",
    "FileChange",
    "FileImport",
    "FileProblem",
    "FoodEstablishment",
    "FoodMatch",
    "FoodRating",
    "FoodReading",
    "ImportKind",
    "ImportState",
    "KeyQuestion",
    "Location",
    "LocationChange",
    "LocationQuerySet",
    "LocationRelation",
    "Measure",
    "Rating",
    "RatingQuerySet",
    "RatingWord",
    "RawPayload",
    "RunKind",
    "RunState",
    "Scope",
    "ServiceLocation",
    "Source",
    "SyncItem",
    "SyncRun",
    "Target",
    "food_rating_in_words",
    "lowest_first",
    "services_with_food_ratings",
    "services_with_ratings",
    "stood_on",
]
