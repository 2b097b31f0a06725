"""JSON from elsewhere: read as it is, or refused with one exception."""

import contextlib
import json
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from documents.received_json import DEEPEST, NotJson, read

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**70), 2**70) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


def depth(value: Any) -> int:
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return 1 + max(map(depth, inner), default=0)


@given(VALUES.filter(lambda value: depth(value) <= DEEPEST))
def test_what_is_sound_is_read_as_it_is(value: Any):
    assert read(json.dumps(value)) == value


@given(st.binary() | st.text().map(str.encode))
@example(b"[" * 20_000)
@example(b'{"a":' * 20_000)
@example(b"[" * 20_000 + b"]" * 20_000)
@example(b"9" * 5_000)
@example(b"\xff\xfe\x00")
@example(b"NaN")
@example(b'{"a": -Infinity}')
@example(b"")
def test_anything_else_is_refused_with_one_exception(body: bytes):
    with contextlib.suppress(NotJson):
        read(body)


@pytest.mark.parametrize(("levels", "taken"), [(DEEPEST, True), (DEEPEST + 1, False)])
def test_depth_is_bounded(levels: int, taken: bool):
    body = "[" * levels + "]" * levels
    if taken:
        read(body)
    else:
        with pytest.raises(NotJson, match="deep"):
            read(body)
