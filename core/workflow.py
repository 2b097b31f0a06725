"""Workflow: the transitions of a lifecycle as a table, and the only place where a state is set.

A transition carries its permission, so that no second view, task or command can forget it. An
action asks it twice: by `requires`, before anything is looked up, and by `Workflow.apply`, when the
object is locked and its state known.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import wraps
from typing import Any, ParamSpec, Protocol, TypeVar

from django.contrib.auth import get_user_model
from django.db import models

P = ParamSpec("P")
R = TypeVar("R")


class NotAllowed(Exception):
    """An action, a transition or a rule says no.

    `code` is a fixed word for it, in lower case with hyphens (`same-person`, `permission-missing`),
    which tests and callers compare; `message` is the sentence for the person who asked; `field` is
    the field of the form that it is about, or empty.
    """

    def __init__(self, code: str, message: str, field: str = "") -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.field = field


class WorkflowPerson(Protocol):
    """What is asked of whoever acts."""

    pk: Any
    is_active: Any

    def has_perm(self, perm: str) -> bool:
        """Whether they hold that permission."""


# One permission, or several of which one is enough.
Permission = str | tuple[str, ...]
# What is said of a state that a step does not start from: fixed, or made of the object.
Sentence = str | Callable[[Any], str]
# Raises `NotAllowed`. Takes the object, the person (None: nobody, see `automatic`) and the moment.
Guard = Callable[[Any, Any, datetime | None], None]


@dataclass(frozen=True)
class Transition:
    """A step of a lifecycle.

    `source` are the states that it starts from, none for the step that makes the object; `target`
    is the state after it, None for a step that leaves the state as it is. `not_by` names the fields
    whose person may not take it, with `same_person` the sentence that is said to them. `automatic`:
    nobody takes it, but the worker when its job ends, or the clock on a day that a person decided
    beforehand (`by` is then None). `needs_seen`: the person decides on a version and says which.
    `not_from` are its own sentences for states that it does not start from; the lifecycle's own
    stand in for the rest.
    """

    name: str
    source: tuple[str, ...]
    target: str | None
    permission: Permission
    words: str
    not_by: tuple[str, ...] = ()
    same_person: str = ""
    guards: tuple[Guard, ...] = ()
    automatic: bool = False
    needs_seen: bool = False
    not_from: Mapping[str, Sentence] = field(default_factory=dict, hash=False)

    @property
    def permissions(self) -> tuple[str, ...]:
        """The permissions of which one is enough; none for a step that is only automatic."""
        return (
            (self.permission,)
            if isinstance(self.permission, str) and self.permission
            else tuple(self.permission)
        )


@dataclass(frozen=True)
class Step:
    """A transition that starts from where an object is, and why the person who asked cannot take it
    (None: they can).
    """

    transition: Transition
    not_allowed: NotAllowed | None

    @property
    def name(self) -> str:
        """The name of the step, as the table of its workflow has it."""
        return self.transition.name


class Workflow:
    """The lifecycle of a model: its states, its transitions, and the sentences for a state that a
    step does not start from.

    `derived`: the state is worked out from other fields (a property), so that `apply` checks and
    the action writes those. `version` gives what a decision names as seen: equal versions mean that
    the object is as the person saw it; `stale` is said when it is not. `check_seen` stands in for
    both: it takes the object and what was seen, and raises for itself.
    """

    # Every lifecycle by its name: the docs, the matrix and the tests read them all from here.
    registered: dict[str, "Workflow"] = {}

    def __init__(
        self,
        name: str,
        model: type[models.Model],
        field: str,
        states: type[models.Choices],
        transitions: Iterable[Transition],
        *,
        not_from: Mapping[str, Sentence] | None = None,
        derived: bool = False,
        version: Callable[[Any], Any] | None = None,
        check_seen: Callable[[Any, Any], None] | None = None,
        stale: str = "Someone changed this record while you had it open. Check it, then try again.",
    ) -> None:
        self.name = name
        self.model = model
        self.field = field
        self.states = states
        self.transitions = {transition.name: transition for transition in transitions}
        self.not_from = dict(not_from or {})
        self.derived = derived
        self.version = version
        self.check_seen = check_seen
        self.stale = stale
        self.registered[name] = self

    def __getitem__(self, name: str) -> Transition:
        """The transition of that name. Raises `KeyError`."""
        return self.transitions[name]

    def state_of(self, obj: models.Model) -> str | None:
        """The state that an object is in; None while it is being made."""
        return None if obj._state.adding else getattr(obj, self.field)

    def check(
        self,
        obj: Any,
        name: str,
        by: WorkflowPerson | None,
        now: datetime | None = None,
        seen: Any = None,
    ) -> Transition:
        """Whether `by` may take that step with the object now.

        Raises `NotAllowed`: `permission-missing`, `wrong-state`, `same-person`, what a guard says,
        or `stale-version`.
        """
        transition = self._check_unseen(obj, name, by, now)
        # Asked last: that somebody changed the record matters only to a person who could decide on
        # it.
        if transition.needs_seen and self.check_seen is not None:
            self.check_seen(obj, seen)
        if transition.needs_seen and self.version is not None and seen != self.version(obj):
            raise NotAllowed("stale-version", self.stale)
        return transition

    def check_state(self, obj: Any, name: str) -> Transition:
        """Whether the step starts from where the object is, whoever asks.

        Raises `NotAllowed`: `wrong-state`.
        """
        transition = self.transitions[name]
        state = self.state_of(obj)
        # A step without a source makes the object, so it is right only while there is no state yet.
        if (state is not None or transition.source) and state not in transition.source:
            raise NotAllowed("wrong-state", self._not_from(transition, state, obj))
        return transition

    def apply(
        self,
        obj: Any,
        name: str,
        by: WorkflowPerson | None,
        now: datetime | None = None,
        seen: Any = None,
    ) -> Transition:
        """Check the step and set the state of the object, which the action then saves.

        Raises `NotAllowed` as `check` does.
        """
        if self.derived:
            raise TypeError(
                f"The state of {self.name} follows from other fields: check, then write those."
            )
        transition = self.check(obj, name, by, now, seen)
        if transition.target is not None:
            setattr(obj, self.field, transition.target)
        return transition

    def refusal(
        self, obj: Any, name: str, by: WorkflowPerson | None, now: datetime | None = None
    ) -> NotAllowed | None:
        """Why `by` cannot take that step now, for a page that says so; None when they can. What was
        seen is not asked.
        """
        try:
            self._check_unseen(obj, name, by, now)
        except NotAllowed as refusal:
            return refusal
        return None

    def available(self, obj: Any, by: WorkflowPerson, now: datetime | None = None) -> list[Step]:
        """The steps that start from where the object is, in the order of the table: the page's list
        of tasks.
        """
        state = self.state_of(obj)
        return [
            Step(transition, self.refusal(obj, name, by, now))
            for name, transition in self.transitions.items()
            if state in transition.source and transition.permissions
        ]

    def who_can(self, obj: Any, name: str) -> Sequence[Any]:
        """The people who hold the step's permission and are not shut out of it as the same person,
        by name.
        """
        transition = self.transitions[name]
        excluded = [getattr(obj, f"{field}_id") for field in transition.not_by]
        people = get_user_model().objects
        able = people.none()
        for permission in transition.permissions:
            able = able | people.with_perm(permission)
        return tuple(
            able.filter(is_active=True)
            .exclude(pk__in=[pk for pk in excluded if pk])
            .distinct()
            .order_by("name_key")
        )

    def _check_unseen(
        self, obj: Any, name: str, by: WorkflowPerson | None, now: datetime | None
    ) -> Transition:
        transition = self.transitions[name]
        # The order is fixed. The right comes first, so that a person who lacks it learns nothing of
        # the state; the same person comes before the guards, which say more about the object.
        ask(by, transition)
        self.check_state(obj, name)
        if by is not None and any(
            getattr(obj, f"{field}_id") == by.pk for field in transition.not_by
        ):
            raise NotAllowed(
                "same-person", transition.same_person or f"Someone else must {transition.words}."
            )
        for guard in transition.guards:
            guard(obj, by, now)
        return transition

    def _not_from(self, transition: Transition, state: str | None, obj: Any) -> str:
        if state is None:
            return f"You cannot {transition.words}: it is new."
        said = transition.not_from.get(state) or self.not_from.get(state)
        if said is None:
            return f"You cannot {transition.words}: it is {str(self.states(state).label).lower()}."
        return said if isinstance(said, str) else said(obj)


def ask(by: WorkflowPerson | None, asked: Permission | Transition) -> None:
    """Whether the person holds a permission.

    Raises `NotAllowed`: `permission-missing`.
    """
    if isinstance(asked, Transition):
        permissions, words, automatic = asked.permissions, asked.words, asked.automatic
    else:
        permissions, words, automatic = (
            ((asked,) if isinstance(asked, str) else asked),
            "do this",
            False,
        )
    if by is None:
        if not automatic:
            raise NotAllowed("permission-missing", f"Somebody must {words}.")
    elif not by.is_active or not any(by.has_perm(permission) for permission in permissions):
        raise NotAllowed("permission-missing", f"You do not have the right to {words}.")


def requires(
    *asked: Permission | Transition, automatic: bool = False
) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """For an action that takes `by`: who lacks what is asked is refused before anything is looked
    up.

    Each of `asked` must be held (of a tuple, one of it); with none, the person must only be active.
    `automatic`: the worker and the clock take the action too, with `by` None. The decorated action
    raises `NotAllowed`: `permission-missing`.
    """

    def decorate(action: Callable[P, R]) -> Callable[P, R]:
        @wraps(action)
        def checked(*args: P.args, **kwargs: P.kwargs) -> R:
            # Actions take `by` by keyword alone, so that it is found whatever else they take.
            by: Any = kwargs.get("by")
            if by is None and not automatic:
                raise NotAllowed("permission-missing", "Somebody must do this.")
            if by is not None and not by.is_active:
                raise NotAllowed(
                    "permission-missing",
                    "Your account is closed. Ask an administrator to reopen it.",
                )
            if by is not None:
                for one in asked:
                    ask(by, one)
            return action(*args, **kwargs)

        checked.asks = asked  # type: ignore[attr-defined]  # read by the test of every action
        return checked

    return decorate


def refusal(check: Callable[P, object], *args: P.args, **kwargs: P.kwargs) -> NotAllowed | None:
    """What a rule would raise, for a page that says why not; None when it allows."""
    try:
        check(*args, **kwargs)
    except NotAllowed as refused:
        return refused
    return None
