"""Draw the apps from the code: a layer for each, and beside it what it imports from the layers
below.
"""

import sys
from collections import Counter
from pathlib import Path

import grimp

LAYERS = {
    "devserver": "the two commands on a bare machine",
    "demo": "the demonstration council, the stand-in CQC server",
    "reports": "papers, the wall, the scan",
    "oversight": "Today, the list of services, a service's page",
    "suspensions": "propose, decide, monitor, lift",
    "formal_steps": "notices, plans, terminations, representations",
    "audits": "programme, visits, reports, action plans",
    "concerns": "concerns, response clocks, contacts",
    "ratings": "CQC locations, sync, rating history, comparisons",
    "notifications": "recipients, messages, letters",
    "providers": "the register: providers, services, contracts",
    "administration": "pages of people, council, sign-in, health",
    "figures": "the registry of figures: page, chart, rows, export",
    "govuk": "forms, lists, charts, template tags",
    "documents": "PDF, CSV and spreadsheets, the folding of names",
    "core": "users, council, events, jobs, workflow, registries",
    "carequality": "settings, addresses, Celery",
}
HERE = Path(__file__).resolve().parent
WIDTH, HEIGHT, LEFT, COLUMN = 1660, 58, 20, 74


def imports_between() -> Counter[tuple[str, str]]:
    """How many modules of one app import modules of another."""
    graph = grimp.build_graph(*LAYERS)
    found: Counter[tuple[str, str]] = Counter()
    for importer in graph.modules:
        app = importer.split(".")[0]
        for imported in graph.find_modules_directly_imported_by(importer):
            other = imported.split(".")[0]
            if other != app:
                found[app, other] += 1
    return found


def draw() -> str:
    found = imports_between()
    names = list(LAYERS)
    height = 96 + HEIGHT * len(names)
    first = WIDTH - LEFT - COLUMN * len(names) - 8
    parts = [
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img" '
            'font-family="Arial, Helvetica, sans-serif" font-size="14">'
        ),
        "<title>Each app imports only from those below it</title>",
        f'<rect width="{WIDTH}" height="{height}" fill="#ffffff"/>',
        (
            f'<text x="{LEFT}" y="28" font-size="18" font-weight="bold">Each app imports only from'
            " those below it</text>"
        ),
        (
            f'<text x="{LEFT}" y="50" fill="#505a5f">A number counts the imports from the app named'
            " above it</text>"
        ),
    ]
    columns = {name: first + index * COLUMN + COLUMN // 2 for index, name in enumerate(names)}
    parts += [
        f'<text x="{x}" y="78" font-size="12" text-anchor="middle" fill="#505a5f">{name}</text>'
        for name, x in columns.items()
    ]
    for level, name in enumerate(names):
        y = 88 + level * HEIGHT
        parts += [
            (
                f'<rect x="{LEFT}" y="{y}" width="{WIDTH - 2 * LEFT}" height="{HEIGHT - 6}" rx="4" '
                f'fill="{"#eef4fa" if level % 2 else "#f7f9fb"}" stroke="#00538a"/>'
            ),
            f'<text x="{LEFT + 12}" y="{y + 22}" font-weight="bold" font-size="16">{name}</text>',
            f'<text x="{LEFT + 12}" y="{y + 41}" fill="#505a5f">{LAYERS[name]}</text>',
        ]
        for other, x in columns.items():
            if count := found[name, other]:
                colour = "#00538a" if names.index(other) > level else "#9e1b32"
                parts += [
                    (
                        f'<circle cx="{x}" cy="{y + 26}" r="{min(11 + count // 6, 22)}"'
                        f' fill="{colour}"/>'
                    ),
                    (
                        f'<text x="{x}" y="{y + 31}" text-anchor="middle"'
                        f' fill="#ffffff">{count}</text>'
                    ),
                ]
    return "\n".join([*parts, "</svg>", ""])


def main() -> int:
    file, drawn = HERE / "architecture.svg", draw()
    if "--check" in sys.argv:
        if not file.exists() or file.read_text() != drawn:
            sys.stderr.write(
                "docs/architecture.svg no longer shows the code: run script/picture.\n"
            )
            return 1
        return 0
    file.write_text(drawn)
    return 0


if __name__ == "__main__":
    sys.exit(main())
