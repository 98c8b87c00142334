"""Administration of the organisation's tree."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from pes import units
from pes.access import requires
from pes.forms.base import ReasonForm
from pes.forms.units import KnownUnitForm, NewUnitForm, UnitForm
from pes.models import OrganizationUnit
from pes.models.organization import PARENT_KINDS
from pes.permissions import Permission
from pes.rules.problems import Refused
from pes.views.pieces import crumbs

_MANAGE = Permission.UNITS_MANAGE


@require_safe
@requires(_MANAGE)
def tree(request: HttpRequest) -> HttpResponse:
    """The units this person administers, each under the one it depends on."""
    found = list(OrganizationUnit.objects.visible_to(request.user, _MANAGE).order_by("sort_key", "code"))
    context = {"branches": list(branches(found)), "count": len(found), "crumbs": crumbs("Unidades")}
    return render(request, "pes/administration/units.html", context)


@requires(_MANAGE)
def add(request: HttpRequest) -> HttpResponse:
    """Add a unit."""
    form = NewUnitForm(request.POST or None, by=request.user, initial={"parent": request.GET.get("debajo")})
    if request.method == "POST" and form.is_valid():
        try:
            made = units.add(by=request.user, **form.cleaned_data)
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, f"La unidad «{made}» quedó creada.")
            return redirect("administration:unit", made.code)
    context = {"form": form, "crumbs": crumbs("Unidades", "Agregar")}
    return render(request, "pes/administration/unit_new.html", context, status=422 if form.errors else 200)


@requires(_MANAGE)
def unit(request: HttpRequest, code: str) -> HttpResponse:
    """A unit's data, and the form that changes them."""
    found = _unit(request, code)
    form = KnownUnitForm(request.POST or None, by=request.user, unit=found)
    if request.method == "POST" and form.is_valid():
        try:
            units.change(found, by=request.user, **form.cleaned_data)
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, "Los cambios quedaron guardados.")
            return redirect("administration:unit", code)
    return _page(request, found, form=form)


@require_POST
@requires(_MANAGE)
def deactivate(request: HttpRequest, code: str) -> HttpResponse:
    """Take a unit out of use."""
    return _decide(request, code, units.deactivate, "La unidad quedó desactivada.")


@require_POST
@requires(_MANAGE)
def reactivate(request: HttpRequest, code: str) -> HttpResponse:
    """Put a unit back in use."""
    return _decide(request, code, units.reactivate, "La unidad quedó activa otra vez.")


def branches(found: list[OrganizationUnit]) -> Iterator[dict[str, Any]]:
    """Rows of the tree, parents before children, with their depth; a root is a unit whose parent is not listed."""
    listed = {u.pk for u in found}
    children: dict[int | None, list[OrganizationUnit]] = {}
    for u in found:
        children.setdefault(u.parent_id if u.parent_id in listed else None, []).append(u)

    def walk(parent: int | None, depth: int) -> Iterator[dict[str, Any]]:
        for u in children.get(parent, ()):
            yield {"unit": u, "depth": min(depth, 5), "kind": u.get_kind_display()}
            yield from walk(u.pk, depth + 1)

    return walk(None, 0)


def _unit(request: HttpRequest, code: str) -> OrganizationUnit:
    visible = OrganizationUnit.objects.visible_to(request.user, _MANAGE).select_related("parent")
    return get_object_or_404(visible, code=code)


def _page(
    request: HttpRequest, found: OrganizationUnit, *, form: UnitForm, reason_form: ReasonForm | None = None
) -> HttpResponse:
    invalid = bool(form.errors or (reason_form and reason_form.errors))
    context = {
        "unit": found,
        "form": form,
        "reason_form": reason_form or ReasonForm(),
        "refusal": " ".join(f"{p.message} {p.fix}" for p in units.deactivation_problems(found)),
        "children": found.children.order_by("sort_key", "code"),
        "may_hold_units": any(found.kind in parents for parents in PARENT_KINDS.values()),
        "crumbs": crumbs("Unidades", str(found)),
    }
    return render(request, "pes/administration/unit.html", context, status=422 if invalid else 200)


def _decide(request: HttpRequest, code: str, verb: Any, done: str) -> HttpResponse:
    found = _unit(request, code)
    form = ReasonForm(request.POST)
    if form.is_valid():
        try:
            verb(found, by=request.user, reason=form.cleaned_data["reason"])
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, done)
            return redirect("administration:unit", code)
    return _page(request, found, form=KnownUnitForm(by=request.user, unit=found), reason_form=form)
