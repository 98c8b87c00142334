import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('evaluation', '0005_append_only_closes'),
        ('pes', '0005_quarterly_report_powers'),
        ('pes', '__first__'),
    ]

    operations = [
        migrations.CreateModel(
            name='AuditorColumns',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.PositiveIntegerField(unique=True, verbose_name='versión')),
                ('columns', models.JSONField(verbose_name='columnas')),
                ('at', models.DateTimeField(verbose_name='instante')),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='definió')),
            ],
            options={
                'verbose_name': 'columnas del CB-0404',
                'verbose_name_plural': 'columnas del CB-0404',
                'ordering': ('-version',),
            },
        ),
        migrations.CreateModel(
            name='AuditorReport',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('vigencia', models.PositiveSmallIntegerField(verbose_name='vigencia')),
                ('kind', models.CharField(choices=[('cb0404', 'CB-0404 Indicadores de gestión'), ('cb1090', 'CB-1090 Informe de gestión y resultados'), ('gestion', 'Informe de gestión institucional')], max_length=7, verbose_name='clase')),
                ('folder', models.CharField(max_length=40, unique=True)),
                ('digests', models.JSONField(verbose_name='SHA-256 por archivo')),
                ('context_sha256', models.CharField(max_length=64, verbose_name='SHA-256 de los datos')),
                ('pages', models.PositiveIntegerField(default=0, verbose_name='páginas')),
                ('edition', models.PositiveSmallIntegerField(verbose_name='edición')),
                ('closes', models.JSONField(verbose_name='cierres')),
                ('reason', models.TextField(blank=True, verbose_name='motivo de la corrección')),
                ('issued_at', models.DateTimeField(verbose_name='emitido')),
                ('entity', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='pes.organizationunit', verbose_name='entidad')),
                ('issued_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='emitió')),
            ],
            options={
                'verbose_name': 'documento para entes de control',
                'verbose_name_plural': 'documentos para entes de control',
                'ordering': ('-vigencia', 'kind', '-edition'),
                'constraints': [models.UniqueConstraint(fields=('entity', 'vigencia', 'kind', 'edition'), name='auditor_report_edition_once'), models.CheckConstraint(condition=models.Q(('edition', 1), models.Q(('reason', ''), _negated=True), _connector='OR'), name='a_later_edition_says_why')],
            },
        ),
        migrations.CreateModel(
            name='AuditorDraft',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('vigencia', models.PositiveSmallIntegerField(verbose_name='vigencia')),
                ('kind', models.CharField(choices=[('cb0404', 'CB-0404 Indicadores de gestión'), ('cb1090', 'CB-1090 Informe de gestión y resultados'), ('gestion', 'Informe de gestión institucional')], max_length=7, verbose_name='clase')),
                ('folder', models.CharField(max_length=40, unique=True)),
                ('digests', models.JSONField(verbose_name='SHA-256 por archivo')),
                ('context_sha256', models.CharField(max_length=64, verbose_name='SHA-256 de los datos')),
                ('pages', models.PositiveIntegerField(default=0, verbose_name='páginas')),
                ('made_at', models.DateTimeField(verbose_name='generado')),
                ('entity', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='pes.organizationunit', verbose_name='entidad')),
                ('job', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='pes.job')),
            ],
            options={
                'verbose_name': 'borrador para entes de control',
                'verbose_name_plural': 'borradores para entes de control',
                'ordering': ('-vigencia', 'kind'),
                'constraints': [models.UniqueConstraint(fields=('entity', 'vigencia', 'kind'), name='one_auditor_draft_per_year_and_kind')],
            },
        ),
        migrations.CreateModel(
            name='AuditorPublication',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(verbose_name='publicado')),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='publicó')),
                ('report', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='publication', to='evaluation.auditorreport')),
            ],
            options={
                'verbose_name': 'publicación de un informe de gestión',
                'verbose_name_plural': 'publicaciones de informes de gestión',
            },
        ),
    ]
