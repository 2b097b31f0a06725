"""The area that figures of suspensions stand in. Exempt matter: a public paper prints counts that
are approved one by one.
"""

from datetime import date
from typing import Any

from core.models import CouncilProfile
from figures.registration import Area, register_area
from suspensions.figures.drawing import over_months
from suspensions.figures.in_force import share_of_contracted
from suspensions.figures.time import monthly


def in_short(today: date, council: CouncilProfile | None) -> dict[str, Any]:
    """What stands above the list of figures: the share of contracted services in words, and the
    months as a line.
    """
    share = share_of_contracted(today, council=council).rows[-1]
    return {"share": share.cells[-1], "chart": over_months(monthly(today, council=council))[0]}


register_area(
    Area(
        "suspensions",
        "Figures of suspensions",
        ("suspensions.view_suspension", "core.read_exempt"),
        is_exempt=True,
        headed_by_figure=True,
        base="includes/suspensions_page.html",
        tab="figures",
        lead="suspensions/figures_lead.html",
        context=in_short,
    ),
    order=50,
)
