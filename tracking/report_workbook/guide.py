"""How the workbook of a quarter is filled in, in the words of its users."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tracking.report_workbook import shape
from tracking.rules.goal_reports import ENTRY_FIELDS

STEPS = (
    "Escriba lo que cada meta reporta en la hoja «Reporte», una meta por fila. Las celdas grises informan y no se toman.",
    "Escriba el ejecutado, o el numerador y el denominador. Los porcentajes se calculan: no se escriben.",
    "Celda vacía es «no reportado»; no es lo mismo que 0. El denominador 0 dice que no hubo demanda.",
    "Por debajo de 100 % hacen falta las causas del retraso. Fuera de lo esperado, una explicación.",
    "Escriba coma decimal (12,5). Un texto como 1.234 se puede leer de dos maneras y el sistema pregunta.",
    "No cambie los encabezados. Puede quitar columnas: lo que no está en el libro se queda como está.",
    "Una meta que no está en el libro se queda como está.",
    "Las metas que suministra un área central las escribe esa área: déjelas como están.",
    "La evidencia se adjunta en la página del reporte, no en el libro.",
    "Al cargar el libro verá qué cambia antes de aplicarlo. Si algo no se puede leer, no se escribe nada.",
)
_INFORMS = {
    shape.UNIT: "Código del proceso o de la alcaldía.",
    shape.UNIT_NAME: "Proceso o alcaldía.",
    shape.NUMBER: "Número de la meta en el plan.",
    shape.TEXT: "La meta, como está en el plan.",
    shape.MEASURE: "Unidad en que se mide.",
    shape.PROGRAMMED: "Lo programado para el trimestre. No cambia desde el reporte.",
    shape.RESULT: "Se calcula: resultado del trimestre, de 0 a 100.",
    shape.PROOFS: "Los nombres de la evidencia adjunta.",
    shape.ACCUMULATED: "Se calcula: lo ejecutado hasta este trimestre.",
    shape.PROGRESS: "Se calcula: lo ejecutado frente a la magnitud de la vigencia, de 0 a 100.",
    shape.SUPPLIER: "El área central que reporta la meta, si la hay.",
}
_HELP = _INFORMS | {field.header: field.help for field in ENTRY_FIELDS}


def column_help(headers: Sequence[str]) -> Mapping[str, str]:
    """What is written in each column."""
    return {header: _HELP[header] for header in headers}
