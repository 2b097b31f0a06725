"""Many locations read for the first time at once are what they would be one by one."""

from django.forms.models import model_to_dict
from django.utils import timezone

from ratings.actions.first_readings import apply_first_readings
from ratings.actions.locations import apply_location
from ratings.cqc.parse import parse_location
from ratings.models import Location, LocationChange, LocationRelation, Rating
from tests.ratings.payloads import a_location, samples


def held() -> list[list[dict]]:
    return [
        sorted(
            (model_to_dict(row, exclude=["id"]) for row in model.objects.all()),
            key=lambda row: str(sorted(row.items(), key=lambda item: item[0])),
        )
        for model in (Location, LocationRelation, Rating, LocationChange)
    ]


def test_first_readings_at_once_are_those_one_by_one(db):
    now = timezone.now()
    new = a_location("1-990", registrationDate=timezone.localdate(now).isoformat())
    records = [parse_location(payload) for payload in (*samples(), new)]
    for record in records:
        apply_location(record, noticed_at=now)
    one_by_one = held()
    assert all(one_by_one)
    for model in (LocationChange, Rating, LocationRelation, Location):
        model.objects.all().delete()
    apply_first_readings(records, noticed_at=now)
    assert held() == one_by_one
