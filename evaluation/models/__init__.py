"""Models of `evaluation`, one concept a module."""

from evaluation.models.auditor_report import (
    AuditorColumns,
    AuditorDraft,
    AuditorKind,
    AuditorPublication,
    AuditorReport,
)
from evaluation.models.cutoff import Cutoff, CutoffStatus, Snapshot
from evaluation.models.quarter_close import (
    CommitteeRecord,
    GoalResult,
    QuarterClose,
    QuarterProgress,
    QuarterPublication,
    UnitResult,
)
from evaluation.models.report import IssuedReport, ReportDraft, ReportKind, ReportPublication
from evaluation.models.weights import IndicatorWeight, ObjectiveWeight, WeightSet, WeightStatus

__all__ = [
    "AuditorColumns",
    "AuditorDraft",
    "AuditorKind",
    "AuditorPublication",
    "AuditorReport",
    "CommitteeRecord",
    "Cutoff",
    "CutoffStatus",
    "GoalResult",
    "IndicatorWeight",
    "IssuedReport",
    "ObjectiveWeight",
    "QuarterClose",
    "QuarterProgress",
    "QuarterPublication",
    "ReportDraft",
    "ReportKind",
    "ReportPublication",
    "Snapshot",
    "UnitResult",
    "WeightSet",
    "WeightStatus",
]
