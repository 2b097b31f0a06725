from django.db import migrations

# A row that is moved away from an approved paper is a change of it, as one that is moved to it: both are asked.
FORWARD = """
CREATE OR REPLACE FUNCTION refuse_change_of_approved_paper() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    held bigint[] := ARRAY[]::bigint[];
BEGIN
    IF TG_TABLE_NAME = 'reports_scanhit' THEN
        IF TG_OP <> 'INSERT' THEN
            held := held || ARRAY(SELECT paper_id FROM public.reports_paperfile WHERE id = OLD.file_id);
        END IF;
        IF TG_OP <> 'DELETE' THEN
            held := held || ARRAY(SELECT paper_id FROM public.reports_paperfile WHERE id = NEW.file_id);
        END IF;
    ELSE
        IF TG_OP <> 'INSERT' THEN
            held := held || OLD.paper_id;
        END IF;
        IF TG_OP <> 'DELETE' THEN
            held := held || NEW.paper_id;
        END IF;
    END IF;
    IF EXISTS (SELECT FROM public.reports_paper WHERE id = ANY (held) AND status = 'approved') THEN
        RAISE EXCEPTION 'An approved paper is never changed: a correction is a new version.'
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("reports", "0002_approved_is_final")]

    # Going back to 0002 keeps the stricter function; 0002 drops it by its name.
    operations = [migrations.RunSQL(FORWARD, migrations.RunSQL.noop)]
