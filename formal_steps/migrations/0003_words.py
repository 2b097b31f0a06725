import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('formal_steps', '0002_constraints_and_triggers'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name='formalstep',
            name='due_on',
            field=models.DateField(verbose_name='due by, or takes effect on'),
        ),
        migrations.AlterField(
            model_name='formalstep',
            name='required',
            field=models.TextField(verbose_name='what must be done'),
        ),
        migrations.AlterField(
            model_name='policy',
            name='again_days',
            field=models.PositiveSmallIntegerField(default=365, verbose_name='days after a lift in which we point out another suspension'),
        ),
        migrations.AlterField(
            model_name='policy',
            name='days_to_answer',
            field=models.PositiveSmallIntegerField(default=5, help_text='We mark fewer days as short notice', verbose_name='working days a provider has to answer'),
        ),
        migrations.AlterField(
            model_name='policy',
            name='days_to_ask',
            field=models.PositiveSmallIntegerField(default=10, verbose_name='working days a provider has to ask for a review'),
        ),
        migrations.AlterField(
            model_name='policy',
            name='days_to_review',
            field=models.PositiveSmallIntegerField(default=20, verbose_name='working days the council has to answer a review'),
        ),
        migrations.AlterField(
            model_name='policy',
            name='default_notice_days',
            field=models.PositiveSmallIntegerField(default=365, help_text='Counted back from today', verbose_name='days within which default notices count'),
        ),
        migrations.AlterField(
            model_name='policy',
            name='deputy',
            field=models.ForeignKey(blank=True, help_text='We alert them at midday on the last day to confirm an urgent suspension', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AlterField(
            model_name='policy',
            name='director',
            field=models.ForeignKey(blank=True, help_text='We alert them when that day has passed without a confirmation', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AlterField(
            model_name='stepletter',
            name='kind',
            field=models.CharField(choices=[('suspension', 'Letter about a suspension'), ('change', 'Letter about a change'), ('lift', 'Letter about the lift'), ('step', 'Letter about a formal step'), ('review', 'Letter about a review')], max_length=10),
        ),
        migrations.AlterField(
            model_name='steprepresentation',
            name='considered',
            field=models.TextField(blank=True, verbose_name='how the answer was considered'),
        ),
        migrations.AlterField(
            model_name='steprepresentation',
            name='short_reason',
            field=models.TextField(blank=True, verbose_name='why the provider has fewer days'),
        ),
        migrations.AlterField(
            model_name='stepreviewrequest',
            name='outcome',
            field=models.CharField(blank=True, choices=[('stands', 'The decision stands'), ('changed', 'The decision stands with changes'), ('ended', 'What was decided should end')], max_length=10),
        ),
    ]
