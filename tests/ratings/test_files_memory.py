"""Reading CQC's files takes little memory whatever their rows say."""

import subprocess
import sys
import zipfile

import pytest

from tests.documents.test_spreadsheet_limits import MOST_MEMORY, ROOT
from tests.ratings import file_factories as made
from tests.ratings.test_files_readers import as_csv

READ = r"""
import re, sys
from datetime import date
from pathlib import Path
from documents.spreadsheets.errors import UnreadableError
from ratings.files.reading import Reading
problems = 0
try:
    with Reading(Path(sys.argv[1]), name="file", today=date(2026, 11, 22)) as reading:
        for batch in reading.batches():
            problems += len(batch.problems)
except UnreadableError as error:
    print("refused:", error)
print(problems)
print(int(re.search(r"VmHWM:\s*(\d+)", Path("/proc/self/status").read_text())[1]) / 1024)
"""


def memory_for(path):
    done = subprocess.run(
        [sys.executable, "-c", READ, str(path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    *_, problems, memory = done.stdout.split()
    return int(problems), float(memory)


def test_long_cells_of_every_row_are_not_held(tmp_path):
    long = "😀" * 3_999
    rows = [
        [f"1-{number}", *[f"{number}{long[:3_900]}"] * (len(made.ACTIVE) - 1)]
        for number in range(1_000, 1_150)
    ]
    problems, memory = memory_for(as_csv(tmp_path / "a.csv", [made.ACTIVE, *rows]))
    assert problems > 1_000
    assert memory < MOST_MEMORY


@pytest.mark.deep
def test_a_row_told_half_a_million_times_is_told_and_not_held(tmp_path):
    path = made.active_file(tmp_path, made.active())
    with zipfile.ZipFile(path) as archive:
        before, row, after = (
            archive.read("content.xml")
            .decode()
            .rpartition("<table:table-row><table:table-cell office")
        )
    row = row.replace("row>", 'row table:number-rows-repeated="500000">', 1)
    after = after.replace('"1048000"', '"9"')
    made.zipped(path, {"content.xml": before + row + after})
    problems, memory = memory_for(path)
    assert problems == 499_999
    assert memory < MOST_MEMORY


@pytest.mark.deep
def test_a_million_locations_are_refused_before_they_are_held(tmp_path):
    path = tmp_path / "a.csv"
    with path.open("w") as handle:
        handle.write(",".join(made.ACTIVE) + "\n")
        cells = ",".join(str(cell) for cell in made.active()[1:])
        handle.writelines(f"1-{number},{cells}\n" for number in range(1_000_000))
    _, memory = memory_for(path)
    assert memory < MOST_MEMORY
