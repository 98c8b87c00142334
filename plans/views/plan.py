"""A plan: its page, its identification, and the acts of SM-1 that are taken there."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from pes.access import requires
from pes.dates import long_instant
from pes.permissions import Permission
from pes.rules.problems import Refused
from plans import lifecycle
from plans.identification import correct_identification
from plans.models import PlanGestion
from plans.pages.grid import crumbs_of
from plans.pages.plan import Overview, identification_form, words
from plans.pages.reading import plan_or_404
from plans.review_forms import OfficialForm


@require_safe
@requires(Permission.PLAN_READ)
def plan(request: HttpRequest, unit: str, vigencia: int) -> HttpResponse:
    """Where the plan stands, what is missing, who must act, and its history."""
    found = plan_or_404(request, unit, vigencia)
    return _show(request, Overview(found, request.user))


@require_POST
@requires(Permission.PLAN_EDIT)
def identification(request: HttpRequest, unit: str, vigencia: int) -> HttpResponse:
    """Save the identification block; another's change is shown, never overwritten (WF3)."""
    found = plan_or_404(request, unit, vigencia)
    form = identification_form(found, request.POST)
    if form.is_valid():
        try:
            changed = correct_identification(found, by=request.user, **form.cleaned_data)
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, "Identificación guardada." if changed else "No había cambios que guardar.")
            return redirect(found)
    return _show(request, Overview(found, request.user, form=form), status=form.status)


@require_POST
@requires(Permission.PLAN_SUBMIT)
def submit(request: HttpRequest, unit: str, vigencia: int) -> HttpResponse:
    """Send the proposal to the OAP, for the first time or again."""
    found = plan_or_404(request, unit, vigencia)

    def act() -> str:
        version = lifecycle.submit(found, by=request.user)
        return f"Plan enviado a revisión el {long_instant(version.at)}: versión {version.number}, {_seal(version)}."

    return done(request, act, found.get_absolute_url())


@require_POST
@requires(Permission.PLAN_SUBMIT)
def make_official(request: HttpRequest, unit: str, vigencia: int) -> HttpResponse:
    """Make the plan official with its HOLA case."""
    found = plan_or_404(request, unit, vigencia)
    form = OfficialForm(request.POST)
    if form.is_valid():
        try:
            version = lifecycle.make_official(found, **form.cleaned_data, by=request.user)
        except lifecycle.AlreadyDone as again:
            messages.info(request, words(again.problems)[0])
            return redirect(found)
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, f"Plan oficializado: versión {version.number}, {_seal(version)}.")
            return redirect(found)
    found.refresh_from_db()
    return _show(request, Overview(found, request.user, official_form=form), status=422)


@require_POST
@requires(Permission.PLAN_PUBLISH)
def publish(request: HttpRequest, unit: str, vigencia: int) -> HttpResponse:
    """Publish the official plan."""
    found = plan_or_404(request, unit, vigencia)

    def act() -> str:
        version = lifecycle.publish(found, by=request.user)
        return f"Plan publicado: edición {version.edition}, {_seal(version)}."

    return done(request, act, found.get_absolute_url())


@require_POST
@requires(Permission.PLAN_CLOSE)
def close(request: HttpRequest, unit: str, vigencia: int) -> HttpResponse:
    """Close the plan of a vigencia that ended."""
    found = plan_or_404(request, unit, vigencia)

    def act() -> str:
        lifecycle.close(found, by=request.user)
        return "Plan cerrado."

    return done(request, act, found.get_absolute_url())


def done(request: HttpRequest, act: Callable[[], str], back: str) -> HttpResponse:
    """Take an act and say what came of it: done, done before (WF1), or refused and why."""
    try:
        messages.success(request, act())
    except lifecycle.AlreadyDone as again:
        messages.info(request, words(again.problems)[0])
    except Refused as refused:
        for text in words(refused.problems):
            messages.error(request, text)
    return redirect(back)


def _seal(version: Any) -> str:
    return f"huella {version.digest[:12]}…"


def _show(request: HttpRequest, page: Overview, status: int = 200) -> HttpResponse:
    found: PlanGestion = page.plan
    context = {
        "plan": found,
        "page": page,
        "crumbs": crumbs_of(found),
        "identification_url": found.url("identification"),
    }
    return render(request, "plans/plan.html", context, status=status)
