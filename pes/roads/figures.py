"""How far roads are: one query for any number of them (GP-01)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from pes.models import RoadActivity, RoadPhase
from pes.rules.road_states import ActivityState
from pes.rules.roads import ActivityKind, Line, phase_progress, whole_progress


@dataclass(frozen=True)
class RoadFigures:
    """Percentages 0–100, unrounded: of each phase by its code, and of the whole (None without weights)."""

    phases: Mapping[str, Decimal | None]
    whole: Decimal | None


def figures_of(roads: Iterable[int]) -> dict[int, RoadFigures]:
    """Road (id) → how far it is; two queries whatever their number."""
    wanted = list(roads)
    lines: dict[int, list[Line]] = {}
    rows = RoadActivity.objects.filter(phase__road__in=wanted).order_by("phase", "number")
    for phase, kind, state, progress, weight in rows.values_list("phase_id", "kind", "state", "progress", "weight"):
        lines.setdefault(phase, []).append(Line(ActivityKind(kind), ActivityState(state), progress, weight))
    found: dict[int, list[tuple[str, Decimal | None, Decimal | None]]] = {pk: [] for pk in wanted}
    phases = RoadPhase.objects.filter(road__in=wanted).order_by("road", "number")
    for pk, road, code, weight in phases.values_list("pk", "road_id", "code", "weight"):
        found[road].append((code, phase_progress(lines.get(pk, ())), weight))
    return {
        road: RoadFigures({code: progress for code, progress, _ in parts}, whole_progress([part[1:] for part in parts]))
        for road, parts in found.items()
    }
