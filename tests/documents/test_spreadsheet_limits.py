"""However a file is built, reading it takes little memory, and ends."""

import subprocess
import sys
from pathlib import Path

import pytest

from documents.spreadsheets.errors import TOO_LARGE, UnreadableError
from documents.spreadsheets.opening import open_sheets
from tests.documents.attacks import again, attacks, in_content

ROOT = Path(__file__).resolve().parent.parent.parent
# The process alone takes 30 MB; a web application around it 100 more. What is allowed for whatever
# comes is 300 MB, in all.
MOST_MEMORY = 150
READ = r"""
import re, sys
from pathlib import Path
from documents.spreadsheets.errors import UnreadableError
from documents.spreadsheets.opening import open_sheets
lines = 0
try:
    with open_sheets(Path(sys.argv[1])) as sheets:
        for line in sheets:
            lines += 1
except UnreadableError as error:
    print("refused:", error)
# Of this program alone: what `resource` tells begins with the memory of whoever started it.
print(int(re.search(r"VmHWM:\s*(\d+)", Path("/proc/self/status").read_text())[1]) / 1024)
"""


def memory_for(path: Path) -> float:
    """How many MB a process takes that reads the file to its end, or refuses it in words."""
    done = subprocess.run(
        [sys.executable, "-c", READ, str(path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return float(done.stdout.split()[-1])


# Those that are told at once.
QUICK = (
    "a cell without an end in a workbook",
    "a cell without an end in OpenDocument",
    "a shared text without an end",
    "an attribute without an end",
    "a comment without an end",
    "elements within each other",
    "elements of ever other names",
    "prefixes of ever other names",
    "merged areas without an end",
    "sheets without an end",
    "rows that stand for a million of long cells",
    "a list of members without an end",
    "a line without an end",
    "separators without an end",
)


@pytest.mark.parametrize("what", QUICK)
def test_a_file_takes_little_memory_however_it_is_built(tmp_path, what):
    # So large that whoever holds it whole takes more than is allowed here.
    path = attacks(150_000_000)[what](tmp_path / "file")
    assert memory_for(path) < MOST_MEMORY


@pytest.mark.deep
@pytest.mark.parametrize("what", [one for one in attacks(1) if one not in QUICK])
def test_a_large_file_of_each_kind_takes_little_memory(tmp_path, what):
    path = attacks(200_000_000)[what](tmp_path / "file")
    assert memory_for(path) < MOST_MEMORY


@pytest.mark.deep
def test_more_than_may_be_unpacked_is_refused_before_it_is(tmp_path):
    path = in_content("", again(" " * 999, 4_400_000_000), "")(tmp_path / "file")
    with pytest.raises(UnreadableError) as raised, open_sheets(path) as sheets:
        next(iter(sheets), None)
    assert str(raised.value) == TOO_LARGE
