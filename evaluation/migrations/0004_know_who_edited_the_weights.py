"""Who edited the weights does not lock them; a later run of a cut-off has its reason."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from pes.triggers import protect


class Migration(migrations.Migration):

    dependencies = [
        ('evaluation', '0003_report_archive'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='weightset',
            name='edited_by',
            field=models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='editó'),
        ),
        migrations.AddConstraint(
            model_name='snapshot',
            constraint=models.CheckConstraint(condition=models.Q(('run', 1), models.Q(('reason', ''), _negated=True), _connector='OR'), name='a_later_run_has_a_reason'),
        ),
        protect("evaluation", "Snapshot"),  # SQLite builds the table anew, without its triggers
    ]
