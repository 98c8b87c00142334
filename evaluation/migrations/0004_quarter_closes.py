import django.db.models.deletion
import pes.models.exact
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('evaluation', '0003_append_only_records'),
        ('pes', '0005_quarterly_report_powers'),
        ('pes', '__first__'),
        ('plans', '0003_append_only_records'),
    ]

    operations = [
        migrations.CreateModel(
            name='QuarterClose',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('vigencia', models.PositiveSmallIntegerField(verbose_name='vigencia')),
                ('quarter', models.PositiveSmallIntegerField(verbose_name='trimestre')),
                ('level', models.CharField(choices=[('central', 'Nivel central (PLE-PIN-F017)'), ('local', 'Nivel local (PLE-PIN-F018)')], max_length=7, verbose_name='nivel')),
                ('run', models.PositiveSmallIntegerField(verbose_name='corrida')),
                ('methodology', models.JSONField(verbose_name='metodología')),
                ('excluded', models.JSONField(default=list, verbose_name='planes sin calificación')),
                ('reason', models.TextField(blank=True, verbose_name='motivo')),
                ('digest', models.CharField(max_length=64, verbose_name='huella SHA-256')),
                ('closed_at', models.DateTimeField(verbose_name='consolidado')),
                ('closed_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='consolidó')),
                ('entity', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='pes.organizationunit', verbose_name='entidad')),
            ],
            options={
                'verbose_name': 'cierre de trimestre',
                'verbose_name_plural': 'cierres de trimestre',
                'ordering': ('-vigencia', '-quarter', 'level', '-run'),
                'constraints': [models.UniqueConstraint(fields=('entity', 'vigencia', 'quarter', 'level', 'run'), name='one_close_per_quarter_level_and_run'), models.CheckConstraint(condition=models.Q(('quarter__gte', 1), ('quarter__lte', 4)), name='close_quarter_between_1_and_4'), models.CheckConstraint(condition=models.Q(('run', 1), models.Q(('reason', ''), _negated=True), _connector='OR'), name='a_later_close_has_a_reason')],
            },
        ),
        migrations.CreateModel(
            name='QuarterProgress',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('vigencia', models.PositiveSmallIntegerField(verbose_name='vigencia')),
                ('quarter', models.PositiveSmallIntegerField(verbose_name='trimestre')),
                ('level', models.CharField(choices=[('central', 'Nivel central (PLE-PIN-F017)'), ('local', 'Nivel local (PLE-PIN-F018)')], max_length=7, verbose_name='nivel')),
                ('version', models.PositiveIntegerField(default=0, verbose_name='versión')),
                ('units', models.JSONField(default=list, verbose_name='resultados de unidades')),
                ('computed_at', models.DateTimeField(verbose_name='calculado')),
                ('entity', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='pes.organizationunit', verbose_name='entidad')),
            ],
            options={
                'verbose_name': 'avance de un trimestre',
                'verbose_name_plural': 'avances de trimestres',
                'ordering': ('-vigencia', '-quarter', 'level'),
                'constraints': [models.UniqueConstraint(fields=('entity', 'vigencia', 'quarter', 'level'), name='one_progress_per_quarter_and_level')],
            },
        ),
        migrations.CreateModel(
            name='GoalResult',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('state', models.CharField(choices=[('reported', 'Con reporte'), ('pending', 'Pendiente'), ('missing', 'Sin reporte'), ('not_programmed', 'No programada'), ('no_demand', 'Sin demanda'), ('no_information', 'Sin información')], max_length=14, verbose_name='estado')),
                ('weight', models.DecimalField(decimal_places=2, max_digits=5, null=True, verbose_name='ponderación (%)')),
                ('programmed', pes.models.exact.ExactField(max_length=64, null=True, verbose_name='programado')),
                ('achieved', pes.models.exact.ExactField(max_length=64, null=True, verbose_name='ejecutado')),
                ('result', pes.models.exact.ExactField(max_length=64, null=True, verbose_name='resultado del trimestre')),
                ('rating', pes.models.exact.ExactField(max_length=64, null=True, verbose_name='calificación del trimestre')),
                ('accumulated', pes.models.exact.ExactField(max_length=64, null=True, verbose_name='ejecutado acumulado')),
                ('progress', pes.models.exact.ExactField(max_length=64, null=True, verbose_name='avance de la vigencia')),
                ('to_date', pes.models.exact.ExactField(max_length=64, null=True, verbose_name='cumplimiento a la fecha')),
                ('to_date_rating', pes.models.exact.ExactField(max_length=64, null=True, verbose_name='calificación a la fecha')),
                ('goal', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='results', to='plans.goal', verbose_name='meta')),
                ('close', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='goals', to='evaluation.quarterclose')),
            ],
            options={
                'verbose_name': 'resultado de una meta',
                'verbose_name_plural': 'resultados de metas',
                'ordering': ('close', 'goal'),
                'constraints': [models.UniqueConstraint(fields=('close', 'goal'), name='one_result_per_close_and_goal')],
            },
        ),
        migrations.CreateModel(
            name='CommitteeRecord',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('act', models.CharField(max_length=60, verbose_name='acta')),
                ('held_on', models.DateField(verbose_name='fecha de la sesión')),
                ('conclusions', models.TextField(blank=True, verbose_name='conclusiones')),
                ('at', models.DateTimeField(verbose_name='registrada')),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='registró')),
                ('close', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='committee_records', to='evaluation.quarterclose')),
            ],
            options={
                'verbose_name': 'acta del Comité',
                'verbose_name_plural': 'actas del Comité',
                'ordering': ('-held_on', '-pk'),
                'constraints': [models.UniqueConstraint(fields=('close', 'act'), name='an_act_receives_a_close_once')],
            },
        ),
        migrations.CreateModel(
            name='QuarterPublication',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('note', models.TextField(blank=True, verbose_name='nota de corrección')),
                ('at', models.DateTimeField(verbose_name='publicado')),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='publicó')),
                ('close', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='publication', to='evaluation.quarterclose')),
            ],
            options={
                'verbose_name': 'publicación de resultados',
                'verbose_name_plural': 'publicaciones de resultados',
                'ordering': ('-at',),
            },
        ),
        migrations.CreateModel(
            name='UnitResult',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('rank', models.PositiveIntegerField(null=True, verbose_name='puesto')),
                ('score', pes.models.exact.ExactField(max_length=64, null=True, verbose_name='puntaje del trimestre')),
                ('to_date', pes.models.exact.ExactField(max_length=64, null=True, verbose_name='puntaje a la fecha')),
                ('on_time', pes.models.exact.ExactField(max_length=64, null=True, verbose_name='puntualidad')),
                ('goals_rated', models.PositiveIntegerField(default=0, verbose_name='metas calificadas')),
                ('goals_programmed', models.PositiveIntegerField(default=0, verbose_name='metas programadas')),
                ('goals_with_evidence', models.PositiveIntegerField(default=0, verbose_name='metas con evidencia')),
                ('counted', models.BooleanField(verbose_name='con reporte validado')),
                ('is_late', models.BooleanField(default=False, verbose_name='extemporáneo')),
                ('close', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='units', to='evaluation.quarterclose')),
                ('plan', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='results', to='plans.plangestion', verbose_name='plan')),
            ],
            options={
                'verbose_name': 'resultado de una unidad',
                'verbose_name_plural': 'resultados de unidades',
                'ordering': ('close', 'rank', 'plan__unit__sort_key'),
                'constraints': [models.UniqueConstraint(fields=('close', 'plan'), name='one_result_per_close_and_plan')],
            },
        ),
    ]
