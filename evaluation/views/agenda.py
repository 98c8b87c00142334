"""The agenda of the evaluation of a PES, and the way to its bottlenecks, actions and responsible people."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from evaluation.improvement.agenda_page import agenda_blocks
from evaluation.models import Bottleneck, ImprovementAction, Responsibility
from evaluation.rules.improvement_states import RUNNING, ActionStatus, BottleneckStatus
from evaluation.vigencias import asked_vigencia
from pes.access import requires
from pes.models import Indicator, SectorGoal, SectorPlan
from pes.permissions import Permission
from pes.plan_frame import find_plan, frame, plan_url


@require_safe
@requires(Permission.PES_READ)
def agenda(request: HttpRequest, slug: str, first: int) -> HttpResponse:
    """What is evaluated in a vigencia, where each report stands, and what is missing."""
    plan = find_plan(request.user, slug, first)
    today = timezone.localdate()
    vigencia = asked_vigencia(plan, request.GET.get("vigencia", ""), today)
    context = frame(request.user, plan, "evaluation", ("Evaluación", ""))
    context |= {
        "vigencia": vigencia,
        "vigencias": [(year, str(year)) for year in reversed(plan.vigencias)],
        "blocks": agenda_blocks(plan, vigencia, today),
        "doors": _doors(plan),
    }
    return render(request, "evaluation/improvement/agenda.html", context)


def _doors(plan: SectorPlan) -> list[dict[str, Any]]:
    """The three pages of phase 5 with how much waits in each; five queries."""
    actions = ImprovementAction.objects.filter(bottleneck__plan=plan)
    late = actions.filter(status__in=RUNNING, due_on__lt=timezone.localdate()).count()
    verify = actions.filter(status=ActionStatus.DONE).count()
    stuck = Bottleneck.objects.filter(plan=plan, status=BottleneckStatus.OPEN).count()
    total = SectorGoal.objects.filter(objective__plan=plan).count() + Indicator.objects.filter(plan=plan).count()
    owned = Responsibility.objects.filter(plan=plan).count()
    why, of_all = "Qué frena y por qué", f"De {total} metas e indicadores"
    doors = (
        ("bottlenecks", "Cuellos de botella", "Cuellos de botella abiertos", stuck, why),
        ("actions", "Acciones", "Acciones vencidas", late, f"{verify} por verificar"),
        ("responsibles", "Responsables", "Sin responsable", total - owned, of_all),
    )
    return [
        {"short": short, "label": label, "value": str(count), "note": note, "url": plan_url(plan, f"evaluation:{name}")}
        for name, short, label, count, note in doors
    ]
