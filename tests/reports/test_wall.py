"""The wall: what the public worker's own login can reach, tried with that login over committed
rows.
"""

from pathlib import Path

import psycopg
import pytest
from django.utils import timezone

from core import versions
from core.jobs.models import Job, JobState
from reports.actions import jobs, making, writing
from reports.models import FrozenFigures, Paper, PaperFile, PaperJobKind, PaperStatus, Section, Side
from tests.reports.conftest import NOW

RIGHTS = Path(__file__).resolve().parent.parent.parent / "reports" / "published_rights.txt"


@pytest.fixture
def public(public_conninfo, transactional_db):
    with psycopg.connect(public_conninfo, autocommit=True) as connection:
        yield connection


def rights(connection) -> list[str]:
    """Every right that the login has of its own, by membership or through PUBLIC, outside
    PostgreSQL's own catalogues.
    """
    found = connection.execute("""
        SELECT 'schema ' || nspname || ': ' || privilege FROM pg_namespace,
               unnest(ARRAY['USAGE', 'CREATE']) privilege
        WHERE nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast')
          AND has_schema_privilege(oid, privilege)
        UNION ALL
        SELECT 'column ' || n.nspname || '.' || c.relname || '.' || a.attname || ': ' || privilege
        FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped,
             unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'REFERENCES']) privilege
        WHERE n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast')
          AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
          AND has_column_privilege(c.oid, a.attnum, privilege)
        UNION ALL
        SELECT 'table ' || n.nspname || '.' || c.relname || ': ' || privilege
        FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace,
             unnest(ARRAY['DELETE', 'TRUNCATE', 'TRIGGER']) privilege
        WHERE n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast')
          AND c.relkind IN ('r', 'p', 'v', 'm', 'f') AND has_table_privilege(c.oid, privilege)
        UNION ALL
        SELECT 'sequence ' || n.nspname || '.' || c.relname || ': ' || privilege
        FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace,
             unnest(ARRAY['USAGE', 'SELECT', 'UPDATE']) privilege
        WHERE c.relkind = 'S' AND has_sequence_privilege(c.oid, privilege)
        UNION ALL
        SELECT 'function ' || p.oid::regprocedure || ': EXECUTE'
        FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
        WHERE n.nspname NOT IN ('pg_catalog', 'information_schema')
          AND has_function_privilege(p.oid, 'EXECUTE')
        UNION ALL
        SELECT 'database: ' || privilege FROM unnest(ARRAY['CREATE', 'TEMPORARY']) privilege
        WHERE has_database_privilege(current_database(), privilege)
        UNION ALL
        SELECT 'member of ' || rolname FROM pg_roles
        WHERE rolname <> current_user AND pg_has_role(current_user, oid, 'MEMBER')
        UNION ALL
        SELECT 'attribute ' || attribute FROM pg_roles, unnest(ARRAY[
            CASE WHEN rolsuper THEN 'superuser' END, CASE WHEN rolcreaterole THEN 'createrole' END,
            CASE WHEN rolcreatedb THEN 'createdb' END,
            CASE WHEN rolreplication THEN 'replication' END,
            CASE WHEN rolbypassrls THEN 'bypassrls' END,
            CASE WHEN rolinherit THEN 'inherit' END]) attribute
        WHERE rolname = current_user AND attribute IS NOT NULL
        ORDER BY 1
        """).fetchall()
    return [
        row[0].replace("published.", "") if row[0].startswith("function") else row[0]
        for row in found
    ]


def test_every_right_of_the_public_login_is_one_that_was_reviewed(public):
    found = sorted(rights(public))
    reviewed = [
        line for line in RIGHTS.read_text().splitlines() if line and not line.startswith("#")
    ]
    added, gone = set(found) - set(reviewed), set(reviewed) - set(found)
    assert not added, (
        f"Rights that nobody reviewed; add them to {RIGHTS.name} only with a reason:"
        f" {sorted(added)}"
    )
    assert not gone, f"Listed rights that are gone: {sorted(gone)}"


def test_every_table_without_a_view_is_closed(public, owner):
    tables = [
        row[0]
        for row in owner.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    ]
    assert "suspensions_suspension" in tables
    for table in tables:
        for statement in (
            f"SELECT FROM public.{table} LIMIT 1",
            f"INSERT INTO public.{table} DEFAULT VALUES",
            f"DELETE FROM public.{table}",
            f"COPY public.{table} TO STDOUT",
        ):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                public.execute(statement)


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT * FROM suspensions_suspension",
        "SELECT * FROM public.suspensions_suspension",
        "SET search_path = public; SELECT * FROM suspensions_suspension",
        "SELECT * FROM published.suspensions_suspension",
    ],
)
def test_a_suspension_is_out_of_reach(public, june_2021, statement):
    with pytest.raises((psycopg.errors.InsufficientPrivilege, psycopg.errors.UndefinedTable)):
        public.execute(statement)


@pytest.mark.parametrize(
    "statement",
    [
        "SET ROLE carequality_owner",
        "SET ROLE carequality_app",
        "SET SESSION AUTHORIZATION carequality_owner",
        "COPY (SELECT 1) TO PROGRAM 'true'",
        "COPY (SELECT 1) TO '/tmp/carequality_wall'",
        "SELECT pg_read_file('PG_VERSION')",
        "SELECT pg_ls_dir('.')",
        "SELECT lo_import('/etc/hostname')",
        "SELECT lo_export(1, '/tmp/carequality_wall')",
        "CREATE TABLE published.mine (a int)",
        "CREATE TABLE public.mine (a int)",
        "CREATE TEMPORARY TABLE mine (a int)",
        "CREATE SCHEMA mine",
        "CREATE FUNCTION published.f() RETURNS int LANGUAGE sql AS 'SELECT 1'",
        "ALTER VIEW published.reports_section RENAME TO other",
        "CREATE OR REPLACE VIEW published.reports_section AS SELECT 1",
        "GRANT carequality_app TO carequality_public",
        "ALTER ROLE carequality_public SUPERUSER",
        "UPDATE reports_section SET body = ''",
        "DELETE FROM ratings_rating",
        "INSERT INTO core_regionauthority (name, since) VALUES ('x', now())",
    ],
)
def test_the_ways_round_are_refused(public, statement):
    with pytest.raises(psycopg.Error) as refusal:
        public.execute(statement)
    assert isinstance(
        refusal.value,
        psycopg.errors.InsufficientPrivilege | psycopg.errors.ObjectNotInPrerequisiteState,
    ) or "permission" in str(refusal.value)


def test_a_function_of_the_wall_cannot_be_made_to_look_elsewhere(public, owner):
    settings = owner.execute(
        "SELECT proname, prosecdef, proconfig FROM pg_proc WHERE pronamespace ="
        " 'published'::regnamespace"
    ).fetchall()
    assert {name for name, _, _ in settings} == {
        "claim_job",
        "finish_job",
        "report_progress",
        "suspension_counts",
    }
    for _, definer, config in settings:
        assert definer
        assert config == ["search_path=pg_catalog, pg_temp"]


def test_views_are_barriers_to_leaky_conditions(owner):
    views = owner.execute(
        "SELECT relname, reloptions FROM pg_class WHERE relnamespace = 'published'::regnamespace"
        " AND relkind = 'v'"
    ).fetchall()
    assert len(views) == 7
    assert all(options == ["security_barrier=true"] for _, options in views)


def test_papers_are_seen_only_while_a_public_job_runs(public, paper, person, public_worker):
    def seen(table):
        return public.execute(f"SELECT count(*) FROM {table}").fetchone()[0]

    assert seen("reports_paper") == 0
    making.freeze_figures(paper.pk, by=person("Manager"), now=NOW)
    assert seen("reports_paper") == 0
    public.execute("SELECT claim_job()")
    assert (seen("reports_paper"), seen("reports_section"), seen("reports_frozenfigures")) == (
        1,
        0,
        0,
    )


def test_only_released_public_text_and_public_figures_are_seen(
    public, paper, person, public_worker
):
    manager = person("Manager")
    making.freeze_figures(paper.pk, by=manager, now=NOW)
    public_worker()
    jobs.sweep()
    exempt = paper.sections.get(heading="Services that have improved")
    writing.write_section(
        exempt.pk,
        by=manager,
        given=writing.SectionInput(exempt.heading, "Canaryexempt", versions.seen_of(exempt)),
        now=NOW,
    )
    writing.release_section(exempt.pk, by=manager, now=NOW)
    purpose = paper.sections.get(heading="Purpose of the report")
    writing.release_section(purpose.pk, by=manager, now=NOW)
    # As if a job ran before all was released: the views, not the rule, must hold.
    jobs.add_job(paper, PaperJobKind.PUBLIC, by=manager, now=NOW)
    public.execute("SELECT claim_job()")
    assert public.execute("SELECT heading FROM reports_section").fetchall() == [
        ("Purpose of the report",)
    ]
    assert public.execute("SELECT side FROM reports_frozenfigures").fetchall() == [(Side.PUBLIC,)]


def test_counts_of_suspensions_are_only_of_an_approved_day(public, paper, person, public_worker):
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        public.execute("SELECT * FROM suspension_counts(%s)", [paper.pk])
    making.freeze_figures(paper.pk, by=person("Manager"), now=NOW)
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        public.execute("SELECT * FROM suspension_counts(%s)", [paper.pk])
    public.execute("SELECT claim_job()")
    assert len(public.execute("SELECT * FROM suspension_counts(%s)", [paper.pk]).fetchall()) == 3
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        public.execute("SELECT * FROM suspension_counts(%s)", [paper.pk + 1])
    jobs.drop_jobs(paper, now=NOW)
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        public.execute("SELECT * FROM suspension_counts(%s)", [paper.pk])


def test_the_public_login_cannot_end_the_apps_jobs(public, paper, person):
    exempt = jobs.add_job(paper, PaperJobKind.EXEMPT, by=person("Manager"), now=NOW)
    assert public.execute("SELECT job FROM claim_job()").fetchone() == (None,)
    Job.objects.filter(pk=exempt.pk).update(
        state=JobState.RUNNING,
        token="00000000-0000-0000-0000-000000000001",
        heard_at=timezone.now(),
    )
    done = public.execute(
        "SELECT finish_job(%s, '00000000-0000-0000-0000-000000000001', NULL, 'x', '')", [exempt.pk]
    ).fetchone()
    assert done == (False,)
    assert not PaperFile.objects.exists()


def test_a_job_ends_with_what_its_kind_asks_for(public, paper, person):
    making.freeze_figures(paper.pk, by=person("Manager"), now=NOW)
    job, token = public.execute("SELECT job, token FROM claim_job()").fetchone()
    with pytest.raises(psycopg.errors.RaiseException):
        public.execute("SELECT finish_job(%s, %s, NULL, 'file', '')", [job, token])
    assert not FrozenFigures.objects.filter(side=Side.PUBLIC).exists()


def test_the_worker_holds_no_other_login_and_renders_as_a_process_of_its_own(
    paper, person, public_process
):
    """A real process with the public login alone, from claim to file, over real ratings' views."""
    manager = person("Manager", "releaser")
    making.freeze_figures(paper.pk, by=manager, now=NOW)
    public_process()
    jobs.sweep()
    for section in Section.objects.filter(paper=paper).unreleased():
        writing.release_section(section.pk, by=manager, now=NOW)
    making.render(paper.pk, by=manager, now=NOW)
    public_process()
    jobs.sweep()
    assert [job.error for job in Job.objects.all() if job.error] == []
    assert Paper.objects.get(pk=paper.pk).status == PaperStatus.SCANNED
