"""Take back that a visit began, stop one early, correct its day, and the history of its words."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone

from audits.actions import stopping
from audits.forms.stopping import DayForm, StopForm, UndoForm
from audits.models import Answer, FeedbackSheet, Question, Visit
from audits.permissions import READ
from audits.rules import answers as answers_rules
from audits.views.work import RECORD
from audits.workflow.visit import VISIT
from core import versions
from core.dates import day_in_words
from core.models import Version
from core.permissions import Request, require_permission
from govuk.form_page import bind, form_page

TASK = "audits/single_form.html"


def _visit(visit_id: int) -> Visit:
    return get_object_or_404(Visit.objects.select_related("service"), pk=visit_id)


def _page(visit: Visit) -> str:
    return reverse("audits:view-visit", args=[visit.pk])


@require_permission(*RECORD)
def undo_begin(request: Request, visit_id: int) -> HttpResponse:
    visit = _visit(visit_id)
    return form_page(
        request,
        bind(request, UndoForm),
        lambda _given: stopping.undo_begin(visit_id, by=request.user, now=timezone.now()),
        template=TASK,
        done="The visit is planned again.",
        title="Take back that the visit began",
        about=visit.service_and_kind,
        intro=[
            "Nothing has been recorded at this visit.",
            f"It becomes planned for {day_in_words(visit.planned_for)} again.",
        ],
        url=_page(visit),
        why_not=VISIT.refusal(visit, "undo-begin", request.user),
    )


@require_permission(*RECORD)
def stop_visit(request: Request, visit_id: int) -> HttpResponse:
    visit = _visit(visit_id)
    return form_page(
        request,
        bind(request, StopForm),
        lambda given: stopping.stop(visit_id, by=request.user, given=given, now=timezone.now()),
        template=TASK,
        done="The visit has ended early. What was seen stays on the record.",
        title="Stop the visit early",
        about=visit.service_and_kind,
        intro=[
            "Answers, notes, photographs and findings stay. The visit is not scored and has no"
            " outcome.",
            "An audit of the programme has to be planned again. Give its day here, or plan it"
            " later.",
        ],
        url=_page(visit),
        why_not=VISIT.refusal(visit, "stop", request.user),
    )


@require_permission(*RECORD)
def correct_day(request: Request, visit_id: int) -> HttpResponse:
    visit = _visit(visit_id)
    return form_page(
        request,
        bind(request, DayForm, initial={"visited_on": visit.visited_on}),
        lambda given: stopping.correct_day(
            visit_id, by=request.user, given=given, now=timezone.now(), today=timezone.localdate()
        ),
        template=TASK,
        done=lambda corrected: f"The visit was on {day_in_words(corrected.visited_on)}.",
        title="Correct the day of the visit",
        about=visit.service_and_kind,
        intro=["The day recorded until now and your reason stay on the record."],
        url=_page(visit),
        why_not=VISIT.refusal(visit, "correct-day", request.user),
    )


@require_permission(*READ)
def view_history(request: Request, visit_id: int) -> HttpResponse:
    """Who wrote what at a visit and when, with the difference from what stood before."""
    visit = _visit(visit_id)
    answers = list(visit.answers.select_related("question").order_by("question__code"))
    sheet = FeedbackSheet.objects.filter(visit=visit).first()
    # One query for each kind of row, however many there are.
    of_answers = _by_row(answers)
    notes = list(visit.loose_notes.all())
    of_notes = _by_row(notes)
    parts = [
        (
            answer.question.text,
            versions.told(of_answers.get(str(answer.pk), []), _answer_said(answer.question)),
        )
        for answer in answers
    ]
    parts += [
        (f"Note {number}", versions.told(of_notes.get(str(note.pk), []), _note_said))
        for number, note in enumerate(notes, 1)
    ]
    if sheet:
        parts.append(("Feedback sheet for the manager", versions.told(versions.history(sheet))))
    days = versions.told(versions.history(visit), _day_said)
    context = {
        "visit": visit,
        "days": days,
        "parts": [(heading, told) for heading, told in parts if told],
    }
    return render(request, "audits/view_history.html", context)


def _by_row(rows: list[Any]) -> dict[str, list[Version]]:
    found: dict[str, list[Version]] = {}
    for version in versions.of(*rows):
        found.setdefault(version.about_id, []).append(version)
    return found


def _answer_said(question: Question) -> versions.Said:
    def said(fields: versions.Values) -> Mapping[str, Any]:
        if not fields:
            return {}
        answer = Answer(value=fields["value"], not_applicable=fields["not_applicable"])
        return {
            "answer": answers_rules.in_words(question, answer),
            "evidence": fields["evidence"],
            "note": fields["note"],
        }

    return said


def _note_said(fields: versions.Values) -> Mapping[str, Any]:
    return {"note": fields.get("text", "")}


def _day_said(fields: versions.Values) -> Mapping[str, Any]:
    return {
        "visited_on": answers_rules.day_said(fields.get("visited_on")),
        "reason": fields.get("reason", ""),
    }
