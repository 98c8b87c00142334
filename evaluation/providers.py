"""What the evaluation app offers to the rest."""

from evaluation import report_providers, screen_providers, tasks

__all__ = ["report_providers", "screen_providers", "tasks"]
