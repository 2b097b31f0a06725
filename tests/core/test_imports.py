"""What is heavy is loaded by what uses it: a process for each lane, and each command, would carry
it otherwise.
"""

import os
import subprocess
import sys

from django.conf import settings

HEAVY = ("weasyprint", "pikepdf", "pypdf")


def test_a_process_that_prints_and_scans_nothing_loads_no_printer_and_no_pdf_reader():
    code = (
        f"import django, sys; django.setup(); print([name for name in {HEAVY} if name in"
        " sys.modules])"
    )
    found = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code],
        cwd=settings.BASE_DIR,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "carequality.settings"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert found.stdout.strip() == "[]"
