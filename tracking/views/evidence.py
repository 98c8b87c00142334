"""Evidence: the one view that serves it, and the form that adds more to a measurement."""

from __future__ import annotations

import logging
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from pes.access import requires
from pes.files.stored import download
from pes.permissions import Permission
from pes.rules.problems import Refused
from tracking.forms import EvidenceForm
from tracking.models import Measurement
from tracking.recording import add_evidence
from tracking.serving import blocked, find
from tracking.views.measurements import measurement_page

log = logging.getLogger(__name__)


@require_safe
@requires(Permission.PES_READ)
def evidence(request: HttpRequest, pk: UUID) -> HttpResponseBase:
    """A file in custody, of a measurement or of a goal, always as a download; what is not as it came is not handed over.

    Whoever reads plans reads the PES too, so that one power is asked at the door; which one reaches the file is asked of
    the file (UP13, UP14).
    """
    found = find(request.user, pk)
    if found is None:
        raise Http404("No hay una evidencia que usted pueda ver con esa dirección.")
    if not found.path.is_file():
        log.error("Falta el archivo de la evidencia %s.", found.pk)
        raise Http404("El archivo no está en custodia.")
    reason = blocked(found, request.user)
    if reason:
        return render(request, "tracking/evidence_blocked.html", {"found": found, "reason": reason}, status=409)
    return download(found)


@require_POST
@requires(Permission.PROJECT_MEASURE)
def evidence_add(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep more evidence of a measurement."""
    found = get_object_or_404(
        Measurement.objects.visible_to(request.user).select_related("indicator__goal", "indicator__plan__sector"), pk=pk
    )
    form = EvidenceForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            count = add_evidence(found, **form.cleaned_data, by=request.user)
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, f"{count} evidencia{'' if count == 1 else 's'} en custodia.")
            return redirect(found)
    return measurement_page(request, pk, form)
