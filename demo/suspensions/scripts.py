"""The suspensions that the demonstration tells of, and which service plays which."""

from collections.abc import Iterator
from dataclasses import dataclass

from demo import texts
from demo.context import WORST_FIRST, DemoContext
from demo.texts import Theme
from providers.models import Service
from providers.vocabulary import ClientGroup, ServiceType
from suspensions.models import SuspensionKind

RES, NUR, HOME = ServiceType.RESIDENTIAL_HOME, ServiceType.NURSING_HOME, ServiceType.HOME_CARE
LIV, EXTRA, DAY = ServiceType.SUPPORTED_LIVING, ServiceType.EXTRA_CARE, ServiceType.DAY_CARE


@dataclass(frozen=True)
class Script:
    """One suspension. `ends` says how it stands today: `proposed` (waiting for a decision),
    `unconfirmed` (urgent, on one manager's word), `in_force`, `lift_proposed`, `lifted`, `refused`,
    `withdrawn` or `ended_unconfirmed`.
    """

    service_type: ServiceType
    began: int  # days ago
    ends: str
    theme: Theme
    lasted: int = 0  # days, where it was lifted
    kind: SuspensionKind = SuspensionKind.FULL
    limit: str = ""
    is_urgent: bool = False
    of_a_unit: bool = False
    client_group: str = ""
    review_in: int = 12  # days from today; negative: overdue
    overrides: bool = False
    lift_refused: bool = False


LIMIT = "No more than one new person a fortnight, each agreed by a manager beforehand."
CASE_BY_CASE = "Case by case: a manager agrees each new placement in writing."
CORE = (
    Script(RES, 121, "in_force", texts.CARE, client_group=ClientGroup.AGEING_WELL, review_in=9),
    Script(NUR, 76, "in_force", texts.STAFFING, review_in=-3),
    Script(HOME, 62, "in_force", texts.CALLS, review_in=5),
    Script(
        LIV,
        95,
        "in_force",
        texts.MONEY,
        kind=SuspensionKind.PARTIAL,
        limit=CASE_BY_CASE,
        review_in=16,
    ),
    Script(
        RES,
        45,
        "in_force",
        texts.MEDICINES,
        kind=SuspensionKind.PARTIAL,
        limit=LIMIT,
        client_group=ClientGroup.LIVING_WELL,
        review_in=2,
    ),
    Script(RES, 150, "lift_proposed", texts.MEDICINES),
    Script(NUR, 1, "proposed", texts.LEADERSHIP),
    Script(RES, 1, "unconfirmed", texts.STAFFING, is_urgent=True),
    Script(NUR, 6, "unconfirmed", texts.CARE, is_urgent=True),
    Script(
        HOME,
        26,
        "in_force",
        texts.CALLS,
        kind=SuspensionKind.VOLUNTARY,
        of_a_unit=True,
        review_in=20,
    ),
    Script(RES, 420, "lifted", texts.LEADERSHIP, lasted=131),
    Script(NUR, 170, "lifted", texts.MEDICINES, lasted=112, is_urgent=True),
    Script(LIV, 600, "lifted", texts.MONEY, lasted=158),
    Script(DAY, 205, "refused", texts.STAFFING),
)
MORE = (
    Script(RES, 210, "in_force", texts.LEADERSHIP, review_in=7, lift_refused=True),
    Script(RES, 33, "in_force", texts.STAFFING, is_urgent=True, review_in=14),
    Script(RES, 88, "in_force", texts.CARE, review_in=-8),
    Script(RES, 17, "in_force", texts.MEDICINES, review_in=11),
    Script(NUR, 140, "in_force", texts.CARE, of_a_unit=True, review_in=18),
    Script(NUR, 52, "in_force", texts.LEADERSHIP, review_in=4),
    Script(HOME, 110, "in_force", texts.CALLS, is_urgent=True, review_in=6),
    Script(RES, 510, "lifted", texts.STAFFING, lasted=95, overrides=True),
    Script(RES, 350, "lifted", texts.CARE, lasted=170),
    Script(RES, 240, "lifted", texts.MEDICINES, lasted=90),
    Script(NUR, 560, "lifted", texts.LEADERSHIP, lasted=201),
    Script(NUR, 270, "ended_unconfirmed", texts.MEDICINES, is_urgent=True),
    Script(HOME, 390, "lifted", texts.CALLS, lasted=120),
    Script(HOME, 150, "lifted", texts.CALLS, lasted=84, kind=SuspensionKind.VOLUNTARY),
    Script(EXTRA, 130, "withdrawn", texts.LEADERSHIP),
)
MANY = 200  # services from which on there is room for all of them


def cast(context: DemoContext) -> Iterator[tuple[Script, int, Service]]:
    """Give each script a service of its own: open, contracted in time, the worst rated first."""
    scripts = CORE + MORE if context.world.services >= MANY else CORE
    free = sorted(
        context.register.services,
        key=lambda number: (WORST_FIRST.index(context.worst_rating(number)), number),
    )
    for script in scripts:
        fitting = (number for number in free if _fits(context, script, number))
        number = next(fitting, None)
        if number is not None:
            free.remove(number)
            yield script, number, context.register.services[number]


def _fits(context: DemoContext, script: Script, number: int) -> bool:
    service = context.register.services[number]
    since = context.contracted_since(service)
    return (
        service.service_type == script.service_type
        and service.closed_on is None
        and since is not None
        and (context.today - since).days > script.began + 40
        and script.client_group in ("", service.client_group)
        and (not script.of_a_unit or number % 5 == 0)
    )
