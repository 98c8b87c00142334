"""Accounts: closed sign-up; people come in by invitation."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest

from pes import audit


class AccountAdapter(DefaultAccountAdapter):
    """allauth, with the door closed to strangers and failures on record."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Nobody registers alone."""
        return False

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """Keep a trace of failed logins; the address typed is not stored (it may be a password)."""
        super().authentication_failed(request, **credentials)
        audit.record("login_failed", None, by=None)
