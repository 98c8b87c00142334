"""What the monthly work with entities offers to the rest: tabs, links, what awaits a person, and the opening job."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils import timezone

from pes import jobs, registry
from pes.access import can, roles_of
from pes.models import Job, TerritorialEntity
from pes.permissions import Permission, Role
from tracking.assistance.months import words
from tracking.assistance.reports import open_reports, owed
from tracking.models import AdvisorReport, ProductCheck
from tracking.rules.advisor_report import OPEN, ReportState
from tracking.rules.assistance import month_before

OPEN_JOB = "open_advisor_reports"
SHOWN = 8


def tabs(user: Any) -> Iterator[dict[str, Any]]:
    """The log, the products, the perception and the reports."""
    yield {"key": "assistance", "label": "Asistencia", "url": reverse("tracking:assistances"), "order": 30}
    yield {"key": "products", "label": "Productos", "url": reverse("tracking:products"), "order": 40}
    yield {"key": "perception", "label": "Percepción", "url": reverse("tracking:perception"), "order": 45}
    yield {"key": "reports", "label": "Informes", "url": reverse("tracking:advisor-reports"), "order": 50}


def entity_links(user: Any, entity: TerritorialEntity) -> Iterator[dict[str, str]]:
    """From the page of an entity to its log and its products."""
    if can(user, Permission.ASSISTANCE_LOG, entity):
        url = f"{reverse('tracking:assistance-new')}?entidad={entity.dane_code}"
        yield {"label": "Registrar asistencia", "url": url, "icon": "plus"}
    url = reverse("tracking:entity-products", args=[entity.dane_code])
    yield {"label": "Revisar productos", "url": url, "icon": "check"}


def inbox(user: Any) -> Iterator[dict[str, Any]]:
    """The own reports to send; for who coordinates, reports to receive and checks to decide."""
    roles = roles_of(user)
    if not roles.isdisjoint({Role.ASESOR_TERRITORIAL, Role.COORDINADOR_REGIONAL}):
        yield from _to_send(user)
    if Role.COORDINADOR_REGIONAL in roles:
        yield from _to_answer(user)


def _to_send(user: Any) -> Iterator[dict[str, Any]]:
    rows = AdvisorReport.objects.visible_to(user, Permission.ASSISTANCE_LOG)
    for one in rows.filter(advisor=user, status__in=OPEN).select_related("unit").order_by("month")[:SHOWN]:
        is_back = one.status == ReportState.RETURNED
        yield {
            "title": f"{'Completar' if is_back else 'Enviar'} el informe de {words(one.month)}",
            "detail": f"Se lo devolvieron: {one.return_reason}" if is_back else one.unit.name,
            "url": one.get_absolute_url(),
            "due_on": one.due_on,
            "since": None,
            "kind": "advisor_report",
        }


def _to_answer(user: Any) -> Iterator[dict[str, Any]]:
    sent = AdvisorReport.objects.visible_to(user, Permission.ADVISOR_RATE).filter(status=ReportState.SENT.value)
    waiting = sent.exclude(advisor=user).count()
    if waiting:
        yield _line("Recibir 1 informe mensual" if waiting == 1 else f"Recibir {waiting} informes mensuales", "reports")
    checks = ProductCheck.objects.visible_to(user, Permission.ADVISOR_RATE).filter(review__isnull=True)
    waiting = checks.exclude(checked_by=user).count()
    if waiting:
        yield _line("Decidir 1 chequeo de producto" if waiting == 1 else f"Decidir {waiting} chequeos", "products")


def _line(title: str, where: str) -> dict[str, Any]:
    urls = {"reports": "tracking:advisor-reports", "products": "tracking:products"}
    detail = {"reports": "Informes de asesoría que esperan respuesta", "products": "Productos revisados sin decisión"}
    return {
        "title": title, "detail": detail[where], "url": reverse(urls[where]), "due_on": None, "since": None,
        "kind": "advisor_report",
    }  # fmt: skip


def plan_openings(today: date) -> Iterator[str]:
    """Ask for the reports of the month that ended, when somebody who advised has none (JB7)."""
    month = month_before(today)
    if owed(month):
        yield jobs.enqueue(OPEN_JOB, f"{OPEN_JOB}:{month:%Y-%m}", {"month": month.isoformat()}).key


def _write_opening(job: Job, context: Any, made: Any) -> dict[str, Any]:
    return {"opened": open_reports(date.fromisoformat(job.payload["month"]), now=timezone.now())}


def _nothing(*_: Any) -> None:
    """Opening is all write."""


jobs.register(OPEN_JOB, read=_nothing, make=_nothing, write=_write_opening)
registry.provide("territory_tabs", tabs)
registry.provide("territory_entity_links", entity_links)
registry.provide("inbox", inbox)
registry.provide("planner", plan_openings)
