"""SM-1, the states of a plan de gestión (PLE-PIN-P005 v8; rules §5.3), as far as it is opened."""

from __future__ import annotations

from enum import StrEnum

from pes.rules.problems import Problem


class PlanStatus(StrEnum):
    """The first state of SM-1: the OAP has opened the plan and its leader may formulate it."""

    DRAFT = "draft"


def opening_problems(*, methodology_published: bool, vigencia: int) -> list[Problem]:
    """What keeps the plans of a vigencia from being opened: no methodology, no formulation (SM-1, act. 1)."""
    if methodology_published:
        return []
    message = f"La metodología de la vigencia {vigencia} no está publicada."
    return [Problem("methodology_missing", "SM-1", message, fix="Publíquela en Administración → Metodología.")]
