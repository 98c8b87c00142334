"""Weights between the objectives of a sector: optional, all equal without them (PES-10)."""

from __future__ import annotations

from decimal import Decimal

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from evaluation.facts import objective_weights as stored_weights
from evaluation.forms import WeightsForm, filled
from evaluation.models.objective_weights import change_objective_weights
from evaluation.models.weights import fingerprint_of
from evaluation.pages.dashboard import short, weight_text
from evaluation.pages.names import objective_texts
from evaluation.pages.objective import crumbs
from evaluation.pages.selection import Selection, select_vigencia
from evaluation.pages.weights import NO_EDIT
from pes.access import can, demand, requires
from pes.permissions import Permission
from pes.rules.problems import Refused


@require_safe
@requires(Permission.PES_READ)
def objective_weights(request: HttpRequest, slug: str, vigencia: int) -> HttpResponse:
    """What each objective weighs in the sector's index."""
    return _show(request, select_vigencia(request.user, slug, vigencia))


@require_POST
@requires(Permission.WEIGHTS_EDIT)
def objective_weights_preview(request: HttpRequest, slug: str, vigencia: int) -> HttpResponse:
    """Apply a helper to what was typed; nothing is saved."""
    selection = select_vigencia(request.user, slug, vigencia)
    demand(request.user, Permission.WEIGHTS_EDIT, selection.plan)
    labels = _labels(selection)
    form = WeightsForm(request.POST, labels=labels)
    if form.is_valid():
        try:
            shown = filled(labels, form.helped(), form.cleaned_data["read"], form.cleaned_data["residual"])
        except Refused as refused:
            form.refuse(refused)
        else:
            return _show(request, selection, shown)
    return _show(request, selection, form, status=422)


@require_POST
@requires(Permission.WEIGHTS_EDIT)
def objective_weights_save(request: HttpRequest, slug: str, vigencia: int) -> HttpResponse:
    """Put the typed weights in force; all boxes empty means that objectives weigh the same."""
    selection = select_vigencia(request.user, slug, vigencia)
    form = WeightsForm(request.POST, labels=_labels(selection))
    if form.is_valid():
        weights = {int(key): weight for key, weight in form.weights().items()}
        try:
            read = form.cleaned_data["read"]
            change_objective_weights(selection.plan, vigencia, weights, by=request.user, read=read)
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, "Pesos entre objetivos guardados.")
            return redirect("evaluation:objective-weights", slug, vigencia)
    return _show(request, selection, form, status=422)


def _labels(selection: Selection) -> dict[str, str]:
    return {str(number): f"O{number} · {short(text)}" for number, text in objective_texts(selection.plan).items()}


def _show(
    request: HttpRequest, selection: Selection, form: WeightsForm | None = None, status: int = 200
) -> HttpResponse:
    current: dict[str, Decimal] = {
        str(number): weight
        for number, weight in stored_weights(selection.plan, selection.vigencia)
        if weight is not None
    }
    may = can(request.user, Permission.WEIGHTS_EDIT, selection.plan)
    shown = form or filled(_labels(selection), current, fingerprint_of(current), disabled=not may)
    args = [selection.slug, selection.vigencia]
    context = {
        "selection": selection,
        "form": shown,
        "is_filled": form is not None and not form.is_bound,
        "reason": "" if may else NO_EDIT,
        "rows": [
            (box, weight_text(current.get(key)) or "igual") for key, box in zip(shown.keys, shown.boxes(), strict=True)
        ],
        "crumbs": crumbs(selection, (f"Pesos entre objetivos {selection.vigencia}", "")),
        "preview_url": reverse("evaluation:objective-weights-preview", args=args),
        "save_url": reverse("evaluation:objective-weights-save", args=args),
    }
    return render(request, "evaluation/weights_objectives.html", context, status=status)
