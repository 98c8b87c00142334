"""Who may do what: one enum of powers, one table of roles.

Plain Python on purpose: `rules/` and the state machines import it, and so does the documentation.
Role numbers (R1…R19) are those of PLE-PIN-P005 v8 as listed in docs/roles.md.
"""

from dataclasses import dataclass
from enum import StrEnum


class Permission(StrEnum):
    """A power over an organisation unit and everything below it; the value is the guardian codename."""

    PES_READ = "pes_read"
    PES_EDIT = "pes_edit"
    INDICATOR_MEASURE = "indicator_measure"
    PROJECT_MEASURE = "project_measure"
    WEIGHTS_EDIT = "weights_edit"
    WEIGHTS_LOCK = "weights_lock"
    CUTOFF_CONSOLIDATE = "cutoff_consolidate"
    REPORT_REQUEST = "report_request"
    REPORT_ISSUE = "report_issue"
    REPORT_PUBLISH = "report_publish"
    PLAN_READ = "plan_read"
    PLAN_OPEN = "plan_open"
    PLAN_EDIT = "plan_edit"
    PLAN_SUBMIT = "plan_submit"
    PLAN_REVIEW = "plan_review"
    PLAN_PUBLISH = "plan_publish"
    PLAN_CLOSE = "plan_close"
    CONSULTATION_MANAGE = "consultation_manage"
    CONSULTATION_WAIVE = "consultation_waive"
    WORKSHOP_REGISTER = "workshop_register"
    GOAL_TEMPLATE_EDIT = "goal_template_edit"
    GOAL_ANNOTATE = "goal_annotate"
    CHANGE_FILE = "change_file"
    CHANGE_STUDY = "change_study"
    CHANGE_DECIDE = "change_decide"
    OPINION_GIVE = "opinion_give"
    QUARTER_FILL = "quarter_fill"
    QUARTER_SUBMIT = "quarter_submit"
    QUARTER_DELEGATE = "quarter_delegate"
    QUARTER_REVIEW = "quarter_review"
    QUARTER_EXTEND = "quarter_extend"
    QUARTER_CONSOLIDATE = "quarter_consolidate"
    QUARTER_REOPEN = "quarter_reopen"
    QUARTER_PUBLISH = "quarter_publish"
    COMMITTEE_RECORD = "committee_record"
    GOAL_REPORT = "goal_report"
    ROAD_MANAGE = "road_manage"
    ROAD_REPORT = "road_report"
    HITO_REPORT = "hito_report"
    PHASE_CLOSE = "phase_close"
    DOFA_TAKE_PART = "dofa_take_part"
    SURVEY_MANAGE = "survey_manage"
    DOCUMENT_WRITE = "document_write"
    DOCUMENT_PRESENT = "document_present"
    DOCUMENT_OBSERVE = "document_observe"
    DOCUMENT_APPROVE = "document_approve"
    PES_ADOPT = "pes_adopt"
    PES_PUBLISH = "pes_publish"
    PROFILE_EDIT = "profile_edit"
    IMPROVEMENT_MANAGE = "improvement_manage"
    ACCOUNTABILITY_MANAGE = "accountability_manage"
    TERRITORY_READ = "territory_read"
    TERRITORY_MANAGE = "territory_manage"
    ASSISTANCE_LOG = "assistance_log"
    ADVISOR_RATE = "advisor_rate"
    PEOPLE_MANAGE = "people_manage"
    UNITS_MANAGE = "units_manage"
    CALENDAR_MANAGE = "calendar_manage"
    METHODOLOGY_MANAGE = "methodology_manage"
    AUDIT_READ = "audit_read"

    @property
    def label(self) -> str:
        """What the power allows, in Spanish, for screens."""
        return _LABELS[self]


_LABELS = {
    Permission.PES_READ: "Consultar el plan estratégico sectorial",
    Permission.PES_EDIT: "Editar objetivos, metas, indicadores y proyectos",
    Permission.INDICATOR_MEASURE: "Registrar mediciones de indicadores",
    Permission.PROJECT_MEASURE: "Registrar mediciones de proyectos de inversión",
    Permission.WEIGHTS_EDIT: "Editar ponderaciones",
    Permission.WEIGHTS_LOCK: "Bloquear y reabrir ponderaciones",
    Permission.CUTOFF_CONSOLIDATE: "Consolidar cortes",
    Permission.REPORT_REQUEST: "Generar borradores de informes",
    Permission.REPORT_ISSUE: "Emitir informes",
    Permission.REPORT_PUBLISH: "Publicar informes",
    Permission.PLAN_READ: "Consultar planes de gestión",
    Permission.PLAN_OPEN: "Abrir los planes de gestión de una vigencia",
    Permission.PLAN_EDIT: "Formular las metas del plan de gestión",
    Permission.PLAN_SUBMIT: "Enviar y oficializar el plan de gestión",
    Permission.PLAN_REVIEW: "Revisar planes de gestión",
    Permission.PLAN_PUBLISH: "Publicar planes de gestión",
    Permission.PLAN_CLOSE: "Cerrar planes de gestión",
    Permission.CONSULTATION_MANAGE: "Abrir y responder la consulta ciudadana",
    Permission.CONSULTATION_WAIVE: "Eximir de la consulta ciudadana",
    Permission.WORKSHOP_REGISTER: "Registrar mesas de trabajo",
    Permission.GOAL_TEMPLATE_EDIT: "Definir metas transversales y locales",
    Permission.GOAL_ANNOTATE: "Anotar metas que orienta",
    Permission.CHANGE_FILE: "Solicitar cambios de metas",
    Permission.CHANGE_STUDY: "Estudiar solicitudes de cambio",
    Permission.CHANGE_DECIDE: "Decidir solicitudes de cambio",
    Permission.OPINION_GIVE: "Emitir concepto previo",
    Permission.QUARTER_FILL: "Diligenciar reportes trimestrales",
    Permission.QUARTER_SUBMIT: "Enviar reportes trimestrales",
    Permission.QUARTER_DELEGATE: "Delegar el envío de reportes trimestrales",
    Permission.QUARTER_REVIEW: "Revisar reportes trimestrales",
    Permission.QUARTER_EXTEND: "Prorrogar el plazo de un reporte trimestral",
    Permission.QUARTER_CONSOLIDATE: "Consolidar trimestres",
    Permission.QUARTER_REOPEN: "Reabrir reportes trimestrales",
    Permission.QUARTER_PUBLISH: "Publicar resultados trimestrales",
    Permission.COMMITTEE_RECORD: "Registrar el acta del Comité",
    Permission.GOAL_REPORT: "Reportar metas a cargo de su área",
    Permission.ROAD_MANAGE: "Abrir y programar el camino del PES y otras hojas de ruta",
    Permission.ROAD_REPORT: "Reportar el avance de las actividades del PES",
    Permission.HITO_REPORT: "Reportar el avance de los hitos territoriales",
    Permission.PHASE_CLOSE: "Cerrar las fases del PES",
    Permission.DOFA_TAKE_PART: "Aportar y votar en talleres DOFA",
    Permission.SURVEY_MANAGE: "Abrir y cerrar encuestas ciudadanas",
    Permission.DOCUMENT_WRITE: "Escribir el documento del PES",
    Permission.DOCUMENT_PRESENT: "Presentar versiones del PES y responder observaciones",
    Permission.DOCUMENT_OBSERVE: "Observar el PES por su entidad",
    Permission.DOCUMENT_APPROVE: "Aprobar el PES por su entidad",
    Permission.PES_ADOPT: "Registrar la adopción del PES",
    Permission.PES_PUBLISH: "Publicar y divulgar el PES",
    Permission.PROFILE_EDIT: "Editar problemas, políticas y recursos de una entidad",
    Permission.IMPROVEMENT_MANAGE: "Llevar cuellos de botella y acciones de mejora",
    Permission.ACCOUNTABILITY_MANAGE: "Preparar la rendición de cuentas",
    Permission.TERRITORY_READ: "Consultar las hojas de ruta territoriales",
    Permission.TERRITORY_MANAGE: "Administrar entidades y hojas de ruta territoriales",
    Permission.ASSISTANCE_LOG: "Registrar asistencias a entidades territoriales",
    Permission.ADVISOR_RATE: "Calificar la asesoría territorial",
    Permission.PEOPLE_MANAGE: "Administrar personas y roles",
    Permission.UNITS_MANAGE: "Administrar la organización",
    Permission.CALENDAR_MANAGE: "Administrar días no hábiles",
    Permission.METHODOLOGY_MANAGE: "Definir la metodología de la vigencia",
    Permission.AUDIT_READ: "Consultar la bitácora de auditoría",
}


class Role(StrEnum):
    """A role of the procedure or of the product; stored in memberships."""

    JEFE_OAP = "jefe_oap"
    ANALISTA_OAP = "analista_oap"
    LIDER_PROCESO = "lider_proceso"
    ALCALDE_LOCAL = "alcalde_local"
    DELEGADO = "delegado"
    PROMOTOR = "promotor"
    EQUIPO = "equipo"
    AREA_CENTRAL = "area_central"
    LIDER_TRANSVERSAL = "lider_transversal"
    CONCEPTO_LOCAL = "concepto_local"
    COMUNICACIONES = "comunicaciones"
    SECRETARIA_TECNICA = "secretaria_tecnica"
    CONTROL_INTERNO = "control_interno"
    DIRECTIVO = "directivo"
    ADMINISTRADOR = "administrador"
    ENLACE_ENTIDAD = "enlace_entidad"
    GERENTE_PROYECTO = "gerente_proyecto"
    ASESOR_TERRITORIAL = "asesor_territorial"
    COORDINADOR_REGIONAL = "coordinador_regional"

    @property
    def label(self) -> str:
        """The role's name in Spanish."""
        return ROLES[self].label

    @classmethod
    def choices(cls) -> list[tuple[str, str]]:
        """Pairs for a Django field."""
        return [(role.value, definition.label) for role, definition in ROLES.items()]


@dataclass(frozen=True)
class RoleDefinition:
    """A role's number in the procedure, its Spanish name and its powers."""

    number: str
    label: str
    description: str
    permissions: frozenset[Permission]
    needs_second_factor: bool = False


P = Permission
_READ = frozenset({P.PES_READ, P.PLAN_READ})
_ANALYST = _READ | {
    P.PES_EDIT,
    P.INDICATOR_MEASURE,
    P.PROJECT_MEASURE,
    P.WEIGHTS_EDIT,
    P.REPORT_REQUEST,
    P.PLAN_REVIEW,
    P.PLAN_PUBLISH,
    P.PLAN_CLOSE,
    P.CONSULTATION_MANAGE,
    P.WORKSHOP_REGISTER,
    P.GOAL_TEMPLATE_EDIT,
    P.CHANGE_STUDY,
    P.QUARTER_REVIEW,
    P.QUARTER_CONSOLIDATE,
    P.QUARTER_PUBLISH,
    P.COMMITTEE_RECORD,
    P.ROAD_MANAGE,
    P.ROAD_REPORT,
    P.HITO_REPORT,
    P.DOFA_TAKE_PART,
    P.SURVEY_MANAGE,
    P.DOCUMENT_WRITE,
    P.DOCUMENT_PRESENT,
    P.PES_PUBLISH,
    P.PROFILE_EDIT,
    P.IMPROVEMENT_MANAGE,
    P.ACCOUNTABILITY_MANAGE,
    P.TERRITORY_READ,
    P.TERRITORY_MANAGE,
}
_HEAD = _ANALYST | {
    P.WEIGHTS_LOCK,
    P.CUTOFF_CONSOLIDATE,
    P.REPORT_ISSUE,
    P.REPORT_PUBLISH,
    P.PLAN_OPEN,
    P.CONSULTATION_WAIVE,
    P.CHANGE_DECIDE,
    P.METHODOLOGY_MANAGE,
    P.CALENDAR_MANAGE,
    P.AUDIT_READ,
    P.QUARTER_EXTEND,
    P.QUARTER_REOPEN,
    P.PHASE_CLOSE,
    P.PES_ADOPT,
    P.ADVISOR_RATE,
}
_TEAM = _READ | {P.PLAN_EDIT, P.QUARTER_FILL, P.DOFA_TAKE_PART}
_LEADER = _TEAM | {
    P.PLAN_OPEN,
    P.PLAN_SUBMIT,
    P.CONSULTATION_MANAGE,
    P.CHANGE_FILE,
    P.QUARTER_SUBMIT,
    P.QUARTER_DELEGATE,
}


def _role(
    number: str, label: str, description: str, extra: frozenset[Permission] = _READ, *, second_factor: bool = False
) -> RoleDefinition:
    return RoleDefinition(number, label, description, frozenset(extra), second_factor)


ROLES: dict[Role, RoleDefinition] = {
    Role.JEFE_OAP: _role("R1", "Jefe(a) OAP", "Decide, consolida, emite y publica.", _HEAD, second_factor=True),
    Role.ANALISTA_OAP: _role(
        "R2", "Analista OAP", "Revisa, mide, pondera y prepara informes.", _ANALYST, second_factor=True
    ),
    Role.LIDER_PROCESO: _role("R3", "Líder de proceso", "Responde por el plan de su proceso.", _LEADER),
    Role.ALCALDE_LOCAL: _role("R4", "Alcalde(sa) local", "Responde por el plan de su alcaldía.", _LEADER),
    Role.DELEGADO: _role(
        "R3/R4",
        "Delegado(a) para reportar",
        "Diligencia y envía reportes en nombre de quien responde por el plan, entre dos fechas.",
        _READ | {P.QUARTER_FILL, P.QUARTER_SUBMIT},
    ),
    Role.PROMOTOR: _role("R5", "Promotor(a) de mejora", "Prepara metas, cifras y evidencias.", _TEAM),
    Role.EQUIPO: _role("R6", "Equipo de trabajo", "Aporta metas, cifras y evidencias.", _TEAM),
    Role.AREA_CENTRAL: _role(
        "R7",
        "Área central responsable del reporte",
        "Escribe, orienta y reporta metas transversales y locales.",
        _READ | {P.GOAL_TEMPLATE_EDIT, P.GOAL_ANNOTATE, P.GOAL_REPORT},
    ),
    Role.LIDER_TRANSVERSAL: _role(
        "R8",
        "Líder de meta transversal",
        "Escribe metas transversales y emite su concepto previo.",
        _READ | {P.GOAL_TEMPLATE_EDIT, P.GOAL_ANNOTATE, P.OPINION_GIVE, P.GOAL_REPORT},
    ),
    Role.CONCEPTO_LOCAL: _role(
        "R9", "Concepto local", "Emite concepto previo sobre metas de alcaldías.", _READ | {P.OPINION_GIVE}
    ),
    Role.COMUNICACIONES: _role(
        "R10",
        "Oficina Asesora de Comunicaciones",
        "Publica lo aprobado.",
        _READ | {P.REPORT_PUBLISH, P.PLAN_PUBLISH, P.QUARTER_PUBLISH, P.PES_PUBLISH, P.ACCOUNTABILITY_MANAGE},
    ),
    Role.SECRETARIA_TECNICA: _role(
        "R11",
        "Secretaría técnica del Comité",
        "Recibe los resultados y registra el acta de la sesión.",
        _READ | {P.COMMITTEE_RECORD},
    ),
    Role.CONTROL_INTERNO: _role(
        "R12",
        "Control interno (OCI)",
        "Lee todo, también la bitácora; no escribe.",
        _READ | {P.AUDIT_READ, P.TERRITORY_READ},
    ),
    Role.DIRECTIVO: _role(
        "R13",
        "Directivo(a)",
        "Consulta cómo va el sector y participa en su planeación.",
        _READ | {P.DOFA_TAKE_PART, P.TERRITORY_READ},
    ),
    Role.ADMINISTRADOR: _role(
        "R15",
        "Administrador(a)",
        "Personas, unidades, calendario y bitácora; no aprueba nada del negocio.",
        frozenset({P.PEOPLE_MANAGE, P.UNITS_MANAGE, P.CALENDAR_MANAGE, P.AUDIT_READ}),
        second_factor=True,
    ),
    Role.ENLACE_ENTIDAD: _role(
        "R16",
        "Enlace de planeación de la entidad",
        "Mide los indicadores del PES de su entidad; escribe, observa y aprueba el PES por ella.",
        _READ
        | {
            P.INDICATOR_MEASURE,
            P.PROJECT_MEASURE,
            P.ROAD_REPORT,
            P.DOFA_TAKE_PART,
            P.DOCUMENT_WRITE,
            P.DOCUMENT_OBSERVE,
            P.DOCUMENT_APPROVE,
            P.PROFILE_EDIT,
            P.IMPROVEMENT_MANAGE,
        },
    ),
    Role.GERENTE_PROYECTO: _role(
        "R17",
        "Gerente de proyecto de inversión",
        "Registra las cifras mensuales de su proyecto.",
        _READ | {P.PROJECT_MEASURE},
    ),
    Role.ASESOR_TERRITORIAL: _role(
        "R18",
        "Asesor(a) territorial",
        "Acompaña a las entidades territoriales y registra su asistencia.",
        _READ | {P.TERRITORY_READ, P.HITO_REPORT, P.ASSISTANCE_LOG},
    ),
    Role.COORDINADOR_REGIONAL: _role(
        "R19",
        "Coordinador(a) regional",
        "Coordina y califica la asesoría territorial de su región.",
        _READ | {P.TERRITORY_READ, P.TERRITORY_MANAGE, P.HITO_REPORT, P.ASSISTANCE_LOG, P.ADVISOR_RATE},
    ),
}

# What the command line may do without --as: enter data, never approve (architecture, Command line).
CONSOLE_PERMISSIONS = frozenset(
    {
        P.PES_READ,
        P.PES_EDIT,
        P.INDICATOR_MEASURE,
        P.PROJECT_MEASURE,
        P.WEIGHTS_EDIT,
        P.REPORT_REQUEST,
        P.PLAN_READ,
        P.PLAN_EDIT,
        P.WORKSHOP_REGISTER,
        P.GOAL_TEMPLATE_EDIT,
        P.QUARTER_FILL,
        P.ROAD_MANAGE,
        P.PROFILE_EDIT,
        P.TERRITORY_MANAGE,
    }
)
