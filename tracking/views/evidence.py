"""Evidence: the one view that serves it, and the form that adds more."""

from __future__ import annotations

import logging
from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from pes.access import requires
from pes.permissions import Permission
from pes.rules.problems import Refused
from tracking.forms import EvidenceForm
from tracking.models import Evidence, EvidenceKind, Measurement
from tracking.recording import add_evidence
from tracking.storage import digest_of
from tracking.views.measurements import measurement_page

log = logging.getLogger(__name__)

HEADERS = {
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "private, no-store",
}


@require_safe
@requires(Permission.PES_READ)
def evidence(request: HttpRequest, pk: UUID) -> HttpResponseBase:
    """A file in custody, always as a download; a file that lost its digest is not handed over (UP13, UP14)."""
    found = get_object_or_404(Evidence.objects.visible_to(request.user), pk=pk, kind=EvidenceKind.FILE)
    if not found.path.is_file():
        log.error("Falta el archivo de la evidencia %s.", found.pk)
        raise Http404("El archivo no está en custodia.")
    if digest_of(found.path) != found.sha256:
        log.error("La evidencia %s no da su huella SHA-256.", found.pk)
        return render(request, "tracking/evidence_altered.html", {"found": found}, status=409)
    response = FileResponse(
        found.path.open("rb"), as_attachment=True, filename=found.display_name, content_type=found.content_type
    )
    for name, value in HEADERS.items():
        response[name] = value
    return response


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
