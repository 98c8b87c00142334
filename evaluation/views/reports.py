"""Informes: the series, one period, and the verbs that make, issue and publish."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from evaluation.models import IssuedReport, ReportDraft
from evaluation.models.report import SectorReport
from evaluation.pages.objective import crumbs
from evaluation.pages.reports import DRAFT, period_or_404, plan_or_404, report_page, series
from evaluation.pages.selection import select
from evaluation.report_forms import IssueForm
from pes.access import can, requires
from pes.documents.serving import HEADERS, hand_over
from pes.permissions import Permission
from pes.rules.problems import Refused


@require_safe
@requires(Permission.PES_READ)
def reports(request: HttpRequest, slug: str) -> HttpResponse:
    """The three series of a vigencia: what is made, what is missing."""
    selection = select(request.user, slug, request.GET)
    may_request = can(request.user, Permission.REPORT_REQUEST, selection.plan)
    context = {
        "selection": selection,
        "series": series(selection.plan, selection.vigencia, timezone.localdate(), may_request=may_request),
        "crumbs": crumbs(selection, ("Informes", "")),
    }
    return render(request, "evaluation/reports.html", context)


@require_safe
@requires(Permission.PES_READ)
def report(request: HttpRequest, slug: str, kind: str, period: str) -> HttpResponse:
    """One period: preview, files, editions, and what may be done."""
    return _page(request, slug, kind, period)


def _page(
    request: HttpRequest, slug: str, kind: str, period: str, form: IssueForm | None = None, status: int = 200
) -> HttpResponse:
    slot = period_or_404(kind, period)
    plan = plan_or_404(request.user, slug, slot)
    page = report_page(request.user, plan, slot, request.GET.get("edicion", ""), timezone.localdate())
    selection = select(request.user, slug, request.GET)
    steps = crumbs(selection, ("Informes", f"../../?vigencia={slot.vigencia}"), (page.title, ""))
    context = {
        "page": page,
        "form": form or IssueForm(edition=page.next_edition),
        "crumbs": steps,
        "slug": slug,
        "kind": kind,
        "period": period,
    }
    return render(request, "evaluation/report.html", context, status=status)


@require_POST
@requires(Permission.REPORT_REQUEST)
def report_request(request: HttpRequest, slug: str, kind: str, period: str) -> HttpResponse:
    """Ask for a draft and go to its job."""
    slot = period_or_404(kind, period)
    plan = plan_or_404(request.user, slug, slot)
    try:
        job = ReportDraft.ask(plan, slot, by=request.user)
    except Refused as refused:
        _tell(request, refused)
        return redirect("evaluation:reports", slug)
    return redirect("pes:job", job.pk)


@require_POST
@requires(Permission.REPORT_ISSUE)
def report_issue(request: HttpRequest, slug: str, kind: str, period: str) -> HttpResponse:
    """Issue the next edition and go to its job; a refused form comes back as it was typed."""
    slot = period_or_404(kind, period)
    plan = plan_or_404(request.user, slug, slot)
    form = IssueForm(request.POST, edition=IssuedReport.of(plan, slot).count() + 1)
    if form.is_valid():
        try:
            job = IssuedReport.ask(plan, slot, reason=form.cleaned_data["reason"], by=request.user)
        except Refused as refused:
            form.refuse(refused)
        else:
            return redirect("pes:job", job.pk)
    return _page(request, slug, kind, period, form, status=422)


@require_POST
@requires(Permission.REPORT_PUBLISH)
def report_publish(request: HttpRequest, slug: str, kind: str, period: str, edition: int) -> HttpResponse:
    """Make an edition public."""
    slot = period_or_404(kind, period)
    plan = plan_or_404(request.user, slug, slot)
    found = get_object_or_404(IssuedReport.of(plan, slot).select_related("plan__sector"), edition=edition)
    try:
        found.publish(by=request.user)
    except Refused as refused:
        _tell(request, refused)
    else:
        messages.success(request, f"La edición {found.edition} ya se puede leer en el portal público.")
    return redirect(found)


@require_safe
@requires(Permission.PES_READ)
def report_file(request: HttpRequest, slug: str, kind: str, period: str, edition: int, suffix: str) -> HttpResponseBase:
    """A file of a draft (edition 0) or of an edition, for whoever may see the sector now."""
    slot = period_or_404(kind, period)
    plan = plan_or_404(request.user, slug, slot)
    found: SectorReport
    if edition == DRAFT:
        found = get_object_or_404(ReportDraft, plan=plan, kind=slot.kind.value, period=slot.code)
    else:
        found = get_object_or_404(IssuedReport.of(plan, slot), edition=edition)
    return serve(found, suffix, HEADERS)


def serve(report: SectorReport, suffix: str, headers: dict[str, str]) -> HttpResponseBase:
    """One stored file of a sector's report as a download."""
    kind = report.get_kind_display().lower()
    return hand_over(
        report, suffix, f"informe-{kind}-{report.plan.sector.code}-{report.period}{_edition(report)}", headers
    )


def _edition(report: SectorReport) -> str:
    return f"-edicion-{report.edition}" if isinstance(report, IssuedReport) else "-borrador"


def _tell(request: HttpRequest, refused: Refused) -> None:
    for problem in refused.problems:
        messages.error(request, f"{problem.message} {problem.fix}".strip())
