"""States of a rendición de cuentas, and the steps between them."""

from __future__ import annotations

from enum import StrEnum

from pes.permissions import Permission
from pes.rules.transitions import Transition

_MANAGE = Permission.ACCOUNTABILITY_MANAGE


class EventStatus(StrEnum):
    """Where an event stands; citizens see it from its announcement on."""

    DRAFT = "draft"
    ANNOUNCED = "announced"
    HELD = "held"
    CLOSED = "closed"

    @property
    def label(self) -> str:
        """Spanish name."""
        return {"draft": "Borrador", "announced": "Convocada", "held": "Celebrada", "closed": "Cerrada"}[self]


PUBLIC = frozenset({EventStatus.ANNOUNCED, EventStatus.HELD, EventStatus.CLOSED})
ASKING = frozenset({EventStatus.ANNOUNCED, EventStatus.HELD})

EVENT_TRANSITIONS = (
    Transition("announce", {EventStatus.DRAFT}, EventStatus.ANNOUNCED, _MANAGE),
    Transition("hold", {EventStatus.ANNOUNCED}, EventStatus.HELD, _MANAGE),
    Transition("close", {EventStatus.HELD}, EventStatus.CLOSED, _MANAGE),
)
