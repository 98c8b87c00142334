"""Meetings of a PES: the list, one of them, and its acts while it is to come (LC-03)."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from pes.access import can, demand, requires
from pes.edits import fingerprint
from pes.forms.meetings import CancelForm, GuestsForm, MeetingChangeForm, MeetingForm, initial_of
from pes.meetings.convening import convene, invite
from pes.meetings.facts import schedule_of
from pes.meetings.icalendar import icalendar_of
from pes.meetings.moves import REGISTER
from pes.meetings.pages import gate_rows, list_row
from pes.meetings.people import entities_of, people_with_roles, speakers_of
from pes.meetings.scheduling import cancel_meeting, change_meeting, schedule_meeting
from pes.models import TechnicalWorkshop
from pes.permissions import Permission
from pes.plan_frame import find_plan, frame, plan_url
from pes.rules.commitments import CommitmentStatus
from pes.rules.problems import Refused
from pes.rules.technical_workshops import MeetingPurpose, MeetingStatus
from pes.views.meeting_pieces import NO_REGISTER, TAB, acted, find_meeting, form_page, meeting_page, meeting_to_keep

PER_PAGE = 50


@require_safe
@requires(Permission.PES_READ)
def meetings(request: HttpRequest, slug: str, first: int) -> HttpResponse:
    """The meetings of a PES, the last first, and what the gates ask of them."""
    plan = find_plan(request.user, slug, first)
    chosen = {name: request.GET.get(name, "") for name in ("proposito", "estado")}
    rows = _filtered(TechnicalWorkshop.objects.filter(plan=plan), chosen).select_related("plan__sector")
    page = Paginator(_counted(rows), PER_PAGE).get_page(request.GET.get("pagina"))
    context = {
        "page": page,
        "rows": [list_row(row) for row in page],
        "gates": gate_rows(plan),
        "chosen": chosen,
        "is_filtered": any(chosen.values()),
        "purposes": [("", "Todos"), *((one.value, one.label) for one in MeetingPurpose)],
        "states": [("", "Todos"), *((one.value, one.label) for one in MeetingStatus)],
        "new_url": plan_url(plan, "pes:meeting-new"),
        "reason": "" if can(request.user, REGISTER, plan) else NO_REGISTER,
    }
    return render(request, "pes/meeting/list.html", frame(request.user, plan, TAB) | context)


@require_safe
@requires(Permission.PES_READ)
def meeting(request: HttpRequest, slug: str, first: int, pk: int) -> HttpResponse:
    """A meeting: its programme, who came, what was said, and what may be done."""
    return meeting_page(request, find_meeting(request, slug, first, pk))


@require_http_methods(["GET", "HEAD", "POST"])
@requires(REGISTER)
def meeting_new(request: HttpRequest, slug: str, first: int) -> HttpResponse:
    """Schedule a meeting of a PES."""
    plan = find_plan(request.user, slug, first)
    demand(request.user, REGISTER, plan)
    entities = entities_of(plan)
    every = {"entities": [one.pk for one in entities]}
    form = MeetingForm(request.POST or None, entities=entities, initial=every)
    if request.method == "POST" and form.is_valid():
        try:
            made = schedule_meeting(plan, form.schedule(), by=request.user)
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, "Reunión programada. Falta elegir a quién se invita y convocarla.")
            return redirect(made.url("meeting-guests"))
    return form_page(request, plan, form, "Programar reunión", "Programar", plan_url(plan, "pes:meetings"))


@require_http_methods(["GET", "HEAD", "POST"])
@requires(REGISTER)
def meeting_edit(request: HttpRequest, slug: str, first: int, pk: int) -> HttpResponse:
    """Change a meeting that is to come."""
    found = meeting_to_keep(request, slug, first, pk)
    initial = initial_of(found) | {"read": fingerprint(schedule_of(found).facts())}
    form = MeetingChangeForm(request.POST or None, entities=entities_of(found.plan), initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            changed = change_meeting(found, form.schedule(), read=form.cleaned_data["read"], by=request.user)
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, "Reunión cambiada." if changed else "No había cambios que guardar.")
            return redirect(found)
    back = found.get_absolute_url()
    return form_page(request, found.plan, form, "Cambiar reunión", "Guardar cambios", back, about=found.topic)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(REGISTER)
def meeting_guests(request: HttpRequest, slug: str, first: int, pk: int) -> HttpResponse:
    """Choose who is invited; at first the planning links of the entities are ticked."""
    found = meeting_to_keep(request, slug, first, pk)
    form = GuestsForm(request.POST or None, people=people_with_roles(found.plan), initial=_guests(found))
    if request.method == "POST" and form.is_valid():
        try:
            invite(found, form.cleaned_data["people"], form.cleaned_data["guests"], by=request.user)
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, "Invitados guardados. Nadie recibe nada hasta que usted convoque.")
            return redirect(found)
    back = found.get_absolute_url()
    return form_page(request, found.plan, form, "Invitar", "Guardar invitados", back, about=found.topic)


@require_POST
@requires(REGISTER)
def meeting_convene(request: HttpRequest, slug: str, first: int, pk: int) -> HttpResponse:
    """Send the invitation to everybody who has not had it."""
    found = meeting_to_keep(request, slug, first, pk)
    return acted(
        request,
        found,
        lambda: convene(found, by=request.user),
        "Reunión convocada: las convocatorias salen en unos minutos.",
    )


@require_POST
@requires(REGISTER)
def meeting_cancel(request: HttpRequest, slug: str, first: int, pk: int) -> HttpResponse:
    """Cancel a meeting that was not held."""
    found = meeting_to_keep(request, slug, first, pk)
    form = CancelForm(request.POST)
    if not form.is_valid():
        return meeting_page(request, found, status=422, cancel_form=form)
    reason = form.cleaned_data["reason"]
    return acted(request, found, lambda: cancel_meeting(found, reason=reason, by=request.user), "Reunión cancelada.")


@require_safe
@requires(Permission.PES_READ)
def meeting_calendar(request: HttpRequest, slug: str, first: int, pk: int) -> HttpResponse:
    """The invitation as an iCalendar file."""
    found = find_meeting(request, slug, first, pk)
    answer = HttpResponse(icalendar_of(found), content_type="text/calendar; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="reunion-{found.pk}.ics"'
    return answer


def _guests(found: TechnicalWorkshop) -> dict[str, Any]:
    rows = list(found.invitations.all())
    people = {row.person_id for row in rows if row.person_id} if rows else speakers_of(found)
    guests = [f"{row.guest_name}; {row.guest_position}" for row in rows if not row.person_id]
    return {"people": people, "guests": "\n".join(guests)}


def _filtered(rows: Any, chosen: dict[str, str]) -> Any:
    if chosen["proposito"]:
        rows = rows.filter(purpose=chosen["proposito"])
    return rows.filter(status=chosen["estado"]) if chosen["estado"] else rows


def _counted(rows: Any) -> Any:
    done = Count("commitments", filter=Q(commitments__status=CommitmentStatus.FULFILLED))
    promised = Count("commitments", filter=~Q(commitments__status=CommitmentStatus.WITHDRAWN))
    return rows.annotate(done=done, promised=promised).prefetch_related("entities").order_by("-on", "-starts", "-pk")
