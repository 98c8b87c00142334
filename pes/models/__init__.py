"""Models of `pes`, one concept a module."""

from pes.models.audit import AuditEvent, AuditSeal
from pes.models.diagnosis import ActorKind, EntityProblem, PolicyRole, PublicPolicy, SectorActor
from pes.models.framework import StrategicFramework, StrategicObjective
from pes.models.indicator import (
    GoalKind,
    Indicator,
    IndicatorTarget,
    IndicatorTypes,
    InvestmentProject,
    SectorGoal,
)
from pes.models.job import Job, JobState
from pes.models.membership import Membership, UnitPermission
from pes.models.organization import OrganizationUnit, UnitKind
from pes.models.profile import DevelopmentPlan, PddProgramme, SectorStatement, StatementKind, StrategicLine
from pes.models.resources import ActivityStatus, PlannedActivity, ProjectResource
from pes.models.sector_plan import Objective, SectorPlan
from pes.models.stored_file import StoredFile
from pes.models.user import User
from pes.models.vigencia import ConstantRule, Metodologia, MissingRule, NonWorkingDay, Vigencia
from pes.models.workshop import Workshop, WorkshopAttendee

__all__ = [
    "ActivityStatus",
    "ActorKind",
    "AuditEvent",
    "AuditSeal",
    "ConstantRule",
    "DevelopmentPlan",
    "EntityProblem",
    "GoalKind",
    "Indicator",
    "IndicatorTarget",
    "IndicatorTypes",
    "InvestmentProject",
    "Job",
    "JobState",
    "Membership",
    "Metodologia",
    "MissingRule",
    "NonWorkingDay",
    "Objective",
    "OrganizationUnit",
    "PddProgramme",
    "PlannedActivity",
    "PolicyRole",
    "ProjectResource",
    "PublicPolicy",
    "SectorActor",
    "SectorGoal",
    "SectorPlan",
    "SectorStatement",
    "StatementKind",
    "StoredFile",
    "StrategicFramework",
    "StrategicLine",
    "StrategicObjective",
    "UnitKind",
    "UnitPermission",
    "User",
    "Vigencia",
    "Workshop",
    "WorkshopAttendee",
]
