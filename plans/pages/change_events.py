"""What happened to requests, as the audit trail keeps it and people read it: who, when, what and why."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from pes.dates import long_instant
from pes.models import AuditEvent

_SAID = {
    "change_drafted": "Borrador",
    "change_filed": "Radicada",
    "change_routed": "Conceptos pedidos",
    "opinion_given": "Concepto",
    "change_studied": "En estudio",
    "change_approved": "Aprobada",
    "change_denied": "Negada",
    "change_applied": "Aplicada: el plan tiene otra versión",
    "change_withdrawn": "Desistida",
}
_TONES = {
    "change_denied": "risk",
    "change_withdrawn": "none",
    "change_approved": "ok",
    "change_applied": "ok",
    "change_drafted": "none",
}


@dataclass(frozen=True, slots=True)
class Event:
    """One act of SM-3."""

    request: int
    verb: str
    at: datetime
    title: str
    tone: str
    who: str
    why: str

    @property
    def when(self) -> str:
        """The instant, in words."""
        return long_instant(self.at)


def events_of(requests: Iterable[int]) -> list[Event]:
    """Every act on some requests, the oldest first; one query."""
    rows = AuditEvent.objects.filter(
        object_type="plans.changerequest", object_id__in=[str(pk) for pk in requests], verb__in=_SAID
    )
    return [_event(row) for row in rows.select_related("actor").order_by("pk")]


def _event(row: AuditEvent) -> Event:
    after = row.after or {}
    title, tone = _SAID[row.verb], _TONES.get(row.verb, "course")
    if row.verb == "opinion_given":
        title = f"{after['asked']}: {'favorable' if after['favourable'] else 'desfavorable'}"
        tone = "ok" if after["favourable"] else "risk"
    who = str(row.actor) if row.actor else ""
    return Event(int(row.object_id), row.verb, row.at, title, tone, who, row.reason)
