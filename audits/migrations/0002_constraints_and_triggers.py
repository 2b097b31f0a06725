from django.db import migrations

FORWARD = """
CREATE FUNCTION audits_refuse_change_of_published() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        IF OLD.status <> 'draft' THEN
            RAISE EXCEPTION 'A published audit template is never deleted.' USING ERRCODE = 'restrict_violation';
        END IF;
        RETURN OLD;
    END IF;
    IF OLD.status <> 'draft' AND (
        to_jsonb(NEW) - 'status' <> to_jsonb(OLD) - 'status' OR NEW.status = 'draft' OR OLD.status = 'retired' AND NEW.status <> 'retired'
    ) THEN
        RAISE EXCEPTION 'A published audit template never changes; make a new version.' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER published_never_changes BEFORE UPDATE OR DELETE ON audits_template
    FOR EACH ROW EXECUTE FUNCTION audits_refuse_change_of_published();

CREATE FUNCTION audits_refuse_change_of_published_part() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    part jsonb := to_jsonb(CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END);
    state text;
BEGIN
    IF TG_TABLE_NAME = 'audits_templatesection' THEN
        SELECT status INTO state FROM audits_template WHERE id = (part->>'template_id')::bigint;
    ELSIF TG_TABLE_NAME = 'audits_standard' THEN
        SELECT t.status INTO state FROM audits_templatesection s JOIN audits_template t ON t.id = s.template_id
            WHERE s.id = (part->>'section_id')::bigint;
    ELSE
        SELECT t.status INTO state FROM audits_standard d JOIN audits_templatesection s ON s.id = d.section_id
            JOIN audits_template t ON t.id = s.template_id WHERE d.id = (part->>'standard_id')::bigint;
    END IF;
    IF state <> 'draft' THEN
        RAISE EXCEPTION 'A published audit template never changes; make a new version.' USING ERRCODE = 'restrict_violation';
    END IF;
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER published_never_changes BEFORE INSERT OR UPDATE OR DELETE ON audits_templatesection
    FOR EACH ROW EXECUTE FUNCTION audits_refuse_change_of_published_part();
CREATE TRIGGER published_never_changes BEFORE INSERT OR UPDATE OR DELETE ON audits_standard
    FOR EACH ROW EXECUTE FUNCTION audits_refuse_change_of_published_part();
CREATE TRIGGER published_never_changes BEFORE INSERT OR UPDATE OR DELETE ON audits_question
    FOR EACH ROW EXECUTE FUNCTION audits_refuse_change_of_published_part();
"""

BACKWARD = """
DROP TRIGGER published_never_changes ON audits_question;
DROP TRIGGER published_never_changes ON audits_standard;
DROP TRIGGER published_never_changes ON audits_templatesection;
DROP TRIGGER published_never_changes ON audits_template;
DROP FUNCTION audits_refuse_change_of_published_part();
DROP FUNCTION audits_refuse_change_of_published();
"""


class Migration(migrations.Migration):
    dependencies = [("audits", "0001_initial")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
