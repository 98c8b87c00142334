"""What the picture of a road shows: its stations, how far each is, what its gate lacks and whose turn it is."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from pes.dates import long_date
from pes.models import Road, RoadActivity, RoadPhase
from pes.roads.phases import gate_of
from pes.rules.gates import ConditionState, GateFact
from pes.rules.numbers import format_magnitude, format_percent
from pes.rules.road_states import OPEN, ActivityState, PhaseState
from pes.rules.roads import ActivityKind, Line, is_late, phase_progress, phase_state, whole_progress

NAMES_SHOWN = 3
CHIEF = "A la jefatura de la OAP: la puerta está lista y puede cerrar la fase."


@dataclass
class Station:
    """A phase as the picture and its page show it."""

    phase: RoadPhase
    state: PhaseState
    activities: list[RoadActivity]
    gate: list[ConditionState]
    late: int
    progress: Decimal | None
    url: str = ""
    is_chosen: bool = False
    turn: str = ""
    words: dict[str, str] = field(default_factory=dict)

    @property
    def counted(self) -> list[RoadActivity]:
        """The activities or hitos that apply; products are counted apart."""
        aside = ActivityState.NOT_APPLICABLE
        return [one for one in self.activities if one.kind != ActivityKind.PRODUCT and one.state != aside]

    @property
    def unfinished(self) -> list[str]:
        """Codes of what nobody finished or set aside: a gate does not ask for it, but who closes is told."""
        return [one.code for one in self.counted if one.state in OPEN]

    @property
    def missing(self) -> list[ConditionState]:
        """The conditions of the gate that are not met."""
        return [one for one in self.gate if not one.is_met]

    @property
    def heading(self) -> str:
        """«Fase 2. Elaboración del PES»."""
        return f"Fase {self.phase.number}. {self.phase.name}"

    @property
    def gate_heading(self) -> str:
        """«Puerta G2: qué falta para cerrar la fase», or what was met."""
        if self.state is PhaseState.CLOSED:
            return f"Puerta {self.phase.gate}: lo que se cumplió"
        return f"Puerta {self.phase.gate}: qué falta para cerrar la fase"

    @property
    def is_ready(self) -> bool:
        """Whether the phase could be closed now."""
        return self.state is PhaseState.OPEN and bool(self.gate) and not self.missing


def stations_of(
    road: Road, facts: Sequence[GateFact], today: date, *, chosen: str = "", url: Callable[[str], str] = lambda code: ""
) -> list[Station]:
    """The stations of a road in order: two queries whatever its size. `url` gives the address of a phase by its code."""
    phases = list(RoadPhase.objects.filter(road=road).select_related("closed_by").order_by("number"))
    lines: dict[int, list[RoadActivity]] = {}
    rows = RoadActivity.objects.filter(phase__road=road).select_related("person", "entity", "step")
    for one in rows.order_by("phase__number", "number"):
        lines.setdefault(one.phase_id, []).append(one)
    closed = {phase.code for phase in phases if phase.closed_at}
    found = []
    for phase in phases:
        state = phase_state(is_closed=phase.code in closed, after=phase.after, closed=closed)
        station = _station(phase, state, lines.get(phase.pk, []), facts, today)
        station.url, station.is_chosen = url(phase.code), phase.code == chosen
        found.append(station)
    return found


def legs_of(stations: Sequence[Station]) -> list[list[Station]]:
    """Stations in the order they are walked; those that wait for the same phases stand side by side (LC-01)."""
    legs: list[list[Station]] = []
    for one in stations:
        if legs and one.phase.after and legs[-1][0].phase.after == one.phase.after:
            legs[-1].append(one)
        else:
            legs.append([one])
    return legs


def current_of(stations: Sequence[Station]) -> list[Station]:
    """The phases that are walked now; the last ones when everything is closed."""
    return [one for one in stations if one.state is PhaseState.OPEN]


def whole_of(stations: Iterable[Station]) -> Decimal | None:
    """How far a weighted road is (GP-01), unrounded; None without weights."""
    return whole_progress([(one.progress, one.phase.weight) for one in stations])


def summary_of(stations: Sequence[Station]) -> Mapping[str, Any]:
    """What a director reads first: where the road is, what is missing and whose turn it is."""
    now = current_of(stations)
    total = len(stations)
    if not now:
        return {"title": "El camino está recorrido", "detail": f"Las {total} fases están cerradas.", "now": []}
    if len(now) == 1:
        title = f"Fase {now[0].phase.number} de {total}: {now[0].phase.name}"
    else:
        names = [one.phase.name for one in now]
        title = f"Fases {_listed([str(one.phase.number) for one in now])}, a la vez"
        return {"title": title, "detail": f"{_listed(names)}.", "now": now}
    return {"title": title, "detail": now[0].phase.purpose, "now": now}


def _station(
    phase: RoadPhase, state: PhaseState, lines: list[RoadActivity], facts: Sequence[GateFact], today: date
) -> Station:
    late = sum(
        is_late(ActivityState(one.state), one.planned_until, today)
        for one in lines
        if one.kind != ActivityKind.PRODUCT  # they are counted apart
    )
    late = late if state is PhaseState.OPEN else 0
    progress = phase_progress(
        Line(ActivityKind(one.kind), ActivityState(one.state), one.progress, one.weight) for one in lines
    )
    station = Station(phase, state, lines, _gate(phase, state, facts), late, progress)
    station.turn = _turn(station)
    station.words = _words(station)
    return station


def _gate(phase: RoadPhase, state: PhaseState, facts: Sequence[GateFact]) -> list[ConditionState]:
    """What a gate asks for and what is known today; a closed one had everything, or it would not have been closed."""
    gate = gate_of(phase, facts)
    if state is not PhaseState.CLOSED:
        return gate
    return [ConditionState(one.code, one.text, True, "", one.url) for one in gate]


def _words(one: Station) -> dict[str, str]:
    done = sum(line.state == ActivityState.DONE for line in one.counted)
    products = [line for line in one.activities if line.kind == ActivityKind.PRODUCT]
    kind = "hitos" if any(line.kind == ActivityKind.HITO for line in one.counted) else "actividades"
    return {
        "state": one.state.label,
        "tone": {"closed": "ok", "open": "info", "waiting": "neutral"}[one.state],
        "percent": "" if one.progress is None or one.state is PhaseState.WAITING else format_percent(one.progress),
        "count": f"{done} de {len(one.counted)} {kind}",
        "weight": f"Peso {format_magnitude(one.phase.weight)}\u00a0%" if one.phase.weight is not None else "",
        "products": f"{sum(line.state == ActivityState.DONE for line in products)} de {len(products)}"
        if products
        else "",
        "late": "" if not one.late else "1 atrasada" if one.late == 1 else f"{one.late} atrasadas",
        "closed": f"Cerrada el {long_date(one.phase.closed_at)}" if one.phase.closed_at else "",
        "gate": _gate_words(one),
        "gate_line": _gate_line(one),
        "gate_tone": "" if one.state is PhaseState.WAITING else "ok" if not one.missing else "warn",
        "gate_state": "open" if one.state is PhaseState.CLOSED else "ready" if one.is_ready else "shut",
    }


def _gate_words(one: Station) -> str:
    if one.state is PhaseState.CLOSED:
        return "Pasada"
    if one.is_ready:
        return "Lista"
    missing = len(one.missing)
    return f"Falta 1 de {len(one.gate)}" if missing == 1 else f"Faltan {missing} de {len(one.gate)}"


def _gate_line(one: Station) -> str:
    if one.state is PhaseState.CLOSED:
        return f"Sus {len(one.gate)} condiciones se cumplieron: la fase se cerró el {long_date(one.phase.closed_at)}."
    if not one.missing:
        return f"Las {len(one.gate)} condiciones se cumplen."
    return (
        f"Se cumplen {len(one.gate) - len(one.missing)} de {len(one.gate)} condiciones; sin todas no se puede cerrar."
    )


def _turn(one: Station) -> str:
    """Whose turn it is in an open phase, in words."""
    if one.state is not PhaseState.OPEN:
        return ""
    if one.is_ready:
        return CHIEF
    waiting = [line for line in one.counted if line.state in OPEN]
    if not waiting:
        return "A quienes deben cumplir lo que le falta a la puerta." if one.missing else CHIEF
    waiting.sort(key=lambda line: (line.planned_until or date.max, line.number))
    names = list(dict.fromkeys(name for line in waiting if (name := responsible_of(line))))
    if not names:
        count = "1 actividad" if len(waiting) == 1 else f"{len(waiting)} actividades"
        return f"A la OAP: nadie responde aún por {count}."
    rest = len(names) - NAMES_SHOWN
    more = f" y {rest} más" if rest > 0 else ""
    return f"A {', '.join(names[:NAMES_SHOWN]) if more else _listed(names)}{more}."


def responsible_of(line: RoadActivity) -> str:
    """Who answers for an activity: the person and the entity, whichever are known."""
    parts = [str(line.person) if line.person else "", line.entity.short_name if line.entity else ""]
    person, entity = parts
    return f"{person} ({entity})" if person and entity else person or entity


def _listed(names: Sequence[str]) -> str:
    return " y ".join([", ".join(names[:-1]), names[-1]]) if len(names) > 1 else "".join(names)
