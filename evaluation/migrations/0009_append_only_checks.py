"""Checks, editions and runs are only added to."""

from typing import ClassVar

from django.db import migrations

from pes.triggers import protect

TABLES = (
    "ActionFollowUp",
    "AdvisorScore",
    "TeamAssessment",
    "ViabilityAnswer",
    "ViabilityCheck",
)


class Migration(migrations.Migration):
    dependencies: ClassVar = [("evaluation", "0008_viability_and_territory")]
    operations: ClassVar = [protect("evaluation", *TABLES)]
