import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('pes', '0003_cache_table'),
    ]

    operations = [
        migrations.AlterModelOptions(
            name='organizationunit',
            options={'default_permissions': (), 'ordering': ('sort_key', 'code'), 'permissions': [('pes_read', 'Consultar el plan estratégico sectorial'), ('pes_edit', 'Editar objetivos, metas, indicadores y proyectos'), ('indicator_measure', 'Registrar mediciones de indicadores'), ('project_measure', 'Registrar mediciones de proyectos de inversión'), ('weights_edit', 'Editar ponderaciones'), ('weights_lock', 'Bloquear y reabrir ponderaciones'), ('cutoff_consolidate', 'Consolidar cortes'), ('report_request', 'Generar borradores de informes'), ('report_issue', 'Emitir informes'), ('report_publish', 'Publicar informes'), ('plan_read', 'Consultar planes de gestión'), ('plan_open', 'Abrir los planes de gestión de una vigencia'), ('plan_edit', 'Formular las metas del plan de gestión'), ('plan_submit', 'Enviar y oficializar el plan de gestión'), ('plan_review', 'Revisar planes de gestión'), ('plan_publish', 'Publicar planes de gestión'), ('plan_close', 'Cerrar planes de gestión'), ('consultation_manage', 'Abrir y responder la consulta ciudadana'), ('consultation_waive', 'Eximir de la consulta ciudadana'), ('workshop_register', 'Registrar mesas de trabajo'), ('goal_template_edit', 'Definir metas transversales y locales'), ('goal_annotate', 'Anotar metas que orienta'), ('change_file', 'Solicitar cambios de metas'), ('change_study', 'Estudiar solicitudes de cambio'), ('change_decide', 'Decidir solicitudes de cambio'), ('opinion_give', 'Emitir concepto previo'), ('people_manage', 'Administrar personas y roles'), ('units_manage', 'Administrar la organización'), ('calendar_manage', 'Administrar días no hábiles'), ('methodology_manage', 'Definir la metodología de la vigencia'), ('audit_read', 'Consultar la bitácora de auditoría')], 'verbose_name': 'unidad', 'verbose_name_plural': 'unidades'},
        ),
        migrations.CreateModel(
            name='StrategicFramework',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('act', models.CharField(max_length=250, verbose_name='acto que lo adopta')),
                ('valid_from', models.DateField(verbose_name='vigente desde')),
                ('valid_until', models.DateField(blank=True, null=True, verbose_name='vigente hasta')),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='frameworks', to='pes.organizationunit', verbose_name='entidad')),
            ],
            options={
                'verbose_name': 'marco estratégico',
                'verbose_name_plural': 'marcos estratégicos',
                'ordering': ('unit__code', '-valid_from'),
                'constraints': [models.UniqueConstraint(fields=('unit', 'valid_from'), name='one_framework_per_unit_and_day'), models.CheckConstraint(condition=models.Q(('valid_until__isnull', True), ('valid_until__gte', models.F('valid_from')), _connector='OR'), name='framework_period_in_order')],
            },
        ),
        migrations.CreateModel(
            name='Workshop',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('held_on', models.DateField(verbose_name='fecha')),
                ('topic', models.CharField(max_length=250, verbose_name='asunto')),
                ('minutes', models.TextField(verbose_name='acta')),
                ('registered_at', models.DateTimeField(verbose_name='registrada')),
                ('entity', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='workshops', to='pes.organizationunit', verbose_name='entidad')),
                ('registered_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='registró')),
                ('units', models.ManyToManyField(related_name='attended_workshops', to='pes.organizationunit', verbose_name='unidades')),
                ('vigencia', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='pes.vigencia', verbose_name='vigencia')),
            ],
            options={
                'verbose_name': 'mesa de trabajo',
                'verbose_name_plural': 'mesas de trabajo',
                'ordering': ('-held_on', '-pk'),
                'constraints': [models.UniqueConstraint(fields=('entity', 'vigencia', 'held_on', 'topic'), name='one_workshop_per_day_and_topic')],
            },
        ),
        migrations.CreateModel(
            name='StrategicObjective',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveSmallIntegerField(validators=[django.core.validators.MinValueValidator(1)], verbose_name='número')),
                ('text', models.TextField(verbose_name='objetivo')),
                ('framework', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='objectives', to='pes.strategicframework', verbose_name='marco estratégico')),
                ('sector_objective', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='strategic_objectives', to='pes.objective', verbose_name='objetivo del sector')),
            ],
            options={
                'verbose_name': 'objetivo estratégico de la entidad',
                'verbose_name_plural': 'objetivos estratégicos de la entidad',
                'ordering': ('framework', 'number'),
                'constraints': [models.UniqueConstraint(fields=('framework', 'number'), name='objective_number_once_per_framework')],
            },
        ),
        migrations.CreateModel(
            name='WorkshopAttendee',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(blank=True, max_length=150, verbose_name='nombre')),
                ('position', models.CharField(max_length=150, verbose_name='cargo o calidad')),
                ('workshop', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='attendees', to='pes.workshop')),
            ],
            options={
                'verbose_name': 'asistente',
                'verbose_name_plural': 'asistentes',
                'ordering': ('pk',),
            },
        ),
    ]
