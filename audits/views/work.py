"""The working page of a visit, and what the pages about visits share."""

from typing import TypeVar

from django.contrib import messages
from django.db import models
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone

from audits.actions import visits
from audits.forms.answers import AnswersForm
from audits.forms.naming import NO_NAMES
from audits.models import Answer, Question, Visit
from audits.permissions import READ
from audits.rules import map as map_rules
from audits.workflow.visit import VISIT
from core.permissions import Request, require_permission
from core.workflow import NotAllowed
from documents.numbers import whole_number
from govuk.form_page import bind, show_not_allowed

# Visits and what they found are exempt matter: every page of them asks for the right to read that
# too.
RECORD = ("audits.record_visit", *READ)

Row = TypeVar("Row", bound=models.Model)


def named(request: Request, model: type[Row], name: str) -> Row | None:
    """The record whose number the address gives, or None when it gives none."""
    number = whole_number(request.GET.get(name))
    return None if number is None else get_object_or_404(model, pk=number)


def the_map(visit: Visit) -> list[map_rules.SectionAsked]:
    """The visit's questions with their answers and last time's; none for a visit without a
    template.
    """
    if visit.template is None:
        return []
    answers = {answer.question_id: answer for answer in visit.answers.select_related("saved_by")}
    last = {answer.question.code: answer for answer in Answer.objects.before(visit)}
    return map_rules.question_map(Question.objects.of_template(visit.template), answers, last)


@require_permission(*RECORD)
def record_answers(request: Request, visit_id: int, place: int) -> HttpResponse:
    """One section of the visit: save, stay with what was not saved, or go where the chosen button
    leads.
    """
    visit = get_object_or_404(Visit.objects.select_related("service", "template"), pk=visit_id)
    if request.method != "POST" and VISIT.refusal(visit, "record-answers", request.user):
        return redirect("audits:view-visit", visit_id)
    sections = the_map(visit)
    if not 1 <= place <= len(sections):
        raise Http404
    section = sections[place - 1]
    questions = [asked.question for asked in section.questions]
    stored = {asked.question.pk: asked.answer for asked in section.questions if asked.answer}
    form = bind(request, AnswersForm, questions=questions, answers=stored)
    if request.method == "POST":
        form.is_valid()
        try:
            # Whatever is sound is saved, also beside a faulty value: that stays as typed, with its
            # reason.
            saved = visits.save_answers(
                visit_id, by=request.user, entries=form.to_input(), now=timezone.now()
            )
        except NotAllowed as refusal:
            show_not_allowed(form, refusal)
        else:
            if request.headers.get("X-Saving") == "as-one-goes":
                return _saved_so_far(form, visit, questions, saved)
            form.show_unchosen()
            if not form.errors and not saved.conflict:
                return _go_on(request, visit_id, place)
            form = _shown_again(form, visit, questions, saved)
            sections = the_map(visit)
            section = sections[place - 1]
    context = {
        "visit": visit,
        "form": form,
        "sections": list(enumerate(sections, 1)),
        "section": section,
        "place": place,
        "next_place": place + 1 if place < len(sections) else None,
        "drawn": [
            (standard, [(asked, _fields(form, asked.question)) for asked in standard.questions])
            for standard in section.standards
        ],
        "lacking": sum(section.lacking for section in sections),
        "no_names": NO_NAMES,
    }
    return render(request, "audits/record_answers.html", context)


def _fields(form: AnswersForm, question: Question) -> dict[str, object]:
    names = {name.partition("-")[2]: form[name] for name in form.names_of(question)}
    clash = form.clashes.get(question.pk)
    first = form.first_seen(question)
    shown = {"clash": clash, "first": first}
    return {"value": None, "na": None, "evidence": None, "note": None, **names, **shown}


def _saved_so_far(
    form: AnswersForm, visit: Visit, questions: list[Question], saved: visits.Saved
) -> JsonResponse:
    """What the page needs to go on: the versions now seen, and how many answers are left for the
    button to explain.
    """
    sound = [each.pk for each in questions if form.is_sound(each) and each.pk not in saved.conflict]
    stored = visit.answers.filter(question__in=sound)
    return JsonResponse(
        {
            "seen": {f"q{answer.question_id}-seen": answer.version for answer in stored},
            "left": len(questions) - len(sound),
            "at": f"{timezone.localtime():%H:%M}",
        }
    )


def _shown_again(
    form: AnswersForm, visit: Visit, questions: list[Question], saved: visits.Saved
) -> AnswersForm:
    """The form with everything that was typed, after what was sound in it has been saved."""
    stored = {answer.question_id: answer for answer in visit.answers.filter(question__in=questions)}
    again = AnswersForm(form.seen_again(stored), questions=questions, answers=stored)
    again.is_valid()
    seen = {each.pk: form.cleaned_data.get(f"q{each.pk}-seen") or 0 for each in questions}
    again.show_conflict(saved.conflict, seen)
    again.show_unchosen()
    return again


def _go_on(request: Request, visit_id: int, place: int) -> HttpResponse:
    """Where the chosen button leads: `section-2`, `question-2-17`, `finding-17`, `map`, or the
    same section.
    """
    where, *rest = request.POST.get("go", "").split("-")
    numbers = [number for text in rest if (number := whole_number(text)) is not None]
    here = reverse("audits:record-answers", args=[visit_id, place])
    if where == "section" and len(numbers) == 1:
        return redirect("audits:record-answers", visit_id, numbers[0])
    if where == "question" and len(numbers) == 2:
        url = reverse("audits:record-answers", args=[visit_id, numbers[0]])
        return redirect(f"{url}#question-{numbers[1]}")
    if where == "finding" and len(numbers) == 1:
        return redirect(
            f"{reverse('audits:add-finding', args=[visit_id])}?question={numbers[0]}&place={place}"
        )
    messages.success(request, "Your answers have been saved.")
    if where == "map":
        return redirect("audits:view-visit", visit_id)
    return redirect(here)
