import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('pes', '0007_six_phases'),
        ('pes', '__first__'),
        ('tracking', '0004_append_only_reports'),
    ]

    operations = [
        migrations.CreateModel(
            name='TerritoryReport',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('advisor', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='asesoraba')),
                ('corrects', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='corrections', to='tracking.territoryreport', verbose_name='corrige')),
                ('entity', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='hito_reports', to='pes.territorialentity', verbose_name='entidad')),
                ('report', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='territory', to='pes.activityreport', verbose_name='reporte')),
            ],
            options={
                'verbose_name': 'reporte de hito',
                'verbose_name_plural': 'reportes de hitos',
                'ordering': ('-pk',),
            },
        ),
        migrations.CreateModel(
            name='TerritoryLesson',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('lesson', 'Lección aprendida'), ('success', 'Caso de éxito')], max_length=7, verbose_name='clase')),
                ('title', models.CharField(max_length=150, verbose_name='título')),
                ('text', models.TextField(max_length=3000, verbose_name='texto')),
                ('written_at', models.DateTimeField(verbose_name='escrita')),
                ('published_at', models.DateTimeField(blank=True, null=True, verbose_name='publicada')),
                ('entity', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='lessons', to='pes.territorialentity', verbose_name='entidad')),
                ('file', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='pes.storedfile', verbose_name='archivo')),
                ('hito', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='lessons', to='pes.roadactivity', verbose_name='hito')),
                ('published_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='publicó')),
                ('written_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='escribió')),
            ],
            options={
                'verbose_name': 'lección o caso de éxito',
                'verbose_name_plural': 'lecciones y casos de éxito',
                'ordering': ('-written_at', '-pk'),
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('published_at__isnull', True), ('published_by__isnull', True)), models.Q(('published_at__isnull', False), ('published_by__isnull', False)), _connector='OR'), name='lesson_published_by_somebody')],
            },
        ),
    ]
