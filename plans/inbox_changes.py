"""What requests leave for each person to do: derived from their states, never stored."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.utils import timezone

from pes.access import units_for
from pes.permissions import Permission
from plans.models import ChangeRequest, Opinion
from plans.rules.change_states import ChangeStatus
from plans.rules.plan_states import PlanStatus

# Who must act, where the request stands, what to do, and the instant since when it waits.
WORK = (
    (Permission.CHANGE_STUDY, ChangeStatus.FILED, "Poner en estudio la solicitud", "filed_at"),
    (Permission.CHANGE_DECIDE, ChangeStatus.UNDER_STUDY, "Decidir la solicitud", "filed_at"),
    (Permission.PLAN_SUBMIT, ChangeStatus.APPROVED, "Aplicar con su caso HOLA la solicitud", "decided_at"),
)


def change_items(user: Any) -> Iterator[dict[str, Any]]:
    """The requests that wait for this person, as «Mi trabajo» shows them; four queries whatever their number.

    Those of a closed plan wait for nobody: nothing of it changes any more.
    """
    for opinion in _opinions(user):
        yield _item("Dar concepto sobre la solicitud", opinion.request, opinion.request.filed_at, "opinion_give")
    for permission, status, words, since in WORK:
        found = ChangeRequest.objects.visible_to(user, permission).filter(
            status=status, goal__plan__status=PlanStatus.PUBLISHED
        )
        if permission is Permission.CHANGE_DECIDE:  # who asked or opined does not decide (AZ4)
            found = found.exclude(made_by=user).exclude(filed_by=user).exclude(opinions__by=user)
        for request in found.select_related("goal__plan__unit"):
            yield _item(words, request, getattr(request, since), permission.value)


def _opinions(user: Any) -> Iterator[Opinion]:
    waiting = Opinion.objects.filter(
        unit__in=units_for(user, Permission.OPINION_GIVE),
        is_favourable=None,
        request__status=ChangeStatus.AWAITING_OPINION,
        request__goal__plan__status=PlanStatus.PUBLISHED,
    )
    own = waiting.exclude(request__made_by=user).exclude(request__filed_by=user)
    yield from own.select_related("request__goal__plan__unit").order_by("request__filed_at", "pk")


def _item(words: str, request: ChangeRequest, since: datetime | None, kind: str) -> dict[str, Any]:
    goal = request.goal
    return {
        "title": f"{words} {request.pk}: meta {goal.number} de {goal.plan.unit.name}",
        "detail": f"{request.get_kind_display()} · Vigencia {goal.plan.vigencia_id}",
        "url": request.get_absolute_url(),
        "due_on": None,
        "since": timezone.localtime(since).date() if since else None,
        "kind": kind,
    }
