"""A plan → the sheets of its workbook, so that importing them again changes nothing (IM14).

An empty plan gives the template: the same sheets without goals.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal

from django.utils import timezone

from pes.dates import long_date
from pes.demo_mark import demo_mark
from pes.models import OrganizationUnit
from pes.workbooks.instructions import instructions
from pes.workbooks.sheets import Cell, Formula, SheetData
from plans.content import context_of, facts_of
from plans.models import PlanGestion, PlanLevel, VersionEvent
from plans.rules.fields import QUARTER_NAMES
from plans.rules.goals import GoalFacts, PlanFacts
from plans.workbook import guide, shape
from plans.workbook.cells import STATUS_WORDS, choice_words, goal_cells, objective_cell

KEY_WIDTH, VALUE_WIDTH = 26, 90
WIDTHS = {
    shape.NUMBER: 9, "objetivo_estrategico": 34, "meta": 52, "tipo_meta": 14, "ponderacion": 14, "indicador": 36,
    "formula_indicador": 40, "unidad_medida": 17, "tipo_indicador": 16, "linea_base": 12, "tipo_programacion": 19,
    "p_t1": 11, "p_t2": 11, "p_t3": 11, "p_t4": 11, "magnitud_total": 16, "entregable": 32, "fuente_informacion": 32,
    "medio_verificacion": 32, "dependencia_responsable": 30, "responsable_reporte_central": 29, "articulacion": 24,
    shape.STATUS: 14, shape.SUM: 18,
}  # fmt: skip
WRAPPED = frozenset({shape.NUMBER, *(column.header for column in shape.GOAL_COLUMNS), shape.STATUS, shape.SUM})
_AMOUNTS = {c.header: "0.00" if c.name == "weight" else "General" for c in shape.GOAL_COLUMNS if c.is_amount}
_PUBLISHED = (VersionEvent.PUBLISHED, VersionEvent.RENEWED)


def sheets_of(plan: PlanGestion) -> list[SheetData]:
    """Every sheet of a plan's workbook: how to fill it, its identification, its goals."""
    facts, objectives, units = facts_of(plan), context_of(plan)["objectives"], central_units(plan)
    rows = ([*goal_cells(goal, objectives).values(), _sum(goal)] for goal in facts.goals)
    return form_of(plan, identification_cells(plan, facts).items(), rows, objectives, units)


def form_of(
    plan: PlanGestion,
    pairs: Iterable[tuple[str, Cell]],
    rows: Iterable[Sequence[Cell]],
    objectives: Mapping[int, str],
    units: Mapping[str, str],
) -> list[SheetData]:
    """The form of a plan with some values in it: the plan's own, or those of a file that is handed back."""
    mark = demo_mark()
    title = f"Plan de gestión de {plan.unit.name}, vigencia {plan.vigencia_id}"
    about = SheetData(
        shape.PLAN,
        ["clave", "valor"],
        (list(pair) for pair in pairs),
        widths={"clave": KEY_WIDTH, "valor": VALUE_WIDTH},
        mark=mark,
        locked=frozenset({"clave"}),
        wrap=frozenset({"valor"}),
        has_filter=False,
    )
    goals = SheetData(
        shape.GOALS,
        [*shape.HEADERS, shape.SUM],
        rows,
        widths=WIDTHS,
        formats=_AMOUNTS | {shape.SUM: "General"},
        mark=mark,
        choices=_choices(objectives, units),
        help=guide.COLUMN_HELP,
        locked=frozenset({shape.SUM}),
        wrap=WRAPPED,
        freeze="B2",
    )
    return [about, goals, instructions(title, guide.STEPS, guide.columns(units), mark=mark)]


def identification_cells(plan: PlanGestion, facts: PlanFacts) -> dict[str, Cell]:
    """The rows of the sheet Plan, by key; texts, the vigencia and the edition as numbers, the date as a date."""
    return {
        "codigo_formato": shape.FORMATS[PlanLevel(plan.level)],
        "version_formato": shape.FORMAT_VERSION,
        "vigencia": plan.vigencia_id,
        "nivel": plan.level,
        "unidad": plan.unit.code,
        "proceso_o_alcaldia": plan.unit.name,
        "objetivo_proceso": facts.process_objective or None,
        "alcance": facts.scope or None,
        "lider": facts.leader or None,
        "fecha": _day_of_the_last_act(plan),
        "version_plan": plan.edition,
        "estado": plan.get_status_display(),
        "articulacion": "; ".join(facts.instruments) or None,
        "articulacion_detalle": facts.articulation_detail or None,
        "control_cambios": "\n".join(_editions(plan)) or None,
    }


def central_units(plan: PlanGestion) -> dict[str, str]:
    """Code → name of the units of the entity, any of which may report a goal."""
    found = OrganizationUnit.objects.filter(parent=plan.unit.parent_id, is_active=True)
    return dict(found.order_by("sort_key", "code").values_list("code", "name"))


def _choices(objectives: Mapping[int, str], units: Mapping[str, str]) -> dict[str, Sequence[str]]:
    words = {c.header: choice_words(c) for c in shape.GOAL_COLUMNS if c.fields[0].choices}
    return words | {
        "objetivo_estrategico": [objective_cell(number, objectives) for number in sorted(objectives)],
        "responsable_reporte_central": list(units),
        shape.STATUS: list(STATUS_WORDS.values())[:2],
    }


def _sum(goal: GoalFacts) -> Formula:
    first, last = (guide.letter(shape.COLUMN_OF[name].header) for name in (QUARTER_NAMES[0], QUARTER_NAMES[-1]))
    amounts = [amount for amount in goal.quarters if amount is not None]
    return Formula(f"SUM({first}{{row}}:{last}{{row}})", sum(amounts, Decimal(0)))


def _day_of_the_last_act(plan: PlanGestion) -> dt.date:
    acts = (plan.closed_at, plan.published_at, plan.official_at, plan.validated_at, plan.submitted_at, plan.opened_at)
    return timezone.localdate(next(at for at in acts if at is not None))


def _editions(plan: PlanGestion) -> Iterator[str]:
    """One line for each edition that was published, in order (control de cambios)."""
    for version in plan.versions.filter(event__in=_PUBLISHED).order_by("number").defer("content"):
        note = f": {version.note}" if version.note else ""
        yield f"Versión {version.edition} · {long_date(version.at)} · {version.get_event_display()}{note}"
