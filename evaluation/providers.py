"""What the evaluation app offers to the rest."""

from evaluation import (
    auditor_providers,
    cascade_providers,
    document_tables,
    gate_facts,
    inbox_quarters,
    phase_providers,
    quarter_providers,
    report_providers,
    screen_providers,
    tasks,
)
from evaluation.viability import document as viability_document

__all__ = [
    "auditor_providers",
    "cascade_providers",
    "document_tables",
    "gate_facts",
    "inbox_quarters",
    "phase_providers",
    "quarter_providers",
    "report_providers",
    "screen_providers",
    "tasks",
    "viability_document",
]
