"""The clock is read where a request, a command or a process is served, and nowhere below: the day
is an argument.
"""

import re

from django.conf import settings

from tests.core.test_states import product

READS = re.compile(
    r"timezone\.(now|localdate)\(\)|datetime\.now\(|date\.today\(|timezone\.localtime\(\)|time\.time\(\)"
)
# What serves a request, a command, a process, or what a page shows of itself.
SERVES = re.compile(
    r"/views/|views\.py$|/tasks\.py$|/management/commands/|/middleware\.py$|/templatetags/|readiness\.py$|/serve\.py$"
    r"|/forms/|forms\.py$|govuk/form_fields\.py$|/filters\.py$|core/jobs/(lane|supervisor)\.py$|reports/public_work\.py$"
)
# Each with its reason.
ALLOWED = {
    "core/backends.py": "Django asks who signs in, and gives no moment",
    "core/sessions.py": "Django opens a session, and gives no moment",
    "core/events.py": "the record's own moment, when the caller gives no other",
    "core/jobs/queue.py": "a row's own moment, when the caller gives no other",
    "ratings/api/client.py": "how long an API asks to wait is told against its clock",
    "documents/dates.py": "a day of an address is judged by the day on which it is asked",
    "govuk/fields.py": "a day typed is judged by the day on which it is typed",
    "concerns/work.py": "a concern is late by the minute",
    "oversight/handing_over.py": "pages, in a module of what they are about",
    "suspensions/mail.py": "what still stands against placements on the day that it is sent",
    "suspensions/actions/changing.py": "a change without a day of its own takes effect at once",
    "suspensions/models/suspension/model.py": "how its state reads on the day that it is shown",
    "formal_steps/models/steps.py": "how its state reads on the day that it is shown",
    "concerns/today.py": "a card of Today is given the day, and a concern is late by the minute",
}


def test_the_clock_is_read_only_where_something_is_served():
    found = {
        str(path.relative_to(settings.BASE_DIR))
        for path in product()
        if READS.search(path.read_text()) and not SERVES.search(str(path))
    }
    assert found - ALLOWED.keys() == set()
    assert ALLOWED.keys() - found == set(), "no longer read there: take it from the list"
