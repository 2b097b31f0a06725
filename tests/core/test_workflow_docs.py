import pytest
from django.conf import settings

from core import diagrams
from core.workflow import Workflow

PAGE = settings.BASE_DIR / "docs" / "workflows.md"
# What a test makes for itself belongs in no docs.
WORKFLOWS = {
    name: workflow
    for name, workflow in Workflow.registered.items()
    if not workflow.model.__module__.startswith("tests.")
}


def test_docs_show_the_tables_as_they_are():
    assert diagrams.page(WORKFLOWS.values()) == PAGE.read_text(), "Run script/manage draw_workflows"


@pytest.mark.parametrize("name", sorted(WORKFLOWS))
def test_every_step_is_drawn_or_stays_and_stands_in_the_table(name):
    workflow = WORKFLOWS[name]
    drawn, table = diagrams.mermaid(workflow), diagrams.table(workflow)
    for transition in workflow.transitions.values():
        assert f"| {transition.name} | " in table
        if transition.target is not None:
            assert f" --> {transition.target.replace('-', '_')}: {transition.words}" in drawn
