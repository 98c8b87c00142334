"""Models of `evaluation`, one concept a module."""

from evaluation.models.cutoff import Cutoff, CutoffStatus, Snapshot
from evaluation.models.report import IssuedReport, ReportDraft, ReportKind, ReportPublication
from evaluation.models.weights import IndicatorWeight, ObjectiveWeight, WeightSet, WeightStatus

__all__ = [
    "Cutoff",
    "CutoffStatus",
    "IndicatorWeight",
    "IssuedReport",
    "ObjectiveWeight",
    "ReportDraft",
    "ReportKind",
    "ReportPublication",
    "Snapshot",
    "WeightSet",
    "WeightStatus",
]
