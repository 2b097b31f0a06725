"""An officer's visits and meetings as an iCalendar file (RFC 5545): whole days, no results, nothing
of anybody's care.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

from django.db.models import Q

from audits.models import ReviewMeeting, Visit
from core.models import User

PAST_DAYS = 60
LINE_OCTETS = 75


def feed(officer: User, today: date, now: datetime) -> str:
    """The calendar: visits not cancelled from two months back on, and review meetings still to be
    held.
    """
    since = today - timedelta(days=PAST_DAYS)
    visits = (
        Visit.objects.filter(officer=officer)
        .filter(Q(visited_on__gte=since) | Q(visited_on=None, planned_for__gte=since))
        .exclude(status="cancelled")
        .select_related("service")
        .order_by("planned_for", "pk")
    )
    meetings = (
        ReviewMeeting.objects.waiting().filter(officer=officer).select_related("visit__service")
    )
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//carequality//visits//EN",
        "CALSCALE:GREGORIAN",
    ]
    lines += ["METHOD:PUBLISH", "X-WR-CALNAME:Visits", "REFRESH-INTERVAL;VALUE=DURATION:PT1H"]
    for visit in visits:
        announced = "announced" if visit.announced else "not announced"
        what = f"{visit.get_kind_display()}: {visit.service} ({announced})"
        where = ", ".join(part for part in (visit.service.address, visit.service.postcode) if part)
        lines += _event(f"visit-{visit.pk}", visit.day, what, where, now)
    for meeting in meetings:
        what = f"Contract review meeting: {meeting.visit.service}"
        lines += _event(f"meeting-{meeting.pk}", meeting.due_on, what, "", now)
    lines.append("END:VCALENDAR")
    return "".join(f"{folded}\r\n" for line in lines for folded in _folded(line))


def _event(uid: str, day: date, what: str, where: str, now: datetime) -> list[str]:
    return [
        "BEGIN:VEVENT",
        # The same at every reading: a calendar program then moves the entry and adds none.
        f"UID:{uid}@carequality",
        f"DTSTAMP:{now.astimezone(UTC):%Y%m%dT%H%M%SZ}",
        f"DTSTART;VALUE=DATE:{day:%Y%m%d}",
        f"DTEND;VALUE=DATE:{day + timedelta(days=1):%Y%m%d}",
        f"SUMMARY:{_escaped(what)}",
        *([f"LOCATION:{_escaped(where)}"] if where else []),
        "TRANSP:OPAQUE",
        "END:VEVENT",
    ]


def _escaped(text: str) -> str:
    for letter in ("\\", ";", ","):
        text = text.replace(letter, f"\\{letter}")
    return text.replace("\r\n", "\\n").replace("\n", "\\n").replace("\r", "\\n")


def _folded(line: str) -> Iterator[str]:
    """A line in pieces of at most 75 octets, each after the first beginning with a space; no letter
    is cut.
    """
    piece = ""
    for letter in line:
        if len((piece + letter).encode()) > LINE_OCTETS:
            yield piece
            piece = " "
        piece += letter
    yield piece
