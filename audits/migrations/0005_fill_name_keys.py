from django.db import migrations

from core.models.keys import fill

MODELS = ("GoodPractice",)


def fill_keys(apps, schema_editor):
    # The folding is Python's, so that no statement of the migration before could fill the keys.
    for name in MODELS:
        fill(apps.get_model("audits", name), schema_editor.connection.alias)


class Migration(migrations.Migration):

    dependencies = [
        ("audits", "0004_name_keys"),
    ]

    operations = [migrations.RunPython(fill_keys, migrations.RunPython.noop)]
