"""What may be asked about a goal of a published plan, on which ground, and whose opinion it needs (policy 9)."""

from __future__ import annotations

from enum import StrEnum


class ChangeKind(StrEnum):
    """What a request asks."""

    MODIFY = "modify"
    ELIMINATE = "eliminate"

    @property
    def label(self) -> str:
        """Spanish name."""
        return "Modificar la meta" if self is ChangeKind.MODIFY else "Eliminar la meta"


class Ground(StrEnum):
    """Why it is asked: the exceptions of PG-09c and the ordinary case."""

    ORDINARY = "ordinary"
    NORMATIVE = "normative"
    FORCE_MAJEURE = "force_majeure"

    @property
    def label(self) -> str:
        """Spanish name."""
        return {"ordinary": "Ordinaria", "normative": "Cambio normativo", "force_majeure": "Fuerza mayor"}[self.value]


class OpinionKind(StrEnum):
    """Which prior opinion: of who leads a transversal goal (PG-09f), of a local office (PG-09g)."""

    TRANSVERSAL = "transversal"
    LOCAL = "local"

    @property
    def label(self) -> str:
        """Spanish name."""
        return "Concepto de la meta transversal" if self is OpinionKind.TRANSVERSAL else "Concepto local"
