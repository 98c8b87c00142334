"""How every act on a meeting begins and moves its state: power, row lock, state (LC-03)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from pes.access import demand
from pes.models import TechnicalWorkshop, User
from pes.permissions import Permission
from pes.rules.problems import refuse_if_any
from pes.rules.technical_workshops import TRANSITIONS, state_problems
from pes.rules.transitions import transition_for

REGISTER = Permission.WORKSHOP_REGISTER


def begin(meeting: TechnicalWorkshop, wanted: Iterable[str], act: str, *, by: User) -> TechnicalWorkshop:
    """The meeting, locked, if the person may register meetings of its sector and it stands where the act begins.

    Raises PermissionDenied or Refused.
    """
    demand(by, REGISTER, meeting)
    held = TechnicalWorkshop.hold(meeting.pk)
    refuse_if_any(state_problems(held.status, wanted, act))
    return held


def sources_of(verb: str) -> frozenset[str]:
    """The states from which a verb begins."""
    return frozenset(transition_for(TRANSITIONS, verb).sources)


def move(held: TechnicalWorkshop, verb: str, **values: Any) -> None:
    """Take an edge of the machine on a locked row, with what the act writes."""
    step = transition_for(TRANSITIONS, verb)
    moved = TechnicalWorkshop.objects.filter(pk=held.pk, status__in=step.sources).update(status=step.target, **values)
    if moved != 1:
        refuse_if_any(state_problems(held.status, (), "hacer esto"))
    held.refresh_from_db()
