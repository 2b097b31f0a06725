from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max

from audits import files, rules
from audits.models import Question, Section, Standard, Template, TemplateStatus
from carequality import events
from carequality.models import User
from carequality.refusals import Refused

type_of_part = {"section": Section, "standard": Standard, "question": Question}
Part = Section | Standard | Question


@transaction.atomic
def load_template(source: files.TemplateInFile, *, by: User | None, now: datetime) -> Template:
    """Store a template read from a file as a draft: a new template, or the next version of the one with its key."""
    if Template.objects.filter(key=source.key, status=TemplateStatus.DRAFT).exists():
        raise Refused(f"“{source.key}” has a draft already. Publish or discard it first.")
    last = Template.objects.filter(key=source.key).aggregate(last=Max("version"))["last"] or 0
    return _write(source, version=last + 1, by=by, now=now, changes="Read from a file")


@transaction.atomic
def load_shipped(*, by: User | None, now: datetime) -> list[Template]:
    """Bring into use each template that comes with carequality and that the council has no version of."""
    loaded = []
    for path in sorted(files.SHIPPED.glob("*.toml")):
        source = files.parse(path.read_text(encoding="utf-8"))
        if not Template.objects.filter(key=source.key).exists():
            draft = load_template(source, by=by, now=now)
            loaded.append(publish(draft.pk, by=by, now=now, changes="As it comes with carequality"))
    return loaded


@transaction.atomic
def start_version(template_id: int, *, by: User, now: datetime) -> Template:
    """Start the next version as a draft with the same questions."""
    template = Template.objects.select_for_update().get(pk=template_id)
    versions = Template.objects.filter(key=template.key)
    has_draft = versions.filter(status=TemplateStatus.DRAFT).exists()
    if why_not := rules.why_not_start_version(template, has_draft):
        raise Refused(why_not)
    last = versions.aggregate(last=Max("version"))["last"]
    try:
        with transaction.atomic():
            return _write(files.content(template), version=last + 1, by=by, now=now)
    except IntegrityError as error:  # two people at once: the constraints let one through
        raise Refused("A new version has just been started by someone else.") from error


@transaction.atomic
def save_template(template_id: int | None, *, by: User, now: datetime, **values: Any) -> Template:
    """Change a draft's name, introduction, service types or thresholds; without an id, begin a new template."""
    if template_id is None:
        if Template.objects.filter(key=values["key"]).exists():
            raise Refused(f"There is a template “{values['key']}” already.")
        template = Template(created_at=now, created_by=by)
    else:
        template = _draft(template_id)
        values.pop("key", None)
    for name, value in values.items():
        setattr(template, name, value)
    template.save()
    kind = "template.started" if template_id is None else "template.changed"
    events.record(kind, by=by, about=template, after={"version": template.version})
    return template


@transaction.atomic
def save_part(part: Part, *, by: User, position: int) -> Part:
    """Save a section, standard or question of a draft at a position among its siblings (1 is first)."""
    template = _draft(_template_id(part))
    siblings = [each for each in _siblings(part) if each.pk != part.pk]
    if part.pk is None:
        # Beyond all others until the places are given anew.
        part.order = 30_000
    part.save()
    siblings.insert(max(position, 1) - 1, part)
    _number(siblings)
    events.record("template.part_saved", by=by, about=template, after={"part": str(part._meta.verbose_name)})
    return part


@transaction.atomic
def remove_part(part: Part, *, by: User) -> None:
    """Take a section, standard or question, with all below it, out of a draft."""
    template = _draft(_template_id(part))
    siblings = [each for each in _siblings(part) if each.pk != part.pk]
    part.delete()
    _number(siblings)
    events.record(
        "template.part_removed", by=by, about=template, after={"part": str(part._meta.verbose_name)}
    )


@transaction.atomic
def publish(template_id: int, *, by: User | None, now: datetime, changes: str = "") -> Template:
    """Bring a draft into use; the version that was current is retired, and visits begun with it keep it."""
    template = Template.objects.select_for_update().get(pk=template_id)
    if why_not := rules.why_not_publish(template, list(Question.objects.of_template(template))):
        raise Refused(why_not)
    Template.objects.filter(key=template.key, status=TemplateStatus.CURRENT).update(
        status=TemplateStatus.RETIRED
    )
    template.status, template.published_at, template.published_by = TemplateStatus.CURRENT, now, by
    template.changes = changes or template.changes
    template.save()
    events.record("template.published", by=by, about=template, after={"version": template.version})
    return template


@transaction.atomic
def discard_draft(template_id: int, *, by: User) -> None:
    template = _draft(template_id)
    events.record("template.draft_discarded", by=by, about=template, before={"version": template.version})
    template.delete()


def _draft(template_id: int) -> Template:
    template = Template.objects.select_for_update().get(pk=template_id)
    if why_not := rules.why_not_edit(template):
        raise Refused(why_not)
    return template


def _template_id(part: Part) -> int:
    if isinstance(part, Section):
        return part.template_id
    return part.section.template_id if isinstance(part, Standard) else part.standard.section.template_id


def _siblings(part: Part) -> list[Part]:
    if isinstance(part, Section):
        return list(Section.objects.filter(template=part.template_id))
    if isinstance(part, Standard):
        return list(Standard.objects.filter(section=part.section_id))
    return list(Question.objects.filter(standard=part.standard_id))


def _number(parts: Iterable[Part]) -> None:
    # The constraints on the order wait for the end of the transaction.
    for order, part in enumerate(parts, 1):
        if part.order != order:
            part.order = order
            part.save(update_fields=["order"])


def _write(
    source: files.TemplateInFile, *, version: int, by: User | None, now: datetime, changes: str = ""
) -> Template:
    template = Template.objects.create(
        key=source.key,
        version=version,
        name=source.name,
        introduction=source.introduction,
        service_types=list(source.service_types),
        excellent_from=source.excellent_from,
        good_from=source.good_from,
        improvement_from=source.improvement_from,
        beside_main=source.beside_main,
        changes=changes,
        created_at=now,
        created_by=by,
    )
    for section_order, section in enumerate(source.sections, 1):
        stored = Section.objects.create(template=template, order=section_order, title=section.title)
        for standard_order, standard in enumerate(section.standards, 1):
            of = Standard.objects.create(
                section=stored, order=standard_order, title=standard.title, statement=standard.statement
            )
            Question.objects.bulk_create(
                Question(
                    standard=of,
                    order=order,
                    code=question.code,
                    text=question.text,
                    guidance=question.guidance,
                    kind=question.kind,
                    options=[
                        {"value": o.value, "label": o.label, "points": o.points} for o in question.options
                    ],
                    weight=question.weight,
                    na_allowed=question.na_allowed,
                    evidence_required=question.evidence_required,
                    critical=question.critical,
                )
                for order, question in enumerate(standard.questions, 1)
            )
    events.record("template.started", by=by, about=template, after={"version": version})
    return template
