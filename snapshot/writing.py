"""JSON that is read and compared by line, with what differs by chance taken out."""

import json
import re
from pathlib import Path
from typing import Any

UUID = re.compile(r"\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b")
CALENDAR = re.compile(r"(?<=/calendar/)[\w-]{43}(?=\.ics)")
# What the pages that work without a network are given to sign and seal with.
SECRETS = frozenset(("csrf", "key"))


def settled(value: Any) -> Any:
    """The value without what is drawn anew each time: ids of notes and files, tokens, keys and the
    secret addresses of calendars.
    """
    if isinstance(value, dict):
        secret = SECRETS if "csrf" in value else ()
        return {
            name: "<secret>" if name in secret else settled(each) for name, each in value.items()
        }
    if isinstance(value, list | tuple):
        return [settled(each) for each in value]
    return CALENDAR.sub("<token>", UUID.sub("<uuid>", value)) if isinstance(value, str) else value


def laid_out(value: Any, indent: str = "", *, in_list: bool = False) -> str:
    """JSON in lines: a row of a table takes one, and so does each text of a list."""
    inner = indent + " "
    if isinstance(value, dict) and value:
        lines = [
            f"{inner}{json.dumps(name, ensure_ascii=False)}: {laid_out(each, inner)}"
            for name, each in value.items()
        ]
        return "{\n" + ",\n".join(lines) + f"\n{indent}}}"
    if isinstance(value, list) and value:
        if in_list and not any(isinstance(each, list | dict) for each in value):
            return json.dumps(value, ensure_ascii=False)
        lines = [inner + laid_out(each, inner, in_list=True) for each in value]
        return "[\n" + ",\n".join(lines) + f"\n{indent}]"
    return json.dumps(value, ensure_ascii=False)


def write(file: Path, value: Any) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(laid_out(settled(value)) + "\n", encoding="utf-8")
