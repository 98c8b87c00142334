"""Models of `evaluation`, one concept a module."""

from evaluation.models.accountability import (
    AccountabilityCommitment,
    AccountabilityCorrection,
    AccountabilityEvent,
    CitizenQuestion,
)
from evaluation.models.auditor_report import (
    AuditorColumns,
    AuditorDraft,
    AuditorKind,
    AuditorPublication,
    AuditorReport,
)
from evaluation.models.cutoff import Cutoff, CutoffStatus, Snapshot
from evaluation.models.improvement import ActionFollowUp, Bottleneck, ImprovementAction
from evaluation.models.quarter_close import (
    CommitteeRecord,
    GoalResult,
    QuarterClose,
    QuarterProgress,
    QuarterPublication,
    UnitResult,
)
from evaluation.models.report import IssuedReport, ReportDraft, ReportKind, ReportPublication
from evaluation.models.responsibility import Responsibility
from evaluation.models.territory import AdvisorScore, MonitoringFiles, TeamAssessment
from evaluation.models.viability import ViabilityAnswer, ViabilityCheck
from evaluation.models.weights import IndicatorWeight, ObjectiveWeight, WeightSet, WeightStatus

__all__ = [
    "AccountabilityCommitment",
    "AccountabilityCorrection",
    "AccountabilityEvent",
    "ActionFollowUp",
    "AdvisorScore",
    "AuditorColumns",
    "AuditorDraft",
    "AuditorKind",
    "AuditorPublication",
    "AuditorReport",
    "Bottleneck",
    "CitizenQuestion",
    "CommitteeRecord",
    "Cutoff",
    "CutoffStatus",
    "GoalResult",
    "ImprovementAction",
    "IndicatorWeight",
    "IssuedReport",
    "MonitoringFiles",
    "ObjectiveWeight",
    "QuarterClose",
    "QuarterProgress",
    "QuarterPublication",
    "ReportDraft",
    "ReportKind",
    "ReportPublication",
    "Responsibility",
    "Snapshot",
    "TeamAssessment",
    "UnitResult",
    "ViabilityAnswer",
    "ViabilityCheck",
    "WeightSet",
    "WeightStatus",
]
