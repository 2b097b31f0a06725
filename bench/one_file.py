"""Import a file in this process, twice, and print as JSON how long it took and how much memory."""

import json
import os
import resource
import sys
import time
from pathlib import Path

import django


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "carequality.settings")
    django.setup()
    from ratings.actions import files
    from ratings.actions import files as files_actions

    path = Path(sys.argv[1])
    marks = {}
    merge = files._merge

    def marked(*given: object) -> None:
        marks["merging"] = time.perf_counter()
        merge(*given)  # type: ignore[arg-type]  # whatever it takes is passed on

    files._merge = marked
    began = time.perf_counter()
    done = files_actions.import_path(path)
    first = time.perf_counter() - began
    reading = marks["merging"] - began
    assert done.state == "done", done.failed_because
    began = time.perf_counter()
    again = files_actions.import_path(path)
    same = time.perf_counter() - began
    assert again.same_as == done
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        json.dumps(
            {
                "first": first,
                "reading": reading,
                "same": same,
                "memory": memory,
                "rows": done.rows_read,
            }
        )
    )


if __name__ == "__main__":
    main()
