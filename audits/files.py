"""An audit template as a file: TOML in, TOML out, checked whole so that one reading names every
mistake. See docs/audit-templates.md.
"""

import json
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

from audits.models import SCORED_KINDS, AnswerKind, Question, Template
from documents import text as door
from providers.vocabulary import ServiceType

SHIPPED = Path(__file__).parent / "templates_shipped"
SEVERAL_LINES = 300  # a text that may be as long as this may have lines; a shorter one is one
# What a question is known by from version to version, so that last year's answer is found.
CODE = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


class TemplateFileError(Exception):
    """A file that cannot be used. `problems` says each reason and where it lies."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("; ".join(problems))
        self.problems = problems


@dataclass(frozen=True)
class Option:
    value: str
    label: str
    points: int


@dataclass(frozen=True)
class QuestionInFile:
    code: str
    text: str
    kind: str
    guidance: str = ""
    weight: int = 1
    options: tuple[Option, ...] = ()
    na_allowed: bool = False
    evidence_required: bool = False
    critical: bool = False


@dataclass(frozen=True)
class StandardInFile:
    title: str
    statement: str
    questions: tuple[QuestionInFile, ...]


@dataclass(frozen=True)
class SectionInFile:
    title: str
    standards: tuple[StandardInFile, ...]


@dataclass(frozen=True)
class TemplateInFile:
    key: str
    name: str
    service_types: tuple[str, ...]
    introduction: str
    excellent_from: int
    good_from: int
    improvement_from: int
    sections: tuple[SectionInFile, ...]
    beside_main: bool = False


# Reading


class _Reader:
    """Takes values out of a mapping by name, kind and bounds, and notes what is wrong with them and
    where.
    """

    def __init__(self) -> None:
        # Each reader below notes what is wrong and goes on with a value that will do: one reading
        # then names every mistake.
        self.problems: list[str] = []

    def say(self, where: str, what: str) -> None:
        self.problems.append(f"{where}: {what}" if where else what)

    def known(self, table: Mapping[str, Any], names: set[str], where: str) -> None:
        # A name that is misspelt would otherwise be ignored in silence.
        for name in sorted(set(table) - names):
            self.say(where, f"Remove “{name}”: it is not used here.")

    def text(
        self, table: Mapping[str, Any], name: str, where: str, longest: int, needed: bool = True
    ) -> str:
        value = table.get(name, "")
        if not isinstance(value, str):
            self.say(where, f"“{name}” must be text.")
            return ""
        value = (door.clean if longest >= SEVERAL_LINES else door.clean_line)(value).strip()
        if needed and not value:
            self.say(where, f"“{name}” is missing.")
        if len(value) > longest:
            self.say(where, f"“{name}” must be {longest} characters or fewer. It has {len(value)}.")
        return value

    def code(self, table: Mapping[str, Any], name: str, where: str) -> str:
        value = self.text(table, name, where, 60)
        if value and not CODE.fullmatch(value):
            self.say(
                where,
                f"“{name}” must be small letters, numbers and single hyphens. It is {value!r}.",
            )
        return value

    def number(
        self, table: Mapping[str, Any], name: str, where: str, default: int, most: int
    ) -> int:
        value = table.get(name, default)
        # In Python `true` is a number as well.
        if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= most:
            self.say(where, f"“{name}” must be a whole number from 0 to {most}.")
            return default
        return value

    def yes(self, table: Mapping[str, Any], name: str, where: str) -> bool:
        value = table.get(name, False)
        if not isinstance(value, bool):
            self.say(where, f"“{name}” must be true or false.")
            return False
        return value

    def tables(
        self, table: Mapping[str, Any], name: str, where: str, least: int = 1
    ) -> list[Mapping[str, Any]]:
        value = table.get(name, [])
        if not isinstance(value, list) or not all(isinstance(each, dict) for each in value):
            self.say(where, f"“{name}” must be a list of tables.")
            return []
        if len(value) < least:
            self.say(where, f"“{name}” must have at least {least}.")
        return value


def parse(text: str) -> TemplateInFile:
    """Read a template.

    Raises `TemplateFileError`, which names everything that is wrong with it.
    """
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise TemplateFileError([f"This file is not TOML: {error}."]) from error
    except (ValueError, RecursionError) as error:  # a number of thousands of digits; a deep nest
        raise TemplateFileError(
            ["This file is nested too deeply, or a number is too long."]
        ) from error
    reader = _Reader()
    template = _template(reader, data)
    if reader.problems:
        raise TemplateFileError(reader.problems)
    return template


def _template(reader: _Reader, data: Mapping[str, Any]) -> TemplateInFile:
    fields = {
        "key",
        "name",
        "service_types",
        "introduction",
        "excellent_from",
        "good_from",
        "improvement_from",
        "beside_main",
    }
    reader.known(data, fields | {"sections"}, "")
    types = data.get("service_types")
    if (
        not isinstance(types, list)
        or not types
        or not set(map(str, types)) <= set(ServiceType.values)
    ):
        reader.say("", f"“service_types” must list some of {', '.join(ServiceType.values)}.")
        types = []
    template = TemplateInFile(
        key=reader.code(data, "key", ""),
        name=reader.text(data, "name", "", 120),
        service_types=tuple(dict.fromkeys(map(str, types))),
        # The lengths and bounds are those of the columns.
        introduction=reader.text(data, "introduction", "", 5000, needed=False),
        excellent_from=reader.number(data, "excellent_from", "", 90, 100),
        good_from=reader.number(data, "good_from", "", 70, 100),
        improvement_from=reader.number(data, "improvement_from", "", 40, 100),
        beside_main=reader.yes(data, "beside_main", ""),
        sections=tuple(
            _section(reader, table, f"section {number}")
            for number, table in enumerate(reader.tables(data, "sections", ""), 1)
        ),
    )
    steps = [template.improvement_from, template.good_from, template.excellent_from]
    if not all(low < high for low, high in pairwise(steps)):
        reader.say(
            "", "“improvement_from”, “good_from” and “excellent_from” must go up in that order."
        )
    codes = [question.code for question in questions_of(template) if question.code]
    for code in sorted({code for code in codes if codes.count(code) > 1}):
        reader.say("", f"The code “{code}” is used more than once.")
    if not any(
        question.weight and question.kind in SCORED_KINDS for question in questions_of(template)
    ):
        reader.say(
            "",
            "No question is scored. Give a weight to at least one rating, yes or no, or choice.",
        )
    return template


def _section(reader: _Reader, table: Mapping[str, Any], where: str) -> SectionInFile:
    reader.known(table, {"title", "standards"}, where)
    return SectionInFile(
        title=reader.text(table, "title", where, 120),
        standards=tuple(
            _standard(reader, each, f"{where}, standard {number}")
            for number, each in enumerate(reader.tables(table, "standards", where), 1)
        ),
    )


def _standard(reader: _Reader, table: Mapping[str, Any], where: str) -> StandardInFile:
    reader.known(table, {"title", "statement", "questions"}, where)
    return StandardInFile(
        title=reader.text(table, "title", where, 120),
        statement=reader.text(table, "statement", where, 1000, needed=False),
        questions=tuple(
            _question(reader, each, f"{where}, question {number}")
            for number, each in enumerate(reader.tables(table, "questions", where), 1)
        ),
    )


def _question(reader: _Reader, table: Mapping[str, Any], where: str) -> QuestionInFile:
    reader.known(table, {each.name for each in _FIELDS}, where)
    kind = reader.text(table, "kind", where, 10)
    if kind and kind not in AnswerKind.values:
        reader.say(where, f"“kind” must be one of {', '.join(AnswerKind.values)}.")
    scored = kind in SCORED_KINDS
    options = tuple(
        Option(
            value=reader.code(each, "value", f"{where}, option {number}"),
            label=reader.text(each, "label", f"{where}, option {number}", 120),
            points=reader.number(each, "points", f"{where}, option {number}", 0, 100),
        )
        for number, each in enumerate(
            reader.tables(table, "options", where, least=2 * (kind == "choice")), 1
        )
    )
    if options and kind != "choice":
        reader.say(where, "Only a choice can have options.")
    if len({option.value for option in options}) < len(options):
        reader.say(where, "Two options have the same value.")
    question = QuestionInFile(
        code=reader.code(table, "code", where),
        text=reader.text(table, "text", where, 300),
        kind=kind,
        guidance=reader.text(table, "guidance", where, 5000, needed=False),
        # What is not scored weighs nothing unless the file says otherwise, which is refused below.
        weight=reader.number(table, "weight", where, 1 if scored else 0, 10),
        options=options,
        na_allowed=reader.yes(table, "na_allowed", where),
        evidence_required=reader.yes(table, "evidence_required", where),
        critical=reader.yes(table, "critical", where),
    )
    if not scored and kind and (question.weight or question.critical):
        reader.say(
            where,
            "Text, numbers and dates are not scored, so they cannot have a weight or be critical.",
        )
    return question


_FIELDS = QuestionInFile.__dataclass_fields__.values()


def questions_of(template: TemplateInFile) -> list[QuestionInFile]:
    return [
        q
        for section in template.sections
        for standard in section.standards
        for q in standard.questions
    ]


# Writing


def content(template: Template) -> TemplateInFile:
    """What a stored version says, as it would stand in a file."""
    asked: dict[int, list[QuestionInFile]] = {}
    for question in Question.objects.of_template(template):
        asked.setdefault(question.standard_id, []).append(_from_model(question))
    return TemplateInFile(
        key=template.key,
        name=template.name,
        service_types=tuple(template.service_types),
        introduction=template.introduction,
        excellent_from=template.excellent_from,
        good_from=template.good_from,
        improvement_from=template.improvement_from,
        beside_main=template.beside_main,
        sections=tuple(
            SectionInFile(
                section.title,
                tuple(
                    StandardInFile(each.title, each.statement, tuple(asked.get(each.pk, [])))
                    for each in section.standards.all()
                ),
            )
            for section in template.sections.prefetch_related("standards")
        ),
    )


def _from_model(question: Question) -> QuestionInFile:
    return QuestionInFile(
        code=question.code,
        text=question.text,
        kind=question.kind,
        guidance=question.guidance,
        weight=question.weight,
        options=tuple(Option(o["value"], o["label"], o["points"]) for o in question.options),
        na_allowed=question.na_allowed,
        evidence_required=question.evidence_required,
        critical=question.critical,
    )


def dump(template: TemplateInFile) -> str:
    """The template as TOML that `parse` reads back to the same."""
    lines = [
        f"key = {_quoted(template.key)}",
        f"name = {_quoted(template.name)}",
        f"service_types = [{', '.join(map(_quoted, template.service_types))}]",
        *([f"introduction = {_quoted(template.introduction)}"] if template.introduction else []),
        f"excellent_from = {template.excellent_from}",
        f"good_from = {template.good_from}",
        f"improvement_from = {template.improvement_from}",
        *(["beside_main = true"] if template.beside_main else []),
    ]
    for section in template.sections:
        lines += ["", "[[sections]]", f"title = {_quoted(section.title)}"]
        for standard in section.standards:
            lines += ["", "[[sections.standards]]", f"title = {_quoted(standard.title)}"]
            if standard.statement:
                lines.append(f"statement = {_quoted(standard.statement)}")
            for question in standard.questions:
                lines += ["", "[[sections.standards.questions]]", *_question_lines(question)]
    return "\n".join(lines) + "\n"


def _question_lines(question: QuestionInFile) -> list[str]:
    lines = [f"code = {_quoted(question.code)}", f"text = {_quoted(question.text)}"]
    lines.append(f"kind = {_quoted(question.kind)}")
    if question.guidance:
        lines.append(f"guidance = {_quoted(question.guidance)}")
    # What `parse` would assume is left out, so that a file says only what is special.
    if question.weight != (1 if question.kind in SCORED_KINDS else 0):
        lines.append(f"weight = {question.weight}")
    lines += [
        f"{name} = true"
        for name in ("na_allowed", "evidence_required", "critical")
        if getattr(question, name)
    ]
    if question.options:
        lines.append("options = [")
        lines += [
            f"  {{ value = {_quoted(o.value)}, label = {_quoted(o.label)}, points = {o.points} }},"
            for o in question.options
        ]
        lines.append("]")
    return lines


def _quoted(text: str) -> str:
    # JSON's strings are TOML's, but for the delete character, which TOML wants escaped.
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
