"""The audit trail in plain Spanish: a sentence per verb, a label per field, a readable value."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from pes.dates import long_date
from pes.models import UnitKind
from pes.permissions import Role

# verb → what the person did; a repository-wide test demands one for every verb that the code records.
SENTENCES: dict[str, str] = {
    "access_denied": "intentó entrar donde no puede o a algo que no existe",
    "auditor_columns_defined": "definió las columnas del CB-0404",
    "auditor_report_drafted": "generó el borrador de un documento de control",
    "auditor_report_issue_requested": "pidió emitir un documento de control",
    "auditor_report_issued": "emitió un documento de control",
    "auditor_report_published": "publicó un informe de gestión",
    "auditor_report_requested": "pidió el borrador de un documento de control",
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
    "entry_corrected": "corrigió un dato de un reporte trimestral",
    "delegation_ended": "terminó la delegación del envío de reportes trimestrales",
    "delegation_given": "delegó el envío de reportes trimestrales",
    "entry_written": "diligenció una meta de un reporte trimestral",
    "evidence_attached": "adjuntó una evidencia",
    "evidence_withdrawn": "retiró una evidencia que no se había enviado",
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
    "membership_ended": "terminó un rol",
    "membership_granted": "dio un rol",
    "membership_withdrawn": "retiró un rol recién dado",
    "methodology_drafted": "guardó un borrador de metodología",
    "methodology_published": "publicó una metodología",
    "objective_added": "agregó un objetivo estratégico",
    "objective_changed": "cambió el texto de un objetivo",
    "objective_weights_changed": "cambió la ponderación entre objetivos",
    "observation_answered": "respondió una observación",
    "observation_raised": "observó un plan de gestión",
    "opinion_given": "dio su concepto previo sobre una solicitud de cambio",
    "organization_loaded": "cargó la organización publicada",
    "password_changed": "cambió su contraseña",
    "password_reset": "recuperó su contraseña",
    "person_deactivated": "desactivó una cuenta",
    "person_invited": "invitó a una persona",
    "person_reactivated": "reactivó una cuenta",
    "pes_imported": "importó un plan estratégico sectorial",
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
    "project_added": "agregó un proyecto de inversión",
    "project_changed": "cambió un proyecto de inversión",
    "project_created": "creó un proyecto de inversión",
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
    "review_checked": "respondió la lista de verificación de un plan de gestión",
    "second_factor_added": "activó un segundo factor",
    "second_factor_removed": "retiró un segundo factor",
    "sector_plan_added": "creó un plan estratégico sectorial",
    "sector_plan_changed": "cambió un plan estratégico sectorial",
    "shared_goal_assigned": "asignó una meta compartida",
    "shared_goal_changed": "cambió una meta compartida",
    "shared_goal_withdrawn": "retiró una meta compartida de unos planes",
    "shared_goal_written": "escribió una meta compartida",
    "team_commented": "comentó una meta a su equipo",
    "unit_added": "agregó una unidad",
    "unit_changed": "cambió una unidad",
    "unit_deactivated": "desactivó una unidad",
    "unit_reactivated": "reactivó una unidad",
    "vigencia_opened": "abrió una vigencia",
    "weights_changed": "cambió ponderaciones",
    "weights_locked": "bloqueó ponderaciones",
    "weights_reopened": "reabrió ponderaciones",
    "workshop_corrected": "corrigió una mesa de trabajo",
    "workshop_registered": "registró una mesa de trabajo",
}

LABELS: dict[str, str] = {
    "accumulated_analysis": "Análisis del acumulado",
    "achieved": "Ejecutado",
    "acronym": "Sigla",
    "act": "Acto",
    "analysis": "Análisis",
    "answer": "Respuesta",
    "articulation": "Articulación",
    "asked": "Lo que se pide",
    "attendees": "Asistentes",
    "baseline": "Línea base",
    "block": "Bloque de la cuadrícula",
    "cap_percent": "Tope de calificación (%)",
    "channel": "Canal",
    "characters": "Caracteres",
    "close": "Cierre",
    "closes_on": "Cierra",
    "code": "Código",
    "constant_rule_pes": "CONSTANTE en el PES",
    "constant_rule_plan": "CONSTANTE en planes de gestión",
    "created": "Creados",
    "cutoff": "Corte",
    "delay_causes": "Causas del retraso",
    "deliverable": "Entregable",
    "denominator": "Denominador",
    "digest": "Huella",
    "discount_baseline": "Descontar la línea base",
    "document": "Documento",
    "due_on": "Vence",
    "edition": "Edición",
    "email": "Correo",
    "ends_on": "Hasta",
    "entity": "Entidad",
    "evidence": "Evidencia",
    "excluded": "Sin reporte validado o sin puesto",
    "explanation": "Explicación",
    "favourable": "Favorable",
    "field": "Campo",
    "file": "Archivo",
    "first_vigencia": "Primera vigencia",
    "formula": "Fórmula",
    "framework": "Marco estratégico",
    "full_name": "Nombre",
    "goal": "Meta",
    "goals": "Metas",
    "ground": "Causal",
    "held_on": "Celebrada el",
    "hola_case": "Caso HOLA",
    "hola_on": "Fecha del caso HOLA",
    "indicator": "Indicador",
    "indicator_formulation": "Formulación de los indicadores",
    "indicator_type": "Tipo de indicador",
    "is_active": "Activa",
    "is_head": "Cabeza de sector",
    "is_published": "Se publica",
    "justification": "Justificación",
    "key": "Clave",
    "kind": "Clase",
    "label": "Versión",
    "last_vigencia": "Última vigencia",
    "late": "Extemporáneo",
    "level": "Nivel",
    "light_green_to": "Verde hasta (%)",
    "light_red_to": "Rojo hasta (%)",
    "light_yellow_to": "Amarillo hasta (%)",
    "lights_enabled": "Usa semáforo",
    "local_office": "Da el concepto local",
    "magnitude": "Magnitud total",
    "memo": "Memorando",
    "method": "Medio",
    "minutes": "Acta",
    "missing_rule": "Sin reporte",
    "mission": "Misión",
    "name": "Nombre",
    "new_goals": "Metas nuevas",
    "number": "Número",
    "numerator": "Numerador",
    "objective": "Objetivo",
    "objective_coherence": "Coherencia con los objetivos",
    "on": "Fecha",
    "opens_on": "Abre",
    "pages": "Páginas",
    "parent": "Depende de",
    "path": "Dirección",
    "pdf": "PDF",
    "period": "Periodo",
    "plan": "Plan",
    "platform_act": "Acto de la plataforma",
    "process_class": "Clase de proceso",
    "programme": "Programación",
    "programme_coherence": "Coherencia con la programación",
    "programming_type": "Tipo de programación",
    "project": "Proyecto",
    "quarter": "Trimestre",
    "reason": "Motivo",
    "replaces": "Reemplaza a",
    "report": "Reporte",
    "reports": "Reportes",
    "responsible": "Dependencia responsable",
    "role": "Rol",
    "run": "Corrida",
    "sector": "Sector",
    "sector_objective": "Objetivo del sector",
    "sha256": "Huella SHA-256",
    "size": "Tamaño (bytes)",
    "sort_key": "Orden",
    "source": "Fuente",
    "starts_on": "Desde",
    "state": "Estado",
    "status": "Respuesta",
    "t1": "Programado T1",
    "t2": "Programado T2",
    "t3": "Programado T3",
    "t4": "Programado T4",
    "targets": "Programación",
    "technical_weight": "Peso de metas técnicas (%)",
    "text": "Texto",
    "topic": "Asunto",
    "type": "Tipo",
    "type_was_inferred": "Tipo deducido",
    "unchanged": "Sin cambio",
    "unit": "Unidad",
    "units": "Unidades",
    "updated": "Actualizados",
    "url": "Enlace",
    "user": "Persona",
    "valid_from": "Vigente desde",
    "valid_until": "Vigente hasta",
    "verification": "Medio de verificación",
    "version": "Versión",
    "vigencia": "Vigencia",
    "vision": "Visión",
    "weights": "Ponderaciones",
    "xlsx": "XLSX",
    "year": "Año",
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
