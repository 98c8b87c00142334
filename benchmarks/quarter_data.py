"""An entity with 1,200 plans de gestión of 25 goals and their four quarterly reports, for the close of a quarter.

The figures cover every branch of the rules: four programming types, quarters that are not programmed, numerator and
denominator, no demand, over-execution, reports that nobody validated, goals eliminated.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import count
from random import Random

from django.db.models import Max

from benchmarks.nation import NOW, TYPES, load
from pes.models import OrganizationUnit, UnitKind, Vigencia
from plans.models import Goal, PlanGestion, QuarterTarget
from tracking.models import GoalReport, QuarterReport

VIGENCIA, QUARTER = 2022, 4
CODE = "banco-cierre"
DUE_ON = (date(2022, 4, 18), date(2022, 7, 15), date(2022, 10, 18), date(2023, 1, 16))
TEXTS = (
    "kind",
    "text",
    "indicator",
    "numerator",
    "denominator",
    "indicator_type",
    "deliverable",
    "source",
    "verification",
    "responsible",
    "articulation",
)


@dataclass(frozen=True)
class Year:
    """How much there is to close: half of the plans are of processes, half of alcaldías locales."""

    plans: int = 1_200
    goals: int = 25


@dataclass(frozen=True)
class Target:
    """A goal as the dice made it: what it programmes and around which level."""

    pk: int
    kind: str
    baseline: Decimal | None
    programmed: tuple[Decimal | None, ...]

    @property
    def magnitude(self) -> Decimal:
        """The annual magnitude that its quarters make up (PT-02)."""
        known = [amount for amount in self.programmed if amount is not None]
        return sum(known, Decimal(0)) if self.kind == "SUMA" else known[-1]


def build_year(year: Year) -> OrganizationUnit:
    """The entity with its plans, goals, programme, reports and figures, all by COPY; return the entity."""
    Vigencia.objects.get_or_create(year=VIGENCIA)
    sector = OrganizationUnit.objects.filter(kind=UnitKind.SECTOR).order_by("pk").values_list("pk", flat=True)[0]
    entity = _next(OrganizationUnit)
    _load_units([(entity, CODE, "Entidad", "entity", sector)])
    plans = _load_plans(year, entity)
    goals = _load_goals(year, plans)
    _load_reports(year, plans, goals)
    return OrganizationUnit.objects.get(pk=entity)


def _next(model: type) -> int:
    return (model._default_manager.aggregate(last=Max("pk"))["last"] or 0) + 1


def _load_units(rows: list[tuple[int, str, str, str, int]]) -> None:
    """Units by id, code, name, kind and parent, in this order."""
    empty = dict.fromkeys(("process_class", "acronym", "mission", "vision", "platform_act"), "")
    empty |= {"is_head": False, "is_active": True}
    load(
        OrganizationUnit,
        ("id", "code", "name", "kind", "parent_id", *empty, "sort_key"),
        ((*row, *empty.values(), row[0]) for row in rows),
    )


def _load_plans(year: Year, entity: int) -> range:
    first_unit, first = _next(OrganizationUnit), _next(PlanGestion)
    kinds = [("process", "central"), ("alcaldia_local", "local")]
    _load_units(
        [(first_unit + at, f"{CODE}-{at:04d}", f"Unidad {at}", kinds[at % 2][0], entity) for at in range(year.plans)]
    )
    empty = dict.fromkeys(("process_objective", "scope", "leader", "articulation_detail"), "")
    same = {"hola_case": "HOLA-1", "hola_on": NOW.date(), "instruments": "[]", "revision": 0, "edition": 1,
            "consolidated_quarter": 3, "opened_by_id": 1, "opened_at": NOW}  # fmt: skip
    for act in ("submitted", "validated", "official", "published"):
        same |= {f"{act}_by_id": 1, f"{act}_at": NOW}
    load(
        PlanGestion,
        ("id", "unit_id", "vigencia_id", "level", "status", *empty, *same),
        (
            (first + at, first_unit + at, VIGENCIA, kinds[at % 2][1], "published", *empty.values(), *same.values())
            for at in range(year.plans)
        ),
    )
    return range(first, first + year.plans)


def _load_goals(year: Year, plans: range) -> list[Target]:
    dice, first = Random(20220415), _next(Goal)
    goals = [_target(dice, pk) for pk in range(first, first + len(plans) * year.goals)]
    share = Decimal(100) / year.goals
    load(
        Goal,
        ("id", "plan_id", "number", "position", "weight", "baseline", "magnitude", "programming_type", "unit",
         "status", *TEXTS),
        (
            (goal.pk, plans[at // year.goals], 1 + at % year.goals, 1 + at % year.goals, share, goal.baseline,
             goal.magnitude, goal.kind, "Porcentaje" if dice.random() < 0.3 else "Solicitudes",
             "eliminated" if dice.random() < 0.02 else "active", "tecnica", *[""] * (len(TEXTS) - 1))
            for at, goal in enumerate(goals)
        ),
    )  # fmt: skip
    numbers = count(_next(QuarterTarget))
    load(
        QuarterTarget,
        ("id", "goal_id", "quarter", "programmed"),
        (
            (next(numbers), goal.pk, quarter, amount)
            for goal in goals
            for quarter, amount in enumerate(goal.programmed, 1)
        ),
    )
    return goals


def _target(dice: Random, pk: int) -> Target:
    kind, around = dice.choice(TYPES), Decimal(dice.randint(20, 4000))
    steps = {"CRECIENTE": 1, "DECRECIENTE": -1}
    amounts = [(around + steps.get(kind, 0) * quarter * around / 20) for quarter in range(1, 5)]
    kept = [amount.quantize(Decimal("0.0001")) if dice.random() > 0.1 else None for amount in amounts[:3]]
    baseline = around if kind == "DECRECIENTE" else None
    return Target(pk, kind, baseline, (*kept, amounts[3].quantize(Decimal("0.0001"))))


def _load_reports(year: Year, plans: range, goals: list[Target]) -> None:
    dice, first, sent = Random(20220718), _next(QuarterReport), (1, NOW, NOW, 1, NOW)
    reports = [(first + at, plan, 1 + at % 4) for at, plan in enumerate(plan for plan in plans for _ in range(4))]
    unsent = {pk for pk, _, _ in reports if dice.random() < 0.03}
    load(
        QuarterReport,
        ("id", "plan_id", "quarter", "status", "revision", "legal_due_on", "due_on", "opened_at", "is_late",
         "submitted_by_id", "submitted_at", "first_submitted_at", "validated_by_id", "validated_at"),
        (
            (pk, plan, quarter, "filling" if pk in unsent else "validated" if quarter == QUARTER else "consolidated",
             1, DUE_ON[quarter - 1], DUE_ON[quarter - 1], NOW, dice.random() < 0.1,
             *([None] * 5 if pk in unsent else sent))
            for pk, plan, quarter in reports
        ),
    )  # fmt: skip
    load(
        GoalReport,
        ("id", "report_id", "goal_id", "quarter", "achieved", "numerator", "denominator", "revision"),
        _entries(year, reports, goals, _next(GoalReport)),  # asked before: the connection is busy while it copies
    )


def _entries(
    year: Year, reports: list[tuple[int, int, int]], goals: list[Target], first: int
) -> Iterator[tuple[object, ...]]:
    dice, numbers = Random(20221018), count(first)
    for at, goal in enumerate(goals):
        for quarter in range(1, 5):
            report = reports[(at // year.goals) * 4 + quarter - 1][0]
            yield next(numbers), report, goal.pk, quarter, *_figures(dice, goal, goal.programmed[quarter - 1]), 1


def _figures(dice: Random, goal: Target, programmed: Decimal | None) -> tuple[Decimal | None, ...]:
    """Executed, or numerator and denominator; now and then nothing, or no demand (PT-16)."""
    luck = dice.random()
    if luck < 0.05:
        return None, None, None
    aim = goal.magnitude if programmed is None else programmed
    reached = (aim * dice.randint(0, 140) / 100).quantize(Decimal("0.0001"))
    if luck < 0.30:
        down = Decimal(0) if luck < 0.07 else Decimal(dice.randint(1, 90))
        return None, (reached * down).quantize(Decimal("0.0001")), down
    return reached, None, None
