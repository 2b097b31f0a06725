import django.db.models.deletion
import providers.vocabulary
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('ratings', '0002_constraints_and_triggers'),
    ]

    operations = [
        migrations.AlterField(
            model_name='alertchoice',
            name='scope',
            field=models.CharField(choices=[('portfolio', 'The services in my portfolio'), ('county', 'All the council’s services')], default='county', max_length=10),
        ),
        migrations.AlterField(
            model_name='fileimport',
            name='as_at',
            field=models.DateField(blank=True, help_text='The day that the uploader gave, where the file does not say it', null=True),
        ),
        migrations.AlterField(
            model_name='fileimport',
            name='day_is_stated',
            field=models.BooleanField(default=True, help_text='Whether the file or its uploader gives that day; if not, it overwrites nothing'),
        ),
        migrations.AlterField(
            model_name='fileimport',
            name='same_as',
            field=models.ForeignKey(blank=True, help_text='The earlier import of exactly the same file', null=True, on_delete=django.db.models.deletion.SET_NULL, to='ratings.fileimport'),
        ),
        migrations.AlterField(
            model_name='fileimport',
            name='snapshot_on',
            field=models.DateField(blank=True, help_text='The day that we take its facts to be true of', null=True),
        ),
        migrations.AlterField(
            model_name='fileimport',
            name='state',
            field=models.CharField(choices=[('asked', 'Waiting to be read'), ('reading', 'Being read'), ('merging', 'Being compared'), ('checked', 'Checked: nothing has changed yet'), ('done', 'Imported'), ('failed', 'Could not be used'), ('discarded', 'Discarded')], default='asked', max_length=10),
        ),
        migrations.AlterField(
            model_name='fileimport',
            name='stored_as',
            field=models.CharField(blank=True, help_text='Where its bytes are below UPLOAD_ROOT, until it is imported', max_length=60),
        ),
        migrations.AlterField(
            model_name='fileproblem',
            name='is_cell',
            field=models.BooleanField(help_text='Only the cell was left out; the rest of the row was used'),
        ),
        migrations.AlterField(
            model_name='foodmatch',
            name='state',
            field=models.CharField(choices=[('sure', 'Matched by name and postcode'), ('doubtful', 'To be decided'), ('confirmed', 'The same place'), ('refused', 'A different place')], max_length=10),
        ),
        migrations.AlterField(
            model_name='foodmatch',
            name='why',
            field=models.CharField(help_text='Why they may be the same', max_length=200),
        ),
        migrations.AlterField(
            model_name='foodreading',
            name='homes',
            field=models.PositiveIntegerField(default=0, help_text='Care homes that we looked for'),
        ),
        migrations.AlterField(
            model_name='location',
            name='manager_absent_on',
            field=models.DateField(blank=True, help_text='The day from which CQC records its registered manager as absent', null=True),
        ),
        migrations.AlterField(
            model_name='locationrelation',
            name='related_location_id',
            field=models.CharField(db_index=True, help_text='We may not hold this location', max_length=30),
        ),
        migrations.AlterField(
            model_name='rawpayload',
            name='unusable_because',
            field=models.TextField(blank=True, help_text='Why we could not use it'),
        ),
        migrations.AlterField(
            model_name='servicelocation',
            name='until',
            field=models.DateField(blank=True, help_text='The first day on which the service is no longer this location', null=True),
        ),
        migrations.AlterField(
            model_name='syncitem',
            name='note',
            field=models.TextField(blank=True, help_text='What went wrong, or which part we could not use'),
        ),
        migrations.AlterField(
            model_name='syncitem',
            name='state',
            field=models.CharField(choices=[('waiting', 'Waiting'), ('changed', 'Read, new or changed'), ('unchanged', 'Read, no changes'), ('missing', 'Not found at CQC'), ('failed', 'Could not be read'), ('unusable', 'Read, but could not be used')], default='waiting', max_length=10),
        ),
        migrations.AlterField(
            model_name='syncrun',
            name='fell_back_on_list',
            field=models.BooleanField(default=False, help_text='CQC did not give its list of changes'),
        ),
        migrations.AlterField(
            model_name='syncrun',
            name='kind',
            field=models.CharField(choices=[('changes', 'What has changed since the last update'), ('sweep', 'What has changed, and every location linked to one of our services'), ('full', 'Every adult social care location in England')], max_length=10),
        ),
        migrations.AlterField(
            model_name='syncrun',
            name='night',
            field=models.DateField(blank=True, help_text='The night of a nightly update: one a night, however many ask', null=True, unique=True),
        ),
        migrations.AlterField(
            model_name='syncrun',
            name='state',
            field=models.CharField(choices=[('asked', 'Waiting to start'), ('running', 'Running'), ('finished', 'Finished'), ('stopped', 'Stopped, will continue where it stopped')], default='asked', max_length=10),
        ),
        migrations.AlterField(
            model_name='syncrun',
            name='unknown_keys',
            field=models.JSONField(default=dict, help_text='Fields that are new to us, and in how many locations'),
        ),
        migrations.AlterField(
            model_name='target',
            name='name',
            field=models.CharField(help_text='As charts show it, for example At least 80% Good or better', max_length=80),
        ),
        migrations.AlterField(
            model_name='target',
            name='sector',
            field=models.CharField(blank=True, choices=providers.vocabulary.service_types, help_text='Leave it empty for every type of service', max_length=20, verbose_name='type of service'),
        ),
        migrations.AlterField(
            model_name='target',
            name='until',
            field=models.DateField(blank=True, help_text='The first day on which it no longer applies. Leave it empty while it applies', null=True),
        ),
    ]
