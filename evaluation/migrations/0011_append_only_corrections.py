"""Corrections of events are only added to."""

from typing import ClassVar

from django.db import migrations

from pes.triggers import protect


class Migration(migrations.Migration):
    dependencies: ClassVar = [("evaluation", "0010_corrections_of_events")]
    operations: ClassVar = [protect("evaluation", "AccountabilityCorrection")]
