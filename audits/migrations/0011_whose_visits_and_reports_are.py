import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("audits", "0010_stopped_visits")]

    operations = [
        migrations.AddField(
            model_name="visit",
            name="programme_entry",
            field=models.ForeignKey(
                blank=True,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="visits",
                to="audits.programmeentry",
            ),
        ),
        migrations.AddField(
            model_name="auditreport",
            name="carried_on_by",
            field=models.ForeignKey(
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="carried on by",
            ),
        ),
        migrations.AddConstraint(
            model_name="visit",
            constraint=models.UniqueConstraint(
                condition=~Q(status="cancelled"),
                fields=("programme_entry",),
                name="visit_once_for_programme_entry",
            ),
        ),
    ]
