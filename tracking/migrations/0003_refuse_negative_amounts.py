"""No measurement is negative."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('pes', '0004_hold_jobs_and_events_to_their_rules'),
        ('tracking', '0002_append_only_evidence'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddConstraint(
            model_name='measurement',
            constraint=models.CheckConstraint(condition=models.Q(('achieved__gte', 0)), name='achieved_is_not_negative'),
        ),
    ]
