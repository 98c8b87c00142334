"""What the evaluation app offers to the rest."""

from evaluation import progress_placeholder, report_providers, screen_providers, tasks

__all__ = ["progress_placeholder", "report_providers", "screen_providers", "tasks"]
