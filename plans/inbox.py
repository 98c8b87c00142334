"""What the life of a plan leaves for each person to do: derived from the plans' states, never stored."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

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
    """The plans that wait for this person, as «Mi trabajo» shows them; six queries whatever their number."""
    for permission, status, words, page, since in WORK:
        found = PlanGestion.objects.visible_to(user, permission).filter(status=status)
        if permission is Permission.PLAN_REVIEW:
            found = found.exclude(submitted_by=user)  # who sent it does not review it (AZ4)
        if permission is Permission.PLAN_CLOSE:
            found = found.filter(consolidated_quarter=4)
        for plan in found.select_related("unit"):
            yield _item(plan, words, page, getattr(plan, since), permission)


def _item(plan: PlanGestion, words: str, page: str, since: datetime | None, permission: Permission) -> dict[str, Any]:
    return {
        "title": f"{words}: {plan.unit.name}",
        "detail": f"Vigencia {plan.vigencia_id}",
        "url": plan.url(page),
        "due_on": None,
        "since": timezone.localtime(since).date() if since else None,
        "kind": permission.value,
    }
