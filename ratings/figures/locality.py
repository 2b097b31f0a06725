"""The council's own services by district or locality, against them all."""

from datetime import date, datetime
from typing import Any

from django import forms

from core.models import CouncilProfile, District, Locality
from core.workflow import NotAllowed
from figures.figure import Column, Figure, Row, name_of
from figures.options import KnownOptions
from figures.registration import register_figure
from providers.models import Service
from ratings.figures import words
from ratings.figures.drawing import bars_of_ratings
from ratings.figures.register import held_services
from ratings.figures.tallies import RATING_COLUMNS, Tally

DISTRICT, LOCALITY = "district", "locality"
WHOLE, NO_LOCALITY = "Whole area", "No locality given"


class LocalityOptions(KnownOptions):
    by = forms.ChoiceField(
        label="Told apart by",
        choices=[("district", "District"), ("locality", "Locality")],
        required=False,
        widget=forms.RadioSelect,
    )
    field_order = ["by", "as_at", "known_on"]

    def defaults(self) -> dict[str, Any]:
        return super().defaults() | {"by": DISTRICT}


@register_figure(
    "ratings-by-locality",
    label="By district or locality",
    area="ratings",
    order=50,
    sentence="The council’s own services by the place where they are, against them all.",
    options=LocalityOptions,
    charts=bars_of_ratings("Services by rating", "area"),
    behind="rated-service",
    empty=words.NOTHING_TO_COMPARE,
)
def ratings_by_locality(
    as_at: date,
    known_at: datetime | None = None,
    by: str = DISTRICT,
    *,
    council: CouncilProfile | None = None,
) -> Figure:
    """Open services of the register that are at CQC, by the place where they are. Source: the
    register and CQC.

    `by` is `district` or `locality`; raises `NotAllowed` for anything else.
    """
    if by not in (DISTRICT, LOCALITY):
        raise NotAllowed(
            "unknown-place", "Services are told apart by district or by locality.", "by"
        )
    services = (
        Service.objects.open_on(as_at).select_related("district", "locality").order_by("name", "pk")
    )
    held = held_services(services, as_at, known_at)
    areas = District.objects.all() if by == DISTRICT else Locality.objects.all()
    tallies = {WHOLE: Tally(), **{area.name: Tally() for area in areas}}
    for one in held:
        if one.location is None:
            continue
        area = getattr(one.service, by)
        for name in (WHOLE, area.name if area else NO_LOCALITY):
            tallies.setdefault(name, Tally()).add(one.rating, one.key)
    whole = tallies[WHOLE].share(*words.GOOD_OR_BETTER)
    rows = []
    for name, tally in tallies.items():
        good = tally.share(*words.GOOD_OR_BETTER)
        gap = None
        if name != WHOLE and good.denominator:
            exact = 100 * (good.numerator / good.denominator - whole.numerator / whole.denominator)
            gap = f"{exact:+.1f}"
        behind = (*tally.behind(), ("good_or_better", tuple(tally.of(*words.GOOD_OR_BETTER))))
        rows.append(Row((name, *tally.cells(), good, gap), behind))
    without = sum(one.location is None for one in held)
    return Figure(
        name="ratings-by-locality",
        title=f"Ratings of the council's services by {by}",
        as_at=as_at,
        authority=name_of(council),
        columns=(
            Column("area", by.capitalize()),
            *RATING_COLUMNS,
            Column("good_or_better", "Good or Outstanding", kind="share"),
            Column("gap", "Against the whole, points"),
        ),
        rows=tuple(rows),
        notes=(
            words.OF_RATED,
            words.ROUNDED,
            (
                "Counts the open services of the council's register that were a location registered"
                " with CQC on the day, each by the rating of its own type of service where CQC"
                " gives one."
            ),
            (
                f"{without} open {'service' if without == 1 else 'services'} joined to no such"
                " location: not counted."
            ),
            words.SOURCE,
        ),
    )
