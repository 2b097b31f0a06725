"""What the bench measures is what the reader gives: its files are read without a problem, its rows
are theirs.
"""

import json
from datetime import date

import pytest

from bench import cqc_files, loading
from bench.baseline import is_worse, medians
from bench.table import Measured, show
from ratings.files.headings import FileKind
from ratings.files.reading import Reading

SHARE = 0.002


@pytest.mark.parametrize(
    ("write", "kind"),
    [(cqc_files.active_file, FileKind.ACTIVE), (cqc_files.ratings_file, FileKind.RATINGS)],
)
def test_the_benchs_rows_are_those_of_its_files(tmp_path, write, kind):
    path = tmp_path / "made.ods"
    write(path, SHARE, as_at=loading.DAY)
    with Reading(path, name=path.name, today=date(2026, 11, 22)) as reading:
        [batch] = reading.batches()
    assert (reading.kind, reading.stated_on, batch.problems) == (kind, loading.DAY, [])
    rows = {one: (locations, ratings) for one, locations, ratings in loading.batches(SHARE)}
    assert (batch.locations, batch.ratings) == rows[kind]
    assert (len(batch.locations), len(batch.ratings)) == (
        (114, 108) if kind is FileKind.ACTIVE else (108, 648)
    )


def test_the_table_reports_and_never_fails(capsys):
    show(
        [
            Measured("a", "a", "1 s", 1.0, "b", 1.6, 1.5),
            Measured("c", "c", "2 s", 2.0, "d", 60, 50, at_least=True),
            Measured("e", "e", "3 s", 3.0),
        ]
    )
    printed = capsys.readouterr().out
    assert "MISSED" in printed
    assert "at least 50 times  kept" in printed


def test_a_line_that_lost_much_against_the_baseline_is_found():
    line = {"a": {"value": 1.0, "ratio": 1.0, "runs": 3}, "c": {"value": 2.0, "runs": 3}}
    slower, faster = (
        Measured("a", "a", "2 s", 2.0, "b", 1.2),
        Measured("a", "a", "2 s", 2.0, "b", 1.1),
    )
    assert (is_worse(slower, line), is_worse(faster, line)) == (True, False)
    fewer = Measured("c", "c", "1 s", 1.0, at_least=True)
    assert is_worse(fewer, line)
    assert not is_worse(Measured("new", "new", "1 s", 1.0), line)


def test_medians_of_runs_say_how_many_they_are(tmp_path):
    for number in (1, 5, 2):
        (tmp_path / f"{number}.json").write_text(json.dumps({"a": {"value": number}}))
    assert medians(sorted(tmp_path.glob("*.json"))) == {"a": {"value": 2, "runs": 3}}
