"""The components of which pages are built, as tags: a template says what stands where, and only
these say how it is drawn.

A tag that has content is closed by its name with `end` before it. What a template gives is escaped
unless it is a template's own output.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from django import template
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import conditional_escape, format_html, format_html_join, strip_tags
from django.utils.safestring import SafeString, mark_safe

from core.dates import datetime_in_words
from core.differences import Kind, Part
from core.versions import Told
from govuk.lists import Header, ListPage

register = template.Library()
CLEAR_FILTERS = "Clear all filters"
NONE_RECORDED = format_html('<span class="cq-none">{}</span>', "Not recorded")


def _stripped(content: str) -> SafeString:
    # A block's content is what the template engine has escaped already.
    return mark_safe(content.strip())  # noqa: S308 - escaped by the engine


@register.simple_tag
def link(text: Any, name: str, *args: Any, hidden: str = "") -> SafeString:
    """A link to a page by the name of its address; `hidden` is read out after the text, to tell
    alike links apart.
    """
    return link_to(reverse(name, args=args), text, hidden)


@register.simple_tag
def link_to(url: str, text: Any, hidden: str = "") -> SafeString:
    """A link to an address that the view has given."""
    more = format_html('<span class="govuk-visually-hidden"> {}</span>', hidden) if hidden else ""
    return format_html('<a class="govuk-link" href="{}">{}{}</a>', url, text, more)


@register.simple_tag
def button_link(text: str, name: str, *args: Any, kind: str = "") -> SafeString:
    """A link that looks like a button, since it begins a task; `kind` is secondary or warning."""
    return format_html(
        '<a class="govuk-button{}" href="{}" role="button" draggable="false"'
        ' data-module="govuk-button">{}</a>',
        f" govuk-button--{kind}" if kind else "",
        reverse(name, args=args),
        text,
    )


@register.simple_tag
def people(names: Iterable[Any]) -> str:
    """Names in a row: `Ana, Ben and Cai`."""
    *others, last = [str(name) for name in names] or [""]
    return f"{', '.join(others)} and {last}" if others else last


@register.inclusion_tag("includes/task_list.html")
def task_list(tasks: Iterable[dict[str, Any]], empty: str) -> dict[str, Any]:
    """What can be done now: each task with its link, or with why it cannot be done and who can;
    `empty` for none.

    A task is a mapping of `label`, `url`, `why_not` and `who`.
    """
    return {"tasks": tasks, "empty": empty}


@register.simple_tag
def page_header(title: Any, caption: Any = "", status: SafeString | str = "") -> SafeString:
    """The page's one heading; the caption over it says what kind of thing the page is about."""
    over = format_html('<span class="govuk-caption-l">{}</span>\n', caption) if caption else ""
    beside = format_html(" {}", status) if status else ""
    return format_html('{}<h1 class="govuk-heading-l">{}{}</h1>', over, title, beside)


@register.simple_block_tag
def notice(content: str, colour: str = "", heading: str = "") -> SafeString:
    """A framed notice: red says that something is wrong, `amber` that it waits, `calm` that it is
    to be known.
    """
    over = format_html('<h2 class="govuk-heading-m">{}</h2>', heading) if heading else ""
    return format_html(
        '<div class="cq-notice{}">{}<p class="govuk-body">{}</p></div>',
        f" cq-notice--{colour}" if colour else "",
        over,
        _stripped(content),
    )


@register.simple_tag
def warning(text: str) -> SafeString:
    """A sentence with a warning sign, before a step that is hard to undo."""
    return format_html(
        '<div class="govuk-warning-text"><span class="govuk-warning-text__icon"'
        ' aria-hidden="true">!</span><strong class="govuk-warning-text__text"><span'
        ' class="govuk-visually-hidden">Warning</span> {}</strong></div>',
        text,
    )


@register.simple_tag
def lines(values: Iterable[Any]) -> SafeString:
    """Values one below the other; nothing for none."""
    return format_html_join(SafeString("<br>"), "{}", ((value,) for value in values))


@register.simple_tag
def message_banner(message: Any, place: int) -> SafeString:
    """What was done, or what went wrong, at the head of the next page; `place` tells several
    apart.
    """
    if message.level_tag == "error":
        return render_to_string("includes/messages/error.html", {"message": message})
    succeeded = message.level_tag == "success"
    context = {"message": message, "succeeded": succeeded, "place": place}
    return render_to_string("includes/messages/banner.html", context)


@register.simple_block_tag
def card(content: str, heading: str, key: str) -> SafeString:
    """A framed part of a page under its own heading; `key` is the heading's id."""
    return format_html(
        '<section class="cq-card govuk-!-margin-bottom-6" aria-labelledby="{0}">'
        '<h2 class="govuk-heading-m" id="{0}">{1}</h2>{2}</section>',
        key,
        heading,
        _stripped(content),
    )


@register.simple_block_tag
def fold(content: str, summary: Any) -> SafeString:
    """What is shown when its summary is opened."""
    return format_html(
        '<details class="govuk-details"><summary class="govuk-details__summary">'
        '<span class="govuk-details__summary-text">{}</span></summary>'
        '<div class="govuk-details__text">{}</div></details>',
        summary,
        _stripped(content),
    )


@register.simple_block_tag
def summary_list(content: str, card: str = "") -> SafeString:
    """A list of labels and values, made of `row`s; with `card`, in a frame under that title."""
    rows = format_html('<dl class="govuk-summary-list">{}</dl>', _stripped(content))
    if not card:
        return rows
    return format_html(
        '<div class="govuk-summary-card"><div class="govuk-summary-card__title-wrapper"><h2'
        ' class="govuk-summary-card__title">{}</h2></div><div'
        ' class="govuk-summary-card__content">{}</div></div>',
        card,
        rows,
    )


@register.simple_block_tag
def row(
    content: str, label: Any, change_url: str = "", change: str = "Change", about: str = ""
) -> SafeString:
    """A row of a summary list. Without a value it says so; `about` is read out after the word of
    its link.
    """
    value = _stripped(content) or NONE_RECORDED
    action: SafeString | str = ""
    if change_url:
        action = format_html(
            '<dd class="govuk-summary-list__actions">{}</dd>',
            link_to(change_url, change, about or str(label).lower()),
        )
    return format_html(
        '<div class="govuk-summary-list__row{}"><dt class="govuk-summary-list__key">{}</dt>'
        '<dd class="govuk-summary-list__value">{}</dd>{}</div>',
        "" if action else " govuk-summary-list__row--no-actions",
        label,
        value,
        action,
    )


@register.simple_tag
def rows(pairs: Iterable[tuple[Any, Any]]) -> SafeString:
    """The rows of pairs of a label and a value, for a summary list."""
    return format_html_join("", "{}", ((row(_value(value), label),) for label, value in pairs))


def _value(value: Any) -> str:
    if value is None or value == "":
        return ""
    return conditional_escape(value).replace("\n", "<br>")


@register.simple_block_tag
def timeline(content: str) -> SafeString:
    """What happened, newest first, made of `timeline_entry`s."""
    return format_html('<div class="moj-timeline">{}</div>', _stripped(content))


@register.simple_block_tag
def timeline_entry(
    content: str, title: Any, by: Any = "", at: Any = None, more: str = ""
) -> SafeString:
    """One thing that happened: what, by whom and when; `more` follows the time, the content stands
    below.
    """
    byline = format_html('<p class="moj-timeline__byline">by {}</p>', by) if by else ""
    when: SafeString | str = ""
    if at:
        when = format_html(
            '<p class="moj-timeline__date"><time datetime="{}">{}</time>{}</p>',
            at.isoformat(),
            datetime_in_words(at),
            more,
        )
    text = _stripped(content)
    below = format_html('<div class="moj-timeline__description">{}</div>', text) if text else ""
    return format_html(
        '<div class="moj-timeline__item"><div class="moj-timeline__header">'
        '<h3 class="moj-timeline__title">{}</h3> {}</div>{}{}</div>',
        title,
        byline,
        when,
        below,
    )


@register.simple_tag
def difference(parts: Iterable[Part]) -> SafeString:
    """A changed text with what was removed struck through and what was added underlined, each said
    in words to whoever hears the page.
    """
    tags = {
        Kind.SAME: ("span", ""),
        Kind.ADDED: ("ins", "added:"),
        Kind.REMOVED: ("del", "removed:"),
    }
    drawn = (
        # The blanks after it stand outside: underlined, they would look like more than they are.
        format_html(
            '<{0} class="cq-{1}">{2}{3}</{0}>{4}',
            tag,
            part.kind,
            _heard(said),
            words,
            part.text[len(words) :],
        )
        for part in parts
        for tag, said in [tags[part.kind]]
        for words in [part.text.rstrip()]
    )
    return format_html(
        '<div class="cq-difference">{}</div>', format_html_join("", "{}", ((one,) for one in drawn))
    )


def _heard(said: str) -> SafeString | str:
    return format_html('<span class="govuk-visually-hidden">{} </span>', said) if said else ""


@register.inclusion_tag("includes/versions.html")
def versions(told: Iterable[Told], labels: Mapping[str, str] | None = None) -> dict[str, Any]:
    """Who wrote what and when: the versions of a record, newest first, each with its difference
    from the one before.

    `told` is what `core.versions.told` gives; `labels` are what its fields are called.
    """
    labels = labels or {}
    entries = [
        (
            one.version,
            [
                (labels.get(change.name) or change.name.replace("_", " ").capitalize(), change)
                for change in one.changes
            ],
        )
        for one in told
    ]
    return {"entries": entries}


@register.simple_block_tag
def table(
    content: str, caption: str, headings: str, numeric: str = "", wide: bool = False
) -> SafeString:
    """A table of `tr`s under `headings`, parted by `|`; those named in `numeric` stand over
    numbers.

    On a phone each row becomes a card.
    """
    numbers = numeric.split("|")
    headers = [(Header(label, "", "none"), label in numbers) for label in headings.split("|")]
    return _table(caption, headers, content, wide)


@register.simple_block_tag
def list_table(
    content: str,
    page: ListPage,
    caption: str,
    columns: str = "",
    wide: bool = False,
    empty: str = "",
    empty_url: str = "",
    empty_label: str = "",
    none_yet: str = "",
) -> SafeString:
    """A whole list page: its count and files, its table sorted by its headings, its pages.

    Without a row it says `empty` with its link; where these are not given, that nothing matches the
    filters, with a link that clears them. While no filter is in use it says `none_yet`, if given.
    `columns` are the keys of the headings in the order of the cells, all of the page's unless said.
    """
    # Also above an empty list, so that the number of results is always said.
    count = render_to_string("includes/list_count.html", {"page": page})
    if not page.count:
        nothing = _nothing_listed(page, empty, empty_url, empty_label, none_yet)
        return format_html("{}{}", count, render_to_string("includes/empty_state.html", nothing))
    keys = columns.split() or [column.key for column in page.columns]
    headers = [(page.header(key), page.column(key).numeric) for key in keys]
    pages = render_to_string("includes/pagination.html", {"page": page})
    return format_html("{}{}{}", count, _table(caption, headers, content, wide), pages)


def _nothing_listed(
    page: ListPage, empty: str, url: str, label: str, none_yet: str
) -> dict[str, str]:
    if page.active_filters:
        text = empty or f"No {page.noun[1]} match these filters."
        # Whoever has filtered everything away is offered the way back.
        url, label = (url, label) if url else (page.request.path, CLEAR_FILTERS)
    else:
        text = none_yet or empty or f"There are no {page.noun[1]} yet."
    return {"text": text, "link_url": url, "link_label": label}


def _table(
    caption: str, headers: list[tuple[Header, bool]], content: str, wide: bool
) -> SafeString:
    context = {"caption": caption, "headers": headers, "content": _stripped(content), "wide": wide}
    return render_to_string("includes/table_frame.html", context)


@register.simple_block_tag
def cell(content: str, label: str = "", numeric: bool = False) -> SafeString:
    """A cell of a table under the heading `label`; a dash stands for nothing."""
    return format_html(
        '<td class="govuk-table__cell{}{}" data-label="{}">{}</td>',
        " govuk-table__cell--numeric" if numeric else "",
        _breaking(content),
        label,
        _stripped(content) or "–",
    )


@register.simple_block_tag
def row_heading(content: str) -> SafeString:
    """The cell that names its row."""
    return format_html(
        '<th scope="row" class="govuk-table__header{}">{}</th>',
        _breaking(content),
        _stripped(content),
    )


# Longer than any word of ours: what a person typed without a blank.
LONG_WORD = re.compile(r"[^\s<>]{30}")


def _breaking(content: Any) -> str:
    """The class of a cell that holds a word longer than its column: it may be broken anywhere.

    Other cells are not broken so: the browser would make their columns narrower than their words.
    """
    return " cq-long" if LONG_WORD.search(strip_tags(str(content))) else ""
