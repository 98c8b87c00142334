"""Models of `tracking`, one concept a module."""

from tracking.models.delegation import Delegation
from tracking.models.entry import GoalNarrative, GoalReport, TeamComment
from tracking.models.evidence import Evidence, EvidenceKind, EvidenceScan, EvidenceWithdrawal, ScanVerdict
from tracking.models.measurement import Measurement, MeasurementAnalysis
from tracking.models.notice import Notice, NoticeKind
from tracking.models.report import DueExtension, QuarterReport
from tracking.models.report_review import ReportObservation, ReportObservationTurn, ReportVersion, TechnicalCorrection
from tracking.models.report_upload import ReportUpload
from tracking.models.territory_progress import LessonKind, TerritoryLesson, TerritoryReport

__all__ = [
    "Delegation",
    "DueExtension",
    "Evidence",
    "EvidenceKind",
    "EvidenceScan",
    "EvidenceWithdrawal",
    "GoalNarrative",
    "GoalReport",
    "LessonKind",
    "Measurement",
    "MeasurementAnalysis",
    "Notice",
    "NoticeKind",
    "QuarterReport",
    "ReportObservation",
    "ReportObservationTurn",
    "ReportUpload",
    "ReportVersion",
    "ScanVerdict",
    "TeamComment",
    "TechnicalCorrection",
    "TerritoryLesson",
    "TerritoryReport",
]
