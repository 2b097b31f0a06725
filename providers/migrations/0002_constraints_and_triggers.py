from django.db import migrations

FORWARD = """
ALTER TABLE providers_serviceunit ADD CONSTRAINT unit_with_its_service UNIQUE (id, service_id);
"""

BACKWARD = """
ALTER TABLE providers_serviceunit DROP CONSTRAINT unit_with_its_service;
"""


class Migration(migrations.Migration):
    dependencies = [("providers", "0001_initial")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
