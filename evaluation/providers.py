"""What the evaluation app offers to the rest."""

from evaluation import tasks

__all__ = ["tasks"]
