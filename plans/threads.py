"""Threads of observations, whatever they observe: each is a row with turns, and both are only added to.

A thread is answered when its last turn is the team's; nothing said is ever changed or taken away. The model of a
thread has its turns under `turns`, and each turn its side, its text, who said it and when.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, TypeVar

from django.db.models import Model, OuterRef, QuerySet, Subquery

from pes.models import User
from pes.rules.problems import Problem
from plans.models import Side

_Thread = TypeVar("_Thread", bound=Model)


def with_last_side(threads: QuerySet[_Thread]) -> QuerySet[_Thread]:
    """Threads that know who spoke last."""
    turns: Any = threads.model._meta.get_field("turns").related_model
    last = turns.objects.filter(observation=OuterRef("pk")).order_by("-pk").values("side")[:1]
    return threads.annotate(last_side=Subquery(last))


def awaiting_team(threads: QuerySet[_Thread]) -> QuerySet[_Thread]:
    """Threads in which the team owes an answer."""
    return with_last_side(threads).filter(last_side=Side.REVIEWER)


def begun_before(threads: QuerySet[_Thread], text: str, *, by: User) -> _Thread | None:
    """The thread in which a person already said a text that awaits its answer: saying it again begins none (WF1)."""
    return awaiting_team(threads.filter(turns__text=text.strip(), turns__by=by)).first()


def last_turn_if_same(thread: Any, side: Side, text: str, *, by: User) -> Any:
    """The last turn of a thread if it is word for word this one, of the same person and side; else None (WF1)."""
    last = thread.turns.order_by("pk").last()
    same = last is not None and (last.by_id, last.side, last.text) == (by.pk, side, text.strip())
    return last if same else None


def add_turn(thread: Any, side: Side, text: str, *, by: User, now: datetime) -> Any:
    """Add a turn; the verb that calls has asked for power, moment and text."""
    return thread.turns.create(side=side, text=text.strip(), by=by, at=now)


def field_unknown() -> Problem:
    """A thread was begun about a field that what it observes does not have."""
    return Problem("field_unknown", "AZ10", "Ese campo no existe.", fix="Elija un campo de la lista.")
