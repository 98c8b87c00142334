"""What the demonstration's plans report, from `fixtures/demo_reportes.json` as plain values: invented, and always alike.

A figure is what was programmed, by the profile of its unit and a tilt; its words follow from its result. There is no
chance and no date in it: who loads them walks the real verbs, on days counted from the due date of each quarter.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache
from typing import Any

from django.conf import settings

from pes.rules.numbers import (
    HUNDRED,
    NO_BREAK_SPACE,
    format_magnitude,
    format_percent,
    ratio_to_percent,
    round_half_up,
)
from pes.rules.programming import ProgrammingType
from pes.rules.quarters import QuarterPolicy, QuarterResult
from pes.rules.states import FigureState
from plans.demo_plans import DemoPlan
from plans.rules.goals import GoalFacts
from plans.rules.values import is_percentage
from tracking.rules.completeness import explained
from tracking.rules.goal_reports import Entry, GoalYear, results_of

FIXTURE = settings.BASE_DIR / "fixtures" / "demo_reportes.json"
ORDINALS = ("primer", "segundo", "tercer", "cuarto")
_Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class DemoEntry:
    """What is reported of a goal in a quarter; `area` is the code of the central area that does, blank for the team."""

    goal: int
    key: str
    area: str
    entry: Entry

    @property
    def values(self) -> dict[str, Decimal | str]:
        """What is typed, by name of `EntryField`."""
        said = {name: getattr(self.entry, name) for name in Entry.__dataclass_fields__ if name != "evidence"}
        return {name: value for name, value in said.items() if value not in (None, "")}


@dataclass(frozen=True, slots=True)
class DemoProgress:
    """Where a report of the open quarter stands when the demonstration is prepared.

    `due` and `sent` are days after and before that day. Of what its team writes, the first `filled` goals are there.
    """

    stage: str
    due: int = 6
    sent: int = 0
    filled: int = 99
    supplied: bool = False


@dataclass(frozen=True, slots=True)
class DemoThread:
    """An observation to what a goal reports; `turns` are (side, text) from the oldest, side as in `Side`."""

    unit: str
    quarter: int
    goal: str
    field: str
    turns: tuple[tuple[str, str], ...]


def content(key: str) -> Any:
    """A part of the fixture as it is written."""
    return _content()[key]


def entries_of(plan: DemoPlan, quarter: int, policy: QuarterPolicy) -> tuple[DemoEntry, ...]:
    """Everything that a plan reports of a quarter 1–4, in the order of its goals; nothing where nothing is programmed."""
    return tuple(found for facts in plan.facts.goals if (found := _entry(plan, facts, quarter, policy)) is not None)


def sent_after(unit: str, quarter: int) -> int:
    """Days from the due date to the sending of a report; negative is in time."""
    late: int | None = _content()["late"].get(unit, {}).get(str(quarter))
    return -1 - (_place(unit) + quarter) % 5 if late is None else late


def supplied_after(area: str, quarter: int) -> int:
    """Days from the due date to what a central area supplies."""
    late: int | None = _content()["late_areas"].get(area, {}).get(str(quarter))
    return -3 if late is None else late


def threads() -> Iterator[DemoThread]:
    """The observations of the analysts, with their answers."""
    for row in _content()["observations"]:
        yield DemoThread(**row | {"turns": tuple((side, text) for side, text in row["turns"])})


def in_progress() -> dict[str, DemoProgress]:
    """Unit → where its report of the open quarter stands."""
    return {unit: DemoProgress(**row) for unit, row in _content()["in_progress"].items()}


@cache
def _content() -> _Json:
    found: _Json = json.loads(FIXTURE.read_text(encoding="utf-8"))
    return found


@cache
def _exceptions() -> dict[tuple[str, str, int], _Json]:
    return {(row["unit"], row["goal"], row["quarter"]): row for row in _content()["exceptions"]}


@cache
def _place(unit: str) -> int:
    return list(_content()["units"]).index(unit)


def _entry(plan: DemoPlan, facts: GoalFacts, quarter: int, policy: QuarterPolicy) -> DemoEntry | None:
    key = plan.keys[facts.number]
    figures = tuple(_figures(plan.unit, key, facts, at) for at in range(1, quarter + 1))
    if figures[-1] == Entry():
        return None
    year = _year(facts, figures)
    results = results_of(year, policy, [True] * quarter)
    words = _words(plan.unit, key, year, results)
    return DemoEntry(facts.number, key, facts.central_area, replace(figures[-1], **words))


def _year(facts: GoalFacts, figures: tuple[Entry, ...]) -> GoalYear:
    assert facts.programming_type is not None  # only complete plans are reported
    return GoalYear(
        number=facts.number,
        text=facts.text,
        kind=facts.programming_type,
        magnitude=facts.magnitude or Decimal(0),
        weight=facts.weight,
        baseline=facts.baseline,
        unit=facts.unit,
        programmed=facts.quarters,
        entries=figures,
        is_central=bool(facts.central_area),
    )


def _figures(unit: str, key: str, facts: GoalFacts, quarter: int) -> Entry:
    """The amounts of a quarter; empty where nothing is programmed."""
    told = _exceptions().get((unit, key, quarter), {})
    if amounts := {name: Decimal(told[name]) for name in ("numerator", "denominator", "achieved") if name in told}:
        return Entry(**amounts)
    programmed = facts.quarters[quarter - 1]
    if not programmed:
        return Entry()
    level = _level(facts, programmed, _factor(unit, facts.number, quarter))
    goal = _content()["goals"][key]
    demand = _demand(unit, goal, quarter)
    if demand is None:
        return Entry(achieved=round_half_up(level, goal.get("decimals", 0)))
    if not is_percentage(facts.unit):
        return Entry(numerator=round_half_up(level * demand, 0), denominator=demand)
    return Entry(numerator=min(round_half_up(level * demand / HUNDRED, 0), demand), denominator=demand)


def _level(facts: GoalFacts, programmed: Decimal, factor: Decimal) -> Decimal:
    """What was done of what was programmed; the parts of a whole never add up to more than it."""
    if facts.programming_type == ProgrammingType.DECRECIENTE:
        base = facts.baseline or Decimal(0)
        return base - (base - programmed) * factor
    is_part = facts.programming_type == ProgrammingType.SUMA and is_percentage(facts.unit)
    return programmed * (min(factor, Decimal(1)) if is_part else factor)


def _factor(unit: str, goal: int, quarter: int) -> Decimal:
    profile = _content()["profiles"][_content()["units"][unit]["profile"]]
    factor = Decimal(profile["factors"][quarter - 1])
    if profile.get("is_even"):
        return factor
    tilts = _content()["tilts"]
    return factor * Decimal(tilts[(3 * _place(unit) + 5 * goal + 7 * quarter) % len(tilts)])


def _demand(unit: str, goal: _Json, quarter: int) -> Decimal | None:
    """The denominator of the indicator: of each quarter, or of the whole year."""
    demand = goal.get("demand")
    if demand is None:
        return None
    base = Decimal(demand if isinstance(demand, str) else demand[quarter - 1])
    size = Decimal(1 if goal.get("is_fixed") else _content()["units"][unit].get("size", "1"))
    return max(round_half_up(base * size, 0), Decimal(1))


def _words(unit: str, key: str, year: GoalYear, results: Sequence[QuarterResult]) -> dict[str, str]:
    """What is said of the last quarter, as its result asks for; with the spaces that a person types (IM13)."""
    quarter, result = len(results), results[-1]
    told, texts = _exceptions().get((unit, key, quarter), {}), _content()["goals"][key]
    shown, said = ratio_to_percent(result.result), _filled_in(year, result)
    is_short = shown is not None and shown < HUNDRED
    turn = _place(unit) + quarter
    analysis = _nth(texts["poor" if is_short else "good"], turn)
    if result.state is FigureState.NO_DEMAND:
        analysis = _content()["without_demand"]
    analysis = told.get("analysis", analysis)
    of_year = _content()["accumulated"][year.kind.value if result.accumulated is not None else "none"]
    found = {"analysis": analysis, "accumulated_analysis": _nth(of_year, turn)}
    if is_short:
        found["delay_causes"] = told.get("delay_causes", _nth(texts["causes"], turn + year.number))
    if asked := explained(year, quarter, results):
        found["explanation"] = told.get("explanation") or _content()["explanations"][asked[0].code]
    return {name: text.format_map(said).replace(NO_BREAK_SPACE, " ") for name, text in found.items()}


def _nth(texts: Sequence[str], turn: int) -> str:
    return texts[turn % len(texts)]


def _filled_in(year: GoalYear, result: QuarterResult) -> Mapping[str, str]:
    """The figures that the texts name, as people write them."""
    entry = year.entry(result.quarter)

    def amount(value: Decimal | None) -> str:
        if value is None:
            return "0"
        return format_magnitude(round_half_up(value, 2)) + (" %" if year.is_percentage else "")

    return {
        "trimestre": ORDINALS[result.quarter - 1],
        "programado": amount(year.programmed[result.quarter - 1]),
        "ejecutado": amount(result.achieved),
        "numerador": format_magnitude(entry.numerator),
        "denominador": format_magnitude(entry.denominator),
        "resultado": format_percent(ratio_to_percent(result.result)),
        "acumulado": amount(result.accumulated),
        "avance": format_percent(ratio_to_percent(result.progress)),
        "magnitud": amount(year.magnitude),
        "base": amount(year.baseline),
    }
