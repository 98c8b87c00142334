"""The audit trail in plain Spanish: a sentence per verb, a label per field, a readable value."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from pes.audit_labels import LABELS
from pes.dates import long_date
from pes.models import UnitKind
from pes.permissions import Role
from pes.rules.road_states import ActivityState

# verb → what the person did; a repository-wide test demands one for every verb that the code records.
SENTENCES: dict[str, str] = {
    "access_denied": "intentó entrar donde no puede o a algo que no existe",
    "accountability_announced": "convocó una rendición de cuentas",
    "accountability_changed": "corrigió una rendición de cuentas",
    "accountability_closed": "cerró una rendición de cuentas",
    "accountability_held": "registró que se celebró una rendición de cuentas",
    "accountability_prepared": "preparó una rendición de cuentas",
    "accountability_report_replaced": "reemplazó el informe de una rendición de cuentas que la ciudadanía ya podía leer",
    "accountability_reported": "publicó el informe de una rendición de cuentas",
    "act_registered": "registró un acto administrativo",
    "act_corrected": "corrigió un acto administrativo",
    "act_repealed": "registró la derogatoria de un acto administrativo",
    "action_corrected": "corrigió una acción de mejora",
    "action_discarded": "descartó una acción de mejora",
    "action_finished": "dio por terminada una acción de mejora",
    "action_followed": "registró el seguimiento de una acción de mejora",
    "action_registered": "registró una acción de mejora",
    "action_sent_back": "devolvió una acción de mejora que no estaba terminada",
    "action_started": "puso en marcha una acción de mejora",
    "action_verified": "verificó una acción de mejora",
    "activity_evidence_attached": "aportó una evidencia a una actividad del camino",
    "activity_evidence_withdrawn": "retiró una evidencia de una actividad del camino",
    "activity_programmed": "programó una actividad del camino",
    "activity_reported": "reportó el avance de una actividad del camino",
    "activity_resumed": "retomó una actividad del camino que no aplicaba",
    "activity_set_aside": "marcó como no aplicable una actividad del camino",
    "advisor_report_opened": "abrió un informe mensual de asesoría",
    "advisor_report_received": "recibió un informe mensual de asesoría",
    "advisor_report_returned": "devolvió un informe mensual de asesoría",
    "advisor_report_sent": "envió un informe mensual de asesoría",
    "assistance_corrected": "corrigió una asistencia a una entidad territorial",
    "assistance_logged": "registró una asistencia a una entidad territorial",
    "assistance_voided": "anuló una asistencia a una entidad territorial",
    "auditor_columns_defined": "definió las columnas del CB-0404",
    "auditor_report_drafted": "generó el borrador de un documento de control",
    "auditor_report_issue_requested": "pidió emitir un documento de control",
    "auditor_report_issued": "emitió un documento de control",
    "auditor_report_published": "publicó un informe de gestión",
    "auditor_report_requested": "pidió el borrador de un documento de control",
    "bottleneck_corrected": "corrigió un cuello de botella",
    "bottleneck_registered": "registró un cuello de botella",
    "bottleneck_reopened": "reabrió un cuello de botella",
    "bottleneck_solved": "declaró superado un cuello de botella",
    "central_imported": "importó desde Excel las metas a cargo de un área central",
    "change_applied": "aplicó un cambio aprobado a una meta",
    "change_approved": "aprobó una solicitud de cambio",
    "change_denied": "negó una solicitud de cambio",
    "change_drafted": "empezó una solicitud de cambio",
    "change_filed": "radicó una solicitud de cambio",
    "change_routed": "pidió los conceptos previos de una solicitud de cambio",
    "change_saved": "guardó el borrador de una solicitud de cambio",
    "change_studied": "puso en estudio una solicitud de cambio",
    "change_withdrawn": "desistió de una solicitud de cambio",
    "chapter_renamed": "cambió el título de un capítulo del documento del PES",
    "checklist_written": "escribió la lista de chequeo de un producto",
    "citizens_promised": "registró un compromiso con la ciudadanía",
    "comment_answered": "respondió un comentario del documento del PES",
    "comment_reopened": "volvió a abrir un comentario del documento del PES",
    "comment_resolved": "dio por resuelto un comentario del documento del PES",
    "commitment_added": "agregó un compromiso a un acta",
    "commitment_fulfilled": "dio por cumplido un compromiso",
    "commitment_noted": "anotó el avance de un compromiso",
    "commitment_removed": "quitó un compromiso de un acta sin cerrar",
    "commitment_reopened": "reabrió un compromiso",
    "commitment_rescheduled": "cambió el plazo de un compromiso",
    "commitment_withdrawn": "retiró un compromiso",
    "consultation_changed": "cambió las fechas o los canales de una consulta ciudadana",
    "consultation_opened": "abrió la consulta ciudadana de un plan de gestión",
    "consultation_waived": "eximió a un plan de gestión de su consulta ciudadana",
    "contribution_answered": "respondió un aporte de la ciudadanía",
    "contribution_received": "recibió un aporte de la ciudadanía",
    "contribution_recorded": "registró un aporte de la ciudadanía",
    "cutoff_consolidated": "consolidó un corte",
    "cutoff_corrected": "volvió a consolidar un corte, corregido",
    "day_off_declared": "declaró un día no hábil",
    "day_off_withdrawn": "retiró un día no hábil",
    "document_opened": "abrió el documento de un PES",
    "document_renewed": "puso al día las secciones del documento de un PES",
    "dofa_closed": "cerró un taller DOFA",
    "dofa_collecting_again": "volvió a recoger notas en un taller DOFA",
    "dofa_corrected": "corrigió un taller DOFA",
    "dofa_group_dissolved": "deshizo un grupo de un taller DOFA",
    "dofa_group_made": "hizo un grupo en un taller DOFA",
    "dofa_group_renamed": "cambió el nombre de un grupo de un taller DOFA",
    "dofa_grouping": "empezó a agrupar las notas de un taller DOFA",
    "dofa_grouping_again": "volvió a agrupar las notas de un taller DOFA",
    "dofa_note_corrected": "corrigió su nota de un taller DOFA",
    "dofa_note_withdrawn": "retiró su nota de un taller DOFA",
    "dofa_note_written": "escribió una nota en un taller DOFA",
    "dofa_notes_moved": "movió notas de un taller DOFA",
    "dofa_opened": "abrió un taller DOFA",
    "dofa_picture_made": "preparó el PDF de un taller DOFA",
    "dofa_vote_withdrawn": "retiró un voto de un taller DOFA",
    "dofa_voted": "votó en un taller DOFA",
    "dofa_voting": "abrió la votación de un taller DOFA",
    "entry_corrected": "corrigió un dato de un reporte trimestral",
    "delegation_ended": "terminó la delegación del envío de reportes trimestrales",
    "delegation_given": "delegó el envío de reportes trimestrales",
    "entry_written": "diligenció una meta de un reporte trimestral",
    "evidence_attached": "adjuntó una evidencia",
    "evidence_withdrawn": "retiró una evidencia que no se había enviado",
    "file_kept": "aportó un archivo",
    "framework_changed": "corrigió un marco estratégico",
    "framework_ended": "dio por terminado un marco estratégico al registrar el siguiente",
    "framework_objective_added": "agregó un objetivo a un marco estratégico",
    "framework_objective_changed": "corrigió un objetivo de un marco estratégico",
    "framework_registered": "registró un marco estratégico",
    "goal_added": "agregó una meta del sector",
    "goal_changed": "cambió una meta del sector",
    "goal_linked": "vinculó una meta a un proyecto de inversión",
    "goal_removed": "retiró una meta sin indicadores",
    "goal_removed_from_plan": "retiró una meta de un plan",
    "goal_restored": "restauró una meta de un plan",
    "goal_written": "agregó una meta a un plan",
    "goals_changed": "cambió metas de un plan",
    "goals_reordered": "ordenó las metas de un plan",
    "indicator_added": "agregó un indicador",
    "indicator_changed": "cambió un indicador o su programación",
    "invitation_accepted": "aceptó su invitación",
    "invitation_renewed": "preparó otra invitación",
    "logged_in": "ingresó",
    "login_failed": "falló un intento de ingreso",
    "measurement_corrected": "corrigió una medición",
    "measurement_registered": "registró una medición",
    "meeting_attendance_corrected": "corrigió la asistencia a una reunión del PES",
    "meeting_cancelled": "canceló una reunión del PES",
    "meeting_changed": "cambió la programación de una reunión del PES",
    "meeting_convened": "convocó una reunión del PES",
    "meeting_file_added": "agregó un archivo a una reunión del PES",
    "meeting_held": "registró la asistencia a una reunión del PES",
    "meeting_invited": "cambió los invitados a una reunión del PES",
    "meeting_scheduled": "programó una reunión del PES",
    "membership_ended": "terminó un rol",
    "membership_granted": "dio un rol",
    "membership_withdrawn": "retiró un rol recién dado",
    "methodology_drafted": "guardó un borrador de metodología",
    "methodology_published": "publicó una metodología",
    "minutes_amended": "agregó una adenda a un acta cerrada",
    "minutes_closed": "cerró el acta de una reunión del PES",
    "minutes_rendered": "generó el documento de un acta",
    "minutes_requested": "pidió el documento de un acta",
    "minutes_written": "escribió el acta de una reunión del PES",
    "monitoring_rendered": "generó el PDF de Monitoreo 360",
    "monitoring_requested": "pidió el PDF de Monitoreo 360",
    "objective_added": "agregó un objetivo estratégico",
    "objective_changed": "cambió el texto de un objetivo",
    "objective_weights_changed": "cambió la ponderación entre objetivos",
    "observation_answered": "respondió una observación",
    "observation_raised": "observó un plan de gestión",
    "opinion_given": "dio su concepto previo sobre una solicitud de cambio",
    "organization_loaded": "cargó la organización publicada",
    "password_changed": "cambió su contraseña",
    "password_reset": "recuperó su contraseña",
    "perception_answered": "respondió la encuesta de percepción",
    "perception_drawn": "sorteó la muestra de la encuesta de percepción",
    "person_deactivated": "desactivó una cuenta",
    "person_invited": "invitó a una persona",
    "person_reactivated": "reactivó una cuenta",
    "pes_adopted": "registró el acto que adopta el PES",
    "pes_adopted_earlier": "registró el acto de un PES adoptado antes de la herramienta",
    "pes_approval_requested": "pidió a las entidades que aprueben una versión del PES",
    "pes_approved": "aprobó una versión del PES por su entidad",
    "pes_committee_recorded": "registró la sesión del Comité Sectorial sobre el PES",
    "pes_draft_made": "generó el borrador del documento del PES",
    "pes_draft_requested": "pidió el borrador del documento del PES",
    "pes_imported": "importó un plan estratégico sectorial",
    "pes_not_approved": "no aprobó una versión del PES por su entidad",
    "pes_observation_answered": "respondió una observación de una entidad al PES",
    "pes_observation_insisted": "insistió en una observación al PES",
    "pes_observed": "observó el PES por su entidad",
    "pes_presented": "presentó una versión del PES a las entidades",
    "pes_published": "registró dónde se publicó el PES",
    "pes_read": "dio por leída una versión del PES por su entidad",
    "pes_version_files_made": "generó los archivos de una versión del PES",
    "pes_withdrawn": "retiró la versión del PES presentada a las entidades",
    "phase_closed": "cerró una fase del camino",
    "plan_closed": "cerró un plan de gestión",
    "plan_identified": "cambió la identificación de un plan",
    "plan_imported": "importó un plan de gestión desde Excel",
    "plan_made_official": "oficializó un plan de gestión",
    "plan_opened": "abrió un plan de gestión",
    "plan_published": "publicó un plan de gestión",
    "plan_renewed": "publicó otra versión de un plan de gestión",
    "plan_resubmitted": "volvió a enviar un plan de gestión a revisión",
    "plan_sent_back": "devolvió un plan de gestión con observaciones",
    "plan_submitted": "envió un plan de gestión a revisión",
    "plan_validated": "validó un plan de gestión",
    "product_check_reviewed": "decidió sobre el chequeo de un producto",
    "product_checked": "aplicó la lista de chequeo a un producto",
    "profile_record_added": "agregó un registro al perfil de un sector",
    "profile_record_changed": "corrigió un registro del perfil de un sector",
    "profile_record_removed": "retiró un registro del perfil de un sector",
    "project_added": "agregó un proyecto de inversión",
    "project_changed": "cambió un proyecto de inversión",
    "project_created": "creó un proyecto de inversión",
    "promise_kept": "registró cumplido un compromiso con la ciudadanía",
    "question_answered": "respondió una pregunta ciudadana",
    "question_received": "recibió una pregunta ciudadana",
    "question_recorded": "anotó una pregunta ciudadana",
    "recovery_codes_renewed": "renovó sus códigos de recuperación",
    "quarter_close_requested": "pidió consolidar un trimestre",
    "quarter_closed": "consolidó un trimestre",
    "quarter_published": "publicó los resultados de un trimestre",
    "quarter_received": "registró el acta con que el Comité recibió un trimestre",
    "report_consolidated": "consolidó un reporte trimestral",
    "report_drafted": "generó el borrador de un informe",
    "report_extended": "prorrogó el plazo de un reporte trimestral",
    "report_imported": "importó un reporte trimestral desde Excel",
    "report_issue_requested": "pidió emitir un informe",
    "report_issued": "emitió un informe",
    "report_made_public": "socializó un reporte trimestral",
    "report_observation_answered": "respondió una observación a un reporte trimestral",
    "report_observed": "observó un reporte trimestral",
    "report_opened": "abrió un reporte trimestral",
    "report_published": "publicó un informe",
    "report_reopened": "reabrió un reporte trimestral",
    "report_requested": "pidió un informe",
    "report_resubmitted": "volvió a enviar un reporte trimestral, con las observaciones respondidas",
    "report_sent_back": "devolvió un reporte trimestral con observaciones",
    "report_submitted": "envió un reporte trimestral",
    "report_taken": "tomó un reporte trimestral para revisarlo",
    "report_validated": "validó un reporte trimestral",
    "resources_imported": "importó desde Excel los recursos de unos proyectos",
    "resources_recorded": "registró los recursos de un proyecto",
    "responsible_assigned": "asignó el responsable de una meta o de un indicador",
    "review_checked": "respondió la lista de verificación de un plan de gestión",
    "road_opened": "trazó un camino",
    "second_factor_added": "activó un segundo factor",
    "second_factor_removed": "retiró un segundo factor",
    "section_assigned": "asignó una sección del documento del PES",
    "section_commented": "comentó una sección del documento del PES",
    "section_finished": "dio por lista una sección del documento del PES",
    "section_restored": "restauró un texto anterior de una sección del documento del PES",
    "section_resumed": "volvió a abrir una sección del documento del PES",
    "section_written": "escribió en una sección del documento del PES",
    "sector_plan_added": "creó un plan estratégico sectorial",
    "sector_plan_changed": "cambió un plan estratégico sectorial",
    "sector_plan_opened": "abrió el PES de un sector",
    "shared_goal_assigned": "asignó una meta compartida",
    "shared_goal_changed": "cambió una meta compartida",
    "shared_goal_withdrawn": "retiró una meta compartida de unos planes",
    "shared_goal_written": "escribió una meta compartida",
    "survey_answered": "respondió una encuesta ciudadana",
    "survey_closed": "cerró una encuesta ciudadana",
    "survey_corrected": "corrigió una encuesta ciudadana",
    "survey_expired": "cerró por fecha una encuesta ciudadana",
    "survey_opened": "abrió una encuesta ciudadana",
    "survey_paper_corrected": "corrigió un conteo en papel de una encuesta ciudadana",
    "survey_paper_recorded": "registró un conteo en papel de una encuesta ciudadana",
    "survey_paper_withdrawn": "retiró un conteo en papel de una encuesta ciudadana",
    "survey_prepared": "preparó una encuesta ciudadana",
    "survey_published": "publicó los resultados de una encuesta ciudadana",
    "survey_reopened": "volvió a abrir una encuesta ciudadana",
    "survey_text_moderated": "moderó una respuesta abierta de una encuesta ciudadana",
    "team_assessed": "calificó al equipo asesor de una región",
    "team_commented": "comentó una meta a su equipo",
    "team_reassessed": "corrigió la calificación del equipo asesor de una región",
    "territory_advisor_assigned": "asignó quien asesora a una entidad territorial",
    "territory_entity_changed": "corrigió una entidad territorial",
    "territory_entity_registered": "registró una entidad territorial",
    "territory_graduated": "pasó una entidad territorial a la fase II",
    "territory_imported": "importó entidades territoriales desde Excel",
    "territory_lesson_published": "publicó una lección del territorio",
    "territory_lesson_withdrawn": "retiró de la vista pública una lección del territorio",
    "territory_lesson_written": "escribió una lección del territorio",
    "territory_opening_requested": "pidió abrir las hojas de ruta de un segmento",
    "territory_road_opened": "abrió la hoja de ruta de una entidad territorial",
    "territory_schedule_changed": "cambió los meses esperados de un cronograma",
    "territory_schedule_created": "creó el cronograma de una hoja de ruta",
    "territory_segment_created": "creó un segmento de entidades territoriales",
    "unit_added": "agregó una unidad",
    "unit_changed": "cambió una unidad",
    "unit_deactivated": "desactivó una unidad",
    "unit_reactivated": "reactivó una unidad",
    "viability_answered": "respondió una pregunta de viabilidad",
    "viability_checked": "guardó una revisión de viabilidad",
    "vigencia_opened": "abrió una vigencia",
    "weights_changed": "cambió ponderaciones",
    "weights_locked": "bloqueó ponderaciones",
    "weights_reopened": "reabrió ponderaciones",
    "workshop_corrected": "corrigió una mesa de trabajo",
    "workshop_registered": "registró una mesa de trabajo",
}

_VALUES = {
    "True": "Sí",
    "False": "No",
    "totp": "aplicación de códigos",
    "webauthn": "llave de seguridad",
    "project_added": "agregó un proyecto de inversión",
    "project_changed": "cambió un proyecto de inversión",
    "project_created": "creó un proyecto de inversión",
    "recovery_codes": "códigos de recuperación",
    "invitation": "invitación",
    "demo": "puerta de la demostración",
    **{state.value: state.label for state in ActivityState},
    **{role.value: role.label for role in Role},
    **{kind.value: kind.label for kind in UnitKind},
}
_ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_EMPTY = "–"


def sentence(verb: str) -> str:
    """What was done, in Spanish; an unknown verb is shown as it is stored."""
    return SENTENCES.get(verb, verb.replace("_", " "))


def changes(
    before: Mapping[str, Any] | None, after: Mapping[str, Any] | None, names: Mapping[str, str] | None = None
) -> list[tuple[str, str, str]]:
    """Rows (field, before, after) of what differs; `names` are people's names by id. Equal fields are left out."""
    old, new = flat(before or {}), flat(after or {})
    keys = dict.fromkeys([*old, *new])
    people = names or {}
    return [
        (_label(key), _text(key, old.get(key), people), _text(key, new.get(key), people))
        for key in keys
        if old.get(key) != new.get(key)
    ]


def facts_said(facts: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    """Each fact as its name and a text; what was empty is told as such."""
    return tuple((_label(key), _text(key, value, {})) for key, value in flat(facts).items())


def flat(facts: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    """Nested facts as one level: {"weights": {"321": "50"}} is {"weights.321": "50"}."""
    found: dict[str, Any] = {}
    for key, value in facts.items():
        name = f"{prefix}{key}"
        if isinstance(value, Mapping):
            found.update(flat(value, f"{name}."))
        else:
            found[name] = value
    return found


def _label(key: str) -> str:
    first, _, rest = key.partition(".")
    words = LABELS.get(first, first.replace("_", " ").capitalize())
    return f"{words} · {rest}" if rest else words


def _text(key: str, value: Any, people: Mapping[str, str]) -> str:
    if value is None or value == "":
        return _EMPTY
    if key == "user":
        return people.get(str(value), f"persona {value}")
    if isinstance(value, list):
        return ", ".join(_text("", item, people) for item in value) or _EMPTY
    words = str(value)
    if _ISO_DATE.fullmatch(words):
        return long_date(date.fromisoformat(words))
    return _VALUES.get(words, words)
