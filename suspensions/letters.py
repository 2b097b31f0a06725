"""Letters as accessible PDFs. The facts are frozen when a letter is asked for; the same facts make the same bytes."""

import hashlib
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone

from core.dates import day_in_words
from core.models import CouncilProfile
from documents import pdf
from suspensions.models import (
    Contact,
    FormalStep,
    Letter,
    LetterKind,
    Party,
    PartyKind,
    Policy,
    ReviewOutcome,
    ReviewRequest,
    Suspension,
    Telling,
)
from suspensions.rules import fairness, lifting

STYLE = "letter:letter.css"
KIND_OF = {
    Telling.SUSPENSION: LetterKind.SUSPENSION,
    Telling.CONFIRMED: LetterKind.SUSPENSION,
    Telling.CHANGE: LetterKind.CHANGE,
    Telling.LIFT: LetterKind.LIFT,
}


def facts_for_party(party: Party, now: datetime) -> dict[str, Any]:
    """What a letter to that party says. Clause, reasons and evidence stand in the provider's alone."""
    suspension = party.suspension
    provider = party.kind == PartyKind.PROVIDER
    facts = _head(party.name, now) | {
        "kind": KIND_OF[Telling(party.telling)].value,
        "to_provider": provider,
        "address": _address(party),
        "scope": suspension.scope,
        "what": suspension.get_kind_display().partition(":")[0].lower(),
        "limit": suspension.limit,
        "from": _day(suspension.in_force_from),
        "lifted": _day(suspension.lifted_on),
        "change": party.change.after if party.change else "",
        "change_before": party.change.before if party.change else "",
        "change_from": _day(party.change.effective_on) if party.change else "",
    }
    if provider:
        hearing = suspension.hearings.last()
        facts |= {
            "clause": hearing.clause if hearing else "",
            "summary": suspension.summary,
            "reasons": suspension.reasons,
            "evidence": suspension.evidence,
            "lifts": [point.label for point in lifting.points_for(suspension)],
            "weeks": suspension.quiet_weeks,
            "confirmed": _day(timezone.localdate(suspension.confirmed_at)) if suspension.confirmed_at else "",
            "unconfirmed": _day(suspension.confirm_due_on) if suspension.is_unconfirmed else "",
            "review_on": _day(suspension.review_on),
            "planned_until": _day(suspension.planned_until),
            "afterwards": _day(suspension.review_on) if suspension.lifted_on else "",
            **_ask(suspension),
        }
    return facts


def facts_for_step(step: FormalStep, now: datetime) -> dict[str, Any]:
    """What the letter of a formal step says to the provider."""
    return _head(str(step.service.provider), now) | {
        "kind": LetterKind.STEP.value,
        "to_provider": True,
        "address": "",
        "scope": str(step.service),
        "what": step.get_rung_display(),
        "termination": step.is_termination,
        "from": _day(step.starts_on),
        "due_on": _day(step.due_on),
        "clause": step.clause,
        "summary": step.summary,
        "reasons": step.reasons,
        "evidence": step.evidence,
        "required": step.required,
        "review_on": _day(step.review_on),
        "contract": str(step.contract or ""),
        **_ask(step),
    }


def facts_for_review(request: ReviewRequest, now: datetime) -> dict[str, Any]:
    """What the provider is answered that asked someone uninvolved to look again."""
    matter = fairness.matter_of(request)
    suspended = request.suspension is not None
    return _head(str(matter.service.provider), now) | {
        "kind": LetterKind.REVIEW.value,
        "to_provider": True,
        "address": "",
        "scope": request.suspension.scope if request.suspension else str(matter.service),
        "what": "suspension" if suspended else "formal step",
        "asked_on": _day(request.asked_on),
        "reviewer": str(request.reviewer),
        "outcome": request.get_outcome_display(),
        "findings": request.findings,
        "goes_on": request.outcome != ReviewOutcome.STANDS,
    }


def title_of(facts: dict[str, Any]) -> str:
    match facts["kind"]:
        case LetterKind.STEP:
            words = facts["what"]
        case LetterKind.REVIEW:
            words = "Answer to your request for a review"
        case LetterKind.LIFT:
            words = "Suspension lifted"
        case LetterKind.CHANGE:
            words = "Suspension changed"
        case _:
            words = "Suspension of new placements"
    return f"{words}: {facts['scope']}"


def html_of(letter: Letter) -> str:
    return render_to_string("suspensions/letters/letter.html", {"letter": letter, **letter.facts})


def content_of(letter: Letter) -> bytes:
    """The file: as it was made, or made now from the frozen facts, the same bytes either way. Raises `pdf.PdfError`."""
    if letter.content is not None:
        return bytes(letter.content)
    return pdf.make(html_of(letter), assets=_assets())


def seal(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


@cache
def _assets() -> dict[str, pdf.Asset]:
    style = Path(settings.BASE_DIR) / "templates" / "suspensions" / "letters" / "letter.css"
    return {STYLE: pdf.Asset("text/css", style.read_bytes())}


def _head(name: str, now: datetime) -> dict[str, Any]:
    council = CouncilProfile.current()
    return {
        "council": council.name if council else "The council",
        "team": council.team_name if council else "",
        "contact": [council.contact_name, council.contact_phone, council.contact_email] if council else [],
        "name": name,
        "written_on": _day(timezone.localdate(now)),
        "stamp": timezone.localtime(now).replace(microsecond=0).isoformat(),
    }


def _ask(matter: Suspension | FormalStep) -> dict[str, Any]:
    policy = Policy.current()
    return {"ask_by": _day(fairness.last_day_to_ask(matter, policy)), "review_days": policy.days_to_review}


def _address(party: Party) -> str:
    contact = (
        Contact.objects.of(party.suspension.service)
        .filter(kind=party.kind, name=party.name)
        .exclude(address="")
        .first()
    )
    return contact.address if contact else ""


def _day(day: date | None) -> str:
    return day_in_words(day) if day else ""
