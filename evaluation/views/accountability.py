"""The rendiciones de cuentas of a PES: the list, one of them, preparing and correcting."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from evaluation.accountability.events import MANAGE, correct_event, facts_of, prepare_event
from evaluation.accountability.forms import EventEditForm, EventForm
from evaluation.accountability.pages import event_page, event_rows
from evaluation.models import AccountabilityEvent
from evaluation.rules.accountability import facts_need_reason
from evaluation.views.acting import attempt
from pes.access import can, demand, requires
from pes.edits import fingerprint
from pes.models import SectorPlan
from pes.permissions import Permission
from pes.plan_frame import find_plan, frame, plan_url

READ = Permission.PES_READ
NO_MANAGE = "La preparan la oficina asesora de planeación y la de comunicaciones."


@require_safe
@requires(READ)
def accountability(request: HttpRequest, slug: str, first: int) -> HttpResponse:
    """The events, the last first."""
    plan = find_plan(request.user, slug, first)
    context = frame(request.user, plan, "accountability", ("Rendición de cuentas", ""))
    context |= {
        "rows": event_rows(plan),
        "new_url": plan_url(plan, "evaluation:accountability-new"),
        "reason": "" if can(request.user, MANAGE, plan) else NO_MANAGE,
    }
    return render(request, "evaluation/accountability/events.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(MANAGE)
def accountability_new(request: HttpRequest, slug: str, first: int) -> HttpResponse:
    """Prepare an event as a draft."""
    plan = find_plan(request.user, slug, first)
    demand(request.user, MANAGE, plan)
    form = EventForm(request.POST or None)
    done = "Rendición de cuentas en borrador: la ciudadanía la ve cuando la convoque."
    made = attempt(request, form, lambda: prepare_event(plan, form.draft(), by=request.user), done)
    if made is not None:
        return redirect(made)
    return _form(request, plan, form, "Preparar rendición de cuentas", plan_url(plan, "evaluation:accountability"))


@require_safe
@requires(READ)
def event(request: HttpRequest, slug: str, first: int, pk: int) -> HttpResponse:
    """The event: its report, its questions and its commitments."""
    plan, found = found_event(request, slug, first, pk)
    return show_event(request, plan, found)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(MANAGE)
def event_edit(request: HttpRequest, slug: str, first: int, pk: int) -> HttpResponse:
    """Correct an event until it is closed."""
    plan, found = found_event(request, slug, first, pk)
    demand(request.user, MANAGE, found)
    names = ("title", "held_on", "starts_at", "place", "link", "topics", "invitation", "questions_until")
    initial = {name: getattr(found, name) for name in names} | {"read": fingerprint(facts_of(found))}
    form = EventEditForm(request.POST or None, initial=initial, is_held=facts_need_reason(found.status))

    def act() -> bool:
        said = {name: form.cleaned_data.get(name, "") for name in ("read", "reason")}
        return correct_event(found, form.draft(), **said, by=request.user)

    if attempt(request, form, act, "Cambios guardados.") is not None:
        return redirect(found)
    return _form(request, plan, form, "Corregir rendición de cuentas", found.get_absolute_url())


def found_event(request: HttpRequest, slug: str, first: int, pk: int) -> tuple[SectorPlan, AccountabilityEvent]:
    """An event of a plan that the person reads; Http404 otherwise."""
    plan = find_plan(request.user, slug, first)
    rows = AccountabilityEvent.objects.filter(plan=plan)
    related = ("plan__sector", "report_file", "issued_report__plan__sector", "prepared_by")
    return plan, get_object_or_404(rows.select_related(*related), pk=pk)


def show_event(
    request: HttpRequest, plan: SectorPlan, found: AccountabilityEvent, bound: dict[str, Any] | None = None,
    status: int = 200,
) -> HttpResponse:  # fmt: skip
    """Its page, with a form that came back if there is one."""
    context = _frame(request, plan, (found.title, ""))
    may = can(request.user, MANAGE, found)
    context |= {
        "it": event_page(found, may_manage=may, bound=bound or {}),
        "may": may,
        "reason": "" if may else NO_MANAGE,
    }
    return render(request, "evaluation/accountability/event.html", context, status=status)


def _form(request: HttpRequest, plan: SectorPlan, form: Any, title: str, back_url: str) -> HttpResponse:
    context = _frame(request, plan, (title, ""))
    context |= {"form": form, "title": title, "back_url": back_url}
    status = getattr(form, "status", 422 if form.errors else 200)
    return render(request, "evaluation/improvement/form.html", context, status=status)


def _frame(request: HttpRequest, plan: SectorPlan, *trail: tuple[str, str]) -> dict[str, Any]:
    home = ("Rendición de cuentas", plan_url(plan, "evaluation:accountability"))
    return frame(request.user, plan, "accountability", home, *trail)
