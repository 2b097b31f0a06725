"""The registry of figures: one decorator on the function that computes a figure gives it a page,
its charts, what stands behind each number, files, and its place in the command.

An app registers its figures, and the area that they stand in, in its module or package `figures`,
and what kind of row may stand behind a number in its module `rows_behind`.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import wraps
from inspect import signature
from typing import Any, ParamSpec

from django.db.models import QuerySet

from core.models import CouncilProfile
from core.registration import Registry
from figures.charting import Chart, Charts, no_chart
from figures.figure import Column, Figure, Row
from figures.options import DayOptions
from govuk.lists import Column as ListColumn

P = ParamSpec("P")
# What reads a row of settings, by the name under which figures and charts take it.
Reads = Mapping[str, Callable[[], Any]]
OF_EVERY_FIGURE: Reads = {"council": CouncilProfile.current}
# Local Government Act 1972, Schedule 12A: a page or a file of exempt figures says that it is.
EXEMPT = "Exempt: not for publication"


@dataclass(frozen=True)
class Area:
    """Figures that stand together: their list at `/figures/area/<key>/`, the permissions that they
    ask, the navigation around them.

    `base` is the template that their pages extend, with `tab` the part of its own navigation that
    they belong to, and `crumbs` the labels and URL names above them. `lead` and `foot` are
    templates of what else stands on the list, and `context` what they need. Pages of a figure are
    headed by its label, or with `headed_by_figure` by the title that it computes.
    """

    key: str
    title: str
    permission: tuple[str, ...]
    intro: str = ""
    is_exempt: bool = False
    headed_by_figure: bool = False
    base: str = "figures/base.html"
    tab: str = ""
    crumbs: tuple[tuple[str, str], ...] = ()
    lead: str = ""
    foot: str = ""
    context: Callable[[date, CouncilProfile | None], dict[str, Any]] = lambda today, council: {}

    @property
    def caption(self) -> str:
        """What stands over the heading of its pages: that they are exempt, or nothing."""
        return EXEMPT if self.is_exempt else ""


@dataclass(frozen=True)
class RowsBehind:
    """A kind of row that stands behind numbers: which they are on a day, and how their list shows
    them.

    `url_of` is the address of one of them by its id; `table` a template for the list of `page`,
    with `day` and `today`.
    """

    rows: Callable[[date], QuerySet[Any]]
    columns: Sequence[ListColumn]
    noun: tuple[str, str]
    default_sort: str
    url_of: Callable[[str], str]
    table: str = "figures/rows_table.html"
    note: str = ""
    # Whether a name in a table leads straight to its page.
    is_named_in_cells: bool = False


def last_day(row: Row, column: str, chosen: dict[str, Any]) -> date:
    """The day of a number: the last that was asked for."""
    day: date = chosen["as_at"]
    return day


@dataclass(frozen=True)
class Registered:
    """A figure as it was registered; see `register_figure`."""

    name: str
    label: str
    area_key: str
    compute: Callable[..., Figure]
    sentence: str
    latest: Callable[[Figure], str] | None
    own_permission: tuple[str, ...] | None
    options: type[DayOptions]
    charts: Charts
    behind: str
    other_rows: Mapping[str, str]
    link: Callable[[Figure, Row, Column], str] | None
    day_of: Callable[[Row, str, dict[str, Any]], date]
    headings: int
    is_wide: bool
    # A figure is kept from public papers unless it says that it may stand there.
    is_public: bool
    empty: str
    reads: Reads = field(repr=False)

    @property
    def area(self) -> Area:
        """The area that it stands in."""
        return AREAS[self.area_key]

    @property
    def permission(self) -> tuple[str, ...]:
        """Its own permissions, or the area's."""
        return self.area.permission if self.own_permission is None else self.own_permission

    def takes(self) -> frozenset[str]:
        """The names of what the figure's function takes."""
        return frozenset(signature(self.compute).parameters)

    def settings_rows(self, council: CouncilProfile | None) -> dict[str, Any]:
        """The rows of settings that the figure or its charts take, each read once; the council is
        the caller's.
        """
        wanted = self.takes() | frozenset(signature(self.charts).parameters)
        # Only what is taken is read, since each row is a query.
        found = {
            key: read() for key, read in self.reads.items() if key in wanted and key != "council"
        }
        return found | ({"council": council} if "council" in wanted else {})

    def figure(self, arguments: Mapping[str, Any], rows: Mapping[str, Any]) -> Figure:
        """The figure for what was asked and these rows of settings.

        Raises `NotAllowed` for what cannot be asked.
        """
        taken = self.takes()
        return self.compute(**arguments, **{key: row for key, row in rows.items() if key in taken})

    def drawn(self, figure: Figure, rows: Mapping[str, Any]) -> Sequence[Chart]:
        """Its charts."""
        taken = signature(self.charts).parameters
        return self.charts(figure, **{key: row for key, row in rows.items() if key in taken})

    def kind_behind(self, column_key: str) -> RowsBehind:
        """What the ids behind the numbers of a column are."""
        return KINDS[self.other_rows.get(column_key, self.behind)]

    def key_of(self, row: Row) -> str:
        """What names a row in an address: its leading cells."""
        return ", ".join(str(cell) for cell in row.cells[: self.headings])


AREAS: Registry[Area] = Registry("areas of figures")
FIGURES: Registry[Registered] = Registry("figures")
KINDS: Registry[RowsBehind] = Registry("kinds of rows behind numbers")


def register_area(area: Area, *, order: int) -> Area:
    """Add an area of figures. Raises `ValueError` for a key that another area has."""
    return AREAS.add(area.key, area, order=order)


def register_rows_behind(kind: str, rows: RowsBehind) -> RowsBehind:
    """Add a kind of row that stands behind numbers.

    Raises `ValueError` for a name that another kind has.
    """
    return KINDS.add(kind, rows)


def register_figure(
    name: str,
    *,
    label: str,
    area: str,
    order: int,
    behind: str,
    sentence: str = "",
    latest: Callable[[Figure], str] | None = None,
    permission: tuple[str, ...] | None = None,
    options: type[DayOptions] = DayOptions,
    charts: Charts = no_chart,
    other_rows: Mapping[str, str] | None = None,
    link: Callable[[Figure, Row, Column], str] | None = None,
    day_of: Callable[[Row, str, dict[str, Any]], date] = last_day,
    headings: int = 1,
    wide: bool = False,
    public: bool = False,
    empty: str = "There was nothing to count on that day. Choose another day.",
    reads: Reads | None = None,
) -> Callable[[Callable[P, Figure]], Callable[P, Figure]]:
    """Register the function that computes a figure. It takes `as_at`, and by name what its
    `options` ask and the command gives.

    `label` names it in lists, with a `sentence`, or with what `latest` says of today's figure.
    `permission` is the area's unless given. `behind` names the kind of row whose ids stand behind
    its numbers, `other_rows` another kind for the columns of these keys; `link` may give an address
    of its own for a number, and `day_of` the day on which its rows are shown. `headings` is how
    many leading cells name a row; `wide` tables leave out the counts beneath their percentages.
    `public`: a public paper may print it. A row of settings that the function names among its
    parameters (`council`, or one of `reads`) is read for whoever calls it without.
    """

    def register(function: Callable[P, Figure]) -> Callable[P, Figure]:
        readers = {**OF_EVERY_FIGURE, **(reads or {})}
        taken = signature(function).parameters

        # A row of settings is read here for a caller that gives none (a paper, the command). A page
        # reads each once and passes it in, since the charts may take the same.
        @wraps(function)
        def compute(*args: P.args, **kwargs: P.kwargs) -> Figure:
            for key, read in readers.items():
                # What the caller has read is not read again.
                if key in taken and key not in kwargs:
                    kwargs[key] = read()
            return function(*args, **kwargs)

        registered = Registered(
            name=name,
            label=label,
            area_key=area,
            compute=compute,
            sentence=sentence,
            latest=latest,
            own_permission=permission,
            options=options,
            charts=charts,
            behind=behind,
            other_rows=other_rows or {},
            link=link,
            day_of=day_of,
            headings=headings,
            is_wide=wide,
            is_public=public,
            empty=empty,
            reads=readers,
        )
        FIGURES.add(name, registered, order=order)
        return compute

    return register


def named(name: str) -> Callable[..., Figure]:
    """The function behind a figure's name. Raises `KeyError` for a name that no app registered."""
    return FIGURES[name].compute


def public(name: str) -> Callable[..., Figure]:
    """The same, for a public paper.

    Raises `LookupError` for a figure that is not registered as public.
    """
    # An error and not an empty table: a paper that asks for it was put together wrongly.
    if not FIGURES[name].is_public:
        raise LookupError(f"The figure {name} is not for public papers.")
    return FIGURES[name].compute


def of_area(area: Area) -> list[Registered]:
    """The figures of an area in their order."""
    return [figure for figure in FIGURES if figure.area_key == area.key]
