"""Delegations of the sending of reports: the list, giving one, ending one."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from pes.access import demand, requires
from pes.dates import long_date
from pes.permissions import Permission
from pes.rules.problems import Refused
from plans.pages.plan import words
from tracking import delegations as verbs
from tracking.delegation_forms import DelegationForm, EndDelegationForm
from tracking.models import Delegation
from tracking.pages.delegations import DelegationsPage


@require_safe
@requires(Permission.PLAN_READ)
def delegations(request: HttpRequest) -> HttpResponse:
    """Who sends reports in a leader's place."""
    return _show(request, DelegationsPage(request.user, request.GET.get("pagina")))


@require_POST
@requires(Permission.QUARTER_DELEGATE)
def delegation_new(request: HttpRequest) -> HttpResponse:
    """Delegate the reports of a unit in a person."""
    page = DelegationsPage(request.user)
    form = DelegationForm(request.POST, units=page.units)
    if form.is_valid():
        try:
            given = verbs.delegate(**form.cleaned_data, by=request.user)
        except Refused as refused:
            form.refuse(refused)
        else:
            until = long_date(given.membership.ends_on)
            messages.success(request, f"{given.membership.user} puede enviar los reportes hasta el {until}.")
            return redirect("tracking:delegations")
    return _show(request, DelegationsPage(request.user, form=form), status=422)


@require_POST
@requires(Permission.QUARTER_DELEGATE)
def delegation_end(request: HttpRequest, pk: int) -> HttpResponse:
    """End a delegation now."""
    seen = Delegation.objects.visible_to(request.user, Permission.PLAN_READ).select_related("membership__unit")
    found = get_object_or_404(seen, pk=pk)
    demand(request.user, Permission.QUARTER_DELEGATE, found)  # who may not is told so, whatever was sent
    form = EndDelegationForm(request.POST)
    if not form.is_valid():
        messages.error(request, " ".join(form.errors.get("reason", [])))
        return redirect("tracking:delegations")
    try:
        verbs.end(found, reason=form.cleaned_data["reason"], by=request.user)
    except Refused as refused:
        for text in words(refused.problems):
            messages.error(request, text)
    else:
        messages.success(request, "Delegación terminada: desde este momento no puede enviar reportes.")
    return redirect("tracking:delegations")


def _show(request: HttpRequest, page: DelegationsPage, status: int = 200) -> HttpResponse:
    return render(request, "tracking/delegations.html", {"page": page}, status=status)
