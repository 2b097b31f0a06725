"""Loaded by pytest before the settings: the suite runs on a real PostgreSQL and a real broker,
embedded or named by the environment.
"""

import os

os.environ["CAREQUALITY_MODE"] = "test"
os.environ.setdefault(
    "DJANGO_ALLOW_ASYNC_UNSAFE", "true"
)  # Playwright runs a loop in the thread of the tests

from devserver import embedded

embedded.provide()
