"""Closed quarters are frozen: another run follows, nothing changes."""

from typing import ClassVar

from django.db import migrations

from pes.triggers import protect

TABLES = ("CommitteeRecord", "GoalResult", "QuarterClose", "QuarterPublication", "UnitResult")


class Migration(migrations.Migration):
    dependencies: ClassVar = [("evaluation", "0004_quarter_closes")]
    operations: ClassVar = [protect("evaluation", *TABLES)]
