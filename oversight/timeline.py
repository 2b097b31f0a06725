"""What happened to a service, newest first: the event record, CQC's ratings and the contact log."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, time
from itertools import groupby

from django.urls import reverse
from django.utils import timezone

from core.models import Event
from oversight.sight import Sight
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
VERBS = {"suspension.told": "party told", "suspension.met": "meeting held"}
# Too many to read and of no use to a reader.
LEFT_OUT = ("visit.answers_saved",)
PAGES = {
    "audits.visit": "audits:view-visit",
    "audits.action": "audits:view-action",
    "audits.goodpractice": "audits:view-good-practice",
    "concerns.concern": "concerns:view-concern",
    "suspensions.suspension": "suspensions:view-suspension",
    "suspensions.formalstep": "suspensions:view-formal-step",
}


@dataclass(frozen=True)
class Moment:
    what: str
    at: datetime
    by: str = ""
    note: str = ""
    url: str = ""
    day_only: bool = False
    times: int = 1


def timeline(service: Service, sight: Sight) -> list[Moment]:
    """The newest of what happened, as far as `sight` reaches; what one person did at one moment, as when eight parties were told, is one line."""
    moments = _events(service, sight)
    if sight.ratings:
        moments += _ratings(service)
    if sight.concerns:
        moments += _contacts(service)
    return list(_gathered(sorted(moments, key=lambda moment: moment.at, reverse=True)))[:MOST]


def _gathered(moments: Iterable[Moment]) -> Iterable[Moment]:
    def minute(moment: Moment) -> Moment:
        return replace(moment, at=moment.at.replace(second=0, microsecond=0))

    for _, alike in groupby(moments, key=minute):
        first, *others = alike
        yield replace(first, times=1 + len(others))


def _events(service: Service, sight: Sight) -> list[Moment]:
    subjects = [
        *ALWAYS,
        *(RATINGS if sight.ratings else ()),
        *(AUDITS if sight.audits else ()),
        *(CONCERNS if sight.concerns else ()),
        *(SUSPENSIONS if sight.suspensions else ()),
    ]
    events = Event.objects.filter(service_id=service.pk, kind__regex=rf"^({'|'.join(subjects)})\.")
    newest = (
        events.exclude(kind__in=LEFT_OUT).order_by("-happened_at", "-pk").select_related("by")[: 4 * MOST]
    )
    return [
        Moment(in_words(event.kind), event.happened_at, str(event.by or ""), note_of(event), page_of(event))
        for event in newest
    ]


def _ratings(service: Service) -> list[Moment]:
    ratings = Rating.objects.known_now().overall().filter(location__services__service=service).distinct()
    return [
        Moment(
            f"CQC: rated {rating.get_rating_display()}",
            timezone.make_aware(datetime.combine(rating.published_on, time.min)),
            note=rating.group_in_words if rating.service_group else "",
            day_only=True,
        )
        for rating in ratings.order_by("-published_on")[:MOST]
    ]


def _contacts(service: Service) -> list[Moment]:
    contacts = service.contacts.select_related("recorded_by")[:MOST]
    return [
        Moment(
            f"{contact.get_kind_display()}: {contact.get_with_whom_display()}",
            contact.happened_at,
            str(contact.recorded_by),
            contact.note,
            reverse("concerns:view-concern", args=[contact.concern_id]) if contact.concern_id else "",
        )
        for contact in contacts
    ]


def in_words(kind: str) -> str:
    """`suspension.lift_proposed` as `Suspension: lift proposed`."""
    subject, _, verb = kind.partition(".")
    subject, verb = WORDS.get(subject, subject), VERBS.get(kind, verb)
    return f"{subject.replace('_', ' ')[:1].upper()}{subject.replace('_', ' ')[1:]}: {verb.replace('_', ' ')}"


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
