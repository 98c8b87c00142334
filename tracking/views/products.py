"""Checklists of products: what they ask, their application to an entity, and the coordinator's decision (GP-05)."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from pes.access import can, demand, holds, requires
from pes.permissions import Permission
from pes.rules.problems import Refused
from pes.territory.frame import READ, find_entity, frame
from tracking.assistance.check_page import (
    CheckForm,
    ChecklistForm,
    ReviewForm,
    check_row,
    checks_shown,
    hitos_with_lists,
    percent_of,
)
from tracking.assistance.checks import check_product, review_check, write_checklist
from tracking.models import ProductCheck, ProductChecklist
from tracking.rules.checklist import Answer

PER_PAGE = 50
MANAGE, LOG, RATE = Permission.TERRITORY_MANAGE, Permission.ASSISTANCE_LOG, Permission.ADVISOR_RATE
LIST = "tracking:products"
TONES = {"met": "ok", "not_met": "risk", "na": "neutral"}


@require_safe
@requires(READ)
def products(request: HttpRequest) -> HttpResponse:
    """The checks of the regions that the person sees, and the checklists that they use."""
    return _list(request, ChecklistForm(user=request.user) if holds(request.user, MANAGE) else None)


@require_POST
@requires(MANAGE)
def write(request: HttpRequest) -> HttpResponse:
    """Write the checklist of a hito's product; a change is another edition."""
    form = ChecklistForm(request.POST, user=request.user)
    if form.is_valid():
        typed = form.cleaned_data
        road, _, code = typed["hito"].partition(":")
        said = {"template_code": road, "code": code, "product": typed["product"], "items": typed["items"]}
        try:
            made = write_checklist(typed["unit"], **said, by=request.user)
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, f"Lista guardada: {made}.")
            return redirect(LIST)
    return _list(request, form, status=422)


@require_safe
@requires(READ)
def of_entity(request: HttpRequest, dane: str) -> HttpResponse:
    """The products of an entity that have a checklist, with their last check."""
    entity = find_entity(request.user, dane)
    context = frame(request.user, "products", ("Productos", reverse(LIST)), (str(entity), "")) | {
        "entity": entity,
        "hitos": hitos_with_lists(entity),
        "may_check": can(request.user, LOG, entity),
    }
    return render(request, "tracking/territory/entity_products.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(LOG)
def check(request: HttpRequest, dane: str, pk: int) -> HttpResponse:
    """Apply the checklist to the product of a hito (id) of an entity."""
    entity = find_entity(request.user, dane)
    demand(request.user, LOG, entity)
    line = next((one for one in hitos_with_lists(entity) if one["hito"].pk == pk), None)
    if line is None:
        raise Http404("Ese hito no tiene lista de chequeo.")
    form = CheckForm(request.POST or None, request.FILES or None, checklist=line["list"])
    if request.method == "POST" and form.is_valid():
        typed = {name: form.cleaned_data[name] for name in ("quality", "upload", "link")}
        try:
            made = check_product(entity, line["hito"], line["list"], form.answers(), **typed, by=request.user)
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, "Chequeo registrado; lo revisa quien coordina.")
            return redirect(made)
    trail = (
        ("Productos", reverse(LIST)),
        (str(entity), reverse("tracking:entity-products", args=[dane])),
        ("Revisar", ""),
    )
    context = frame(request.user, "products", *trail) | {"form": form, "entity": entity, **line}
    return render(request, "tracking/territory/product_apply.html", context, status=422 if form.is_bound else 200)


@require_safe
@requires(READ)
def page(request: HttpRequest, pk: int) -> HttpResponse:
    """One check with its answers and what was decided."""
    return _page(request, _find(request, pk))


@require_POST
@requires(RATE)
def review(request: HttpRequest, pk: int) -> HttpResponse:
    """Accept or return a check."""
    found, form = _find(request, pk), ReviewForm(request.POST)
    if form.is_valid():
        try:
            review_check(found, **form.cleaned_data, by=request.user)
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, "Decisión registrada.")
            return redirect(found)
    return _page(request, found, form, status=422)


def _find(request: HttpRequest, pk: int) -> ProductCheck:
    rows = checks_shown(ProductCheck.objects.visible_to(request.user, READ))
    found: ProductCheck = get_object_or_404(rows.select_related("entity__region", "file", "review__by"), pk=pk)
    return found


def _list(request: HttpRequest, form: ChecklistForm | None, status: int = 200) -> HttpResponse:
    rows = checks_shown(ProductCheck.objects.visible_to(request.user, READ)).order_by("-checked_at", "-pk")
    found = Paginator(rows, PER_PAGE).get_page(request.GET.get("pagina"))
    lists = ProductChecklist.objects.visible_to(request.user, READ).select_related("unit").prefetch_related("items")
    last = {(one.unit_id, one.template, one.code): one for one in lists.order_by("unit__sort_key", "edition")}
    context = frame(request.user, "products", ("Productos", "")) | {
        "page": found,
        "rows": [check_row(one) for one in found],
        "lists": list(last.values()),
        "form": form,
    }
    return render(request, "tracking/territory/products.html", context, status=status)


def _page(request: HttpRequest, found: ProductCheck, form: ReviewForm | None = None, status: int = 200) -> HttpResponse:
    answers = list(found.answers.select_related("item").order_by("item__number"))
    review = getattr(found, "review", None)
    is_own = found.checked_by_id == request.user.pk
    may = review is None and not is_own and can(request.user, RATE, found)
    trail = (
        ("Productos", reverse(LIST)),
        (str(found.entity), reverse("tracking:entity-products", args=[found.entity.dane_code])),
    )
    context: dict[str, Any] = frame(request.user, "products", *trail, ("Chequeo", "")) | {
        "found": found,
        "row": check_row(found),
        "answers": [
            {"text": str(one.item), "answer": Answer(one.answer).label, "tone": TONES[one.answer]} for one in answers
        ],
        "percent": percent_of(one.answer for one in answers),
        "review": review,
        "form": (form or ReviewForm()) if may else None,
    }
    return render(request, "tracking/territory/product.html", context, status=status)
