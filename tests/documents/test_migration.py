"""What audits kept of files before there was one place for all is there after the migration."""

import os
import subprocess
import sys
import uuid
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

from tests.conftest import URLS, recreate, url_for

# Django's own command: ours builds the wall, for which the other apps' tables are not there yet.
BEFORE = """
import django
django.setup()
from django.core.management import call_command
from django.core.management.commands.migrate import Command
call_command(Command(), "audits", "0003", database="owner", verbosity=0, interactive=False)
"""
ROOT = Path(__file__).resolve().parent.parent.parent
OFFICER = """
INSERT INTO core_user (username, password, first_name, last_name, email, is_superuser, is_staff,
                       is_active, date_joined, job_title, phone, password_is_temporary)
VALUES ('officer', '', '', '', '', false, false, true, now(), '', '', false) RETURNING id
"""
ATTACHMENT = """
INSERT INTO audits_attachment (id, visit_id, kind, name, caption, content_type, size, sha256,
                               from_provider, added_at, added_by_id, withdrawn_reason,
                               withdrawn_at, withdrawn_by_id)
VALUES (%s, 1, %s, %s, '', %s, %s, 'aa', %s, '2026-01-05 10:00+00', %s, %s, %s, %s)
"""
AFTER = """
SELECT attachment.id, file.kind, file.name, file.content_type, file.size, file.sha256, file.scan,
       file.original, file.destroyed_at IS NOT NULL, attachment.from_provider, held.data
  FROM audits_attachment AS attachment
  JOIN documents_storedfile AS file ON file.id = attachment.file_id
  LEFT JOIN documents_filecontent AS held ON held.file_id = file.id AND held.role = 'kept'
 ORDER BY file.size
"""


@pytest.fixture
def before(worker_id: str) -> Iterator[dict[str, str]]:
    """The environment of a process whose database is as it was before; `ADMIN` opens it."""
    name = f"carequality_test_files_{worker_id}"
    with psycopg.connect(os.environ["ADMIN_DATABASE_URL"], autocommit=True) as admin:
        recreate(admin, name, "template0")
        environment = {**os.environ, **{variable: url_for(variable, name) for variable in URLS}}
        subprocess.run([sys.executable, "-c", BEFORE], cwd=ROOT, env=environment, check=True)
        yield {**environment, "NAME": name}
        admin.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def migrate(environment: dict[str, str]) -> None:
    command = [sys.executable, "manage.py", "migrate", "--verbosity", "0"]
    subprocess.run(command, cwd=ROOT, env=environment, check=True)


def opened(environment: dict[str, str]) -> psycopg.Connection:
    """As who may leave out what an attachment is of: that is not moved."""
    url = os.environ["ADMIN_DATABASE_URL"]
    return psycopg.connect(url, dbname=environment["NAME"], autocommit=True)


@pytest.mark.deep
def test_files_of_visits_are_kept_and_what_was_withdrawn_stays_so(before: dict[str, str]) -> None:
    photograph, document, withdrawn = uuid.uuid4(), uuid.uuid4(), uuid.uuid4()
    picture, pdf = "image/jpeg", "application/pdf"
    with opened(before) as admin:
        row = admin.execute(OFFICER).fetchone()
        assert row
        [officer] = row
        gone = "A face", "2026-01-06 10:00+00", officer
        admin.execute("SET session_replication_role = replica")
        for attachment, kind, name, content_type, size, from_provider, why in (
            (photograph, "photograph", "a.jpg", picture, 3, False, ("", None, None)),
            (document, "document", "Llŷn.pdf", pdf, 4, True, ("", None, None)),
            (withdrawn, "document", "b.pdf", pdf, 5, False, gone),
        ):
            given = attachment, kind, name, content_type, size, from_provider, officer, *why
            admin.execute(ATTACHMENT, given)
        for attachment, data in ((photograph, b"\xff\xd8\xff"), (document, b"%PDF")):
            admin.execute(
                "INSERT INTO audits_attachmentcontent VALUES (%s, %s)", (attachment, data)
            )
    migrate(before)
    with opened(before) as admin:
        rows = admin.execute(AFTER).fetchall()
    as_it_was = ("aa", "not_scanned", "none")
    assert rows == [
        (photograph, "photograph", "a.jpg", picture, 3, *as_it_was, False, False, b"\xff\xd8\xff"),
        (document, "document", "Llŷn.pdf", pdf, 4, *as_it_was, False, True, b"%PDF"),
        (withdrawn, "document", "b.pdf", pdf, 5, *as_it_was, True, False, None),
    ]
