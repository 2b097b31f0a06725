"""Many locations at once, of which nothing is held yet: what one by one takes an hour for England
takes minutes.
"""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from ratings.actions.locations import (
    _facts,
    _fields,
    _if_newly_registered,
    _related,
    _row,
)
from ratings.cqc.records import LocationRecord
from ratings.models import Location, LocationChange, LocationRelation, Rating, SyncRun

BATCH = 2000


@transaction.atomic
def apply_first_readings(
    records: Sequence[LocationRecord], *, noticed_at: datetime, run: SyncRun | None = None
) -> list[LocationChange]:
    """Write locations that are not held yet, as `apply_location` would one after the other; returns
    the changes.

    No service can be linked to a location that was not held, so that there are no events to record.
    Raises `IntegrityError` if one of them is held.
    """
    made = Location.objects.bulk_create(
        (
            Location(
                location_id=record.location_id,
                first_seen_at=noticed_at,
                read_at=noticed_at,
                **_fields(record),
            )
            for record in records
        ),
        batch_size=BATCH,
    )
    pairs = list(zip(made, records, strict=True))
    LocationRelation.objects.bulk_create(
        (_related(location, one) for location, record in pairs for one in record.relationships),
        batch_size=BATCH,
    )
    rows = (_row(location, one, noticed_at) for location, record in pairs for one in record.ratings)
    # A payload may say one thing twice, which the database would refuse.
    Rating.objects.bulk_create(
        {(row.location_id, *_facts(row)): row for row in rows}.values(), batch_size=BATCH
    )
    found = []
    for location, record in pairs:
        for change in _if_newly_registered(record, noticed_at):
            change.location, change.noticed_at, change.run = location, noticed_at, run
            found.append(change)
    return LocationChange.objects.bulk_create(found)
