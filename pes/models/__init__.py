"""Models of `pes`, one concept a module."""

from pes.models.administrative_act import ActCorrection, ActKind, AdministrativeAct
from pes.models.adoption import Adoption, CommitteeDecision, CommitteeSession, PublicationChannel, PublicationLink
from pes.models.approval import ApprovalRound
from pes.models.audit import AuditEvent, AuditSeal
from pes.models.commitment import Commitment, CommitmentNote
from pes.models.diagnosis import ActorKind, EntityProblem, PolicyRole, PublicPolicy, SectorActor
from pes.models.document_files import DraftFiles, VersionFiles
from pes.models.document_version import (
    EntityDecision,
    EntityObservation,
    EntityObservationTurn,
    EntityReading,
    ObservationSide,
    PesVersion,
    Verdict,
    VersionKind,
)
from pes.models.dofa import BoardStatus, DofaBoard, DofaGroup, DofaNote, DofaVote, Quadrant
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
from pes.models.meeting_minutes import (
    FieldObservation,
    MeetingDecision,
    MeetingFile,
    MinuteAddendum,
    MinutesDocument,
)
from pes.models.membership import Membership, UnitPermission
from pes.models.organization import OrganizationUnit, UnitKind
from pes.models.profile import DevelopmentPlan, PddProgramme, SectorStatement, StatementKind, StrategicLine
from pes.models.resources import ActivityStatus, PlannedActivity, ProjectResource, ResourceUpload
from pes.models.road import Road, RoadActivity, RoadPhase, RoadStep
from pes.models.road_history import ActivityEvidence, ActivityReport
from pes.models.sector_plan import Objective, SectorPlan
from pes.models.stored_file import StoredFile
from pes.models.survey import (
    PaperBatch,
    PaperCount,
    Survey,
    SurveyChoice,
    SurveyOption,
    SurveyResponse,
    SurveyStatus,
    SurveyText,
    TextStatus,
)
from pes.models.technical_workshop import AgendaItem, MeetingAttendee, MeetingInvitation, TechnicalWorkshop
from pes.models.territory import (
    AdvisorAssignment,
    EntityEcosystem,
    EntityRoad,
    ExpectedMonth,
    Graduation,
    HitoSchedule,
    TerritorialEntity,
    TerritorySegment,
    TerritoryUpload,
)
from pes.models.uploaded_workbook import UploadedWorkbook
from pes.models.user import User
from pes.models.vigencia import ConstantRule, Metodologia, MissingRule, NonWorkingDay, Vigencia
from pes.models.workshop import Workshop, WorkshopAttendee
from pes.models.writing import (
    CommentTurn,
    DocumentChapter,
    DocumentSection,
    PlanDocument,
    SectionComment,
    SectionText,
)

__all__ = [
    "ActCorrection",
    "ActKind",
    "ActivityEvidence",
    "ActivityReport",
    "ActivityStatus",
    "ActorKind",
    "AdministrativeAct",
    "Adoption",
    "AdvisorAssignment",
    "AgendaItem",
    "ApprovalRound",
    "AuditEvent",
    "AuditSeal",
    "BoardStatus",
    "CommentTurn",
    "Commitment",
    "CommitmentNote",
    "CommitteeDecision",
    "CommitteeSession",
    "ConstantRule",
    "DevelopmentPlan",
    "DocumentChapter",
    "DocumentSection",
    "DofaBoard",
    "DofaGroup",
    "DofaNote",
    "DofaVote",
    "DraftFiles",
    "EntityDecision",
    "EntityEcosystem",
    "EntityObservation",
    "EntityObservationTurn",
    "EntityProblem",
    "EntityReading",
    "EntityRoad",
    "ExpectedMonth",
    "FieldObservation",
    "GoalKind",
    "Graduation",
    "HitoSchedule",
    "Indicator",
    "IndicatorTarget",
    "IndicatorTypes",
    "InvestmentProject",
    "Job",
    "JobState",
    "MeetingAttendee",
    "MeetingDecision",
    "MeetingFile",
    "MeetingInvitation",
    "Membership",
    "Metodologia",
    "MinuteAddendum",
    "MinutesDocument",
    "MissingRule",
    "NonWorkingDay",
    "Objective",
    "ObservationSide",
    "OrganizationUnit",
    "PaperBatch",
    "PaperCount",
    "PddProgramme",
    "PesVersion",
    "PlanDocument",
    "PlannedActivity",
    "PolicyRole",
    "ProjectResource",
    "PublicPolicy",
    "PublicationChannel",
    "PublicationLink",
    "Quadrant",
    "ResourceUpload",
    "Road",
    "RoadActivity",
    "RoadPhase",
    "RoadStep",
    "SectionComment",
    "SectionText",
    "SectorActor",
    "SectorGoal",
    "SectorPlan",
    "SectorStatement",
    "StatementKind",
    "StoredFile",
    "StrategicFramework",
    "StrategicLine",
    "StrategicObjective",
    "Survey",
    "SurveyChoice",
    "SurveyOption",
    "SurveyResponse",
    "SurveyStatus",
    "SurveyText",
    "TechnicalWorkshop",
    "TerritorialEntity",
    "TerritorySegment",
    "TerritoryUpload",
    "TextStatus",
    "UnitKind",
    "UnitPermission",
    "UploadedWorkbook",
    "User",
    "Verdict",
    "VersionFiles",
    "VersionKind",
    "Vigencia",
    "Workshop",
    "WorkshopAttendee",
]
