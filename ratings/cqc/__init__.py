"""CQC's Syndication API: a client, and a parser from its payloads to our words. No models in here.

Contains CQC data © Care Quality Commission, under the Open Government Licence v3.0; `ATTRIBUTION` is printed
wherever that data is shown or exported.
"""

from ratings.cqc.client import Client, Fetched, Limits
from ratings.cqc.errors import CqcError, Kind
from ratings.cqc.parse import parse_location
from ratings.cqc.records import LocationRecord, RatingRecord, Relationship

ATTRIBUTION = "Contains CQC data © Care Quality Commission"

__all__ = [
    "ATTRIBUTION",
    "Client",
    "CqcError",
    "Fetched",
    "Kind",
    "Limits",
    "LocationRecord",
    "RatingRecord",
    "Relationship",
    "parse_location",
]
