"""Audit templates: drafts, the parts that they are made of, and bringing a version into use.

Source: the council's own policy. A trigger in the database holds that a version once in use never
changes, so that a finished audit keeps what it was asked.
"""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max

from audits import files
from audits.models import Question, Standard, Template, TemplateSection, TemplateStatus
from audits.permissions import READ
from audits.rules import templates
from audits.workflow.template import TEMPLATE
from core import events
from core.models import User
from core.taken import refused_if_taken
from core.workflow import requires

Part = TemplateSection | Standard | Question


@dataclass(frozen=True)
class TemplateInput:
    """What a version says of itself. `key` is that of a new template; a version keeps its own."""

    name: str
    key: str
    service_types: list[str]
    beside_main: bool
    introduction: str
    excellent_from: int
    good_from: int
    improvement_from: int


@dataclass(frozen=True)
class TemplateSectionInput:
    """A section; `position` is its place among its siblings, from 1."""

    title: str
    position: int


@dataclass(frozen=True)
class StandardInput:
    """A standard and what a good service does; `position` is its place in its section, from 1."""

    title: str
    statement: str
    position: int


@dataclass(frozen=True)
class QuestionInput:
    """A question; `position` is its place in its standard, from 1."""

    text: str
    code: str
    guidance: str
    kind: str
    options: list[dict[str, Any]]
    weight: int
    na_allowed: bool
    evidence_required: bool
    critical: bool
    position: int


PartInput = TemplateSectionInput | StandardInput | QuestionInput


@dataclass(frozen=True)
class PublishInput:
    """What changed in the version."""

    changes: str


@requires(TEMPLATE["start"], *READ, automatic=True)
@transaction.atomic
def load_template(source: files.TemplateInFile, *, by: User | None, now: datetime) -> Template:
    """Store a template read from a file as a draft: a new template, or the next version of the one
    with its key.

    Raises `NotAllowed`: `permission-missing`, `draft-exists`.
    """
    versions = Template.objects.filter(key=source.key)
    templates.check_load(source.key, versions.filter(status=TemplateStatus.DRAFT).exists())
    last = versions.aggregate(last=Max("version"))["last"] or 0
    with refused_if_taken(templates.HAS_DRAFT, "file", "draft-exists"):
        return _write(source, version=last + 1, by=by, now=now, changes="Read from a file")


@requires(TEMPLATE["publish"], *READ, automatic=True)
@transaction.atomic
def load_shipped(*, by: User | None, now: datetime) -> list[Template]:
    """Bring into use each template that comes with carequality and that the council has no version
    of. A council's own version, even a draft, is left alone.

    Raises `NotAllowed`: `permission-missing`.
    """
    loaded = []
    as_it_comes = PublishInput("As it comes with carequality")
    for path in sorted(files.SHIPPED.glob("*.toml")):
        source = files.parse(path.read_text(encoding="utf-8"))
        if not Template.objects.filter(key=source.key).exists():
            draft = load_template(source, by=by, now=now)
            loaded.append(publish(draft.pk, by=by, now=now, given=as_it_comes))
    return loaded


@requires(TEMPLATE["start-version"], *READ)
@transaction.atomic
def start_version(template_id: int, *, by: User, now: datetime) -> Template:
    """Start the next version as a draft with the same questions.

    Raises `NotAllowed`: `permission-missing`, `draft-exists`.
    """
    template = Template.objects.select_for_update().get(pk=template_id)
    versions = Template.objects.filter(key=template.key)
    templates.check_start_version(versions.filter(status=TemplateStatus.DRAFT).exists())
    TEMPLATE.apply(template, "start-version", by=by, now=now)
    last = versions.aggregate(last=Max("version"))["last"]
    # Two people at once: the constraints let one through.
    with refused_if_taken(templates.HAS_DRAFT, code="draft-exists"):
        return _write(files.content(template), version=last + 1, by=by, now=now)


@requires("audits.edit_template", *READ)
@transaction.atomic
def save_template(
    template_id: int | None, *, by: User, given: TemplateInput, now: datetime
) -> Template:
    """Change a draft's name, introduction, service types or thresholds; without an id, begin a new
    template.

    Raises `NotAllowed`: `permission-missing`, `key-taken`, `wrong-state`.
    """
    values = asdict(given)
    if template_id is None:
        templates.check_key(given.key, Template.objects.filter(key=given.key).exists())
        template = Template(created_at=now, created_by=by)
        TEMPLATE.apply(template, "start", by=by, now=now)
    else:
        template = _draft(template_id, by)
        values.pop("key")
    for name, value in values.items():
        setattr(template, name, value)
    with refused_if_taken(templates.key_taken(given.key), "key", "key-taken"):
        template.save()
    kind = "template.started" if template_id is None else "template.changed"
    events.record(kind, by=by, about=template, after={"version": template.version})
    return template


@requires(TEMPLATE["change"], *READ)
@transaction.atomic
def save_part(part: Part, *, by: User, given: PartInput) -> Part:
    """Save a section, standard or question of a draft at a position among its siblings (1 is
    first).

    Raises `NotAllowed`: `permission-missing`, `wrong-state`.
    """
    template = _draft(_template_id(part), by)
    siblings = [each for each in _siblings(part) if each.pk != part.pk]
    values = asdict(given)
    position = values.pop("position")
    for name, value in values.items():
        setattr(part, name, value)
    if part.pk is None:
        # Beyond all others until the places are numbered again.
        part.order = 30_000
    part.save()
    siblings.insert(max(position, 1) - 1, part)
    _number(siblings)
    events.record(
        "template.part_saved", by=by, about=template, after={"part": str(part._meta.verbose_name)}
    )
    return part


@requires(TEMPLATE["change"], *READ)
@transaction.atomic
def remove_part(part: Part, *, by: User) -> None:
    """Take a section, standard or question, with all below it, out of a draft.

    Raises `NotAllowed`: `permission-missing`, `wrong-state`.
    """
    template = _draft(_template_id(part), by)
    siblings = [each for each in _siblings(part) if each.pk != part.pk]
    part.delete()
    _number(siblings)
    events.record(
        "template.part_removed", by=by, about=template, after={"part": str(part._meta.verbose_name)}
    )


@requires(TEMPLATE["publish"], *READ, automatic=True)
@transaction.atomic
def publish(
    template_id: int, *, by: User | None, now: datetime, given: PublishInput | None = None
) -> Template:
    """Bring a draft into use; the version that was current is retired, and visits begun with it
    keep it.

    Raises `NotAllowed`: `permission-missing`, `wrong-state`, `nothing-scored`, `code-twice`.
    """
    template = Template.objects.select_for_update().get(pk=template_id)
    TEMPLATE.apply(template, "publish", by=by, now=now)
    templates.check_publish(list(Question.objects.of_template(template)))
    # First the former one goes: the database allows one current version.
    for former in Template.objects.current().select_for_update().filter(key=template.key):
        TEMPLATE.apply(former, "retire", by=by, now=now)
        former.save(update_fields=["status"])
    template.published_at, template.published_by = now, by
    template.changes = (given.changes if given else "") or template.changes
    template.save()
    events.record("template.published", by=by, about=template, after={"version": template.version})
    return template


@requires(TEMPLATE["discard"], *READ)
@transaction.atomic
def discard_draft(template_id: int, *, by: User) -> None:
    """Delete a draft; the event keeps that there was one.

    Raises `NotAllowed`: `permission-missing`, `wrong-state`.
    """
    template = Template.objects.select_for_update().get(pk=template_id)
    TEMPLATE.apply(template, "discard", by=by)
    # While it still has the id that the event keeps.
    events.record(
        "template.draft_discarded", by=by, about=template, before={"version": template.version}
    )
    template.delete()


def _draft(template_id: int, by: User) -> Template:
    # Every change of a part holds the whole template: two editors renumber one after the other, and
    # a draft is not brought into use halfway through a change.
    template = Template.objects.select_for_update().get(pk=template_id)
    TEMPLATE.apply(template, "change", by=by)
    return template


def _template_id(part: Part) -> int:
    if isinstance(part, TemplateSection):
        return part.template_id
    return (
        part.section.template_id
        if isinstance(part, Standard)
        else part.standard.section.template_id
    )


def _siblings(part: Part) -> list[Part]:
    if isinstance(part, TemplateSection):
        return list(TemplateSection.objects.filter(template=part.template_id))
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
    template = Template(
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
    TEMPLATE.apply(template, "start", by=by, now=now)
    template.save()
    for section_order, section in enumerate(source.sections, 1):
        stored = TemplateSection.objects.create(
            template=template, order=section_order, title=section.title
        )
        for standard_order, standard in enumerate(section.standards, 1):
            of = Standard.objects.create(
                section=stored,
                order=standard_order,
                title=standard.title,
                statement=standard.statement,
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
                        {"value": o.value, "label": o.label, "points": o.points}
                        for o in question.options
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
