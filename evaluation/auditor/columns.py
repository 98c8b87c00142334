"""The columns of CB-0404: what may fill each, and which are in force (REP-08).

The Contraloría's blank form was not obtained, so that headers, order and numbers can be edited; the default columns
are those that the rules decide.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import Any

from evaluation.auditor.context import GoalYearLine, UnitYear, YearContext
from evaluation.auditor.wording import class_of
from evaluation.models import AuditorColumns
from pes.rules.numbers import ratio_to_percent
from pes.rules.problems import Problem
from pes.workbooks.sheets import Plain

MOST_COLUMNS, LONGEST_HEADER, LONGEST_CONSTANT = 60, 120, 500
LARGEST_NUMBER = 9999
CONSTANT = ""
Reader = Callable[[YearContext, UnitYear, GoalYearLine], Plain]


@dataclass(frozen=True, slots=True)
class Source:
    """Something that a column may say of a goal."""

    label: str
    read: Reader
    is_percent: bool = False


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its source is a name of `SOURCES`, or blank and then `constant` is what every row says."""

    header: str
    source: str
    number: int | None = None
    constant: str = ""

    @property
    def title(self) -> str:
        """The header as it is written, with its number if it has one: «(4) Proceso»."""
        return f"({self.number}) {self.header}" if self.number else self.header

    @property
    def is_percent(self) -> bool:
        """Whether its numbers are percentages."""
        return self.source in SOURCES and SOURCES[self.source].is_percent

    def read(self, context: YearContext, unit: UnitYear, goal: GoalYearLine) -> Plain:
        """What it says of a goal; None is not known."""
        return SOURCES[self.source].read(context, unit, goal) if self.source else self.constant

    def as_json(self) -> dict[str, Any]:
        """As it is stored."""
        return asdict(self)


def _formula(goal: GoalYearLine) -> str:
    if goal.numerator_name and goal.denominator_name:
        return f"({goal.numerator_name}) / ({goal.denominator_name})"
    return goal.numerator_name


def _executed(quarter: int) -> Reader:
    def read(context: YearContext, unit: UnitYear, goal: GoalYearLine) -> Decimal | None:
        return next((one.achieved for one in goal.quarters if one.quarter == quarter), None)

    return read


def _analysis(goal: GoalYearLine) -> str:
    return f"Meta eliminada. {goal.analysis}".strip() if goal.is_eliminated else goal.analysis


SOURCES: Mapping[str, Source] = {
    "proceso": Source("Proceso o alcaldía", lambda year, unit, goal: unit.name),
    "proceso_codigo": Source("Código del proceso o alcaldía", lambda year, unit, goal: unit.code),
    "proceso_clase": Source("Clase de proceso", lambda year, unit, goal: class_of(unit)),
    "objetivo": Source("Objetivo", lambda year, unit, goal: goal.objective or unit.process_objective),
    "objetivo_proceso": Source("Objetivo del proceso", lambda year, unit, goal: unit.process_objective),
    "meta_numero": Source("Número de la meta", lambda year, unit, goal: goal.number),
    "meta_texto": Source("Texto de la meta", lambda year, unit, goal: goal.text),
    "indicador": Source("Indicador", lambda year, unit, goal: goal.indicator),
    "tipo": Source("Tipo de indicador", lambda year, unit, goal: goal.indicator_type),
    "programacion": Source("Tipo de programación", lambda year, unit, goal: goal.programming_type),
    "formula": Source("Fórmula", lambda year, unit, goal: _formula(goal)),
    "variable_1_nombre": Source("Variable 1, nombre", lambda year, unit, goal: goal.numerator_name),
    "variable_1_valor": Source("Variable 1, valor", lambda year, unit, goal: goal.numerator),
    "variable_2_nombre": Source("Variable 2, nombre", lambda year, unit, goal: goal.denominator_name),
    "variable_2_valor": Source("Variable 2, valor", lambda year, unit, goal: goal.denominator),
    "unidad": Source("Unidad de medida", lambda year, unit, goal: goal.unit),
    "ponderacion": Source("Ponderación", lambda year, unit, goal: goal.weight),
    "meta": Source("Meta (magnitud anual)", lambda year, unit, goal: goal.magnitude),
    "resultado": Source("Resultado (ejecutado acumulado)", lambda year, unit, goal: goal.accumulated),
    "cumplimiento": Source("% de cumplimiento", lambda year, unit, goal: ratio_to_percent(goal.progress), True),
    **{f"ejecutado_t{at}": Source(f"Ejecutado T{at}", _executed(at)) for at in (1, 2, 3, 4)},
    "analisis": Source("Análisis", lambda year, unit, goal: _analysis(goal)),
    "causas": Source("Causas del retraso", lambda year, unit, goal: goal.delay_causes),
    "vigencia": Source("Vigencia", lambda year, unit, goal: year.vigencia),
    "entidad": Source("Entidad", lambda year, unit, goal: year.entity),
}

DEFAULT = tuple(
    Column(header, source)
    for header, source in (
        ("Proceso", "proceso"),
        ("Objetivo", "objetivo"),
        ("Indicador", "indicador"),
        ("Tipo", "tipo"),
        ("Fórmula", "formula"),
        ("Variable 1 nombre", "variable_1_nombre"),
        ("Variable 1 valor", "variable_1_valor"),
        ("Variable 2 nombre", "variable_2_nombre"),
        ("Variable 2 valor", "variable_2_valor"),
        ("Unidad", "unidad"),
        ("Meta", "meta"),
        ("Resultado", "resultado"),
        ("% cumplimiento", "cumplimiento"),
        ("Análisis", "analisis"),
    )
)


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns in force, and which version they are; 0 is the default."""

    version: int
    columns: tuple[Column, ...]


def in_force() -> Columns:
    """The last version, or the decided columns; one query. A source that no longer exists is left out."""
    row = AuditorColumns.objects.order_by("-version").first()
    if row is None:
        return Columns(0, DEFAULT)
    known = (Column(**one) for one in row.columns)
    return Columns(row.version, tuple(one for one in known if one.source in SOURCES or not one.source))


def column_problems(columns: Iterable[Column]) -> list[Problem]:
    """What is wrong with some columns, each named by its header."""
    given = list(columns)
    if not given:
        return [_problem("columns_empty", "El formato debe tener al menos una columna.", "Deje una columna visible.")]
    if len(given) > MOST_COLUMNS:
        message = f"El formato admite {MOST_COLUMNS} columnas y hay {len(given)}."
        return [_problem("columns_too_many", message, "Quite columnas.")]
    found, titles = [], set()
    for at, column in enumerate(given, 1):
        found += _problems_of(column, at)
        if column.title.casefold() in titles:
            message = f"El encabezado «{column.title}» se repite."
            found.append(_problem("header_repeated", message, "Cambie uno de los dos."))
        titles.add(column.title.casefold())
    return found


def _problems_of(column: Column, at: int) -> Iterable[Problem]:
    if not column.header or len(column.header) > LONGEST_HEADER:
        message = f"La columna {at} necesita un encabezado de hasta {LONGEST_HEADER} caracteres."
        yield _problem("header_not_valid", message, "Escríbalo.")
    if column.source and column.source not in SOURCES:
        yield _problem("source_unknown", f"La columna {at} pide un dato que no existe.", "Elija uno de la lista.")
    if column.number is not None and not 1 <= column.number <= LARGEST_NUMBER:
        message = f"El número de la columna {at} va de 1 a {LARGEST_NUMBER}."
        yield _problem("number_not_valid", message, "Escriba un número entero o déjelo vacío.")
    if len(column.constant) > LONGEST_CONSTANT:
        message = f"El texto fijo de la columna {at} admite {LONGEST_CONSTANT} caracteres."
        yield _problem("constant_too_long", message, "Acórtelo.")


def _problem(code: str, message: str, fix: str) -> Problem:
    return Problem(code, "REP-08", message, fix=fix)
