"""Models of `tracking`, one concept a module."""

from tracking.models.advisor_report import AdvisorReport
from tracking.models.assistance import Assistance, AssistanceHito
from tracking.models.checklist import ChecklistAnswer, ChecklistItem, ProductCheck, ProductChecklist, ProductReview
from tracking.models.delegation import Delegation
from tracking.models.entry import GoalNarrative, GoalReport, TeamComment
from tracking.models.evidence import Evidence, EvidenceKind, EvidenceScan, EvidenceWithdrawal, ScanVerdict
from tracking.models.measurement import Measurement, MeasurementAnalysis
from tracking.models.notice import Notice, NoticeKind
from tracking.models.perception import PerceptionResponse, PerceptionSurvey, SampledEntity
from tracking.models.report import DueExtension, QuarterReport
from tracking.models.report_review import ReportObservation, ReportObservationTurn, ReportVersion, TechnicalCorrection
from tracking.models.report_upload import ReportUpload
from tracking.models.territory_progress import LessonKind, TerritoryLesson, TerritoryReport

__all__ = [
    "AdvisorReport",
    "Assistance",
    "AssistanceHito",
    "ChecklistAnswer",
    "ChecklistItem",
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
    "PerceptionResponse",
    "PerceptionSurvey",
    "ProductCheck",
    "ProductChecklist",
    "ProductReview",
    "QuarterReport",
    "ReportObservation",
    "ReportObservationTurn",
    "ReportUpload",
    "ReportVersion",
    "SampledEntity",
    "ScanVerdict",
    "TeamComment",
    "TechnicalCorrection",
    "TerritoryLesson",
    "TerritoryReport",
]
