"""What a report of a sector says: one frozen tree that HTML, PDF and XLSX are made from, and nothing else.

Every figure is `Shown`: the text that people read and the exact value that the workbook keeps. Percentages are 0–100
with the two decimals of PT-18, magnitudes are in the indicator's unit; unknown is None, never zero.
"""

from __future__ import annotations

import hashlib
from dataclasses import asdict, dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal

from pes.audit import canonical
from pes.charts import TrendPoint

LONGEST_ANALYSIS = 2_500  # characters printed; the workbook carries the whole text (PD3)
MOST_ROWS = 500  # of indicators in one PDF; more are delivered per entity in a ZIP (performance.md §5)


@dataclass(frozen=True, slots=True)
class Shown:
    """A figure: what is read, its value as rounded for reading, and the unrounded one where they differ."""

    text: str
    value: Decimal | None = None
    exact: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """A numbered part of the document; `layout` is a class of print.css ("", "new-page", "wide")."""

    anchor: str
    title: str
    template: str
    layout: str = ""
    number: int = 0


@dataclass(frozen=True, slots=True)
class IndicatorLine:
    """One indicator at the cut-off, with the goal, project and entity that it belongs to."""

    key: str
    code: str
    name: str
    objective: int
    goal_order: int
    goal_kind: str
    goal_code: str
    goal: str
    project_code: str
    project: str
    entity_code: str
    entity: str
    entity_short: str
    type: str
    unit: str
    weight: Shown
    programmed: Shown
    executed: Shown
    executed_note: str
    accumulated: Shown
    measured_on: date | None
    measured_text: str
    progress: Shown
    rating: Shown
    contribution: Shown
    state: str
    state_label: str
    tone: str
    light: str
    delay: str
    analysis: str
    obstacle: str = ""
    horizon: tuple[Shown, ...] = ()
    horizon_progress: Shown = Shown("Sin información")

    @property
    def printed_analysis(self) -> str:
        """The analysis as printed: cut, and said so, when nobody would read it whole on paper."""
        if len(self.analysis) <= LONGEST_ANALYSIS:
            return self.analysis
        return f"{self.analysis[:LONGEST_ANALYSIS].rstrip()}… (el texto completo está en el libro de datos)"


@dataclass(frozen=True, slots=True)
class GoalBlock:
    """A goal with its indicators."""

    kind: str
    code: str
    text: str
    indicators: tuple[IndicatorLine, ...]


@dataclass(frozen=True, slots=True)
class ProjectBlock:
    """An investment project with its goals, or (without code) the goals of no project."""

    code: str
    name: str
    goals: tuple[GoalBlock, ...]


@dataclass(frozen=True, slots=True)
class EntityBlock:
    """An entity with its projects, in the order of REP-01."""

    code: str
    name: str
    projects: tuple[ProjectBlock, ...]

    @property
    def indicators(self) -> tuple[IndicatorLine, ...]:
        """All its indicators, in the order shown."""
        return tuple(line for project in self.projects for goal in project.goals for line in goal.indicators)


@dataclass(frozen=True, slots=True)
class ObjectiveLine:
    """A strategic objective and its result."""

    number: int
    code: str
    text: str
    weight: Shown
    compliance: Shown
    state: str
    state_label: str
    tone: str
    light: str
    coverage: str
    goals: tuple[GoalBlock, ...]


@dataclass(frozen=True, slots=True)
class CutoffLine:
    """One cut-off of the vigencia for the trend: the index and the objectives, and its indicators as data."""

    on: date
    label: str
    is_official: bool
    index: Shown
    objectives: tuple[Shown, ...]
    rows: tuple[tuple[str, Decimal | None, Decimal | None, date | None, str, Decimal | None, Decimal | None], ...]


@dataclass(frozen=True, slots=True)
class Bottleneck:
    """An indicator that holds the index of its objective back, in points of the objective's 100."""

    objective: str
    key: str
    name: str
    entity: str
    progress: str
    points: Shown
    reason: str


@dataclass(frozen=True, slots=True)
class MitigationAction:
    """An improvement action or a plan de choque, by the entity that answers for it and never by a person's name."""

    kind: str
    text: str
    due: str
    status: str
    progress: str
    effect: str


@dataclass(frozen=True, slots=True)
class Obstacle:
    """A bottleneck that somebody registered, with its cause and what is done about it (S0, F5.3; REP-02)."""

    title: str
    holds: str
    unit: str
    severity: str
    since: str
    status: str
    cause: str
    actions: tuple[MitigationAction, ...]


@dataclass(frozen=True, slots=True)
class Verification:
    """How a reader proves the figures."""

    status: str
    run: int | None
    snapshot: int | None
    digest: str


@dataclass(frozen=True, slots=True)
class ReportContext:
    """A report of a sector for a period, whole."""

    kind: str
    kind_label: str
    period: str
    period_label: str
    title: str
    sector_code: str
    sector: str
    plan: str
    horizon: tuple[int, ...]
    vigencia: int
    cutoff: date
    cutoff_text: str
    institution: str
    demo: bool
    edition: int | None
    correction: str
    dated_at: datetime
    dated_text: str
    index: Shown
    index_tone: str
    index_state: str
    weighted: bool
    measured_text: str
    totals: tuple[tuple[str, str], ...]
    objectives: tuple[ObjectiveLine, ...]
    entities: tuple[EntityBlock, ...]
    delays: tuple[IndicatorLine, ...]
    bottlenecks: tuple[Bottleneck, ...]
    trend: tuple[CutoffLine, ...]
    methodology: str
    rules: tuple[str, ...]
    verification: Verification
    sections: tuple[Section, ...]
    part: str = ""  # the entity's name in a document that was split
    obstacles: tuple[Obstacle, ...] = ()
    parts: tuple[str, ...] = field(default=())  # in the main document of a split report, its other files

    @property
    def is_draft(self) -> bool:
        """Whether it says «Borrador»."""
        return self.edition is None

    @property
    def marks(self) -> tuple[str, ...]:
        """What must be read on every page."""
        return (*(("Borrador",) if self.is_draft else ()), *(("Datos de demostración",) if self.demo else ()))

    @property
    def methodology_text(self) -> str:
        """The methodology's label; version 0 is the tool's own, before the vigencia has one."""
        return f"{self.methodology} (reglas por defecto)" if self.methodology.endswith("-v0") else self.methodology

    @property
    def edition_text(self) -> str:
        """«Borrador» or «Edición 2»."""
        return "Borrador" if self.edition is None else f"Edición {self.edition}"

    @property
    def programmed_head(self) -> str:
        """Heading of the programmed column."""
        return f"Programado {self.vigencia}"

    @property
    def executed_head(self) -> str:
        """Heading of the column of what was executed since the measurement before the period."""
        return {"monthly": "Ejecutado en el mes", "semiannual": "Ejecutado en el semestre"}.get(
            self.kind, "Ejecutado en la vigencia"
        )

    @property
    def trend_points(self) -> tuple[TrendPoint, ...]:
        """The index along the cut-offs; empty while there is only one, which is no trend."""
        if len(self.trend) < 2:
            return ()
        return tuple(TrendPoint(f"{line.on:%d/%m}", None, line.index.value) for line in self.trend)

    @property
    def full_title(self) -> str:
        """The document's title in its metadata and in the window of a reader."""
        part = f" · {self.part}" if self.part else ""
        return f"{self.title} · Sector {self.sector}{part} · {self.period_label} · {self.edition_text}"

    @property
    def indicators(self) -> tuple[IndicatorLine, ...]:
        """Every indicator, by objective and key, as in the sources."""
        return tuple(line for objective in self.objectives for goal in objective.goals for line in goal.indicators)

    @property
    def digest(self) -> str:
        """SHA-256 of everything the report says."""
        return hashlib.sha256(canonical(asdict(self))).hexdigest()


def split(context: ReportContext) -> tuple[ReportContext, tuple[tuple[str, ReportContext], ...]]:
    """The main document and, when the whole has too many rows for one PDF, one (entity code, document) per entity.

    Merging would drop the accessibility tags, so that the parts stay apart. Their sections are those with rows.
    """
    if len(context.indicators) <= MOST_ROWS:
        return context, ()
    parts = tuple((entity.code, _part(context, entity)) for entity in context.entities)
    whole = tuple(
        s for s in context.sections if s.anchor not in {"entidades", "metas", "horizonte", "datos", "atrasos"}
    )
    names = tuple(entity.name for entity in context.entities)
    return replace(context, sections=_renumbered(whole), parts=names), parts


def _part(context: ReportContext, entity: EntityBlock) -> ReportContext:
    mine = {line.key for line in entity.indicators}
    objectives = tuple(
        replace(objective, goals=goals)
        for objective in context.objectives
        if (goals := _goals_of(objective.goals, mine))
    )
    wanted = {"entidades", "atrasos", "horizonte", "verificacion", "datos"}
    return replace(
        context,
        part=entity.name,
        entities=(entity,),
        objectives=objectives,
        delays=tuple(line for line in context.delays if line.key in mine),
        sections=_renumbered(tuple(section for section in context.sections if section.anchor in wanted)),
    )


def _goals_of(goals: tuple[GoalBlock, ...], keys: set[str]) -> tuple[GoalBlock, ...]:
    kept = (replace(goal, indicators=tuple(line for line in goal.indicators if line.key in keys)) for goal in goals)
    return tuple(goal for goal in kept if goal.indicators)


def _renumbered(sections: tuple[Section, ...]) -> tuple[Section, ...]:
    return tuple(replace(section, number=number) for number, section in enumerate(sections, 1))
