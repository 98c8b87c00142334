"""The page of an invitation's link: the person chooses a password and comes in."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from pes import invitations
from pes.access import public
from pes.accounts import log_in
from pes.forms.account import FirstPasswordForm
from pes.middleware import needs_second_factor


@public
@sensitive_post_parameters()
@never_cache
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Accept an invitation; a link that is no longer good says what to do."""
    person = invitations.person_of(token)
    if person is None:
        return render(request, "pes/invitation_expired.html", status=410)
    form = FirstPasswordForm(request.POST or None, person=person)
    if request.method == "POST" and form.is_valid():
        accepted = invitations.accept(token, form.cleaned_data["password"])
        if accepted is None:
            return render(request, "pes/invitation_expired.html", status=410)
        log_in(request, accepted, method="invitation")
        messages.success(request, "Su contraseña quedó guardada.")
        return redirect("pes:second-factor" if needs_second_factor(accepted) else "pes:home")
    context = {"form": form, "person": person}
    return render(request, "pes/invitation.html", context, status=422 if form.errors else 200)
