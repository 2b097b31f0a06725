"""The table of docs/architecture.md, measured from the code: its apps and arrows, how long things
are, how much is explained.
"""

import ast
import io
import statistics
import subprocess
import sys
import tokenize
from collections.abc import Iterator, Sequence
from pathlib import Path

import grimp

from docs.picture import LAYERS, imports_between

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
BEGIN, END = (
    "<!-- measured: script/picture writes this -->\n",
    "<!-- end of what was measured -->\n",
)
WIDE = 120


def table() -> str:
    """The table as Markdown."""
    modules = [
        path
        for path in _tracked("*.py")
        if path.parts[0] in LAYERS and "migrations" not in path.parts
    ]
    lengths, functions, documented, public, comments, code = [], [], 0, 0, 0, 0
    for path in modules:
        text = (ROOT / path).read_text()
        lengths.append(text.count("\n"))
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                functions.append((node.end_lineno or node.lineno) - node.lineno + 1)
                if not node.name.startswith("_"):
                    public += 1
                    documented += ast.get_docstring(node) is not None
        for token in tokenize.generate_tokens(io.StringIO(text).readline):
            comments += token.type == tokenize.COMMENT
            code += token.type == tokenize.NEWLINE
    wide = sum(len(line) > WIDE for path in _tracked("templates/*") for line in _lines(path))
    arrows = imports_between()
    order = list(LAYERS)
    upward = sum(1 for app, other in arrows if order.index(other) < order.index(app))
    rows = [
        ("Apps", f"{len(LAYERS)}"),
        ("Arrows between apps (of them upward)", f"{len(arrows)} ({upward})"),
        ("Circles of modules", f"{len(list(_circles()))}"),
        ("Modules", f"{len(modules)}"),
        ("Lines of a module: median, 95th percentile, largest", _spread(lengths)),
        ("Lines of a function: median, 95th percentile, largest", _spread(functions)),
        ("Comments in 100 lines of code", f"{100 * comments / code:.1f}"),
        ("Public functions with a docstring", f"{documented / public:.0%}"),
        (f"Template lines over {WIDE} columns", f"{wide}"),
    ]
    return "\n".join(
        ["| Measured | |", "|---|---|", *(f"| {name} | {value} |" for name, value in rows), ""]
    )


def _spread(values: Sequence[int]) -> str:
    return (
        f"{statistics.median(values):.0f}, {statistics.quantiles(values, n=20)[-1]:.0f},"
        f" {max(values)}"
    )


def _tracked(pattern: str) -> list[Path]:
    """The files that git knows; `pattern` reaches into folders."""
    listed = subprocess.run(
        ["git", "ls-files", "--", pattern], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return [Path(name) for name in listed.stdout.splitlines() if (ROOT / name).exists()]


def _lines(path: Path) -> list[str]:
    return (ROOT / path).read_text().splitlines()


def _circles() -> Iterator[tuple[str, ...]]:
    """Groups of modules of which each imports, through others, itself (Tarjan's strongly connected
    components).
    """
    graph = grimp.build_graph(*LAYERS, exclude_type_checking_imports=True)
    index: dict[str, int] = {}
    low: dict[str, int] = {}
    held: list[str] = []
    found: list[tuple[str, ...]] = []

    def visit(module: str) -> None:
        index[module] = low[module] = len(index)
        held.append(module)
        for imported in sorted(graph.find_modules_directly_imported_by(module)):
            if imported not in index:
                visit(imported)
                low[module] = min(low[module], low[imported])
            elif imported in held:
                low[module] = min(low[module], index[imported])
        if low[module] == index[module]:
            group = held[held.index(module) :]
            del held[held.index(module) :]
            if len(group) > 1:
                found.append(tuple(group))

    sys.setrecursionlimit(10_000)
    for module in sorted(graph.modules):
        if module not in index:
            visit(module)
    yield from found


def main() -> int:
    file = HERE / "architecture.md"
    text = file.read_text()
    head, rest = text.split(BEGIN)
    old, tail = rest.split(END)
    new = table()
    if "--check" in sys.argv:
        if old != new:
            sys.stderr.write(
                "docs/architecture.md no longer says what the code is: run script/picture.\n"
            )
            return 1
        return 0
    file.write_text(head + BEGIN + new + END + tail)
    return 0


if __name__ == "__main__":
    sys.exit(main())
