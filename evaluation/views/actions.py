"""Improvement actions and planes de choque: the board, one of them, and the acts on it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from evaluation.improvement import actions as verbs
from evaluation.improvement import boards
from evaluation.improvement.effects import effects_of
from evaluation.improvement.forms import ActionDataForm, ActionEditForm, FollowUpForm, WordsForm
from evaluation.improvement.sheets import action_sheet
from evaluation.models import Bottleneck, ImprovementAction
from evaluation.rules.improvement_states import ActionKind, ActionStatus
from evaluation.views.acting import attempt, told
from pes.access import can, demand, requires
from pes.edits import fingerprint
from pes.models import SectorPlan
from pes.permissions import Permission
from pes.plan_frame import find_plan, frame, plan_url
from pes.rules.problems import Refused

READ, MANAGE = Permission.PES_READ, verbs.MANAGE
STATES = [("", "Sin terminar"), *((one.value, one.label) for one in ActionStatus), (boards.ALL, "Todas")]


@require_safe
@requires(READ)
def actions(request: HttpRequest, slug: str, first: int) -> HttpResponse:
    """The board, the first to end first."""
    plan, today = find_plan(request.user, slug, first), timezone.localdate()
    chosen = boards.chosen_of(request.GET, "estado", "clase", "entidad", "de")
    page = Paginator(boards.actions(plan, chosen, request.user), boards.PER_PAGE).get_page(request.GET.get("pagina"))
    found = list(page)
    context = _frame(request, plan, ("Acciones", ""))
    context |= {
        "page": page,
        "rows": boards.action_rows(found, effects_of(found, today), today),
        "chosen": chosen,
        "is_filtered": any(chosen.values()),
        "states": STATES,
        "kinds": [("", "Todas"), *((one.value, one.label) for one in ActionKind)],
        "units": [("", "Todas"), *((one.code, one.short_name) for one in boards.units_of(plan))],
        "owners": [("", "De todos"), ("mias", "Solo las mías")],
        "bottlenecks_url": plan_url(plan, "evaluation:bottlenecks"),
    }
    return render(request, "evaluation/improvement/actions.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(MANAGE)
def action_new(request: HttpRequest, slug: str, first: int, pk: int) -> HttpResponse:
    """Put somebody in charge of doing something about a bottleneck."""
    plan = find_plan(request.user, slug, first)
    found = get_object_or_404(Bottleneck.objects.filter(plan=plan).select_related("plan__sector"), pk=pk)
    demand(request.user, MANAGE, found)
    form = ActionDataForm(request.POST or None, plan=plan, initial={"starts_on": timezone.localdate()})
    done = "Acción registrada: ya está en la bandeja de su responsable."
    made = attempt(request, form, lambda: verbs.register_action(found, form.draft(), by=request.user), done)
    if made is not None:
        return redirect(made)
    return _form(request, plan, form, "Registrar acción", found.title, found.get_absolute_url())


@require_http_methods(["GET", "HEAD", "POST"])
@requires(MANAGE)
def action_edit(request: HttpRequest, slug: str, first: int, pk: int) -> HttpResponse:
    """Change who, what or when while it runs."""
    plan, found = _found(request, slug, first, pk)
    demand(request.user, MANAGE, found)
    names = ("kind", "text", "expected_effect", "owner", "starts_on", "due_on")
    initial = {name: getattr(found, name) for name in names} | {"read": fingerprint(verbs.facts_of(found))}
    form = ActionEditForm(request.POST or None, plan=plan, initial=initial)

    def act() -> bool:
        return verbs.correct_action(found, form.draft(), read=form.cleaned_data["read"], by=request.user)

    if attempt(request, form, act, "Cambios guardados.") is not None:
        return redirect(found)
    return _form(request, plan, form, "Corregir acción", found.bottleneck.title, found.get_absolute_url())


@require_safe
@requires(READ)
def action(request: HttpRequest, slug: str, first: int, pk: int) -> HttpResponse:
    """What is done, how far it is, and what stored cut-offs say of it."""
    plan, found = _found(request, slug, first, pk)
    return _sheet(request, plan, found)


@require_POST
@requires(READ)
def action_follow(request: HttpRequest, slug: str, first: int, pk: int) -> HttpResponse:
    """Write an entry of the follow-up: its owner, or who manages improvement."""
    plan, found = _found(request, slug, first, pk)
    if not verbs.may_follow(request.user, found):
        raise PermissionDenied("Escribe el seguimiento quien responde por la acción.")
    form = FollowUpForm(request.POST, request.FILES, prefix="follow")

    def act() -> Any:
        said = dict(form.cleaned_data)
        return verbs.follow_up(found, upload=said.pop("file"), by=request.user, **said)

    if attempt(request, form, act, "Seguimiento registrado.") is not None:
        return redirect(found)
    return _sheet(request, plan, found, {"follow": form}, status=422)


@require_POST
@requires(READ)
def action_finish(request: HttpRequest, slug: str, first: int, pk: int) -> HttpResponse:
    """Say that it is done."""
    _, found = _found(request, slug, first, pk)
    return _do(request, found, "Acción terminada: espera la verificación de otra persona.", verbs.finish)


@require_POST
@requires(MANAGE)
def action_verify(request: HttpRequest, slug: str, first: int, pk: int) -> HttpResponse:
    """Confirm that it was done."""
    _, found = _found(request, slug, first, pk)
    return _do(request, found, "Acción verificada.", verbs.verify)


@require_POST
@requires(MANAGE)
def action_send_back(request: HttpRequest, slug: str, first: int, pk: int) -> HttpResponse:
    """Return what is not done yet."""
    return _with_words(request, slug, first, pk, "send_back", "Acción devuelta a su responsable.", verbs.send_back)


@require_POST
@requires(MANAGE)
def action_discard(request: HttpRequest, slug: str, first: int, pk: int) -> HttpResponse:
    """Give it up."""
    return _with_words(request, slug, first, pk, "discard", "Acción descartada.", verbs.discard)


def _do(request: HttpRequest, found: ImprovementAction, done: str, act: Callable[..., None]) -> HttpResponse:
    try:
        act(found, by=request.user)
    except Refused as refused:
        messages.error(request, told(refused))
    else:
        messages.success(request, done)
    return redirect(found)


def _with_words(
    request: HttpRequest, slug: str, first: int, pk: int, name: str, done: str, act: Callable[..., None]
) -> HttpResponse:
    plan, found = _found(request, slug, first, pk)
    demand(request.user, MANAGE, found)
    form = WordsForm(request.POST, prefix=name)
    if attempt(request, form, lambda: act(found, reason=form.cleaned_data["text"], by=request.user), done) is not None:
        return redirect(found)
    return _sheet(request, plan, found, {name: form}, status=422)


def _found(request: HttpRequest, slug: str, first: int, pk: int) -> tuple[SectorPlan, ImprovementAction]:
    plan = find_plan(request.user, slug, first)
    rows = ImprovementAction.objects.filter(bottleneck__plan=plan)
    related = (*boards.RELATED, "registered_by", "done_by", "verified_by")
    return plan, get_object_or_404(rows.select_related(*related), pk=pk)


def _sheet(
    request: HttpRequest, plan: SectorPlan, found: ImprovementAction, bound: dict[str, Any] | None = None,
    status: int = 200,
) -> HttpResponse:  # fmt: skip
    parent = (found.bottleneck.title, found.bottleneck.get_absolute_url())
    context = _frame(
        request, plan, ("Cuellos de botella", plan_url(plan, "evaluation:bottlenecks")), parent, ("Acción", "")
    )
    may = can(request.user, MANAGE, found)
    context["it"] = action_sheet(found, request.user, may_manage=may, bound=bound or {})
    return render(request, "evaluation/improvement/action.html", context, status=status)


def _form(request: HttpRequest, plan: SectorPlan, form: Any, title: str, about: str, back_url: str) -> HttpResponse:
    context = _frame(request, plan, (about, back_url), (title, ""))
    context |= {"form": form, "title": title, "about": about, "back_url": back_url}
    status = getattr(form, "status", 422 if form.errors else 200)
    return render(request, "evaluation/improvement/form.html", context, status=status)


def _frame(request: HttpRequest, plan: SectorPlan, *trail: tuple[str, str]) -> dict[str, Any]:
    return frame(request.user, plan, "evaluation", ("Evaluación", plan_url(plan, "evaluation:agenda")), *trail)
