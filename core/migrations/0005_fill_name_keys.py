from django.db import migrations

from core.models.keys import fill

MODELS = ("Comparator", "District", "Locality", "RegionAuthority", "User",)


def fill_keys(apps, schema_editor):
    # The folding is Python's, so that no statement of the migration before could fill the keys.
    for name in MODELS:
        fill(apps.get_model("core", name), schema_editor.connection.alias)


class Migration(migrations.Migration):

    dependencies = [
        ("core", "0004_name_keys"),
    ]

    operations = [migrations.RunPython(fill_keys, migrations.RunPython.noop)]
