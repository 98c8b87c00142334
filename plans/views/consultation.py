"""The consultation of a plan: its page, and the acts of those who keep it (PG-07b)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from pes.access import demand, requires
from pes.forms.base import ActionForm
from pes.permissions import Permission
from pes.rules.problems import Refused
from plans import consultations
from plans.consultation_forms import RecordForm, TermForm, WaiverForm
from plans.models import Consultation, Contribution, PlanGestion
from plans.pages.consultation import answer_form, consultation_page
from plans.pages.grid import crumbs_of
from plans.pages.reading import plan_or_404
from plans.pages.states import tabs_of

READ, MANAGE, WAIVE = Permission.PLAN_READ, Permission.CONSULTATION_MANAGE, Permission.CONSULTATION_WAIVE


@require_safe
@requires(READ)
def consultation(request: HttpRequest, unit: str, vigencia: int) -> HttpResponse:
    """The days, what was said and its answers, and what may be done now."""
    return _show(request, plan_or_404(request, unit, vigencia))


@require_POST
@requires(MANAGE)
def consultation_open(request: HttpRequest, unit: str, vigencia: int) -> HttpResponse:
    """Set the days and the channels, or change them."""
    plan = _plan(request, unit, vigencia, MANAGE)
    form = TermForm(request.POST, prefix="fechas")
    done = "Fechas guardadas. La ciudadanía las ve en el portal público."
    return _act(
        request, plan, form, "term", done, lambda asked: consultations.open_consultation(plan, by=request.user, **asked)
    )


@require_POST
@requires(WAIVE)
def consultation_waive(request: HttpRequest, unit: str, vigencia: int) -> HttpResponse:
    """Exempt the plan from its consultation."""
    plan = _plan(request, unit, vigencia, WAIVE)
    form = WaiverForm(request.POST, prefix="eximir")
    done = "El plan queda eximido de la consulta ciudadana."
    return _act(request, plan, form, "waiver", done, lambda asked: consultations.waive(plan, by=request.user, **asked))


@require_POST
@requires(MANAGE)
def contribution_record(request: HttpRequest, unit: str, vigencia: int) -> HttpResponse:
    """Write down what arrived on paper, by mail or at a meeting."""
    plan = _plan(request, unit, vigencia, MANAGE)
    found = get_object_or_404(Consultation, plan=plan)
    form = RecordForm(request.POST, prefix="nuevo")
    return _act(
        request,
        plan,
        form,
        "record",
        "Aporte registrado.",
        lambda asked: consultations.record_contribution(found, by=request.user, **asked),
    )


@require_POST
@requires(MANAGE)
def contribution_answer(request: HttpRequest, pk: int) -> HttpResponse:
    """Answer a contribution: everybody reads it from then on."""
    rows = Contribution.objects.visible_to(request.user, READ).select_related("consultation__plan__unit__parent")
    found = get_object_or_404(rows, pk=pk)
    demand(request.user, MANAGE, found)
    plan = found.consultation.plan
    if found.answered_at is not None:
        messages.error(request, consultations.answered_already(found).message)
        return redirect(plan.url("consultation"))
    form = answer_form(pk, request.POST)
    if form.is_valid():
        try:
            consultations.answer(found, by=request.user, **form.cleaned_data)
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, "Respuesta publicada.")
            return redirect(plan.url("consultation"))
    return _show(request, plan, {"answer": form, "contribution": found}, status=422)


def _plan(request: HttpRequest, unit: str, vigencia: int, permission: Permission) -> PlanGestion:
    """The plan, if the person may see it; raises PermissionDenied unless they may act on it."""
    plan = plan_or_404(request, unit, vigencia)
    demand(request.user, permission, plan)
    return plan


def _act(
    request: HttpRequest,
    plan: PlanGestion,
    form: ActionForm,
    name: str,
    done: str,
    act: Callable[[dict[str, Any]], Any],
) -> HttpResponse:
    """Do one act with what its form says, and go back to the page; or show the form with what is wrong."""
    if form.is_valid():
        try:
            act(form.cleaned_data)
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, done)
            return redirect(plan.url("consultation"))
    return _show(request, plan, {name: form}, status=422)


def _show(
    request: HttpRequest, plan: PlanGestion, bound: dict[str, Any] | None = None, status: int = 200
) -> HttpResponse:
    page = consultation_page(plan, request.user, request.GET.get("pagina"), bound or {})
    context = {
        "plan": plan,
        "it": page,
        "crumbs": crumbs_of(plan, ("Consulta ciudadana", "")),
        "tabs": tabs_of(plan, "consultation"),
    }
    return render(request, "plans/consultation.html", context, status=status)
