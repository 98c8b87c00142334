"""The rendición de cuentas for everybody: the list, an event with its questions, the form to ask, its report."""

from __future__ import annotations

from allauth.core.ratelimit import consume
from django.core.paginator import Paginator
from django.core.signing import BadSignature, Signer
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from evaluation.accountability import public as pages
from evaluation.accountability.corrections import replaced_files
from evaluation.accountability.forms import AskForm
from evaluation.accountability.questions import ask
from evaluation.models import AccountabilityEvent, CitizenQuestion
from pes.access import public
from pes.dates import long_date, long_instant
from pes.files.stored import download, is_whole
from pes.public_pages import for_everybody, public_crumbs
from pes.rules.problems import Refused
from pes.senders import sender_of

RECEIPTS = Signer(salt="evaluation.question")  # an address that cannot be counted through
HOME = "Rendición de cuentas"


@public
@require_safe
def events(request: HttpRequest) -> HttpResponse:
    """Every event that was announced, the last first."""
    found = pages.public_events().order_by("-held_on", "pk")
    page = Paginator(found, pages.PER_PAGE).get_page(request.GET.get("pagina"))
    context = {"page": page, "rows": pages.public_rows(page), "crumbs": public_crumbs((HOME, ""))}
    return for_everybody(request, render(request, "evaluation/accountability/public_events.html", context))


@public
@require_http_methods(["GET", "HEAD", "POST"])
def event(request: HttpRequest, pk: int) -> HttpResponse:
    """The event, its report, questions with their answers, and a form to ask while it is open."""
    received_at = timezone.now()
    found = get_object_or_404(pages.public_events(), pk=pk)
    form = AskForm(request.POST if request.method == "POST" else None)
    if not form.is_bound:
        return _page(request, found, form)
    if not form.is_valid():
        return _page(request, found, form, status=422)
    if not consume(request, action="event_question", key=f"{found.pk} {sender_of(request)}"):
        return _page(request, found, form, status=429)
    asked = {name: form.cleaned_data[name] for name in ("author_name", "text", "token")}
    try:
        made = ask(found, **asked, received_at=received_at)
    except Refused as refused:
        form.refuse(refused)
        return _page(request, found, form, status=422)
    return redirect("evaluation:public-question", pk, RECEIPTS.sign(made.pk))


@public
@require_safe
def receipt(request: HttpRequest, pk: int, token: str) -> HttpResponse:
    """That a question arrived, when, and its number; only who sent it has the address."""
    found = get_object_or_404(pages.public_events(), pk=pk)
    try:
        made = CitizenQuestion.objects.filter(event=found).get(pk=RECEIPTS.unsign(token))
    except (BadSignature, CitizenQuestion.DoesNotExist, ValueError):
        raise Http404 from None
    context = {
        "number": made.pk,
        "received": long_instant(made.received_at),
        "held": long_date(found.held_on),
        "title": found.title,
        "url": reverse("evaluation:public-event", args=[pk]),
        "crumbs": public_crumbs((HOME, reverse("evaluation:public-events")), ("Pregunta recibida", "")),
    }
    page = render(request, "evaluation/accountability/public_receipt.html", context)
    return for_everybody(request, page, has_form=True)


@public
@require_safe
def report(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The file of the event's report; what is not as it came is not handed over (UP14)."""
    found = get_object_or_404(pages.public_events(), pk=pk)
    if found.report_file is None or not is_whole(found.report_file):
        raise Http404
    return download(found.report_file)


@public
@require_safe
def replaced(request: HttpRequest, pk: int, number: int) -> HttpResponseBase:
    """The file of a report that another replaced; the page of the event says so, and why (AZ13)."""
    found = get_object_or_404(pages.public_events(), pk=pk)
    before = get_object_or_404(replaced_files(found), pk=number).report_file
    if before is None or not is_whole(before):
        raise Http404
    return download(before)


def _page(request: HttpRequest, found: AccountabilityEvent, form: AskForm, status: int = 200) -> HttpResponse:
    it = pages.public_event(found, timezone.localdate())
    page = pages.answered(found, request.GET.get("pagina"))
    context = {
        "it": it,
        "form": form,
        "page": page,
        "rows": pages.question_rows(page, found.held_on),
        "too_many": status == 429,
        "crumbs": public_crumbs((HOME, reverse("evaluation:public-events")), (it.title, "")),
    }
    response = render(request, "evaluation/accountability/public_event.html", context, status=status)
    if status == 429:
        response["Retry-After"] = "3600"
    return for_everybody(request, response, has_form=it.is_asking or form.is_bound)
