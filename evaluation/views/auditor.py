"""Documents for the control offices: the year, one document, its acts, and the columns of CB-0404 (act. 14 and 15)."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from evaluation.auditor.columns import CONSTANT, SOURCES, Columns, in_force
from evaluation.auditor_acts import define_columns, editions_of, publish_report, request_draft, request_issue
from evaluation.auditor_forms import ColumnFormSet, chosen, initial_of
from evaluation.models import AuditorColumns, AuditorDraft, AuditorKind, QuarterClose
from evaluation.models.auditor_report import AuditorDocument
from evaluation.pages.auditor import auditor_page, kind_rows, vigencias_of
from evaluation.pages.closes import seen_entities
from evaluation.pages.reports import DRAFT
from evaluation.report_forms import IssueForm
from pes.access import holds, requires
from pes.asked import whole_number
from pes.dates import long_instant
from pes.documents.serving import HEADERS, hand_over
from pes.models import OrganizationUnit
from pes.permissions import Permission
from pes.rules.problems import Problem, Refused

LIST = "Formatos de control"


@require_safe
@requires(Permission.PLAN_READ)
def reports(request: HttpRequest) -> HttpResponse:
    """The documents of a year of an entity."""
    entities = list(seen_entities(request.user))
    asked = request.GET.get("entidad", "")
    entity = next((one for one in entities if one.code == asked), entities[0] if entities else None)
    years = vigencias_of(entity) if entity else []
    year = whole_number(request.GET.get("vigencia", ""))
    vigencia = year if year in years else years[0] if years else None
    context = {
        "entity": entity,
        "vigencia": vigencia,
        "rows": kind_rows(entity, vigencia) if entity and vigencia else [],
        "entities": [(one.code, one.name) for one in entities],
        "vigencias": [(one, str(one)) for one in years],
        "may_define": holds(request.user, Permission.REPORT_ISSUE),
    }
    return render(request, "evaluation/auditor_reports.html", context)


@require_safe
@requires(Permission.PLAN_READ)
def report(request: HttpRequest, entity: str, vigencia: int, kind: str) -> HttpResponse:
    """A document: preview, files, editions, and what may be done."""
    return _page(request, _found(request, entity, vigencia, kind), vigencia, kind)


@require_POST
@requires(Permission.REPORT_REQUEST)
def report_request(request: HttpRequest, entity: str, vigencia: int, kind: str) -> HttpResponse:
    """Ask for a draft and go to its job."""
    found = _found(request, entity, vigencia, kind)
    return redirect("pes:job", request_draft(found, vigencia, kind, by=request.user).pk)


@require_POST
@requires(Permission.REPORT_ISSUE)
def report_issue(request: HttpRequest, entity: str, vigencia: int, kind: str) -> HttpResponse:
    """Issue the next edition and go to its job; a refused form comes back as it was typed."""
    found = _found(request, entity, vigencia, kind)
    form = IssueForm(request.POST, edition=editions_of(found, vigencia, kind).count() + 1)
    if form.is_valid():
        try:
            job = request_issue(found, vigencia, kind, reason=form.cleaned_data["reason"], by=request.user)
        except Refused as refused:
            form.refuse(refused)
        else:
            return redirect("pes:job", job.pk)
    return _page(request, found, vigencia, kind, form, status=422)


@require_POST
@requires(Permission.REPORT_PUBLISH)
def report_publish(request: HttpRequest, entity: str, vigencia: int, kind: str, edition: int) -> HttpResponse:
    """Put an edition on the public page."""
    of = _found(request, entity, vigencia, kind)
    found = get_object_or_404(editions_of(of, vigencia, kind).select_related("entity"), edition=edition)
    try:
        publish_report(found, by=request.user)
    except Refused as refused:
        for problem in refused.problems:
            messages.error(request, f"{problem.message} {problem.fix}")
    else:
        messages.success(request, f"La edición {found.edition} ya se puede leer en el portal público.")
    return redirect(found)


@require_safe
@requires(Permission.PLAN_READ)
def report_file(
    request: HttpRequest, entity: str, vigencia: int, kind: str, edition: int, suffix: str
) -> HttpResponseBase:
    """A file of a draft (edition 0) or of an edition, for whoever may read the entity's plans now."""
    of = _found(request, entity, vigencia, kind)
    found: AuditorDocument
    if edition == DRAFT:
        found = get_object_or_404(AuditorDraft, entity=of, vigencia=vigencia, kind=kind)
    else:
        found = get_object_or_404(editions_of(of, vigencia, kind), edition=edition)
    said = f"edicion-{edition}" if edition else "borrador"
    return hand_over(found, suffix, f"{of.code}-{kind}-{vigencia}-{said}", HEADERS)


@require_safe
@requires(Permission.REPORT_ISSUE)
def columns(request: HttpRequest) -> HttpResponse:
    """The columns of CB-0404, to be ordered, renamed, hidden, added."""
    return _columns(request, in_force())


@require_POST
@requires(Permission.REPORT_ISSUE)
def columns_save(request: HttpRequest) -> HttpResponse:
    """Keep the next version of the columns; a refused form comes back as it was typed."""
    formset = ColumnFormSet(request.POST, prefix="columnas")
    if not formset.is_valid():
        return _columns(request, in_force(), formset, status=422)
    try:
        made = define_columns(chosen(formset), base=whole_number(request.POST.get("base", "")) or 0, by=request.user)
    except Refused as refused:
        return _columns(request, in_force(), formset, refused.problems, status=422)
    messages.success(request, f"Columnas guardadas: versión {made.version}. Rigen para los borradores que se generen.")
    return redirect("evaluation:auditor-columns")


def _found(request: HttpRequest, entity: str, vigencia: int, kind: str) -> OrganizationUnit:
    """The entity, if the person reads it whole, the kind exists and the year has something consolidated (AZ2)."""
    of = get_object_or_404(seen_entities(request.user), code=entity)
    if kind not in AuditorKind.values or not QuarterClose.objects.filter(entity=of, vigencia=vigencia).exists():
        raise Http404
    return of


def _page(
    request: HttpRequest,
    entity: OrganizationUnit,
    vigencia: int,
    kind: str,
    form: IssueForm | None = None,
    status: int = 200,
) -> HttpResponse:
    page = auditor_page(request.user, entity, vigencia, AuditorKind(kind), request.GET.get("edicion", ""))
    back = reverse("evaluation:auditor-reports") + f"?entidad={entity.code}&vigencia={vigencia}"
    context = {
        "page": page,
        "form": form or IssueForm(edition=page.next_edition),
        "crumbs": [{"label": LIST, "url": back}, {"label": page.title, "url": ""}],
    }
    return render(request, "evaluation/auditor_report.html", context, status=status)


def _columns(
    request: HttpRequest, kept: Columns, formset: Any = None, problems: Any = (), status: int = 200
) -> HttpResponse:
    versions = AuditorColumns.objects.select_related("by")[:20]
    refused: list[Problem] = list(problems)
    context = {
        "kept": kept,
        "base": request.POST.get("base", kept.version),
        "formset": formset or ColumnFormSet(initial=initial_of(kept.columns), prefix="columnas"),
        "problems": refused,
        "preview": [(one.title, _said(one.source, one.constant)) for one in kept.columns],
        "versions": [(one.version, long_instant(one.at), str(one.by), len(one.columns)) for one in versions],
        "crumbs": [{"label": LIST, "url": reverse("evaluation:auditor-reports")}, {"label": "Columnas", "url": ""}],
    }
    return render(request, "evaluation/auditor_columns.html", context, status=status)


def _said(source: str, constant: str) -> str:
    return f"Texto fijo: {constant}" if source == CONSTANT else SOURCES[source].label
