"""The citizen consultation, without an account: the list, the proposal, the comment, its receipt (PG-07b, AZ12)."""

from __future__ import annotations

from allauth.core.ratelimit import consume
from django.core.signing import BadSignature, Signer
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from pes.access import public
from pes.dates import long_date, long_instant
from pes.public_pages import for_everybody, public_crumbs
from pes.rules.problems import Refused
from pes.senders import sender_of
from plans.consultation_forms import CommentForm
from plans.consultations import contribute
from plans.models import Consultation, Contribution
from plans.pages.public_consultations import (
    contribution_rows,
    lists,
    public_consultation,
    public_consultations,
    published_contributions,
)

RECEIPTS = Signer(salt="plans.receipt")  # an address that cannot be counted through


@public
@require_safe
def consultations(request: HttpRequest) -> HttpResponse:
    """The consultations that are open, about to open, and past."""
    current, past, page = lists(timezone.localdate(), request.GET.get("pagina"))
    steps = public_crumbs(("Consultas ciudadanas", ""))
    context = {"current": current, "past": past, "page": page, "crumbs": steps}
    return for_everybody(request, render(request, "plans/public_consultations.html", context))


@public
@require_http_methods(["GET", "HEAD", "POST"])
def consultation(request: HttpRequest, unit: str, vigencia: int) -> HttpResponse:
    """The proposal and what was said about it; between the two days, also a form to say something."""
    received_at = timezone.now()
    found = get_object_or_404(public_consultations(), plan__unit__code=unit, plan__vigencia=vigencia)
    form = CommentForm(request.POST if request.method == "POST" else None)
    if not form.is_bound:
        return _page(request, found, form)
    if not form.is_valid():
        return _page(request, found, form, status=422)
    if not consume(request, action="plan_comment", key=f"{found.plan_id} {sender_of(request)}"):
        return _page(request, found, form, status=429)
    asked = {name: form.cleaned_data[name] for name in ("author_name", "text")}
    try:
        made = contribute(found.plan, **asked, received_at=received_at)
    except Refused as refused:
        form.refuse(refused)
        return _page(request, found, form, status=422)
    return redirect("plans:public-receipt", unit, vigencia, RECEIPTS.sign(made.pk))


@public
@require_safe
def receipt(request: HttpRequest, unit: str, vigencia: int, token: str) -> HttpResponse:
    """That a comment arrived, when, and its number; only who sent it has the address."""
    found = get_object_or_404(public_consultations(), plan__unit__code=unit, plan__vigencia=vigencia)
    try:
        made = Contribution.objects.filter(consultation=found).get(pk=RECEIPTS.unsign(token))
    except (BadSignature, Contribution.DoesNotExist, ValueError):
        raise Http404 from None
    context = {
        "number": made.pk,
        "received": long_instant(made.received_at),
        "closes": long_date(found.closes_on),
        "url": found.plan.url("public-consultation"),
        "title": f"Plan de gestión {vigencia} de {found.plan.unit.name}",
        "crumbs": public_crumbs(
            ("Consultas ciudadanas", reverse("plans:public-consultations")), ("Aporte recibido", "")
        ),
    }
    return for_everybody(request, render(request, "plans/public_receipt.html", context), has_form=True)


def _page(request: HttpRequest, found: Consultation, form: CommentForm, status: int = 200) -> HttpResponse:
    it = public_consultation(found, timezone.localdate())
    page = published_contributions(found, request.GET.get("pagina"))
    context = {
        "it": it,
        "form": form,
        "page": page,
        "rows": list(contribution_rows(page)),
        "too_many": status == 429,
        "crumbs": public_crumbs(("Consultas ciudadanas", reverse("plans:public-consultations")), (it.title, "")),
    }
    response = render(request, "plans/public_consultation.html", context, status=status)
    if status == 429:
        response["Retry-After"] = "3600"
    return for_everybody(request, response, has_form=it.is_open or form.is_bound)
