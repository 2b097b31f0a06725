"""Figures: what a page, a paper and a file print, computed in one place for each.

A figure function takes the day that it is true of and returns a frozen `Figure`;
`figures.registration` names them all.
"""

from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from functools import cached_property
from typing import Any, Literal

from core.models import CouncilProfile


@dataclass(frozen=True)
class Share:
    """A part of a whole: printed as a percentage of so many decimal places, kept as its numerator
    and denominator.
    """

    numerator: int
    denominator: int
    places: int = 0

    @cached_property
    def percent(self) -> float | None:
        """The percentage, whole unless it has decimal places, halves rounded up as the papers print
        it; None of nothing. Shares are never forced to add to 100.
        """
        if not self.denominator:
            return None
        exact = Decimal(100) * self.numerator / self.denominator
        # Not `round`, which takes a half to the even number, nor a float, which may lie just below
        # it.
        rounded = exact.quantize(Decimal(1).scaleb(-self.places), ROUND_HALF_UP)
        return float(rounded) if self.places else int(rounded)

    def __str__(self) -> str:
        return "none" if self.percent is None else f"{self.percent}%"

    @property
    def counts(self) -> str:
        """`14 of 230`."""
        return f"{self.numerator:,} of {self.denominator:,}"

    @property
    def in_full(self) -> str:
        """`6% (14 of 230)`."""
        return f"{self} ({self.counts})"


Cell = str | int | float | Share | None


@dataclass(frozen=True)
class Column:
    """A column: `group` names the wider heading that it stands under, where a table has two header
    rows; `meaning` says an abbreviated label in full, on the page alone.
    """

    key: str
    label: str
    kind: Literal["text", "count", "share"] = "text"
    group: str = ""
    # It is for the page alone and not kept with a frozen figure, whose columns compare alike
    # without it.
    meaning: str = field(default="", compare=False)

    @property
    def is_number(self) -> bool:
        """Whether its cells are numbers, which stand to the right."""
        return self.kind != "text"


@dataclass(frozen=True)
class Row:
    """A row: its cells in the order of the columns, and for each column key the ids of what stands
    behind its number.
    """

    cells: tuple[Cell, ...]
    behind: tuple[tuple[str, tuple[str, ...]], ...] = ()


def name_of(council: CouncilProfile | None) -> str:
    """The authority of the council's own figures; empty before there is a council."""
    return council.short_name if council else ""


@dataclass(frozen=True)
class Figure:
    """A computed table, true of `as_at`. `notes` say the rules by which it was counted, to be
    printed beside it; `findings` are sentences that the numbers bear out, such as a rank.
    """

    name: str
    title: str
    as_at: date
    authority: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    notes: tuple[str, ...] = ()
    findings: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """`{"figure", "as_at", "authority", "columns", "rows"}`; a share is `{"numerator",
        "denominator", "percent"}`.
        """
        return {
            "figure": self.name,
            "title": self.title,
            "as_at": self.as_at.isoformat(),
            "authority": self.authority,
            "columns": [
                {"key": c.key, "label": c.label, "kind": c.kind, "group": c.group}
                for c in self.columns
            ],
            "rows": [
                {
                    c.key: _cell_as_json(cell)
                    for c, cell in zip(self.columns, row.cells, strict=True)
                }
                for row in self.rows
            ],
            "notes": list(self.notes),
            "findings": list(self.findings),
        }

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> "Figure":
        """A figure again from what `as_json` gave (a frozen figure of a paper); what stood behind
        its numbers is not kept.
        """
        columns = tuple(Column(**column) for column in data["columns"])
        return cls(
            name=data["figure"],
            title=data["title"],
            as_at=date.fromisoformat(data["as_at"]),
            authority=data["authority"],
            columns=columns,
            rows=tuple(
                Row(cells=tuple(_cell_from_json(row[column.key]) for column in columns))
                for row in data["rows"]
            ),
            notes=tuple(data["notes"]),
            # A figure frozen before figures had findings has none.
            findings=tuple(data.get("findings", ())),
        )

    def table(self) -> tuple[list[str], list[list[str | float]]]:
        """Headings and plain rows for a file: each share takes two columns, its percentage and its
        count.
        """
        # A spreadsheet cannot sum "14 of 230", so the percentage has a column of its own.
        headings: list[str] = []
        for column in self.columns:
            label = f"{column.group}: {column.label}" if column.group else column.label
            headings += (
                [f"{label} (%)", f"{label} (of all counted)"] if column.kind == "share" else [label]
            )
        rows: list[list[str | float]] = []
        for row in self.rows:
            cells: list[str | float] = []
            for column, cell in zip(self.columns, row.cells, strict=True):
                if isinstance(cell, Share):
                    cells += [
                        "" if cell.percent is None else cell.percent,
                        f"{cell.numerator} of {cell.denominator}",
                    ]
                elif column.kind == "share":
                    # Words in place of a share, such as a median of shares.
                    cells += ["" if cell is None else cell, ""]
                else:
                    cells.append("" if cell is None else cell)
            rows.append(cells)
        return headings, rows


def _cell_as_json(cell: Cell) -> Any:
    if isinstance(cell, Share):
        kept = {
            "numerator": cell.numerator,
            "denominator": cell.denominator,
            "percent": cell.percent,
        }
        # Only where there are some: whole percentages stay as the figures frozen before have them.
        return kept | {"places": cell.places} if cell.places else kept
    return cell


def _cell_from_json(value: Any) -> Cell:
    if isinstance(value, dict):
        return Share(value["numerator"], value["denominator"], value.get("places", 0))
    return value
