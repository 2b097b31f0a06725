"""The fairness record and the letters, of a suspension or of a formal step."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from carequality.permits import Request, permit
from carequality.refusals import Refused
from suspensions import actions, rules
from suspensions.forms import (
    AnswerForm,
    AnswerReviewForm,
    AskReviewForm,
    ConsideredForm,
    HearingForm,
)
from suspensions.models import FormalStep, Hearing, Letter, Party, ReviewRequest, Suspension
from suspensions.views.steps import SEE, carry_out, find

Matter = Suspension | FormalStep


def _matter(kind: str, pk: int) -> tuple[Matter, dict[str, Any], str]:
    """What the page is about, how an action names it, and where to go back to."""
    if kind == "suspension":
        found: Matter = find(pk)
        return found, {"suspension_id": pk}, reverse("suspensions:view-suspension", args=[pk])
    if kind == "step":
        found = get_object_or_404(FormalStep.objects.select_related("service"), pk=pk)
        return found, {"step_id": pk}, reverse("suspensions:view-formal-step", args=[pk])
    raise Http404("No such record.")


def _of(row: Hearing | ReviewRequest) -> tuple[Matter, str]:
    kind, pk = ("suspension", row.suspension_id) if row.suspension_id else ("step", row.step_id)
    assert pk is not None
    matter, _fields, url = _matter(kind, pk)
    return matter, url


@permit(*SEE, "suspensions.record_progress")
def put_to_provider(request: Request, kind: str, pk: int) -> HttpResponse:
    matter, fields, url = _matter(kind, pk)
    form = HearingForm(request.POST if request.method == "POST" else None, initial={"put_at": timezone.now()})
    return carry_out(
        request,
        "suspensions/put_to_provider.html",
        form,
        lambda: actions.put_to_provider(by=request.user, now=timezone.now(), **fields, **form.cleaned_data),
        "Added to the fairness record.",
        url,
        why_not=rules.why_not_hear(matter, request.user),
        step=matter,
    )


@permit(*SEE, "suspensions.record_progress")
def record_answer(request: Request, hearing_id: int) -> HttpResponse:
    """The provider's answer; or, when it stands, what was made of it."""
    hearing = get_object_or_404(Hearing, pk=hearing_id)
    matter, url = _of(hearing)
    answered = bool(hearing.answer)
    data = request.POST if request.method == "POST" else None
    form = ConsideredForm(data) if answered else AnswerForm(data, initial={"answered_at": timezone.now()})

    def deed() -> None:
        if answered:
            actions.consider_answer(hearing.pk, by=request.user, **form.cleaned_data)
        else:
            actions.record_answer(hearing.pk, by=request.user, now=timezone.now(), **form.cleaned_data)

    return carry_out(
        request,
        "suspensions/record_answer.html",
        form,
        deed,
        "The fairness record has been saved.",
        url,
        why_not="That is recorded already." if hearing.considered else None,
        step=matter,
        hearing=hearing,
    )


@permit(*SEE, "suspensions.record_progress")
def ask_review(request: Request, kind: str, pk: int) -> HttpResponse:
    matter, fields, url = _matter(kind, pk)
    form = AskReviewForm(
        request.POST if request.method == "POST" else None,
        involved=rules.involved(matter),
        initial={"asked_on": timezone.localdate()},
    )
    return carry_out(
        request,
        "suspensions/ask_review.html",
        form,
        lambda: actions.ask_review(by=request.user, now=timezone.now(), **fields, **form.cleaned_data),
        "The review is asked for; its clock runs.",
        url,
        why_not=None if matter.decided_at else "Nothing has been decided yet.",
        step=matter,
        last_day=rules.last_day_to_ask(matter),
    )


@permit(*SEE)
def answer_review(request: Request, request_id: int) -> HttpResponse:
    asked = get_object_or_404(ReviewRequest.objects.select_related("reviewer"), pk=request_id)
    matter, url = _of(asked)
    form = AnswerReviewForm(request.POST if request.method == "POST" else None)
    return carry_out(
        request,
        "suspensions/answer_review.html",
        form,
        lambda: actions.answer_review(asked.pk, by=request.user, now=timezone.now(), **form.cleaned_data),
        "The review has been answered.",
        url,
        why_not="This review has been answered."
        if asked.outcome
        else rules.why_not_answer_review(matter, asked.reviewer_id, request.user),
        step=matter,
        asked=asked,
    )


def _write(request: Request, deed: Callable[[], object]) -> None:
    """Have a letter written; a button pressed on a page that is no longer true is told so."""
    try:
        deed()
    except Refused as refusal:
        messages.error(request, str(refusal))


@permit(*SEE, "suspensions.record_progress")
@require_POST
def write_letter(request: Request, party_id: int) -> HttpResponse:
    """Have a letter to that party made by the worker."""
    party = get_object_or_404(
        Party.objects.select_related("suspension__service__provider", "suspension__unit", "change"),
        pk=party_id,
    )
    _write(request, lambda: actions.write_letter(party, by=request.user, now=timezone.now()))
    return redirect(f"{reverse('suspensions:view-suspension', args=[party.suspension_id])}#letters")


@permit(*SEE, "suspensions.record_progress")
@require_POST
def write_step_letter(request: Request, step_id: int) -> HttpResponse:
    step = get_object_or_404(FormalStep.objects.select_related("service__provider", "contract"), pk=step_id)
    _write(request, lambda: actions.write_step_letter(step, by=request.user, now=timezone.now()))
    return redirect(f"{reverse('suspensions:view-formal-step', args=[step.pk])}#letters")


@permit(*SEE)
def download_letter(request: Request, letter_id: int) -> HttpResponse:
    letter = get_object_or_404(Letter, pk=letter_id)
    if letter.content is None:
        raise Http404("That letter has not been made yet.")
    response = HttpResponse(bytes(letter.content), content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="letter-{letter.pk}.pdf"'
    return response
