from django.db import migrations

FORWARD = """
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
    RAISE EXCEPTION 'Rows of % are never changed or removed.', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON core_event
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
ALTER TABLE core_event ENABLE ALWAYS TRIGGER append_only;

-- Whoever inserts a job that is due wakes its lane when the transaction commits: a page, or a function of the wall.
CREATE FUNCTION wake_lane() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM pg_notify('core_jobs', NEW.lane);
    RETURN NULL;
END $$;
CREATE TRIGGER wake_lane AFTER INSERT ON core_job
    FOR EACH ROW WHEN (NEW.state = 'waiting' AND NEW.next_try_at <= NEW.created_at) EXECUTE FUNCTION wake_lane();
"""

BACKWARD = """
DROP TRIGGER wake_lane ON core_job;
DROP FUNCTION wake_lane();

DROP TRIGGER append_only ON core_event;
DROP FUNCTION refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [("core", "0001_initial")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
