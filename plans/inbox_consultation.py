"""What a consultation asks of those who keep it: contributions to answer, an end that is near (PG-07b)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.db.models import Count, F, Min, Q
from django.utils import timezone

from pes.dates import long_date
from pes.permissions import Permission
from plans.models import Consultation
from plans.rules.consultations import CONSULTABLE

NEAR = timedelta(days=3)


def consultation_items(user: Any) -> Iterator[dict[str, Any]]:
    """Consultations with contributions to answer, the oldest first; those that end within three days. One query."""
    today = timezone.localdate()
    for one in waiting_consultations(user):
        if one.waiting:
            yield _to_answer(one)
        if one.opens_on <= today <= one.closes_on <= today + NEAR:
            yield _to_end(one)


def waiting_consultations(user: Any) -> Any:
    """Consultations that a person manages, with how many contributions wait (`waiting`) and since when (`oldest`)."""
    waiting = Q(contributions__answered_at=None)
    return (
        Consultation.objects.filter(waived_at=None, opened_at__isnull=False, plan__status__in=CONSULTABLE)
        .visible_to(user, Permission.CONSULTATION_MANAGE)
        .annotate(
            waiting=Count("contributions", filter=waiting),
            oldest=Min("contributions__received_at", filter=waiting),
        )
        .select_related("plan__unit")
        .order_by(F("oldest").asc(nulls_last=True), "closes_on", "pk")
    )


def _to_answer(one: Any) -> dict[str, Any]:
    count = "1 aporte" if one.waiting == 1 else f"{one.waiting} aportes"
    return {
        "title": f"Responder {count} de la ciudadanía",
        "detail": f"{one.plan}. Sin respuesta a cada aporte el plan no se oficializa.",
        "url": one.plan.url("consultation"),
        "due_on": None,
        "since": timezone.localdate(one.oldest),
        "kind": "consultation",
    }


def _to_end(one: Any) -> dict[str, Any]:
    return {
        "title": f"La consulta ciudadana de {one.plan} está por terminar",
        "detail": f"Recibe aportes hasta el {long_date(one.closes_on)}.",
        "url": one.plan.url("consultation"),
        "due_on": one.closes_on,
        "since": one.opens_on,
        "kind": "consultation",
    }
