"""The action plan of each entity for a vigencia: activities of its projects, who, when, what product (phase 4)."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from pes.access import requires
from pes.permissions import Permission
from pes.plan_frame import find_plan
from pes.profile.action_plans import entity_plans
from pes.profile.kinds import ACTIVITY
from pes.views.profile import NO_ENTITY, writer_of
from pes.views.resources import asked_vigencia, money


@require_safe
@requires(Permission.PES_READ)
def action_plan(request: HttpRequest, slug: str, first: int) -> HttpResponse:
    """The activities of a vigencia by entity and project, those that are late marked."""
    plan = find_plan(request.user, slug, first)
    vigencia = asked_vigencia(request, plan)
    writer = writer_of(request.user, plan)
    found = entity_plans(plan, vigencia, writer, timezone.localdate())
    chosen = request.GET.get("entidad", "")
    context: dict[str, Any] = {
        "plans": [one for one in found if chosen in ("", one.code)],
        "entities": [("", "Todas"), *((one.code, one.name) for one in found)],
        "chosen": chosen,
        "new_url": writer.new_url(ACTIVITY, vigencia=vigencia),
        "reason": "" if any(one.may_edit for one in found) else NO_ENTITY,
    }
    return render(
        request, "pes/profile/action_plan.html", money(request.user, plan, "pes:action-plan", vigencia) | context
    )
