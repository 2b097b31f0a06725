import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='StoredFile',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('photograph', 'Photograph'), ('document', 'Document')], max_length=12)),
                ('name', models.CharField(max_length=120, verbose_name='file name')),
                ('content_type', models.CharField(max_length=100)),
                ('size', models.PositiveIntegerField(verbose_name='size in bytes')),
                ('sha256', models.CharField(max_length=64)),
                ('scan', models.CharField(choices=[('not_scanned', 'Not scanned'), ('clean', 'No virus found'), ('infected', 'Virus found')], default='not_scanned', max_length=12)),
                ('scanned_at', models.DateTimeField(blank=True, null=True)),
                ('found', models.CharField(blank=True, max_length=200, verbose_name='virus found')),
                ('original', models.CharField(choices=[('none', 'Kept as it came'), ('waiting', 'Kept until the copy has been checked'), ('removed', 'Removed: the copy has been checked'), ('differs', 'Kept: the copy differs, or could not be compared')], default='none', max_length=10)),
                ('original_note', models.CharField(blank=True, max_length=200, verbose_name='in what the copy differs')),
                ('added_at', models.DateTimeField()),
                ('destroyed_at', models.DateTimeField(blank=True, null=True, verbose_name='contents destroyed')),
                ('added_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['added_at', 'pk'],
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='FileContent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('role', models.CharField(choices=[('kept', 'What is kept and read'), ('original', 'As it came, beside a copy')], default='kept', max_length=10)),
                ('data', models.BinaryField()),
                ('file', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='contents', to='documents.storedfile')),
            ],
            options={
                'default_permissions': (),
            },
        ),
        migrations.AddIndex(
            model_name='storedfile',
            index=models.Index(condition=models.Q(('destroyed_at', None), ('scan', 'not_scanned')), fields=['id'], name='stored_file_to_scan'),
        ),
        migrations.AddConstraint(
            model_name='storedfile',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('found', ''), ('scan', 'not_scanned'), ('scanned_at', None)), models.Q(('found', ''), ('scan', 'clean'), ('scanned_at__isnull', False)), models.Q(('scan', 'infected'), ('scanned_at__isnull', False), models.Q(('found', ''), _negated=True)), _connector='OR'), name='stored_file_scan_whole'),
        ),
        migrations.AddConstraint(
            model_name='storedfile',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('scan', 'infected'), _negated=True), ('destroyed_at__isnull', False), _connector='OR'), name='stored_file_infected_is_gone'),
        ),
        migrations.AddConstraint(
            model_name='storedfile',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('original', 'differs'), models.Q(('original_note', ''), _negated=True)), models.Q(models.Q(('original', 'differs'), _negated=True), ('original_note', '')), _connector='OR'), name='stored_file_differs_in_something'),
        ),
        migrations.AddConstraint(
            model_name='filecontent',
            constraint=models.UniqueConstraint(fields=('file', 'role'), name='file_content_once_per_role'),
        ),
    ]
