"""What the evaluation app offers to the rest."""

from evaluation import (
    auditor_providers,
    inbox_quarters,
    quarter_providers,
    report_providers,
    screen_providers,
    tasks,
)

__all__ = [
    "auditor_providers",
    "inbox_quarters",
    "quarter_providers",
    "report_providers",
    "screen_providers",
    "tasks",
]
