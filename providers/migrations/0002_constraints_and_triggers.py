from django.db import migrations

FORWARD = """
-- So that a row of another table can say in one key that its unit is of its service.
ALTER TABLE providers_serviceunit ADD CONSTRAINT unit_with_its_service UNIQUE (id, service_id);
"""

BACKWARD = """
ALTER TABLE providers_serviceunit DROP CONSTRAINT unit_with_its_service;
"""


class Migration(migrations.Migration):
    dependencies = [("providers", "0001_initial")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
