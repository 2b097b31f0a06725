"""Template tags of every page: GOV.UK forms, dates, tags, tables, paging and charts."""

from datetime import date, datetime, time
from typing import Any

from django import template
from django.db.models import Model
from django.forms.boundfield import BoundField
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from core.dates import age_in_words, datetime_in_words, day_in_words, time_in_words
from core.navigation import Tab, tabs_of
from core.notices import NOTICES
from documents.folding import letters_and_digits
from govuk import charts, draw, errors
from govuk.fields import sentence_case
from govuk.lists import ListPage

register = template.Library()
register.filter("sentence_case", sentence_case)

# Colour is never the only sign: the tag always says its word.
TAG_COLOURS = {
    "outstanding": "blue",
    "excellent": "blue",
    "good": "green",
    "requiresimprovement": "yellow",
    "inadequate": "red",
    "poor": "red",
    "low": "green",
    "medium": "yellow",
    "high": "orange",
    "veryhigh": "red",
}
RATING_LABELS = {
    "outstanding": "Outstanding",
    "excellent": "Excellent",
    "good": "Good",
    "requiresimprovement": "Requires improvement",
    "inadequate": "Inadequate",
    "poor": "Poor",
}


# Forms


@register.simple_tag
def draw_field(field: BoundField) -> SafeString:
    """One bound field as its GOV.UK component."""
    return draw.draw_field(field)


@register.simple_tag
def error_summary(*forms: Any) -> SafeString:
    """The box that lists every error of these forms, each a link to its field; nothing when there
    is none.
    """
    for form in forms:
        if hasattr(form, "is_bound"):
            # The page draws it above its heading, and the form would draw it again.
            form._summary_drawn = True
    return errors.error_summary(*forms)


@register.simple_tag
def error_summary_once(form: Any) -> SafeString:
    """The same, unless the page has shown it above its heading already."""
    return SafeString("") if getattr(form, "_summary_drawn", False) else error_summary(form)


@register.simple_tag
def has_errors(*forms: Any) -> bool:
    """Whether a bound form or formset of this page was refused."""
    return bool(errors.errors_of(*forms))


# Dates


@register.filter
def gov_date(value: Any) -> str:
    """9 December 2019; empty for no date."""
    if isinstance(value, datetime):
        value = timezone.localtime(value) if timezone.is_aware(value) else value
    if not isinstance(value, date):
        return ""
    return day_in_words(value)


@register.filter
def gov_short_date(value: Any) -> str:
    """9 Dec 2019, for narrow tables."""
    if isinstance(value, datetime):
        value = timezone.localtime(value) if timezone.is_aware(value) else value
    return f"{value.day} {value:%b %Y}" if isinstance(value, date) else ""


@register.filter
def gov_time(value: Any) -> str:
    """2:30pm, midday, midnight."""
    if isinstance(value, datetime):
        value = timezone.localtime(value) if timezone.is_aware(value) else value
    if isinstance(value, datetime):
        value = value.time()
    return time_in_words(value) if isinstance(value, time) else ""


@register.filter
def gov_datetime(value: Any) -> str:
    """9 December 2019 at 2:30pm."""
    return datetime_in_words(value) if isinstance(value, datetime) else gov_date(value)


@register.filter
def age(value: Any, as_at: Any) -> str:
    """How old a rating (or anything with a date) was on a day: `{{ rating.published_on|age:as_at
    }}`.
    """
    since, until = _day(value), _day(as_at)
    return age_in_words(since, until) if since and until else ""


def _day(value: Any) -> date | None:
    if isinstance(value, datetime):
        return timezone.localtime(value).date() if timezone.is_aware(value) else value.date()
    return value if isinstance(value, date) else None


# Tags


@register.simple_tag
def rating_tag(rating: Any, empty: str = "Not rated") -> SafeString:
    """A CQC rating or an audit's outcome as a coloured word. An empty one says so in grey."""
    key = letters_and_digits(str(rating)) if rating else ""
    label = RATING_LABELS.get(key) or (str(rating) if rating else empty)
    return status_tag(label, TAG_COLOURS.get(key, "grey"))


@register.simple_tag
def risk_tag(risk: Any, label: str = "") -> SafeString:
    """A risk (low, medium, high, very high) as a coloured word with the word risk in it."""
    word = label or str(getattr(risk, "label", risk)).replace("_", " ").capitalize()
    return status_tag(f"{word} risk", TAG_COLOURS.get(letters_and_digits(str(risk)), "grey"))


@register.simple_tag
def status_tag(label: Any, colour: str = "grey") -> SafeString:
    """A word on a coloured ground: grey, green, teal, blue, purple, magenta, red, orange or
    yellow.
    """
    return format_html('<strong class="govuk-tag govuk-tag--{} cq-tag">{}</strong>', colour, label)


# Lists and tables


@register.inclusion_tag("includes/sort_header.html")
def sort_header(page: ListPage, key: str, numeric: bool = False) -> dict[str, Any]:
    """A `th` whose link sorts the list by a column of the page; a plain `th` when that column
    cannot sort.
    """
    return {"header": page.header(key), "numeric": numeric or page.column(key).numeric}


@register.inclusion_tag("includes/pagination.html")
def pagination(page: ListPage) -> dict[str, Any]:
    """Links to the other pages of a list; nothing when there is one page."""
    return {"page": page}


@register.inclusion_tag("includes/list_count.html")
def list_count(page: ListPage) -> dict[str, Any]:
    """How many results there are and which of them are shown, with the links that export them."""
    return {"page": page}


@register.inclusion_tag("includes/empty_state.html")
def empty_state(text: str, link_url: str = "", link_label: str = "") -> dict[str, Any]:
    """What stands where a list has nothing: why, and what to do next."""
    return {"text": text, "link_url": link_url, "link_label": link_label}


@register.simple_tag
def chart_stacked_bar(chart: charts.StackedBars) -> SafeString:
    """A chart of bars of shares, as SVG; put its table beside it."""
    return _chart_room(chart.title, charts.stacked_bars_svg(chart))


@register.simple_tag
def chart_lines(chart: charts.Lines) -> SafeString:
    """A chart of percentages over time, as SVG; put its table beside it."""
    return _chart_room(chart.title, charts.lines_svg(chart))


def _chart_room(title: str, svg: SafeString) -> SafeString:
    # On a phone the drawing keeps a size that can be read, and scrolls.
    return format_html(
        '<div class="cq-chart-room" role="group" aria-label="Chart: {}" tabindex="0">{}</div>',
        title,
        svg,
    )


# Ways around


@register.inclusion_tag("includes/breadcrumbs.html")
def breadcrumbs(*labels_and_urls: Any) -> dict[str, Any]:
    """The way back up: `{% breadcrumbs "Services" services_url "Elm House" service_url %}`."""
    return {"crumbs": list(zip(labels_and_urls[::2], labels_and_urls[1::2], strict=True))}


@register.inclusion_tag("includes/back_link.html")
def back_link(url: str, label: str = "Back") -> dict[str, Any]:
    """The link back to the page before this task."""
    return {"url": url, "label": label}


@register.inclusion_tag("includes/tabs.html", takes_context=True)
def tabs(context: template.Context, group: str, label: str) -> dict[str, Any]:
    """The pages of a group side by side, each app's own: `{% tabs "decisions" "Suspensions" %}`;
    the page says its `tab`.
    """
    return {"tabs": tabs_of(group, context["user"]), "label": label, "current": context.get("tab")}


@register.simple_tag(takes_context=True)
def service_notices(context: template.Context) -> SafeString:
    """What the apps have to say at the head of a page about a service: that it is suspended, above
    all.
    """
    user, service_id = context.get("user"), _service_of(context)
    # That a service is suspended is exempt: nobody who has not signed in is told of it.
    if service_id is None or user is None or not user.is_authenticated:
        return SafeString("")
    today = timezone.localdate()
    # Rendered by the apps' own templates, which escape.
    return SafeString("".join(notice(user, service_id, today) for notice in NOTICES))


@register.simple_tag
def tab_url(tab: Tab) -> str:
    """The address of a tab."""
    return reverse(tab.url_name, args=tab.args)


def _service_of(context: template.Context) -> int | None:
    """The service that a page is about: itself, or that of its visit, concern, action and the
    like.
    """
    for name in ("service", "visit", "concern", "action", "contract", "finding"):
        about = context.get(name)
        if isinstance(about, Model):
            own = about._meta.label_lower == "providers.service"
            found = about.pk if own else getattr(about, "service_id", None)
            if found is not None:
                return int(found)
    return None
