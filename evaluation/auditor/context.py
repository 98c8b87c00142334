"""What the year of an entity says, for every document that tells it: one frozen tree, read from consolidated quarters.

Nothing is computed here: each figure is that of the last run of a close. Ratios are 0–1 and unrounded, amounts in the
goal's unit; unknown is None and never zero.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from decimal import Decimal
from functools import cached_property
from itertools import groupby
from typing import Any

from django.conf import settings
from django.utils import timezone

from evaluation.models import GoalResult, QuarterClose, UnitResult
from evaluation.quarter_closes import last_runs
from pes.audit import canonical
from pes.demo_mark import demo_mark
from pes.models import OrganizationUnit
from pes.models.organization import ProcessClass
from pes.rules.numbers import ZERO, exact
from pes.rules.programming import ProgrammingType
from plans.models import Goal, PlanGestion
from plans.models.plan import PlanLevel
from plans.rules.goals import GoalStatus, IndicatorKind
from tracking.models import ReportVersion

LAST_QUARTER = 4
LEVELS = frozenset({ProgrammingType.CRECIENTE.value, ProgrammingType.DECRECIENTE.value})


@dataclass(frozen=True, slots=True)
class GoalQuarter:
    """A goal in a consolidated quarter."""

    quarter: int
    state: str
    programmed: Decimal | None
    achieved: Decimal | None
    result: Decimal | None
    analysis: str = ""
    delay_causes: str = ""
    numerator: Decimal | None = None
    denominator: Decimal | None = None
    files: int = 0


@dataclass(frozen=True, slots=True)
class Told:
    """What a validated report says of a goal."""

    analysis: str = ""
    accumulated: str = ""
    causes: str = ""
    numerator: Decimal | None = None
    denominator: Decimal | None = None
    files: int = 0


UNTOLD = Told()


@dataclass(frozen=True, slots=True)
class GoalYearLine:
    """A goal in its year, up to the last consolidated quarter.

    `numerator` and `denominator` are its two variables in the year, when every report gave both (PT-16b).
    """

    number: int
    text: str
    objective: str
    indicator: str
    indicator_type: str
    programming_type: str
    numerator_name: str
    denominator_name: str
    unit: str
    weight: Decimal | None
    magnitude: Decimal | None
    numerator: Decimal | None
    denominator: Decimal | None
    accumulated: Decimal | None
    progress: Decimal | None
    analysis: str
    delay_causes: str
    is_eliminated: bool
    quarters: tuple[GoalQuarter, ...]


@dataclass(frozen=True, slots=True)
class UnitQuarter:
    """A plan in a consolidated quarter; ratios."""

    quarter: int
    rank: int | None
    score: Decimal | None
    to_date: Decimal | None
    on_time: Decimal | None
    goals_rated: int
    goals_programmed: int
    goals_with_evidence: int
    is_reported: bool


@dataclass(frozen=True, slots=True)
class UnitYear:
    """A process or an alcaldía in its year."""

    code: str
    name: str
    level: str
    process_class: str
    process_objective: str
    leader: str
    quarters: tuple[UnitQuarter, ...]
    goals: tuple[GoalYearLine, ...]

    @property
    def last(self) -> UnitQuarter | None:
        """Its last consolidated quarter."""
        return self.quarters[-1] if self.quarters else None


@dataclass(frozen=True, slots=True)
class CloseProof:
    """The run that a figure comes from."""

    quarter: int
    level: str
    run: int
    digest: str
    closed_at: datetime
    methodology: str
    excluded: tuple[Mapping[str, object], ...] = ()


@dataclass(frozen=True)
class YearContext:
    """The year of an entity, its units in the order of the documents: misional, strategic, support, alcaldías."""

    institution: str
    entity_code: str
    entity: str
    vigencia: int
    kind: str
    quarter: int  # the last one consolidated; 4 when the year is complete
    units: tuple[UnitYear, ...]
    closes: tuple[CloseProof, ...]
    dated_at: datetime
    edition: int = 0
    correction: str = ""
    demo: str = ""
    close_ids: tuple[int, ...] = field(default=())

    @property
    def is_complete(self) -> bool:
        """Whether the fourth quarter is consolidated at every level that has any."""
        last: dict[str, int] = {}
        for proof in self.closes:
            last[proof.level] = max(last.get(proof.level, 0), proof.quarter)
        return bool(last) and all(quarter == LAST_QUARTER for quarter in last.values())

    @property
    def marks(self) -> tuple[str, ...]:
        """What every page says first: draft, preliminary, demonstration."""
        said = ("" if self.edition else "Borrador", "" if self.is_complete else "Preliminar", self.demo)
        return tuple(mark for mark in said if mark)

    @cached_property
    def digest(self) -> str:
        """SHA-256 of what is told, whenever it is told."""
        said = asdict(self)
        del said["dated_at"]
        return hashlib.sha256(canonical(said)).hexdigest()


def year_of(
    entity: OrganizationUnit, vigencia: int, kind: str, *, edition: int = 0, correction: str = ""
) -> YearContext | None:
    """The year as its last runs tell it; None while no quarter is consolidated. Six queries."""
    closes = list(last_runs(QuarterClose.objects.filter(entity=entity, vigencia=vigencia)).order_by("quarter", "level"))
    if not closes:
        return None
    return YearContext(
        institution=settings.PES_INSTITUTION,
        entity_code=entity.code,
        entity=entity.name,
        vigencia=vigencia,
        kind=kind,
        quarter=max(close.quarter for close in closes),
        units=tuple(_units(closes)),
        closes=tuple(_proof(close) for close in closes),
        dated_at=timezone.now(),
        edition=edition,
        correction=correction,
        demo=demo_mark(),
        close_ids=tuple(close.pk for close in closes),
    )


def _proof(close: QuarterClose) -> CloseProof:
    label = str(close.methodology.get("label", ""))
    return CloseProof(
        close.quarter, close.level, close.run, close.digest, close.closed_at, label, tuple(close.excluded)
    )


def _units(closes: Sequence[QuarterClose]) -> list[UnitYear]:
    ids = [close.pk for close in closes]
    plans = PlanGestion.objects.filter(results__close__in=ids).distinct().select_related("unit")
    quarters, goals = _unit_quarters(ids), _goals(closes)
    units = [
        UnitYear(
            code=plan.unit.code,
            name=plan.unit.name,
            level=plan.level,
            process_class=plan.unit.process_class,
            process_objective=plan.process_objective,
            leader=plan.leader,
            quarters=tuple(quarters.get(plan.pk, ())),
            goals=tuple(goals.get(plan.pk, ())),
        )
        for plan in plans
    ]
    keys = {plan.unit.code: plan.unit.sort_key for plan in plans}
    return sorted(units, key=lambda unit: (_place(unit), keys[unit.code], unit.code))


def _place(unit: UnitYear) -> int:
    """Misional processes first, alcaldías last (REP-07)."""
    order = (*ProcessClass.values, "")
    return len(order) if unit.level == PlanLevel.LOCAL else order.index(unit.process_class)


def _unit_quarters(closes: Iterable[int]) -> dict[int, list[UnitQuarter]]:
    rows = UnitResult.objects.filter(close__in=list(closes)).order_by("close__quarter")
    found: dict[int, list[UnitQuarter]] = {}
    columns = (
        "plan_id", "close__quarter", "rank", "score", "to_date", "on_time", "goals_rated", "goals_programmed",
        "goals_with_evidence", "counted",
    )  # fmt: skip
    for plan, *values in rows.values_list(*columns):
        found.setdefault(plan, []).append(UnitQuarter(*values))
    return found


def _goals(closes: Sequence[QuarterClose]) -> dict[int, list[GoalYearLine]]:
    rows = GoalResult.objects.filter(close__in=closes).select_related("goal__strategic_objective")
    ordered = list(rows.order_by("goal__plan", "goal__position", "goal__number", "goal", "close__quarter"))
    quarter_of, words = {close.pk: close.quarter for close in closes}, told_in(closes)
    found: dict[int, list[GoalYearLine]] = {}
    for goal, years in groupby(ordered, key=lambda row: row.goal):
        told = [(quarter_of[row.close_id], row) for row in years]
        said = [(row, words.get((goal.plan_id, quarter), {}).get(goal.number, UNTOLD)) for quarter, row in told]
        quarters = tuple(_goal_quarter(quarter, row, one) for (quarter, _), (row, one) in zip(told, said, strict=True))
        found.setdefault(goal.plan_id, []).append(_line(goal, said, quarters))
    return found


def _goal_quarter(quarter: int, row: GoalResult, told: Told) -> GoalQuarter:
    return GoalQuarter(
        quarter, row.state, row.programmed, row.achieved, row.result, told.analysis, told.causes, told.numerator,
        told.denominator, told.files,
    )  # fmt: skip


def _line(goal: Goal, said: Sequence[tuple[GoalResult, Told]], quarters: tuple[GoalQuarter, ...]) -> GoalYearLine:
    last, told = said[-1][0], [one for _, one in reversed(said)]
    numerator, denominator = _terms(goal, said)
    return GoalYearLine(
        number=goal.number,
        text=goal.text,
        objective=goal.strategic_objective.text if goal.strategic_objective else "",
        indicator=goal.indicator,
        indicator_type=IndicatorKind(goal.indicator_type).label if goal.indicator_type else "",
        programming_type=ProgrammingType(goal.programming_type).label if goal.programming_type else "",
        numerator_name=goal.numerator,
        denominator_name=goal.denominator,
        unit=goal.unit,
        weight=last.weight,
        magnitude=goal.magnitude,
        numerator=numerator,
        denominator=denominator,
        accumulated=last.accumulated,
        progress=last.progress,
        analysis=next((one.accumulated or one.analysis for one in told if one.accumulated or one.analysis), ""),
        delay_causes=next((one.causes for one in told if one.causes), ""),
        is_eliminated=goal.status == GoalStatus.ELIMINATED,
        quarters=quarters,
    )


def _terms(goal: Goal, said: Sequence[tuple[GoalResult, Told]]) -> tuple[Decimal | None, Decimal | None]:
    """The two variables of the year, where one pair tells it (PT-06, PT-16b).

    A level: the last report. A constant: the sums. What adds up: the sum over the one denominator that every quarter
    gave. Unknown unless every quarter whose execution is official gave both.
    """
    given = [(one.numerator, one.denominator) for row, one in said if row.achieved is not None]
    pairs = [(up, down) for up, down in given if up is not None and down is not None]
    if not pairs or len(pairs) < len(given):
        return None, None
    if goal.programming_type in LEVELS:
        return pairs[-1]
    downs = [down for _, down in pairs]
    with exact():
        total = sum((up for up, _ in pairs), ZERO)
        if goal.programming_type == ProgrammingType.CONSTANTE:
            return total, sum(downs, ZERO)
    return (total, downs[0]) if len(set(downs)) == 1 else (None, None)


def told_in(closes: Sequence[QuarterClose]) -> dict[tuple[int, int], dict[int, Told]]:
    """(plan, quarter) → number of goal → what the report said when its figures became official; two queries.

    The words are those of the last version validated before the close: a report that was reopened since says nothing
    new here. A plan whose report did not count says nothing at all.
    """
    at = {(close.quarter, close.level): close.closed_at for close in closes}
    counted = set(UnitResult.objects.filter(close__in=closes, counted=True).values_list("plan", "close__quarter"))
    plans = UnitResult.objects.filter(close__in=closes).order_by().values("plan")
    versions = ReportVersion.objects.filter(event=ReportVersion.Event.VALIDATED, report__plan__in=plans)
    columns = ("report__plan", "report__quarter", "report__plan__level", "at", "content")
    found = {}
    for plan, quarter, level, instant, content in versions.order_by("number").values_list(*columns).iterator():
        closed_at = at.get((quarter, level))
        if closed_at is not None and instant <= closed_at and (plan, quarter) in counted:
            found[plan, quarter] = {goal["number"]: _told(goal) for goal in content["goals"]}
    return found


def _told(goal: Mapping[str, Any]) -> Told:
    numerator, denominator = (
        Decimal(goal[name]) if goal[name] is not None else None for name in ("numerator", "denominator")
    )
    return Told(
        goal["analysis"], goal["accumulated_analysis"], goal["delay_causes"], numerator, denominator,
        len(goal["evidence"]),
    )  # fmt: skip
