"""The perception survey without an account: one entity of the sample answers once, at its signed address (GP-05)."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from pes.access import public
from pes.public_pages import for_everybody
from pes.rules.problems import Refused
from pes.senders import sender_of
from tracking.assistance.months import words
from tracking.assistance.perception import answer_by_link, may_answer, read_link, visitor_problem
from tracking.assistance.perception_page import ContactForm
from tracking.models import PerceptionResponse, SampledEntity

RETRY_SECONDS = 60


@public
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest, token: str) -> HttpResponse:
    """The five questions; once answered, the thanks."""
    sampled = read_link(token)
    if sampled is None:
        raise Http404("Este enlace no es de ninguna encuesta.")
    status, closed = 422 if request.method == "POST" else 200, _closed(request, sampled)
    if closed is not None:
        return _page(request, sampled, status=status, **closed)
    form = ContactForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return _page(request, sampled, form, status=status)
    if not may_answer(sampled, sender_of(request)):
        response = _page(request, sampled, form, is_busy=True, status=429)
        response["Retry-After"] = str(RETRY_SECONDS)
        return response
    try:
        answer_by_link(sampled, form.scores(), comment=form.cleaned_data["comment"], visitor=request.user)
    except Refused as refused:
        form.refuse(refused)
        return _page(request, sampled, form, status=422)
    return redirect("tracking:public-perception", token)


def _closed(request: HttpRequest, sampled: SampledEntity) -> dict[str, Any] | None:
    """What is said in place of the questions: to who does not answer for the entity, or once it is over; else None."""
    barred = visitor_problem(sampled, request.user)
    is_done = PerceptionResponse.objects.filter(sampled=sampled).exists()
    if barred is None and not is_done and timezone.localdate() <= sampled.survey.closes_on:
        return None
    return {"barred": barred, "is_done": is_done}


def _page(
    request: HttpRequest, sampled: SampledEntity, form: ContactForm | None = None, status: int = 200, **more: Any
) -> HttpResponse:
    context = {
        "entity": sampled.entity,
        "region": sampled.survey.unit,
        "month": words(sampled.survey.month),
        "form": form,
    }
    response = render(request, "tracking/territory/public_perception.html", context | more, status=status)
    response["Referrer-Policy"] = "no-referrer"
    return for_everybody(request, response, has_form=True)
