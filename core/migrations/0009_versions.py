import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

FORWARD = """
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON core_version
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
ALTER TABLE core_version ENABLE ALWAYS TRIGGER append_only;
"""
BACKWARD = "DROP TRIGGER append_only ON core_version;"


class Migration(migrations.Migration):
    dependencies = [("core", "0008_drop_counts_by_user_name")]

    operations = [
        migrations.CreateModel(
            name="Version",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("about_label", models.CharField(max_length=60)),
                ("about_id", models.CharField(max_length=60)),
                ("number", models.PositiveIntegerField()),
                ("fields", models.JSONField(help_text="The words by the name of their field")),
                ("at", models.DateTimeField()),
                ("sha256", models.CharField(max_length=64)),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["about_label", "about_id", "number"],
                "default_permissions": (),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("about_label", "about_id", "number"), name="version_numbered_once"
                    )
                ],
            },
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
