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
    """Also whether by district or by locality."""

    by = forms.ChoiceField(
        label="Group services by",
        choices=[("district", "District"), ("locality", "Locality")],
        required=False,
        widget=forms.RadioSelect,
    )
    field_order = ["by", "as_at", "known_on"]

    def defaults(self) -> dict[str, Any]:
        """By district, unless asked otherwise."""
        return super().defaults() | {"by": DISTRICT}


@register_figure(
    "ratings-by-locality",
    label="By district or locality",
    area="ratings",
    order=50,
    sentence="The council’s own services in each place, compared with the whole area.",
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
    """The council's own services in each rating, by the place where they are.

    Numerator: open services linked to a registered location, with that overall rating on the day.
    Denominator: those of them with any overall rating; for those not yet rated, all of them. The
    gap is between the shares before they are rounded. Source: the council's register, and CQC's
    published ratings.

    `by` is `district` or `locality`. Raises `NotAllowed`: `unknown-place`.
    """
    if by not in (DISTRICT, LOCALITY):
        raise NotAllowed(
            "unknown-place", "Select whether to group services by district or by locality.", "by"
        )
    services = (
        Service.objects.open_on(as_at)
        .select_related("district", "locality")
        .order_by("name_key", "pk")
    )
    held = held_services(services, as_at, known_at)
    areas = District.objects.all() if by == DISTRICT else Locality.objects.all()
    tallies = {WHOLE: Tally(), **{area.name: Tally() for area in areas}}
    for one in held:
        # Not linked, or not registered that day: CQC can have rated nothing, so it is in no number.
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
        # The whole has a denominator wherever a part of it has.
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
            Column("gap", "Difference from the whole area, points"),
        ),
        rows=tuple(rows),
        notes=(
            words.OF_RATED,
            words.ROUNDED,
            (
                "This counts the open services in the council’s register that were linked to a"
                " location registered with CQC on the day, each by the rating of its own type of"
                " service where CQC gives one."
            ),
            (
                f"Not counted: {without} open {'service' if without == 1 else 'services'} without"
                " such a link."
            ),
            words.SOURCE,
        ),
    )
