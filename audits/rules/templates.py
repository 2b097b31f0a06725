"""When an action on an audit template is refused."""

from collections.abc import Sequence

from audits.models import SCORED_KINDS, Question, Template, TemplateStatus


def why_not_edit(template: Template) -> str | None:
    if template.status == TemplateStatus.DRAFT:
        return None
    return "A published version never changes. Start a new version."


def why_not_start_version(template: Template, has_draft: bool) -> str | None:
    if has_draft:
        return "A new version has been started already. Go on with that one."
    if template.status == TemplateStatus.DRAFT:
        return "This version is a draft already."
    return None


def why_not_publish(template: Template, questions: Sequence[Question]) -> str | None:
    if why_not := why_not_edit(template):
        return why_not
    if not any(question.kind in SCORED_KINDS and question.weight for question in questions):
        return "A template needs a question that is scored: a rating, yes or no, or a choice, with a weight."
    codes = [question.code for question in questions]
    if twice := {code for code in codes if codes.count(code) > 1}:
        return f"Each question needs a code of its own; these stand twice: {', '.join(sorted(twice))}."
    return None
