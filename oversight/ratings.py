"""What CQC says of a service, as its page shows it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from core.dates import day_in_words
from providers.models import Service
from ratings.models import Location, Rating, ServiceLocation
from ratings.vocabulary import KeyQuestion

ORDER = {question: place for place, question in enumerate(KeyQuestion.values)}


@dataclass(frozen=True)
class RatedGroup:
    """The ratings that stand for one service of a location, or for the whole: overall first, then
    the key questions.
    """

    name: str
    ratings: Sequence[Rating]

    @property
    def caption(self) -> str:
        """What the table of these ratings is called when it is read out."""
        return f"Ratings: {self.name or 'Location'}"


@dataclass(frozen=True)
class ServiceRatings:
    location: Location | None
    groups: Sequence[RatedGroup]
    earlier: Sequence[Rating]
    links: Sequence[ServiceLocation]

    @property
    def was_several(self) -> bool:
        """Whether the service has been more than one location, as after a change of owner."""
        return len(self.links) > 1

    @property
    def notes(self) -> list[str]:
        """What CQC's data says of the location besides its ratings, a sentence each."""
        location = self.location
        if location is None:
            return []
        days = {
            "Last inspected on": location.last_inspected_on,
            "Registration ended on": location.deregistered_on,
            "Registered manager absent since": location.manager_absent_on,
            "CQC has not yet published its report of the visit on": (
                location.visited_unpublished_on
            ),
        }
        notes = [f"{what} {day_in_words(day)}" for what, day in days.items() if day]
        return [*notes, "Dormant"] if location.is_dormant else notes


def ratings_of_service(service: Service, day: date) -> ServiceRatings:
    """The location that the service is on `day`, the ratings that stand, the overall ones before
    them, and every link.
    """
    links = list(ServiceLocation.objects.filter(service=service).select_related("location"))
    now = next(
        (link for link in links if link.since <= day and (not link.until or link.until > day)), None
    )
    ids = [link.location_id for link in links]
    current: dict[str, list[Rating]] = {}
    if now:
        for rating in Rating.objects.as_at(day).filter(location=now.location_id):
            current.setdefault(rating.service_group, []).append(rating)
    groups = [
        RatedGroup(
            ratings[0].group_in_words, sorted(ratings, key=lambda each: ORDER[each.key_question])
        )
        for _group, ratings in sorted(current.items())
    ]
    earlier = (
        Rating.objects.known_now()
        .overall()
        # Of every location that the service has been: its history goes on when it registers again.
        .filter(location__in=ids, superseded_on__lte=day)
        .order_by("-published_on", "service_group")
    )
    return ServiceRatings(now.location if now else None, groups, list(earlier), links)
