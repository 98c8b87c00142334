"""What is stuck, with whom and since when: the plans that wait, the oldest first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import CharField, Count, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Cast, Coalesce
from django.utils import timezone

from pes.asked import whole_number
from pes.dates import long_date
from pes.models import AuditEvent
from pes.permissions import Permission
from plans.models import PlanGestion, PlanLevel, VersionEvent
from plans.pages.states import TONES
from plans.rules.plan_states import PlanStatus

WAITING = (
    (PlanStatus.IN_REVIEW, "De la oficina de planeación: revisarlo"),
    (PlanStatus.WITH_OBSERVATIONS, "Del equipo: responder"),
    (PlanStatus.VALIDATED, "De quien lo lidera: oficializarlo"),
    (PlanStatus.OFFICIAL, "De quien publica: publicarlo"),
)
_STALE, _SLOW = 10, 5  # days
_SINCE = {
    PlanStatus.IN_REVIEW: "submitted_at",
    PlanStatus.VALIDATED: "validated_at",
    PlanStatus.OFFICIAL: "official_at",
}


@dataclass(frozen=True, slots=True)
class Asked:
    """The filters of the queue, as they came in the address."""

    state: PlanStatus
    vigencia: int | None
    level: str


def asked(query: Any) -> Asked:
    """What the address asks for; anything else is the queue of the review."""
    states = {state.value: state for state, _ in WAITING}
    level = query.get("nivel", "")
    return Asked(
        state=states.get(query.get("estado", ""), PlanStatus.IN_REVIEW),
        vigencia=whole_number(query.get("vigencia", "")),
        level=level if level in PlanLevel.values else "",
    )


def waiting(user: Any, filters: Asked) -> QuerySet[PlanGestion]:
    """The plans that the person reviews and that wait in a state, the oldest first."""
    found = PlanGestion.objects.visible_to(user, Permission.PLAN_REVIEW).filter(status=filters.state)
    if filters.vigencia is not None:
        found = found.filter(vigencia=filters.vigencia)
    if filters.level:
        found = found.filter(level=filters.level)
    sent = Count("versions", filter=Q(versions__event=VersionEvent.SUBMITTED))
    rows = found.annotate(since=waiting_since(filters.state), rounds=sent).select_related(
        "unit__parent", "submitted_by"
    )
    return rows.order_by("since", "pk")


def row(plan: PlanGestion, today: date) -> dict[str, Any]:
    """A plan of the queue, as it is read."""
    since = timezone.localdate(plan.since)  # type: ignore[attr-defined]
    words, tone = waited(since, today)
    state = PlanStatus(plan.status)
    url = plan.url("review") if state in {PlanStatus.IN_REVIEW, PlanStatus.WITH_OBSERVATIONS} else plan.url("plan")
    return {
        "url": url,
        "code": plan.unit.code,
        "unit": plan.unit.name,
        "vigencia": str(plan.vigencia_id),
        "level": plan.get_level_display(),
        "state": state.label,
        "tone": TONES[state],
        "since": long_date(since),
        "days": words,
        "days_tone": tone,
        "rounds": str(plan.rounds),  # type: ignore[attr-defined]
        "sender": str(plan.submitted_by) if plan.submitted_by else "",
    }


def waited(since: date, today: date) -> tuple[str, str]:
    """How long something has waited, in words, and the colour of that."""
    days = (today - since).days
    words = "Hoy" if days <= 0 else "1 día" if days == 1 else f"{days} días"
    return words, "risk" if days > _STALE else "warn" if days > _SLOW else "neutral"


def waiting_since(state: PlanStatus) -> Any:
    """Since when a plan waits: the instant of the act that brought it there."""
    if state in _SINCE:
        return F(_SINCE[state])
    returned = AuditEvent.objects.filter(
        verb="plan_sent_back",
        object_type="plans.plangestion",
        object_id=Cast(OuterRef("pk"), CharField()),
    )
    return Coalesce(Subquery(returned.order_by("-pk").values("at")[:1]), "submitted_at")
