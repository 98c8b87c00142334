"""What was sent, said, corrected, extended and given as proof is never changed.

The evidence table was made again by the migration before on SQLite, and its triggers went with it.
"""

from typing import ClassVar

from django.db import migrations

from pes.triggers import protect

TABLES = (
    "DueExtension",
    "Evidence",
    "EvidenceScan",
    "EvidenceWithdrawal",
    "ReportObservation",
    "ReportObservationTurn",
    "ReportVersion",
    "TeamComment",
    "TechnicalCorrection",
)


class Migration(migrations.Migration):
    dependencies: ClassVar = [("tracking", "0003_quarterly_reports")]
    operations: ClassVar = [protect("tracking", table) for table in TABLES]
