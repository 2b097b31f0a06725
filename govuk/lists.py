"""A list page: filters, sorting, paging and export, all of it in the address so that it can be
linked to as it stands.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import django_filters
from django.core.exceptions import FieldDoesNotExist
from django.core.paginator import Page, Paginator
from django.db.models import CharField, F, Model, QuerySet, TextField
from django.db.models.functions import Collate, Lower
from django.http import HttpRequest, HttpResponseBase, QueryDict
from django.utils.functional import cached_property

from documents import exports
from govuk.fields import Typed
from govuk.forms import GovFilterForm

PER_PAGE = 25
OWN_PARAMETERS = ("page", "sort", "export")


class GovFilterSet(django_filters.FilterSet):
    """A FilterSet whose form is drawn the GOV.UK way: `{% include "includes/filter_panel.html" %}`.

    `search` names the filter that stands in sight above the folded ones (usually `q`).
    """

    search = ""

    def get_form_class(self) -> type[Any]:
        """A filter form, unless `Meta.form` names one that is one already."""
        made = super().get_form_class()
        if issubclass(made, GovFilterForm):
            return made
        return type(made.__name__, (GovFilterForm, made), {})


@dataclass(frozen=True)
class Column:
    """A column of a list. `sort` holds the order_by names behind its heading (none: it cannot
    sort); `value` gives what a file shows for a row (a name of the row's attributes, or a function
    of the row).
    """

    key: str
    label: str
    sort: tuple[str, ...] = ()
    value: str | Callable[[Any], Any] = ""
    numeric: bool = False
    export: bool = True

    def of(self, row: Any) -> Any:
        """The plain value of this column for a row."""
        if callable(self.value):
            return self.value(row)
        found = row
        for name in (self.value or self.key).split("."):
            found = getattr(found, name, None)
            if callable(found):
                found = found()
        return found


@dataclass(frozen=True)
class Header:
    label: str
    url: str  # empty when the column cannot sort
    direction: str  # ascending, descending or none

    @property
    def is_ascending(self) -> bool:
        """Whether the list is sorted by it, from the smallest up."""
        return self.direction == "ascending"

    @property
    def is_descending(self) -> bool:
        """Whether the list is sorted by it, from the largest down."""
        return self.direction == "descending"


@dataclass(frozen=True)
class ActiveFilter:
    """A filter in force: what it asks, and the address of the list without it."""

    label: str
    value: str
    url: str


@dataclass
class ListPage:
    """One page of a list with its links.

    `rows` is a queryset or a `GovFilterSet`. `default_sort` is a column's key, with a minus for
    descending. The last word of every sort is the primary key, so that no row falls between two
    pages.
    """

    request: HttpRequest
    rows: Any
    columns: Sequence[Column]
    default_sort: str = ""
    export_name: str = ""
    per_page: int = PER_PAGE
    noun: tuple[str, str] = ("result", "results")
    filter: Any = field(init=False, default=None)

    def __post_init__(self) -> None:
        if isinstance(self.rows, django_filters.FilterSet):
            self.filter = self.rows

    @property
    def parameters(self) -> QueryDict:
        return self.request.GET

    def column(self, key: str) -> Column:
        """The column of that key; raises `KeyError` when there is none."""
        for column in self.columns:
            if column.key == key:
                return column
        raise KeyError(f"This list has no column {key!r}.")

    @cached_property
    def sort(self) -> str:
        """The key by which the list is sorted, with a minus for descending; a wrong one in the
        address is ignored.
        """
        asked = self.parameters.get("sort", "")
        sortable = {column.key for column in self.columns if column.sort}
        # Only what a column names: an address cannot order by any field of any table.
        return asked if asked.removeprefix("-") in sortable else self.default_sort

    @cached_property
    def queryset(self) -> QuerySet[Any]:
        """Every row of the list, filtered and sorted, over all pages."""
        rows: QuerySet[Any] = self.filter.qs if self.filter is not None else self.rows
        if not self.sort:
            return rows
        down = self.sort.startswith("-")
        order: list[Any] = []
        for name in self.column(self.sort.removeprefix("-")).sort:
            backwards = name.startswith("-") != down
            by = _alike_everywhere(rows.model, name.removeprefix("-"))
            # What is not known comes last either way.
            order.append(by.desc(nulls_last=True) if backwards else by.asc(nulls_last=True))
        return rows.order_by(*order, "pk")

    @cached_property
    def page(self) -> Page[Any]:
        """The rows shown. A page number out of reach gives the nearest one."""
        return Paginator(self.queryset, self.per_page).get_page(self.parameters.get("page"))

    def __iter__(self) -> Iterator[Any]:
        return iter(self.page.object_list)

    @property
    def count(self) -> int:
        return self.page.paginator.count

    @property
    def count_text(self) -> str:
        """`412 services`, with thousands parted."""
        return f"{self.count:,} {self.noun[0] if self.count == 1 else self.noun[1]}"

    @property
    def shown_text(self) -> str:
        """`, 51 to 100 shown`, to follow the count of a list that has several pages."""
        page = self.page
        if not page.has_other_pages():
            return ""
        return f", {page.start_index():,} to {page.end_index():,} shown"

    def address(self, **changes: str) -> str:
        """This list's address with these parameters changed; an empty one is taken out."""
        parameters = self.parameters.copy()
        # A link leads to a page, not to a file, unless it asks for one itself.
        parameters.pop("export", None)
        for name, value in changes.items():
            parameters.pop(name, None)
            if value:
                parameters[name] = value
        text = parameters.urlencode()
        return f"?{text}" if text else self.request.path

    def header(self, key: str) -> Header:
        """A column's heading: its label, the link that sorts by it, and the direction in force."""
        column = self.column(key)
        if not column.sort:
            return Header(column.label, "", "none")
        current = self.sort.removeprefix("-") == key
        descending = current and self.sort.startswith("-")
        direction = "none" if not current else "descending" if descending else "ascending"
        asked = f"-{key}" if direction == "ascending" else key
        # In another order the page of that number has other rows, so it begins with the first.
        return Header(column.label, self.address(sort=asked, page=""), direction)

    @property
    def page_links(self) -> list[dict[str, Any]]:
        """The numbered links of the paging, `None` numbers standing for a gap."""
        links = []
        for number in self.page.paginator.get_elided_page_range(
            self.page.number, on_each_side=1, on_ends=1
        ):
            known = isinstance(number, int)
            links.append(
                {
                    "number": number if known else None,
                    "url": self.address(page=str(number)) if known else "",
                    "current": number == self.page.number,
                }
            )
        return links

    @property
    def previous_url(self) -> str:
        return self.address(page=str(self.page.number - 1)) if self.page.has_previous() else ""

    @property
    def next_url(self) -> str:
        return self.address(page=str(self.page.number + 1)) if self.page.has_next() else ""

    @property
    def csv_url(self) -> str:
        return self.address(page="", export="csv") if self.export_name else ""

    @property
    def xlsx_url(self) -> str:
        return self.address(page="", export="xlsx") if self.export_name else ""

    def export(self) -> HttpResponseBase | None:
        """The whole list as a file when the address asks for one (`?export=csv` or `xlsx`), else
        None.
        """
        kind = self.parameters.get("export")
        if kind not in ("csv", "xlsx") or not self.export_name:
            return None
        columns = [column for column in self.columns if column.export]
        headings = [column.label for column in columns]
        rows = ([column.of(row) for column in columns] for row in self._all_rows())
        if kind == "csv":
            return exports.csv_response(f"{self.export_name}.csv", headings, rows)
        return exports.xlsx_response(f"{self.export_name}.xlsx", headings, rows)

    def _all_rows(self) -> Iterator[Any]:
        # iterator() keeps a file of any size out of memory, and still honours prefetch_related.
        return self.queryset.iterator(chunk_size=2000)

    @cached_property
    def active_filters(self) -> list[ActiveFilter]:
        """The filters in force, for the tags that take them away one by one."""
        if self.filter is None:
            return []
        active = []
        form = self.filter.form
        for bound in form:
            # A date stands in the address by its boxes, each of which begins with its name.
            names = [
                name
                for name in self.parameters
                if name == bound.html_name or name.startswith(f"{bound.html_name}-")
            ]
            value = bound.value()
            if (
                not names
                or value in (None, "", [], "unknown")
                or (isinstance(value, Typed) and not value)
            ):
                continue
            # Fewer filters give more rows, so that the list begins anew.
            without = self.address(page="", **dict.fromkeys(names, ""))
            active.append(ActiveFilter(str(bound.label), _in_words(bound, value), without))
        return active

    @property
    def search_field(self) -> Any:
        """The filter that stands in sight, if the FilterSet names one."""
        name = getattr(self.filter, "search", "")
        return self.filter.form[name] if name and name in self.filter.form.fields else None

    @property
    def folded_fields(self) -> list[Any]:
        if self.filter is None:
            return []
        return [
            bound
            for bound in self.filter.form.visible_fields()
            if bound.name != getattr(self.filter, "search", "")
        ]

    @property
    def folded_open(self) -> bool:
        """Whether one of the folded filters is in force or at fault, so that the fold stands
        open.
        """
        names = {str(bound.label) for bound in self.folded_fields}
        return bool(self.filter is not None and self.filter.form.errors) or any(
            active.label in names for active in self.active_filters
        )


def _alike_everywhere(model: type[Model], name: str) -> Any:
    """What to sort by: names have keys, and other texts (references, numbers) are compared by code
    point, since the database's own collation differs from server to server.
    """
    field: Any = None
    for step in name.split("__"):
        try:
            field = (field.related_model if field else model)._meta.get_field(step)
        except (FieldDoesNotExist, AttributeError):
            return F(name)  # annotated, or "pk"
    is_text = isinstance(field, CharField | TextField) and not field.db_collation
    return Lower(Collate(name, "C")) if is_text and not field.choices else F(name)


def _in_words(bound: Any, value: Any) -> str:
    """What a filter's value is called in its own list of choices."""
    choices = getattr(bound.field.widget, "choices", None)
    if choices is not None:
        chosen = {str(each) for each in (value if isinstance(value, list | tuple) else [value])}
        labels = [
            str(option["label"])
            for _group, options, _index in bound.field.widget.optgroups(
                bound.html_name, bound.field.widget.format_value(value)
            )
            for option in options
            if str(option["value"]) in chosen
        ]
        return ", ".join(labels) or ", ".join(sorted(chosen))
    if isinstance(value, Typed):
        return " ".join(text for text in value.values() if text)
    return str(value)
