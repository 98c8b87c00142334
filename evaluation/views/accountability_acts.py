"""The acts on a rendición de cuentas, each with its own address."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from evaluation.accountability import events, questions
from evaluation.accountability.forms import CloseForm, HeldForm, PromiseForm, QuestionForm
from evaluation.accountability.pages import answer_form, outcome_form, report_form
from evaluation.improvement.boards import units_of
from evaluation.models import AccountabilityEvent
from evaluation.views.accountability import found_event, show_event
from evaluation.views.acting import attempt, told
from pes.access import demand, requires
from pes.forms.base import ActionForm
from pes.models import SectorPlan
from pes.rules.problems import Refused

MANAGE = events.MANAGE


@require_POST
@requires(MANAGE)
def event_announce(request: HttpRequest, slug: str, first: int, pk: int) -> HttpResponse:
    """Make the event public."""
    _, found = _managed(request, slug, first, pk)
    try:
        events.announce(found, by=request.user)
    except Refused as refused:
        messages.error(request, told(refused))
    else:
        messages.success(request, "Rendición convocada: la ciudadanía ya la ve y puede preguntar.")
    return redirect(found)


@require_POST
@requires(MANAGE)
def event_held(request: HttpRequest, slug: str, first: int, pk: int) -> HttpResponse:
    """Record that it was held."""
    plan, found = _managed(request, slug, first, pk)
    form = HeldForm(request.POST, prefix="held")
    done = "Evento registrado como celebrado."
    return _act(request, plan, found, "held", form, done, lambda said: events.mark_held(found, by=request.user, **said))


@require_POST
@requires(MANAGE)
def event_close(request: HttpRequest, slug: str, first: int, pk: int) -> HttpResponse:
    """Close it with its evaluation."""
    plan, found = _managed(request, slug, first, pk)
    form = CloseForm(request.POST, prefix="close")
    done = "Rendición de cuentas cerrada."
    return _act(request, plan, found, "close", form, done, lambda said: events.close(found, by=request.user, **said))


@require_POST
@requires(MANAGE)
def event_report(request: HttpRequest, slug: str, first: int, pk: int) -> HttpResponse:
    """Set the report of which the sector gives account."""
    plan, found = _managed(request, slug, first, pk)
    form = report_form(found, request.POST, request.FILES)

    def act(said: dict[str, Any]) -> bool:
        return events.publish_report(found, upload=said.pop("file"), **said, by=request.user)

    return _act(request, plan, found, "report", form, "Informe guardado.", act)


@require_POST
@requires(MANAGE)
def question_record(request: HttpRequest, slug: str, first: int, pk: int) -> HttpResponse:
    """Write down a question that came by another way."""
    plan, found = _managed(request, slug, first, pk)
    form = QuestionForm(request.POST, prefix="question")

    def act(said: dict[str, Any]) -> None:
        questions.record_question(found, by=request.user, **said)

    return _act(request, plan, found, "question", form, "Pregunta anotada.", act)


@require_POST
@requires(MANAGE)
def question_answer(request: HttpRequest, slug: str, first: int, pk: int, number: int) -> HttpResponse:
    """Answer a question: everybody reads it from then on."""
    plan, found = _managed(request, slug, first, pk)
    asked = get_object_or_404(found.questions.select_related("event__plan__sector", "answered_by"), pk=number)
    form = answer_form(number, units_of(plan), request.POST)

    def act(said: dict[str, Any]) -> None:
        questions.answer(asked, by=request.user, **said)

    return _act(request, plan, found, f"answer-{number}", form, "Respuesta publicada.", act)


@require_POST
@requires(MANAGE)
def promise_new(request: HttpRequest, slug: str, first: int, pk: int) -> HttpResponse:
    """Write down a commitment with citizens."""
    plan, found = _managed(request, slug, first, pk)
    form = PromiseForm(request.POST, prefix="promise", units=units_of(plan))

    def act(said: dict[str, Any]) -> None:
        events.promise(found, by=request.user, **said)

    return _act(request, plan, found, "promise", form, "Compromiso registrado y publicado.", act)


@require_POST
@requires(MANAGE)
def promise_outcome(request: HttpRequest, slug: str, first: int, pk: int, number: int) -> HttpResponse:
    """Say what came of a commitment."""
    plan, found = _managed(request, slug, first, pk)
    promised = get_object_or_404(found.commitments.all(), pk=number)
    form = outcome_form(number, request.POST)

    def act(said: dict[str, Any]) -> None:
        events.keep_promise(promised, by=request.user, **said)

    return _act(request, plan, found, f"outcome-{number}", form, "Compromiso cumplido y publicado.", act)


def _managed(request: HttpRequest, slug: str, first: int, pk: int) -> tuple[SectorPlan, AccountabilityEvent]:
    plan, found = found_event(request, slug, first, pk)
    demand(request.user, MANAGE, found)
    return plan, found


def _act(
    request: HttpRequest, plan: SectorPlan, found: AccountabilityEvent, name: str, form: ActionForm, done: str,
    act: Callable[[dict[str, Any]], Any],
) -> HttpResponse:  # fmt: skip
    """Do one act with what its form says, and go back to the page; or show the form with what is wrong."""
    if attempt(request, form, lambda: act(form.cleaned_data), done) is not None:
        return redirect(found)
    return show_event(request, plan, found, {name: form}, status=422)
