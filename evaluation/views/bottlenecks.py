"""Bottlenecks of a PES: the board, one of them with its actions, and the acts on it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from evaluation.improvement import boards
from evaluation.improvement.bottlenecks import (
    MANAGE,
    correct_bottleneck,
    facts_of,
    register_bottleneck,
    reopen,
    solve,
)
from evaluation.improvement.forms import BottleneckEditForm, BottleneckForm, SolveForm, WordsForm
from evaluation.improvement.sheets import bottleneck_sheet
from evaluation.models import Bottleneck
from evaluation.rules.improvement_states import UNFINISHED, BottleneckStatus, Severity
from evaluation.views.acting import attempt
from pes.access import can, demand, requires
from pes.edits import fingerprint
from pes.models import Indicator, OrganizationUnit, SectorPlan
from pes.permissions import Permission
from pes.plan_frame import find_plan, frame, plan_url

READ = Permission.PES_READ
NO_MANAGE = "Los llevan la oficina asesora de planeación y los enlaces de las entidades."
STATES = [("", "Abiertos"), (BottleneckStatus.SOLVED.value, "Superados"), (boards.ALL, "Todos")]


@require_safe
@requires(READ)
def bottlenecks(request: HttpRequest, slug: str, first: int) -> HttpResponse:
    """The board, the gravest and oldest first."""
    plan, today = find_plan(request.user, slug, first), timezone.localdate()
    chosen = boards.chosen_of(request.GET, "estado", "gravedad", "entidad")
    page = Paginator(boards.bottlenecks(plan, chosen), boards.PER_PAGE).get_page(request.GET.get("pagina"))
    context = _frame(request, plan, ("Cuellos de botella", ""))
    context |= {
        "page": page,
        "rows": [boards.bottleneck_row(one, today) for one in page],
        "chosen": chosen,
        "is_filtered": any(chosen.values()),
        "states": STATES,
        "severities": [("", "Todas"), *((one.value, one.label) for one in Severity)],
        "units": [("", "Todas"), *((one.code, one.short_name) for one in boards.units_of(plan))],
        "new_url": plan_url(plan, "evaluation:bottleneck-new"),
        "actions_url": plan_url(plan, "evaluation:actions"),
        "reason": "" if _units(request, plan).exists() else NO_MANAGE,
    }
    return render(request, "evaluation/improvement/bottlenecks.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(MANAGE)
def bottleneck_new(request: HttpRequest, slug: str, first: int) -> HttpResponse:
    """Register a bottleneck; an address with `?indicador=` begins with that indicator."""
    plan = find_plan(request.user, slug, first)
    demand(request.user, MANAGE, plan)
    units = _units(request, plan)
    form = BottleneckForm(request.POST or None, plan=plan, units=units, initial=_asked(request, plan, units))
    done = "Cuello de botella registrado. Ahora diga qué se hará."
    made = attempt(request, form, lambda: register_bottleneck(plan, form.draft(), by=request.user), done)
    if made is not None:
        return redirect(made)
    return _form(request, plan, form, "Registrar cuello de botella", plan_url(plan, "evaluation:bottlenecks"))


@require_http_methods(["GET", "HEAD", "POST"])
@requires(MANAGE)
def bottleneck_edit(request: HttpRequest, slug: str, first: int, pk: int) -> HttpResponse:
    """Correct one that is open."""
    plan, found = _found(request, slug, first, pk)
    demand(request.user, MANAGE, found)
    facts = facts_of(found)
    names = ("unit", "title", "cause", "severity", "since", "objective", "indicator", "project")
    initial = {name: getattr(found, name) for name in names} | {"read": fingerprint(facts)}
    units = _units(request, plan)
    form = BottleneckEditForm(request.POST or None, plan=plan, units=units, initial=initial)

    def act() -> bool:
        return correct_bottleneck(found, form.draft(), read=form.cleaned_data["read"], by=request.user)

    if attempt(request, form, act, "Cambios guardados.") is not None:
        return redirect(found)
    return _form(request, plan, form, "Corregir cuello de botella", found.get_absolute_url())


@require_safe
@requires(READ)
def bottleneck(request: HttpRequest, slug: str, first: int, pk: int) -> HttpResponse:
    """What it holds back and why, what is done about it, and its history."""
    plan, found = _found(request, slug, first, pk)
    return _sheet(request, plan, found)


@require_POST
@requires(MANAGE)
def bottleneck_solve(request: HttpRequest, slug: str, first: int, pk: int) -> HttpResponse:
    """Say that it holds nothing back any more; of actions that are not finished the person says that they know."""
    plan, found = _found(request, slug, first, pk)
    left = found.actions.filter(status__in=UNFINISHED).count()
    form = SolveForm(request.POST, prefix="solve", unfinished=left)
    done = "Cuello de botella superado."
    return _act(request, plan, found, form, done, lambda text: solve(found, solution=text, by=request.user))


@require_POST
@requires(MANAGE)
def bottleneck_reopen(request: HttpRequest, slug: str, first: int, pk: int) -> HttpResponse:
    """Take up again what was declared solved."""
    plan, found = _found(request, slug, first, pk)
    form, done = WordsForm(request.POST, prefix="reopen"), "Cuello de botella abierto otra vez."
    return _act(request, plan, found, form, done, lambda text: reopen(found, reason=text, by=request.user))


def _act(
    request: HttpRequest, plan: SectorPlan, found: Bottleneck, form: WordsForm, done: str, act: Callable[[str], None]
) -> HttpResponse:
    demand(request.user, MANAGE, found)
    if attempt(request, form, lambda: act(form.cleaned_data["text"]), done) is not None:
        return redirect(found)
    return _sheet(request, plan, found, {str(form.prefix): form}, status=422)


def _found(request: HttpRequest, slug: str, first: int, pk: int) -> tuple[SectorPlan, Bottleneck]:
    plan = find_plan(request.user, slug, first)
    rows = Bottleneck.objects.filter(plan=plan).select_related(
        "unit", "objective", "indicator", "project", "plan__sector", "registered_by"
    )
    return plan, get_object_or_404(rows, pk=pk)


def _units(request: HttpRequest, plan: SectorPlan) -> Any:
    """The units for which the person keeps bottlenecks: the sector and its entities, or one's own entity."""
    mine = OrganizationUnit.objects.visible_to(request.user, MANAGE)
    return boards.units_of(plan).filter(pk__in=mine.values("pk"))


def _asked(request: HttpRequest, plan: SectorPlan, units: Any) -> dict[str, Any]:
    key = request.GET.get("indicador", "")
    indicator = Indicator.objects.filter(plan=plan, key=key).first() if key else None
    unit = units.filter(pk=indicator.entity_id).first() if indicator else None
    return {"since": timezone.localdate(), "indicator": indicator, "unit": unit or _only(units)}


def _only(units: Any) -> Any:
    found = list(units[:2])
    return found[0] if len(found) == 1 else None


def _sheet(
    request: HttpRequest, plan: SectorPlan, found: Bottleneck, bound: dict[str, Any] | None = None, status: int = 200
) -> HttpResponse:
    context = _frame(request, plan, ("Cuellos de botella", plan_url(plan, "evaluation:bottlenecks")), (found.title, ""))
    may = can(request.user, MANAGE, found)
    context |= {"it": bottleneck_sheet(found, may_manage=may, bound=bound or {}), "reason": "" if may else NO_MANAGE}
    return render(request, "evaluation/improvement/bottleneck.html", context, status=status)


def _form(request: HttpRequest, plan: SectorPlan, form: Any, title: str, back_url: str) -> HttpResponse:
    context = _frame(request, plan, ("Cuellos de botella", plan_url(plan, "evaluation:bottlenecks")), (title, ""))
    context |= {"form": form, "title": title, "back_url": back_url}
    status = getattr(form, "status", 422 if form.errors else 200)
    return render(request, "evaluation/improvement/form.html", context, status=status)


def _frame(request: HttpRequest, plan: SectorPlan, *trail: tuple[str, str]) -> dict[str, Any]:
    return frame(request.user, plan, "evaluation", ("Evaluación", plan_url(plan, "evaluation:agenda")), *trail)
