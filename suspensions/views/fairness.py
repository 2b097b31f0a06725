"""The fairness record and the letters, of a suspension or of a formal step."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from core.permissions import Request, permit
from core.workflow import refusal
from govuk.form_page import bind, form_page, press
from suspensions.actions import fairness, letters
from suspensions.forms.fairness import (
    AnswerForm,
    AnswerReviewForm,
    AskReviewForm,
    ConsideredForm,
    HearingForm,
)
from suspensions.models import FormalStep, Hearing, Letter, Party, Policy, ReviewRequest, Suspension
from suspensions.rules import fairness as fairness_rules
from suspensions.views.steps import SEE, find

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
    if pk is None:
        raise Http404("No such record.")
    matter, _about, url = _matter(kind, pk)
    return matter, url


@permit(*SEE, "suspensions.record_progress")
def put_to_provider(request: Request, kind: str, pk: int) -> HttpResponse:
    matter, about, url = _matter(kind, pk)
    return form_page(
        request,
        bind(request, HearingForm, initial={"put_at": timezone.now()}),
        lambda given: fairness.put_to_provider(by=request.user, given=given, now=timezone.now(), **about),
        template="suspensions/put_to_provider.html",
        done="Added to the fairness record.",
        url=url,
        step=matter,
    )


@permit(*SEE, "suspensions.record_progress")
def record_answer(request: Request, hearing_id: int) -> HttpResponse:
    """The provider's answer; or, when it stands, what was made of it."""
    hearing = get_object_or_404(Hearing, pk=hearing_id)
    matter, url = _of(hearing)
    if answered := bool(hearing.answer):
        form: ConsideredForm | AnswerForm = bind(request, ConsideredForm)
    else:
        form = bind(request, AnswerForm, initial={"answered_at": timezone.now()})

    def act(given: Any) -> Hearing:
        if answered:
            return fairness.consider_answer(hearing.pk, by=request.user, given=given)
        return fairness.record_answer(hearing.pk, by=request.user, given=given, now=timezone.now())

    return form_page(
        request,
        form,
        act,
        template="suspensions/record_answer.html",
        done="The fairness record has been saved.",
        url=url,
        why_not=refusal(fairness_rules.check_unconsidered, hearing),
        step=matter,
        hearing=hearing,
    )


@permit(*SEE, "suspensions.record_progress")
def ask_review(request: Request, kind: str, pk: int) -> HttpResponse:
    matter, about, url = _matter(kind, pk)
    form = bind(
        request,
        AskReviewForm,
        involved=fairness_rules.involved(matter),
        initial={"asked_on": timezone.localdate()},
    )
    return form_page(
        request,
        form,
        lambda given: fairness.ask_review(by=request.user, given=given, now=timezone.now(), **about),
        template="suspensions/ask_review.html",
        done="The review is asked for; its clock runs.",
        url=url,
        why_not=refusal(fairness_rules.decided_at_of, matter),
        step=matter,
        last_day=fairness_rules.last_day_to_ask(matter, Policy.current()),
    )


@permit(*SEE)
def answer_review(request: Request, request_id: int) -> HttpResponse:
    asked = get_object_or_404(ReviewRequest.objects.select_related("reviewer"), pk=request_id)
    matter, url = _of(asked)
    return form_page(
        request,
        bind(request, AnswerReviewForm),
        lambda given: fairness.answer_review(asked.pk, by=request.user, given=given, now=timezone.now()),
        template="suspensions/answer_review.html",
        done="The review has been answered.",
        url=url,
        why_not=refusal(fairness_rules.check_answer_review, asked, request.user),
        step=matter,
        asked=asked,
    )


@permit(*SEE, "suspensions.record_progress")
@require_POST
def write_letter(request: Request, party_id: int) -> HttpResponse:
    """Have a letter to that party made by the worker."""
    party = get_object_or_404(
        Party.objects.select_related("suspension__service__provider", "suspension__unit", "change"),
        pk=party_id,
    )
    return press(
        request,
        lambda: letters.write_letter(party, by=request.user, now=timezone.now()),
        done="",
        url=f"{reverse('suspensions:view-suspension', args=[party.suspension_id])}#letters",
    )


@permit(*SEE, "suspensions.record_progress")
@require_POST
def write_step_letter(request: Request, step_id: int) -> HttpResponse:
    step = get_object_or_404(FormalStep.objects.select_related("service__provider", "contract"), pk=step_id)
    return press(
        request,
        lambda: letters.write_step_letter(step, by=request.user, now=timezone.now()),
        done="",
        url=f"{reverse('suspensions:view-formal-step', args=[step.pk])}#letters",
    )


@permit(*SEE)
def download_letter(request: Request, letter_id: int) -> HttpResponse:
    letter = get_object_or_404(Letter, pk=letter_id)
    if letter.content is None:
        raise Http404("That letter has not been made yet.")
    response = HttpResponse(bytes(letter.content), content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="letter-{letter.pk}.pdf"'
    return response
