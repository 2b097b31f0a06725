"""Cost against size: a quarter, all, and four times England."""

from bench import comparing, database, loading
from bench.table import Measured, seconds

SHARES = (0.25, 1.0, 4.0)
ROUNDS = 2


def growth() -> list[Measured]:
    """Load each size into empty tables; the cost per row of each against that of all England."""
    took: dict[float, tuple[int, float, float]] = {}
    for share in SHARES:
        staged = list(loading.batches(share))
        count = sum(len(locations) for _, locations, _ in staged[:1]) + len(staged[1][2])
        loads, figures = [], []
        for _ in range(ROUNDS):
            database.empty(*loading.EMPTIED)
            loads.append(loading.load(staged, loading.DAY))
            loading.settle()
            figures.append(comparing.figure_alone()[0])
        took[share] = (count, min(loads), min(figures))
    _, load_of_one, figure_of_one = took[1.0]
    found = []
    for share, (count, load, figure) in took.items():
        label = {0.25: "a quarter of England", 1.0: "England", 4.0: "four times England"}[share]
        ratio = load / load_of_one / share if share > 1 else None
        found.append(
            Measured(
                f"growth, load {label}",
                f"load {label} ({count:,} rows)",
                seconds(load),
                load,
                f"per row {load / count * 1e6:,.0f} µs",
                ratio,
                1.1 if ratio else None,
                unit="of linear",
            )
        )
        ratio = figure / figure_of_one / share if share > 1 else None
        found.append(
            Measured(
                f"growth, comparison of {label}",
                "  regional comparison, of that",
                seconds(figure),
                figure,
                "",
                ratio,
                1.1 if ratio else None,
                unit="of linear",
            )
        )
    return found
