"""What was assisted, answered and reported in the territory is only added to."""

from typing import ClassVar

from django.db import migrations

from pes.triggers import protect

TABLES = (
    "Assistance",
    "AssistanceHito",
    "ChecklistAnswer",
    "ChecklistItem",
    "PerceptionResponse",
    "PerceptionSurvey",
    "ProductCheck",
    "ProductChecklist",
    "ProductReview",
    "SampledEntity",
    "TerritoryReport",
)


class Migration(migrations.Migration):
    dependencies: ClassVar = [("tracking", "0005_territory")]
    operations: ClassVar = [protect("tracking", *TABLES)]
