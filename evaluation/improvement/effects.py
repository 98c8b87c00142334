"""The measured effect of actions: what stored cut-offs said of their indicator or objective, before and after."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal

from evaluation.models import Cutoff, ImprovementAction
from evaluation.rules.improvement import Effect, Reading, effect
from evaluation.rules.results import SectorResult


def effects_of(actions: Sequence[ImprovementAction], today: date, *, known: date | None = None) -> dict[int, Effect]:
    """Action (id) → effect; two queries whatever their number. Actions bring their bottleneck and what it holds back.

    Before is the last cut-off up to the day the action starts; after, the last one of the vigencia in which it was
    done, or of today's while it runs. A project alone has no percentage. With `known` no cut-off
    after that day is read: what a report of a period may say.
    """
    plans = {action.bottleneck.plan_id for action in actions}
    days: dict[int, list[tuple[date, int]]] = {}
    cutoffs = Cutoff.objects.filter(plan__in=plans, **({"on__lte": known} if known else {})).order_by("on")
    for pk, plan, on in cutoffs.values_list("pk", "plan_id", "on"):
        days.setdefault(plan, []).append((on, pk))
    chosen = {action.pk: _ends(action, days.get(action.bottleneck.plan_id, []), today) for action in actions}
    wanted = {pk for ends in chosen.values() for pk in ends if pk is not None}
    results = {cutoff.pk: cutoff for cutoff in Cutoff.objects.filter(pk__in=wanted)}
    parsed = {pk: (cutoff.on, cutoff.sector_result) for pk, cutoff in results.items()}
    return {
        action.pk: effect(
            *(_reading(action, parsed[pk]) if pk in parsed else None for pk in chosen[action.pk]),
            vigencia=action.starts_on.year,
        )
        for action in actions
    }


def _ends(action: ImprovementAction, days: Iterable[tuple[date, int]], today: date) -> tuple[int | None, int | None]:
    """The cut-offs (ids) before and after."""
    until = date((action.done_on or today).year, 12, 31)
    before = after = None
    for on, pk in days:
        if on <= action.starts_on:
            before = pk
        if on <= until:
            after = pk
    return before, after


def _reading(action: ImprovementAction, stored: tuple[date, SectorResult]) -> Reading:
    on, result = stored
    return Reading(on, _ratio(action, result))


def _ratio(action: ImprovementAction, result: SectorResult) -> Decimal | None:
    target = action.bottleneck
    if target.indicator is not None:
        key = target.indicator.key
        found = (one.progress for objective in result.objectives for one in objective.indicators if one.key == key)
        return next(found, None)
    if target.objective is not None:
        return next((one.compliance for one in result.objectives if one.number == target.objective.number), None)
    return None
