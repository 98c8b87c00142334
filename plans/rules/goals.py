"""What a plan de gestión says, as plain values that the rules read (PLE-PIN-P005 v8; rules §5.4)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from pes.rules.programming import ProgrammingType

Quarters = tuple[Decimal | None, Decimal | None, Decimal | None, Decimal | None]
NOT_PROGRAMMED: Quarters = (None, None, None, None)


class GoalKind(StrEnum):
    """Who else has the goal: nobody, other processes, or the other alcaldías (policy 8)."""

    TECNICA = "tecnica"
    TRANSVERSAL = "transversal"
    LOCAL = "local"

    @property
    def label(self) -> str:
        """Spanish name."""
        return "Técnica" if self is GoalKind.TECNICA else self.value.capitalize()


class IndicatorKind(StrEnum):
    """What an indicator measures (change log of 1D-PGE-G001)."""

    EFICACIA = "eficacia"
    EFICIENCIA = "eficiencia"
    EFECTIVIDAD = "efectividad"

    @property
    def label(self) -> str:
        """Spanish name."""
        return self.value.capitalize()


class GoalStatus(StrEnum):
    """Whether a goal counts: eliminated ones stay in sight, removed ones are only history (PG-09h)."""

    ACTIVE = "active"
    ELIMINATED = "eliminated"
    REMOVED = "removed"

    @property
    def label(self) -> str:
        """Spanish name, as the official form writes it."""
        return {"active": "Activa", "eliminated": "Meta eliminada", "removed": "Retirada"}[self.value]


class Instrument(StrEnum):
    """Another planning instrument that a plan de gestión is articulated with (policy 3, PG-03)."""

    PDD = "PDD"
    PES = "PES"
    PEI = "PEI"
    PROYECTO = "PROYECTO"
    MIPG = "MIPG"
    OTRO = "OTRO"

    @property
    def label(self) -> str:
        """Spanish name."""
        return _INSTRUMENTS[self]


_INSTRUMENTS = {
    Instrument.PDD: "Plan Distrital de Desarrollo",
    Instrument.PES: "Plan Estratégico Sectorial",
    Instrument.PEI: "Plan Estratégico Institucional",
    Instrument.PROYECTO: "Proyecto de inversión",
    Instrument.MIPG: "Modelo Integrado de Planeación y Gestión",
    Instrument.OTRO: "Otro instrumento",
}


@dataclass(frozen=True, slots=True)
class GoalFacts:
    """A goal: amounts in its own unit, weight in percentage points; `None` or blank is not filled in yet.

    `quarters` has an amount or `None` (not programmed, PT-12) for T1 to T4. `objective` is the number of a
    strategic objective of the framework in force; `central_area` the code of the unit that reports the goal.
    """

    number: int
    objective: int | None = None
    text: str = ""
    kind: GoalKind = GoalKind.TECNICA
    weight: Decimal | None = None
    indicator: str = ""
    numerator: str = ""
    denominator: str = ""
    unit: str = ""
    indicator_type: IndicatorKind | None = None
    baseline: Decimal | None = None
    programming_type: ProgrammingType | None = None
    quarters: Quarters = NOT_PROGRAMMED
    magnitude: Decimal | None = None
    deliverable: str = ""
    source: str = ""
    verification: str = ""
    responsible: str = ""
    central_area: str = ""
    articulation: str = ""
    status: GoalStatus = GoalStatus.ACTIVE
    is_shared: bool = False  # written once by the leading area: its common fields are not the plan's to change


@dataclass(frozen=True, slots=True)
class PlanFacts:
    """The identification block of a plan and its goals in their order, eliminated ones included."""

    process_objective: str = ""
    scope: str = ""
    leader: str = ""
    instruments: tuple[Instrument, ...] = ()
    articulation_detail: str = ""
    goals: tuple[GoalFacts, ...] = ()
