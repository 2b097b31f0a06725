import audits.models.procedure
import django.contrib.postgres.fields
import django.core.validators
import providers.vocabulary
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('audits', '0002_constraints_and_triggers'),
    ]

    operations = [
        migrations.AlterField(
            model_name='action',
            name='owner_name',
            field=models.CharField(blank=True, max_length=120, verbose_name='name or post at the provider'),
        ),
        migrations.AlterField(
            model_name='action',
            name='returned_reason',
            field=models.TextField(blank=True, editable=False, help_text='From the last time that the evidence was not accepted', verbose_name='why it was returned'),
        ),
        migrations.AlterField(
            model_name='action',
            name='status',
            field=models.CharField(choices=[('open', 'Open'), ('done', 'Waiting to be verified'), ('verified', 'Verified')], default='open', editable=False, max_length=10),
        ),
        migrations.AlterField(
            model_name='action',
            name='text',
            field=models.TextField(verbose_name='what must be done'),
        ),
        migrations.AlterField(
            model_name='auditreport',
            name='status',
            field=models.CharField(choices=[('moderation', 'Waiting for moderation'), ('returned', 'Returned to the officer'), ('to_send', 'Ready to send to the provider'), ('with_provider', 'With the provider'), ('final', 'Final')], editable=False, max_length=15),
        ),
        migrations.AlterField(
            model_name='bandrule',
            name='cqc_at_least',
            field=models.CharField(blank=True, choices=[('outstanding', 'Outstanding'), ('good', 'Good'), ('requires_improvement', 'Requires improvement'), ('inadequate', 'Inadequate')], max_length=20, verbose_name='lowest CQC overall rating'),
        ),
        migrations.AlterField(
            model_name='bandrule',
            name='no_high_concerns',
            field=models.BooleanField(default=False, verbose_name='no open concerns of high or very high risk'),
        ),
        migrations.AlterField(
            model_name='bandrule',
            name='no_overdue_actions',
            field=models.BooleanField(default=False, verbose_name='no overdue actions'),
        ),
        migrations.AlterField(
            model_name='bandrule',
            name='outcome_at_least',
            field=models.CharField(choices=[('excellent', 'Excellent'), ('good', 'Good'), ('requires_improvement', 'Requires improvement'), ('poor', 'Poor')], max_length=20, verbose_name='lowest audit outcome'),
        ),
        migrations.AlterField(
            model_name='bandrule',
            name='score_at_least',
            field=models.PositiveSmallIntegerField(default=0, validators=[django.core.validators.MaxValueValidator(100)], verbose_name='lowest audit score (per cent)'),
        ),
        migrations.AlterField(
            model_name='enrolment',
            name='aim',
            field=models.TextField(verbose_name='what should improve'),
        ),
        migrations.AlterField(
            model_name='enrolment',
            name='result',
            field=models.TextField(blank=True, editable=False, verbose_name='what difference the support made'),
        ),
        migrations.AlterField(
            model_name='feedbacksheet',
            name='given_to',
            field=models.CharField(blank=True, max_length=120, verbose_name='post of the person it was given to'),
        ),
        migrations.AlterField(
            model_name='goodpractice',
            name='consented_on',
            field=models.DateField(blank=True, null=True, verbose_name='consented on'),
        ),
        migrations.AlterField(
            model_name='goodpractice',
            name='consented_post',
            field=models.CharField(blank=True, max_length=120, verbose_name='post of who consented'),
        ),
        migrations.AlterField(
            model_name='goodpractice',
            name='named',
            field=models.BooleanField(default=False, verbose_name='papers can name the service'),
        ),
        migrations.AlterField(
            model_name='goodpractice',
            name='text',
            field=models.TextField(verbose_name='what is good about it, and what difference it made'),
        ),
        migrations.AlterField(
            model_name='goodpractice',
            name='withdrawn_on',
            field=models.DateField(blank=True, editable=False, null=True, verbose_name='consent withdrawn on'),
        ),
        migrations.AlterField(
            model_name='leadrole',
            name='until_on',
            field=models.DateField(blank=True, null=True, verbose_name='the first day that they no longer lead'),
        ),
        migrations.AlterField(
            model_name='nomination',
            name='reason',
            field=models.TextField(verbose_name='why it is nominated'),
        ),
        migrations.AlterField(
            model_name='procedure',
            name='banding',
            field=models.BooleanField(default=True, verbose_name='a final audit sets the service’s band'),
        ),
        migrations.AlterField(
            model_name='procedure',
            name='factual_accuracy',
            field=models.BooleanField(default=True, verbose_name='the provider checks the draft for factual accuracy'),
        ),
        migrations.AlterField(
            model_name='procedure',
            name='factual_accuracy_days',
            field=models.PositiveSmallIntegerField(default=14, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(90)], verbose_name='days to check factual accuracy'),
        ),
        migrations.AlterField(
            model_name='procedure',
            name='meeting_types',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=providers.vocabulary.service_types, max_length=20), blank=True, default=audits.models.procedure.usual_meeting_types, size=None, verbose_name='types of service with a contract review meeting after an audit'),
        ),
        migrations.AlterField(
            model_name='procedure',
            name='meeting_weeks',
            field=models.PositiveSmallIntegerField(default=6, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(52)], verbose_name='weeks from the audit to the meeting'),
        ),
        migrations.AlterField(
            model_name='procedure',
            name='plan_needed',
            field=models.BooleanField(default=True, verbose_name='audits rated Requires improvement or Poor need an action plan'),
        ),
        migrations.AlterField(
            model_name='procedure',
            name='rating_hidden',
            field=models.BooleanField(default=True, verbose_name='the officer sees no rating until the visit is completed'),
        ),
        migrations.AlterField(
            model_name='question',
            name='critical',
            field=models.BooleanField(default=False, verbose_name='critical: the worst answer limits the audit to Requires improvement or Poor'),
        ),
        migrations.AlterField(
            model_name='question',
            name='evidence_required',
            field=models.BooleanField(default=False, verbose_name='evidence is required'),
        ),
        migrations.AlterField(
            model_name='question',
            name='na_allowed',
            field=models.BooleanField(default=False, verbose_name='can be answered “not applicable”'),
        ),
        migrations.AlterField(
            model_name='reopening',
            name='reason',
            field=models.TextField(verbose_name='why it was reopened'),
        ),
        migrations.AlterField(
            model_name='riskcontact',
            name='name',
            field=models.CharField(max_length=100, verbose_name='name'),
        ),
        migrations.AlterField(
            model_name='riskcontact',
            name='phone',
            field=models.CharField(max_length=30, verbose_name='telephone number'),
        ),
        migrations.AlterField(
            model_name='riskcontact',
            name='when',
            field=models.CharField(blank=True, help_text='For example, if a person is at risk of abuse, at any time', max_length=200, verbose_name='when to call'),
        ),
        migrations.AlterField(
            model_name='template',
            name='beside_main',
            field=models.BooleanField(default=False, verbose_name='used beside the main audit and scored separately'),
        ),
        migrations.AlterField(
            model_name='template',
            name='service_types',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=providers.vocabulary.service_types, max_length=20), size=None, verbose_name='types of service'),
        ),
        migrations.AlterField(
            model_name='template',
            name='status',
            field=models.CharField(choices=[('draft', 'Draft'), ('current', 'In use'), ('retired', 'Retired')], default='draft', max_length=10),
        ),
        migrations.AlterField(
            model_name='visit',
            name='kind',
            field=models.CharField(choices=[('annual', 'Annual audit'), ('monitoring', 'Monitoring visit'), ('joint', 'Joint visit'), ('follow_up', 'Follow-up visit'), ('surgery', 'Surgery for relatives'), ('enter_and_view', 'Healthwatch Enter and View')], max_length=20),
        ),
    ]
