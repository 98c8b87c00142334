"""What happened to the measurements of an indicator, from the audit trail, newest first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from pes.dates import long_date, long_instant
from pes.models import AuditEvent
from pes.rules.numbers import format_magnitude

SHOWN = 30
_TITLES = {
    "measurement_registered": "Medición registrada",
    "measurement_corrected": "Medición corregida",
    "evidence_attached": "Evidencia aportada",
}
_TONES = {"measurement_corrected": "warn"}


@dataclass(frozen=True)
class Event:
    """One entry of the history."""

    when: str
    title: str
    tone: str
    who: str
    text: str
    reason: str


def history(measurements: Sequence[int]) -> tuple[Event, ...]:
    """The last events of some measurements; one query."""
    rows = AuditEvent.objects.filter(
        object_type="tracking.measurement", object_id__in=[str(pk) for pk in measurements], verb__in=_TITLES
    ).select_related("actor")
    return tuple(_event(row) for row in rows.order_by("-pk")[:SHOWN])


def _event(row: AuditEvent) -> Event:
    return Event(
        when=long_instant(row.at),
        title=_TITLES[row.verb],
        tone=_TONES.get(row.verb, "course"),
        who=str(row.actor) if row.actor else "",
        text=_text(row.before or {}, row.after or {}),
        reason=row.reason,
    )


def _text(before: dict[str, Any], after: dict[str, Any]) -> str:
    if "name" in after:
        return str(after["name"])
    day = long_date(date.fromisoformat(after["on"])) if "on" in after else ""
    now = format_magnitude(Decimal(after["achieved"])) if "achieved" in after else ""
    if not before:
        return f"Corte {day}: {now}."
    was = format_magnitude(Decimal(before["achieved"]))
    change = f"{was} → {now}" if was != now else f"{now}, sin cambio de cifra"
    return f"Corte {day}: {change}."
