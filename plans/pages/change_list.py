"""The requests that a person sees: which wait, for whom and since when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone

from pes.asked import whole_number
from pes.dates import long_date
from plans.models import ChangeRequest, PlanLevel
from plans.pages.change_states import TONES
from plans.pages.changes import requests_of
from plans.rules.change_states import OPEN, ChangeStatus
from plans.rules.changes import ChangeKind

OPEN_ONES, ALL = "en-tramite", ""
STATES = [
    (OPEN_ONES, "En trámite"),
    (ALL, "Todas"),
    *((status.value, status.label) for status in ChangeStatus),
]
KINDS = [("", "Todas"), *((kind.value, kind.label) for kind in ChangeKind)]
LEVELS = [("", "Todos"), *PlanLevel.choices]


@dataclass(frozen=True, slots=True)
class Asked:
    """The filters of the list, as they came in the address."""

    state: str
    kind: str
    level: str
    vigencia: int | None


def asked(query: Any) -> Asked:
    """What the address asks for; anything else is what is under way."""
    state, kind, level = query.get("estado", OPEN_ONES), query.get("pide", ""), query.get("nivel", "")
    return Asked(
        state=state if state in dict(STATES) else OPEN_ONES,
        kind=kind if kind in dict(KINDS) else "",
        level=level if level in dict(LEVELS) else "",
        vigencia=whole_number(query.get("vigencia", "")),
    )


def listed(user: Any, filters: Asked) -> QuerySet[ChangeRequest]:
    """The requests of a list, those that wait longest first; what has ended, the last first."""
    found = requests_of(user).select_related("goal__plan__unit", "made_by", "filed_by")
    if filters.state == OPEN_ONES:
        found = found.filter(status__in=OPEN)
    elif filters.state:
        found = found.filter(status=filters.state)
    if filters.kind:
        found = found.filter(kind=filters.kind)
    if filters.level:
        found = found.filter(goal__plan__level=filters.level)
    if filters.vigencia is not None:
        found = found.filter(goal__plan__vigencia=filters.vigencia)
    since = found.annotate(since=Coalesce("decided_at", "filed_at", "made_at"))
    waits = filters.state == OPEN_ONES or filters.state in OPEN
    return since.order_by("since", "pk") if waits else since.order_by("-since", "-pk")


def row(request: ChangeRequest, today: date) -> dict[str, str]:
    """A request of the list, as it is read."""
    status, plan = ChangeStatus(request.status), request.goal.plan
    since = timezone.localdate(request.since)  # type: ignore[attr-defined]
    days = (today - since).days
    waits = status in OPEN
    return {
        "url": request.get_absolute_url(),
        "name": f"{ChangeKind(request.kind).label} {request.goal.number}",
        "number": str(request.pk),
        "code": plan.unit.code,
        "unit": plan.unit.name,
        "vigencia": str(plan.vigencia_id),
        "state": status.label,
        "tone": TONES[status],
        "since": long_date(since),
        "days": "" if not waits else "Hoy" if days <= 0 else "1 día" if days == 1 else f"{days} días",
        "days_tone": "risk" if days > 10 else "warn" if days > 5 else "neutral",
        "who": str(request.filed_by or request.made_by),
    }
