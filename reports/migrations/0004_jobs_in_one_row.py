import django.db.models.deletion
from django.db import migrations, models

# With their ids, which `core` 0001 left free: the files of approved papers name them and are never changed. What was running
# is begun again; what had ended and was not yet followed by the paper's next step is followed by it now.
MOVE = """
INSERT INTO core_job (id, kind, lane, args, state, attempts, progress, step, error, asked_by_id, about_label, about_id,
                      only_one, created_at, next_try_at, finished_at, given_up_at, request_id)
SELECT id, 'reports.' || kind, CASE WHEN kind IN ('figures', 'public') THEN 'public' ELSE 'renderings' END,
       jsonb_build_array(paper_id),
       CASE state WHEN 'failed' THEN 'given_up' WHEN 'running' THEN 'waiting' ELSE state END,
       attempts, progress, step, error, asked_by_id, 'reports.paper', paper_id,
       'reports.' || kind || ' reports.paper ' || paper_id, asked_at, asked_at,
       CASE WHEN state IN ('waiting', 'running') THEN NULL ELSE coalesce(finished_at, heard_at, asked_at) END,
       CASE WHEN state = 'failed' THEN coalesce(finished_at, heard_at, asked_at) END, ''
FROM reports_job;
INSERT INTO core_job (kind, lane, args, state, attempts, progress, step, error, asked_by_id, about_label, about_id,
                      only_one, created_at, next_try_at, request_id)
SELECT 'reports.settle-paper', 'messages', jsonb_build_array(id), 'waiting', 0, 0, '', '', asked_by_id, 'reports.paper',
       paper_id, '', finished_at, finished_at, ''
FROM reports_job WHERE finished_at IS NOT NULL AND settled_at IS NULL;
SET CONSTRAINTS ALL IMMEDIATE;
"""


class Migration(migrations.Migration):
    dependencies = [("core", "0001_initial"), ("reports", "0003_approved_keeps_its_rows")]

    operations = [
        migrations.RunSQL(MOVE, migrations.RunSQL.noop),
        migrations.AlterField(
            model_name="paperfile",
            name="job",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="core.job"
            ),
        ),
        migrations.DeleteModel(name="Job"),
    ]
