"""One signature an event, one running job a key, and roles that may end before they begin."""

from django.db import migrations, models

from pes.triggers import protect


class Migration(migrations.Migration):

    dependencies = [
        ('pes', '0003_cache_table'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='membership',
            name='membership_dates_in_order',
        ),
        migrations.AlterField(
            model_name='auditevent',
            name='mac',
            field=models.CharField(max_length=64, unique=True),
        ),
        migrations.RemoveConstraint(model_name='job', name='only_waiting_jobs_hold_their_key'),
        migrations.AddConstraint(
            model_name='job',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('queue_key', models.F('key')), ('queue_key__isnull', False), ('state', 'queued')), models.Q(models.Q(('state', 'queued'), _negated=True), ('queue_key__isnull', True)), _connector='OR'), name='only_waiting_jobs_hold_their_key'),
        ),
        migrations.AddConstraint(
            model_name='job',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'running')), fields=('key',), name='one_running_job_per_key'),
        ),
        migrations.AddConstraint(
            model_name='job',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('lease_until__isnull', False), ('state', 'running')), models.Q(models.Q(('state', 'running'), _negated=True), ('lease_until__isnull', True)), _connector='OR'), name='only_running_jobs_have_a_lease'),
        ),
        protect("pes", "AuditEvent"),  # SQLite builds the table anew, without its triggers
    ]
