"""State diagrams, drawn from the tables that the rules ask. `docs/suspensions.md` holds them between marks; a test compares."""

import re
from collections.abc import Iterable, Mapping
from pathlib import Path

from suspensions import rules
from suspensions.models import ChangeStatus, FormalStatus, Status
from suspensions.workflow.formal_step import FORMAL_STEP

Edge = tuple[str, str, str]
START = "[*]"
ORDER = [status.value for status in (*Status, *FormalStatus, *ChangeStatus)]


def mermaid(edges: Iterable[Edge]) -> str:
    """A Mermaid state diagram of edges (from, to, words), in a fixed order; a state that nothing leaves ends it."""
    edges = sorted(set(edges), key=lambda e: (_place(e[0]), _place(e[1]), e[2]))
    left = {before for before, _after, _words in edges}
    ends = sorted({after for _before, after, _words in edges if after not in left}, key=_place)
    lines = [f"    {before} --> {after}: {words}" for before, after, words in edges]
    return "\n".join(["stateDiagram-v2", *lines, *(f"    {state} --> {START}" for state in ends)])


def diagrams() -> Mapping[str, str]:
    """Each diagram by the name of its place in the docs."""
    return {
        "suspension": mermaid(
            (before, transition.after.value, _words(transition.words, bool(transition.not_by)))
            for transition in rules.TRANSITIONS.values()
            for before in ([status.value for status in transition.before] or [START])
        ),
        "formal-step": mermaid(
            (str(before), str(transition.target), _words(transition.words, bool(transition.not_by)))
            for transition in FORMAL_STEP.transitions.values()
            if transition.target is not None
            for before in (transition.source or (START,))
        ),
        "change": mermaid(
            (
                transition.before.value if transition.before else START,
                transition.after.value,
                _words(transition.words, transition.not_by_proposer),
            )
            for transition in rules.CHANGE_TRANSITIONS.values()
        ),
    }


def in_page(text: str) -> str:
    """The page of the docs with every diagram between its marks drawn anew."""
    for name, diagram in diagrams().items():
        mark = re.compile(rf"(<!-- {name} -->\n).*?(<!-- /{name} -->)", re.DOTALL)
        text = mark.sub(lambda found: f"{found[1]}```mermaid\n{diagram}\n```\n{found[2]}", text)  # noqa: B023 - used at once
    return text


def draw(path: Path) -> bool:
    """Write the page with its diagrams drawn anew; says whether it changed."""
    before = path.read_text()
    after = in_page(before)
    path.write_text(after)
    return after != before


def _words(words: str, by_another: bool) -> str:
    return f"{words} (someone else)" if by_another else words


def _place(state: str) -> tuple[int, str]:
    return (ORDER.index(state) if state in ORDER else -1, state)
