"""What the evaluation app offers to the rest."""

from evaluation import inbox_quarters, quarter_providers, report_providers, screen_providers, tasks

__all__ = ["inbox_quarters", "quarter_providers", "report_providers", "screen_providers", "tasks"]
