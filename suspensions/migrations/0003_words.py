import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('suspensions', '0002_constraints_and_triggers'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name='alert',
            name='people',
            field=models.TextField(help_text='One on each line', verbose_name='who it went to'),
        ),
        migrations.AlterField(
            model_name='change',
            name='planned_until',
            field=models.DateField(blank=True, null=True, verbose_name='planned to end by'),
        ),
        migrations.AlterField(
            model_name='meeting',
            name='apologies',
            field=models.TextField(blank=True),
        ),
        migrations.AlterField(
            model_name='meeting',
            name='attended',
            field=models.TextField(help_text='One on each line, with where they are from', verbose_name='present'),
        ),
        migrations.AlterField(
            model_name='meeting',
            name='chair',
            field=models.CharField(max_length=150),
        ),
        migrations.AlterField(
            model_name='progress',
            name='kind',
            field=models.CharField(choices=[('note', 'Progress'), ('welfare', 'Welfare check'), ('residents', 'Meeting with residents or families'), ('strategy', 'Strategy meeting'), ('provider', 'Provider’s representations'), ('evidence', 'Evidence')], default='note', max_length=10),
        ),
        migrations.AlterField(
            model_name='recipient',
            name='change',
            field=models.ForeignKey(help_text='The change that they are notified of', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='recipients', to='suspensions.change'),
        ),
        migrations.AlterField(
            model_name='recipient',
            name='closed_reason',
            field=models.TextField(blank=True, verbose_name='why they need not be notified'),
        ),
        migrations.AlterField(
            model_name='recipient',
            name='email',
            field=models.EmailField(blank=True, max_length=254, verbose_name='email'),
        ),
        migrations.AlterField(
            model_name='recipient',
            name='how',
            field=models.CharField(blank=True, choices=[('email', 'Email'), ('telephone', 'Telephone'), ('meeting', 'Meeting'), ('letter', 'Letter'), ('portal', 'Portal or system')], max_length=10),
        ),
        migrations.AlterField(
            model_name='recipient',
            name='kind',
            field=models.CharField(choices=[('provider', 'Provider'), ('cqc', 'CQC'), ('icb', 'Integrated care board'), ('healthwatch', 'Healthwatch'), ('authority', 'Other authority with people placed there'), ('own_team', 'Council team'), ('families', 'Residents and families')], max_length=15),
        ),
        migrations.AlterField(
            model_name='recipient',
            name='notification',
            field=models.CharField(choices=[('suspension', 'The suspension'), ('confirmed', 'The confirmation'), ('change', 'A change'), ('lift', 'The lift')], max_length=10),
        ),
        migrations.AlterField(
            model_name='recipient',
            name='tries',
            field=models.PositiveSmallIntegerField(default=0, help_text='Emails begun: counted before each is sent, whatever became of it'),
        ),
        migrations.AlterField(
            model_name='suspension',
            name='confirmer',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='who is asked to confirm'),
        ),
        migrations.AlterField(
            model_name='suspension',
            name='planned_until',
            field=models.DateField(help_text='The suspension does not end that day by itself: it is lifted or extended', null=True, verbose_name='planned to end by'),
        ),
        migrations.AlterField(
            model_name='suspensionletter',
            name='kind',
            field=models.CharField(choices=[('suspension', 'Letter about a suspension'), ('change', 'Letter about a change'), ('lift', 'Letter about the lift'), ('step', 'Letter about a formal step'), ('review', 'Letter about a review')], max_length=10),
        ),
        migrations.AlterField(
            model_name='suspensionrepresentation',
            name='considered',
            field=models.TextField(blank=True, verbose_name='how the answer was considered'),
        ),
        migrations.AlterField(
            model_name='suspensionrepresentation',
            name='short_reason',
            field=models.TextField(blank=True, verbose_name='why the provider has fewer days'),
        ),
        migrations.AlterField(
            model_name='suspensionreviewrequest',
            name='outcome',
            field=models.CharField(blank=True, choices=[('stands', 'The decision stands'), ('changed', 'The decision stands with changes'), ('ended', 'What was decided should end')], max_length=10),
        ),
    ]
