"""What the bench measures is what the reader gives: its files are read without a problem, its rows are theirs."""

from datetime import date

import pytest

from bench import loading, made
from bench.table import Measured, show
from ratings.files.headings import FileKind
from ratings.files.reading import Reading

SHARE = 0.002


@pytest.mark.parametrize(
    ("write", "kind"), [(made.active_file, FileKind.ACTIVE), (made.ratings_file, FileKind.RATINGS)]
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
    told = capsys.readouterr().out
    assert "MISSED" in told
    assert "at least 50 times  kept" in told
