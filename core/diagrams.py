"""The lifecycles in docs/workflows.md: a state diagram and a table of steps for each, made from the
tables that actions ask.
"""

from collections.abc import Iterable

from core.workflow import Transition, Workflow

START = "[*]"
HEAD = """# Lifecycles

Each lifecycle stands in a table (`workflow` of its app, `core/workflow.py`): its states, its
steps, the permission of each step and who may not take it. `script/manage draw_workflows` makes
this page from the tables; a test fails when they no longer agree. A step that stays in its state
needs that state and changes something else. *Not by* names the fields whose person may not take
the step; *by itself* says that nobody takes it, but the worker or the clock.
"""
COLUMNS = ("Step", "From", "To", "Permission", "Not by", "By itself")


def mermaid(workflow: Workflow) -> str:
    """The lifecycle as a Mermaid state diagram, in the order of its states; a state that nothing
    leaves ends it.
    """
    states = [str(state) for state in workflow.states.values]
    edges = {
        (before, transition.target, _words(transition))
        for transition in workflow.transitions.values()
        if transition.target is not None
        for before in transition.source or (START,)
    }
    order = {state: place for place, state in enumerate((START, *states))}
    drawn = sorted(edges, key=lambda edge: (order[edge[0]], order[edge[1]], edge[2]))
    # The step to itself leaves no state.
    left = {before for before, after, _words in drawn if before != after}
    reached = {after for _before, after, _words in drawn}
    lines = [f"    {_id(before)} --> {_id(after)}: {words}" for before, after, words in drawn]
    ends = [f"    {_id(state)} --> {START}" for state in states if state in reached - left]
    return "\n".join(["stateDiagram-v2", *lines, *ends])


def table(workflow: Workflow) -> str:
    """The steps of the lifecycle in the order of its table, as a Markdown table."""
    rows = [
        COLUMNS,
        ("---",) * len(COLUMNS),
        *(_row(workflow, step) for step in workflow.transitions.values()),
    ]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def page(workflows: Iterable[Workflow]) -> str:
    """The whole page of the docs, the lifecycles by name."""
    parts = [HEAD]
    for workflow in sorted(workflows, key=lambda one: one.name):
        title = workflow.name.replace("-", " ").capitalize()
        parts.append(f"## {title}\n\n```mermaid\n{mermaid(workflow)}\n```\n\n{table(workflow)}\n")
    return "\n".join(parts)


def _row(workflow: Workflow, transition: Transition) -> tuple[str, ...]:
    return (
        transition.name,
        _from_where(workflow, transition),
        transition.target or "(stays)",
        " or ".join(f"`{permission}`" for permission in transition.permissions),
        ", ".join(f"`{field}`" for field in transition.not_by),
        "yes" if transition.automatic else "",
    )


def _from_where(workflow: Workflow, transition: Transition) -> str:
    if set(transition.source) == set(workflow.states.values):
        return "every state"
    return ", ".join(transition.source) or "(new)"


def _words(transition: Transition) -> str:
    if transition.automatic:
        return f"{transition.words} (by itself)"
    return f"{transition.words} (someone else)" if transition.not_by else transition.words


def _id(state: str) -> str:
    # Mermaid takes no hyphen in the name of a state.
    return state.replace("-", "_")
