"""What the evaluation app offers to the rest."""

from evaluation import quarter_providers, report_providers, screen_providers, tasks

__all__ = ["quarter_providers", "report_providers", "screen_providers", "tasks"]
