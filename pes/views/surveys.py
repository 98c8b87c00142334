"""The citizen surveys of a PES, for who works in the sector: prepare, open, close, moderate, publish (LC-05)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from pes.access import can, demand, requires
from pes.downloads import workbook_response
from pes.edits import fingerprint
from pes.models import PaperBatch, SectorPlan, Survey, SurveyText, TextStatus
from pes.participation.paper import correct_count, count_facts, record_count, withdraw_count
from pes.participation.survey_forms import (
    CountEditForm,
    CountForm,
    HideForm,
    ReopenForm,
    SurveyEditForm,
    SurveyForm,
    WithdrawForm,
    initial_of,
    marks_of,
)
from pes.participation.survey_page import NO_MANAGE, survey_page, survey_row
from pes.participation.survey_results import results_of, write_results
from pes.participation.surveys import (
    close_survey,
    correct_survey,
    moderate,
    open_survey,
    prepare_survey,
    publish_survey,
    reopen_survey,
    survey_facts,
    unread_on_paper,
)
from pes.permissions import Permission
from pes.plan_frame import find_plan, frame, plan_url
from pes.rules.problems import Refused
from pes.rules.surveys import MANAGE

READ = Permission.PES_READ
TAB = "survey"


@require_safe
@requires(READ)
def surveys(request: HttpRequest, slug: str, first: int) -> HttpResponse:
    """The surveys of a PES, the last one first."""
    plan = find_plan(request.user, slug, first)
    waiting = Count("responses__text", filter=Q(responses__text__status=TextStatus.PENDING), distinct=True)
    found = plan.surveys.annotate(answers=Count("responses", distinct=True), waiting=waiting + unread_on_paper())
    manages = can(request.user, MANAGE, plan)
    rows = []
    for survey in found:
        survey.plan = plan
        rows.append(survey_row(survey, survey.answers, survey.waiting if manages else 0))
    context = {"rows": rows, "new_url": plan_url(plan, "pes:survey-new"), "reason": "" if manages else NO_MANAGE}
    return render(request, "pes/participation/surveys.html", frame(request.user, plan, TAB) | context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(MANAGE)
def survey_new(request: HttpRequest, slug: str, first: int) -> HttpResponse:
    """Draft a survey."""
    plan = find_plan(request.user, slug, first)
    demand(request.user, MANAGE, plan)
    form = SurveyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = prepare_survey(plan, form.said(), by=request.user)
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, "Encuesta preparada: revísela y ábrala cuando esté lista.")
            return redirect(plan_url(plan, "pes:survey", made.pk))
    return _form(request, plan, form, "Preparar encuesta", "Guardar borrador", plan_url(plan, "pes:surveys"))


@require_safe
@requires(READ)
def survey(request: HttpRequest, slug: str, first: int, pk: int) -> HttpResponse:
    """A survey with its results so far."""
    found = find_survey(request, slug, first, pk)
    manages = can(request.user, MANAGE, found)
    address = request.build_absolute_uri(found.public_url)
    page = survey_page(found, manages=manages, page=request.GET.get("pagina"), address=address)
    trail = (("Encuestas", plan_url(found.plan, "pes:surveys")), (found.title, ""))
    context = frame(request.user, found.plan, TAB, *trail) | page
    return render(request, "pes/participation/survey.html", context | {"survey_page": page["page"]})


@require_http_methods(["GET", "HEAD", "POST"])
@requires(MANAGE)
def survey_edit(request: HttpRequest, slug: str, first: int, pk: int) -> HttpResponse:
    """Correct a survey: all of it while it is a draft, then its presentation and its end."""
    found = find_survey(request, slug, first, pk, MANAGE)
    form = SurveyEditForm(request.POST or None, initial=initial_of(found) | {"read": fingerprint(survey_facts(found))})
    back = plan_url(found.plan, "pes:survey", found.pk)
    if request.method == "POST" and form.is_valid():
        try:
            changed = correct_survey(found, form.said(), read=form.cleaned_data["read"], by=request.user)
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, "Encuesta corregida." if changed else "No había cambios que guardar.")
            return redirect(back)
    return _form(request, found.plan, form, "Corregir encuesta", "Guardar", back, (found.title, back))


@require_http_methods(["GET", "HEAD", "POST"])
@requires(MANAGE)
def survey_reopen(request: HttpRequest, slug: str, first: int, pk: int) -> HttpResponse:
    """Take answers again until another day, with why."""
    found = find_survey(request, slug, first, pk, MANAGE)
    form = ReopenForm(request.POST or None)
    back = plan_url(found.plan, "pes:survey", found.pk)
    if request.method == "POST" and form.is_valid():
        try:
            reopen_survey(found, **form.cleaned_data, by=request.user)
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, "La encuesta recibe respuestas otra vez.")
            return redirect(back)
    return _form(request, found.plan, form, "Volver a abrir la encuesta", "Abrir", back, (found.title, back))


def step(verb: Callable[..., Survey], said: str) -> Callable[..., HttpResponse]:
    """The view of a step of a survey."""

    @require_POST
    @requires(MANAGE)
    def view(request: HttpRequest, slug: str, first: int, pk: int) -> HttpResponse:
        found = find_survey(request, slug, first, pk, MANAGE)
        return _act(request, found, lambda: verb(found, by=request.user), said)

    return view


survey_open = step(open_survey, "La encuesta está abierta en su dirección pública.")
survey_close = step(close_survey, "La encuesta está cerrada.")
survey_publish = step(publish_survey, "Los resultados están publicados.")


@require_POST
@requires(MANAGE)
def text_show(request: HttpRequest, slug: str, first: int, pk: int, text: int) -> HttpResponse:
    """Let everybody read what a citizen wrote."""
    found = find_survey(request, slug, first, pk, MANAGE)
    words = get_object_or_404(SurveyText.objects.of(found), pk=text)
    return _act(request, found, lambda: moderate(words, shown=True, by=request.user), "La respuesta se mostrará.")


@require_http_methods(["GET", "HEAD", "POST"])
@requires(MANAGE)
def text_hide(request: HttpRequest, slug: str, first: int, pk: int, text: int) -> HttpResponse:
    """Keep what a citizen wrote from being shown, with why."""
    found = find_survey(request, slug, first, pk, MANAGE)
    words = get_object_or_404(SurveyText.objects.of(found), pk=text)
    form = HideForm(request.POST or None)
    back = f"{plan_url(found.plan, 'pes:survey', found.pk)}#abiertas"
    if request.method == "POST" and form.is_valid():
        try:
            moderate(words, shown=False, reason=form.cleaned_data["reason"], by=request.user)
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, "La respuesta no se mostrará.")
            return redirect(back)
    more = {"note": words.text, "note_title": "La respuesta"}
    return _form(request, found.plan, form, "No mostrar una respuesta", "No mostrar", back, (found.title, back), **more)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(MANAGE)
def count_new(request: HttpRequest, slug: str, first: int, pk: int) -> HttpResponse:
    """Enter answers on paper."""
    found = find_survey(request, slug, first, pk, MANAGE)
    form = CountForm(request.POST or None, survey=found)
    back = plan_url(found.plan, "pes:survey", found.pk)
    if request.method == "POST" and form.is_valid():
        try:
            record_count(found, form.count(), by=request.user)
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, "Conteo en papel registrado.")
            return redirect(f"{back}#papel")
    return _form(request, found.plan, form, "Registrar respuestas en papel", "Registrar", back, (found.title, back))


@require_http_methods(["GET", "HEAD", "POST"])
@requires(MANAGE)
def count_edit(request: HttpRequest, slug: str, first: int, pk: int, batch: int) -> HttpResponse:
    """Correct a count on paper, with why."""
    found = find_survey(request, slug, first, pk, MANAGE)
    counted = get_object_or_404(PaperBatch, survey=found, pk=batch)
    initial = marks_of(counted) | {"read": fingerprint(count_facts(counted))}
    form = CountEditForm(request.POST or None, survey=found, initial=initial)
    back = plan_url(found.plan, "pes:survey", found.pk)
    if request.method == "POST" and form.is_valid():
        asked = {name: form.cleaned_data[name] for name in ("reason", "read")}
        try:
            changed = correct_count(counted, form.count(), **asked, by=request.user)
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, "Conteo corregido." if changed else "No había cambios que guardar.")
            return redirect(f"{back}#papel")
    return _form(request, found.plan, form, "Corregir conteo en papel", "Guardar", back, (found.title, back))


@require_http_methods(["GET", "HEAD", "POST"])
@requires(MANAGE)
def count_withdraw(request: HttpRequest, slug: str, first: int, pk: int, batch: int) -> HttpResponse:
    """Take back a count on paper that should not be there, with why."""
    found = find_survey(request, slug, first, pk, MANAGE)
    counted = get_object_or_404(PaperBatch, survey=found, pk=batch)
    form = WithdrawForm(request.POST or None)
    back = plan_url(found.plan, "pes:survey", found.pk)
    if request.method == "POST" and form.is_valid():
        try:
            withdraw_count(counted, reason=form.cleaned_data["reason"], by=request.user)
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, "Conteo retirado.")
            return redirect(f"{back}#papel")
    more = {"note": str(counted), "note_title": "El conteo"}
    return _form(request, found.plan, form, "Retirar conteo en papel", "Retirar", back, (found.title, back), **more)


@require_safe
@requires(READ)
def survey_xlsx(request: HttpRequest, slug: str, first: int, pk: int) -> HttpResponse:
    """The counts as a workbook."""
    found = find_survey(request, slug, first, pk)
    results = results_of(found)
    return workbook_response(f"encuesta-{slug}-{found.pk}", lambda target: write_results(found, results, target))


def find_survey(request: HttpRequest, slug: str, first: int, pk: int, permission: Permission | None = None) -> Survey:
    """A survey of a PES that the person reads; Http404 otherwise, PermissionDenied without `permission` on it."""
    plan = find_plan(request.user, slug, first)
    found: Survey = get_object_or_404(Survey.objects.filter(plan=plan), pk=pk)
    found.plan = plan
    if permission is not None:
        demand(request.user, permission, found)
    return found


def _act(request: HttpRequest, found: Survey, act: Callable[[], Any], said: str) -> HttpResponse:
    try:
        act()
    except Refused as refused:
        for problem in refused.problems:
            messages.error(request, f"{problem.message} {problem.fix}".strip())
    else:
        messages.success(request, said)
    return redirect(plan_url(found.plan, "pes:survey", found.pk))


def _form(
    request: HttpRequest,
    plan: SectorPlan,
    form: Any,
    title: str,
    action: str,
    back: str,
    *trail: tuple[str, str],
    **more: Any,
) -> HttpResponse:
    steps = (("Encuestas", plan_url(plan, "pes:surveys")), *trail, (title, ""))
    status = getattr(form, "status", 422 if form.errors else 200)
    context = frame(request.user, plan, TAB, *steps) | {
        "form": form,
        "title": title,
        "action": action,
        "back_url": back,
    }
    return render(request, "pes/participation/form.html", context | more, status=status)
