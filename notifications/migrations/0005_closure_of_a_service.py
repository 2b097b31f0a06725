from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('notifications', '0004_fill_name_keys'),
    ]

    operations = [
        migrations.AlterField(
            model_name='messagetemplate',
            name='notification',
            field=models.CharField(choices=[('suspension', 'The suspension'), ('confirmed', 'The confirmation'), ('change', 'A change'), ('lift', 'The lift'), ('closure', 'The end, as the service closed')], max_length=10, verbose_name='what it is about'),
        ),
    ]
