"""What a report says of registered bottlenecks and of what is done about them (REP-02, REP-03).

A report speaks of its period: what stood on some day of it. The effect of an action is read from cut-offs up to the
report's own; an issued report keeps what it said, whatever happens later.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import Q

from evaluation.documents.context import MitigationAction, Obstacle
from evaluation.improvement.boards import RELATED, effect_text, holds_text
from evaluation.improvement.effects import effects_of
from evaluation.models.improvement import Bottleneck, ImprovementAction
from evaluation.rules.improvement import Effect
from evaluation.rules.improvement_states import ActionKind, ActionStatus, BottleneckStatus, Severity
from evaluation.rules.periods import Period
from pes.dates import long_date
from pes.models import SectorPlan
from pes.rules.numbers import NO_BREAK_SPACE

MOST = 30


def obstacles_by_key(plan: SectorPlan, period: Period) -> dict[str, str]:
    """Indicator (key) → what holds it back, for the list of delays; one query."""
    rows = _of(plan, period).filter(indicator__isnull=False).order_by("since", "pk")
    return dict(rows.values_list("indicator__key", "title"))


def obstacles_of(plan: SectorPlan, period: Period, on: Any) -> tuple[Obstacle, ...]:
    """The bottlenecks of a period, the gravest and oldest first, with their actions; five queries."""
    order = {one.value: at for at, one in enumerate(Severity)}
    rows = _of(plan, period).select_related("unit", "objective", "indicator", "project")
    found = sorted(rows, key=lambda one: (order[one.severity], one.since, one.pk))[:MOST]
    actions = ImprovementAction.objects.filter(bottleneck__in=found, starts_on__lte=period.ends_on)
    listed = list(actions.select_related(*RELATED).prefetch_related("follow_ups").order_by("due_on", "pk"))
    effects = effects_of(listed, period.ends_on, known=on)
    return tuple(_obstacle(one, [a for a in listed if a.bottleneck_id == one.pk], effects) for one in found)


def _of(plan: SectorPlan, period: Period) -> Any:
    standing = Q(solved_on__isnull=True) | Q(solved_on__gte=period.starts_on)
    return Bottleneck.objects.filter(standing, plan=plan, since__lte=period.ends_on)


def _obstacle(one: Bottleneck, actions: list[ImprovementAction], effects: Mapping[int, Effect]) -> Obstacle:
    solved = one.status == BottleneckStatus.SOLVED
    status = f"Superado el {long_date(one.solved_on)}" if solved else "Abierto"
    return Obstacle(
        title=one.title,
        holds=holds_text(one),
        unit=one.unit.short_name,
        severity=Severity(one.severity).label,
        since=long_date(one.since),
        status=status,
        cause=one.cause,
        actions=tuple(_action(action, effects.get(action.pk)) for action in actions),
    )


def _action(action: ImprovementAction, effect: Effect | None) -> MitigationAction:
    entries = list(action.follow_ups.all())
    progress = f"{entries[-1].progress}{NO_BREAK_SPACE}%" if entries else "Sin seguimiento"
    return MitigationAction(
        kind=ActionKind(action.kind).label,
        text=action.text,
        due=long_date(action.due_on),
        status=ActionStatus(action.status).label,
        progress=progress,
        effect=effect_text(effect),
    )
