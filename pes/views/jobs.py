"""A job's page: how far it is, and what it made."""

from __future__ import annotations

import re
from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from pes import registry
from pes.access import authenticated, can
from pes.dates import long_instant
from pes.jobs import MAX_ATTEMPTS
from pes.models import Job, JobState, User

_EXCEPTION = re.compile(r"[A-Za-z_]\w*(Error|Exception|Lost|Expired|Exit): ")
WORDS = {
    JobState.QUEUED: "En espera de turno",
    JobState.RUNNING: "En curso",
    JobState.DONE: "Terminado",
    JobState.FAILED: "No se pudo terminar",
}


@require_safe
@authenticated
def job(request: HttpRequest, pk: int) -> HttpResponse:
    """The job of this person, or of what they may work on; anything else does not exist for them (AZ2)."""
    found = Job.objects.select_related("requested_by").filter(pk=pk).first()
    if found is None or not may_see(request.user, found):
        raise Http404("No hay un trabajo con ese número.")
    template = "pes/job_fragment.html" if getattr(request, "htmx", False) else "pes/job.html"
    return render(request, template, {"job": found, **_progress(found)})


def may_see(user: User, found: Job) -> bool:
    """Whoever asked for it, and whoever holds the permission it is about (`job_scope` providers say which)."""
    if found.requested_by_id == user.pk:
        return True
    return any(can(user, permission, obj) for permission, obj in _collected("job_scope", found))


def _progress(found: Job) -> dict[str, Any]:
    is_over = found.state in {JobState.DONE, JobState.FAILED}
    return {
        "url": reverse("pes:job", args=[found.pk]),
        "is_over": is_over,
        "has_failed": found.state == JobState.FAILED,
        "reason": _refusal(found),
        "percent": found.progress if found.state == JobState.RUNNING and found.progress else None,
        "words": WORDS[JobState(found.state)],
        "asked": long_instant(found.created_at),
        "finished": long_instant(found.finished_at) if found.finished_at else "",
        "links": _collected("job_links", found) if found.state == JobState.DONE else [],
        "title": next(iter(_collected("job_title", found)), f"Trabajo {found.pk}"),
    }


def _refusal(found: Job) -> str:
    """The words of a job refused at once; what a program says to programmers stays in the logs."""
    is_for_people = found.attempts < MAX_ATTEMPTS and not _EXCEPTION.match(found.error)
    return found.error if is_for_people else ""


def _collected(name: str, found: Job) -> list[Any]:
    """What the apps say about a job; nothing when what it was about is gone."""
    try:
        return list(registry.collect(name, found))
    except ObjectDoesNotExist:
        return []
