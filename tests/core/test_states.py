"""No state of a lifecycle is set but by its workflow: the code is read for it."""

import ast
import subprocess
from pathlib import Path

from django.conf import settings

from core.workflow import Workflow

# The demonstration and the tests write rows of the past; migrations move rows.
WRITERS = ("create", "update", "bulk_create", "get_or_create", "update_or_create")
NOT_PRODUCT = ("demo/", "tests/", "bench/", "snapshot/")


def product() -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "*.py"],
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.splitlines()
    return [
        settings.BASE_DIR / name
        for name in listed
        if not name.startswith(NOT_PRODUCT)
        and "/migrations/" not in name
        and (settings.BASE_DIR / name).exists()
    ]


def guarded() -> dict[str, set[str]]:
    """By field of a state, the names of the enumerations that it takes."""
    found: dict[str, set[str]] = {}
    for workflow in Workflow.registered.values():
        if not workflow.derived:
            found.setdefault(workflow.field, set()).add(workflow.states.__name__)
    return found


def set_by_hand(path: Path) -> list[str]:
    """Where a module assigns a state, or writes one by `create` or `update`, from an enumeration of
    a lifecycle.
    """
    fields = guarded()
    found = []

    def of_a_lifecycle(field: str, value: ast.AST) -> bool:
        return any(
            isinstance(node, ast.Attribute)
            and isinstance(node.value, ast.Name)
            and node.value.id in fields.get(field, ())
            for node in ast.walk(value)
        )

    for node in ast.walk(ast.parse(path.read_text())):
        pairs: list[tuple[str, ast.AST]] = []
        if isinstance(node, ast.Assign):
            for target in node.targets:
                several = isinstance(target, ast.Tuple) and isinstance(node.value, ast.Tuple)
                both = (
                    zip(target.elts, node.value.elts, strict=False)
                    if several
                    else [(target, node.value)]
                )
                pairs += [
                    (one.attr, value) for one, value in both if isinstance(one, ast.Attribute)
                ]
        elif isinstance(node, ast.Call) and getattr(node.func, "attr", "") in WRITERS:
            pairs += [(word.arg, word.value) for word in node.keywords if word.arg]
        found += [
            f"{path.relative_to(settings.BASE_DIR)}:{node.lineno} {field}"
            for field, value in pairs
            if of_a_lifecycle(field, value)
        ]
    return found


def test_no_state_is_set_outside_of_the_workflow():
    found = [place for path in product() for place in set_by_hand(path)]
    assert not found, "Take the step by Workflow.apply:\n" + "\n".join(found)


def test_the_reader_finds_a_state_that_is_set_by_hand(tmp_path, monkeypatch):
    monkeypatch.setattr(settings, "BASE_DIR", tmp_path)
    workflow = next(one for one in Workflow.registered.values() if not one.derived)
    state = f"{workflow.states.__name__}.{workflow.states.names[0]}"
    module = tmp_path / "module.py"
    module.write_text(
        f"thing.{workflow.field} = {state}\n"
        f"thing.{workflow.field}, thing.other = {state}, 1\n"
        f"Thing.objects.filter(pk=1).update({workflow.field}={state})\n"
        f"Thing.objects.filter({workflow.field}={state})\n"
    )
    assert [place.split(":")[1].split()[0] for place in set_by_hand(module)] == ["1", "2", "3"]
