import django.contrib.postgres.fields
from django.db import migrations, models

# Everyone who wrote in the record of what still waits for a decision: its proposer, and whoever
# completed the reasons or the evidence since. What was decided keeps an empty list: who wrote it
# was not asked then, and the record of events tells it.
FORWARD = """
UPDATE suspensions_suspension AS s SET reasons_by = ARRAY(
    SELECT s.proposed_by_id
    UNION
    SELECT e.by_id FROM core_event AS e
    WHERE e.about_label = 'suspensions.suspension' AND e.about_id = s.id::text
        AND e.kind = 'suspension.completed' AND e.by_id IS NOT NULL
        AND e.after -> 'changed' ?| ARRAY['summary', 'reasons', 'evidence']
)
WHERE s.status = 'proposed'
    OR s.is_urgent AND s.confirmed_at IS NULL AND s.status IN ('in_force', 'lift_proposed')
"""


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0001_initial"),
        ("suspensions", "0005_files_of_the_record"),
    ]

    operations = [
        migrations.AddField(
            model_name="suspension",
            name="reasons_by",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.BigIntegerField(),
                default=list,
                help_text="The ids of everyone who wrote the reasons or the evidence",
                size=None,
            ),
        ),
        migrations.AlterField(
            model_name="decision",
            name="step",
            field=models.CharField(
                choices=[
                    ("proposed", "Proposed"),
                    ("decided", "Put in force"),
                    ("refused", "Refused"),
                    ("withdrawn", "Withdrawn"),
                    ("suspended_urgently", "Suspended at once"),
                    ("confirmed", "Confirmed"),
                    ("ended_unconfirmed", "Not confirmed: ended"),
                    ("extended", "Extended"),
                    ("changed", "Scope, kind or limit changed"),
                    ("lift_proposed", "Lift proposed"),
                    ("lift_refused", "Lift refused"),
                    ("lift_withdrawn", "Proposed lift withdrawn"),
                    ("lifted", "Lifted"),
                ],
                max_length=20,
            ),
        ),
        migrations.AddField(
            model_name="decision",
            name="took_part",
            field=models.TextField(
                blank=True, default="", verbose_name="what else that person did"
            ),
        ),
        migrations.RunSQL(FORWARD, migrations.RunSQL.noop),
    ]
