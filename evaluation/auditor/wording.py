"""The words of the documents that do not depend on their figures, and figures as they are read."""

from __future__ import annotations

from decimal import Decimal

from evaluation.auditor.context import LAST_QUARTER, UnitYear, YearContext
from evaluation.models import AuditorKind
from pes.models.organization import ProcessClass
from pes.rules.numbers import format_magnitude, format_percent, ratio_to_percent

DASH = "–"
TITLES = {
    AuditorKind.CB0404: "CB-0404 Indicadores de gestión",
    AuditorKind.CB1090: "CB-1090 Informe de gestión y resultados",
    AuditorKind.GESTION: "Informe de gestión institucional",
}
LOCAL = "local"
GROUPS = {
    ProcessClass.MISIONAL.value: "Procesos misionales",
    ProcessClass.ESTRATEGICO.value: "Procesos estratégicos",
    ProcessClass.APOYO.value: "Procesos de apoyo",
    ProcessClass.EVALUACION.value: "Procesos de evaluación",
    "": "Otros procesos",
    LOCAL: "Alcaldías locales",
}  # in the order of the documents (REP-07)
METHOD = (
    "Las cifras son las de la última corrida de cada trimestre consolidado. El documento no las calcula de nuevo.",
    "La ejecución es la de los reportes que validó la oficina asesora de planeación.",
    "Una meta programada que no se reportó en su plazo se califica como dice la metodología (PT-17), y se nombra.",
    "El avance de una meta es lo ejecutado frente a su magnitud anual; el puntaje, el promedio ponderado de sus metas.",
    "Los porcentajes se calculan con aritmética exacta y se redondean una sola vez, al mostrar, a dos decimales.",
)


def class_key(unit: UnitYear) -> str:
    """The key in `GROUPS` of a unit."""
    return LOCAL if unit.level == LOCAL else unit.process_class


def class_of(unit: UnitYear) -> str:
    """«Procesos misionales»."""
    return GROUPS[class_key(unit)]


def percent(ratio: Decimal | None) -> str:
    """`24,15 %`, or a dash."""
    return DASH if ratio is None else format_percent(ratio_to_percent(ratio))


def amount(value: Decimal | None) -> str:
    """`1.234,5`, or a dash."""
    return DASH if value is None else format_magnitude(value)


def cutoff_text(context: YearContext) -> str:
    """«31 de diciembre de 2022», or up to which quarter the figures go while the year is not complete."""
    if context.is_complete:
        return f"31 de diciembre de {context.vigencia}"
    ends = ("31 de marzo", "30 de junio", "30 de septiembre", "31 de diciembre")
    return f"{ends[context.quarter - 1]} de {context.vigencia}"


def preliminary_text(context: YearContext) -> str:
    """What a reader must know while a quarter is missing; empty once the year is complete."""
    if context.is_complete:
        return ""
    reach = {proof.level: proof.quarter for proof in context.closes}  # closes go by quarter: the last one stays
    missing = [f"{LEVELS[level]} hasta T{quarter}" for level, quarter in sorted(reach.items())]
    return (
        f"El año {context.vigencia} no está consolidado: {', '.join(missing)}. "
        f"El resultado anual es el del cierre de T{LAST_QUARTER}; mientras tanto, estas cifras pueden cambiar."
    )


LEVELS = {"central": "procesos centrales", "local": "alcaldías locales"}
