from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('providers', '0002_constraints_and_triggers'),
    ]

    operations = [
        migrations.AlterField(
            model_name='fundedpeople',
            name='email',
            field=models.EmailField(blank=True, max_length=254, verbose_name='email of its placements team'),
        ),
    ]
