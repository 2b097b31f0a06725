from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('formal_steps', '0007_no_author_decides'),
    ]

    operations = [
        migrations.AlterField(
            model_name='stepletter',
            name='kind',
            field=models.CharField(choices=[('suspension', 'Letter about a suspension'), ('change', 'Letter about a change'), ('lift', 'Letter about the lift'), ('closure', 'Letter about the end'), ('step', 'Letter about a formal step'), ('review', 'Letter about a review')], max_length=10),
        ),
    ]
