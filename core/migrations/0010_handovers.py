import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import F, Q

FORWARD = """
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON core_handover
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
ALTER TABLE core_handover ENABLE ALWAYS TRIGGER append_only;
"""
BACKWARD = "DROP TRIGGER append_only ON core_handover;"


def person(**more):
    return models.ForeignKey(
        on_delete=django.db.models.deletion.PROTECT,
        related_name="+",
        to=settings.AUTH_USER_MODEL,
        **more,
    )


class Migration(migrations.Migration):
    dependencies = [("core", "0009_versions")]

    operations = [
        migrations.CreateModel(
            name="Handover",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("work", models.CharField(max_length=40)),
                ("about_label", models.CharField(max_length=100)),
                ("about_id", models.BigIntegerField()),
                ("at", models.DateTimeField()),
                ("reason", models.TextField()),
                ("by", person()),
                ("from_person", person(null=True)),
                ("to_person", person()),
            ],
            options={
                "ordering": ["-pk"],
                "permissions": [
                    ("hand_over_work", "Can see the team’s late work and hand it over")
                ],
                "default_permissions": (),
                "indexes": [
                    models.Index(fields=["about_label", "about_id"], name="handover_about")
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=Q(from_person=None) | ~Q(from_person=F("to_person")),
                        name="handover_to_another",
                    ),
                    models.CheckConstraint(condition=~Q(reason=""), name="handover_has_reason"),
                ],
            },
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
