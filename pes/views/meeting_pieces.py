"""What the views of meetings share: finding one, its page, the page of a form, an act and its answer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from pes.access import can, demand
from pes.forms.base import ActionForm
from pes.forms.commitments import CommitmentForm
from pes.forms.meetings import AddendumForm, CancelForm, MeetingFileForm
from pes.meetings.moves import REGISTER
from pes.meetings.pages import meeting_context
from pes.meetings.people import entities_of, people_with_roles
from pes.models import SectorPlan, TechnicalWorkshop
from pes.plan_frame import find_plan, frame, plan_url
from pes.rules.problems import Refused
from pes.rules.technical_workshops import MeetingStatus

TAB, LIST = "meetings", "Mesas"
NO_REGISTER = "Las mesas las lleva la oficina de planeación del sector."
_ACTS = (
    "edit", "guests", "convene", "cancel", "calendar", "attendance", "minutes", "close", "addendum", "file", "commit",
    "document",
)  # fmt: skip


def find_meeting(request: HttpRequest, slug: str, first: int, pk: int) -> TechnicalWorkshop:
    """A meeting of a PES that the person may see; Http404 otherwise."""
    plan = find_plan(request.user, slug, first)
    rows = TechnicalWorkshop.objects.filter(plan=plan).select_related(
        "plan__sector", "registered_by", "convened_by", "held_by", "closed_by", "document"
    )
    told = ("agenda", "entities", "decisions", "observations", "invitations__person", "attendees__entity")
    return get_object_or_404(rows.prefetch_related(*told), pk=pk)


def meeting_to_keep(request: HttpRequest, slug: str, first: int, pk: int) -> TechnicalWorkshop:
    """A meeting on which the person may act; PermissionDenied when they only read it."""
    found = find_meeting(request, slug, first, pk)
    demand(request.user, REGISTER, found)
    return found


def meeting_page(
    request: HttpRequest, found: TechnicalWorkshop, status: int = 200, **forms: ActionForm
) -> HttpResponse:
    """The page of a meeting; a form that was refused comes back as it was typed, on the same page."""
    may = can(request.user, REGISTER, found)
    stands = MeetingStatus(found.status)
    context = meeting_context(found) | {
        "may": may,
        "reason": "" if may else NO_REGISTER,
        "urls": {name: found.url(f"meeting-{name}") for name in _ACTS},
        "is_to_come": stands == MeetingStatus.SCHEDULED,
        "is_open": stands == MeetingStatus.HELD,
        "is_closed": stands == MeetingStatus.CLOSED,
        "is_cancelled": stands == MeetingStatus.CANCELLED,
        "cancel_form": CancelForm(),
        "addendum_form": AddendumForm(),
        "file_form": MeetingFileForm(),
        "commitment_form": commitment_form(found.plan) if may and stands == MeetingStatus.HELD else None,
    }
    shown = frame(request.user, found.plan, TAB, (LIST, plan_url(found.plan, "pes:meetings")), (found.topic, ""))
    return render(request, "pes/meeting/meeting.html", shown | context | forms, status=status)


def commitment_form(plan: SectorPlan, data: Any = None) -> CommitmentForm:
    """The form of a commitment, with everybody who may answer for one."""
    return CommitmentForm(data, entities=entities_of(plan), people=people_with_roles(plan))


def form_page(
    request: HttpRequest, plan: SectorPlan, form: ActionForm, title: str, act: str, back: str, about: str = ""
) -> HttpResponse:
    """A page with one form, what a stale edit says included."""
    trail = [(LIST, plan_url(plan, "pes:meetings"))]
    trail += [(about, back)] if about else []
    context = {"form": form, "title": title, "act": act, "back_url": back, "about": about}
    status = getattr(form, "status", 422 if form.errors else 200)
    shown = frame(request.user, plan, TAB, *trail, (title, ""))
    return render(request, "pes/meeting/form.html", shown | context, status=status)


def acted(request: HttpRequest, target: Any, act: Callable[[], Any], words: str) -> HttpResponse:
    """Do an act of one button and go back to its page, with what was done or why it was refused."""
    try:
        act()
    except Refused as refused:
        for problem in refused.problems:
            messages.error(request, f"{problem.message} {problem.fix}".strip())
    else:
        messages.success(request, words)
    return redirect(target)
