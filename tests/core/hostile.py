"""What comes in that nobody meant: the long, the odd, the early, the late, the deep, the hostile.

By the kind of the field or entrance: what it must refuse, and the outermost that it takes. Used as
they stand by the short walk, and drawn from by the deep one.
"""

import json
from collections.abc import Callable, Mapping
from typing import Any

from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from hypothesis import strategies as st

from documents import dates
from govuk.fields import GovDateField, GovDateTimeField, GovTimeField

LONGEST = 20_000

# Nothing of this is a day that any field takes.
NO_DAYS = (
    "0001-01-01",
    "0026-02-01",
    "0202-05-20",
    "9999-12-31",
    "2026-02-30",
    "10000-01-01",
    "-0001-01-01",
    "1 marzipan 2026",
    "9" * 5_000,
    "\0",
)
NO_NUMBERS = (
    "-" + "9" * 30,
    "9" * 5_000,
    "1e400",
    "NaN",
    "Infinity",
    "²",
    "١٢x",
    "0x10",
    "1_0.",
    "\0",
)
# In small letters, since capitals may be taken for a person's name.
ODD_TEXTS = (
    "é́ ✓ o₂ ☐ ₂ \uf0b7 ‘’“” <b>&amp;</b> {{ 7|x }} {% y %} %s %(a)s \\ ' \" ;-- ../../x",
    "\u202eabc\u202c \u200b\u200d\ufeff\u2028\u2029\xad",
    "\x01\x08\x0b\x0c\x1b\x7f\x85",
    "line\r\nline\n\n\rline\t\t",
    "🧑🏽‍🦽🏴󠁧󠁢󠁷󠁬󠁳󠁿 𝄞 \U0010ffff \uffff \ufffe",
    "=1+1",
    "ﷺ" * 20,
    "ا" + "\u0301" * 500,
    "%00 %ff %",
    "﷽ 漢字 עברית ไทย",
)
NO_TEXTS = ("\0", "a\0b", "")
# For whatever an address, a hidden field or a choice may hold.
ANYTHING = (
    *NO_DAYS,
    *NO_NUMBERS,
    *ODD_TEXTS,
    "0",
    "-1",
    "2147483648",
    "9223372036854775808",
    "x" * 9_000,
)

# What browsers, proxies and programs say of themselves, sent with every request of the walk.
RUBBISH_HEADERS = {
    "Accept": "\xff,;q=x,*/*;q=",
    "Accept-Language": "x" * 5_000 + ",;q=9,de;q=-1,\xff",
    "User-Agent": "\xff" + "y" * 5_000,
    "Referer": "http://[::1/\xff%00",
    "X-Forwarded-For": "unknown, 203.0.113.5:51234, [::1",
    "X-Forwarded-Proto": "gopher",
    "X-Requested-With": "\xff",
    "If-Modified-Since": "Thu, 99 Foo 99999 99:99:99 GMT",
    "If-None-Match": '"\xff',
    "Range": "bytes=9-1,-",
}
HTMX_HEADERS = {
    "HX-Request": "true",
    "HX-Current-URL": "http://[::1/\xff%00",
    "HX-Target": "\xff",
    "HX-Trigger": "<>",
    "HX-Prompt": "%ff",
}

DEEP = "[" * 20_000
BODIES = (
    DEEP,
    '{"item":' * 20_000,
    "[" * 20_000 + "]" * 20_000,
    "null",
    "[]",
    '"\\ud800"',
    '{"item": []}',
    '{"item": {}}',
    '{"item": "answer", "question": ' + "9" * 5_000 + "}",
    '{"item": "begin", "visited_on": "0001-01-01"}',
    '{"item": "begin", "visited_on": "9999-12-31"}',
    '{"item": "begin", "visited_on": "\\u0000"}',
    "NaN",
    "",
    "\0",
)


def longest_email(most: int) -> str:
    """An address as long as it may be, by its parts and in all."""
    left = most - 64 - len("@.test")
    labels = ["h" * 60] * (left // 61)
    rest = left - 61 * len(labels)
    return f"{'n' * 64}@{'.'.join([*labels, 'h' * rest] if rest else labels)}.test"


def outermost(field: forms.Field, *, last: bool) -> Any:
    """The first or the last that a field takes, as it is posted; None where there is none."""
    today = timezone.localdate()
    if isinstance(field, GovDateField):
        day = field.within.last(today) if last else field.within.first(today)
        at = " 23:59" if last else " 00:00"
        return day.isoformat() + (at if isinstance(field, GovDateTimeField) else "")
    if isinstance(field, GovTimeField):
        return "23:59" if last else "00:00"
    if isinstance(field, forms.DecimalField | forms.IntegerField):
        bound = field.max_value if last else field.min_value
        return str(bound if bound is not None else 10**9 if last else -(10**9))
    if isinstance(field, forms.EmailField):
        return longest_email(field.max_length or 320) if last else None
    if isinstance(field, forms.CharField) and not isinstance(field.widget, forms.PasswordInput):
        return "ö" * (field.max_length or LONGEST) if last else ODD_TEXTS[0][: field.max_length]
    return None


def a_file(name: str = "../../\u202e\xff'.png") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + b"\xff" * 40, "image/png")


def refused(field: forms.Field, number: int) -> Any:
    """What a field cannot take: another for each of its fellows."""
    if isinstance(field, forms.FileField):
        return a_file()
    if isinstance(field, GovDateField):
        return NO_DAYS[number % len(NO_DAYS)]
    if isinstance(field, forms.IntegerField | forms.DecimalField):
        return NO_NUMBERS[number % len(NO_NUMBERS)]
    if isinstance(field, forms.BooleanField):
        return "\0"
    if isinstance(field, forms.CharField):
        return NO_TEXTS[number % 2]
    return ANYTHING[number % len(ANYTHING)]


Profile = Callable[[Mapping[str, forms.Field]], dict[str, Any]]


def _by_field(value: Callable[[forms.Field, int], Any]) -> Profile:
    def profile(fields: Mapping[str, forms.Field]) -> dict[str, Any]:
        found = {name: value(field, number) for number, (name, field) in enumerate(fields.items())}
        return {name: posted for name, posted in found.items() if posted is not None}

    return profile


PROFILES: dict[str, Profile] = {
    "earliest": _by_field(lambda field, _: outermost(field, last=False)),
    "latest": _by_field(lambda field, _: outermost(field, last=True)),
    "refused": _by_field(refused),
}


def drawn(field: forms.Field) -> st.SearchStrategy[Any]:
    """Anything that may be sent for a field: of its kind, beyond it, or of no kind at all."""
    text = st.text(max_size=300) | st.sampled_from(ODD_TEXTS) | st.sampled_from(ANYTHING)
    ends = [outermost(field, last=False), outermost(field, last=True)]
    kind: st.SearchStrategy[Any] = text
    if isinstance(field, GovDateField):
        days = st.dates().map(str) | st.sampled_from(NO_DAYS)
        near = st.dates(dates.LASTING.first(timezone.localdate()), timezone.localdate()).map(str)
        hours = st.times().map(lambda at: f" {at:%H:%M}") | st.just("")
        kind = st.tuples(days | near, hours).map("".join)
    elif isinstance(field, forms.IntegerField | forms.DecimalField):
        kind = (st.integers() | st.decimals()).map(str) | st.sampled_from(NO_NUMBERS)
    elif isinstance(field, forms.FileField):
        return st.tuples(st.text(max_size=60), st.binary(max_size=300)).map(
            lambda made: SimpleUploadedFile(made[0] or "x", made[1])
        )
    return st.sampled_from([end for end in ends if end is not None] or [""]) | kind | text


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.sampled_from(ANYTHING),
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.text(), inner, max_size=5),
    max_leaves=15,
)
JSON_BODIES = st.sampled_from(BODIES) | JSON_VALUES.map(json.dumps) | st.text()
