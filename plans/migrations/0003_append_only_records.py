"""Versions and observations are only added to."""

from typing import ClassVar

from django.db import migrations

from pes.triggers import protect


class Migration(migrations.Migration):
    dependencies: ClassVar = [("plans", "0002_goals_and_their_procedure")]
    operations: ClassVar = [protect("plans", "PlanVersion", "Observation", "ObservationTurn")]
