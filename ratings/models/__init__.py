from ratings.models.alarms import AlarmKind, RatingAlarm
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
    with_rating_as_at,
)
from ratings.models.sync import (
    LocationChange,
    LocationChangeKind,
    RawPayload,
    RunKind,
    RunState,
    SyncItem,
    SyncRun,
)
from ratings.models.targets import Direction, Measure, Target

__all__ = [
    "ADULT_SOCIAL_CARE",
    "OF_NOTE",
    "AlarmKind",
    "AlertChoice",
    "AlertDigest",
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
    "Location",
    "LocationChange",
    "LocationChangeKind",
    "LocationQuerySet",
    "LocationRelation",
    "Measure",
    "Rating",
    "RatingAlarm",
    "RatingQuerySet",
    "RawPayload",
    "RunKind",
    "RunState",
    "Scope",
    "ServiceLocation",
    "SyncItem",
    "SyncRun",
    "Target",
    "food_rating_in_words",
    "lowest_first",
    "services_with_food_ratings",
    "services_with_ratings",
    "stood_on",
    "with_rating_as_at",
]
