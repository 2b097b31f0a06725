"""A visit as a device takes it along: everything that its working page shows, as plain JSON."""

from datetime import date
from typing import Any

from audits.actions.offline import answer_as_sent
from audits.brief import brief_of
from audits.models import AnswerKind, Question, RiskContact, Visit, VisitOutcome
from audits.rules import map as map_rules
from audits.views.work import the_map
from core.dates import day_in_words, moment_in_words
from core.models import CouncilProfile, User


def bundle(visit: Visit, person: User, today: date) -> dict[str, Any]:
    """A visit with its brief, questions, answers, notes, files and feedback, as far as the person
    may read them.
    """
    versions = _in_every_version(visit)
    return {
        "id": visit.pk,
        "service": str(visit.service),
        "kind": visit.get_kind_display(),
        "status": visit.status,
        "day": day_in_words(visit.day),
        "on": visit.day.isoformat(),
        "officer": str(visit.officer),
        "is_mine": visit.officer_id == person.pk,
        "facts": [[name, value] for name, value in _facts(visit) if value],
        "ring": whom_to_call(visit),
        "brief": [
            {"heading": heading, "lines": list(lines)}
            for heading, lines in brief_of(visit, person, today)
        ],
        "sections": [_section(section, versions) for section in the_map(visit)],
        "notes": [
            {
                "id": str(note.pk),
                "text": note.text,
                "question": note.question_id,
                "version": note.version,
                "saved_by": str(note.saved_by),
            }
            for note in visit.loose_notes.select_related("saved_by")
        ],
        "attachments": [
            {
                "id": str(each.pk),
                "name": str(each),
                "kind": each.file.kind,
                "question": each.question_id,
            }
            for each in visit.attachments.not_withdrawn()
        ],
        "late": [
            {"about": str(each), "text": each.text, "at": _moment(each.sent_at)}
            for each in visit.late_evidence.all()
        ],
        "feedback": _feedback(visit),
        "risks": [
            {"reference": risk.concern.reference, "at": _moment(risk.seen_at)}
            for risk in visit.immediate_risks.select_related("concern")
        ],
    }


def whom_to_call(visit: Visit) -> list[dict[str, str]]:
    """Who to call about an immediate risk: 999, the council's list, its team, the service."""
    council = CouncilProfile.current()
    rows = [("Emergency services", "999", "If someone is in immediate danger")]
    rows += [(contact.name, contact.phone, contact.when) for contact in RiskContact.objects.all()]
    if council is not None:
        rows.append((council.team_name, council.contact_phone, "The council’s quality team"))
    if visit.service.phone:
        rows.append((str(visit.service), visit.service.phone, "This service"))
    return [{"name": name, "phone": phone, "when": when} for name, phone, when in rows]


def _facts(visit: Visit) -> list[tuple[str, str]]:
    return [
        ("Service", f"{visit.service}, {visit.service.get_service_type_display().lower()}"),
        (
            "Address",
            ", ".join(part for part in (visit.service.address, visit.service.postcode) if part),
        ),
        ("Telephone", visit.service.phone),
        ("Officer", str(visit.officer)),
        ("Who else is going", visit.who_came),
        ("Announced", "Yes" if visit.announced else "No"),
        ("Shared before the visit", visit.shared_before),
    ]


def _in_every_version(visit: Visit) -> dict[str, list[int]]:
    """For each code, its questions in all versions of the visit's template: what a device wrote
    under one of them belongs under the one that is asked now.
    """
    found: dict[str, list[int]] = {}
    if visit.template is not None:
        of_all = Question.objects.filter(standard__section__template__key=visit.template.key)
        for code, pk in of_all.values_list("code", "pk"):
            found.setdefault(code, []).append(pk)
    return found


def _section(section: map_rules.SectionAsked, versions: dict[str, list[int]]) -> dict[str, Any]:
    return {
        "id": section.section.pk,
        "title": section.section.title,
        "standards": [
            {
                "number": standard.number,
                "title": standard.standard.title,
                "statement": standard.standard.statement,
                "questions": [_question(asked, versions) for asked in standard.questions],
            }
            for standard in section.standards
        ],
    }


def _question(asked: map_rules.AskedQuestion, versions: dict[str, list[int]]) -> dict[str, Any]:
    question, last = asked.question, asked.last
    return {
        "id": question.pk,
        "same": versions.get(question.code, []),
        "number": asked.number,
        "text": question.text,
        "guidance": question.guidance,
        "kind": question.kind,
        "options": _options(question),
        "not_applicable": question.na_allowed,
        "evidence_required": question.evidence_required,
        "critical": question.critical,
        "answer": answer_as_sent(asked.answer) if asked.answer else None,
        "last": {
            "on": day_in_words(last.visit.day),
            "in_words": asked.last_in_words,
            "evidence": last.evidence,
        }
        if last and last.is_given
        else None,
    }


def _options(question: Any) -> list[list[str]]:
    if question.kind == AnswerKind.RATING:
        return [[str(value), str(label)] for value, label in VisitOutcome.choices]
    if question.kind == AnswerKind.YES_NO:
        return [["yes", "Yes"], ["no", "No"]]
    return [[option["value"], option["label"]] for option in question.options]


def _feedback(visit: Visit) -> dict[str, Any]:
    sheet = getattr(visit, "feedback", None)
    names = ("good", "change_now", "next_steps", "given_to")
    texts = {name: getattr(sheet, name) if sheet else "" for name in names}
    return {**texts, "version": sheet.version if sheet else 0}


def _moment(moment: Any) -> str:
    return f"{moment_in_words(moment)}"
