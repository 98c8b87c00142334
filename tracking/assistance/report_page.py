"""Advisors' monthly reports in words: rows of the list and the page of one."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from pes.access import ScopedQuerySet
from pes.dates import countdown, long_date, long_instant
from pes.permissions import Permission
from pes.rules.numbers import format_magnitude
from tracking.assistance.figures import Figures, shown_figures
from tracking.assistance.listing import duration
from tracking.assistance.months import words
from tracking.models import AdvisorReport
from tracking.rules.advisor_report import OPEN, ReportState, is_late
from tracking.rules.assistance import Kind

TONES = {"draft": "neutral", "sent": "info", "returned": "warn", "received": "ok"}


def readable(user: Any) -> QuerySet[AdvisorReport]:
    """The reports that a person reads: their own, and those of the regions that they coordinate or rate."""
    rated = AdvisorReport.objects.visible_to(user, Permission.ADVISOR_RATE)
    own: ScopedQuerySet[AdvisorReport] = AdvisorReport.objects.visible_to(user, Permission.TERRITORY_READ)
    rows = AdvisorReport.objects.filter(Q(pk__in=rated.values("pk")) | Q(pk__in=own.filter(advisor=user).values("pk")))
    return rows.select_related("unit", "advisor", "received_by")


def row_of(one: AdvisorReport, live: Figures | None, today: date) -> dict[str, Any]:
    """A report in the list."""
    said = shown_figures(one, live)
    state, tone = state_of(one, today)
    return {
        "url": one.get_absolute_url(),
        "advisor": str(one.advisor),
        "region": one.unit.name,
        "month": words(one.month),
        "state": state,
        "tone": tone,
        "is_late": was_late(one, today),
        "due": long_date(one.due_on),
        "assistances": sum(said["kinds"].values()),
        "entities": len(said["entities"]),
        "hitos": len(said["hitos"]),
        "alert": said["alert"],
    }


def state_of(one: AdvisorReport, today: date) -> tuple[str, str]:
    """How it is, in words, with its tone."""
    if one.status == ReportState.DRAFT:
        late = was_late(one, today)
        return (f"Vencido: {countdown(one.due_on, today).lower()}", "risk") if late else ("Por enviar", "neutral")
    return ReportState(one.status).label, TONES[one.status]


def was_late(one: AdvisorReport, today: date) -> bool:
    """Whether it was first sent after its term, or is owed after it (GP-06)."""
    sent = timezone.localdate(one.first_sent_at) if one.first_sent_at else None
    return is_late(one.month, sent, today)


def page_of(one: AdvisorReport, live: Figures | None, user: Any, today: date) -> dict[str, Any]:
    """Everything that the page of a report shows."""
    said = shown_figures(one, live)
    state, tone = state_of(one, today)
    return {
        "found": one,
        "title": f"Informe de {words(one.month)}",
        "state": state,
        "tone": tone,
        "is_late": was_late(one, today),
        "is_own": one.advisor_id == user.pk,
        "is_open": one.status in OPEN,
        "waits": one.status == ReportState.SENT,
        "figures": kpis(said),
        "kinds": [{"name": kind.label, "many": said["kinds"][kind.value]} for kind in Kind],
        "entities": [{"code": code, "name": name} for code, name in sorted(said["entities"].items())],
        "hitos": said["hitos"],
        "alert": said["alert"],
        "frozen": f"Cifras del {long_instant(one.sent_at)}, cuando se envió." if one.status not in OPEN else "",
        "due": long_date(one.due_on),
        "received": f"{one.received_by}, {long_instant(one.received_at)}" if one.received_by else "",
    }  # fmt: skip


def kpis(said: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The figures of a report as label and value."""
    return [
        ("Asistencias", format_magnitude(Decimal(sum(said["kinds"].values())))),
        ("Entidades", format_magnitude(Decimal(len(said["entities"])))),
        ("Hitos reportados", format_magnitude(Decimal(len(said["hitos"])))),
        ("Tiempo", duration(said["minutes"]) or "0 min"),
    ]
