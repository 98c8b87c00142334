"""Boards of bottlenecks and actions: filters, ageing, and rows as texts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Case, Count, IntegerField, Q, Value, When
from django.http import QueryDict

from evaluation.models import Bottleneck, ImprovementAction
from evaluation.rules.improvement import Effect, age_text, due_tone
from evaluation.rules.improvement_states import (
    RUNNING,
    UNFINISHED,
    ActionKind,
    ActionStatus,
    BottleneckStatus,
    Severity,
)
from pes.dates import countdown, long_date
from pes.models import OrganizationUnit, SectorPlan
from pes.rules.numbers import (
    HUNDRED,
    NO_BREAK_SPACE,
    exact,
    format_magnitude,
    format_percent,
    ratio_to_percent,
    round_half_up,
)

PER_PAGE = 50
ALL = "todas"
SEVERITY_TONES = {Severity.HIGH: "risk", Severity.MEDIUM: "warn", Severity.LOW: "neutral"}
STATUS_TONES = {
    ActionStatus.OPEN: "neutral",
    ActionStatus.UNDER_WAY: "info",
    ActionStatus.DONE: "warn",
    ActionStatus.VERIFIED: "ok",
    ActionStatus.DISCARDED: "neutral",
}
RELATED = ("bottleneck__plan__sector", "bottleneck__unit", "bottleneck__objective", "bottleneck__indicator", "bottleneck__project", "owner")  # fmt: skip


@dataclass(frozen=True, slots=True)
class BottleneckRow:
    """A bottleneck in the board."""

    title: str
    url: str
    holds: str
    unit: str
    severity: str
    severity_tone: str
    status: str
    status_tone: str
    age: str
    actions: str


@dataclass(frozen=True, slots=True)
class ActionRow:
    """An action in a list."""

    text: str
    url: str
    kind: str
    bottleneck: str
    owner: str
    status: str
    status_tone: str
    due: str
    left: str
    left_tone: str
    progress: str
    effect: str


def units_of(plan: SectorPlan) -> Any:
    """The sector and its entities: who may look after a bottleneck."""
    return OrganizationUnit.objects.filter(Q(pk=plan.sector_id) | Q(parent=plan.sector_id)).order_by("sort_key", "code")


def chosen_of(query: QueryDict, *names: str) -> dict[str, str]:
    """What was asked in the address, by name."""
    return {name: query.get(name, "").strip() for name in names}


def bottlenecks(plan: SectorPlan, chosen: Mapping[str, str]) -> Any:
    """The bottlenecks of a plan that the filters leave: open unless asked, the gravest and oldest first."""
    rows = Bottleneck.objects.filter(plan=plan)
    state = chosen.get("estado", "")
    if state != ALL:
        rows = rows.filter(status=state if state in set(BottleneckStatus) else BottleneckStatus.OPEN)
    if chosen.get("gravedad") in set(Severity):
        rows = rows.filter(severity=chosen["gravedad"])
    if chosen.get("entidad"):
        rows = rows.filter(unit__code=chosen["entidad"])
    grave = Case(
        *(When(severity=one.value, then=Value(at)) for at, one in enumerate(Severity)), output_field=IntegerField()
    )
    running = Count("actions", filter=Q(actions__status__in=UNFINISHED))
    rows = rows.annotate(grave=grave, running=running, actions_total=Count("actions"))
    return rows.select_related("unit", "objective", "indicator", "project", "plan__sector").order_by(
        "grave", "since", "pk"
    )


def actions(plan: SectorPlan, chosen: Mapping[str, str], user: Any) -> Any:
    """The actions of a plan that the filters leave: unfinished unless asked, the first to end first."""
    rows = ImprovementAction.objects.filter(bottleneck__plan=plan)
    state = chosen.get("estado", "")
    if state in set(ActionStatus):
        rows = rows.filter(status=state)
    elif state != ALL:
        rows = rows.filter(status__in=UNFINISHED)
    if chosen.get("clase") in set(ActionKind):
        rows = rows.filter(kind=chosen["clase"])
    if chosen.get("entidad"):
        rows = rows.filter(bottleneck__unit__code=chosen["entidad"])
    if chosen.get("de") == "mias":
        rows = rows.filter(owner=user)
    return rows.select_related(*RELATED).prefetch_related("follow_ups").order_by("due_on", "pk")


def bottleneck_row(one: Any, today: date) -> BottleneckRow:
    """A bottleneck from `bottlenecks` as texts."""
    solved = one.status == BottleneckStatus.SOLVED
    age = f"Superado el {long_date(one.solved_on)}" if solved else _standing(one.since, today)
    return BottleneckRow(
        title=one.title,
        url=one.get_absolute_url(),
        holds=holds_text(one),
        unit=one.unit.short_name,
        severity=Severity(one.severity).label,
        severity_tone="neutral" if solved else SEVERITY_TONES[Severity(one.severity)],
        status=BottleneckStatus(one.status).label,
        status_tone="ok" if solved else "course",
        age=age,
        actions=_count_text(one.running, one.actions_total),
    )


def action_rows(found: Iterable[ImprovementAction], effects: Mapping[int, Effect], today: date) -> list[ActionRow]:
    """Actions with their follow-ups fetched, as texts."""
    return [_action(one, effects.get(one.pk), today) for one in found]


def holds_text(one: Bottleneck) -> str:
    """What a bottleneck holds back, in few words."""
    parts = []
    if one.indicator is not None:
        parts.append(str(one.indicator))
    if one.objective is not None:
        parts.append(str(one.objective))
    if one.project is not None:
        parts.append(f"Proyecto {one.project.code}")
    return ", ".join(parts)


def effect_text(found: Effect | None) -> str:
    """The measured effect: «De 24,15 % a 50,00 % (+25,85 puntos)», or why there is none and what is known."""
    if found is None or found.before is None:
        return "Sin corte anterior a la acción"
    before = format_percent(ratio_to_percent(found.before.ratio))
    if found.after is None:
        day = long_date(found.before.on)
        if found.is_of_another_vigencia:
            return f"Sin corte de la vigencia {found.vigencia}; el último, del {day}, decía {before}"
        return f"{before} en el corte del {day}; falta un corte posterior"
    after = format_percent(ratio_to_percent(found.after.ratio))
    if found.change is None:
        return f"De {before} ({found.before.on.year}) a {after} ({found.after.on.year}); no se restan"
    with exact():
        points = round_half_up(found.change * HUNDRED, 2)
    sign = "+" if points > 0 else "−" if points < 0 else ""
    return f"De {before} a {after} ({sign}{format_magnitude(abs(points), 2)}{NO_BREAK_SPACE}puntos)"


def _action(one: ImprovementAction, found: Effect | None, today: date) -> ActionRow:
    entries = list(one.follow_ups.all())
    is_open = one.status in RUNNING
    return ActionRow(
        text=one.text,
        url=one.get_absolute_url(),
        kind=ActionKind(one.kind).label,
        bottleneck=one.bottleneck.title,
        owner=str(one.owner),
        status=ActionStatus(one.status).label,
        status_tone=STATUS_TONES[ActionStatus(one.status)],
        due=long_date(one.due_on),
        left=countdown(one.due_on, today) if is_open else _ended(one),
        left_tone=due_tone(one.due_on, today, is_open=is_open),
        progress=f"{entries[-1].progress}{NO_BREAK_SPACE}%" if entries else "Sin seguimiento",
        effect=effect_text(found),
    )


def _ended(one: ImprovementAction) -> str:
    return f"Terminada el {long_date(one.done_on)}" if one.done_on else ""


def _standing(since: date, today: date) -> str:
    age = age_text(since, today)
    return age.capitalize() if since >= today else f"Lleva {age}"


def _count_text(running: int, total: int) -> str:
    if not total:
        return "Sin acciones"
    noun = "acción" if total == 1 else "acciones"
    return f"{total} {noun}, {running or 'ninguna'} sin terminar"
