from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("core", "0005_fill_name_keys"),
    ]

    operations = [
        migrations.AddConstraint(
            model_name='user',
            constraint=models.UniqueConstraint(fields=('username_key',), name='one_account_of_a_user_name'),
        ),
        migrations.AddConstraint(
            model_name='user',
            constraint=models.UniqueConstraint(condition=models.Q(('email_key', ''), _negated=True), fields=('email_key',), name='one_account_of_an_email'),
        ),
    ]
