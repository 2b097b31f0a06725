import django.db.models.deletion
from django.db import migrations, models

# What is unfinished is promised by a job of its own from now on.
PROMISE = """
INSERT INTO core_job (kind, lane, args, state, attempts, progress, step, error, asked_by_id, about_label, about_id,
                      only_one, created_at, next_try_at, request_id)
SELECT 'ratings.read-cqc', 'sync', jsonb_build_array(id), 'waiting', 0, 0, '', '', asked_by_id, 'ratings.syncrun', id,
       'ratings.read-cqc ratings.syncrun ' || id, now(), now(), ''
FROM ratings_syncrun WHERE state <> 'finished'
UNION ALL
SELECT 'ratings.import-file', 'imports', jsonb_build_array(id), 'waiting', 0, 0, '', '', asked_by_id,
       'ratings.fileimport', id, 'ratings.import-file ratings.fileimport ' || id, now(), now(), ''
FROM ratings_fileimport WHERE state IN ('asked', 'reading', 'merging');
UPDATE ratings_syncrun SET job_id = job.id FROM core_job job
WHERE job.about_label = 'ratings.syncrun' AND job.about_id = ratings_syncrun.id;
UPDATE ratings_fileimport SET job_id = job.id FROM core_job job
WHERE job.about_label = 'ratings.fileimport' AND job.about_id = ratings_fileimport.id;
SET CONSTRAINTS ALL IMMEDIATE;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('core', '0001_initial'),
        ('ratings', '0005_ratings_kept_faster'),
    ]

    operations = [
        migrations.RemoveField(
            model_name='fileimport',
            name='times_begun',
        ),
        migrations.AddField(
            model_name='fileimport',
            name='job',
            field=models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.job'),
        ),
        migrations.AddField(
            model_name='syncrun',
            name='job',
            field=models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.job'),
        ),
        migrations.RunSQL(PROMISE, migrations.RunSQL.noop),
    ]
