"""What was sent, said, corrected, extended and given as proof is never changed.

The evidence table was made again by the migration before on SQLite, and its triggers went with it.
"""

from typing import Any, ClassVar

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


def refuse_to_lose_evidence(state: Any, schema_editor: Any) -> None:
    """Going back would leave evidence of goals that proves nothing: it is refused before anything is taken off."""
    evidence = state.get_model("tracking", "Evidence").objects.using(schema_editor.connection.alias)
    if evidence.filter(entry__isnull=False).exists():
        raise RuntimeError("Hay evidencias de reportes trimestrales: esta migración no se puede deshacer.")


class Migration(migrations.Migration):
    dependencies: ClassVar = [("tracking", "0003_quarterly_reports")]
    operations: ClassVar = [
        protect("tracking", *TABLES),
        migrations.RunPython(migrations.RunPython.noop, refuse_to_lose_evidence),
    ]
