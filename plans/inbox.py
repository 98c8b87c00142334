"""What the life of a plan leaves for each person to do: derived from the plans' states, never stored."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from pes.permissions import Permission
from plans.models import PlanGestion
from plans.rules.plan_states import PlanStatus

# Who must act, where the plan stands, what to do, the page, and the instant since when it waits.
WORK = (
    (Permission.PLAN_SUBMIT, PlanStatus.DRAFT, "Formular y enviar el plan de gestión", "plan", "opened_at"),
    (Permission.PLAN_EDIT, PlanStatus.WITH_OBSERVATIONS, "Responder observaciones", "review", "submitted_at"),
    (Permission.PLAN_REVIEW, PlanStatus.IN_REVIEW, "Revisar el plan de gestión", "review", "submitted_at"),
    (Permission.PLAN_SUBMIT, PlanStatus.VALIDATED, "Oficializar el plan de gestión", "plan", "validated_at"),
    (Permission.PLAN_PUBLISH, PlanStatus.OFFICIAL, "Publicar el plan de gestión", "plan", "official_at"),
    (Permission.PLAN_CLOSE, PlanStatus.PUBLISHED, "Cerrar el plan de gestión", "plan", "published_at"),
)


def lifecycle_items(user: Any) -> Iterator[dict[str, Any]]:
    """The plans that wait for this person, as «Mi trabajo» shows them; one query whatever their number."""
    waiting = reduce(or_, (_waiting(user, permission, status) for permission, status, *_ in WORK))
    found: dict[str, list[PlanGestion]] = {}
    for plan in waiting.select_related("unit"):
        found.setdefault(plan.status, []).append(plan)
    for permission, status, words, page, since in WORK:
        for plan in found.get(status, ()):
            yield _item(plan, words, page, getattr(plan, since), permission)


def _waiting(user: Any, permission: Permission, status: PlanStatus) -> QuerySet[PlanGestion]:
    """The plans in a state of which a person must do the next thing; no two kinds of work share a state."""
    found = PlanGestion.objects.visible_to(user, permission).filter(status=status)
    if permission is Permission.PLAN_REVIEW:
        return found.exclude(submitted_by=user)  # who sent it does not review it (AZ4)
    return found.filter(consolidated_quarter=4) if permission is Permission.PLAN_CLOSE else found


def _item(plan: PlanGestion, words: str, page: str, since: datetime | None, permission: Permission) -> dict[str, Any]:
    return {
        "title": f"{words}: {plan.unit.name}",
        "detail": f"Vigencia {plan.vigencia_id}",
        "url": plan.url(page),
        "due_on": None,
        "since": timezone.localtime(since).date() if since else None,
        "kind": permission.value,
    }
