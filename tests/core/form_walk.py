"""Answering a form with values of its own, and finding them in the rows that were written by it."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from django import forms
from django.contrib.auth.hashers import check_password
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.utils import timezone

from govuk.fields import GovDateField, GovDateTimeField, GovTimeField
from tests.core.form_cases import KEYED
from tests.core.form_pages import MOMENT, Asked, forms_in, name_of

ROUNDS = 12  # answers that are tried until a form takes them
# In days and in minutes before now, each for a first and for a second answer.
DAYS = ((9, -3, 16, 0, 1, -1, 33, -17, 70, -45), (10, -4, 17, -1, 1, 0, 34, -18, 71, -46))
MINUTES = ((47, 187, 1571, 14_413, 57_617, -1440), (29, 193, 1601, 14_431, 57_637, -1471))
NUMBERS = (17, 13, 7, 3, 2, 1)
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010804000000b51c0c02"
    "0000000b4944415478da6364f80f00010501012718e3660000000049454e44ae426082"
)


@dataclass
class FieldAnswer:
    """What one field is given: `posted` as a browser sends it, `value` as it may be found again."""

    posted: Any
    value: Any
    kind: str  # text, number, day, moment, time, choice, choices, flag, file, kept


@dataclass
class Walk:
    """One answer to one form: what was sent, and the rows that it wrote."""

    asked: Asked
    answers: dict[str, FieldAnswer]
    rows: list[tuple[str, dict[str, Any]]]
    location: str
    problems: list[str] = field(default_factory=list)


def answers_to(
    form: Any, fixed: Mapping[str, Any], attempts: Mapping[str, int], again: bool
) -> dict[str, FieldAnswer]:
    """A value of its own for each field; `attempts` says how often the form has refused that of a
    field.
    """
    return {
        name: _answer(form, name, number, _called(fixed.get(name)), attempts.get(name, 0), again)
        for number, name in enumerate(form.fields)
    }


def _answer(
    form: Any, name: str, number: int, fixed: Any, refused: int, again: bool
) -> FieldAnswer:
    attempt = refused + again
    asked = form.fields[name]
    initial = form.get_initial_for_field(asked, name)
    if isinstance(asked, forms.FileField):
        file = fixed or SimpleUploadedFile(f"words-of-{name}.png", PNG, "image/png")
        file.seek(0)
        return FieldAnswer(file, file, "file")
    if fixed is None and (asked.widget.is_hidden or asked.disabled):
        return FieldAnswer("" if initial is None else str(initial), initial, "kept")
    if isinstance(asked, forms.ModelMultipleChoiceField | forms.MultipleChoiceField):
        chosen = list(fixed) if fixed is not None else _several(asked, initial, attempt)
        return FieldAnswer([str(one) for one in chosen], [str(one) for one in chosen], "choices")
    if isinstance(asked, forms.ChoiceField | forms.ModelChoiceField):
        return _choice(asked, initial, fixed, attempt)
    if isinstance(asked, forms.BooleanField):
        flag = (
            bool(fixed)
            if fixed is not None
            else asked.required or bool(initial) == bool(attempt % 2)
        )
        return FieldAnswer("on" if flag else None, flag, "flag")
    if isinstance(asked, GovDateTimeField):
        moment = fixed or MOMENT - timedelta(minutes=_of(MINUTES[again], refused) + number)
        return FieldAnswer(f"{timezone.localtime(moment):%Y-%m-%d %H:%M}", moment, "moment")
    if isinstance(asked, GovDateField):
        day = fixed or MOMENT.date() + timedelta(_of(DAYS[again], refused))
        return FieldAnswer(day.isoformat(), day, "day")
    if isinstance(asked, GovTimeField):
        hour = fixed or time(10 + attempt % 9, 13 + number)
        return FieldAnswer(f"{hour:%H:%M}", hour, "time")
    if isinstance(asked, forms.IntegerField):  # decimals too
        return _number(asked, initial, fixed, attempt)
    text = _text(asked, name, number, attempt) if fixed is None else fixed
    return FieldAnswer(text, text, "text")


def _called(fixed: Any) -> Any:
    """A fixed answer, or what makes it when it is needed."""
    return fixed() if callable(fixed) else fixed


def _of(values: Sequence[Any], attempt: int) -> Any:
    return values[attempt % len(values)]


def _values(asked: Any) -> list[Any]:
    """What can be chosen; options in groups are taken out of these."""
    if isinstance(asked, forms.ModelChoiceField):
        return [record.pk for record in asked.queryset]
    flat: list[Any] = []
    for value, label in asked.choices:
        flat += [inner for inner, _ in label] if isinstance(label, list | tuple) else [value]
    return [value for value in flat if value not in ("", None)]


def _several(asked: Any, initial: Any, attempt: int) -> list[Any]:
    """Two that are not chosen yet, or as many as there are."""
    chosen = {str(getattr(one, "pk", one)) for one in initial or ()}
    values = _values(asked)
    return ([value for value in values if str(value) not in chosen] or values)[-2 - attempt :][:2]


def _choice(asked: Any, initial: Any, fixed: Any, attempt: int) -> FieldAnswer:
    value = fixed
    if fixed is None:
        # YesNoField tells its answers as texts and its initial as a flag.
        initial = (
            {True: "yes", False: "no"}.get(initial, initial)
            if isinstance(initial, bool)
            else initial
        )
        values = _values(asked)
        others = [
            one for one in reversed(values) if str(one) != str(getattr(initial, "pk", initial))
        ]
        others += [one for one in values if one not in others]  # what stands there now comes last
        value = _of(others or [""], attempt)
    return FieldAnswer(str(value), str(value), "choice")


def _number(asked: Any, initial: Any, fixed: Any, attempt: int) -> FieldAnswer:
    low, high = asked.min_value, asked.max_value
    tried = [*NUMBERS] if initial in (None, "") else [initial + step for step in (1, -1, 2, 5, -2)]
    fitting = [
        number
        for number in tried
        if (low is None or number >= low) and (high is None or number <= high)
    ] or [low if low is not None else high]
    value = fixed if fixed is not None else _of(fitting, attempt)
    return FieldAnswer(str(value), Decimal(str(value)), "number")


def _text(asked: Any, name: str, number: int, attempt: int) -> str:
    """Words that stand nowhere else; small letters, since capitals may be taken for a person's
    name.
    """
    words = name.replace("_", " ")
    if isinstance(asked, forms.EmailField):
        return f"words.{number}@example.test"
    if isinstance(asked.widget, forms.PasswordInput):
        return f"quite-long-{words}-{number}"
    tried = (
        f"some words of {words} numbered {number}",
        f"words-of-{name.replace('_', '-')}-{number}",
        f"01632 9600{number:02}",
        f"0{number:02}",
    )
    most: int | None = asked.max_length
    shape = _of(tried, attempt)
    return shape if most is None or len(shape) <= most else f"words{number:03}"[:most]


def submit(client: Client, asked: Asked, fixed: Mapping[str, Any], again: bool = False) -> Walk:
    """Answer the form until it is taken: what it refuses is given another value. `problems` says
    why it was not taken.

    `again`: it is answered a second time, with other values.
    """
    attempts: dict[str, int] = {}
    form, problems = asked.form, []
    for _ in range(ROUNDS):
        answers = answers_to(form, fixed, attempts, again)
        posted = {
            form.add_prefix(name): answer.posted
            for name, answer in answers.items()
            if answer.posted is not None
        }
        before = written()
        response = client.post(asked.url, posted)
        if response.status_code in (302, 303):
            rows = [row for row in written() if row not in before]
            return Walk(
                asked, answers, [(table, held) for table, _, held in rows], response["Location"]
            )
        answered = [
            each for each in forms_in(response) if type(each) is type(form) and each.is_bound
        ]
        if not answered:
            return Walk(asked, answers, [], "", [f"{response.status_code} and no form"])
        form = answered[0]
        problems = [f"{name}: {'; '.join(found)}" for name, found in form.errors.items()]
        # `errors` of a bound form stay with it; its values are given anew.
        refused = [name for name in form.errors if name in form.fields]
        if not refused:
            break
        for name in refused:
            attempts[name] = attempts.get(name, 0) + 1
        form.is_bound = False
    return Walk(asked, answers, [], "", problems or ["refused without a word"])


def written() -> list[tuple[str, str, dict[str, Any]]]:
    """Every row that this transaction has written, by table and place, of every table."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_current_xact_id()::text::bigint & 4294967295")
        first = cursor.fetchone()[0]
        cursor.execute(_all_tables(), {"first": first})
        return [(table, place, json.loads(held)) for table, place, held in cursor.fetchall()]


def _all_tables() -> str:
    if not _SELECT:
        with connection.cursor() as cursor:
            cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")
            tables = [name for (name,) in cursor.fetchall() if name not in ("django_session",)]
        # Savepoints have ids of their own, later than the transaction's.
        _SELECT.append(
            " UNION ALL ".join(
                f"SELECT '{table}', ctid::text, row_to_json(t)::text FROM {table} t"
                " WHERE xmin::text::bigint >= %(first)s"
                for table in tables
            )
        )
    return _SELECT[0]


_SELECT: list[str] = []


def places(walk: Walk, name: str, column: str = "", written: str = "") -> set[str]:
    """Where the answer of a field stands in what was written: words anywhere, other values under a
    name like the field's.

    `column`: the name, if it is another; `written`: the words, if they are others.
    """
    form, answer, held = walk.asked.form, walk.answers[name], list(_held(walk))
    if keyed := KEYED.get(name_of(type(form))):
        held = _held_of(walk, name, *keyed) or held
    if answer.kind == "choices":
        found = [
            {
                key
                for key, value in held
                if _same("choice", one, value) and _akin(key, name, form, column)
            }
            for one in (_labels(form, name, answer.value) if column else answer.value)
        ]
        return set.union(*found) if found and all(found) else set()
    loose = answer.kind in ("text", "file") and len(str(answer.value)) > 5
    return {
        key
        for key, value in held
        if _same(answer.kind, written or answer.value, value)
        and (loose or _akin(key, name, form, column))
    }


def _labels(form: Any, name: str, values: Sequence[str]) -> list[str]:
    """Where the action stores what a choice says, and not by which value it was chosen."""
    labels = {str(value): str(label) for value, label in form.fields[name].choices}
    return [labels[value] for value in values]


def _held_of(
    walk: Walk, name: str, shape: str, table: str, key: str, columns: Mapping[str, str]
) -> list[tuple[str, Any]]:
    """What stands in the row that such a field is about, under the field's own name."""
    match = re.fullmatch(shape, name)
    if match is None:
        return []
    one, what = match.groups()
    answer = walk.answers[name].value
    held = [row for of, row in walk.rows if of == table and str(row[key]) == one]
    if answer in columns:  # an answer with a column of its own
        return [(f"{table}.{name}", answer) for row in held if row[columns[answer]] is True]
    return [
        (f"{table}.{name}", leaf)
        for row in held
        for _, leaf in _leaves("", row.get(columns.get(what, what), row))
    ]


def _held(walk: Walk) -> Iterator[tuple[str, Any]]:
    for table, row in walk.rows:
        for key, value in row.items():
            yield from _leaves(f"{table}.{key}", value)


def _leaves(key: str, value: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from _leaves(f"{key}.{name}", inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _leaves(key, inner)
    else:
        yield key, value


def _akin(key: str, name: str, form: Any, column: str) -> bool:
    """Whether a column, or a name inside its JSON, is that of the field; or of the action's input
    for it.
    """
    last = key.rsplit(".", 1)[-1]
    if column:
        return column in (last, key)
    names = {name, form.input_names.get(name, name)}
    names |= {each.removesuffix("s") for each in names} | {
        f"{each[:-3]}y" for each in names if each[-3:] == "ies"
    }
    return any(last in (each, f"{each}_id", f"{each}_ids") for each in names)


def _same(kind: str, value: Any, held: Any) -> bool:
    if held is None or value is None:
        return False
    if kind == "flag":
        return held is value
    if kind == "number":
        try:
            return Decimal(str(held)) == value
        except InvalidOperation:
            return False
    if kind == "day":
        moment = _moment(held)
        return held == value.isoformat() or (
            moment is not None and timezone.localtime(moment).date() == value
        )
    if kind == "moment":
        return _moment(held) == value
    if kind == "time":
        return str(held)[:5] == f"{value:%H:%M}"
    if kind == "file":
        return Path(value.name).stem in str(
            held
        )  # what it holds may be written anew, without what a camera adds
    if kind == "text":
        single_spaced = " ".join(str(value).split())
        return single_spaced in " ".join(str(held).split()) or (
            str(held).startswith(("argon2", "pbkdf2", "md5$"))
            and check_password(str(value), str(held))
        )
    if isinstance(held, bool):
        return value == ("yes" if held else "no")
    return str(held) == str(value)


def _moment(held: Any) -> datetime | None:
    try:
        moment = datetime.fromisoformat(str(held))
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def effects(walk: Walk) -> list[str]:
    """What an answer did, apart from its words: the events, states, kinds and flags of what it
    wrote.
    """
    return sorted(
        f"{table}.{key}={value}"
        for table, row in walk.rows
        for key, value in row.items()
        if isinstance(value, bool)
        or (isinstance(value, str) and re.fullmatch(r"[a-z_.-]{2,40}", value))
    )


def is_hidden(walk: Walk, name: str) -> bool:
    """Whether a field is shown for other answers than those that were given."""
    revealing = [
        str(walk.answers[by].posted) == _plain(answer)
        for by, answers in walk.asked.form.reveals.items()
        for answer, names in answers.items()
        if name in names and by in walk.answers
    ]
    return bool(revealing) and not any(revealing)


def variants(form: Any, deciding: Sequence[str]) -> list[dict[str, Any]]:
    """The answers to give in turn: each that reveals further questions and one that does not, each
    of a field that decides.
    """
    by_field = {}
    for name, answers in form.reveals.items():
        if name in form.fields:
            revealing = [_plain(value) for value in answers]
            others = [
                _plain(value)
                for value in _values(form.fields[name])
                if _plain(value) not in revealing
            ]
            by_field[name] = [*revealing, *others[:1]]
    for name in deciding:
        if name in form.fields:
            by_field[name] = [_plain(value) for value in _values(form.fields[name])]
    most = max(map(len, by_field.values()), default=1)
    return [
        {name: values[number % len(values)] for name, values in by_field.items()}
        for number in range(most)
    ]


def _plain(value: Any) -> Any:
    return str(getattr(value, "value", value)) if not isinstance(value, bool) else value
