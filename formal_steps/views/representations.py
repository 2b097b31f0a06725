"""What was put to the provider about a formal step, the reviews that it asked for, and the
letters.
"""

from collections.abc import Callable, Sequence
from typing import Any

from django.db.models import Model
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from core.permissions import Request, require_permission
from core.workflow import NotAllowed, refusal
from documents.downloads import to_save
from formal_steps.actions import letters, representations
from formal_steps.forms.representations import (
    AnswerForm,
    AnswerReviewForm,
    AskReviewForm,
    ConsideredForm,
    RepresentationForm,
)
from formal_steps.models import (
    AbstractRepresentation,
    AbstractReviewRequest,
    FormalStep,
    Policy,
    StepLetter,
    StepRepresentation,
    StepReviewRequest,
)
from formal_steps.permissions import RECORD, SEE
from formal_steps.rules import representations as rules
from formal_steps.workflow import FORMAL_STEP
from govuk.form_page import bind, form_page, post_action
from notifications.models import AbstractLetter

ASK_REVIEW = "Record a request for a review"


@require_permission(*SEE, RECORD)
def put_to_provider(request: Request, step_id: int) -> HttpResponse:
    step = _find(step_id)
    return put_page(
        request,
        step,
        representations.put_to_provider,
        _page_of(step),
        FORMAL_STEP.refusal(step, "put", request.user),
    )


@require_permission(*SEE, RECORD)
def record_answer(request: Request, representation_id: int) -> HttpResponse:
    """The provider's answer; or, when it stands, how it was considered."""
    found = get_object_or_404(
        StepRepresentation.objects.select_related("step__service"), pk=representation_id
    )
    actions = (representations.record_answer, representations.consider_answer)
    return answer_page(request, found, *actions, _page_of(found.step))


@require_permission(*SEE, RECORD)
def ask_review(request: Request, step_id: int) -> HttpResponse:
    step = _find(step_id)
    return ask_review_page(
        request,
        step,
        representations.ask_review,
        _page_of(step),
        FORMAL_STEP.refusal(step, "ask-review", request.user),
        SEE,
    )


@require_permission(*SEE)
def answer_review(request: Request, request_id: int) -> HttpResponse:
    # Without the right to record: the action asks whether this is the reviewer, whatever else they
    # may do.
    found = StepReviewRequest.objects.select_related("reviewer", "step__service")
    asked = get_object_or_404(found, pk=request_id)
    return answer_review_page(request, asked, representations.answer_review, _page_of(asked.step))


@require_permission(*SEE, RECORD)
@require_POST
def write_letter(request: Request, step_id: int) -> HttpResponse:
    """Have the letter to the provider made by the worker."""
    step = _find(step_id)
    return post_action(
        request,
        lambda: letters.write_letter(step.pk, by=request.user, now=timezone.now()),
        done="We are making the letter.",
        url=f"{_page_of(step)}#letters",
    )


@require_permission(*SEE)
def download_letter(request: Request, letter_id: int) -> HttpResponse:
    return letter_file(get_object_or_404(StepLetter, pk=letter_id))


def _find(step_id: int) -> FormalStep:
    return get_object_or_404(FormalStep.objects.select_related("service"), pk=step_id)


def _page_of(step: FormalStep) -> str:
    return reverse("formal_steps:view-formal-step", args=[step.pk])


# The pages are alike whatever they are about: an app above asks for its own permission and names
# its own action.


def put_page(
    request: Request,
    subject: Model,
    action: Callable[..., Any],
    url: str,
    why_not: NotAllowed | None,
) -> HttpResponse:
    """Record something that was put to the provider about `subject`; then back to `url`."""
    return form_page(
        request,
        bind(request, RepresentationForm, initial={"put_at": timezone.now()}),
        lambda given: action(subject.pk, by=request.user, given=given, now=timezone.now()),
        template="formal_steps/put_to_provider.html",
        done="What was put to the provider has been recorded.",
        url=url,
        heading="Add what was put to the provider",
        why_not=why_not,
        step=subject,
    )


def answer_page(
    request: Request,
    representation: AbstractRepresentation,
    record_answer: Callable[..., Any],
    consider_answer: Callable[..., Any],
    url: str,
) -> HttpResponse:
    """Record the answer to a representation; or, when it stands, how it was considered."""
    # Read without a lock, for the page: the action holds the row and asks again.
    if answered := bool(representation.answer):
        form: ConsideredForm | AnswerForm = bind(request, ConsideredForm)
    else:
        form = bind(request, AnswerForm, initial={"answered_at": timezone.now()})

    def act(given: Any) -> Any:
        if answered:
            return consider_answer(
                representation.pk, by=request.user, given=given, now=timezone.now()
            )
        return record_answer(representation.pk, by=request.user, given=given, now=timezone.now())

    return form_page(
        request,
        form,
        act,
        template="formal_steps/record_answer.html",
        done=(
            "How the answer was considered has been recorded."
            if answered
            else "The provider’s answer has been recorded."
        ),
        url=url,
        heading=representation.next_task,
        why_not=refusal(rules.check_unconsidered, representation),
        step=representation.subject,
        representation=representation,
    )


def ask_review_page(
    request: Request,
    subject: Any,
    action: Callable[..., Any],
    url: str,
    why_not: NotAllowed | None,
    see: Sequence[str],
) -> HttpResponse:
    """Record that the provider asks someone uninvolved to look again at `subject`, who may read it
    by the permissions `see`.
    """
    form = bind(
        request,
        AskReviewForm,
        involved=subject.people_involved(),
        see=see,
        initial={"asked_on": timezone.localdate()},
    )
    return form_page(
        request,
        form,
        lambda given: action(subject.pk, by=request.user, given=given, now=timezone.now()),
        template="formal_steps/ask_review.html",
        done=lambda asked: f"The request has been recorded. {asked.due_in_words}",
        url=url,
        heading=ASK_REVIEW,
        why_not=why_not,
        step=subject,
        last_day=rules.last_day_to_ask(subject, Policy.current()),
    )


def answer_review_page(
    request: Request, asked: AbstractReviewRequest, action: Callable[..., Any], url: str
) -> HttpResponse:
    """The reviewer answers a review that the provider asked for."""
    return form_page(
        request,
        bind(request, AnswerReviewForm),
        lambda given: action(asked.pk, by=request.user, given=given, now=timezone.now()),
        template="formal_steps/answer_review.html",
        done="The review has been answered. We are making the letter to the provider.",
        url=url,
        heading="Answer this review",
        why_not=refusal(rules.check_answer_review, asked, request.user),
        step=asked.subject,
        asked=asked,
    )


def letter_file(letter: AbstractLetter) -> HttpResponse:
    """The file of a letter. Raises `Http404` when it has not been made yet."""
    if letter.content is None:
        raise Http404("This letter has not been made yet.")
    return to_save(bytes(letter.content), f"letter-{letter.pk}.pdf", "application/pdf")
