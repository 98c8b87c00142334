"""The one view that hands over the files of the PES."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from pes.access import requires
from pes.files.stored import download, is_whole
from pes.models import StoredFile
from pes.permissions import Permission


@require_safe
@requires(Permission.PES_READ)
def stored_file(request: HttpRequest, pk: UUID) -> HttpResponseBase:
    """A file as a download; what is not as it came is not handed over (UP13, UP14)."""
    found = get_object_or_404(StoredFile.objects.visible_to(request.user), pk=pk)
    if not is_whole(found):
        raise Http404("El archivo guardado no es el que se recibió; quien administra ya fue avisado.")
    return download(found)
