"""What phases 5 and 6 offer to the rest: tabs of a PES, and what awaits a person, late things first."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, OuterRef, Q, Subquery
from django.utils import timezone

from evaluation.models import (
    AccountabilityCommitment,
    AccountabilityEvent,
    Cutoff,
    CutoffStatus,
    ImprovementAction,
    Responsibility,
)
from evaluation.rules.accountability_states import ASKING
from evaluation.rules.improvement_states import RUNNING, ActionKind, ActionStatus
from pes import registry
from pes.dates import long_date
from pes.models import Indicator, SectorPlan
from pes.permissions import Permission
from pes.plan_frame import plan_url
from pes.rules.states import FigureState

SHOWN = 25  # of each kind of thing; the boards have the rest
PROMISES_SOON = timedelta(days=30)


def plan_tabs(user: Any, plan: SectorPlan) -> Iterator[dict[str, Any]]:
    """«Viabilidad», «Evaluación» and «Rendición»."""
    yield {"key": "viability", "label": "Viabilidad", "url": plan_url(plan, "evaluation:viability"), "order": 70}
    yield {"key": "evaluation", "label": "Evaluación", "url": plan_url(plan, "evaluation:agenda"), "order": 75}
    yield {
        "key": "accountability",
        "label": "Rendición",
        "url": plan_url(plan, "evaluation:accountability"),
        "order": 80,
    }


def inbox(user: Any) -> Iterator[dict[str, Any]]:
    """Actions one owes or may verify, indicators one answers for, questions and promises to citizens."""
    yield from _owned(user)
    yield from _to_verify(user)
    yield from _to_measure(user)
    yield from _to_answer(user)
    yield from _promised(user)


def _owned(user: Any) -> Iterator[dict[str, Any]]:
    rows = ImprovementAction.objects.visible_to(user).filter(owner=user, status__in=RUNNING)
    for row in rows.select_related("bottleneck__plan__sector").order_by("due_on", "pk")[:SHOWN]:
        yield {
            "title": f"{ActionKind(row.kind).label}: {row.text[:140]}",
            "detail": f"Atiende «{row.bottleneck.title}».",
            "url": row.get_absolute_url(),
            "due_on": row.due_on,
            "since": None,
            "kind": "improvement",
        }


def _to_verify(user: Any) -> Iterator[dict[str, Any]]:
    rows = ImprovementAction.objects.visible_to(user, Permission.IMPROVEMENT_MANAGE).filter(status=ActionStatus.DONE)
    rows = rows.exclude(Q(owner=user) | Q(done_by=user)).select_related("bottleneck__plan__sector")
    for row in rows.order_by("done_on", "pk")[:SHOWN]:
        yield {
            "title": f"Verificar una acción terminada: {row.text[:120]}",
            "detail": f"Atiende «{row.bottleneck.title}».",
            "url": row.get_absolute_url(),
            "due_on": None,
            "since": row.done_on,
            "kind": "improvement_verify",
        }


def _to_measure(user: Any) -> Iterator[dict[str, Any]]:
    """Indicators one answers for without figure at the last cut-off; who may measure them is told by their entity."""
    mine = Responsibility.objects.filter(person=user, indicator__isnull=False)
    if not mine.exists():  # who answers for none reads no cut-off here: they are big
        return
    measures = Indicator.objects.visible_to(user, Permission.INDICATOR_MEASURE).values("pk")
    kept = mine.exclude(indicator__in=measures).values_list("plan_id", "indicator__key").order_by("indicator__key")
    by_plan: dict[int, list[str]] = {}
    for plan, key in kept:
        by_plan.setdefault(plan, []).append(key)
    last = Cutoff.objects.filter(plan=OuterRef("plan")).order_by("-on").values("pk")[:1]
    opened = Cutoff.objects.visible_to(user).filter(pk=Subquery(last), status=CutoffStatus.OPEN, plan__in=by_plan)
    for cutoff in opened.select_related("plan__sector"):
        pending = _pending(cutoff)
        for key in [key for key in by_plan[cutoff.plan_id] if key in pending][:SHOWN]:
            yield {
                "title": f"Falta medir el indicador {key}, del que usted responde",
                "detail": f"Corte del {long_date(cutoff.on)}, sector {cutoff.plan.sector.name}. Lo mide el enlace de su entidad.",
                "url": Indicator(plan=cutoff.plan, key=key).get_absolute_url(),
                "due_on": None,
                "since": cutoff.on,
                "kind": "measurement_owner",
            }


def _pending(cutoff: Cutoff) -> set[str]:
    objectives = cutoff.sector_result.objectives
    return {one.key for objective in objectives for one in objective.indicators if one.state is FigureState.PENDING}


def _to_answer(user: Any) -> Iterator[dict[str, Any]]:
    rows = AccountabilityEvent.objects.visible_to(user, Permission.ACCOUNTABILITY_MANAGE).filter(status__in=ASKING)
    rows = rows.annotate(waiting=Count("questions", filter=Q(questions__answered_at=None))).filter(waiting__gt=0)
    for row in rows.select_related("plan__sector").order_by("held_on")[:SHOWN]:
        count = "1 pregunta ciudadana" if row.waiting == 1 else f"{row.waiting} preguntas ciudadanas"
        yield {
            "title": f"Responder {count}",
            "detail": f"{row.title}, {long_date(row.held_on)}.",
            "url": row.get_absolute_url(),
            "due_on": row.questions_until,
            "since": None,
            "kind": "accountability",
        }


def _promised(user: Any) -> Iterator[dict[str, Any]]:
    soon: date = timezone.localdate() + PROMISES_SOON
    rows = AccountabilityCommitment.objects.visible_to(user, Permission.ACCOUNTABILITY_MANAGE)
    rows = rows.filter(kept_on=None, due_on__lte=soon).select_related("event__plan__sector", "unit")
    for row in rows.order_by("due_on", "pk")[:SHOWN]:
        yield {
            "title": f"Cumplir con la ciudadanía: {row.text[:140]}",
            "detail": f"A cargo de {row.unit.short_name}. Quedó en «{row.event.title}».",
            "url": row.event.get_absolute_url() + "#compromisos",
            "due_on": row.due_on,
            "since": None,
            "kind": "promise",
        }


registry.provide("plan_tabs", plan_tabs)
registry.provide("inbox", inbox)
