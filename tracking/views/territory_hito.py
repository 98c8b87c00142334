"""One hito of an entity: how far it is, its proof, its history, and the few boxes to report it."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from pes.access import demand, requires
from pes.dates import long_instant
from pes.forms.base import ReasonForm
from pes.models import ActivityEvidence, RoadActivity, TerritorialEntity
from pes.permissions import Permission
from pes.roads.reporting import may_report, withdraw_evidence
from pes.rules.problems import Refused
from pes.territory.frame import READ, find_entity, frame
from tracking.models import TerritoryReport
from tracking.territory.forms import HitoReportForm
from tracking.territory.reporting import report_hito
from tracking.territory.shown import hito_row, report_rows, road_name, weight_in_part
from tracking.views.territory import find_road_hito

NO_REPORT = "Reporta quien asesora o coordina la región."


@require_safe
@requires(READ)
def hito(request: HttpRequest, dane: str, pk: int) -> HttpResponse:
    """Everything that is known of a hito, and the boxes to report it."""
    return _page(request, find_entity(request.user, dane), pk)


@require_POST
@requires(READ)
def report(request: HttpRequest, dane: str, pk: int) -> HttpResponse:
    """Say how far it is, with its proof."""
    entity = find_entity(request.user, dane)
    find_road_hito(entity, pk)
    demand(request.user, Permission.HITO_REPORT, entity)
    form = HitoReportForm(request.POST, request.FILES)
    if form.is_valid():
        typed = dict(form.cleaned_data)
        link = typed.pop("link")
        try:
            report_hito(RoadActivity.objects.get(pk=pk), **typed, links=[link] if link else [], by=request.user)
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, "Avance reportado.")
            return redirect("tracking:territory-hito", dane, pk)
    return _page(request, entity, pk, form, status=422)


@require_POST
@requires(READ)
def withdraw(request: HttpRequest, dane: str, pk: int, proof: int) -> HttpResponse:
    """Take a wrong proof away, with why."""
    entity = find_entity(request.user, dane)
    find_road_hito(entity, pk)
    demand(request.user, Permission.HITO_REPORT, entity)
    found = get_object_or_404(ActivityEvidence.objects.select_related("activity"), activity=pk, pk=proof)
    form = ReasonForm(request.POST)
    if form.is_valid():
        try:
            withdraw_evidence(found, **form.cleaned_data, by=request.user)
        except Refused as refused:
            messages.error(request, f"{refused.problems[0].message} {refused.problems[0].fix}")
        else:
            messages.success(request, "Evidencia retirada.")
    else:
        messages.error(request, "Escriba por qué la retira.")
    return redirect("tracking:territory-hito", dane, pk)


def _page(
    request: HttpRequest, entity: TerritorialEntity, pk: int, form: HitoReportForm | None = None, status: int = 200
) -> HttpResponse:
    road, board = find_road_hito(entity, pk)
    phase, found = next((phase, one) for phase in board.phases for one in phase.hitos if one.pk == pk)
    activity = get_object_or_404(RoadActivity.objects.select_related("phase__road__unit", "entity"), pk=pk)
    proofs = ActivityEvidence.objects.filter(activity=activity, withdrawn_at=None).select_related("file", "by")
    own = TerritoryReport.objects.filter(report__activity=activity).select_related("report__activity", "report__by")
    back = f"{entity.get_absolute_url()}?hoja={road.pk}#fase-{phase.number}"
    context = frame(request.user, "entities", (str(entity), back), (f"Hito {found.code}", "")) | {
        "entity": entity,
        "line": hito_row(found, len(proofs), ""),
        "level": road.level,
        "part_label": weight_in_part(road),
        "phase_name": f"{phase.number}. {phase.name}",
        "road_title": road_name(road),
        "pk": pk,
        "proofs": [_proof(one) for one in proofs],
        "history": report_rows(own),
        "blocked": "" if may_report(request.user, activity) else NO_REPORT,
        "form": form
        or HitoReportForm(initial={"percentage": found.progress, "on": found.done_on or timezone.localdate()}),
        "back_url": back,
    }
    return render(request, "tracking/territory/hito.html", context, status=status)


def _proof(one: ActivityEvidence) -> dict[str, str]:
    return {
        "name": str(one),
        "pk": str(one.pk),
        "url": one.file.get_absolute_url() if one.file else one.url,
        "detail": "Archivo en custodia" if one.file else "Enlace no custodiado",
        "who": f"{one.by} · {long_instant(one.at)}",
    }
