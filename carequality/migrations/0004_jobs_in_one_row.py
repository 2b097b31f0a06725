from django.db import migrations

# Reading CQC's files is promised by the import's own job (ratings 0006).
MOVE = """
INSERT INTO core_job (kind, lane, args, state, attempts, progress, step, error, about_label, about_id, only_one,
                      created_at, next_try_at, finished_at, given_up_at, request_id)
SELECT known.kind, known.lane, args, CASE WHEN given_up_at IS NULL THEN 'waiting' ELSE 'given_up' END, attempts, 0, '',
       last_error, '', NULL, '', created_at, due_at, given_up_at, given_up_at, request_id
FROM carequality_outboxmessage message
JOIN (VALUES ('suspensions.tell_partners', 'suspensions.tell-partners', 'messages'),
             ('suspensions.tell_party', 'suspensions.tell-party', 'messages'),
             ('suspensions.ask_to_confirm', 'suspensions.ask-to-confirm', 'messages'),
             ('suspensions.make_letter', 'suspensions.make-letter', 'renderings'),
             ('ratings.send_digest', 'ratings.send-digest', 'messages')) known (task, kind, lane)
    ON known.task = message.task
WHERE done_at IS NULL
ORDER BY message.id;
SET CONSTRAINTS ALL IMMEDIATE;
"""


class Migration(migrations.Migration):
    dependencies = [("core", "0001_initial"), ("carequality", "0003_temporary_passwords")]

    operations = [
        migrations.RunSQL(MOVE, migrations.RunSQL.noop),
        migrations.DeleteModel(name="OutboxMessage"),
    ]
