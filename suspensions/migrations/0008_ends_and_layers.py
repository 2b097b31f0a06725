import django.contrib.postgres.constraints
import django.db.models.functions.comparison
from django.conf import settings
from django.db import migrations, models

# A scope counts from the day on which it became that: of what was widened or narrowed before, the
# last change of its part of the service says which.
FILL_SCOPE_FROM = """
UPDATE suspensions_suspension suspension SET scope_from = changed.since
FROM (
    SELECT suspension_id, max(effective_on) AS since FROM suspensions_change
    WHERE what = 'scope' AND status = 'agreed' AND unit_id IS DISTINCT FROM before_unit_id
    GROUP BY suspension_id
) changed
WHERE changed.suspension_id = suspension.id
"""


class Migration(migrations.Migration):

    dependencies = [
        ('concerns', '0002_words'),
        ('providers', '0005_fill_name_keys'),
        ('suspensions', '0007_no_author_decides'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='suspension',
            name='suspension_lifted_is_decided',
        ),
        migrations.RemoveConstraint(
            model_name='suspension',
            name='suspension_one_in_force_per_scope',
        ),
        migrations.AddField(
            model_name='suspension',
            name='is_ended_by_closure',
            field=models.BooleanField(default=False, verbose_name='ended as the service closed'),
        ),
        migrations.AddField(
            model_name='suspension',
            name='layer',
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.AddField(
            model_name='suspension',
            name='scope_from',
            field=models.DateField(null=True),
        ),
        migrations.RunSQL(FILL_SCOPE_FROM, migrations.RunSQL.noop),
        migrations.AlterField(
            model_name='decision',
            name='step',
            field=models.CharField(choices=[('proposed', 'Proposed'), ('decided', 'Put in force'), ('refused', 'Refused'), ('withdrawn', 'Withdrawn'), ('suspended_urgently', 'Suspended at once'), ('confirmed', 'Confirmed'), ('ended_unconfirmed', 'Not confirmed: ended'), ('ended_closed', 'Ended: the service closed'), ('extended', 'Extended'), ('changed', 'Scope, kind or limit changed'), ('lift_proposed', 'Lift proposed'), ('lift_refused', 'Lift refused'), ('lifted', 'Lifted')], max_length=20),
        ),
        migrations.AlterField(
            model_name='recipient',
            name='notification',
            field=models.CharField(choices=[('suspension', 'The suspension'), ('confirmed', 'The confirmation'), ('change', 'A change'), ('lift', 'The lift'), ('closure', 'The end, as the service closed')], max_length=10),
        ),
        migrations.AlterField(
            model_name='suspensionletter',
            name='kind',
            field=models.CharField(choices=[('suspension', 'Letter about a suspension'), ('change', 'Letter about a change'), ('lift', 'Letter about the lift'), ('closure', 'Letter about the end'), ('step', 'Letter about a formal step'), ('review', 'Letter about a review')], max_length=10),
        ),
        migrations.AddConstraint(
            model_name='suspension',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('lifted_on', None), models.Q(('status', 'lifted'), _negated=True)), models.Q(('lift_decided_at__isnull', False), ('lift_decided_by__isnull', False), ('lift_recorded_at__isnull', False), ('lifted_on__isnull', False), ('status', 'lifted'), models.Q(('lift_proposed_by__isnull', False), models.Q(('confirmed_by', None), ('is_urgent', True), models.Q(('lift_decided_by', models.F('proposed_by')), _negated=True)), models.Q(('is_ended_by_closure', True), models.Q(('lift_decided_by', models.F('proposed_by')), _negated=True)), _connector='OR')), _connector='OR'), name='suspension_lifted_is_decided'),
        ),
        migrations.AddConstraint(
            model_name='suspension',
            constraint=models.CheckConstraint(condition=models.Q(('is_ended_by_closure', False), ('status', 'lifted'), _connector='OR'), name='suspension_ended_by_closure_is_over'),
        ),
        migrations.AddConstraint(
            model_name='suspension',
            constraint=models.CheckConstraint(condition=models.Q(('layer', 0), ('is_urgent', True), _connector='OR'), name='suspension_over_others_is_urgent'),
        ),
        migrations.AddConstraint(
            model_name='suspension',
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(condition=models.Q(('status__in', ['in_force', 'lift_proposed', 'lifted'])), expressions=[(models.Func(models.F('service_id'), models.F('service_id'), models.Value('[]'), function='int8range'), '&&'), (models.Func(django.db.models.functions.comparison.Coalesce(models.F('unit_id'), 0), models.F('unit_id'), models.Value('[]'), function='int8range'), '&&'), (models.Func(models.F('layer'), models.F('layer'), models.Value('[]'), function='int4range'), '&&'), (models.Func(django.db.models.functions.comparison.Least(django.db.models.functions.comparison.Coalesce('scope_from', 'in_force_from'), models.F('lifted_on')), models.F('lifted_on'), function='daterange'), '&&')], name='suspension_one_in_force_per_scope'),
        ),
    ]
