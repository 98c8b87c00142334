"""How the workbook of a plan is filled in, in the words of its users."""

from __future__ import annotations

from collections.abc import Mapping

from pes.workbooks.names import column_letter
from plans.rules.goals import Instrument
from plans.workbook import shape
from plans.workbook.cells import choice_words

STEPS = (
    "Escriba la identificación en la hoja «Plan», en la columna «valor», y una meta por fila en la hoja «Metas».",
    "No cambie los encabezados. Las columnas se buscan por su nombre y pueden ir en cualquier orden.",
    "«no_meta» identifica la meta: con el número de una meta del plan se cambia esa meta; con uno nuevo se agrega.",
    "Una meta del plan que no está en el libro se queda como está. Ninguna meta se quita ni se elimina desde Excel.",
    "Trimestre vacío, NP, N/A o «-» es «no programado». El 0 es una cantidad solo en metas DECRECIENTE.",
    "Escriba coma decimal (12,5). Un texto como 1.234 se puede leer de dos maneras y el sistema pregunta.",
    "Las celdas grises se calculan solas; el sistema las vuelve a calcular y no las toma del libro.",
    "Los campos comunes de una meta compartida los escribe el área que la lidera: aquí no cambian.",
    "De la hoja «Plan» se toman el objetivo del proceso, el alcance, el líder y la articulación. Lo demás dice qué plan es.",
    f"La articulación se escribe con estos códigos, separados por punto y coma: {', '.join(Instrument)}.",
    "Al cargar el libro verá qué cambia antes de aplicarlo. Si algo no se puede leer, no se escribe nada.",
)


def _help(column: shape.GoalColumn) -> str:
    if len(column.fields) > 1:
        return "Numerador / denominador, con espacios a los lados de la barra; solo el numerador si es un número."
    field = column.fields[0]
    limit = f" Hasta {field.limit} caracteres." if field.limit else ""
    words = f" Valores: {', '.join(choice_words(column))}." if field.name == "programming_type" else ""
    return f"{field.help}{words}{limit}"


COLUMN_HELP: Mapping[str, str] = {
    shape.NUMBER: "Número de la meta en el plan: 1, 2, 3…",
    **{column.header: _help(column) for column in shape.GOAL_COLUMNS},
    shape.STATUS: "activa, o eliminada si se eliminó por solicitud. No se cambia desde Excel.",
    shape.SUM: "Se calcula: p_t1 + p_t2 + p_t3 + p_t4. En una meta SUMA debe ser la magnitud total.",
}


def columns(units: Mapping[str, str]) -> dict[str, str]:
    """What is written in each column, and the codes of the units of the entity."""
    codes = {f"Unidad {code}": name for code, name in units.items()}
    return {**COLUMN_HELP, **codes}


def letter(header: str) -> str:
    """Column letter of a header in a workbook of ours."""
    return column_letter([*shape.HEADERS, shape.SUM].index(header) + 1)
