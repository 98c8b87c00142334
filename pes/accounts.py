"""Accounts on allauth: closed sign-up, people come in by invitation, what matters leaves a trace."""

from __future__ import annotations

import time
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records, record_authentication
from allauth.account.signals import authentication_step_completed, password_changed, password_reset
from allauth.mfa.signals import authenticator_added, authenticator_removed, authenticator_reset
from django.conf import settings
from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from pes import audit
from pes.invitations import absolute
from pes.models import User
from pes.people import end_sessions

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


class AccountAdapter(DefaultAccountAdapter):
    """allauth, with the door closed to strangers, failures on record and links on the configured address."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Nobody registers alone."""
        return False

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """Keep a trace of failed logins; the address typed is not stored (it may be a password)."""
        super().authentication_failed(request, **credentials)
        audit.record("login_failed", None, by=None)

    def post_login(self, request: HttpRequest, user: Any, **kwargs: Any) -> HttpResponse:
        """Keep a trace of who came in; nobody needs to be told that they did."""
        audit.record("logged_in", user, by=user)
        return super().post_login(request, user, **kwargs)

    def add_message(
        self, request: HttpRequest, level: int, message_template: str | None = None, *args: Any, **kwargs: Any
    ) -> None:
        """Show allauth's messages, apart from the greeting at the door."""
        if message_template not in {"account/messages/logged_in.txt", "account/messages/logged_out.txt"}:
            super().add_message(request, level, message_template, *args, **kwargs)

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Who has just come in is not asked again: setting up the second factor is two minutes, not three logins."""
        records = get_authentication_records(self.request, self.request.user)
        newest = max((record["at"] for record in records), default=0)
        fresh = time.time() - newest < settings.ACCOUNT_REAUTHENTICATION_TIMEOUT
        return not fresh and super().is_reauthentication_required(app=app, **kwargs)

    def get_reset_password_from_key_url(self, key: str) -> str:
        """The link of the e-mail (AU10)."""
        user, _, token = key.partition("-")
        return absolute(self.request, reverse("account_reset_password_from_key", kwargs={"uidb36": user, "key": token}))


def log_in(request: HttpRequest, person: User, *, method: str) -> None:
    """Open a session for somebody who has just proved who they are; `method` is what proved it."""
    login(request, person, backend=BACKEND)
    record_authentication(request, person, method=method)
    audit.record("logged_in", person, by=person, after={"method": method})


def _leave_one_session(verb: str) -> Any:
    """Receiver that records a change of credentials and ends every other session (AU5)."""

    def receiver(sender: Any, request: HttpRequest, user: User, **kwargs: Any) -> None:
        authenticator = kwargs.get("authenticator")
        audit.record(verb, user, by=user, after={"type": str(authenticator.type)} if authenticator else None)
        if request.user.is_authenticated:
            request.session.cycle_key()
        end_sessions(user, keep=request.session.session_key)

    return receiver


def _change_key(sender: Any, request: HttpRequest, **kwargs: Any) -> None:
    """Give the session another key when the person proves again who they are (AU4)."""
    if kwargs.get("reauthenticated"):
        request.session.cycle_key()


# The only hooks that allauth offers here are its signals; ours never signal anything.
RECEIVERS = [
    (authentication_step_completed, _change_key),
    (password_changed, _leave_one_session("password_changed")),
    (password_reset, _leave_one_session("password_reset")),
    (authenticator_added, _leave_one_session("second_factor_added")),
    (authenticator_removed, _leave_one_session("second_factor_removed")),
    (authenticator_reset, _leave_one_session("recovery_codes_renewed")),
]


def listen() -> None:
    """Connect to allauth (called from providers, once the apps are loaded)."""
    for signal, receiver in RECEIVERS:
        signal.connect(receiver, dispatch_uid=f"pes.accounts.{id(signal)}", weak=False)
