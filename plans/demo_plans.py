"""The invented plans de gestión of the demonstration, read from `fixtures/demo_planes.json` as plain values.

Dates are days before the demonstration is prepared (negative: after), vigencias are years from the current one, so
that the demonstration never grows old. Who loads them walks the real transitions.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any

from django.conf import settings

from pes.rules.numbers import format_magnitude
from pes.rules.programming import ProgrammingType
from plans.rules.change_states import ChangeStatus
from plans.rules.changes import ChangeKind, Ground, OpinionKind
from plans.rules.goals import GoalFacts, GoalKind, IndicatorKind, Instrument, PlanFacts
from plans.rules.plan_states import PlanStatus

FIXTURE = settings.BASE_DIR / "fixtures" / "demo_planes.json"
_Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class DemoFramework:
    """The marco estratégico of an entity: its act and the texts of its objectives by number."""

    unit: str
    act: str
    valid_from: date
    objectives: Mapping[int, str]


@dataclass(frozen=True, slots=True)
class DemoTemplate:
    """A shared goal: its common fields in `goal` (whose number is 0), and the units that have it in a vigencia."""

    key: str
    owner: str
    vigencia_offset: int
    goal: GoalFacts
    units: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DemoObservation:
    """A thread about a goal, or about the plan; `turns` are (side, text) from the oldest, side as in `Side`."""

    goal: int | None
    field: str
    turns: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class DemoContribution:
    """What a citizen said and the answer, blank while there is none."""

    author: str
    channel: str
    text: str
    answer: str


@dataclass(frozen=True, slots=True)
class DemoConsultation:
    """A consultation between two days, or the reason why it was waived."""

    channel: str = ""
    opens_days_ago: int = 0
    closes_days_ago: int = 0
    contributions: tuple[DemoContribution, ...] = ()
    waiver_reason: str = ""


@dataclass(frozen=True, slots=True)
class DemoPlan:
    """A plan as it ends up; `keys` names its goals by number, `templates` those that come from a shared goal.

    `flaws` are the codes of what is wrong with its programmes and weights, on purpose; without any it is complete.
    """

    unit: str
    vigencia_offset: int
    state: PlanStatus
    facts: PlanFacts
    keys: Mapping[int, str]
    templates: Mapping[int, str]
    flaws: tuple[str, ...]
    observations: tuple[DemoObservation, ...]
    consultation: DemoConsultation | None
    hola_case: str


@dataclass(frozen=True, slots=True)
class DemoOpinion:
    """A prior opinion that a request needs; `favourable` is `None` until it is given."""

    kind: OpinionKind
    unit: str
    favourable: bool | None
    text: str
    memo: str


@dataclass(frozen=True, slots=True)
class DemoRequest:
    """A request about a goal of a published plan of the main vigencia; `proposed` are texts by name of `GoalField`."""

    unit: str
    goal: int
    state: ChangeStatus
    kind: ChangeKind
    ground: Ground
    memo: str
    justification: str
    proposed: Mapping[str, str]
    local_office: str
    opinions: tuple[DemoOpinion, ...]
    decision_reason: str
    hola_case: str


@dataclass(frozen=True, slots=True)
class DemoWorkshop:
    """A mesa de trabajo: who came is said by position, never by name."""

    vigencia_offset: int
    held_days_ago: int
    topic: str
    minutes: str
    attendees: tuple[str, ...]
    units: tuple[str, ...]


MAIN_OFFSET = 1  # plans are formulated for the next vigencia


def demo_framework() -> DemoFramework:
    """The marco estratégico that every goal serves (PG-02)."""
    entry = _content()["framework"]
    objectives = {objective["number"]: objective["text"] for objective in entry["objectives"]}
    return DemoFramework(entry["unit"], entry["act"], date.fromisoformat(entry["valid_from"]), objectives)


def demo_templates() -> Iterator[DemoTemplate]:
    """The shared goals of each vigencia that has plans with them (PG-04, PG-08)."""
    plans = tuple(demo_plans())
    for offset in dict.fromkeys(plan.vigencia_offset for plan in plans):
        for key, entry in _templates().items():
            units = tuple(
                plan.unit for plan in plans if plan.vigencia_offset == offset and key in plan.templates.values()
            )
            if units:
                common = {"objective": None, "baseline": None, "programme": [None] * 5, "responsible": ""}
                goal = _goal(0, key, None, common | {"articulation": ""})
                yield DemoTemplate(key, entry["owner"], offset, goal, units)


def demo_plans() -> Iterator[DemoPlan]:
    """Every plan, shared goals included and last."""
    for row in _content()["plans"]:
        keys = _goal_keys(row)
        yield DemoPlan(
            unit=row["unit"],
            vigencia_offset=row["vigencia_offset"],
            state=PlanStatus(row["state"]),
            facts=_facts(row, keys),
            keys=dict(enumerate(keys, 1)),
            templates={number: key for number, key in enumerate(keys, 1) if key in _templates()},
            flaws=tuple(row.get("flaws", ())),
            observations=tuple(_observation(entry, keys) for entry in row.get("observations", ())),
            consultation=_consultation(row.get("consultation")),
            hola_case=row.get("hola_case", ""),
        )


def demo_requests() -> Iterator[DemoRequest]:
    """One request in each state of SM-3 and a second modification, in the order in which they were filed."""
    keys = {row["unit"]: _goal_keys(row) for row in _content()["plans"] if row["vigencia_offset"] == MAIN_OFFSET}
    for row in _content()["requests"]:
        values = {"local_office": "", "decision_reason": "", "hola_case": ""} | row
        values["goal"] = keys[row["unit"]].index(row["goal"]) + 1
        values["state"] = ChangeStatus(row["state"])
        values["kind"], values["ground"] = ChangeKind(row["kind"]), Ground(row["ground"])
        values["opinions"] = tuple(
            DemoOpinion(**opinion | {"kind": OpinionKind(opinion["kind"])}) for opinion in row["opinions"]
        )
        yield DemoRequest(**values)


def demo_workshops() -> Iterator[DemoWorkshop]:
    """The mesas de trabajo without which no plan is sent (SM-1, act. 2)."""
    for row in _content()["workshops"]:
        yield DemoWorkshop(**row | {"attendees": tuple(row["attendees"]), "units": tuple(row["units"])})


@cache
def _content() -> _Json:
    content: _Json = json.loads(FIXTURE.read_text(encoding="utf-8"))
    return content


def _templates() -> dict[str, _Json]:
    return {entry["key"]: entry for entry in _content()["templates"]}


def _goal_keys(row: _Json) -> list[str]:
    """The goals of a plan in their order: the number of a goal is its place, from 1."""
    chosen = row.get("only")
    keys = _content()["goal_sets"][row["goals"]]
    return [key for key in keys if chosen is None or key in chosen or key in _templates()]


def _facts(row: _Json, keys: list[str]) -> PlanFacts:
    identity = _content()["identities"][row["identity"]] | row.get("identification", {})
    named = {
        field: identity[field].replace("{nombre}", row.get("name", ""))
        for field in ("process_objective", "scope", "leader", "articulation_detail")
    }
    weights, programmes = _content()["goal_sets"][row["goals"]], row.get("programmes", {})
    changes = row.get("changes", {})
    goals = tuple(
        _goal(
            number,
            key,
            weights[key],
            ({"programme": programmes[key]} if key in programmes else {}) | changes.get(key, {}),
        )
        for number, key in enumerate(keys, 1)
    )
    return PlanFacts(instruments=tuple(map(Instrument, identity["instruments"])), goals=goals, **named)


def _goal(number: int, key: str, weight: str | None, changes: _Json) -> GoalFacts:
    """A goal from its model, its weight and what the plan changes in it."""
    entry = {"weight": weight} | _content()["goals"][key] | changes
    template = _templates().get(key, {})
    first, second, third, fourth, magnitude = map(_decimal, entry.pop("programme"))
    return GoalFacts(
        **entry
        | {
            "number": number,
            "text": entry["text"].replace("{magnitud}", format_magnitude(magnitude)),
            "kind": GoalKind(template.get("kind", GoalKind.TECNICA)),
            "weight": _decimal(entry["weight"]),
            "indicator_type": IndicatorKind(entry["indicator_type"]),
            "programming_type": ProgrammingType(entry["programming_type"]),
            "baseline": _decimal(entry["baseline"]),
            "quarters": (first, second, third, fourth),
            "magnitude": magnitude,
            "central_area": template.get("central_area", ""),
            "is_shared": bool(template),
        }
    )


def _decimal(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def _observation(entry: _Json, keys: list[str]) -> DemoObservation:
    goal = None if entry["goal"] is None else keys.index(entry["goal"]) + 1
    return DemoObservation(goal, entry["field"], tuple((side, text) for side, text in entry["turns"]))


def _consultation(name: str | None) -> DemoConsultation | None:
    if name is None:
        return None
    entry = dict(_content()["consultations"][name])
    unanswered = entry.pop("unanswered", ())
    said = (
        _content()["contributions"][key] | ({"answer": ""} if key in unanswered else {})
        for key in entry.pop("contributions", ())
    )
    return DemoConsultation(contributions=tuple(DemoContribution(**one) for one in said), **entry)
