"""Monitoreo 360 on one page, and the rating of advisory teams (GP-05, GP-06)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from evaluation.models import MonitoringFiles, TeamAssessment
from evaluation.rules.advisor_rating import QUESTIONS, ranking
from evaluation.territory.files import workbook_of
from evaluation.territory.forms import AssessmentForm
from evaluation.territory.monitoring import Level, levels_of
from evaluation.territory.rating import RATE, assess_team, facts_of, in_force, last_of, own_scores
from evaluation.territory.tasks import rated_by, regions_seen, request_files
from pes.access import demand, requires
from pes.documents.serving import HEADERS, hand_over
from pes.downloads import workbook_response
from pes.edits import fingerprint
from pes.models import OrganizationUnit
from pes.rules.problems import Refused
from pes.territory.frame import READ, find_region, frame
from tracking.assistance.months import last_months, month_options, read_month, words, written
from tracking.assistance.reports import advisors_of
from tracking.rules.assistance import month_before

Asked = tuple[list[OrganizationUnit], str, date]


@require_safe
@requires(READ)
def monitoring(request: HttpRequest) -> HttpResponse:
    """The four levels of a region, or of all, in a month."""
    regions, code, month = asked = _asked(request)
    context = frame(request.user, "monitoring", ("Monitoreo 360", "")) | {
        "levels": _levels(request, asked),
        "month": words(month),
        "regions": [("", "Todas"), *((one.code, one.name) for one in regions_seen(request.user))],
        "months": month_options(last_months(timezone.localdate())),
        "asked": {"region": code, "mes": written(month)},
        "place": regions[0].name if len(regions) == 1 else "Todas las regiones que usted ve",
        "query": f"?region={code}&mes={written(month)}",
        "has_regions": bool(regions),
    }
    return render(request, "evaluation/territory/monitoring.html", context)


@require_safe
@requires(READ)
def monitoring_workbook(request: HttpRequest) -> HttpResponse:
    """The same figures as a workbook."""
    levels = _levels(request, _asked(request))
    content = workbook_of(levels, timezone.localtime())
    return workbook_response("monitoreo-360", lambda target: target.write(content))


@require_POST
@requires(READ)
def monitoring_request(request: HttpRequest) -> HttpResponse:
    """Ask for the PDF and go to its job."""
    _, code, month = _asked(request)
    return redirect("pes:job", request_files(code, month, by=request.user).pk)


@require_safe
@requires(READ)
def monitoring_file(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The PDF that the same person asked for."""
    found = get_object_or_404(MonitoringFiles, pk=pk, owner=request.user)
    return hand_over(found, "pdf", f"monitoreo-360-{found.month:%Y-%m}", HEADERS)


@require_safe
@requires(READ)
def rating(request: HttpRequest) -> HttpResponse:
    """The own scores; for who rates, the ranking of each region that they rate."""
    month = _month(request)
    rows = TeamAssessment.objects.visible_to(request.user, RATE).filter(month=month)
    teams = in_force(rows.select_related("unit", "by").prefetch_related("scores__advisor"))
    rated = rated_by(request.user)
    context = frame(
        request.user, "monitoring", ("Monitoreo 360", reverse("evaluation:monitoring")), ("Calificación", "")
    )
    context |= {
        "month": words(month),
        "months": month_options(last_months(timezone.localdate())),
        "asked": written(month),
        "own": [(words(one.assessment.month), one.assessment.unit.name, one.score) for one in own_scores(request.user)],
        "teams": [_team(one) for one in sorted(teams, key=lambda one: one.unit.name)],
        "to_rate": [
            {"name": one.name, "url": reverse("evaluation:rating-form", args=[one.code, written(month)])}
            for one in regions_seen(request.user)
            if one.pk in rated
        ],
    }
    return render(request, "evaluation/territory/rating.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(RATE)
def rating_form(request: HttpRequest, slug: str, month: str) -> HttpResponse:
    """Rate the team of a region on a month, or correct what was rated."""
    region, on = find_region(request.user, slug), read_month(month)
    if on is None:
        raise Http404("Ese mes no existe.")
    demand(request.user, RATE, region)
    last, advisors = last_of(region, on), advisors_of(region, on)
    form = AssessmentForm(
        request.POST or None, advisors=advisors, is_correction=last is not None, initial=_initial(last)
    )
    if request.method == "POST" and form.is_valid():
        try:
            assess_team(region, on, **form.said(), by=request.user)
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, "Calificación guardada.")
            return redirect(f"{reverse('evaluation:rating')}?mes={month}")
    trail = (("Monitoreo 360", reverse("evaluation:monitoring")), ("Calificación", reverse("evaluation:rating")))
    context = frame(request.user, "monitoring", *trail, (region.name, "")) | {
        "form": form, "region": region, "month": words(on), "question": QUESTIONS[4], "has_team": bool(advisors),
    }  # fmt: skip
    return render(request, "evaluation/territory/rating_form.html", context, status=422 if form.is_bound else 200)


def _asked(request: HttpRequest) -> Asked:
    """The regions, the code and the month of the address; a region that is not in sight does not exist."""
    code = request.GET.get("region", "")
    regions = regions_seen(request.user, code)
    if code and not regions:
        raise Http404("No hay una región que usted pueda ver con esa dirección.")
    return regions, code, _month(request)


def _month(request: HttpRequest) -> date:
    """The month of the address; by default the last one that ended."""
    return read_month(request.GET.get("mes", "")) or month_before(timezone.localdate())


def _levels(request: HttpRequest, asked: Asked) -> Sequence[Level]:
    regions, _, month = asked
    return levels_of(regions, month, timezone.localdate(), rated=rated_by(request.user))


def _team(one: TeamAssessment) -> dict[str, Any]:
    """A region as it was rated: its ranking, its scales and its words."""
    ranked = ranking([(str(row.advisor), row.score) for row in one.scores.all()])
    return {
        "name": one.unit.name,
        "ranking": ranked,
        "scales": [(QUESTIONS[1], one.communication), (QUESTIONS[2], one.training), (QUESTIONS[3], one.punctuality)],
        "words": [
            (QUESTIONS[number], getattr(one, name))
            for number, name in enumerate(
                ("difficulties", "difficulties_why", "advances", "advances_why", "lessons", "verification"), 5
            )
            if getattr(one, name)
        ],
        "by": str(one.by),
        "reason": one.reason,
    }


def _initial(last: TeamAssessment | None) -> dict[str, Any]:
    """What the form shows of the last edition."""
    facts = facts_of(last)
    found: dict[str, Any] = {"read": fingerprint(facts)}
    if facts:
        found |= facts["scales"] | facts["words"] | {f"score_{pk}": score for pk, score in facts["scores"].items()}
    return found
