"""Commitments of a PES: the board, one of them, and what is told of it (LC-03)."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from pes.access import can, demand, requires
from pes.asked import whole_number
from pes.dates import long_date
from pes.forms.base import ActionForm
from pes.forms.commitments import FulfilForm, NoteForm, RescheduleForm, StepBackForm
from pes.meetings import commitments as verbs
from pes.meetings.moves import REGISTER
from pes.meetings.pages import commitment_row, note_row
from pes.models import Commitment
from pes.permissions import Permission
from pes.plan_frame import find_plan, frame, plan_url
from pes.rules.commitments import OPEN, CommitmentStatus
from pes.rules.problems import Refused
from pes.views.meeting_pieces import acted

TAB, LIST = "commitments", "Compromisos"
PER_PAGE = 50
STATES = (
    ("abiertos", "Por cumplir"), ("vencidos", "Vencidos"), ("cumplidos", "Cumplidos"), ("retirados", "Retirados"),
    ("todos", "Todos"),
)  # fmt: skip


@require_safe
@requires(Permission.PES_READ)
def commitments(request: HttpRequest, slug: str, first: int) -> HttpResponse:
    """The board: what was undertaken in the meetings of a PES, overdue first."""
    plan = find_plan(request.user, slug, first)
    everything = Commitment.objects.filter(meeting__plan=plan)
    chosen = {name: request.GET.get(name, "") for name in ("estado", "responsable", "mesa")}
    chosen["estado"] = chosen["estado"] if chosen["estado"] in dict(STATES) else STATES[0][0]
    rows = _filtered(everything, chosen).select_related("meeting__plan__sector", "owner", "owner_entity")
    page = Paginator(rows.order_by("due_on", "pk"), PER_PAGE).get_page(request.GET.get("pagina"))
    context = {
        "page": page,
        "rows": [commitment_row(row) for row in page],
        "chosen": chosen,
        "states": STATES,
        **_choices(everything),
        "counts": _counts(everything),
        "meetings_url": plan_url(plan, "pes:meetings"),
    }
    return render(request, "pes/meeting/commitments.html", frame(request.user, plan, TAB) | context)


@require_safe
@requires(Permission.PES_READ)
def commitment(request: HttpRequest, slug: str, first: int, pk: int) -> HttpResponse:
    """A commitment with everything told of it."""
    return _page(request, _find(request, slug, first, pk))


@require_POST
@requires(Permission.PES_READ)
def note(request: HttpRequest, slug: str, first: int, pk: int) -> HttpResponse:
    """Tell how it goes."""
    found, form = _mine(request, slug, first, pk), NoteForm(request.POST, auto_id="avance_%s")
    if form.is_valid():
        text = form.cleaned_data["text"]
        return acted(request, found, lambda: verbs.note(found, text=text, by=request.user), "Avance anotado.")
    return _page(request, found, status=422, note_form=form)


@require_POST
@requires(Permission.PES_READ)
def fulfil(request: HttpRequest, slug: str, first: int, pk: int) -> HttpResponse:
    """Close it with its evidence; a refusal comes back beside what was typed."""
    found, form = _mine(request, slug, first, pk), FulfilForm(request.POST, request.FILES, auto_id="cumplir_%s")
    if form.is_valid():
        said = form.cleaned_data
        try:
            verbs.fulfil(found, text=said["text"], link=said["link"], upload=said["file"], by=request.user)
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, "Compromiso cumplido.")
            return redirect(found)
    return _page(request, found, status=422, fulfil_form=form)


@require_POST
@requires(REGISTER)
def reopen(request: HttpRequest, slug: str, first: int, pk: int) -> HttpResponse:
    """Open it again, with why."""
    found, form = _kept(request, slug, first, pk), StepBackForm(request.POST)
    if form.is_valid():
        why = form.cleaned_data["reason"]
        return acted(request, found, lambda: verbs.reopen(found, reason=why, by=request.user), "Compromiso reabierto.")
    return _page(request, found, status=422, reopen_form=form)


@require_POST
@requires(REGISTER)
def withdraw(request: HttpRequest, slug: str, first: int, pk: int) -> HttpResponse:
    """Drop it, with why."""
    found, form = _kept(request, slug, first, pk), StepBackForm(request.POST, auto_id="retirar_%s")
    if form.is_valid():
        why = form.cleaned_data["reason"]
        return acted(request, found, lambda: verbs.drop(found, reason=why, by=request.user), "Compromiso retirado.")
    return _page(request, found, status=422, withdraw_form=form)


@require_POST
@requires(REGISTER)
def reschedule(request: HttpRequest, slug: str, first: int, pk: int) -> HttpResponse:
    """Grant another day, with why."""
    found, form = _kept(request, slug, first, pk), RescheduleForm(request.POST, auto_id="plazo_%s")
    if form.is_valid():
        said = form.cleaned_data
        return acted(request, found, lambda: verbs.reschedule(found, **said, by=request.user), "Plazo cambiado.")
    return _page(request, found, status=422, reschedule_form=form)


@require_POST
@requires(REGISTER)
def remove(request: HttpRequest, slug: str, first: int, pk: int) -> HttpResponse:
    """Take it out of minutes that are still open."""
    found = _kept(request, slug, first, pk)
    return acted(request, found.meeting, lambda: verbs.remove_commitment(found, by=request.user), "Compromiso quitado.")


def _find(request: HttpRequest, slug: str, first: int, pk: int) -> Commitment:
    plan = find_plan(request.user, slug, first)
    rows = Commitment.objects.filter(meeting__plan=plan)
    return get_object_or_404(rows.select_related("meeting__plan__sector", "owner", "owner_entity"), pk=pk)


def _mine(request: HttpRequest, slug: str, first: int, pk: int) -> Commitment:
    found = _find(request, slug, first, pk)
    verbs.demand_following(request.user, found)
    return found


def _kept(request: HttpRequest, slug: str, first: int, pk: int) -> Commitment:
    found = _find(request, slug, first, pk)
    demand(request.user, REGISTER, found)
    return found


def _page(request: HttpRequest, found: Commitment, status: int = 200, **forms: ActionForm) -> HttpResponse:
    plan, is_open = found.meeting.plan, found.status in OPEN
    notes = found.notes.select_related("by", "file").order_by("-pk")
    context = {
        "row": commitment_row(found),
        "agreed": long_date(found.agreed_due_on) if found.agreed_due_on != found.due_on else "",
        "fulfilled": long_date(found.fulfilled_on) if found.fulfilled_on else "",
        "held_on": long_date(found.meeting.on),
        "notes": [note_row(one) for one in notes],
        "may_follow": is_open and verbs.may_follow(request.user, found),
        "may_manage": can(request.user, REGISTER, found),
        "is_open": is_open,
        "is_fulfilled": found.status == CommitmentStatus.FULFILLED,
        "urls": {
            name: found.url(f"commitment-{name}") for name in ("note", "fulfil", "reopen", "withdraw", "reschedule")
        },
        "note_form": NoteForm(auto_id="avance_%s"),
        "fulfil_form": FulfilForm(auto_id="cumplir_%s"),
        "reopen_form": StepBackForm(),
        "withdraw_form": StepBackForm(auto_id="retirar_%s"),
        "reschedule_form": RescheduleForm(auto_id="plazo_%s"),
    }
    trail = ((LIST, plan_url(plan, "pes:commitments")), (f"Compromiso {found.number}", ""))
    shown = frame(request.user, plan, TAB, *trail)
    return render(request, "pes/meeting/commitment.html", shown | context | forms, status=status)


def _filtered(rows: Any, chosen: dict[str, str]) -> Any:
    state, (kind, _, code) = chosen["estado"], chosen["responsable"].partition(":")
    if state == "vencidos":
        rows = rows.overdue(timezone.localdate())
    elif state != "todos":
        wanted = {
            "abiertos": OPEN,
            "cumplidos": [CommitmentStatus.FULFILLED],
            "retirados": [CommitmentStatus.WITHDRAWN],
        }
        rows = rows.filter(status__in=wanted[state])
    if kind == "entidad":
        rows = rows.filter(owner_entity__code=code)
    elif kind == "persona":
        rows = rows.filter(owner=whole_number(code))
    meeting = whole_number(chosen["mesa"])
    return rows.filter(meeting=meeting) if meeting is not None else rows


def _choices(rows: Any) -> dict[str, Any]:
    """The filters' options: who owes something, and where it was undertaken; two queries."""
    told = rows.order_by().values_list("owner_id", "owner__full_name", "owner_entity__code", "owner_entity__name")
    owners = {(f"entidad:{c}", n) if c else (f"persona:{pk}", p) for pk, p, c, n in told.distinct()}
    meetings = rows.order_by("-meeting__on").values_list("meeting_id", "meeting__topic", "meeting__on").distinct()
    return {
        "owners": [("", "Todos"), *sorted(owners, key=lambda one: one[1])],
        "meetings": [("", "Todas"), *((str(pk), f"{topic} ({long_date(on)})") for pk, topic, on in meetings)],
    }


def _counts(rows: Any) -> list[tuple[str, str, str]]:
    today = timezone.localdate()
    found = rows.aggregate(
        open=Count("pk", filter=Q(status__in=OPEN)),
        late=Count("pk", filter=Q(status__in=OPEN, due_on__lt=today)),
        done=Count("pk", filter=Q(status=CommitmentStatus.FULFILLED)),
    )
    return [
        ("Por cumplir", str(found["open"]), "Con los vencidos"),
        ("Vencidos", str(found["late"]), "Abiertos después de su plazo"),
        ("Cumplidos", str(found["done"]), "Con su evidencia"),
    ]
