"""What was measured at the commit against which later ones are read: medians of several runs, alone
on a machine.
"""

import json
import statistics
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from bench.table import Measured

FILE = Path(__file__).with_name("baseline.json")
# How much a line may lose against the baseline. Single runs of a quiet machine differ by a tenth.
TOLERANCE = 0.15


def medians(runs: Iterable[Path]) -> dict[str, dict[str, float]]:
    """By line, the medians of what the runs wrote, and how many runs have the line."""
    found: dict[str, dict[str, list[float]]] = {}
    for run in runs:
        for key, line in json.loads(run.read_text()).items():
            for name, number in line.items():
                found.setdefault(key, {}).setdefault(name, []).append(number)
    return {
        key: {name: statistics.median(numbers) for name, numbers in line.items()}
        | {"runs": len(line["value"])}
        for key, line in found.items()
    }


def store(runs: Iterable[Path], commit: str) -> None:
    """Write `baseline.json` from what several runs at that commit wrote."""
    FILE.write_text(json.dumps({"commit": commit, "lines": medians(runs)}, indent=2) + "\n")


def lines() -> dict[str, Any]:
    """The baseline's lines; none before one was stored."""
    stored: dict[str, Any] = json.loads(FILE.read_text())["lines"] if FILE.exists() else {}
    return stored


def against(measured: Measured, baseline: dict[str, Any]) -> float | None:
    """How many times the baseline it is: by the ratio where there is one, since machines differ
    less in it, else by the figure.
    """
    line = baseline.get(measured.key)
    if line is None:
        return None
    now = measured.stored()
    name = "ratio" if "ratio" in line and "ratio" in now else "value"
    return now[name] / line[name] if line[name] else None


def is_worse(measured: Measured, baseline: dict[str, Any]) -> bool:
    """Whether it lost more than the tolerance."""
    times = against(measured, baseline)
    if times is None:
        return False
    return times < 1 - TOLERANCE if measured.at_least else times > 1 + TOLERANCE
