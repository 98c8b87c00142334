"""What the views of the approval share: the version of an address, and refusals told on the page one comes back to."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from pes.approval.versions import light_versions
from pes.models import PesVersion, SectorPlan
from pes.permissions import Permission
from pes.plan_frame import find_plan, frame, plan_url
from pes.rules.problems import Refused

ROOM = "Aprobación"
TAB, VERSIONS_TAB = "approval", "versions"


def version_of(
    request: HttpRequest, slug: str, first: int, number: int, permission: Permission = Permission.PES_READ
) -> PesVersion:
    """A version of a PES that the person sees, without its content; Http404 otherwise."""
    plan = find_plan(request.user, slug, first, permission)
    return get_object_or_404(light_versions().filter(plan=plan), number=number)


def room_url(plan: SectorPlan) -> str:
    """The approval room of a PES."""
    return plan_url(plan, "pes:approval")


def act_and_return(request: HttpRequest, verb: Callable[[], Any], done: str, back: str) -> HttpResponse:
    """Do a verb that needs no form, tell how it went, and go back."""
    try:
        verb()
    except Refused as refused:
        tell(request, refused)
    else:
        messages.success(request, done)
    return redirect(back)


def tell(request: HttpRequest, refused: Refused) -> None:
    """Each refusal as a message, with what to do."""
    for problem in refused.problems:
        messages.error(request, f"{problem.message} {problem.fix}".strip())


def form_page(request: HttpRequest, plan: SectorPlan, form: Any, title: str, **more: Any) -> HttpResponse:
    """A page with one form of the approval."""
    trail = ((ROOM, room_url(plan)), (title, ""))
    context = frame(request.user, plan, TAB, *trail) | {"form": form, "title": title, "back_url": room_url(plan)}
    return render(request, "pes/approval/form.html", context | more, status=form.status)
