import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('pes', '0001_initial'),
        ('pes', '__first__'),
    ]

    operations = [
        migrations.CreateModel(
            name='Measurement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('on', models.DateField(verbose_name='fecha de corte')),
                ('achieved', models.DecimalField(decimal_places=4, max_digits=18, verbose_name='ejecutado')),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('recorded_at', models.DateTimeField(verbose_name='registrada')),
                ('indicator', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='measurements', to='pes.indicator', verbose_name='indicador')),
                ('recorded_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='registró')),
            ],
            options={
                'verbose_name': 'medición',
                'verbose_name_plural': 'mediciones',
                'ordering': ('indicator', '-on'),
                'constraints': [models.UniqueConstraint(fields=('indicator', 'on'), name='one_measurement_per_indicator_and_date'), models.CheckConstraint(condition=models.Q(('achieved__gte', 0)), name='achieved_is_not_negative')],
            },
        ),
        migrations.CreateModel(
            name='MeasurementAnalysis',
            fields=[
                ('measurement', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='analysis', serialize=False, to='tracking.measurement')),
                ('text', models.TextField(blank=True, verbose_name='análisis')),
            ],
            options={
                'verbose_name': 'análisis',
            },
        ),
        migrations.CreateModel(
            name='Evidence',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('file', 'Archivo'), ('link', 'Enlace (no custodiado)')], max_length=4, verbose_name='clase')),
                ('display_name', models.CharField(max_length=200, verbose_name='nombre')),
                ('url', models.URLField(blank=True, max_length=1000, verbose_name='enlace')),
                ('sha256', models.CharField(blank=True, max_length=64, verbose_name='SHA-256')),
                ('size', models.PositiveBigIntegerField(default=0, verbose_name='tamaño (bytes)')),
                ('content_type', models.CharField(blank=True, max_length=100, verbose_name='tipo')),
                ('uploaded_at', models.DateTimeField(verbose_name='aportada')),
                ('uploaded_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='aportó')),
                ('measurement', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='evidence', to='tracking.measurement', verbose_name='medición')),
            ],
            options={
                'verbose_name': 'evidencia',
                'ordering': ('uploaded_at',),
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('kind', 'file'), ('url', ''), models.Q(('sha256', ''), _negated=True)), models.Q(('kind', 'link'), ('sha256', ''), models.Q(('url', ''), _negated=True)), _connector='OR'), name='evidence_is_a_file_or_a_link')],
            },
        ),
    ]
