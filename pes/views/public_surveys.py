"""The citizen surveys without an account: the list, the question, the thanks and the results (LC-05)."""

from __future__ import annotations

import secrets
from typing import Any

from django.conf import settings
from django.core.paginator import Paginator
from django.db.models.functions import Coalesce, Least, TruncDate
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from pes.access import public
from pes.models import Survey, SurveyStatus
from pes.participation import tickets
from pes.participation.answering import answer, browser_of, form_for, has_answered
from pes.participation.pacing import Network
from pes.participation.survey_forms import CitizenForm
from pes.participation.survey_page import is_over, public_row, results_context
from pes.participation.survey_results import early_end_said, results_of, term_said
from pes.public_pages import for_everybody, public_crumbs
from pes.rules.problems import Refused
from pes.senders import sender_of

PER_PAGE = 50
COOKIE, COOKIE_SALT, COOKIE_DAYS = "encuesta", "pes.survey-browser", 180
RETRY_SECONDS = 60
ENDED = Least("closes_on", Coalesce(TruncDate("closed_at"), "closes_on"))  # the last day, as the list says it


@public
@require_safe
def surveys(request: HttpRequest) -> HttpResponse:
    """The surveys that are open or about to open, and those that ended."""
    today = timezone.localdate()
    rows = Survey.objects.exclude(status=SurveyStatus.DRAFT).select_related("plan__sector")
    now = rows.filter(status=SurveyStatus.OPEN, closes_on__gte=today).order_by("closes_on", "pk")
    past = rows.exclude(pk__in=now.values("pk")).order_by(ENDED.desc(), "-pk")
    page = Paginator(past, PER_PAGE).get_page(request.GET.get("pagina"))
    context = {
        "current": [public_row(survey, today) for survey in now],
        "past": [public_row(survey, today) for survey in page],
        "page": page,
        "crumbs": public_crumbs(("Encuestas", "")),
    }
    return for_everybody(request, render(request, "pes/participation/public_surveys.html", context))


@public
@require_http_methods(["GET", "HEAD", "POST"])
def survey(request: HttpRequest, token: str) -> HttpResponse:
    """The question with its form; once answered, the thanks; once published, the results."""
    asked = Survey.objects.exclude(status=SurveyStatus.DRAFT).select_related("plan__sector")
    found = get_object_or_404(asked, token=token)
    cookie = request.get_signed_cookie(COOKIE, "", salt=COOKIE_SALT)
    browser = browser_of(found, cookie)
    if browser and has_answered(found, browser):
        return _page(request, found, thanks=True) if request.method != "POST" else redirect(found.public_url)
    if is_over(found, timezone.localdate()) or found.opens_on > timezone.localdate():
        return _page(request, found, late=request.method == "POST", status=422 if request.method == "POST" else 200)
    if request.method == "POST":
        return _answer(request, found, cookie, browser)
    return _ask(request, found, cookie)


def _answer(request: HttpRequest, found: Survey, cookie: str, browser: str) -> HttpResponse:
    """Take an answer; whatever keeps it from being taken, it comes back as it was written."""
    form = _form(found, request.POST)
    ticket = tickets.read(request.POST.get("ticket", ""), found.pk, browser) if browser else None
    if ticket is None:
        words = "El formulario ya no sirve: estuvo abierto mucho tiempo, o su navegador no guarda la cookie que evita"
        form.add_error(None, f"{words} contar dos veces. Su respuesta sigue marcada: envíela otra vez.")
        return _ask(request, found, cookie, form, status=422)
    left = tickets.seconds_left(ticket)
    if left:
        return _page(request, found, form=form, wait=left, status=429)
    if not form.is_valid():
        return _page(request, found, form=form, status=422)
    if not Network.of(found.pk, sender_of(request)).may_answer():
        return _page(request, found, form=form, wait=RETRY_SECONDS, status=429)
    said = {"chosen": form.cleaned_data["options"], "text": form.cleaned_data.get("which", "")}
    try:
        taken = answer(found, browser=browser, ticket=ticket.digest, **said)
    except Refused as refused:
        form.refuse(refused)
        return _page(request, found, form=form, status=422)
    if not taken and not has_answered(found, browser):
        form.add_error(None, "Este formulario ya se usó. Lo que marcó sigue aquí: envíelo otra vez.")
        return _ask(request, found, cookie, form, status=422)
    return redirect(found.public_url)


def _ask(
    request: HttpRequest, found: Survey, cookie: str, form: CitizenForm | None = None, status: int = 200
) -> HttpResponse:
    """The page with a form of its own for this browser, which is given a name if it has none."""
    name = cookie or secrets.token_urlsafe(16)
    signed = form_for(found, name, sender_of(request))
    if form is None:
        form = _form(found, None, ticket=signed)
    else:
        form.data = form.data.copy()
        form.data["ticket"] = signed
    response = _page(request, found, form=form, status=status)
    age = COOKIE_DAYS * 86_400
    options = {
        "httponly": True,
        "samesite": "Lax",
        "secure": settings.PRODUCTION,
        "path": reverse("pes:public-surveys"),
    }
    response.set_signed_cookie(COOKIE, name, salt=COOKIE_SALT, max_age=age, **options)
    return response


def _form(found: Survey, data: Any, ticket: str = "") -> CitizenForm:
    return CitizenForm(data, survey=found, options=list(found.options.order_by("number")), initial={"ticket": ticket})


def _page(
    request: HttpRequest,
    found: Survey,
    *,
    form: CitizenForm | None = None,
    thanks: bool = False,
    late: bool = False,
    wait: int = 0,
    status: int = 200,
) -> HttpResponse:
    """The survey's page; with `wait` (seconds) it asks to be sent again, with all that was marked."""
    today = timezone.localdate()
    is_published = found.status == SurveyStatus.PUBLISHED
    context = {
        "survey": found,
        "state": public_row(found, today),
        "term": term_said(found),
        "early_end": early_end_said(found),
        "form": form,
        "thanks": thanks,
        "late": late,
        "wait": f"{wait} segundos" if wait > 1 else "1 segundo" if wait else "",
        "is_over": is_over(found, today),
        "is_published": is_published,
        "crumbs": public_crumbs(("Encuestas", reverse("pes:public-surveys")), (found.title, "")),
    }
    if is_published:
        context |= results_context(found, results_of(found))
    response = render(request, "pes/participation/public_survey.html", context, status=status)
    if status == 429:
        response["Retry-After"] = str(wait)
    return for_everybody(request, response, has_form=form is not None or thanks)
