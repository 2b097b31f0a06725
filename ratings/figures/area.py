"""The area that comparisons of CQC's ratings stand in."""

from figures.registration import Area, register_area

register_area(
    Area(
        "ratings",
        "Comparisons",
        ("ratings.view_location",),
        intro=(
            "You can see each figure as at any day, with what is behind every number, and download"
            " it. They use CQC’s types of service, so you cannot group them by the council’s own"
            " groups."
        ),
        base="ratings/base.html",
        tab="comparisons",
        foot="ratings/figures_foot.html",
    ),
    order=60,
)
