import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('notifications', '0001_initial'),
        ('providers', '0003_words'),
    ]

    operations = [
        migrations.AlterField(
            model_name='messagetemplate',
            name='kind',
            field=models.CharField(blank=True, choices=[('provider', 'Provider'), ('cqc', 'CQC'), ('icb', 'Integrated care board'), ('healthwatch', 'Healthwatch'), ('authority', 'Other authority with people placed there'), ('own_team', 'Council team'), ('families', 'Residents and families')], max_length=15, verbose_name='who it is to'),
        ),
        migrations.AlterField(
            model_name='messagetemplate',
            name='notification',
            field=models.CharField(choices=[('suspension', 'The suspension'), ('confirmed', 'The confirmation'), ('change', 'A change'), ('lift', 'The lift')], max_length=10, verbose_name='what it is about'),
        ),
        migrations.AlterField(
            model_name='registeredrecipient',
            name='email',
            field=models.EmailField(blank=True, max_length=254, verbose_name='email'),
        ),
        migrations.AlterField(
            model_name='registeredrecipient',
            name='kind',
            field=models.CharField(choices=[('provider', 'Provider'), ('cqc', 'CQC'), ('icb', 'Integrated care board'), ('healthwatch', 'Healthwatch'), ('authority', 'Other authority with people placed there'), ('own_team', 'Council team'), ('families', 'Residents and families')], max_length=15, verbose_name='who they are'),
        ),
        migrations.AlterField(
            model_name='registeredrecipient',
            name='service',
            field=models.ForeignKey(blank=True, help_text='Empty: notified about every service', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='registered_recipients', to='providers.service'),
        ),
    ]
