"""Lines of a road as the tables of its pages show them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from pes.dates import long_date
from pes.models import ActivityEvidence, RoadActivity, RoadPhase
from pes.roads.gantt import Axis, bar_drawn
from pes.roads.picture import Station, responsible_of
from pes.rules.numbers import format_percent
from pes.rules.road_states import ActivityState
from pes.rules.roads import ActivityKind, is_late, shares_of_whole

TONES = {
    ActivityState.NOT_STARTED: "neutral",
    ActivityState.UNDER_WAY: "info",
    ActivityState.DONE: "ok",
    ActivityState.NOT_APPLICABLE: "neutral",
}


def proofs_of(activities: Iterable[RoadActivity]) -> dict[int, int]:
    """How many proofs each activity (id) has; one query."""
    found: dict[int, int] = {}
    rows = ActivityEvidence.objects.filter(activity__in=list(activities), withdrawn_at__isnull=True)
    for pk in rows.values_list("activity_id", flat=True):
        found[pk] = found.get(pk, 0) + 1
    return found


def line_row(
    one: RoadActivity, today: date, url: str, proofs: int = 0, in_whole: Decimal | None = None
) -> dict[str, Any]:
    """A line with everything in words; `in_whole` is what it is worth of the whole road (see `shares_of`)."""
    state = ActivityState(one.state)
    late = is_late(state, one.planned_until, today)
    return {
        "code": one.code,
        "title": one.title,
        "doubt": one.doubt,
        "url": url,
        "responsible": responsible_of(one) or "Sin asignar",
        "planned": span(one.planned_from, one.planned_until) or "Sin fechas",
        "real": real_words(one),
        "state": "Atrasada" if late else state.label,
        "tone": "risk" if late else TONES[state],
        "percent": format_percent(one.progress) if state is ActivityState.UNDER_WAY else "",
        "weight": points(one.weight),
        "weight_in_whole": points(in_whole),
        "proofs": "Sin evidencia" if not proofs else "1 evidencia" if proofs == 1 else f"{proofs} evidencias",
        "has_proofs": bool(proofs),
    }


def groups_of(
    station: Station, today: date, url: Callable[[RoadActivity], str], proofs: Mapping[int, int]
) -> list[dict[str, Any]]:
    """The lines of a phase by step, then the transversal ones or the hitos, then the products."""
    groups: dict[tuple[str, str], dict[str, Any]] = {}
    shares = shares_of(station.phase, station.activities)
    for one in station.activities:
        name, note = _group(one)
        group = groups.setdefault((name, note), {"name": name, "note": note, "rows": [], "is_weighted": False})
        group["rows"].append(line_row(one, today, url(one), proofs.get(one.pk, 0), shares.get(one.code)))
        group["is_weighted"] |= one.weight is not None
    return list(groups.values())


def shares_of(phase: RoadPhase, activities: Iterable[RoadActivity]) -> dict[str, Decimal]:
    """Code of each weighted line of a phase → what it is worth of the whole road (GP-01)."""
    counted = {one.code: one.weight for one in activities if one.kind != ActivityKind.PRODUCT}
    return shares_of_whole(counted, phase.weight)


def points(weight: Decimal | None) -> str:
    """A weight in percentage points, empty without one."""
    return format_percent(weight) if weight is not None else ""


def bars_of(station: Station, axis: Axis, today: date, url: Callable[[RoadActivity], str]) -> list[dict[str, Any]]:
    """The lines of a phase with their bars, products apart."""
    found = []
    for one in station.activities:
        if one.kind == ActivityKind.PRODUCT:
            continue
        row = line_row(one, today, url(one))
        bar = bar_drawn(axis, (one.planned_from, one.planned_until), (one.started_on, one.done_on),
                        late=row["tone"] == "risk")  # fmt: skip
        found.append(row | {"bar": bar})
    return found


def span(begins: date | None, ends: date | None) -> str:
    """«3 de marzo de 2026 – 9 de abril de 2026», shorter where month or year are the same."""
    if begins is None or ends is None:
        return ""
    if begins == ends:
        return long_date(begins)
    first = long_date(begins)
    if begins.year == ends.year:
        first = first.rsplit(" de ", 1)[0]
        if begins.month == ends.month:
            first = first.rsplit(" de ", 1)[0]
    return f"{first} – {long_date(ends)}"


def real_words(one: RoadActivity) -> str:
    """When it began and ended."""
    if one.started_on and one.done_on:
        return span(one.started_on, one.done_on)
    return f"Desde el {long_date(one.started_on)}" if one.started_on else "–"


def _group(one: RoadActivity) -> tuple[str, str]:
    if one.step is not None:
        return one.step.name, one.step.note
    return {
        ActivityKind.TRANSVERSAL: ("Actividades transversales", "Acompañan toda la fase"),
        ActivityKind.PRODUCT: ("Productos esperados", "Lo que la fase deja hecho"),
    }.get(ActivityKind(one.kind), ("Hitos", ""))
