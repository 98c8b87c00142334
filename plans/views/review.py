"""The review: its page, its queue, its checklist, its observations, and the two acts that end it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from pes.access import can, requires
from pes.asked import whole_number
from pes.models import Vigencia
from pes.permissions import Permission
from pes.rules.problems import Refused
from plans import checklist, lifecycle, observations
from plans.models import Observation, PlanGestion, PlanLevel
from plans.pages.goal import goal_or_404
from plans.pages.grid import crumbs_of
from plans.pages.queue import WAITING, asked, row, waiting
from plans.pages.reading import plan_or_404
from plans.pages.review import ONLY, Review, review_url
from plans.pages.threads import place_of
from plans.review_forms import ChecklistForm, NoteForm, ObservationForm, TurnForm
from plans.views.plan import done

PER_PAGE = 50


@require_safe
@requires(Permission.PLAN_READ)
def review(request: HttpRequest, unit: str, vigencia: int) -> HttpResponse:
    """Goals, findings, changes and observations side by side; who reviews acts, who is of the team answers."""
    plan = plan_or_404(request, unit, vigencia)
    query = request.GET
    page = Review(plan, request.user, only=query.get("ver", ""), page=query.get("pagina"))
    return _show(request, page)


@require_safe
@requires(Permission.PLAN_REVIEW)
def review_queue(request: HttpRequest) -> HttpResponse:
    """The plans that wait, the oldest first, and for whom."""
    filters = asked(request.GET)
    page = Paginator(waiting(request.user, filters), PER_PAGE).get_page(request.GET.get("pagina"))
    today = timezone.localdate()
    context = {
        "page": page,
        "rows": [row(plan, today) for plan in page],
        "filters": filters,
        "states": [(state.value, label) for state, label in WAITING],
        "levels": [("", "Todos"), *PlanLevel.choices],
        "crumbs": [{"label": "Planes de gestión", "url": reverse("plans:list")}, {"label": "En espera", "url": ""}],
        "vigencias": [("", "Todas"), *((v.year, str(v.year)) for v in Vigencia.objects.order_by("-year"))],
    }
    return render(request, "plans/review_queue.html", context)


@require_POST
@requires(Permission.PLAN_REVIEW)
def check(request: HttpRequest, unit: str, vigencia: int) -> HttpResponse:
    """Answer questions of the checklist PG-V1."""
    plan = plan_or_404(request, unit, vigencia)
    form = ChecklistForm(request.POST)

    def act() -> str:
        checklist.check(plan, form.answers() if form.is_valid() else {}, by=request.user)
        return "Lista de verificación guardada."

    return done(request, act, f"{plan.url('review')}#lista")


@require_POST
@requires(Permission.PLAN_REVIEW)
def send_back(request: HttpRequest, unit: str, vigencia: int) -> HttpResponse:
    """Return the plan with its observations."""
    plan = plan_or_404(request, unit, vigencia)
    form = NoteForm(request.POST)

    def act() -> str:
        lifecycle.send_back(plan, by=request.user, note=form.cleaned_data["note"] if form.is_valid() else "")
        return "Plan devuelto: el equipo responde las observaciones."

    return done(request, act, plan.url("review"))


@require_POST
@requires(Permission.PLAN_REVIEW)
def validate(request: HttpRequest, unit: str, vigencia: int) -> HttpResponse:
    """Find the formulation in order."""
    plan = plan_or_404(request, unit, vigencia)

    def act() -> str:
        lifecycle.validate(plan, by=request.user)
        return "Plan validado: sigue que quien lo lidera lo oficialice."

    return done(request, act, plan.url("review"))


@require_POST
@requires(Permission.PLAN_READ)
def observation_new(request: HttpRequest, unit: str, vigencia: int) -> HttpResponse:
    """Begin a thread about the plan, or about a goal that the person reviews or leads."""
    number = whole_number(request.POST.get("goal", ""))
    goal = goal_or_404(request.user, unit, vigencia, number) if number is not None else None
    plan = goal.plan if goal is not None else plan_or_404(request, unit, vigencia)
    form = ObservationForm(request.POST, on_goal=goal is not None)
    if form.is_valid():
        field, text = form.cleaned_data["field"], form.cleaned_data["text"]
        try:
            made = observations.raise_observation(plan, goal, field, text, by=request.user)
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, "Observación registrada.")
            return redirect(_back(request, made, form))
    about = str(goal) if goal is not None else "Todo el plan"
    return _again(request, plan, form, "Observar", about)


@require_POST
@requires(Permission.PLAN_READ)
def observation_answer(request: HttpRequest, pk: int) -> HttpResponse:
    """Add a turn to a thread: an answer, or an insistence."""
    rows = Observation.objects.visible_to(request.user, Permission.PLAN_READ)
    found = get_object_or_404(rows.select_related("plan__unit__parent", "goal__plan__unit"), pk=pk)
    form = TurnForm(request.POST)
    if form.is_valid():
        try:
            observations.answer(found, form.cleaned_data["text"], by=request.user)
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, "Respuesta registrada.")
            return redirect(_back(request, found, form))
    return _again(request, found.plan, form, "Responder", place_of(found))


def _back(request: HttpRequest, thread: Observation, form: TurnForm) -> str:
    """Where the person was: the goal's sheet, or the review, at the thread."""
    reads_plan = can(request.user, Permission.PLAN_READ, thread.plan)
    if thread.goal is not None and (form.cleaned_data["back"] == "goal" or not reads_plan):
        return f"{thread.plan.url('goal', thread.goal.number)}#hilo-{thread.pk}"
    return review_url(thread.plan, thread.goal.number if thread.goal else None, f"#hilo-{thread.pk}")


def _again(request: HttpRequest, plan: PlanGestion, form: TurnForm, title: str, about: str) -> HttpResponse:
    """The form with what was typed and why it was refused: nothing written is lost."""
    path = crumbs_of(plan, (title, ""))
    if not can(request.user, Permission.PLAN_READ, plan):
        path = [path[0], path[-1]]
    context = {"plan": plan, "form": form, "title": title, "about": about, "crumbs": path}
    return render(request, "plans/review_turn.html", context, status=422)


def _show(request: HttpRequest, page: Review) -> HttpResponse:
    plan = page.plan
    urls: dict[str, Any] = {
        "observe": plan.url("observation-new"),
        "check": plan.url("check"),
        "send_back": plan.url("send-back"),
        "validate": plan.url("validate"),
    }
    context = {
        "plan": plan,
        "page": page,
        "only": ONLY,
        "urls": urls,
        "columns": ({"label": "Antes"}, {"label": "Ahora"}),
        "crumbs": crumbs_of(plan, ("Revisión", "")),
    }
    return render(request, "plans/review.html", context)
