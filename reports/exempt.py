"""What is exempt: the suspended services' stories for the Appendix, and the names that no public
file may hold (Local Government Act 1972, Schedule 12A).

The app's side alone. The public process has no right to any table that is read here.
"""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from django.db.models import Prefetch, Q, QuerySet
from django.utils import timezone

from core.dates import day_in_words
from core.models import CouncilProfile, District, Locality, RegionAuthority
from documents.folding import letters_and_digits
from formal_steps.models import FormalStep, FormalStepStatus
from notifications.models import NotificationKind
from providers.models import Service
from ratings.models import Rating, ServiceLocation
from ratings.vocabulary import KEY_QUESTIONS, KeyQuestion
from reports.models import FrozenFigures, Paper, Side
from suspensions.figures.papers import label_of
from suspensions.models import (
    Change,
    CorrectableField,
    Decision,
    Progress,
    Recipient,
    Suspension,
    SuspensionKind,
)
from suspensions.models.suspension import EVER_IN_FORCE, SuspensionStatus
from suspensions.rules.districts import districts_of

# How long after its lift a suspension's name is still looked for in public files: by the council's
# own policy, since a service is not to be known for what it has put right.
HELD_AFTER_LIFT = timedelta(days=365)

KINDS = {
    SuspensionKind.FULL: "full",
    SuspensionKind.PARTIAL: "partial",
    SuspensionKind.VOLUNTARY: "voluntary",
}


def stories(as_at: date, since: date | None) -> dict[str, Any]:
    """The Exempt Appendix's stories as at a day, as JSON.

    `in_force` are those of that day, `lifted` those lifted since the last report. The source is the
    council's own record of suspensions.
    """
    in_force = _with_its_story(Suspension.objects.in_force_on(as_at))
    lifted = (
        _with_its_story(
            Suspension.objects.filter(
                status=SuspensionStatus.LIFTED, lifted_on__gt=since, lifted_on__lte=as_at
            )
        )
        if since
        else []
    )
    return {
        "as_at": as_at.isoformat(),
        "in_force": [_story(suspension, as_at) for suspension in in_force],
        "lifted": [_story(suspension, as_at) for suspension in lifted],
    }


def _with_its_story(suspensions: QuerySet[Suspension]) -> QuerySet[Suspension]:
    return (
        suspensions.select_related("service__provider", "service__district", "unit")
        .prefetch_related(
            Prefetch("decisions", Decision.objects.select_related("by")),
            Prefetch(
                "recipients",
                Recipient.objects.select_related("change").order_by("notification", "pk"),
            ),
            Prefetch("progress", Progress.objects.order_by("happened_on", "pk")),
            Prefetch("changes", Change.objects.select_related("before_unit")),
            "corrections",
            "contracts__districts",
        )
        .order_by("service__name_key", "in_force_from", "pk")
    )


def _story(suspension: Suspension, as_at: date) -> dict[str, Any]:
    service, record = suspension.service, _Record(suspension)
    # As it was on the day of the figures: a change that was agreed since is undone.
    unit, kind, limit = suspension.scope_on(as_at)
    progress = [each for each in suspension.progress.all() if each.happened_on <= as_at]
    return {
        "service": service.name,
        "provider": service.provider.name,
        "service_type": label_of(service),
        "district": _districts(suspension),
        "kind": f"{KINDS[SuspensionKind(kind)]} suspension",
        "scope": "; ".join(filter(None, [unit.name if unit else "", limit])),
        "in_force_from": suspension.in_force_from.isoformat() if suspension.in_force_from else None,
        "lifted_on": (
            suspension.lifted_on.isoformat()
            if suspension.lifted_on and suspension.lifted_on <= as_at
            else None
        ),
        "days": suspension.days_in_force(as_at) or 0,
        "reasons": record.joined(CorrectableField.SUMMARY, CorrectableField.REASONS),
        "evidence": record.joined(CorrectableField.EVIDENCE),
        "answer": record.joined(
            CorrectableField.PROVIDER_TOLD_AT,
            CorrectableField.PROVIDER_NOTIFIED,
            CorrectableField.PROVIDER_ANSWER,
        ),
        "welfare": record.joined(CorrectableField.WELFARE, CorrectableField.MEETINGS),
        "position": "\n".join(
            f"{day_in_words(each.happened_on)}: {each.text}" for each in progress
        ),
        "history": [
            _moment(decision)
            for decision in suspension.decisions.all()
            if _made_by(decision, as_at)
        ],
        "notified": [
            _notified(recipient, as_at)
            for recipient in suspension.recipients.all()
            if _had_to_be_notified(recipient, as_at)
        ],
        "ratings": _ratings(service, as_at),
    }


def _districts(suspension: Suspension) -> str:
    return ", ".join(name for _order, name in sorted(districts_of(suspension)))


class _Record:
    """What the record of a suspension says, with each correction in the place of what was wrong."""

    def __init__(self, suspension: Suspension) -> None:
        self.suspension = suspension
        self.corrected = {each.about: each for each in suspension.corrections.all()}

    def joined(self, *fields: CorrectableField) -> str:
        return _joined(*(self._of(field) for field in fields))

    def _of(self, field: CorrectableField) -> str:
        corrected = self.corrected.get(field)
        if corrected is not None:
            head = (
                "When the provider was notified: "
                if field == CorrectableField.PROVIDER_TOLD_AT
                else ""
            )
            return (
                f"{head}{corrected.right} (Corrected on"
                f" {day_in_words(timezone.localdate(corrected.recorded_at))}.)"
            )
        if field == CorrectableField.PROVIDER_TOLD_AT:
            notified_at = self.suspension.provider_notified_at
            return (
                f"The provider was notified on {day_in_words(timezone.localdate(notified_at))}."
                if notified_at
                else ""
            )
        return str(getattr(self.suspension, field))


def _made_by(decision: Decision, as_at: date) -> bool:
    return timezone.localdate(decision.decided_at) <= as_at


def _moment(decision: Decision) -> dict[str, Any]:
    return {
        "on": timezone.localdate(decision.decided_at).isoformat(),
        "what": decision.get_step_display(),
        "by": str(decision.by),
        "detail": decision.reason,
    }


OF_WHAT = {
    NotificationKind.LIFT: ", of the lift",
    NotificationKind.CLOSURE: ", of the closing",
    NotificationKind.CHANGE: ", of the change",
    NotificationKind.CONFIRMED: ", of the confirmation",
}


def _had_to_be_notified(recipient: Recipient, as_at: date) -> bool:
    """Whether what the recipient is notified of had happened by that day."""
    suspension = recipient.suspension
    happened = {
        NotificationKind.LIFT: suspension.lifted_on,
        NotificationKind.CLOSURE: suspension.lifted_on,
        NotificationKind.CHANGE: recipient.change.effective_on if recipient.change else None,
        NotificationKind.CONFIRMED: (
            suspension.confirmed_at and timezone.localdate(suspension.confirmed_at)
        ),
    }
    day = happened.get(NotificationKind(recipient.notification), suspension.in_force_from)
    return day is not None and day <= as_at


def _notified(recipient: Recipient, as_at: date) -> dict[str, Any]:
    notified_on = timezone.localdate(recipient.notified_at) if recipient.notified_at else None
    # On the day of the figures they were still waiting.
    if notified_on and notified_on > as_at:
        notified_on = None
    how = recipient.get_how_display().lower() if notified_on else ""
    return {
        "recipient": f"{recipient.name}{OF_WHAT.get(NotificationKind(recipient.notification), '')}",
        "on": notified_on.isoformat() if notified_on else None,
        "how": how,
        "closed": recipient.closed_reason,
    }


def _ratings(service: Service, as_at: date) -> list[dict[str, Any]]:
    link = ServiceLocation.objects.in_force_on(as_at).filter(service=service).first()
    if link is None:
        return []
    current = Rating.objects.as_at(as_at).filter(location_id=link.location_id)
    of_type = [rating for rating in current if rating.service_type == service.service_type]
    whole = [rating for rating in current if not rating.service_group]
    # CQC rates the whole location or, where it has several services, each by itself.
    found = {rating.key_question: rating for rating in (*of_type, *whole)}
    order = [KeyQuestion.OVERALL, *KEY_QUESTIONS]
    return [
        {
            "question": found[question].get_key_question_display(),
            "rating": found[question].get_rating_display(),
            "published_on": found[question].published_on.isoformat(),
        }
        for question in order
        if question in found
    ]


def _joined(*texts: str) -> str:
    return "\n".join(text for text in texts if text)


# Names


def held_names(paper: Paper, today: date) -> set[str]:
    """Every name that the paper's public file may not hold.

    Of services suspended or under a formal step, or proposed to be, and of who runs them.

    Held until a year after the lift, and always for the services of the paper's own Appendix; not
    where someone with the right to has marked the name as public. Each name also without words that
    every such name has.
    """
    recent = today - HELD_AFTER_LIFT
    suspensions = Suspension.objects.filter(
        Q(
            status__in=[
                SuspensionStatus.PROPOSED,
                SuspensionStatus.IN_FORCE,
                SuspensionStatus.LIFT_PROPOSED,
            ]
        )
        | Q(status=SuspensionStatus.LIFTED, lifted_on__gte=min(recent, paper.as_at))
        # In force on the day of the figures: the public table counts it, however long ago it ended.
        | Q(status__in=EVER_IN_FORCE, in_force_from__lte=paper.as_at, lifted_on__gt=paper.as_at)
    )
    known: set[str] = set()
    held = suspensions.filter(is_public_name=False).select_related("service__provider", "unit")
    # A name that was made public in one suspension is exempt again in the next.
    public = set(suspensions.filter(is_public_name=True).values_list("service_id", flat=True))
    public -= {suspension.service_id for suspension in held}
    for suspension in held:
        known.update((suspension.service.name, suspension.service.provider.name))
    # A default notice or an improvement plan is exempt as a suspension is, and so is one that was
    # only proposed.
    steps = FormalStep.objects.filter(
        Q(status__in=[FormalStepStatus.PROPOSED, FormalStepStatus.ISSUED])
        | Q(status=FormalStepStatus.CLOSED, closed_on__gte=min(recent, paper.as_at))
    ).exclude(beside_suspension__suspension__is_public_name=True)
    steps = steps.select_related("service__provider")
    for step in steps:
        known.update((step.service.name, step.service.provider.name))
    # CQC may know the place by another name than the register does.
    concerned = {suspension.service_id for suspension in held} | {step.service_id for step in steps}
    links = ServiceLocation.objects.filter(service_id__in=concerned)
    known.update(name for name in links.values_list("location__name", flat=True) if name)
    frozen = FrozenFigures.objects.filter(paper=paper, side=Side.EXEMPT).first()
    if frozen is not None:
        open_names = set(Service.objects.filter(pk__in=public).values_list("name", flat=True))
        for story in (*frozen.data["in_force"], *frozen.data["lifted"]):
            if story["service"] not in open_names:
                known.update((story["service"], story["provider"]))
    public_words = _public_words()
    return known | {
        short
        for name in known
        for short in shortened(name)
        if letters_and_digits(THE.sub("", short)) not in public_words
    }


THE = re.compile(r"^the\s+", re.IGNORECASE)
GENERIC = re.compile(
    r"(?:[\s,–-]+(?:residential|nursing|care|home|homes|house|centre|agency|services?|group|healthcare|"
    r"homecare|uk|ltd|limited|plc|llp|cic)\.?)+$",
    re.IGNORECASE,
)
SHORTEST = 5


def shortened(name: str) -> Iterator[str]:
    """The name as people say it: "Rosewood Lodge" for "Rosewood Lodge Care Home Limited", "The
    Elms" for "The Elms Care Home", where "Elms" alone would be found in too much.
    """
    short = GENERIC.sub("", name.strip()).strip(" ,-–")
    for said in {short, THE.sub("", short)} - {name}:
        if len(letters_and_digits(said)) >= SHORTEST:
            yield said


def _public_words() -> set[str]:
    # Names of places stand in every paper: "Newark" of "Newark Care Home" would be found on each
    # page.
    profile = CouncilProfile.current()
    words = {profile.name, profile.short_name, profile.region_name} if profile else set()
    for names in (District.objects, Locality.objects, RegionAuthority.objects):
        words.update(names.values_list("name", flat=True))
    return {letters_and_digits(word) for word in words}
