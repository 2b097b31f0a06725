"""Food hygiene ratings: read from the agency, matched to care homes, the doubtful matches decided
by a person.

Source: the Food Hygiene Rating Scheme. District councils rate, and the Food Standards Agency
publishes; neither knows CQC's ids, so that a home is found by its name and postcode.
"""

import logging
from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from core import events
from core.advisory_lock import advisory_lock
from core.jobs import names, queue
from core.jobs.models import Job
from core.models import CouncilProfile, District, User
from core.workflow import requires
from documents.folding import letters_and_digits
from providers.models import Service
from ratings import food_matching, fsa, rules
from ratings.food_matching import Candidate, Home
from ratings.models import FoodEstablishment, FoodMatch, FoodRating, FoodReading, ServiceLocation

logger = logging.getLogger(__name__)

Clock = Callable[[], datetime]
Progress = Callable[[int, str], None]
LOCK = "ratings.food"
A_WEEK = timedelta(days=6, hours=12)  # a little less, so that the day of the week stays
MOST_PROPOSED = 3
State = FoodMatch.State


def configured_food_client() -> fsa.Client | None:
    """The client for the address of the settings; None where none is set (a demonstration without
    its stand-in).
    """
    if not settings.FSA_API_URL:
        return None
    council = CouncilProfile.current()
    name = council.short_name.encode("ascii", "ignore").decode() if council else "no council yet"
    return fsa.Client(user_agent=f"carequality ({name})", base_url=settings.FSA_API_URL)


def is_food_due(now: datetime) -> bool:
    """Whether a week has passed since the ratings were last read whole."""
    last = FoodReading.objects.exclude(finished_at=None).filter(failed_because="").first()
    return last is None or last.started_at <= now - A_WEEK


@transaction.atomic
def ask_for_food_ratings(*, now: datetime) -> Job | None:
    """Promise a reading if one is due, somebody may be asked, and none is promised already."""
    promised = Job.objects.open().filter(kind=names.READ_FOOD.name)
    if not settings.FSA_API_URL or not is_food_due(now) or promised.exists():
        return None
    return queue.add(names.READ_FOOD, only_one=True, now=now)


def read_food_ratings(
    client: fsa.Client, *, on_progress: Progress | None = None, clock: Clock = timezone.now
) -> FoodReading | None:
    """Read the ratings of the council's care homes, match and keep them. None: somebody else is at
    it.

    Why it failed is kept in the reading's row; what was read before that stays.
    """
    with advisory_lock(LOCK) as is_alone:
        if not is_alone:
            return None
        reading = FoodReading.objects.create(started_at=clock())
        try:
            _read(reading, client, clock, on_progress)
        except fsa.FsaError as error:
            logger.warning("The food hygiene ratings could not be read: %s", error)
            reading.failed_because = str(error)
        reading.requests, reading.finished_at = client.requests, clock()
        reading.save()
        return reading


@requires("ratings.confirm_link")
@transaction.atomic
def confirm_food_match(match_id: int, *, by: User, now: datetime) -> FoodMatch:
    """Say that the establishment is the home. Other proposals for it are then refused.

    Raises `NotAllowed`: `permission-missing`, `matched-already`, `other-match`.
    """
    match = (
        FoodMatch.objects.select_for_update()
        .select_related("service", "establishment")
        .get(pk=match_id)
    )
    # The home is locked too: two people may each confirm another of its proposals at once.
    Service.objects.select_for_update().get(pk=match.service_id)
    rules.check_confirm_food_match(match)
    others = FoodMatch.objects.filter(service=match.service, state=State.DOUBTFUL).exclude(
        pk=match.pk
    )
    others.update(state=State.REFUSED, decided_by=by, decided_at=now)
    return _decide(match, State.CONFIRMED, by, now)


@requires("ratings.confirm_link")
@transaction.atomic
def refuse_food_match(match_id: int, *, by: User, now: datetime) -> FoodMatch:
    """Say that the establishment is not the home; it is not proposed again.

    Raises `NotAllowed`: `permission-missing`, `refused-already`.
    """
    match = (
        FoodMatch.objects.select_for_update()
        .select_related("service", "establishment")
        .get(pk=match_id)
    )
    rules.check_refuse_food_match(match)
    return _decide(match, State.REFUSED, by, now)


def _decide(match: FoodMatch, state: FoodMatch.State, by: User, now: datetime) -> FoodMatch:
    before = match.state
    match.state, match.decided_by, match.decided_at = state, by, now
    match.save(update_fields=["state", "decided_by", "decided_at"])
    events.record(
        f"food_match.{state.value}",
        by=by,
        about=match,
        service_id=match.service_id,
        before={"state": before},
        after={"state": state.value, "fhrs_id": match.establishment_id},
    )
    return match


# Reading


def _read(
    reading: FoodReading, client: fsa.Client, clock: Clock, on_progress: Progress | None
) -> None:
    homes = _homes(timezone.localdate(clock()))
    reading.homes = len(homes)
    found: dict[int, fsa.Establishment] = {}
    districts = {
        letters_and_digits(name): name for name in District.objects.values_list("name", flat=True)
    }
    for authority in client.authorities():
        # District councils rate food: the caring premises of those in the council's area are read.
        if districts.pop(letters_and_digits(authority.name), None):
            found |= {one.fhrs_id: one for one in client.caring_premises(authority.authority_id)}
    if districts:
        names = ", ".join(sorted(districts.values()))
        reading.notes = (
            f"The Food Standards Agency has no authority named {names}. We looked for homes there"
            " by postcode."
        )
    for number, home in enumerate(homes):
        if on_progress is not None:
            on_progress(100 * number // len(homes), f"{number} of {len(homes)} homes")
        proposed = food_matching.candidates(home, found.values())
        if not any(one.is_sure for one in proposed):
            # Some care homes stand under another type of business: ask for whatever is at their
            # postcode.
            found |= {
                one.fhrs_id: one for code in home.postcodes for one in client.at_address(code)
            }
            proposed = food_matching.candidates(home, found.values())
        reading.matched += _store(home, proposed, clock())
    reading.establishments = len(found)
    _refresh(reading, client, found, clock)


def _refresh(
    reading: FoodReading, client: fsa.Client, found: dict[int, fsa.Establishment], clock: Clock
) -> None:
    """Read the matched establishments that this reading has not met by name or postcode, each by
    its id.
    """
    stale = FoodMatch.objects.filter(
        state__in=FoodMatch.IN_FORCE, establishment__read_at__lt=reading.started_at
    )
    for fhrs_id in stale.values_list("establishment_id", flat=True).distinct():
        one = found.get(fhrs_id) or client.establishment(fhrs_id)
        if one is not None:
            with transaction.atomic():
                _store_rating(one, clock())


def _homes(day: date) -> list[Home]:
    located = {
        link.service_id: link.location
        for link in ServiceLocation.objects.in_force_on(day).select_related("location")
    }
    homes = []
    for service in Service.objects.open_on(day).care_homes():
        location = located.get(service.pk)
        names = [service.name, location.name if location else ""]
        postcodes = [service.postcode, location.postcode if location else ""]
        homes.append(Home(service.pk, _each_once(names), _each_once(postcodes)))
    return homes


def _each_once(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple({letters_and_digits(text): text for text in texts if text}.values())


@transaction.atomic
def _store(home: Home, proposed: list[Candidate], now: datetime) -> bool:
    """Keep the match or the proposals of a home, with their ratings; say whether it has a match."""
    held = {
        match.establishment_id: match for match in FoodMatch.objects.filter(service=home.service_id)
    }
    has_match = any(match.is_in_force for match in held.values())
    for candidate in proposed:
        one = candidate.establishment
        match = held.get(one.fhrs_id)
        # A home has one match in force. A person is asked about a few, not about all of a street.
        if match is None and (has_match or len(held) >= MOST_PROPOSED) and not candidate.is_sure:
            continue
        if match is None and has_match:
            continue
        _store_rating(one, now)
        if match is None:
            state = State.SURE if candidate.is_sure else State.DOUBTFUL
            held[one.fhrs_id] = FoodMatch.objects.create(
                service_id=home.service_id,
                establishment_id=one.fhrs_id,
                state=state,
                why=candidate.why,
                found_at=now,
            )
            has_match = has_match or candidate.is_sure
        # What a person has decided is never changed by a reading; a proposal that became sure is.
        elif match.state == State.DOUBTFUL and candidate.is_sure and not has_match:
            match.state, match.why, has_match = State.SURE, candidate.why, True
            match.save(update_fields=["state", "why"])
    return has_match


def _store_rating(one: fsa.Establishment, now: datetime) -> None:
    FoodEstablishment.objects.update_or_create(
        fhrs_id=one.fhrs_id,
        defaults={
            "name": one.name[:200],
            "business_type": one.business_type[:100],
            "address": one.address[:400],
            "postcode": one.postcode[:10],
            "authority": one.authority[:80],
            "read_at": now,
        },
    )
    facts = {
        "value": one.value[:30],
        "rated_on": one.rated_on,
        "hygiene": one.hygiene,
        "structural": one.structural,
        "confidence": one.confidence,
    }
    current = FoodRating.objects.current().filter(establishment=one.fhrs_id).first()
    if current is not None and all(
        getattr(current, name) == value for name, value in facts.items()
    ):
        return
    # The agency gives only the present rating: the one before it is kept by us.
    if current is not None:
        current.superseded_at = now
        current.save(update_fields=["superseded_at"])
    FoodRating.objects.create(establishment_id=one.fhrs_id, learned_at=now, **facts)
