"""What a page says and offers, without how it is drawn: its titles, texts, forms, tables and
links.
"""

from collections.abc import Iterator
from typing import Any

from snapshot.tree import INLINE, UNSEEN, Element, parsed

FRAME = ("header", "footer", "nav")
CONTROLS = ("input", "select", "textarea")
PRESSED = ("submit", "button", "image", "reset")
# Read by other parts of the record.
NOT_TEXT = UNSEEN | {"table", "dl", "select", "textarea", "button", "label"}


def read(html: str) -> dict[str, Any]:
    """A page as JSON values; what it has none of is left out."""
    root = parsed(html)
    main = root.first("main") or root
    labels = {label.get("for"): label.text for label in root.all("label") if label.get("for")}
    hints = {element.get("id"): element.text for element in root.walk() if element.get("id")}
    found = {
        "title": _text(root.first("title")),
        "h1": " / ".join(heading.text for heading in root.all("h1")),
        "messages": [
            e.text for e in root.walk() if e.has_class("govuk-notification-banner__content")
        ],
        "errors": _errors(root),
        "text": list(_lines(main)),
        "summary": [row for each in main.all("dl") for row in _pairs(each)],
        "tables": [_table(each) for each in main.all("table")],
        "forms": _forms(main, labels, hints),
        "links": [
            [link.text, link.get("href")] for link in _outside_frame(root) if link.tag == "a"
        ],
    }
    return {name: value for name, value in found.items() if value}


def frame(html: str) -> dict[str, Any]:
    """What stands around every page of a person: the head with its menu, and the foot."""
    root = parsed(html)
    parts = [element for element in root.all("header", "footer") if element.above("main") is None]
    return {
        "text": [line for part in parts for line in _lines(part)],
        "links": [[link.text, link.get("href")] for part in parts for link in part.all("a")],
    }


def addresses(html: str) -> list[str]:
    """Every address that the page leads to, sends to or fetches from, as it is written."""
    found = []
    for element in parsed(html).walk():
        if element.tag == "form" and not element.get("action"):
            found.append("")
        for name, value in element.attributes.items():
            if name in ("href", "action", "formaction", "src", "hx-get", "hx-post") or (
                name.startswith("data-") and value.startswith("/")
            ):
                found.append(value)
    return found


def _text(element: Element | None) -> str:
    return "" if element is None else element.text


def _outside_frame(root: Element) -> Iterator[Element]:
    """The elements that are no part of the head, the menu or the foot; breadcrumbs and navigation
    of the page itself count.
    """
    for element in root.walk():
        around: Element | None = element
        while around is not None and not (around.tag in FRAME and _is_frame(around)):
            around = around.parent
        if around is None:
            yield element


def _is_frame(element: Element) -> bool:
    return element.above("main") is None and not element.has_class("govuk-breadcrumbs")


def _errors(root: Element) -> list[str]:
    found = []
    for element in root.walk():
        if element.has_class("govuk-error-summary__body"):
            found += [line.text for line in element.all("li", "p")]
        elif element.has_class("govuk-error-message"):
            found.append(element.text)
    return found


def _lines(element: Element) -> Iterator[str]:
    """The running text, a line for each block of it."""
    line: list[str] = []
    for piece in _blocks(element):
        if piece is None:
            if text := " ".join("".join(line).split()):
                yield text
            line = []
        else:
            line.append(piece)
    if text := " ".join("".join(line).split()):
        yield text


def _blocks(element: Element) -> Iterator[str | None]:
    for child in element.children:
        if isinstance(child, str):
            yield child
        elif child.tag not in NOT_TEXT:
            edge = child.tag not in INLINE
            if edge:
                yield None
            yield from _blocks(child)
            if edge:
                yield None


def _pairs(listed: Element) -> Iterator[list[str]]:
    """The rows of a list of terms: each term with what is said of it."""
    row: list[str] = []
    for element in listed.all("dt", "dd"):
        if element.tag == "dt" and row:
            yield row
            row = []
        row.append(element.text)
    if row:
        yield row


def _table(table: Element) -> dict[str, Any]:
    headings: list[list[str]] = []
    rows: list[list[str]] = []
    for row in table.all("tr"):
        cells = [cell.text for cell in row.all("th", "td")]
        (headings if row.above("thead", "table") is not table else rows).append(cells)
    return {"caption": _text(table.first("caption")), "headings": headings, "rows": rows}


def _forms(main: Element, labels: dict[str, str], hints: dict[str, str]) -> list[dict[str, Any]]:
    forms = [*main.all("form"), None]
    found = []
    for form in forms:
        controls = [
            control
            for control in main.all(*CONTROLS, "button")
            if control.above("form") is form and control.get("name") != "csrfmiddlewaretoken"
        ]
        if form is None and not controls:
            continue
        one: dict[str, Any] = {}
        if form is not None:
            one = {"method": form.get("method").lower() or "get", "action": form.get("action")}
        one["fields"] = _fields(controls, labels, hints)
        one["buttons"] = [_button(control) for control in controls if _is_button(control)]
        found.append(one)
    return found


def _is_button(control: Element) -> bool:
    return control.tag == "button" or (control.tag == "input" and control.get("type") in PRESSED)


def _button(control: Element) -> list[str]:
    """What stands on it, then what it sends and where to, when it says so."""
    extra = [control.get(name) for name in ("name", "value", "formaction") if control.get(name)]
    return [control.text or control.get("value"), *extra]


def _fields(
    controls: list[Element], labels: dict[str, str], hints: dict[str, str]
) -> list[dict[str, Any]]:
    fields: list[dict[str, Any]] = []
    groups: dict[str, dict[str, Any]] = {}
    for control in controls:
        if _is_button(control):
            continue
        name, kind = control.get("name"), _kind(control)
        label = labels.get(control.get("id")) or _text(control.above("label"))
        if kind in ("radio", "checkbox"):
            field = groups.get(name)
            if field is None:
                field = groups[name] = _begun(name, kind, _legend(control) or label, control, hints)
                field["options"], field["value"] = [], []
                fields.append(field)
            field["options"].append(f"{control.get('value')}: {label}")
            if "checked" in control.attributes:
                field["value"].append(control.get("value"))
            continue
        field = _begun(name, kind, label, control, hints)
        if control.tag == "select":
            options = control.all("option")
            field["options"] = [f"{option.get('value')}: {option.text}" for option in options]
            field["value"] = [
                option.get("value") for option in options if "selected" in option.attributes
            ]
        else:
            field["value"] = control.get("value") if control.tag == "input" else control.text
        fields.append(field)
    return fields


def _kind(control: Element) -> str:
    return control.get("type") or "text" if control.tag == "input" else control.tag


def _begun(
    name: str, kind: str, label: str, control: Element, hints: dict[str, str]
) -> dict[str, Any]:
    described = control.get("aria-describedby")
    if not described and kind in ("radio", "checkbox"):
        around = control.above("fieldset")
        described = around.get("aria-describedby") if around else ""
    field: dict[str, Any] = {"name": name, "type": kind, "label": label}
    if hint := " ".join(hints[one] for one in described.split() if one in hints):
        field["hint"] = hint
    field["required"] = "required" in control.attributes or control.get("aria-required") == "true"
    return field


def _legend(control: Element) -> str:
    around = control.above("fieldset")
    return _text(around.first("legend")) if around else ""
