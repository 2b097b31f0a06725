import datetime
import django.core.validators
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('concerns', '0001_initial'),
    ]

    operations = [
        migrations.AlterField(
            model_name='concern',
            name='abuse_by',
            field=models.CharField(blank=True, choices=[('staff', 'Member of the service’s staff'), ('manager', 'Manager or owner of the service'), ('person', 'Another person who uses the service'), ('family', 'Relative or friend'), ('professional', 'Other professional'), ('self', 'The person themselves'), ('unknown', 'Someone else, or not known')], max_length=20, verbose_name='said to be caused by'),
        ),
        migrations.AlterField(
            model_name='contactlogentry',
            name='kind',
            field=models.CharField(choices=[('call', 'Telephone call'), ('email', 'Email'), ('meeting', 'Meeting')], max_length=10),
        ),
        migrations.AlterField(
            model_name='targets',
            name='day_ends',
            field=models.TimeField(default=datetime.time(17, 0), verbose_name='end of the working day'),
        ),
        migrations.AlterField(
            model_name='targets',
            name='day_starts',
            field=models.TimeField(default=datetime.time(9, 0), verbose_name='start of the working day'),
        ),
        migrations.AlterField(
            model_name='targets',
            name='in_time_percent',
            field=models.PositiveSmallIntegerField(default=90, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(100)], verbose_name='concerns answered in time'),
        ),
    ]
