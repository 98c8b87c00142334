"""The page of an error nobody foresaw."""

from __future__ import annotations

import logging
import secrets

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

log = logging.getLogger(__name__)


def server_error(request: HttpRequest) -> HttpResponse:
    """Say so in Spanish, with the reference under which the log keeps what happened (DA9).

    Nothing of the request is read and no query is made: the database may be what failed.
    """
    reference = secrets.token_hex(4).upper()
    request.error_reference = reference  # type: ignore[attr-defined] # the log's formatter writes it
    log.error("Error %s en %s", reference, request.path)
    try:
        page = render_to_string("500.html", {"reference": reference})
    except Exception:  # the page's own files may be what is missing
        log.exception("Tampoco se pudo mostrar la página del error %s", reference)
        page = f"Algo falló de nuestro lado. Si pide ayuda, dé esta referencia: {reference}"
    return HttpResponse(page, status=500)
