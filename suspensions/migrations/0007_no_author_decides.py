from django.db import migrations, models
from django.db.models import F, Q


class Migration(migrations.Migration):
    dependencies = [("suspensions", "0006_who_wrote_the_reasons")]

    operations = [
        migrations.AddConstraint(
            model_name="suspension",
            constraint=models.CheckConstraint(
                condition=~Q(reasons_by__contains=[F("decided_by")]),
                name="suspension_decided_by_no_author",
            ),
        ),
        migrations.AddConstraint(
            model_name="suspension",
            constraint=models.CheckConstraint(
                condition=~Q(reasons_by__contains=[F("confirmed_by")]),
                name="suspension_confirmed_by_no_author",
            ),
        ),
        migrations.AddConstraint(
            model_name="suspension",
            constraint=models.CheckConstraint(
                condition=Q(lift_proposed_by__isnull=False)
                | Q(is_urgent=False)
                | Q(confirmed_by__isnull=False)
                | ~Q(reasons_by__contains=[F("lift_decided_by")]),
                name="suspension_ended_by_no_author",
            ),
        ),
    ]
