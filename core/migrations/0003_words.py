from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('core', '0002_constraints_and_triggers'),
    ]

    operations = [
        migrations.AlterField(
            model_name='regionauthority',
            name='until',
            field=models.DateField(blank=True, help_text='The first day on which it was no longer in the region; leave empty while it is', null=True),
        ),
    ]
