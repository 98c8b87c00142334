"""The sheets and columns of a plan's workbook (rules §5.4): one description for reading and for writing.

Columns are found by their header, never by position (IMP-01); the headings that people use are accepted too.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby

from pes.workbooks.cells import Kind
from pes.workbooks.pairs import pairs_spec
from pes.workbooks.tables import Column, SheetSpec
from plans.models import PlanLevel
from plans.rules.fields import GOAL_FIELDS, FieldKind, GoalField

PLAN, GOALS = "Plan", "Metas"
NUMBER, STATUS, SUM = "no_meta", "estado_meta", "suma_trimestres"
HIGHEST_NUMBER = 99_999  # of a goal

FORMATS = {PlanLevel.CENTRAL: "PLE-PIN-F017", PlanLevel.LOCAL: "PLE-PIN-F018"}
FORMAT_VERSION = "1"  # of this layout: the blank official formats were not obtained (rules §5.4)

# Rows of the sheet Plan. Those that name a field are written by an import; the others only say which plan it is.
PLAN_FIELDS = {
    "objetivo_proceso": "process_objective",
    "alcance": "scope",
    "lider": "leader",
    "articulacion": "instruments",
    "articulacion_detalle": "articulation_detail",
}
PLAN_KEYS = (
    "codigo_formato", "version_formato", "vigencia", "nivel", "unidad", "proceso_o_alcaldia", "objetivo_proceso",
    "alcance", "lider", "fecha", "version_plan", "estado", "articulacion", "articulacion_detalle", "control_cambios",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class GoalColumn:
    """A column of the sheet Metas and the fields of a goal that it carries; the formula carries two."""

    header: str
    label: str
    fields: tuple[GoalField, ...]
    kind: Kind

    @property
    def name(self) -> str:
        """Its only field, or the first."""
        return self.fields[0].name

    @property
    def is_amount(self) -> bool:
        """Whether its cells hold numbers."""
        return self.kind is not Kind.PROSE


def _kind(field: GoalField) -> Kind:
    if field.kind is FieldKind.WEIGHT:
        return Kind.PERCENT
    if field.kind is FieldKind.QUARTER or (field.kind is FieldKind.AMOUNT and not field.required):
        return Kind.PROGRAMME  # NP, N/A and a dash are blanks (PT-12)
    return Kind.NUMBER if field.kind is FieldKind.AMOUNT else Kind.PROSE


def _columns() -> tuple[GoalColumn, ...]:
    groups = ((header, tuple(fields)) for header, fields in groupby(GOAL_FIELDS, lambda field: field.header))
    return tuple(
        GoalColumn(header, fields[0].label if len(fields) == 1 else "Fórmula del indicador", fields, _kind(fields[0]))
        for header, fields in groups
    )


GOAL_COLUMNS = _columns()
COLUMN_OF = {field.name: column for column in GOAL_COLUMNS for field in column.fields}
HEADERS = (NUMBER, *(column.header for column in GOAL_COLUMNS), STATUS)

_ALIASES = {
    NUMBER: ("No. meta", "No. de meta", "Número de meta", "N° meta", "Número meta"),
    STATUS: ("Estado", "Estado de la meta"),
    SUM: ("Suma de los trimestres",),
    "objetivo_estrategico": ("Objetivo",),
    "meta": ("Meta del plan", "Descripción de la meta"),
    "ponderacion": ("Peso", "Ponderación de la meta"),
    "indicador": ("Nombre del indicador",),
    "formula_indicador": ("Fórmula",),
    "unidad_medida": ("Unidad",),
    "linea_base": ("Línea de base",),
    "magnitud_total": ("Magnitud", "Magnitud anual", "Meta anual", "Total programado"),
    "entregable": ("Entregables",),
    "fuente_informacion": ("Fuente",),
    "medio_verificacion": ("Medios de verificación",),
    "dependencia_responsable": ("Responsable",),
    "responsable_reporte_central": ("Área central que reporta", "Responsable del reporte central"),
    **{f"p_t{q}": (f"T{q}", f"Trimestre {q}", f"Programación T{q}", f"Programado trimestre {q}") for q in (1, 2, 3, 4)},
}


def _goal_columns() -> dict[str, Column]:
    columns = {NUMBER: Column(Kind.INTEGER, filled=True, aliases=_ALIASES[NUMBER])}
    for column in GOAL_COLUMNS:
        columns[column.header] = Column(column.kind, aliases=(column.label, *_ALIASES.get(column.header, ())))
    columns[STATUS] = Column(Kind.PROSE, aliases=_ALIASES[STATUS])
    columns[SUM] = Column(Kind.PROGRAMME, required=False, computed=True, aliases=_ALIASES[SUM])
    return columns


PLAN_SPEC = pairs_spec(PLAN)
GOALS_SPEC = SheetSpec(GOALS, _goal_columns(), aliases=("Metas del plan", "Metas del plan de gestión"))
