import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

# What an attachment was and held goes to the app that keeps files for all; each file gets its
# number first, so that both of its tables are filled by one statement each, whatever there is of
# them. Nothing is drawn or scanned anew: a photograph was drawn when it came in, and the scanner,
# once there is one, is promised what it has not seen.
MOVE = """
-- Each file is named before it is there.
SET CONSTRAINTS ALL DEFERRED;
UPDATE audits_attachment
   SET file_id = nextval(pg_get_serial_sequence('documents_storedfile', 'id'));
INSERT INTO documents_storedfile
       (id, kind, name, content_type, size, sha256, scan, found, original, original_note,
        added_at, added_by_id, destroyed_at)
SELECT file_id, kind, name, content_type, size, sha256, 'not_scanned', '', 'none', '',
       added_at, added_by_id, withdrawn_at
  FROM audits_attachment;
INSERT INTO documents_filecontent (file_id, role, data)
SELECT attachment.file_id, 'kept', held.data
  FROM audits_attachmentcontent AS held
  JOIN audits_attachment AS attachment ON attachment.id = held.attachment_id;
-- What was filled above is checked now: a table is not altered while checks of it are due.
SET CONSTRAINTS ALL IMMEDIATE;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('audits', '0005_fill_name_keys'),
        ('documents', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='attachment',
            name='file',
            field=models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='%(app_label)s_%(class)s', to='documents.storedfile'),
        ),
        migrations.RunSQL(MOVE),
        migrations.AlterField(
            model_name='attachment',
            name='file',
            field=models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='%(app_label)s_%(class)s', to='documents.storedfile'),
        ),
        migrations.AlterModelOptions(
            name='attachment',
            options={'default_permissions': (), 'ordering': ['file__added_at', 'file_id']},
        ),
        migrations.RemoveField(
            model_name='attachment',
            name='added_at',
        ),
        migrations.RemoveField(
            model_name='attachment',
            name='added_by',
        ),
        migrations.RemoveField(
            model_name='attachment',
            name='content_type',
        ),
        migrations.RemoveField(
            model_name='attachment',
            name='kind',
        ),
        migrations.RemoveField(
            model_name='attachment',
            name='name',
        ),
        migrations.RemoveField(
            model_name='attachment',
            name='sha256',
        ),
        migrations.RemoveField(
            model_name='attachment',
            name='size',
        ),
        migrations.CreateModel(
            name='ActionFile',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('caption', models.CharField(blank=True, max_length=200, verbose_name='what it shows')),
                ('withdrawn_at', models.DateTimeField(blank=True, null=True)),
                ('withdrawn_reason', models.CharField(blank=True, max_length=200)),
                ('action', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='files', to='audits.action')),
                ('file', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='%(app_label)s_%(class)s', to='documents.storedfile')),
                ('withdrawn_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['file__added_at', 'file_id'],
                'default_permissions': (),
            },
        ),
        migrations.DeleteModel(
            name='AttachmentContent',
        ),
        migrations.AddConstraint(
            model_name='actionfile',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('withdrawn_at', None), ('withdrawn_by', None), ('withdrawn_reason', '')), models.Q(('withdrawn_at__isnull', False), ('withdrawn_by__isnull', False), models.Q(('withdrawn_reason', ''), _negated=True)), _connector='OR'), name='actionfile_withdrawn_whole'),
        ),
    ]
