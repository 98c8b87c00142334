"""One activity of a road: its days, who answers for it, how far it is, its proof and its history."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from pes.access import can, demand, requires
from pes.dates import long_date, long_instant
from pes.forms.base import ActionForm, ReasonForm
from pes.forms.roads import ActivityEvidenceForm, ActivityReportForm
from pes.models import ActivityEvidence, AuditEvent, RoadActivity, SectorPlan
from pes.permissions import Permission
from pes.plan_frame import find_plan, frame, plan_url
from pes.roads.reporting import (
    attach_evidence,
    may_report,
    report_progress,
    resume,
    set_aside,
    state_of,
    withdraw_evidence,
)
from pes.roads.rows import line_row, shares_of
from pes.rules.numbers import format_percent
from pes.rules.problems import Refused
from pes.rules.road_states import ActivityState, PhaseState
from pes.rules.roads import ActivityKind
from pes.views.audit import rows as event_rows

NO_REPORT = "Reporta quien responde por la actividad, el enlace de su entidad o la OAP."
TOLD_IN_REPORTS = ("activity_reported", "activity_set_aside", "activity_resumed")
HISTORY_SHOWN = 50


@require_safe
@requires(Permission.PES_READ)
def activity(request: HttpRequest, slug: str, first: int, pk: int) -> HttpResponse:
    """Everything that is known of an activity, and the boxes to report it."""
    plan, found = _find(request, slug, first, pk)
    return _page(request, plan, found)


@require_POST
@requires(Permission.PES_READ)
def report(request: HttpRequest, slug: str, first: int, pk: int) -> HttpResponse:
    """Say how far the activity is, with its proof."""
    plan, found = _mine(request, slug, first, pk)
    form = ActivityReportForm(request.POST, request.FILES)

    def act(typed: dict[str, Any]) -> str:
        link = typed.pop("link")
        report_progress(found, **typed, links=[link] if link else [], by=request.user)
        return "Avance reportado."

    return _acted(request, plan, found, form, act, report=form)


@require_POST
@requires(Permission.PES_READ)
def evidence(request: HttpRequest, slug: str, first: int, pk: int) -> HttpResponse:
    """Add files or a link that prove the activity."""
    plan, found = _mine(request, slug, first, pk)
    form = ActivityEvidenceForm(request.POST, request.FILES)

    def act(typed: dict[str, Any]) -> str:
        links = [typed["link"]] if typed["link"] else []
        made = attach_evidence(found, files=typed["files"], links=links, by=request.user)
        return "Evidencia aportada." if made else "Esa evidencia ya estaba."

    return _acted(request, plan, found, form, act, proof=form)


@require_POST
@requires(Permission.PES_READ)
def withdraw(request: HttpRequest, slug: str, first: int, pk: int, proof: int) -> HttpResponse:
    """Take a wrong proof away, with why."""
    plan, found = _mine(request, slug, first, pk)
    row = get_object_or_404(ActivityEvidence, activity=found, pk=proof)

    def act(typed: dict[str, Any]) -> str:
        withdraw_evidence(row, **typed, by=request.user)
        return "Evidencia retirada."

    return _acted(request, plan, found, ReasonForm(request.POST), act)


@require_POST
@requires(Permission.ROAD_MANAGE)
def aside(request: HttpRequest, slug: str, first: int, pk: int) -> HttpResponse:
    """Declare that the activity does not apply."""
    plan, found = _find(request, slug, first, pk)
    demand(request.user, Permission.ROAD_MANAGE, plan)

    def act(typed: dict[str, Any]) -> str:
        set_aside(found, **typed, by=request.user)
        return "Marcada como «no aplica»."

    return _acted(request, plan, found, ReasonForm(request.POST), act)


@require_POST
@requires(Permission.ROAD_MANAGE)
def again(request: HttpRequest, slug: str, first: int, pk: int) -> HttpResponse:
    """Take the activity up again."""
    plan, found = _find(request, slug, first, pk)
    demand(request.user, Permission.ROAD_MANAGE, plan)

    def act(typed: dict[str, Any]) -> str:
        resume(found, **typed, by=request.user)
        return "Actividad retomada."

    return _acted(request, plan, found, ReasonForm(request.POST), act)


def _find(request: HttpRequest, slug: str, first: int, pk: int) -> tuple[SectorPlan, RoadActivity]:
    plan = find_plan(request.user, slug, first)
    rows = RoadActivity.objects.select_related("phase__road__unit", "step", "person", "entity")
    return plan, get_object_or_404(rows, phase__road__plan=plan, pk=pk)


def _mine(request: HttpRequest, slug: str, first: int, pk: int) -> tuple[SectorPlan, RoadActivity]:
    plan, found = _find(request, slug, first, pk)
    if not may_report(request.user, found):
        raise PermissionDenied(NO_REPORT)
    return plan, found


def _acted(
    request: HttpRequest,
    plan: SectorPlan,
    found: RoadActivity,
    form: ActionForm,
    act: Callable[[dict[str, Any]], str],
    **shown: ActionForm,
) -> HttpResponse:
    """Do what a valid form asks and go back to the activity; otherwise the page again, with what was typed."""
    if form.is_valid():
        try:
            messages.success(request, act(dict(form.cleaned_data)))
        except Refused as refused:
            form.refuse(refused)
        else:
            return redirect(plan_url(plan, "pes:road-activity", found.pk))
    if not shown:
        for errors in form.errors.values():
            messages.error(request, " ".join(str(error) for error in errors))
    found.refresh_from_db()
    return _page(request, plan, found, status=422, **shown)


def _page(
    request: HttpRequest, plan: SectorPlan, found: RoadActivity, *, status: int = 200, **shown: ActionForm
) -> HttpResponse:
    today = timezone.localdate()
    phase, state = found.phase, state_of(found.phase)
    proofs = list(ActivityEvidence.objects.filter(activity=found).select_related("file", "by", "withdrawn_by"))
    live = [one for one in proofs if one.withdrawn_at is None]
    blocked = _blocked(request, found, state)
    back = f"{plan_url(plan, 'pes:road')}?fase={phase.code}#fase"
    initial = {"percentage": found.progress, "on": found.done_on or today}  # more proof of what is done moves no day
    context = frame(request.user, plan, "road", ("Camino", back), (found.code, "")) | {
        "activity": found,
        "kind": ActivityKind(found.kind).label,
        "phase": phase,
        "line": line_row(found, today, "", len(live), _in_whole(found)),
        "percent": format_percent(found.progress),
        "proofs": [_proof(plan, found, one) for one in live],
        "history": _history(found),
        "programme": _programme_history(found),
        "blocked": blocked,
        "report_title": "Corregir lo reportado" if found.state == ActivityState.DONE else "Reportar el avance",
        "form": shown.get("report") or ActivityReportForm(initial=initial),
        "proof_form": shown.get("proof") or ActivityEvidenceForm(prefix=None, auto_id="prueba_%s"),
        "reason_form": ReasonForm(auto_id="motivo_%s"),
        "may_manage": can(request.user, Permission.ROAD_MANAGE, plan) and phase.closed_at is None,
        "is_aside": found.state == ActivityState.NOT_APPLICABLE,
        "may_withdraw": not blocked and phase.closed_at is None,
        "back_url": back,
        "schedule_url": plan_url(plan, "pes:road-schedule", phase.code),
        "urls": {
            name: plan_url(plan, f"pes:road-activity-{name}", found.pk)
            for name in ("report", "evidence", "aside", "again")
        },
    }
    return render(request, "pes/road/activity.html", context, status=status)


def _in_whole(found: RoadActivity) -> Decimal | None:
    """What a weighted line is worth of the whole road; its siblings are asked only where there are weights."""
    if found.weight is None:
        return None
    return shares_of(found.phase, RoadActivity.objects.filter(phase=found.phase)).get(found.code)


def _blocked(request: HttpRequest, found: RoadActivity, state: PhaseState) -> str:
    """Why nothing can be reported here and now by this person; empty when it can."""
    if state is PhaseState.WAITING:
        return f"La fase {found.phase.code} se abre cuando se cierre {', '.join(found.phase.after)}."
    if not may_report(request.user, found):
        return NO_REPORT
    if found.state == ActivityState.NOT_APPLICABLE:
        return "No aplica: para reportarla, la OAP debe retomarla."
    if found.state == ActivityState.DONE and state is PhaseState.CLOSED:
        return "Está terminada y su fase, cerrada."
    return ""


def _proof(plan: SectorPlan, found: RoadActivity, one: ActivityEvidence) -> dict[str, Any]:
    return {
        "name": str(one.file) if one.file else one.url,
        "url": one.file.get_absolute_url() if one.file else one.url,
        "detail": "Archivo en custodia" if one.file else "Enlace no custodiado",
        "digest": one.file.sha256[:12] if one.file else "",
        "who": f"{one.by} · {long_instant(one.at)}",
        "withdraw_url": plan_url(plan, "pes:road-evidence-withdraw", found.pk, one.pk),
    }


def _history(found: RoadActivity) -> list[dict[str, str]]:
    """What was reported, the last first."""
    rows = found.reports.select_related("by").order_by("-pk")[:HISTORY_SHOWN]
    return [
        {
            "when": long_instant(one.at),
            "title": f"{ActivityState(one.state).label} · {format_percent(one.progress)} al {long_date(one.on)}",
            "who": str(one.by),
            "note": one.note,
            "tone": "ok" if one.state == ActivityState.DONE else "course",
        }
        for one in rows
    ]


def _programme_history(found: RoadActivity) -> list[dict[str, Any]]:
    """Changes of programme and of proof, from the trail."""
    events = AuditEvent.objects.filter(object_type="pes.roadactivity", object_id=str(found.pk))
    events = events.exclude(verb__in=TOLD_IN_REPORTS).select_related("actor").order_by("-pk")
    return event_rows(events[:HISTORY_SHOWN])
