"""The area that comparisons of CQC's ratings stand in."""

from figures.registration import Area, register_area

register_area(
    Area(
        "ratings",
        "Comparisons",
        ("ratings.view_location",),
        intro=(
            "Each as at any day, with what stands behind every number, and as a file. They go by"
            " CQC’s types of service, to which the council’s own groups do not apply."
        ),
        base="ratings/base.html",
        tab="comparisons",
        foot="ratings/figures_foot.html",
    ),
    order=60,
)
