"""What the screens of evaluation offer to the rest: menu entries and what awaits a person."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import Count, OuterRef, Subquery, Sum
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from evaluation.models import Cutoff, CutoffStatus, IndicatorWeight
from evaluation.pages.cutoffs import Authorship
from evaluation.pages.selection import menu_sector
from pes import registry
from pes.access import holds
from pes.dates import long_date
from pes.models import Indicator, IndicatorTarget, SectorPlan
from pes.permissions import Permission
from pes.rules.numbers import ZERO
from pes.rules.states import FigureState
from pes.rules.weights import sum_problem


def menu(request: HttpRequest) -> Iterator[dict[str, Any]]:
    """The pages of one sector: that of the page one is on, else the first that the person may see."""
    slug = menu_sector(request)
    if not slug:
        return
    yield {"label": "Tablero", "url": reverse("evaluation:dashboard", args=[slug]), "order": 10}
    yield {"label": "PES", "url": reverse("pes:plan", args=[slug]), "order": 20}
    yield {"label": "Ponderación", "url": reverse("evaluation:weights-home", args=[slug]), "order": 30}
    yield {"label": "Cortes", "url": reverse("evaluation:cutoffs", args=[slug]), "order": 40}


def inbox(user: Any) -> Iterator[dict[str, Any]]:
    """Cut-offs to consolidate, weights to complete, indicators to measure."""
    yield from _to_consolidate(user)
    yield from _to_weigh(user)
    yield from _to_measure(user)


def _to_consolidate(user: Any) -> Iterator[dict[str, Any]]:
    today = timezone.localdate()
    rows = Cutoff.objects.visible_to(user, Permission.CUTOFF_CONSOLIDATE).filter(status=CutoffStatus.OPEN, on__lt=today)
    written: dict[int, Authorship] = {}
    for cutoff in rows.select_related("plan__sector").order_by("on"):
        mine = written.get(cutoff.plan_id) or written.setdefault(cutoff.plan_id, Authorship.of(cutoff.plan, user))
        if not mine.problems(cutoff, today):
            yield {
                "title": f"Consolidar el corte del {long_date(cutoff.on)}",
                "detail": f"Sector {cutoff.plan.sector.name}: nada lo impide.",
                "url": reverse("evaluation:cutoffs", args=[cutoff.plan.sector.code]),
                "due_on": None,
                "since": cutoff.on,
                "kind": "cutoff",
            }


def _to_weigh(user: Any) -> Iterator[dict[str, Any]]:
    """Objectives of vigencias with an open cut-off whose weights are missing or do not sum 100,00 (W-02)."""
    plans = SectorPlan.objects.visible_to(user, Permission.WEIGHTS_EDIT).select_related("sector")
    opened = (
        Cutoff.objects.filter(plan__in=plans, status=CutoffStatus.OPEN).values_list("plan_id", "on__year").distinct()
    )
    by_plan = {plan.pk: plan for plan in plans}
    for plan_id, year in sorted(set(opened)):
        slug = by_plan[plan_id].sector.code
        for number, problem in _weight_problems(plan_id, year):
            yield {
                "title": f"Completar la ponderación {year} del objetivo {number}",
                "detail": problem,
                "url": reverse("evaluation:weights", args=[slug, year, number]),
                "due_on": None,
                "since": None,
                "kind": "weights",
            }


def _weight_problems(plan_id: int, year: int) -> Iterator[tuple[int, str]]:
    programmed = (
        IndicatorTarget.objects.filter(indicator__plan=plan_id, vigencia=year)
        .values_list("indicator__goal__objective__number")
        .annotate(count=Count("pk"))
        .order_by("indicator__goal__objective__number")
    )
    rows = (
        IndicatorWeight.objects.filter(indicator__plan=plan_id, vigencia=year)
        .values_list("indicator__goal__objective__number")
        .annotate(count=Count("pk"), total=Sum("weight"))
        .order_by()
    )
    weighed = {number: (count, total) for number, count, total in rows}
    for number, count in programmed:
        found, total = weighed.get(number, (0, ZERO))
        problem = sum_problem([total])
        if problem:
            yield number, problem.message
        elif found != count:
            yield number, f"{count - found} indicadores programados no tienen ponderación."


def _to_measure(user: Any) -> Iterator[dict[str, Any]]:
    """Indicators of the person's entity without a measurement at the plan's last cut-off, while it is open."""
    if not holds(user, Permission.INDICATOR_MEASURE):  # who measures none reads no cut-off here: they are big
        return
    last = Cutoff.objects.filter(plan=OuterRef("plan")).order_by("-on").values("pk")[:1]
    rows = (
        Cutoff.objects.visible_to(user)
        .filter(pk=Subquery(last), status=CutoffStatus.OPEN)
        .select_related("plan__sector")
    )
    for cutoff in rows:
        pending = {
            one.key
            for objective in cutoff.sector_result.objectives
            for one in objective.indicators
            if one.state is FigureState.PENDING
        }
        mine = Indicator.objects.visible_to(user, Permission.INDICATOR_MEASURE).filter(
            plan=cutoff.plan, key__in=pending
        )
        keys = list(mine.order_by("key").values_list("key", flat=True))
        if keys:
            count = "1 indicador" if len(keys) == 1 else f"{len(keys)} indicadores"
            yield {
                "title": f"Medir {count} al corte del {long_date(cutoff.on)}",
                "detail": f"Sector {cutoff.plan.sector.name}: {', '.join(keys[:8])}{'…' if len(keys) > 8 else ''}",
                "url": reverse("evaluation:indicator", args=[cutoff.plan.sector.code, keys[0]]),
                "due_on": None,
                "since": cutoff.on,
                "kind": "measurement",
            }


registry.provide("menu", menu)
registry.provide("inbox", inbox)
