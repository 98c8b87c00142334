"""What the evaluation app offers to the rest."""

from evaluation import (
    auditor_providers,
    cascade_providers,
    document_tables,
    inbox_quarters,
    quarter_providers,
    report_providers,
    screen_providers,
    tasks,
)

__all__ = [
    "auditor_providers",
    "cascade_providers",
    "document_tables",
    "inbox_quarters",
    "quarter_providers",
    "report_providers",
    "screen_providers",
    "tasks",
]
