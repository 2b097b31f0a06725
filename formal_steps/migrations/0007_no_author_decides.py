from django.db import migrations, models
from django.db.models import F, Q


class Migration(migrations.Migration):
    dependencies = [("formal_steps", "0006_who_wrote_the_reasons")]

    operations = [
        migrations.AddConstraint(
            model_name="formalstep",
            constraint=models.CheckConstraint(
                condition=~Q(reasons_by__contains=[F("decided_by")]),
                name="formal_step_decided_by_no_author",
            ),
        ),
    ]
