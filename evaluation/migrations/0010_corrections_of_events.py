import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('evaluation', '0009_append_only_checks'),
        ('pes', '0008_append_only_lifecycle'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='AccountabilityCorrection',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reason', models.TextField(verbose_name='motivo de la corrección')),
                ('before', models.JSONField(default=dict, verbose_name='decía antes')),
                ('is_withheld', models.BooleanField(default=False, verbose_name='el archivo anterior no se publica')),
                ('made_at', models.DateTimeField(verbose_name='corregido')),
            ],
            options={
                'verbose_name': 'corrección de una rendición de cuentas',
                'verbose_name_plural': 'correcciones de rendiciones de cuentas',
                'ordering': ('event', 'pk'),
            },
        ),
        migrations.AddField(
            model_name='citizenquestion',
            name='sent_key',
            field=models.CharField(blank=True, editable=False, max_length=64, verbose_name='huella del envío'),
        ),
        migrations.AddConstraint(
            model_name='citizenquestion',
            constraint=models.UniqueConstraint(condition=models.Q(('sent_key', ''), _negated=True), fields=('sent_key',), name='a_question_is_sent_once'),
        ),
        migrations.AddField(
            model_name='accountabilitycorrection',
            name='event',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='corrections', to='evaluation.accountabilityevent'),
        ),
        migrations.AddField(
            model_name='accountabilitycorrection',
            name='issued_report',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='evaluation.issuedreport', verbose_name='informe anterior emitido'),
        ),
        migrations.AddField(
            model_name='accountabilitycorrection',
            name='made_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='corrigió'),
        ),
        migrations.AddField(
            model_name='accountabilitycorrection',
            name='report_file',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='pes.storedfile', verbose_name='informe anterior en archivo'),
        ),
        migrations.AddConstraint(
            model_name='accountabilitycorrection',
            constraint=models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='a_correction_of_an_event_says_why'),
        ),
    ]
