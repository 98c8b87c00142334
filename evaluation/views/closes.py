"""Cierres: the quarters of an entity, one of them before and after it is consolidated, and its acts (act. 12 and 13)."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from evaluation.models import QuarterClose
from evaluation.pages.closes import ClosePage, close_lines, seen_entities, vigencias_of
from evaluation.pages.standings import in_order, standings
from evaluation.plan_facts import Place
from evaluation.quarter_closes import closes_of, consolidate
from evaluation.quarter_forms import CommitteeForm, PublicationForm, RunForm
from evaluation.quarter_lines import is_intact
from evaluation.quarter_publications import publish_close, record_committee
from pes.access import requires
from pes.asked import whole_number
from pes.models import OrganizationUnit
from pes.permissions import Permission
from pes.rules.problems import Refused
from plans.models.plan import PlanLevel
from tracking.models import QuarterReport

PER_PAGE = 50
LIST = ("Cierres de trimestre", "evaluation:closes")


@require_safe
@requires(Permission.PLAN_READ)
def closes(request: HttpRequest) -> HttpResponse:
    """Every quarter with reports: in its term, waiting to be consolidated, official, public."""
    entities = list(seen_entities(request.user))
    asked = request.GET.get("entidad", "")
    entity = next((one for one in entities if one.code == asked), entities[0] if entities else None)
    years = vigencias_of([entity] if entity else [])
    year = whole_number(request.GET.get("vigencia", ""))
    vigencia = year if year in years else years[0] if years else None
    lines = close_lines(entity, vigencia, timezone.localdate()) if entity and vigencia else []
    context = {
        "entity": entity,
        "vigencia": vigencia,
        "lines": lines,
        "entities": [(one.code, one.name) for one in entities],
        "vigencias": [(one, str(one)) for one in years],
    }
    return render(request, "evaluation/closes.html", context)


@require_safe
@requires(Permission.PLAN_READ)
def close(request: HttpRequest, entity: str, vigencia: int, quarter: int, level: str) -> HttpResponse:
    """A quarter of a level: who is missing, what consolidating does, and the results of the run that is shown."""
    return _page(request, _found(request, entity, vigencia, quarter, level), vigencia, quarter, level)


@require_POST
@requires(Permission.QUARTER_CONSOLIDATE)
def close_consolidate(request: HttpRequest, entity: str, vigencia: int, quarter: int, level: str) -> HttpResponse:
    """Ask for the next run and go to its job; a refused form comes back as it was typed."""
    found = _found(request, entity, vigencia, quarter, level)
    form = RunForm(request.POST)
    if form.is_valid():
        try:
            job = consolidate(found, vigencia, quarter, level, by=request.user, reason=form.cleaned_data["reason"])
        except Refused as refused:
            form.refuse(refused)
        else:
            return redirect("pes:job", job.pk)
    return _page(request, found, vigencia, quarter, level, run_form=form, status=422)


@require_POST
@requires(Permission.QUARTER_PUBLISH)
def close_publish(request: HttpRequest, entity: str, vigencia: int, quarter: int, level: str) -> HttpResponse:
    """Put the run that is on screen on the public page."""
    found = _found(request, entity, vigencia, quarter, level)
    form = PublicationForm(request.POST)
    if form.is_valid():
        try:
            shown = _run(found, vigencia, quarter, level, form.cleaned_data["run"])
            publish_close(shown, by=request.user, note=form.cleaned_data["note"])
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, f"Los resultados de la corrida {shown.run} ya están en el portal público.")
            return redirect("evaluation:close", entity, vigencia, quarter, level)
    return _page(request, found, vigencia, quarter, level, publish_form=form, status=422)


@require_POST
@requires(Permission.COMMITTEE_RECORD)
def committee_record(request: HttpRequest, entity: str, vigencia: int, quarter: int, level: str) -> HttpResponse:
    """Keep the acta of the session that received the results."""
    found = _found(request, entity, vigencia, quarter, level)
    form = CommitteeForm(request.POST)
    if form.is_valid():
        try:
            shown = _run(found, vigencia, quarter, level, form.cleaned_data["run"])
            record = record_committee(shown, by=request.user, **form.session())
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, f"{record} registrada.")
            return redirect("evaluation:close", entity, vigencia, quarter, level)
    return _page(request, found, vigencia, quarter, level, committee_form=form, status=422)


def _found(request: HttpRequest, entity: str, vigencia: int, quarter: int, level: str) -> OrganizationUnit:
    """The entity, if the person reads it whole and the address says a quarter of which it has reports (AZ2)."""
    if quarter not in range(1, 5) or level not in PlanLevel.values:
        raise Http404
    found = get_object_or_404(seen_entities(request.user), code=entity)
    reports = QuarterReport.objects.filter(**Place(found.pk, vigencia, level).where("plan__"), quarter=quarter)
    if not reports.exists():
        raise Http404
    return found


def _run(entity: OrganizationUnit, vigencia: int, quarter: int, level: str, run: int) -> QuarterClose:
    runs = closes_of(Place(entity.pk, vigencia, level), quarter).select_related("entity")
    return get_object_or_404(runs, run=run)


def _page(
    request: HttpRequest,
    entity: OrganizationUnit,
    vigencia: int,
    quarter: int,
    level: str,
    status: int = 200,
    **forms: Any,
) -> HttpResponse:
    run = whole_number(request.GET.get("corrida", ""))
    page = ClosePage(entity, Place(entity.pk, vigencia, level), quarter, request.user, timezone.localdate(), run)
    if run is not None and page.close is None:
        raise Http404
    names = {"run_form": RunForm, "publish_form": PublicationForm, "committee_form": CommitteeForm}
    shown = {"run": page.close.run} if page.close else None
    context = {
        "page": page,
        **{name: forms.get(name) or form(initial=shown) for name, form in names.items()},
        **_results(request, page),
    }
    crumbs = [{"label": LIST[0], "url": reverse(LIST[1])}, {"label": page.title, "url": ""}]
    return render(request, "evaluation/close.html", context | {"crumbs": crumbs}, status=status)


def _results(request: HttpRequest, page: ClosePage) -> dict[str, Any]:
    """The rows of the run that is shown; on demand, whether they still give its digest."""
    if page.close is None:
        return {}
    ordered = in_order(standings(page.close), request.GET.get("orden", ""))
    verdict = is_intact(page.close) if "comprobar" in request.GET else None
    return {
        "rows": Paginator(ordered, PER_PAGE).get_page(request.GET.get("pagina")),
        "verdict": verdict,
        "is_checked": verdict is not None,
        "records": list(page.close.committee_records.select_related("by")),
    }
