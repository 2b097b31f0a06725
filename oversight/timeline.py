"""What happened to a service, newest first: the event record, CQC's ratings and the contact log."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, time
from itertools import groupby

from django.urls import reverse
from django.utils import timezone

from core.dates import datetime_in_words, day_in_words
from core.models import Event
from oversight.visible_sections import VisibleSections
from providers.models import Service
from ratings.models import Rating

MOST = 40
# What kinds of event each part of a person's sight shows. A kind that stands nowhere is not shown.
ALWAYS = ("service", "contract", "unit")
RATINGS = ("location_link",)
AUDITS = (
    "visit",
    "action",
    "finding",
    "audit_report",
    "service_band",
    "review_meeting",
    "good_practice",
    "nomination",
    "improvement",
)
CONCERNS = ("concern",)
SUSPENSIONS = ("suspension", "formal_step")
WORDS = {"unit": "part", "location_link": "CQC location"}
VERBS = {"suspension.recipient_notified": "recipient notified", "suspension.met": "meeting held"}
# Too many to read and of no use to a reader.
LEFT_OUT = ("visit.answers_saved",)
PAGES = {
    "audits.visit": "audits:view-visit",
    "audits.action": "audits:view-action",
    "audits.goodpractice": "audits:view-good-practice",
    "concerns.concern": "concerns:view-concern",
    "suspensions.suspension": "suspensions:view-suspension",
    "formal_steps.formalstep": "formal_steps:view-formal-step",
}


@dataclass(frozen=True)
class TimelineEntry:
    what: str
    at: datetime
    by: str = ""
    note: str = ""
    url: str = ""
    day_only: bool = False
    times: int = 1

    @property
    def title(self) -> str:
        """What happened, and how often when it happened several times at one moment."""
        return f"{self.what} ({self.times} times)" if self.times > 1 else self.what

    @property
    def when_and_by(self) -> str:
        """`9 December 2019 at 2:30pm, Ana Marsh`; CQC gives no time of day."""
        local = timezone.localtime(self.at)
        when = day_in_words(local.date()) if self.day_only else datetime_in_words(self.at)
        return f"{when}, {self.by}" if self.by else when


def timeline(service: Service, sections: VisibleSections) -> list[TimelineEntry]:
    """The newest of what happened, as far as `sections` reaches; what one person did at one moment,
    as when eight recipients were notified, is one line.
    """
    moments = _events(service, sections)
    if sections.ratings:
        moments += _ratings(service)
    if sections.concerns:
        moments += _contacts(service)
    return list(_gathered(sorted(moments, key=lambda moment: moment.at, reverse=True)))[:MOST]


def _gathered(moments: Iterable[TimelineEntry]) -> Iterable[TimelineEntry]:
    def minute(moment: TimelineEntry) -> TimelineEntry:
        return replace(moment, at=moment.at.replace(second=0, microsecond=0))

    for _, alike in groupby(moments, key=minute):
        first, *others = alike
        yield replace(first, times=1 + len(others))


def _events(service: Service, sections: VisibleSections) -> list[TimelineEntry]:
    subjects = [
        *ALWAYS,
        *(RATINGS if sections.ratings else ()),
        *(AUDITS if sections.audits else ()),
        *(CONCERNS if sections.concerns else ()),
        *(SUSPENSIONS if sections.suspensions else ()),
    ]
    events = Event.objects.filter(service_id=service.pk, kind__regex=rf"^({'|'.join(subjects)})\.")
    newest = (
        events.exclude(kind__in=LEFT_OUT)
        .order_by("-happened_at", "-pk")
        # More than are shown, since several of one moment become one line.
        .select_related("by")[: 4 * MOST]
    )
    return [
        TimelineEntry(
            in_words(event.kind),
            event.happened_at,
            str(event.by or ""),
            note_of(event),
            page_of(event),
        )
        for event in newest
    ]


def _ratings(service: Service) -> list[TimelineEntry]:
    ratings = (
        Rating.objects.known_now().overall().filter(location__services__service=service).distinct()
    )
    return [
        TimelineEntry(
            f"CQC: rated {rating.get_rating_display()}",
            timezone.make_aware(datetime.combine(rating.published_on, time.min)),
            note=rating.group_in_words if rating.service_group else "",
            day_only=True,
        )
        for rating in ratings.order_by("-published_on")[:MOST]
    ]


def _contacts(service: Service) -> list[TimelineEntry]:
    contacts = service.contacts.select_related("recorded_by")[:MOST]
    return [
        TimelineEntry(
            f"{contact.get_kind_display()}: {contact.get_with_whom_display()}",
            contact.happened_at,
            str(contact.recorded_by),
            contact.note,
            (
                reverse("concerns:view-concern", args=[contact.concern_id])
                if contact.concern_id
                else ""
            ),
        )
        for contact in contacts
    ]


def in_words(kind: str) -> str:
    """`suspension.lift_proposed` as `Suspension: lift proposed`."""
    subject, _, verb = kind.partition(".")
    subject, verb = WORDS.get(subject, subject), VERBS.get(kind, verb)
    return (
        f"{subject.replace('_', ' ')[:1].upper()}{subject.replace('_', ' ')[1:]}:"
        f" {verb.replace('_', ' ')}"
    )


def note_of(event: Event) -> str:
    """The part or contract that it is about, or the names of the fields that a change touched."""
    if event.kind.endswith(".changed"):
        return ", ".join(sorted(name.replace("_", " ") for name in event.after))
    if event.kind == "service_band.set":
        return f"band {event.after.get('band')}"
    return str(event.after.get("reference") or event.after.get("name") or "")


def page_of(event: Event) -> str:
    """The address of what the event is about, where that has a page of its own."""
    page = PAGES.get(event.about_label)
    return reverse(page, args=[event.about_id]) if page else ""
