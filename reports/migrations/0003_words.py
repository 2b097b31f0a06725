from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('reports', '0002_constraints_and_triggers'),
    ]

    operations = [
        migrations.AlterModelOptions(
            name='paper',
            options={'default_permissions': ('view',), 'ordering': ['-meeting_on', '-version', '-pk'], 'permissions': [('write_paper', 'Can write papers'), ('release_paper', "Can release a paper's narrative, freeze its figures and make its files"), ('read_exempt_paper', 'Can read Exempt Appendices'), ('release_name', 'Can release a name that the disclosure scan found'), ('approve_paper', 'Can approve a paper for publication')]},
        ),
        migrations.AlterField(
            model_name='paper',
            name='as_at',
            field=models.DateField(help_text='Every figure in the paper is true of this day', verbose_name='date of the figures'),
        ),
        migrations.AlterField(
            model_name='paper',
            name='correction',
            field=models.TextField(blank=True, editable=False, verbose_name='what this version corrects'),
        ),
        migrations.AlterField(
            model_name='paper',
            name='signatory_name',
            field=models.CharField(max_length=100, verbose_name='name of the officer'),
        ),
        migrations.AlterField(
            model_name='paper',
            name='since',
            field=models.DateField(blank=True, help_text='The Exempt Appendix describes the suspensions lifted since then', null=True, verbose_name='date of the figures in the last report'),
        ),
        migrations.AlterField(
            model_name='paper',
            name='status',
            field=models.CharField(choices=[('draft', 'Draft'), ('frozen', 'Figures frozen'), ('released', 'Narrative released'), ('rendered', 'Files made, not yet clear'), ('scanned', 'Files clear'), ('approved', 'Approved')], default='draft', max_length=10),
        ),
        migrations.AlterField(
            model_name='paper',
            name='suspension_grouping',
            field=models.CharField(choices=[('type_and_district', 'By type of service, with the districts'), ('type', 'By type of service only, where districts could identify a service')], default='type_and_district', max_length=20, verbose_name='table of suspensions'),
        ),
    ]
