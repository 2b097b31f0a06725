"""What a file is, by what it holds and not by what it is called.

One list says it, `file_kinds.json`: this module goes by it here, `static/offline/file-kinds.js` on
a device without a network, so that both take and refuse the same in the same words.
"""

import json
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from core.workflow import NotAllowed
from documents.containers import DamagedError, Package, entries_of_compound, opened_package

LIST = Path(__file__).with_name("file_kinds.json")
LONGEST_NAME = 120  # characters
MOST_BYTES_OF_NAME = 200  # file systems take 255
# What a person's system takes for a part of a path, or for a device of its own.
NOT_IN_NAMES = re.compile(r'[<>:"/\\|?*]')
NAMES_OF_DEVICES = re.compile(r"^(con|prn|aux|nul|com\d|lpt\d)(\.|$)", re.IGNORECASE)
BLANK = b"\xef\xbb\xbf\t\r\n\f "


@dataclass(frozen=True)
class FileKind:
    """A kind of file that is taken."""

    name: str
    content_type: str
    suffixes: tuple[str, ...]
    is_picture: bool


@dataclass(frozen=True)
class Recognised:
    """What a file was recognised as; `name` is safe to save it under, and ends as its kind does."""

    kind: FileKind
    name: str
    content_type: str


@cache
def listed() -> dict[str, Any]:
    """The list, as a device gets it."""
    found: dict[str, Any] = json.loads(LIST.read_text(encoding="utf-8"))
    return found


@cache
def kinds() -> Mapping[str, FileKind]:
    """The kinds that are taken, by their names."""
    return {
        name: FileKind(
            name, entry["type"], tuple(entry["suffixes"]), entry.get("is_picture", False)
        )
        for name, entry in listed()["kinds"].items()
    }


LARGEST: int = listed()["largest"]["bytes"]
LARGEST_IN_WORDS: str = listed()["largest"]["words"]
TAKEN: str = listed()["taken"]


def refusal(name: str, field: str = "file") -> NotAllowed:
    """The refusal of that name in the list."""
    entry = listed()["refusals"][name]
    return NotAllowed(entry["code"], entry["words"].format(taken=TAKEN), field)


def accepted_suffixes() -> str:
    """What a box for files may offer: a telephone's camera, and every suffix that is taken."""
    return ",".join(["image/*", *(suffix for kind in kinds().values() for suffix in kind.suffixes)])


def recognise(data: bytes, name: str) -> Recognised:
    """What the file is.

    Raises `NotAllowed`: `empty-file`, `file-too-large`, `file-damaged`, `holds-macros`,
    `password-protected`, `web-page` or `kind-not-taken`.
    """
    if not data:
        raise refusal("empty")
    if len(data) > LARGEST:
        raise refusal("too_large")
    kind, charset = _kind_of(data, suffix_of(name))
    content_type = f"{kind.content_type}; charset={charset}" if charset else kind.content_type
    return Recognised(kind, safe_name(name, kind), content_type)


def _kind_of(data: bytes, suffix: str) -> tuple[FileKind, str]:
    for signature in listed()["signatures"]:
        if _bears(data, signature):
            if "kind" in signature:
                return kinds()[signature["kind"]], ""
            try:
                found = _in_package(data) if signature["inside"] == "package" else _in_old(data)
            except DamagedError as damage:
                raise refusal("damaged") from damage
            return kinds()[found], ""
    if _is_email(data, suffix):
        return kinds()["eml"], ""
    text, charset = _text_of(data)
    if text is None:
        raise refusal(
            next((e["refused"] for e in listed()["others"] if _bears(data, e)), "unknown")
        )
    _check_text(text, suffix)
    return kinds()["text"], charset


def _bears(data: bytes, signature: Mapping[str, Any]) -> bool:
    # Some programs write a mark or an empty line before a PDF.
    start = data[:1024].lstrip(BLANK) if signature.get("after_blank") else data
    wanted = bytes.fromhex(signature["bytes"])
    at: int = signature["at"]
    also = signature.get("and")
    return start[at : at + len(wanted)] == wanted and (also is None or _bears(data, also))


def _in_package(data: bytes) -> str:
    rules = listed()["packages"]
    with opened_package(data) as package:
        types = package.content_types(rules["types_in"])
        if _holds_macros(package, types):
            raise refusal("macros")
        for content_type, kind in rules["main_parts"].items():
            if content_type in types:
                return str(kind)
        said = package.text_of(rules["type_in"]).strip()
    if said not in rules["types"]:
        raise refusal("archive")
    return str(rules["types"][said])


def _holds_macros(package: Package, types: set[str]) -> bool:
    rules = listed()["packages"]
    if any(re.search(rules["macro_parts"], content_type) for content_type in types):
        return True
    return any(
        re.search(rules["macro_members"], name) and not re.search(rules["not_macros"], name)
        for name in package.names
    )


def _in_old(data: bytes) -> str:
    entries = entries_of_compound(data)
    for entry in listed()["compounds"]:
        if entry["entry"] in entries:
            if "refused" in entry:
                raise refusal(entry["refused"])
            return str(entry["kind"])
    raise refusal("unknown")


def _is_email(data: bytes, suffix: str) -> bool:
    """A message as mail programs save it: headers, among them those that every message has."""
    rules = listed()["emails"]
    if suffix in kinds()["text"].suffixes or b"\0" in data:
        return False
    names: set[str] = set()
    for number, line in enumerate(re.split("\r\n|[\r\n]", data[:200_000].decode("latin-1"))):
        if not line.strip():
            break
        if re.search(rules["web_archive"], line, re.IGNORECASE):
            raise refusal("markup")
        # A header that goes on; and the mark before a message that was kept among others.
        if line[0] in " \t" or (not number and line.startswith("From ")):
            continue
        header = re.match(r"([!-9;-~]+):", line)
        if header is None:
            return False
        names.add(header[1].lower())
    return len(names & set(rules["headers"])) >= rules["at_least"]


def _text_of(data: bytes) -> tuple[str | None, str]:
    """The text and the name of its encoding; None if it is none."""
    rules = listed()["texts"]
    is_wide = data.startswith((b"\xff\xfe", b"\xfe\xff"))
    for encoding in ("utf-16",) if is_wide else ("utf-8", "windows-1252"):
        try:
            text = re.sub(rules["last"], "", data.decode(encoding))
        except UnicodeDecodeError:
            continue
        return (None, "") if re.search(rules["controls"], text) else (text, encoding)
    return None, ""


def _check_text(text: str, suffix: str) -> None:
    """Whether a text is no more than that: a browser or a system would run some by their names, and
    some by what stands in them.
    """
    rules = listed()["texts"]
    for name, suffixes in rules["refused_suffixes"].items():
        if suffix in suffixes:
            raise refusal(name)
    bare = text.removeprefix("\ufeff")
    for rule in (*rules["refused_starts"], *rules["refused_anywhere"]):
        if re.search(rule["pattern"], bare, re.IGNORECASE):
            raise refusal(rule["refused"])


def suffix_of(name: str) -> str:
    """The suffix of a name, in small letters; only one that some kind of file bears, so that
    "Visit of 3.12" has none.
    """
    found = re.search(r"\.[A-Za-z0-9]+$", name.rstrip(" ."))
    suffix = found[0].lower() if found else ""
    return suffix if suffix in _known_suffixes() else ""


@cache
def _known_suffixes() -> frozenset[str]:
    refused = listed()["texts"]["refused_suffixes"].values()
    taken = (kind.suffixes for kind in kinds().values())
    return frozenset(suffix for suffixes in (*refused, *taken) for suffix in suffixes)


def safe_name(name: str, kind: FileKind) -> str:
    """The name as it was given, as far as every system can save it, and ending as the kind does."""
    # The last part of a path, as some browsers once sent it.
    stem = unicodedata.normalize("NFC", re.split(r"[/\\]", name)[-1]).rstrip(" .")
    given = suffix_of(stem)
    if given:
        stem, written = stem[: -len(given)], stem[-len(given) :]
    # Controls and formats: letters that nobody sees, or that turn the direction of reading, so that
    # a name seems to end otherwise than it does.
    stem = "".join(c for c in stem if unicodedata.category(c)[0] != "C" and c not in "\u2028\u2029")
    stem = NOT_IN_NAMES.sub("_", stem).strip(" .")
    if NAMES_OF_DEVICES.match(stem):
        stem = f"_{stem}"
    ending = written if given in kind.suffixes else kind.suffixes[0]
    stem = stem[: LONGEST_NAME - len(ending)]
    while len((stem + ending).encode()) > MOST_BYTES_OF_NAME:
        stem = stem[:-1]
    return f"{stem.strip(' .') or 'file'}{ending}"
