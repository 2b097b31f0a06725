"""Draws a bound Django field as a GOV.UK component."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from govuk.errors import field_id, texts, wrong_boxes
from govuk.fields import GovDateWidget
from govuk.macros import component

Params = dict[str, Any]

# A GOV.UK page leaves judging to the server, and never cuts what is typed.
DROPPED_ATTRS = {
    "class",
    "required",
    "maxlength",
    "minlength",
    "min",
    "max",
    "step",
    "cols",
    "rows",
    "id",
    "size",
}


def _error(bound: BoundField) -> Params | None:
    said = texts(bound)
    # One message with several lines: the component has room for one.
    return (
        {"html": format_html_join(mark_safe("<br>"), "{}", ((text,) for text in said))}
        if said
        else None
    )


def _hint(bound: BoundField) -> Params | None:
    return {"html": conditional_escape(bound.help_text)} if bound.help_text else None


def _option(bound: BoundField, name: str, default: Any = None) -> Any:
    """What the form says of this field in one of its class attributes (`widths`, `option_hints`,
    ...).
    """
    of_form = getattr(bound.form, name, None) or {}
    return of_form.get(bound.name, default)


def _label(bound: BoundField) -> Params:
    return {
        "text": str(bound.label or ""),
        "classes": getattr(bound.form, "label_size", ""),
        "isPageHeading": getattr(bound.form, "heading_field", "") == bound.name,
    }


def _legend(bound: BoundField) -> Params:
    size = getattr(bound.form, "legend_size", "")
    heading = getattr(bound.form, "heading_field", "") == bound.name
    return {
        "legend": {
            "text": str(bound.label or ""),
            "classes": "govuk-fieldset__legend--l" if heading else size,
            "isPageHeading": heading,
        }
    }


def _classes(bound: BoundField) -> str:
    return str(bound.field.widget.attrs.get("class", ""))


def _attributes(bound: BoundField) -> Params:
    found: Params = {}
    for name, value in bound.field.widget.attrs.items():
        if name in DROPPED_ATTRS or name in ("autocomplete", "inputmode", "pattern", "spellcheck"):
            continue
        if value is None or value is False:
            continue
        found[name] = {"value": True, "optional": True} if value is True else str(value)
    return found


def _base(bound: BoundField) -> Params:
    return {
        "id": field_id(bound),
        "name": bound.html_name,
        "hint": _hint(bound),
        "errorMessage": _error(bound),
        "classes": _classes(bound),
        "attributes": _attributes(bound),
        "disabled": bound.field.disabled,
    }


def _value(bound: BoundField) -> str:
    value = bound.field.widget.format_value(bound.value())
    return "" if value is None else str(value)


def _affix(bound: BoundField, name: str) -> Params | None:
    text = _option(bound, name)
    return {"text": str(text)} if text else None


def draw_input(bound: BoundField) -> SafeString:
    attrs = bound.field.widget.attrs
    kind = getattr(bound.field.widget, "input_type", "text")
    params = _base(bound) | {
        "label": _label(bound),
        "value": _value(bound),
        # The Design System asks for a text box with a number keyboard: in a box of type number some
        # browsers change the value when the page is scrolled, and drop what is no number without a
        # word.
        "type": "text" if kind == "number" else kind,
        "prefix": _affix(bound, "prefixes"),
        "suffix": _affix(bound, "suffixes"),
    }
    width = _option(bound, "widths")
    if width:
        params["classes"] = f"{params['classes']} govuk-input--width-{width}".strip()
    for name in ("autocomplete", "inputmode", "pattern", "spellcheck"):
        if name in attrs:
            params[name] = attrs[name]
    if kind == "number":
        params |= {
            "inputmode": attrs.get("inputmode", "numeric" if _is_whole(bound) else "decimal"),
            "spellcheck": False,
        }
    elif kind == "email":
        params |= {"autocomplete": attrs.get("autocomplete", "email"), "spellcheck": False}
    return component("input", params)


def _is_whole(bound: BoundField) -> bool:
    return isinstance(bound.field, forms.IntegerField) and not isinstance(
        bound.field, forms.DecimalField | forms.FloatField
    )


def draw_password(bound: BoundField) -> SafeString:
    attrs = bound.field.widget.attrs
    return component(
        "password-input",
        _base(bound)
        | {
            "label": _label(bound),
            # Never sent back to the page, whatever was typed.
            "value": "",
            "autocomplete": attrs.get("autocomplete", "current-password"),
        },
    )


def draw_textarea(bound: BoundField) -> SafeString:
    params = _base(bound) | {
        "label": _label(bound),
        "value": _value(bound),
        "rows": bound.field.widget.attrs.get("rows", 5),
    }
    # Django's own default of 10 rows is too tall beside other questions.
    if str(params["rows"]) == "10":
        params["rows"] = 5
    limit = getattr(bound.field, "max_length", None)
    if limit:
        return _lines_kept(component("character-count", params | {"maxlength": limit}))
    return _lines_kept(component("textarea", params))


def _lines_kept(drawn: SafeString) -> SafeString:
    """The same with the text's line ends written as entities: inside what a radio reveals, the
    macros indent every line of the page, and would add spaces to what was typed each time that it
    is shown.
    """
    head, end, tail = str(drawn).partition("</textarea>")
    start = head.rindex(">") + 1
    text = head[start:].replace("\r\n", "\n").replace("\n", "&#10;")
    return mark_safe(f"{head[:start]}{text}{end}{tail}")  # noqa: S308 - drawn by the macro, which escapes


def _options(bound: BoundField) -> Iterator[tuple[str, dict[str, Any]]]:
    """(group, option) of a choice field, in order, with what is chosen marked."""
    widget = bound.field.widget
    for group, options, _index in widget.optgroups(
        bound.html_name, widget.format_value(bound.value())
    ):
        for option in options:
            yield str(group or ""), option


def _tell_apart(items: list[Params]) -> None:
    """Two records of one name must not be mistaken for each other where only the name is typed."""
    times = Counter(item["text"] for item in items)
    for item in items:
        if times[item["text"]] > 1:
            item["text"] = f"{item['text']} (record {item['value']})"


def draw_select(bound: BoundField) -> SafeString:
    widget = bound.field.widget
    params = _base(bound) | {"label": _label(bound)}
    if widget.allow_multiple_selected:
        params["attributes"]["multiple"] = {"value": True, "optional": True}
    params["items"] = [
        {
            "value": str(option["value"] if option["value"] is not None else ""),
            # The component has no groups of options.
            "text": f"{group}: {option['label']}" if group else str(option["label"]),
            "selected": bool(option["selected"]),
            "disabled": bool(option["attrs"].get("disabled")),
        }
        for group, option in _options(bound)
    ]
    if len(params["items"]) > getattr(widget, "search_from", 10_000):
        params["attributes"]["data-module"] = "carequality-search-select"
        _tell_apart(params["items"])
        typed = str(bound.data or "") if bound.form.is_bound else ""
        if bound.errors and typed and not any(item["selected"] for item in params["items"]):
            # A text typed into the box that is not in the list: give it back.
            params["items"].append(
                {"value": typed, "text": typed, "selected": True, "attributes": {"data-typed": ""}}
            )
        return _with_options(component("select", params | {"items": []}), params["items"])
    return component("select", params)


def _with_options(drawn: SafeString, items: list[Params]) -> SafeString:
    """The drawn list with its options: of 10,000 services the macro takes ten times as long."""
    options = format_html_join(
        "\n",
        '<option value="{}"{}{}{}>{}</option>',
        (
            (
                item["value"],
                mark_safe(" selected") if item["selected"] else "",
                mark_safe(" disabled") if item.get("disabled") else "",
                mark_safe(' data-typed=""') if "attributes" in item else "",
                item["text"],
            )
            for item in items
        ),
    )
    head, end, tail = str(drawn).partition("</select>")
    return mark_safe(f"{head}{options}{end}{tail}")  # noqa: S308 - drawn by the macro, which escapes


def _drawn(form: Any, names: Sequence[str]) -> SafeString:
    return format_html_join("", "{}", ((draw_field(form[name]),) for name in names))


def _items(bound: BoundField) -> list[Params]:
    hints = _option(bound, "option_hints", {})
    revealed = _option(bound, "reveals", {})
    items = []
    for _group, option in _options(bound):
        value = str(option["value"] if option["value"] is not None else "")
        item: Params = {
            "value": value,
            "text": str(option["label"]),
            "checked": bool(option["selected"]),
            "disabled": bool(option["attrs"].get("disabled")) or bound.field.disabled,
        }
        if value in hints:
            item["hint"] = {"html": conditional_escape(hints[value])}
        if value in revealed:
            item["conditional"] = {"html": _drawn(bound.form, revealed[value])}
        items.append(item)
    return items


def _boxes(bound: BoundField) -> Params:
    params = _base(bound) | {
        "idPrefix": field_id(bound),
        "fieldset": _legend(bound),
        "items": _items(bound),
    }
    # A question without answers can still be at fault, for instance when it is required.
    if not params["items"]:
        # An error must still have somewhere to lead to.
        params["hint"] = {"text": "There is nothing to choose from yet."}
        params["attributes"] |= {"id": field_id(bound), "tabindex": "-1"}
    return params


def draw_radios(bound: BoundField) -> SafeString:
    return component("radios", _boxes(bound))


def draw_checkboxes(bound: BoundField) -> SafeString:
    params = _boxes(bound)
    if getattr(bound.form, "small_boxes", False):
        params["classes"] = f"{params['classes']} govuk-checkboxes--small".strip()
    return component("checkboxes", params)


def draw_checkbox(bound: BoundField) -> SafeString:
    params = _base(bound)
    # A single box stands without a legend, so its label and hint belong to the box and not to a
    # group.
    hint = params.pop("hint")
    item: Params = {
        "value": "on",
        "text": str(bound.label or ""),
        "checked": bool(bound.field.widget.check_test(bound.value())),
        "disabled": bound.field.disabled,
    }
    if hint:
        item["hint"] = hint
    revealed = _option(bound, "reveals", {})
    if revealed:
        item["conditional"] = {"html": _drawn(bound.form, revealed.get(True, ()))}
    return component("checkboxes", params | {"idPrefix": field_id(bound), "items": [item]})


def draw_date(bound: BoundField) -> SafeString:
    widget = bound.field.widget
    base = field_id(bound)
    typed = widget.parts(bound.value())
    wrong = wrong_boxes(bound) if bound.errors else ()
    items = []
    for part in widget.part_names:
        # As wide as what is typed, which tells how long the answer is.
        width = {"year": "govuk-input--width-4", "time": "govuk-input--width-5"}.get(
            part, "govuk-input--width-2"
        )
        items.append(
            {
                "name": f"{bound.html_name}-{part}",
                "label": part.capitalize(),
                "id": f"{base}-{part}",
                "value": typed.get(part, ""),
                "classes": f"{width} govuk-input--error" if part in wrong else width,
                "inputmode": "text" if part == "time" else "numeric",
            }
        )
    params = _base(bound) | {"fieldset": _legend(bound), "items": items}
    params["attributes"].pop("id", None)
    return component("date-input", params)


def draw_file(bound: BoundField) -> SafeString:
    widget = bound.field.widget
    params = _base(bound) | {
        "label": _label(bound),
        "multiple": getattr(widget, "allow_multiple_selected", False),
    }
    # A browser cannot be given a file back, so the one that is held is named.
    current = bound.initial if getattr(bound.initial, "name", "") else None
    if current:
        shown = format_html("Held now: {}", str(current.name).rsplit("/", 1)[-1])
        hint = params["hint"]["html"] if params["hint"] else ""
        params["hint"] = {"html": format_html("{}{}{}", hint, " " if hint else "", shown)}
    html = component("file-upload", params)
    if current and not bound.field.required and isinstance(widget, forms.ClearableFileInput):
        name = widget.clear_checkbox_name(bound.html_name)
        html += component(
            "checkboxes",
            {
                "name": name,
                "idPrefix": widget.clear_checkbox_id(name),
                "classes": "govuk-checkboxes--small",
                "items": [
                    {"value": "on", "text": f"Remove {str(current.name).rsplit('/', 1)[-1]}"}
                ],
            },
        )
    return html


def _painter(widget: Any) -> Callable[[BoundField], SafeString]:
    # Order matters: CheckboxSelectMultiple is a RadioSelect, which is a Select's sibling.
    if isinstance(widget, GovDateWidget):
        return draw_date
    if isinstance(widget, forms.RadioSelect):
        return draw_checkboxes if widget.allow_multiple_selected else draw_radios
    if isinstance(widget, forms.Select):
        return draw_select
    if isinstance(widget, forms.CheckboxInput):
        return draw_checkbox
    if isinstance(widget, forms.Textarea):
        return draw_textarea
    if isinstance(widget, forms.FileInput):
        return draw_file
    if isinstance(widget, forms.PasswordInput):
        return draw_password
    return draw_input


def draw_field(bound: BoundField) -> SafeString:
    """A bound field as its GOV.UK component, with label, hint, what was typed and its errors."""
    if bound.is_hidden:
        return mark_safe(str(bound))  # noqa: S308 - Django's own rendering
    return _painter(bound.field.widget)(bound)
