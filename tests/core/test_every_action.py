"""Every action that takes `by`: it says what it asks, and refuses whoever lacks it before anything
is looked up or written.
"""

import importlib
import inspect
import pkgutil
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.models import User
from core.workflow import NotAllowed, Transition

# Asked by nobody's right: the action is what the demonstration or a command does for itself.
WRITES = ("INSERT", "UPDATE", "DELETE", "TRUNCATE")


def modules() -> Iterator[Any]:
    """The modules of actions of every app of ours."""
    for app in apps.get_app_configs():
        if (
            not app.path.startswith(str(settings.BASE_DIR))
            or ".venv" in app.path
            or app.name == "demo"
        ):
            continue
        try:
            found = importlib.import_module(f"{app.name}.actions")
        except ModuleNotFoundError:
            continue
        yield found
        for part in pkgutil.walk_packages(getattr(found, "__path__", []), f"{found.__name__}."):
            yield importlib.import_module(part.name)


def actions() -> dict[str, Callable[..., Any]]:
    """Every public function that takes `by`, by where it is written."""
    found = {}
    for module in modules():
        for name, function in vars(module).items():
            own = inspect.isfunction(function) and function.__module__ == module.__name__
            if own and not name.startswith("_") and "by" in inspect.signature(function).parameters:
                found[f"{module.__name__}.{name}"] = function
    return found


ACTIONS = actions()


def test_the_walk_finds_the_actions():
    assert len(ACTIONS) > 100


@pytest.mark.parametrize("name", sorted(ACTIONS))
def test_every_action_says_what_it_asks(name):
    assert hasattr(ACTIONS[name], "asks"), f"{name} needs @requires(...)"


@pytest.mark.django_db
@pytest.mark.parametrize("name", sorted(ACTIONS))
def test_every_action_refused_without_its_permission_and_nothing_written(name):
    action = ACTIONS[name]
    nobody = User.objects.create(username="nobody", is_active=bool(getattr(action, "asks", ())))
    # What is given does not matter: the right is asked first.
    given = {
        key: nobody if key == "by" else None
        for key, parameter in inspect.signature(action).parameters.items()
        if parameter.default is parameter.empty and parameter.kind is not parameter.VAR_KEYWORD
    } | {"by": nobody}
    with CaptureQueriesContext(connection) as queries, pytest.raises(NotAllowed) as caught:
        action(**given)
    assert caught.value.code == "permission-missing"
    assert not [query for query in queries if query["sql"].startswith(WRITES)]


@pytest.mark.django_db
def test_every_permission_that_an_action_asks_is_one_that_exists_and_some_group_holds():
    from core.groups import GROUPS

    held = {code for codes in GROUPS.values() for code in codes}
    for name, action in ACTIONS.items():
        for asked in getattr(action, "asks", ()):
            permissions = asked.permissions if isinstance(asked, Transition) else asked
            permissions = (permissions,) if isinstance(permissions, str) else permissions
            assert set(permissions) <= held, (name, permissions)
