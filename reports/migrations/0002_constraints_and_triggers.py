from django.db import migrations

FORWARD = """
-- A row that is moved away from an approved paper is a change of it, as one that is moved to it: both are asked.
CREATE FUNCTION refuse_change_of_approved_paper() RETURNS trigger
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

CREATE FUNCTION refuse_change_of_approval() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RAISE EXCEPTION 'An approved paper is never changed: a correction is a new version.'
        USING ERRCODE = 'restrict_violation';
END $$;

CREATE FUNCTION require_approval() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM public.reports_approval a
        JOIN public.reports_paperfile p ON p.paper_id = a.paper_id AND p.side = 'public' AND p.superseded_at IS NULL
        JOIN public.reports_paperfile x ON x.paper_id = a.paper_id AND x.side = 'exempt' AND x.superseded_at IS NULL
        WHERE a.paper_id = NEW.id AND p.scanned_at IS NOT NULL
            AND a.public_sha256 = encode(sha256(p.content), 'hex')
            AND a.exempt_sha256 = encode(sha256(x.content), 'hex')
            AND NOT EXISTS (SELECT FROM public.reports_scanhit h WHERE h.file_id = p.id AND h.released_at IS NULL)
    ) THEN
        RAISE EXCEPTION 'A paper is approved only with a second person''s seal on two scanned files.'
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER final_when_approved BEFORE INSERT OR UPDATE OR DELETE ON reports_section
    FOR EACH ROW EXECUTE FUNCTION refuse_change_of_approved_paper();
CREATE TRIGGER final_when_approved BEFORE INSERT OR UPDATE OR DELETE ON reports_frozenfigures
    FOR EACH ROW EXECUTE FUNCTION refuse_change_of_approved_paper();
CREATE TRIGGER final_when_approved BEFORE INSERT OR UPDATE OR DELETE ON reports_paperfile
    FOR EACH ROW EXECUTE FUNCTION refuse_change_of_approved_paper();
CREATE TRIGGER final_when_approved BEFORE INSERT OR UPDATE OR DELETE ON reports_scanhit
    FOR EACH ROW EXECUTE FUNCTION refuse_change_of_approved_paper();
CREATE TRIGGER final BEFORE UPDATE OR DELETE ON reports_approval
    FOR EACH ROW EXECUTE FUNCTION refuse_change_of_approval();
CREATE TRIGGER final BEFORE UPDATE OR DELETE ON reports_paper
    FOR EACH ROW WHEN (OLD.status = 'approved') EXECUTE FUNCTION refuse_change_of_approval();
CREATE TRIGGER approved_by_seal BEFORE INSERT OR UPDATE ON reports_paper
    FOR EACH ROW WHEN (NEW.status = 'approved') EXECUTE FUNCTION require_approval();
"""

BACKWARD = """
DROP TRIGGER final_when_approved ON reports_section;
DROP TRIGGER final_when_approved ON reports_frozenfigures;
DROP TRIGGER final_when_approved ON reports_paperfile;
DROP TRIGGER final_when_approved ON reports_scanhit;
DROP TRIGGER final ON reports_approval;
DROP TRIGGER final ON reports_paper;
DROP TRIGGER approved_by_seal ON reports_paper;
DROP FUNCTION refuse_change_of_approved_paper();
DROP FUNCTION refuse_change_of_approval();
DROP FUNCTION require_approval();
"""


class Migration(migrations.Migration):
    dependencies = [("reports", "0001_initial")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
