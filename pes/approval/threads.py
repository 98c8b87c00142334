"""Observations as pages show them: who said what, when, how it was answered, and who is to speak now."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from pes.approval.versions import WHOLE, with_last_side
from pes.dates import long_instant
from pes.models import EntityObservation, EntityObservationTurn, ObservationSide, Verdict

TONES = {Verdict.ACCEPTED: "ok", Verdict.DECLINED: "over"}


@dataclass(frozen=True)
class ShownTurn:
    """One thing said."""

    who: str
    when: str
    title: str
    tone: str
    text: str


@dataclass
class ShownThread:
    """An observation with its turns; `form` is the box of whoever may speak now, shown open when it awaits them."""

    pk: int
    title: str
    entity: str
    version: str
    is_open: bool
    state: str
    tone: str
    turns: tuple[ShownTurn, ...]
    form: Any = None
    url: str = ""
    label: str = ""
    awaits_me: bool = False


def threads_of(rows: QuerySet[EntityObservation]) -> list[EntityObservation]:
    """Observations with everything that is shown of them; two queries."""
    loaded = with_last_side(rows).select_related("entity", "version", "raised_by")
    return list(loaded.prefetch_related("turns__by").order_by("pk"))


def shown(rows: Iterable[EntityObservation], labels: Mapping[str, str]) -> list[ShownThread]:
    """The threads, those without answer first; `labels` name the sections by key."""
    return sorted((_thread(row, labels) for row in rows), key=lambda one: (not one.is_open, one.pk))


def _thread(row: EntityObservation, labels: Mapping[str, str]) -> ShownThread:
    turns = list(row.turns.all())
    last = turns[-1]
    is_open = last.side == ObservationSide.ENTITY
    state = "Sin respuesta" if is_open else Verdict(last.verdict).label
    return ShownThread(
        pk=row.pk,
        title=named(row.section, labels),
        entity=row.entity.short_name,
        version=f"Versión {row.version.number}",
        is_open=is_open,
        state=state,
        tone="warn" if is_open else TONES[Verdict(last.verdict)],
        turns=tuple(_turn(turn, row, labels) for turn in turns),
    )


def named(section: str, labels: Mapping[str, str]) -> str:
    """A section by its key; one that the version at hand no longer has keeps its key."""
    return labels.get(section, section) if section else WHOLE


def _turn(turn: EntityObservationTurn, row: EntityObservation, labels: Mapping[str, str]) -> ShownTurn:
    if turn.side == ObservationSide.ENTITY:
        title, tone = row.entity.short_name, "course"
    else:
        where = f", se ajusta «{named(turn.adjusted, labels)}»" if turn.adjusted else ""
        title, tone = f"Cabeza de sector: {turn.get_verdict_display().lower()}{where}", TONES[Verdict(turn.verdict)]
    return ShownTurn(str(turn.by), long_instant(turn.at), title, tone, turn.text)
