"""What a goal reports of a quarter, as plain values that the rules read (PG-R1; rules §5.4)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from pes.rules.programming import ProgrammingType
from pes.rules.quarters import Quarter, QuarterPolicy, QuarterResult, quarter_results
from plans.rules.goals import NOT_PROGRAMMED, Quarters
from plans.rules.values import is_percentage

TEXT_LIMIT = 4000  # characters


@dataclass(frozen=True, slots=True)
class EntryField:
    """A thing typed about a goal in a quarter: `name` in the code, `header` in the workbook, `label` for people."""

    name: str
    header: str
    label: str
    help: str
    limit: int = 0  # characters of a text; 0 is an amount, numeric(18,4)

    @property
    def is_amount(self) -> bool:
        """Whether it is a number in the goal's unit; otherwise it is a text of several lines."""
        return not self.limit


ENTRY_FIELDS = (
    EntryField("numerator", "numerador_q", "Numerador", "Lo que se contó en el trimestre."),
    EntryField("denominator", "denominador_q", "Denominador", "Contra qué se contó; 0 si no hubo demanda."),
    EntryField("achieved", "ejecutado_q", "Ejecutado", "Cantidad del trimestre, en la unidad de la meta."),
    EntryField("analysis", "analisis_q", "Análisis del trimestre", "Qué se logró y con qué efecto.", TEXT_LIMIT),
    EntryField(
        "delay_causes", "causas_retraso_q", "Causas del retraso", "Obligatorias por debajo de 100 %.", TEXT_LIMIT
    ),
    EntryField("explanation", "explicacion_q", "Explicación", "De un resultado fuera de lo esperado.", TEXT_LIMIT),
    EntryField(
        "accumulated_analysis", "analisis_acum_q", "Análisis del acumulado", "Cómo va la meta en el año.", TEXT_LIMIT
    ),
)
ENTRY_BY_NAME = {field.name: field for field in ENTRY_FIELDS}
EVIDENCE = "evidence"  # the place of what is not typed, but kept as files and links


@dataclass(frozen=True, slots=True)
class Entry:
    """What is reported of a goal in a quarter; amounts in its unit, `None` where nothing is reported (PT-12).

    `evidence` counts the files and links in force.
    """

    achieved: Decimal | None = None
    numerator: Decimal | None = None
    denominator: Decimal | None = None
    analysis: str = ""
    delay_causes: str = ""
    accumulated_analysis: str = ""
    explanation: str = ""
    evidence: int = 0


@dataclass(frozen=True, slots=True)
class GoalYear:
    """A goal of a plan in its vigencia: its programme, and what each quarter so far reports of it.

    `weight` is in percentage points; `programmed`, `magnitude` and `baseline` in the goal's unit. A central goal is
    reported by `central_area` and never by the plan's own people (PG-08).
    """

    number: int
    text: str
    kind: ProgrammingType
    magnitude: Decimal
    weight: Decimal | None = None
    baseline: Decimal | None = None
    unit: str = ""
    programmed: Quarters = NOT_PROGRAMMED
    entries: tuple[Entry | None, ...] = ()
    is_central: bool = False
    central_area: str = ""
    eliminated: bool = False

    @property
    def is_percentage(self) -> bool:
        """Whether its amounts are percentages 0–100 (PT-16b)."""
        return is_percentage(self.unit)

    def entry(self, quarter: int) -> Entry:
        """What a quarter 1–4 reports; an empty one if it reports nothing."""
        found = self.entries[quarter - 1] if quarter <= len(self.entries) else None
        return found or Entry()

    def figures(self, overdue: Sequence[bool]) -> list[Quarter]:
        """What is known of as many quarters as `overdue` has; it says of each whether its term has passed (PT-17)."""
        return [self._figure(quarter, late) for quarter, late in enumerate(overdue, start=1)]

    def _figure(self, quarter: int, late: bool) -> Quarter:
        entry = self.entry(quarter)
        return Quarter(self.programmed[quarter - 1], entry.achieved, entry.numerator, entry.denominator, late)


class Measured(NamedTuple):
    """A goal with the results of its quarters so far, as `results_of` gives them."""

    goal: GoalYear
    results: tuple[QuarterResult, ...]


def results_of(goal: GoalYear, policy: QuarterPolicy, overdue: Sequence[bool]) -> tuple[QuarterResult, ...]:
    """The results of the goal, one per element of `overdue`: whether the term of that quarter has passed (PT-17)."""
    return quarter_results(
        goal.kind,
        goal.magnitude,
        goal.figures(overdue),
        baseline=goal.baseline,
        percentage=goal.is_percentage,
        policy=policy,
    )


def measured(goals: Sequence[GoalYear], policy: QuarterPolicy, overdue: Sequence[bool]) -> tuple[Measured, ...]:
    """Every goal with its results, in the order given; what the rules of a report look at."""
    return tuple(Measured(goal, results_of(goal, policy, overdue)) for goal in goals)
