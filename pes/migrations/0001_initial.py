import django.core.validators
import django.db.models.deletion
import pes.models.user
from decimal import Decimal
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('auth', '0012_alter_user_first_name_max_length'),
    ]

    operations = [
        migrations.CreateModel(
            name='AuditSeal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('first', models.BigIntegerField()),
                ('last', models.BigIntegerField(unique=True)),
                ('count', models.PositiveIntegerField()),
                ('digest', models.CharField(max_length=64)),
                ('previous', models.CharField(max_length=64, unique=True)),
                ('sealed_at', models.DateTimeField()),
            ],
            options={
                'ordering': ('first',),
            },
        ),
        migrations.CreateModel(
            name='NonWorkingDay',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('on', models.DateField(unique=True, verbose_name='día')),
                ('reason', models.CharField(max_length=200, verbose_name='motivo')),
                ('act', models.CharField(blank=True, max_length=200, verbose_name='acto administrativo')),
            ],
            options={
                'verbose_name': 'día no hábil',
                'verbose_name_plural': 'días no hábiles',
                'ordering': ('-on',),
            },
        ),
        migrations.CreateModel(
            name='Vigencia',
            fields=[
                ('year', models.PositiveSmallIntegerField(primary_key=True, serialize=False, validators=[django.core.validators.MinValueValidator(1990), django.core.validators.MaxValueValidator(2100)], verbose_name='vigencia')),
            ],
            options={
                'verbose_name': 'vigencia',
                'ordering': ('-year',),
            },
        ),
        migrations.CreateModel(
            name='User',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('password', models.CharField(max_length=128, verbose_name='password')),
                ('last_login', models.DateTimeField(blank=True, null=True, verbose_name='last login')),
                ('is_superuser', models.BooleanField(default=False, help_text='Designates that this user has all permissions without explicitly assigning them.', verbose_name='superuser status')),
                ('email', models.EmailField(max_length=254, unique=True, verbose_name='correo electrónico')),
                ('full_name', models.CharField(max_length=200, verbose_name='nombre completo')),
                ('is_active', models.BooleanField(default=True, verbose_name='activa')),
                ('is_service', models.BooleanField(default=False, verbose_name='identidad de servicio')),
                ('joined_at', models.DateTimeField(auto_now_add=True, verbose_name='creada')),
                ('groups', models.ManyToManyField(blank=True, help_text='The groups this user belongs to. A user will get all permissions granted to each of their groups.', related_name='user_set', related_query_name='user', to='auth.group', verbose_name='groups')),
                ('user_permissions', models.ManyToManyField(blank=True, help_text='Specific permissions for this user.', related_name='user_set', related_query_name='user', to='auth.permission', verbose_name='user permissions')),
            ],
            options={
                'verbose_name': 'persona',
                'verbose_name_plural': 'personas',
                'ordering': ('email',),
            },
            managers=[
                ('objects', pes.models.user.UserManager()),
            ],
        ),
        migrations.CreateModel(
            name='OrganizationUnit',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.SlugField(max_length=60, unique=True, verbose_name='código')),
                ('name', models.CharField(max_length=250, verbose_name='nombre')),
                ('acronym', models.CharField(blank=True, max_length=30, verbose_name='sigla')),
                ('kind', models.CharField(choices=[('district', 'Distrito'), ('sector', 'Sector'), ('entity', 'Entidad'), ('process', 'Proceso'), ('alcaldia_local', 'Alcaldía local'), ('office', 'Dependencia')], max_length=20, verbose_name='clase')),
                ('is_head', models.BooleanField(default=False, verbose_name='cabeza de sector')),
                ('mission', models.TextField(blank=True, verbose_name='misión')),
                ('vision', models.TextField(blank=True, verbose_name='visión')),
                ('platform_act', models.CharField(blank=True, max_length=250, verbose_name='acto que adopta misión y visión')),
                ('sort_key', models.PositiveIntegerField(default=0, verbose_name='orden')),
                ('is_active', models.BooleanField(default=True, verbose_name='activa')),
                ('parent', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='children', to='pes.organizationunit', verbose_name='depende de')),
            ],
            options={
                'verbose_name': 'unidad',
                'verbose_name_plural': 'unidades',
                'ordering': ('sort_key', 'code'),
                'permissions': [('pes_read', 'Consultar el plan estratégico sectorial'), ('pes_edit', 'Editar objetivos, metas, indicadores y proyectos'), ('indicator_measure', 'Registrar mediciones de indicadores'), ('project_measure', 'Registrar mediciones de proyectos de inversión'), ('weights_edit', 'Editar ponderaciones'), ('weights_lock', 'Bloquear y reabrir ponderaciones'), ('cutoff_consolidate', 'Consolidar cortes'), ('report_request', 'Generar borradores de informes'), ('report_issue', 'Emitir informes'), ('report_publish', 'Publicar informes'), ('plan_read', 'Consultar planes de gestión'), ('plan_open', 'Abrir los planes de gestión de una vigencia'), ('people_manage', 'Administrar personas y roles'), ('units_manage', 'Administrar la organización'), ('calendar_manage', 'Administrar días no hábiles'), ('methodology_manage', 'Definir la metodología de la vigencia'), ('audit_read', 'Consultar la bitácora de auditoría')],
                'default_permissions': (),
                'constraints': [models.UniqueConstraint(condition=models.Q(('is_head', True)), fields=('parent',), name='one_head_per_sector'), models.CheckConstraint(condition=models.Q(models.Q(('kind', 'district'), ('parent__isnull', True)), models.Q(models.Q(('kind', 'district'), _negated=True), ('parent__isnull', False)), _connector='OR'), name='only_the_district_has_no_parent')],
            },
        ),
        migrations.CreateModel(
            name='Membership',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('role', models.CharField(choices=[('jefe_oap', 'Jefe(a) OAP'), ('analista_oap', 'Analista OAP'), ('lider_proceso', 'Líder de proceso'), ('alcalde_local', 'Alcalde(sa) local'), ('promotor', 'Promotor(a) de mejora'), ('equipo', 'Equipo de trabajo'), ('area_central', 'Área central responsable del reporte'), ('lider_transversal', 'Líder de meta transversal'), ('concepto_local', 'Concepto local'), ('comunicaciones', 'Oficina Asesora de Comunicaciones'), ('secretaria_tecnica', 'Secretaría técnica del Comité'), ('control_interno', 'Control interno (OCI)'), ('directivo', 'Directivo(a)'), ('administrador', 'Administrador(a)'), ('enlace_entidad', 'Enlace de planeación de la entidad'), ('gerente_proyecto', 'Gerente de proyecto de inversión'), ('asesor_territorial', 'Asesor(a) territorial'), ('coordinador_regional', 'Coordinador(a) regional')], max_length=30, verbose_name='rol')),
                ('starts_on', models.DateField(verbose_name='desde')),
                ('ends_on', models.DateField(blank=True, null=True, verbose_name='hasta')),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='memberships', to=settings.AUTH_USER_MODEL, verbose_name='persona')),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='memberships', to='pes.organizationunit', verbose_name='unidad')),
            ],
            options={
                'verbose_name': 'vinculación',
                'verbose_name_plural': 'vinculaciones',
                'ordering': ('user__email', 'unit__code', 'role'),
                'constraints': [models.UniqueConstraint(fields=('user', 'unit', 'role', 'starts_on'), name='membership_once')],
            },
        ),
        migrations.CreateModel(
            name='InvestmentProject',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=30, verbose_name='código del proyecto')),
                ('name', models.CharField(max_length=400, verbose_name='nombre del proyecto')),
                ('entity', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='projects', to='pes.organizationunit', verbose_name='entidad')),
            ],
            options={
                'verbose_name': 'proyecto de inversión',
                'verbose_name_plural': 'proyectos de inversión',
                'ordering': ('entity__sort_key', 'code'),
                'constraints': [models.UniqueConstraint(fields=('entity', 'code'), name='project_code_once_per_entity')],
            },
        ),
        migrations.CreateModel(
            name='SectorPlan',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=250, verbose_name='nombre')),
                ('first_vigencia', models.PositiveSmallIntegerField(validators=[django.core.validators.MinValueValidator(1990)], verbose_name='primera vigencia')),
                ('last_vigencia', models.PositiveSmallIntegerField(verbose_name='última vigencia')),
                ('consolidated_through', models.DateField(editable=False, help_text='Fecha del último corte consolidado; la escribe evaluation.', null=True, verbose_name='consolidado hasta')),
                ('sector', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='sector_plans', to='pes.organizationunit', verbose_name='sector')),
            ],
            options={
                'verbose_name': 'plan estratégico sectorial',
                'verbose_name_plural': 'planes estratégicos sectoriales',
                'ordering': ('sector__sort_key', '-first_vigencia'),
                'constraints': [models.UniqueConstraint(fields=('sector', 'first_vigencia'), name='one_plan_per_sector_and_period'), models.CheckConstraint(condition=models.Q(('last_vigencia__gte', models.F('first_vigencia'))), name='plan_period_in_order')],
            },
        ),
        migrations.CreateModel(
            name='Metodologia',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.PositiveSmallIntegerField(verbose_name='versión')),
                ('cap_percent', models.DecimalField(decimal_places=2, default=Decimal('100.00'), help_text='Un resultado mayor se muestra completo y califica hasta este tope (PT-14).', max_digits=6, verbose_name='tope de calificación (%)')),
                ('discount_baseline', models.BooleanField(default=False, help_text='Si se activa, el avance se mide desde la línea base registrada (PT-03).', verbose_name='descontar la línea base en CRECIENTE')),
                ('constant_rule_plan', models.CharField(choices=[('PROMEDIO', 'Promedio de los periodos'), ('ULTIMO', 'Último reporte')], default='PROMEDIO', max_length=10, verbose_name='CONSTANTE en planes de gestión')),
                ('constant_rule_pes', models.CharField(choices=[('PROMEDIO', 'Promedio de los periodos'), ('ULTIMO', 'Último reporte')], default='ULTIMO', max_length=10, verbose_name='CONSTANTE en el PES')),
                ('missing_rule', models.CharField(choices=[('CERO', 'Califica 0'), ('EXCLUIR', 'Se excluye y se renormalizan los pesos')], default='CERO', max_length=10, verbose_name='sin reporte al consolidar')),
                ('lights_enabled', models.BooleanField(default=True, verbose_name='usar semáforo')),
                ('light_red_to', models.DecimalField(decimal_places=2, default=Decimal('50.00'), max_digits=6, verbose_name='rojo hasta (%)')),
                ('light_yellow_to', models.DecimalField(decimal_places=2, default=Decimal('75.00'), max_digits=6, verbose_name='amarillo hasta (%)')),
                ('light_green_to', models.DecimalField(decimal_places=2, default=Decimal('125.00'), max_digits=6, verbose_name='verde hasta (%)')),
                ('technical_weight', models.DecimalField(blank=True, decimal_places=2, help_text='Opcional: por ejemplo 80 para técnicas y 20 para transversales. Vacío: sin grupos.', max_digits=5, null=True, verbose_name='peso del grupo de metas técnicas (%)')),
                ('memo', models.CharField(blank=True, max_length=120, verbose_name='memorando que la comunica')),
                ('published_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='publicada')),
                ('published_by', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, to=settings.AUTH_USER_MODEL)),
                ('vigencia', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='methodologies', to='pes.vigencia')),
            ],
            options={
                'verbose_name': 'metodología',
                'ordering': ('-vigencia', '-version'),
                'constraints': [models.UniqueConstraint(fields=('vigencia', 'version'), name='methodology_version_once'), models.CheckConstraint(condition=models.Q(('light_red_to__lt', models.F('light_yellow_to')), ('light_yellow_to__lt', models.F('light_green_to'))), name='lights_in_order'), models.CheckConstraint(condition=models.Q(('cap_percent__gte', 100)), name='cap_is_at_least_100'), models.CheckConstraint(condition=models.Q(models.Q(('published_at__isnull', True), ('published_by__isnull', True)), models.Q(('published_at__isnull', False), ('published_by__isnull', False)), _connector='OR'), name='methodology_published_by_someone')],
            },
        ),
        migrations.CreateModel(
            name='AuditEvent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('verb', models.CharField(max_length=60)),
                ('object_type', models.CharField(blank=True, max_length=80)),
                ('object_id', models.CharField(blank=True, max_length=80)),
                ('before', models.JSONField(null=True)),
                ('after', models.JSONField(null=True)),
                ('reason', models.TextField(blank=True)),
                ('mac', models.CharField(max_length=64, unique=True)),
                ('actor', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ('-pk',),
                'indexes': [models.Index(fields=['object_type', 'object_id'], name='audit_of_an_object'), models.Index(fields=['verb', '-at'], name='audit_of_a_verb')],
            },
        ),
        migrations.CreateModel(
            name='Job',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=40, verbose_name='clase')),
                ('key', models.CharField(max_length=200, verbose_name='llave')),
                ('queue_key', models.CharField(editable=False, max_length=200, null=True, unique=True)),
                ('payload', models.JSONField(default=dict, verbose_name='datos')),
                ('state', models.CharField(choices=[('queued', 'En espera'), ('running', 'En curso'), ('done', 'Terminado'), ('failed', 'Fallido')], default='queued', max_length=10, verbose_name='estado')),
                ('token', models.PositiveIntegerField(default=0, verbose_name='ficha')),
                ('attempts', models.PositiveSmallIntegerField(default=0, verbose_name='intentos')),
                ('progress', models.PositiveSmallIntegerField(default=0, verbose_name='avance (%)')),
                ('result', models.JSONField(default=dict, verbose_name='resultado')),
                ('error', models.TextField(blank=True, verbose_name='error')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='pedido')),
                ('run_after', models.DateTimeField(verbose_name='no antes de')),
                ('dispatched_at', models.DateTimeField(null=True, verbose_name='avisado')),
                ('dispatches', models.PositiveIntegerField(default=0, verbose_name='avisos')),
                ('lease_until', models.DateTimeField(null=True, verbose_name='arrendado hasta')),
                ('finished_at', models.DateTimeField(null=True, verbose_name='terminado')),
                ('requested_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'trabajo',
                'ordering': ('-pk',),
                'indexes': [models.Index(fields=['state', 'run_after'], name='jobs_to_run'), models.Index(fields=['kind', 'key'], name='jobs_of_a_key')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('queue_key', models.F('key')), ('queue_key__isnull', False), ('state', 'queued')), models.Q(models.Q(('state', 'queued'), _negated=True), ('queue_key__isnull', True)), _connector='OR'), name='only_waiting_jobs_hold_their_key'), models.UniqueConstraint(condition=models.Q(('state', 'running')), fields=('key',), name='one_running_job_per_key'), models.CheckConstraint(condition=models.Q(models.Q(('lease_until__isnull', False), ('state', 'running')), models.Q(models.Q(('state', 'running'), _negated=True), ('lease_until__isnull', True)), _connector='OR'), name='only_running_jobs_have_a_lease'), models.CheckConstraint(condition=models.Q(('progress__lte', 100)), name='progress_is_a_percentage')],
            },
        ),
        migrations.CreateModel(
            name='Objective',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveSmallIntegerField(validators=[django.core.validators.MinValueValidator(1)], verbose_name='número')),
                ('text', models.TextField(verbose_name='objetivo')),
                ('plan', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='objectives', to='pes.sectorplan', verbose_name='plan')),
            ],
            options={
                'verbose_name': 'objetivo estratégico',
                'verbose_name_plural': 'objetivos estratégicos',
                'ordering': ('plan', 'number'),
                'constraints': [models.UniqueConstraint(fields=('plan', 'number'), name='objective_number_once_per_plan')],
            },
        ),
        migrations.CreateModel(
            name='UnitPermission',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('content_object', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='granted_permissions', to='pes.organizationunit')),
                ('membership', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='granted_permissions', to='pes.membership')),
                ('permission', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='auth.permission')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'abstract': False,
                'indexes': [models.Index(fields=['content_object', 'permission'], name='who_may_do_what_here')],
                'unique_together': {('user', 'permission', 'content_object', 'membership')},
            },
        ),
        migrations.CreateModel(
            name='SectorGoal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('sectorial', 'Meta sectorial'), ('trazadora', 'Meta trazadora'), ('proyecto', 'Meta de proyecto')], max_length=12, verbose_name='clase')),
                ('code', models.CharField(max_length=30, verbose_name='código')),
                ('text', models.TextField(verbose_name='meta')),
                ('objective', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='goals', to='pes.objective', verbose_name='objetivo')),
                ('project', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='goals', to='pes.investmentproject', verbose_name='proyecto')),
            ],
            options={
                'verbose_name': 'meta del sector',
                'verbose_name_plural': 'metas del sector',
                'ordering': ('objective', 'kind', 'code'),
                'constraints': [models.UniqueConstraint(fields=('objective', 'kind', 'code'), name='goal_code_once_per_objective'), models.CheckConstraint(condition=models.Q(('kind', 'proyecto'), ('project__isnull', True), _connector='OR'), name='only_project_goals_have_a_project')],
            },
        ),
        migrations.CreateModel(
            name='Indicator',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=40, verbose_name='clave')),
                ('code', models.CharField(blank=True, max_length=30, verbose_name='código sectorial')),
                ('name', models.TextField(verbose_name='indicador')),
                ('programming_type', models.CharField(choices=[('SUMA', 'Suma'), ('CONSTANTE', 'Constante'), ('CRECIENTE', 'Creciente'), ('DECRECIENTE', 'Decreciente')], max_length=12, verbose_name='tipo de programación')),
                ('type_was_inferred', models.BooleanField(default=False, verbose_name='tipo deducido de la programación (PT-20)')),
                ('baseline', models.DecimalField(blank=True, decimal_places=4, max_digits=18, null=True, verbose_name='línea base')),
                ('unit', models.CharField(blank=True, max_length=80, verbose_name='unidad de medida')),
                ('formula', models.TextField(blank=True, verbose_name='fórmula')),
                ('indicator_type', models.CharField(blank=True, choices=[('eficacia', 'Eficacia'), ('eficiencia', 'Eficiencia'), ('efectividad', 'Efectividad')], max_length=12, verbose_name='tipo de indicador')),
                ('source', models.CharField(blank=True, max_length=400, verbose_name='fuente de información')),
                ('entity', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='indicators', to='pes.organizationunit', verbose_name='entidad responsable')),
                ('goal', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='indicators', to='pes.sectorgoal', verbose_name='meta')),
                ('plan', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='indicators', to='pes.sectorplan', verbose_name='plan')),
            ],
            options={
                'verbose_name': 'indicador',
                'verbose_name_plural': 'indicadores',
                'ordering': ('plan', 'goal__objective__number', 'key'),
                'constraints': [models.UniqueConstraint(fields=('plan', 'key'), name='indicator_key_once_per_plan')],
            },
        ),
        migrations.CreateModel(
            name='IndicatorTarget',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('programmed', models.DecimalField(decimal_places=4, max_digits=18, verbose_name='programado')),
                ('indicator', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='targets', to='pes.indicator')),
                ('vigencia', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='pes.vigencia')),
            ],
            options={
                'verbose_name': 'programación',
                'verbose_name_plural': 'programaciones',
                'ordering': ('indicator', 'vigencia'),
                'constraints': [models.UniqueConstraint(fields=('indicator', 'vigencia'), name='one_target_per_indicator_and_vigencia'), models.CheckConstraint(condition=models.Q(('programmed__gte', 0)), name='programmed_is_not_negative')],
            },
        ),
    ]
