"""A plan's goals for everybody: one list of data, read on the page and downloaded alike. Never a name of staff."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from pes.models import OrganizationUnit, StrategicObjective
from pes.rules.numbers import format_magnitude, format_percent, round_half_up
from pes.rules.programming import ProgrammingType
from plans.models import PlanGestion
from plans.rules.fields import GOAL_FIELDS, QUARTER_NAMES
from plans.rules.goals import GoalFacts, GoalKind, GoalStatus, PlanFacts
from plans.rules.values import is_percentage, spoken, value_of

HEADERS = {"numerator": "numerador", "denominator": "denominador"}  # the official form has both in one cell
STATES = {GoalStatus.ACTIVE: "activa", GoalStatus.ELIMINATED: "eliminada"}
QUARTERS = {"t1": "enero a marzo", "t2": "abril a junio", "t3": "julio a septiembre", "t4": "octubre a diciembre"}
ON_TOP = frozenset({"number", "text", "kind", "weight", "magnitude", *QUARTER_NAMES})
TYPES = {
    ProgrammingType.SUMA: "Lo de cada trimestre se suma hasta completar el año.",
    ProgrammingType.CONSTANTE: "Se espera lo mismo en cada trimestre programado.",
    ProgrammingType.CRECIENTE: "Sube de un trimestre a otro hasta llegar a lo del año.",
    ProgrammingType.DECRECIENTE: "Baja desde la línea base hasta llegar a lo del año.",
}
KINDS = {
    GoalKind.TECNICA: "Propia de esta dependencia",
    GoalKind.TRANSVERSAL: "Compartida con otros procesos",
    GoalKind.LOCAL: "Compartida con otras alcaldías locales",
}


@dataclass(frozen=True, slots=True)
class Datum:
    """A value under the header of the open data, and the words that the page shows for it."""

    header: str
    label: str
    value: str | int | Decimal | None
    text: str


@dataclass(frozen=True, slots=True)
class PublicGoal:
    """A goal as everybody reads it."""

    number: int
    heading: str
    anchor: str
    kind: str
    about: str
    is_eliminated: bool
    type_help: str
    quarters: tuple[Datum, ...]
    total: str
    caption: str
    more: str
    details: tuple[Datum, ...]
    data: tuple[Datum, ...]


@dataclass(frozen=True, slots=True)
class Names:
    """What the codes in a frozen plan stand for."""

    objectives: Mapping[int, str]
    areas: Mapping[str, str]


def names_for(plan: PlanGestion, *versions: PlanFacts) -> Names:
    """The names of the objectives and areas in some versions of a plan; four queries at most.

    The objectives are those that its goals serve: a framework adopted later has others under the same numbers. That of
    the vigencia names what no goal serves any more.
    """
    framework = plan.framework()
    objectives = dict(framework.objectives.values_list("number", "text")) if framework else {}
    served = StrategicObjective.objects.filter(goals__plan=plan).order_by("framework__valid_from")
    objectives |= dict(served.values_list("number", "text"))
    codes = {goal.central_area for version in versions for goal in version.goals if goal.central_area}
    areas = OrganizationUnit.objects.filter(code__in=codes).values_list("code", "name") if codes else ()
    return Names(objectives, dict(areas))


def public_goals(facts: PlanFacts, names: Names) -> tuple[PublicGoal, ...]:
    """The goals of a version, in its order."""
    return tuple(_goal(goal, names) for goal in facts.goals)


def _goal(goal: GoalFacts, names: Names) -> PublicGoal:
    named = list(_data(goal, names))
    by_field = dict(named)
    data = tuple(datum for _, datum in named)
    share, is_eliminated = by_field["weight"].text, goal.status is GoalStatus.ELIMINATED
    counts = f"Ya no cuenta en el plan; contaba el {share}." if is_eliminated else f"Cuenta el {share} del plan."
    return PublicGoal(
        number=goal.number,
        heading=f"Meta {goal.number}. {goal.text}",
        anchor=f"meta-{goal.number}",
        kind=goal.kind.label,
        about=f"{KINDS[goal.kind]}. {counts}",
        is_eliminated=is_eliminated,
        type_help=TYPES[goal.programming_type] if goal.programming_type else "",
        quarters=tuple(by_field[name] for name in QUARTER_NAMES),
        total=f"{by_field['magnitude'].text} {'%' if is_percentage(goal.unit) else goal.unit}".strip(),
        caption=f"Programación de la meta {goal.number}",
        more=f"Cómo se mide la meta {goal.number} y quién responde",
        details=tuple(datum for name, datum in named if name not in ON_TOP and datum.value not in (None, "")),
        data=data,
    )


def _data(goal: GoalFacts, names: Names) -> Iterator[tuple[str, Datum]]:
    """Every datum of a goal by the name of its field, the codes first."""
    yield "number", Datum("no_meta", "No. meta", goal.number, str(goal.number))
    yield "status", Datum("estado_meta", "Estado", STATES[goal.status], goal.status.label)
    for field in GOAL_FIELDS:
        value = value_of(goal, field.name)
        header, label = HEADERS.get(field.name, field.header), field.label
        if field.name in QUARTERS:
            label = f"{field.name.upper()}, {QUARTERS[field.name]}"
        if field.name == "weight":
            text = format_percent(goal.weight)
        elif field.name == "magnitude":
            text = format_magnitude(goal.magnitude)
        else:
            text = spoken(field.name, value)
        yield field.name, Datum(header, label, _plain(field.name, value), text)
        if field.name == "objective":
            name = names.objectives.get(goal.objective or 0, "")
            yield "objective_name", Datum(f"{header}_texto", "Qué dice ese objetivo", name, name)
        if field.name == "central_area":
            name = names.areas.get(goal.central_area, "")
            yield "area_name", Datum(f"{header}_nombre", "Nombre de esa área", name, name)


def _plain(name: str, value: object) -> str | int | Decimal | None:
    """A value without our types: what a workbook or JSON holds; a weight always with its two decimals."""
    if name == "weight" and isinstance(value, Decimal):
        return round_half_up(value, 2)
    if value is None or isinstance(value, Decimal | int):
        return value
    return str(getattr(value, "value", value))
