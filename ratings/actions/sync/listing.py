"""The work list of a run: which locations it reads."""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta
from itertools import islice
from typing import TypeVar

from django.utils import timezone

from core.models import Comparator, RegionAuthority
from ratings.authorities import names_of
from ratings.cqc.client import Client
from ratings.cqc.errors import CqcError
from ratings.models import (
    ADULT_SOCIAL_CARE,
    Location,
    RunKind,
    ServiceLocation,
    SyncItem,
    SyncRun,
)

# CQC's list of changes lags, by weeks for some: each window reaches back over the one before it.
# Skills for Care, who read the same list, moved theirs to 30 days in April 2026.
OVERLAP = timedelta(days=30)

Clock = Callable[[], datetime]
Progress = Callable[[int, str], None]
T = TypeVar("T")
State = SyncItem.State


def list_locations(
    run: SyncRun, client: Client, clock: Clock, on_progress: Progress | None
) -> None:
    """Write down which locations the run reads. `listed_at` is set last, so that a run that dies in
    between makes its list again.

    Raises `CqcError`.
    """
    last = SyncRun.objects.finished().exclude(window_until=None).order_by("-window_until").first()
    run.window_until = clock()
    run.window_from = last.window_until - OVERLAP if last and last.window_until else None
    if run.window_from is None:
        # Nobody knows what changed since never: the first run reads everything.
        run.kind = RunKind.FULL
    run.save()
    for ids in chunked(_ids(run, client, last), 1000):
        SyncItem.objects.bulk_create(
            [SyncItem(run=run, location_id=location_id) for location_id in ids],
            # The sources below overlap, and a list that is made again finds its own rows.
            ignore_conflicts=True,
        )
        if on_progress is not None:
            on_progress(0, "Listing locations")
    run.listed_at = clock()
    run.save()


def _ids(run: SyncRun, client: Client, last: SyncRun | None) -> Iterator[str]:
    if run.kind != RunKind.FULL and run.window_from and run.window_until:
        try:
            yield from client.changes(run.window_from, run.window_until)
        except CqcError as error:
            # The address of the list of changes itself is gone. The list of all locations takes
            # half an hour and misses nothing.
            if not error.is_absence:
                raise
            run.fell_back_on_list = True
    if run.kind == RunKind.FULL or run.fell_back_on_list:
        for listing in client.locations(inspectionDirectorate=ADULT_SOCIAL_CARE):
            yield listing.location_id
    if run.kind != RunKind.CHANGES:
        yield from (
            ServiceLocation.objects.filter(until=None)
            .values_list("location_id", flat=True)
            .distinct()
        )
        yield from _of_whom_we_compare(run)
    # What the last run could not read may not be among the changes again.
    if last is not None:
        yield from last.items.filter(state__in=[State.FAILED, State.UNUSABLE]).values_list(
            "location_id", flat=True
        )


def _of_whom_we_compare(run: SyncRun) -> Iterator[str]:
    """The registered locations of the region and of the similar councils: the comparisons would
    drift apart from CQC by whatever its list of changes left out.
    """
    today = timezone.localdate(run.window_until)
    named = {
        *RegionAuthority.objects.members_on(today).values_list("name", flat=True),
        *Comparator.objects.values_list("name", flat=True),
    }
    spelt = {spelling for name in named for spelling in names_of(name)}
    yield from Location.objects.filter(local_authority__in=spelt, is_registered=True).values_list(
        "pk", flat=True
    )


def chunked(rows: Iterable[T], size: int) -> Iterator[list[T]]:
    """The rows so many at a time, none read ahead."""
    iterator = iter(rows)
    while chunk := list(islice(iterator, size)):
        yield chunk
