"""What the apps above know of that formal steps ask: each registers it in its module
`step_links`.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django import forms
from django.utils.safestring import SafeString

from core.models import User
from core.registration import Registry
from formal_steps.models import FormalStep
from providers.models import Service

# Of these services (by id), the days on which something was proposed that answers a prompt for the
# next step.
# Asked of many services in one query, since Today asks it of all of them.
AnswersOf = Callable[[Collection[int]], Mapping[int, Iterable[date]]]
ANSWERS: Registry[AnswersOf] = Registry("answers to prompts for the next step")


def answers_prompts(answers: AnswersOf) -> AnswersOf:
    """Register what else than a formal step answers the default notices of a service."""
    return ANSWERS.add(f"{answers.__module__}.{answers.__name__}", answers)


@dataclass(frozen=True)
class HistoryEntry:
    """Something that stands among the formal steps of a service, as its own app's template shows
    it.
    """

    day: date
    html: SafeString


HistoryOf = Callable[[Service], Iterable[HistoryEntry]]
HISTORY: Registry[HistoryOf] = Registry("history beside the formal steps")


def service_history(history: HistoryOf) -> HistoryOf:
    """Register what stands among the formal steps of a service, in the order of time."""
    return HISTORY.add(f"{history.__module__}.{history.__name__}", history)


@dataclass(frozen=True)
class Page:
    """A page of another app, with the words of its link."""

    label: str
    url: str


@dataclass(frozen=True)
class StepLink:
    """Something that a formal step can be proposed beside. The app that knows of it keeps the row
    that joins the two.

    `field` is asked of the service when a step is proposed: None where there is nothing to choose.
    `join` keeps the choice, by its id, and raises `NotAllowed` for one of another service; `beside`
    finds it again.
    """

    name: str
    field: Callable[[Service], forms.ModelChoiceField | None]
    join: Callable[[FormalStep, int], None]
    beside: Callable[[FormalStep], Page | None]


LINKS: Registry[StepLink] = Registry("what formal steps stand beside")


# What a person can begin from the formal steps of a service; None where they may not.
TaskOf = Callable[[Service, User], Page | None]
TASKS: Registry[TaskOf] = Registry("tasks beside the formal steps")


def service_task(task: TaskOf) -> TaskOf:
    """Register what else than a formal step a person can begin from the formal steps of a
    service.
    """
    return TASKS.add(f"{task.__module__}.{task.__name__}", task)
