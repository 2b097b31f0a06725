from django.db import migrations

FORWARD = """
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON formal_steps_stepevent
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
ALTER TABLE formal_steps_stepevent ENABLE ALWAYS TRIGGER append_only;
"""

BACKWARD = """
DROP TRIGGER append_only ON formal_steps_stepevent;
"""


class Migration(migrations.Migration):
    dependencies = [("formal_steps", "0001_initial"), ("core", "0002_constraints_and_triggers")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
