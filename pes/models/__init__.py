"""Models of `pes`, one concept a module."""

from pes.models.audit import AuditEvent, AuditSeal
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
from pes.models.sector_plan import Objective, SectorPlan
from pes.models.stored_file import StoredFile
from pes.models.user import User
from pes.models.vigencia import ConstantRule, Metodologia, MissingRule, NonWorkingDay, Vigencia
from pes.models.workshop import Workshop, WorkshopAttendee

__all__ = [
    "AuditEvent",
    "AuditSeal",
    "ConstantRule",
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
    "SectorGoal",
    "SectorPlan",
    "StoredFile",
    "StrategicFramework",
    "StrategicObjective",
    "UnitKind",
    "UnitPermission",
    "User",
    "Vigencia",
    "Workshop",
    "WorkshopAttendee",
]
