"""The columns of a goal: one description for the grid, the forms, the workbook, the versions and the requests (§5.4)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from pes.rules.programming import ProgrammingType
from plans.rules.goals import GoalKind, IndicatorKind


class FieldKind(StrEnum):
    """How the content of a column is typed and stored."""

    LINE = "line"  # a short text
    PROSE = "prose"  # a text of several lines
    CHOICE = "choice"  # one of `choices`
    OBJECTIVE = "objective"  # number of a strategic objective in force
    UNIT = "unit"  # code of a unit of the entity
    WEIGHT = "weight"  # percentage points, two decimals
    AMOUNT = "amount"  # the goal's unit, four decimals; blank is none
    QUARTER = "quarter"  # an amount; blank and NP are not programmed (PT-12)


@dataclass(frozen=True, slots=True)
class GoalField:
    """A column: `name` in the code, `header` in the workbook, `label` for people.

    `common` ones belong to the leading area when the goal is shared (PG-04, PG-08). Several fields may share a header
    (the formula's two terms).
    """

    name: str
    header: str
    label: str
    kind: FieldKind
    help: str
    limit: int = 0  # characters; 0 has none
    choices: tuple[tuple[str, str], ...] = ()
    common: bool = False
    required: bool = True


def _options(values: type[StrEnum]) -> tuple[tuple[str, str], ...]:
    return tuple((value.value, getattr(value, "label", value.value)) for value in values)


GOAL_FIELDS: tuple[GoalField, ...] = (
    GoalField(
        "objective", "objetivo_estrategico", "Objetivo estratégico", FieldKind.OBJECTIVE,
        "Objetivo del marco estratégico vigente al que sirve la meta.",
    ),
    GoalField(
        "text", "meta", "Meta", FieldKind.PROSE, "Resultado esperado, con verbo, magnitud y plazo.", 1000, common=True
    ),
    GoalField(
        "kind", "tipo_meta", "Tipo de meta", FieldKind.CHOICE, "Técnica, transversal o local.",
        choices=_options(GoalKind), common=True,
    ),
    GoalField("weight", "ponderacion", "Ponderación (%)", FieldKind.WEIGHT, "Puntos porcentuales; todas suman 100,00."),
    GoalField(
        "indicator", "indicador", "Indicador", FieldKind.PROSE, "Nombre de lo que se mide.", 500, common=True
    ),
    GoalField(
        "numerator", "formula_indicador", "Numerador", FieldKind.PROSE, "Lo que se cuenta.", 500, common=True
    ),
    GoalField(
        "denominator", "formula_indicador", "Denominador", FieldKind.PROSE,
        "Contra qué se cuenta; vacío si el indicador es un número.", 500, common=True, required=False,
    ),
    GoalField(
        "unit", "unidad_medida", "Unidad de medida", FieldKind.LINE, "Por ejemplo: Porcentaje, Informes, Días.", 60,
        common=True,
    ),
    GoalField(
        "indicator_type", "tipo_indicador", "Tipo de indicador", FieldKind.CHOICE, "Eficacia, eficiencia o efectividad.",
        choices=_options(IndicatorKind), common=True,
    ),
    GoalField(
        "baseline", "linea_base", "Línea base", FieldKind.AMOUNT, "De dónde se parte; obligatoria si la meta decrece.",
        required=False,
    ),
    GoalField(
        "programming_type", "tipo_programacion", "Tipo de programación", FieldKind.CHOICE,
        "Cómo los trimestres forman la magnitud.", choices=_options(ProgrammingType), common=True,
    ),
    *(
        GoalField(
            f"t{quarter}", f"p_t{quarter}", f"Programado T{quarter}", FieldKind.QUARTER,
            "Cantidad del trimestre; vacío o NP si no se programa.", required=False,
        )
        for quarter in (1, 2, 3, 4)
    ),
    GoalField("magnitude", "magnitud_total", "Magnitud total", FieldKind.AMOUNT, "Lo que se espera en toda la vigencia."),
    GoalField(
        "deliverable", "entregable", "Entregable", FieldKind.PROSE, "Producto que queda.", 500, common=True
    ),
    GoalField(
        "source", "fuente_informacion", "Fuente de información", FieldKind.PROSE, "De dónde sale el dato.", 500,
        common=True,
    ),
    GoalField(
        "verification", "medio_verificacion", "Medio de verificación", FieldKind.PROSE, "Con qué se comprueba.", 500,
        common=True,
    ),
    GoalField(
        "responsible", "dependencia_responsable", "Dependencia responsable", FieldKind.LINE, "Quién la ejecuta.", 250
    ),
    GoalField(
        "central_area", "responsable_reporte_central", "Reporta (área central)", FieldKind.UNIT,
        "Área central que reporta la meta, si no la reporta la propia dependencia.", common=True, required=False,
    ),
    GoalField(
        "articulation", "articulacion", "Articulación", FieldKind.LINE, "Otros instrumentos con que se articula.", 250,
        required=False,
    ),
)  # fmt: skip
BY_NAME = {field.name: field for field in GOAL_FIELDS}
QUARTER_NAMES = ("t1", "t2", "t3", "t4")
COMMON = frozenset(field.name for field in GOAL_FIELDS if field.common)
