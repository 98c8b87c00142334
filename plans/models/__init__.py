"""Models of `plans`, one concept a module."""

from plans.models.plan import PlanGestion, PlanLevel

__all__ = ["PlanGestion", "PlanLevel"]
