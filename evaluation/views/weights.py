"""Ponderación: the editor of an objective's weights, its helpers, its preview and its acts."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from evaluation.forms import LockForm, ReopenForm, WeightsForm, filled
from evaluation.models import WeightSet
from evaluation.pages.objective import crumbs
from evaluation.pages.selection import select, select_vigencia
from evaluation.pages.weights import Editor, WeightsPage, weights_page
from pes.access import demand, requires
from pes.models import Objective
from pes.permissions import Permission
from pes.rules.problems import Refused


@require_safe
@requires(Permission.PES_READ)
def weights_home(request: HttpRequest, slug: str) -> HttpResponse:
    """To the first objective with a programme, in the vigencia of the last cut-off."""
    selection = select(request.user, slug, request.GET)
    programmed = Objective.objects.filter(
        plan=selection.plan, goals__indicators__targets__vigencia=selection.vigencia
    ).order_by("number")
    first = programmed.first() or Objective.objects.filter(plan=selection.plan).order_by("number").first()
    if first is None:
        return redirect("pes:plan", slug)
    return redirect("evaluation:weights", slug, selection.vigencia, first.number)


@require_safe
@requires(Permission.PES_READ)
def weights(request: HttpRequest, slug: str, vigencia: int, number: int) -> HttpResponse:
    """The weights of an objective in a vigencia."""
    editor = _editor(request, slug, vigencia, number)
    return _show(request, editor, weights_page(editor, request.user))


@require_POST
@requires(Permission.WEIGHTS_EDIT)
def weights_preview(request: HttpRequest, slug: str, vigencia: int, number: int) -> HttpResponse:
    """Apply a helper to what was typed and show what it would do; nothing is saved."""
    editor = _editor(request, slug, vigencia, number)
    demand(request.user, Permission.WEIGHTS_EDIT, editor.objective)
    form = WeightsForm(request.POST, labels=editor.labels)
    if form.is_valid():
        try:
            proposed = form.helped()
        except Refused as refused:
            form.refuse(refused)
        else:
            shown = filled(editor.labels, proposed, form.cleaned_data["read"], form.cleaned_data["residual"])
            return _show(request, editor, weights_page(editor, request.user, form=shown, proposed=proposed))
    return _show(request, editor, weights_page(editor, request.user, form=form), status=422)


@require_POST
@requires(Permission.WEIGHTS_EDIT)
def weights_save(request: HttpRequest, slug: str, vigencia: int, number: int) -> HttpResponse:
    """Put the typed weights in force, if they sum 100,00 and nobody changed them meanwhile."""
    editor = _editor(request, slug, vigencia, number)
    form = WeightsForm(request.POST, labels=editor.labels)
    if not form.is_valid():
        return _show(request, editor, weights_page(editor, request.user, form=form), status=422)
    try:
        changed = _stored(editor).change(form.weights(), by=request.user, read=form.cleaned_data["read"])
    except Refused as refused:
        form.refuse(refused)
        stale = any(problem.code == "stale_edit" for problem in refused.problems)
        page = weights_page(
            editor, request.user, form=_renewed(form, editor) if stale else form, proposed=form.weights()
        )
        return _show(request, editor, page, status=409 if stale else 422)
    messages.success(request, "Ponderaciones guardadas." if changed else "No había cambios que guardar.")
    return redirect(editor.url("weights"))


@require_POST
@requires(Permission.WEIGHTS_LOCK)
def weights_lock(request: HttpRequest, slug: str, vigencia: int, number: int) -> HttpResponse:
    """Freeze the weights with the act that approved them."""
    editor = _editor(request, slug, vigencia, number)
    form = LockForm(request.POST)
    if form.is_valid():
        try:
            _stored(editor).lock(**form.cleaned_data, by=request.user)
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, "Ponderaciones bloqueadas.")
            return redirect(editor.url("weights"))
    return _show(request, editor, weights_page(editor, request.user, lock_form=form), status=422)


@require_POST
@requires(Permission.WEIGHTS_LOCK)
def weights_reopen(request: HttpRequest, slug: str, vigencia: int, number: int) -> HttpResponse:
    """Open locked weights by an audited act."""
    editor = _editor(request, slug, vigencia, number)
    form = ReopenForm(request.POST)
    if form.is_valid():
        try:
            _stored(editor).reopen(**form.cleaned_data, by=request.user)
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, "Ponderaciones reabiertas; los cortes consolidados no cambian.")
            return redirect(editor.url("weights"))
    return _show(request, editor, weights_page(editor, request.user, reopen_form=form), status=422)


def _editor(request: HttpRequest, slug: str, vigencia: int, number: int) -> Editor:
    return Editor(select_vigencia(request.user, slug, vigencia), number)


def _stored(editor: Editor) -> WeightSet:
    return WeightSet.of(editor.objective, editor.selection.vigencia)


def _renewed(form: WeightsForm, editor: Editor) -> WeightsForm:
    """The refused form, now against what is in force: saving again is a decision."""
    data = form.data.copy()
    data["read"] = editor.read
    again = WeightsForm(data, labels=editor.labels)
    again.full_clean()
    for error in form.non_field_errors():
        again.add_error(None, error)
    return again


def _show(request: HttpRequest, editor: Editor, page: WeightsPage, status: int = 200) -> HttpResponse:
    selection = editor.selection
    here = f"Ponderación {selection.vigencia}"
    path = crumbs(
        selection,
        (f"Objetivo {editor.objective.number}", selection.url("objective", editor.objective.number)),
        (here, ""),
    )
    context = {"selection": selection, "page": page, "crumbs": path}
    return render(request, "evaluation/weights.html", context, status=status)
