"""Everything that waits for somebody, wherever it waits: one line each, from the same queries as «Mi trabajo».

A state is read in one place: plans and requests from the tables of their inbox, reports from `tracking.waiting`, closes
from `closing_work`. Ten queries whatever the number of plans.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Min, Q
from django.urls import reverse
from django.utils import timezone

from evaluation.closing_work import CloseWork, to_consolidate, to_publish, to_record
from pes.access import grants_in_force
from pes.permissions import Permission
from plans import inbox, inbox_changes
from plans.inbox_consultation import waiting_consultations
from plans.models import ChangeRequest, Opinion, PlanGestion
from plans.pages.queue import waiting_since
from plans.rules.change_states import ChangeStatus
from plans.rules.plan_states import PlanStatus
from tracking.rules.report_states import ReportStatus
from tracking.waiting import OWED, STAGES, TO_ANSWER, TO_FILL, of_areas, stage_of, waiting_reports

OAP, HEAD = "Oficina asesora de planeación", "Jefe(a) de la oficina asesora de planeación"
PUBLISHERS, TEAM = "Planeación o comunicaciones", "Equipo del plan"
STAGE_LABELS = {
    "planes": "Planes de gestión",
    "cambios": "Solicitudes de cambio",
    "consultas": "Consultas ciudadanas",
    "reportes": "Reportes trimestrales",
    "centrales": "Metas de áreas centrales",
    "cierres": "Consolidación y publicación",
}
_WHO = {
    Permission.PLAN_SUBMIT: "",
    Permission.PLAN_EDIT: "",
    Permission.PLAN_REVIEW: OAP,
    Permission.PLAN_PUBLISH: PUBLISHERS,
    Permission.PLAN_CLOSE: OAP,
    Permission.CHANGE_STUDY: OAP,
    Permission.CHANGE_DECIDE: HEAD,
}


@dataclass(frozen=True, slots=True)
class Stuck:
    """One thing that waits; `who` must act, and where that is a plan's own people their unit (id) says whose."""

    stage: str
    what: str
    code: str
    unit: str
    vigencia: int
    who: str
    since: date
    url: str
    due_on: date | None = None
    of_unit: int = 0


def everything_stuck(user: Any, today: date) -> list[Stuck]:
    """What waits in the units of a person of the OAP, the oldest first, each with whom."""
    found = [*_plans(user), *_changes(user), *_consultations(user), *_reports(user), *_areas(user)]
    found += _closes(user, today)
    names = leaders_of({one.of_unit for one in found if one.of_unit})
    named = (replace(one, who=names.get(one.of_unit) or TEAM) if one.of_unit else one for one in found)
    return sorted(named, key=lambda one: (one.since, one.due_on or one.since, one.code, one.what))


def leaders_of(units: Iterable[int]) -> dict[int, str]:
    """Unit (id) → who answers for its plan, by name; one query."""
    rows = grants_in_force().filter(
        permission__codename=Permission.PLAN_SUBMIT.value, content_object__in=list(units), user__is_active=True
    )
    found: dict[int, list[str]] = {}
    for unit, name in rows.order_by("user__full_name").values_list("content_object", "user__full_name").distinct():
        found.setdefault(unit, []).append(name)
    return {unit: ", ".join(names) for unit, names in found.items()}


def _plans(user: Any) -> Iterator[Stuck]:
    work = {row[1]: row for row in inbox.WORK}
    rows = PlanGestion.objects.visible_to(user, Permission.PLAN_REVIEW).filter(status__in=work)
    rows = rows.exclude(Q(status=PlanStatus.PUBLISHED) & ~Q(consolidated_quarter=4))
    for plan in rows.annotate(returned=waiting_since(PlanStatus.WITH_OBSERVATIONS)).select_related("unit"):
        permission, status, words, page, since = work[PlanStatus(plan.status)]
        instant = plan.returned if status is PlanStatus.WITH_OBSERVATIONS else getattr(plan, since)  # type: ignore[attr-defined]
        yield _of_plan("planes", words, plan, permission, instant, plan.url(page))


def _changes(user: Any) -> Iterator[Stuck]:
    work = {status: (permission, words, since) for permission, status, words, since in inbox_changes.WORK}
    requests = ChangeRequest.objects.visible_to(user, Permission.CHANGE_STUDY).filter(
        goal__plan__status=PlanStatus.PUBLISHED
    )
    for one in requests.filter(status__in=work).select_related("goal__plan__unit"):
        permission, words, since = work[ChangeStatus(one.status)]
        said = f"{words} {one.pk}: meta {one.goal.number}"
        yield _of_plan("cambios", said, one.goal.plan, permission, getattr(one, since), one.get_absolute_url())
    asked = requests.filter(status=ChangeStatus.AWAITING_OPINION)
    opinions = Opinion.objects.filter(request__in=asked, is_favourable=None)
    for opinion in opinions.select_related("unit", "request__goal__plan__unit"):
        goal, request = opinion.request.goal, opinion.request
        said = f"Dar concepto sobre la solicitud {request.pk}: meta {goal.number}"
        line = _of_plan("cambios", said, goal.plan, None, request.filed_at, request.get_absolute_url())
        yield replace(line, who=opinion.unit.name)


def _consultations(user: Any) -> Iterator[Stuck]:
    for one in waiting_consultations(user).filter(waiting__gt=0):
        aportes = "1 aporte" if one.waiting == 1 else f"{one.waiting} aportes"
        said = f"Responder {aportes} de la ciudadanía"
        line = _of_plan("consultas", said, one.plan, None, one.oldest, one.plan.url("consultation"))
        yield replace(line, who=f"{TEAM} o planeación")


def _reports(user: Any) -> Iterator[Stuck]:
    for report in waiting_reports(user, STAGES, Permission.QUARTER_REVIEW):
        stage = stage_of(report)
        reopened = report.status == ReportStatus.IN_REVIEW and report.validated_at is not None
        said = f"{stage.words} el reporte de T{report.quarter}{' (reabierto)' if reopened else ''}"
        line = _of_plan("reportes", said, report.plan, None, stage.since_of(report), report.url(stage.page))
        if stage in (TO_FILL, TO_ANSWER):
            due_on = report.due_on if stage is TO_FILL else None
            yield replace(line, of_unit=report.plan.unit_id, due_on=due_on)
        else:
            in_review = report.reviewer is not None and report.status == ReportStatus.IN_REVIEW
            yield replace(line, who=str(report.reviewer) if in_review else OAP)


def _areas(user: Any) -> Iterator[Stuck]:
    rows = (
        of_areas()
        .visible_to(user, Permission.QUARTER_REVIEW)
        .filter(OWED)
        .values_list("goal__central_area__code", "goal__central_area__name", "report__plan__vigencia", "quarter")
        .annotate(
            plans=Count("report", distinct=True),
            opened=Min("report__opened_at"),
            due_on=Min("report__due_on"),
            first=Min("report__plan__unit__code"),
        )
        .order_by()
    )
    for code, name, vigencia, quarter, plans, opened, due_on, first in rows:
        count = "1 plan" if plans == 1 else f"{plans} planes"
        # The area's own table is not the OAP's to open: one of the reports that wait for it is.
        url = f"{reverse('tracking:report', args=[first, vigencia, quarter])}#grupo-central"
        yield Stuck(
            "centrales", f"Reportar sus metas de T{quarter} en {count}", code, name, vigencia, name,
            timezone.localdate(opened), url, due_on,
        )  # fmt: skip


def _closes(user: Any, today: date) -> Iterator[Stuck]:
    yield from _of_closes("Consolidar", to_consolidate(user, today), OAP)
    yield from _of_closes("Publicar los resultados de", to_publish(user), PUBLISHERS)
    found = to_record(user)
    yield from _of_closes("Presentar al Comité los resultados de", found, "Secretaría técnica del Comité")


def _of_closes(words: str, found: Iterable[CloseWork], who: str) -> Iterator[Stuck]:
    for one in found:
        said = f"{words} {one.place}. {one.detail}"
        yield Stuck("cierres", said, one.entity_code, one.entity, one.vigencia, who, one.since, one.url)


def _of_plan(
    stage: str, what: str, plan: PlanGestion, permission: Permission | None, since: datetime | None, url: str
) -> Stuck:
    who = _WHO[permission] if permission else OAP
    on = timezone.localdate(since or plan.opened_at)
    own = 0 if who else plan.unit_id
    return Stuck(stage, what, plan.unit.code, plan.unit.name, plan.vigencia_id, who, on, url, of_unit=own)
