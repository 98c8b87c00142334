"""The monthly perception survey: the list, the draw, its results, and a telephone interview (GP-05)."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from pes.access import can, demand, holds, requires
from pes.forms.base import DateInput
from pes.forms.numbers import NumberField
from pes.models import OrganizationUnit, UnitKind
from pes.permissions import Permission
from pes.rules.problems import Refused
from pes.territory.frame import READ, frame
from tracking.assistance.forms import PlacedForm
from tracking.assistance.months import last_months, month_options, read_month
from tracking.assistance.perception import draw_sample, record_interview
from tracking.assistance.perception_page import (
    InterviewForm,
    answers_of,
    comments_of,
    results_of,
    sample_rows,
    summary_of,
    variable_rows,
)
from tracking.models import PerceptionSurvey, SampledEntity

PER_PAGE = 24
MANAGE = Permission.TERRITORY_MANAGE
LIST = "tracking:perception"


class DrawForm(PlacedForm):
    """Which month of which region is asked about, how exactly, and until when."""

    places = {
        "month_not_over": "month",
        "nobody_assisted": "month",
        "margin_not_valid": "margin",
        "survey_over": "closes_on",
    }
    unit = forms.ModelChoiceField(OrganizationUnit.objects.none(), label="Región", empty_label=None)
    month = forms.ChoiceField(label="Mes de las asistencias")
    margin = NumberField(
        label="Margen de error", max_digits=4, decimal_places=2, initial=10, help_text="Con 90 % de confianza."
    )
    closes_on = forms.DateField(label="Cierra", widget=DateInput(), help_text="El día cuenta completo.")

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        regions = OrganizationUnit.objects.visible_to(user, MANAGE).filter(kind=UnitKind.REGION)
        self.fields["unit"].queryset = regions.order_by("sort_key", "code")
        self.fields["month"].choices = month_options(last_months(timezone.localdate())[1:])


@require_safe
@requires(READ)
def surveys(request: HttpRequest) -> HttpResponse:
    """The surveys of the regions that the person sees, the last month first."""
    return _list(request, DrawForm(user=request.user) if holds(request.user, MANAGE) else None)


@require_POST
@requires(MANAGE)
def draw(request: HttpRequest) -> HttpResponse:
    """Draw the sample of a month."""
    form = DrawForm(request.POST, user=request.user)
    if form.is_valid():
        typed = form.cleaned_data
        month = read_month(typed["month"])
        try:
            made = draw_sample(
                typed["unit"], month, margin=typed["margin"], closes_on=typed["closes_on"], by=request.user
            )  # type: ignore[arg-type]
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, f"Muestra sorteada: {made.size} de {made.population} entidades.")
            return redirect(made)
    return _list(request, form, status=422)


@require_safe
@requires(READ)
def survey(request: HttpRequest, pk: int) -> HttpResponse:
    """Its results by variable with their margin, and its sample."""
    found = _find(request, pk)
    answers = answers_of(found)
    results = results_of(found, answers, timezone.localdate())
    summary = summary_of(found, results)
    may = can(request.user, MANAGE, found)
    context = frame(request.user, "perception", ("Percepción", reverse(LIST)), (summary["month"], "")) | {
        "found": found,
        "summary": summary,
        "variables": variable_rows(results),
        "sample": sample_rows(found, request.user, f"{request.scheme}://{request.get_host()}"),
        "comments": comments_of(answers) if may and not results.withheld else [],
        "may_manage": may,
    }
    return render(request, "tracking/territory/perception_survey.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(MANAGE)
def interview(request: HttpRequest, pk: int, place: int) -> HttpResponse:
    """Type what an entity answered by telephone."""
    found = _find(request, pk)
    demand(request.user, MANAGE, found)
    rows = SampledEntity.objects.filter(survey=found, place__lte=found.size).select_related("entity", "survey__unit")
    sampled = get_object_or_404(rows, place=place)
    form = InterviewForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        comment = form.cleaned_data["comment"]
        try:
            kept = record_interview(sampled, form.scores(), comment=comment, by=request.user)
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, "Entrevista registrada." if kept else "Esa entidad ya había respondido.")
            return redirect(found)
    trail = (("Percepción", reverse(LIST)), (str(sampled.entity), found.get_absolute_url()), ("Entrevista", ""))
    context = frame(request.user, "perception", *trail) | {"form": form, "sampled": sampled, "found": found}
    return render(request, "tracking/territory/interview.html", context, status=422 if form.is_bound else 200)


def _find(request: HttpRequest, pk: int) -> PerceptionSurvey:
    rows = PerceptionSurvey.objects.visible_to(request.user, READ).select_related("unit", "drawn_by")
    return get_object_or_404(rows, pk=pk)


def _list(request: HttpRequest, form: DrawForm | None, status: int = 200) -> HttpResponse:
    rows = PerceptionSurvey.objects.visible_to(request.user, READ).select_related("unit", "drawn_by")
    page = Paginator(rows.prefetch_related("drawn__response"), PER_PAGE).get_page(request.GET.get("pagina"))
    today = timezone.localdate()
    context = frame(request.user, "perception", ("Percepción", "")) | {
        "page": page,
        "rows": [summary_of(one, results_of(one, _answers(one), today)) for one in page],
        "form": form,
    }
    return render(request, "tracking/territory/perception.html", context, status=status)


def _answers(one: PerceptionSurvey) -> list[Any]:
    return [drawn.response for drawn in one.drawn.all() if hasattr(drawn, "response")]
