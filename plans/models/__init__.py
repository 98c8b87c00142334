"""Models of `plans`, one concept a module."""

from plans.models.change_request import ChangeRequest, Opinion
from plans.models.consultation import Consultation, Contribution
from plans.models.goal import Goal, GoalTemplate, QuarterTarget
from plans.models.plan import LEVEL_OF_KIND, PlanGestion, PlanLevel
from plans.models.review import Observation, ObservationTurn, ReviewCheck, Side
from plans.models.upload import PlanUpload
from plans.models.version import PlanVersion, VersionEvent

__all__ = [
    "LEVEL_OF_KIND",
    "ChangeRequest",
    "Consultation",
    "Contribution",
    "Goal",
    "GoalTemplate",
    "Observation",
    "ObservationTurn",
    "Opinion",
    "PlanGestion",
    "PlanLevel",
    "PlanUpload",
    "PlanVersion",
    "QuarterTarget",
    "ReviewCheck",
    "Side",
    "VersionEvent",
]
