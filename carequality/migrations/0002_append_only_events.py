from django.db import migrations

FORWARD = """
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
    RAISE EXCEPTION 'Rows of % are never changed or removed.', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON carequality_event
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
ALTER TABLE carequality_event ENABLE ALWAYS TRIGGER append_only;
"""

BACKWARD = """
DROP TRIGGER append_only ON carequality_event;
DROP FUNCTION refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [("carequality", "0001_initial")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
