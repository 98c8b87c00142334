"""Cortes: the list, and consolidating."""

from __future__ import annotations

from datetime import date

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from evaluation.models import Cutoff
from evaluation.pages.cutoffs import cutoff_lines
from evaluation.pages.objective import crumbs
from evaluation.pages.selection import select
from pes.access import requires
from pes.dates import long_date
from pes.permissions import Permission
from pes.rules.problems import Refused


@require_safe
@requires(Permission.PES_READ)
def cutoffs(request: HttpRequest, slug: str) -> HttpResponse:
    """Every cut-off with its status, measured indicators, runs and digest."""
    selection = select(request.user, slug, request.GET)
    lines = cutoff_lines(selection, request.user, timezone.localdate())
    context = {"selection": selection, "lines": lines, "crumbs": crumbs(selection, ("Cortes", ""))}
    return render(request, "evaluation/cutoffs.html", context)


@require_POST
@requires(Permission.CUTOFF_CONSOLIDATE)
def cutoff_consolidate(request: HttpRequest, slug: str, on: str) -> HttpResponse:
    """Freeze a cut-off as its next run; a consolidated one needs the reason of its correction."""
    rows = Cutoff.objects.visible_to(request.user).filter(plan__sector__code=slug)
    cutoff = get_object_or_404(rows.select_related("plan__sector"), on=_date(on))
    try:
        snapshot = cutoff.consolidate(by=request.user, reason=request.POST.get("reason", "")[:2000])
    except Refused as refused:
        for problem in refused.problems:
            messages.error(request, f"{problem.message} {problem.fix}".strip())
    else:
        text = f"Corte del {long_date(cutoff.on)} consolidado: corrida {snapshot.run}, huella {snapshot.digest[:12]}…"
        messages.success(request, text)
    return redirect("evaluation:cutoffs", slug)


def _date(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise Http404 from error
