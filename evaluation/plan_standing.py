"""How the plans of a sector stand, quarter by quarter: frozen results where a quarter is closed, live ones elsewhere.

Nothing is computed: it reads what the closes froze and what `quarter_progress` stored. A quarter of a unit is always in
exactly one state, and none of them is a zero (PT-12, PT-17).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

from django.db.models import Exists, Max, OuterRef, Sum

from evaluation.closing_work import last_runs
from evaluation.models import QuarterClose, QuarterProgress, UnitResult
from evaluation.plan_facts import IN_FORCE
from evaluation.quarter_progress import ProgressUnit, units_of
from pes.access import grants
from pes.models import OrganizationUnit
from pes.permissions import Permission
from pes.rules.calendar import quarter_end
from pes.rules.numbers import exact
from plans.models import PlanGestion
from tracking.rules.report_states import ReportStatus

QUARTERS = (1, 2, 3, 4)
_SENT = (ReportStatus.SUBMITTED, ReportStatus.IN_REVIEW, ReportStatus.RETURNED)


class CellState(StrEnum):
    """What is known of a unit in a quarter."""

    CONSOLIDATED = "consolidated"
    PROVISIONAL = "provisional"
    MISSING = "missing"
    SENT = "sent"
    PENDING = "pending"
    NOT_PROGRAMMED = "not_programmed"
    NOT_MEASURABLE = "not_measurable"
    AHEAD = "ahead"

    @property
    def label(self) -> str:
        """Spanish name."""
        return _LABELS[self]


_LABELS = {
    CellState.CONSOLIDATED: "Consolidado",
    CellState.PROVISIONAL: "Preliminar",
    CellState.MISSING: "Sin reporte",
    CellState.SENT: "Sin validar",
    CellState.PENDING: "Pendiente",
    CellState.NOT_PROGRAMMED: "No programado",
    CellState.NOT_MEASURABLE: "No medible",
    CellState.AHEAD: "Por venir",
}


@dataclass(frozen=True, slots=True)
class Cell:
    """A unit in a quarter; ratios unrounded. `run` is that of the close, 0 while nothing is official."""

    state: CellState
    run: int = 0
    score: Decimal | None = None
    to_date: Decimal | None = None
    on_time: Decimal | None = None
    programmed: int = 0
    with_evidence: int = 0
    methodology: Mapping[str, Any] | None = None

    @property
    def is_known(self) -> bool:
        """Whether the quarter says something of the unit's figures."""
        return self.state in (CellState.CONSOLIDATED, CellState.PROVISIONAL, CellState.MISSING, CellState.SENT)


@dataclass(frozen=True, slots=True)
class UnitStanding:
    """A plan of the vigencia and its four quarters."""

    plan: int
    code: str
    name: str
    entity: str
    level: str
    cells: tuple[Cell, ...]

    @property
    def last(self) -> Cell | None:
        """The last quarter with figures: an official one if there is any, else a live one."""
        official = [cell for cell in self.cells if cell.run]
        return next(reversed(official or [cell for cell in self.cells if cell.is_known]), None)


@dataclass(frozen=True, slots=True)
class Reach:
    """Which plans of a sector a person may read: all of them, or some; and the version of what they say.

    Two people with `everything` and the same version see the same.
    """

    sector: int
    everything: bool
    version: str


def reach_of(user: Any, sector: OrganizationUnit, vigencia: int) -> Reach:
    """Whether a person reads the plans of a whole sector, and the version of their results; one query."""
    closes = QuarterClose.objects.filter(entity__parent=OuterRef("pk"), vigencia=vigencia).order_by()
    live = QuarterProgress.objects.filter(entity__parent=OuterRef("pk"), vigencia=vigencia).order_by()
    row = OrganizationUnit.objects.filter(pk=sector.pk).values_list(
        Exists(grants(user, Permission.PLAN_READ).filter(content_object=OuterRef("pk"))),
        closes.values("entity__parent").annotate(last=Max("pk")).values("last")[:1],
        live.values("entity__parent").annotate(sum=Sum("version")).values("sum")[:1],
    )
    everything, close, progress = row.get()
    return Reach(sector.pk, everything, f"{vigencia}.{close or 0}.{progress or 0}")


def standing_of(user: Any, sector: int, vigencia: int, today: date) -> list[UnitStanding]:
    """The plans of a sector that a person may read, central level first, in the order of the units; four queries."""
    plans = (
        PlanGestion.objects.visible_to(user, Permission.PLAN_READ)
        .filter(unit__parent__parent=sector, vigencia=vigencia, status__in=IN_FORCE)
        .order_by("level", "unit__sort_key", "unit__code")
        .values_list("pk", "unit__code", "unit__name", "unit__parent__acronym", "unit__parent__name", "level")
    )
    frozen, live = _frozen(sector, vigencia), _live(sector, vigencia)
    return [
        UnitStanding(
            plan=pk,
            code=code,
            name=name,
            entity=acronym or entity,
            level=level,
            cells=tuple(
                frozen.get((pk, quarter)) or _live_cell(live.get((pk, quarter)), vigencia, quarter, today)
                for quarter in QUARTERS
            ),
        )
        for pk, code, name, acronym, entity, level in plans
    ]


def punctuality_of(units: Iterable[UnitStanding]) -> tuple[int, int]:
    """How many units sent everything due so far in time, and how many had something due."""
    known = [unit.last.on_time for unit in units if unit.last and unit.last.on_time is not None]
    return sum(ratio == 1 for ratio in known), len(known)


def evidence_of(units: Iterable[UnitStanding], quarter: int) -> Decimal | None:
    """Part of the goals programmed in a quarter 1–4 that have evidence, as a ratio; `None` where none is."""
    cells = [unit.cells[quarter - 1] for unit in units]
    programmed = sum(cell.programmed for cell in cells)
    with exact():
        return Decimal(sum(cell.with_evidence for cell in cells)) / programmed if programmed else None


def last_quarter(units: Iterable[UnitStanding]) -> int:
    """The last quarter of which any unit has figures, an official one before a live one; 0 without any."""
    cells = [(at, cell) for unit in units for at, cell in enumerate(unit.cells, start=1)]
    official = max((at for at, cell in cells if cell.run), default=0)
    return official or max((at for at, cell in cells if cell.is_known), default=0)


def _frozen(sector: int, vigencia: int) -> dict[tuple[int, int], Cell]:
    closes = {close.pk: close for close in last_runs().filter(entity__parent=sector, vigencia=vigencia)}
    reports = {(pk, one["unit"]): one["report"] for pk, close in closes.items() for one in close.excluded}
    rows = UnitResult.objects.filter(close__in=list(closes)).order_by()
    found = {}
    for pk, plan, code, counted, score, to_date, on_time, rated, programmed, evidence in rows.values_list(
        "close", "plan", "plan__unit__code", "counted", "score", "to_date", "on_time", "goals_rated",
        "goals_programmed", "goals_with_evidence",
    ):  # fmt: skip
        close = closes[pk]
        state = _state(counted, score, rated, programmed, reports.get((pk, code), ""))
        numbers = (close.run, score, to_date, on_time, programmed, evidence, close.methodology)
        found[plan, close.quarter] = Cell(state, *numbers)
    return found


def _state(counted: bool, score: Decimal | None, rated: int, programmed: int, report: str) -> CellState:
    if not programmed:
        return CellState.NOT_PROGRAMMED
    if counted:
        return CellState.CONSOLIDATED if rated else CellState.NOT_MEASURABLE
    return CellState.PENDING if score is None else _unaccepted(report)


def _unaccepted(report: str) -> CellState:
    """A report whose term passed and that the OAP has not accepted: it was sent and waits, or it was never sent."""
    return CellState.SENT if report in _SENT else CellState.MISSING


def _live(sector: int, vigencia: int) -> dict[tuple[int, int], ProgressUnit]:
    rows = QuarterProgress.objects.filter(entity__parent=sector, vigencia=vigencia)
    return {(unit.plan, row.quarter): unit for row in rows for unit in units_of(row)}


def _live_cell(unit: ProgressUnit | None, vigencia: int, quarter: int, today: date) -> Cell:
    if unit is None or today <= quarter_end(vigencia, quarter):
        return Cell(CellState.AHEAD if today <= quarter_end(vigencia, quarter) else CellState.PENDING)
    numbers = {"to_date": unit.to_date, "on_time": unit.on_time, "with_evidence": unit.with_evidence}
    if not unit.programmed:
        state = CellState.NOT_PROGRAMMED
    elif unit.counts:
        state = CellState.PROVISIONAL if unit.rated else CellState.NOT_MEASURABLE
    else:
        overdue = unit.due_on is not None and unit.due_on < today
        state = _unaccepted(unit.status) if overdue else CellState.PENDING
    score = unit.score if state in (CellState.PROVISIONAL, CellState.MISSING, CellState.SENT) else None
    return Cell(state, 0, score, programmed=unit.programmed, **numbers)
