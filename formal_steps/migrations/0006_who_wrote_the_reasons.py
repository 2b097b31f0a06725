import django.contrib.postgres.fields
from django.db import migrations, models

# What still waits for a decision was written by its proposer alone.
FORWARD = """
UPDATE formal_steps_formalstep SET reasons_by = ARRAY[proposed_by_id] WHERE status = 'proposed'
"""


class Migration(migrations.Migration):
    dependencies = [("formal_steps", "0005_files_of_the_record")]

    operations = [
        migrations.AddField(
            model_name="formalstep",
            name="reasons_by",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.BigIntegerField(),
                default=list,
                help_text="The ids of everyone who wrote the reasons or the evidence",
                size=None,
            ),
        ),
        migrations.AddField(
            model_name="stepevent",
            name="took_part",
            field=models.TextField(
                blank=True, default="", verbose_name="what else that person did"
            ),
        ),
        migrations.RunSQL(FORWARD, migrations.RunSQL.noop),
    ]
