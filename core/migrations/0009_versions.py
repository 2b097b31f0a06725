import django.core.serializers.json
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

FORWARD = """
CREATE TRIGGER append_only BEFORE DELETE OR TRUNCATE ON core_version
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
ALTER TABLE core_version ENABLE ALWAYS TRIGGER append_only;

-- The one change that is taken: its words are blanked, once, and nothing else of it is touched.
CREATE FUNCTION only_blank_version() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF OLD.blanked_at IS NULL AND NEW.blanked_at IS NOT NULL AND NEW.fields = '{}'::jsonb
        AND to_jsonb(NEW) - 'fields' - 'blanked_at' = to_jsonb(OLD) - 'fields' - 'blanked_at'
    THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'Rows of % are never changed or removed.', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER only_blank BEFORE UPDATE ON core_version
    FOR EACH ROW EXECUTE FUNCTION only_blank_version();
ALTER TABLE core_version ENABLE ALWAYS TRIGGER only_blank;
"""

BACKWARD = """
DROP TRIGGER only_blank ON core_version;
DROP FUNCTION only_blank_version();
DROP TRIGGER append_only ON core_version;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('core', '0008_drop_counts_by_user_name'),
    ]

    operations = [
        migrations.CreateModel(
            name='Version',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('about_label', models.CharField(max_length=60)),
                ('about_id', models.CharField(max_length=60)),
                ('number', models.PositiveIntegerField()),
                ('fields', models.JSONField(default=dict, encoder=django.core.serializers.json.DjangoJSONEncoder)),
                ('at', models.DateTimeField()),
                ('recorded_at', models.DateTimeField(auto_now_add=True)),
                ('sha256', models.CharField(max_length=64)),
                ('blanked_at', models.DateTimeField(null=True)),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['about_label', 'about_id', 'number'],
                'default_permissions': (),
                'constraints': [
                    models.UniqueConstraint(fields=('about_label', 'about_id', 'number'), name='version_number_once'),
                    models.CheckConstraint(condition=models.Q(('number__gt', 0)), name='version_number_from_one'),
                    models.CheckConstraint(condition=models.Q(('blanked_at', None), ('fields', {}), _connector='OR'), name='version_blanked_is_empty'),
                ],
            },
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
