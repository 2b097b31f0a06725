"""How a lifecycle is drawn: a table that no app has stands in for all of them."""

from django.contrib.auth.models import Group
from django.db import models

from core import diagrams
from core.workflow import Transition, Workflow


class Light(models.TextChoices):
    OFF = "off", "Off"
    WARMING = "warming-up", "Warming up"
    ON = "on", "On"


def lamp() -> Workflow:
    made = Workflow(
        "lamp",
        Group,
        "name",
        Light,
        (
            Transition("buy", (), Light.OFF, "a.buy", "buy it"),
            Transition(
                "turn-on", (Light.OFF,), Light.WARMING, ("a.turn", "a.own"), "turn it on", ("by",)
            ),
            Transition("warm", (Light.WARMING,), Light.ON, "", "warm up", automatic=True),
            Transition("dust", (Light.OFF, Light.ON), None, "a.dust", "dust it"),
            Transition("dim", (Light.ON,), Light.ON, "a.turn", "dim it"),
        ),
    )
    # It is nobody's: the docs and what else goes through all lifecycles must not meet it.
    del Workflow.registered["lamp"]
    return made


def test_states_in_their_order_with_who_takes_the_step():
    assert diagrams.mermaid(lamp()).splitlines() == [
        "stateDiagram-v2",
        "    [*] --> off: buy it",
        "    off --> warming_up: turn it on (someone else)",
        "    warming_up --> on: warm up (by itself)",
        "    on --> on: dim it",
        "    on --> [*]",
    ]


def test_table_has_every_step_also_one_that_stays():
    assert diagrams.table(lamp()).splitlines()[2:] == [
        "| buy | (new) | off | `a.buy` |  |  |",
        "| turn-on | off | warming-up | `a.turn` or `a.own` | `by` |  |",
        "| warm | warming-up | on |  |  | yes |",
        "| dust | off, on | (stays) | `a.dust` |  |  |",
        "| dim | on | on | `a.turn` |  |  |",
    ]


def test_page_has_a_heading_for_each_by_name():
    page = diagrams.page([lamp()])
    assert page.startswith("# Lifecycles\n")
    assert "\n## Lamp\n\n```mermaid\nstateDiagram-v2\n" in page
