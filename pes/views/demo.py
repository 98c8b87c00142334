"""The door of the demonstration: one click per person. Without PES_DEMO these routes do not exist (AU13)."""

from __future__ import annotations

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render, resolve_url
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from pes import demo
from pes.access import public
from pes.accounts import log_in
from pes.asked import whole_number
from pes.models import User


@public
@require_safe
@never_cache
def door(request: HttpRequest) -> HttpResponse:
    """Everybody who may be tried."""
    _only_in_the_demonstration()
    return render(request, "pes/demo_door.html", {"groups": demo.groups(), "next": request.GET.get("next", "")})


@public
@require_POST
def enter(request: HttpRequest) -> HttpResponse:
    """Log in as one of the demonstration's people; nobody else can be chosen."""
    _only_in_the_demonstration()
    people = User.objects.filter(email__endswith=demo.DOMAIN, is_active=True, is_service=False, is_superuser=False)
    person = get_object_or_404(people, pk=whole_number(request.POST.get("persona", "")))
    log_in(request, person, method="demo")
    wanted = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return HttpResponseRedirect(wanted if is_ours else resolve_url(settings.LOGIN_REDIRECT_URL))


def _only_in_the_demonstration() -> None:
    if not settings.PES_DEMO:
        raise Http404("Esta página solo existe en la demostración.")
