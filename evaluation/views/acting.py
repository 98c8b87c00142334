"""One way to do what a form asks: act, say so, or show the form with what the rules refused."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest

from pes.forms.base import ActionForm
from pes.rules.problems import Refused

UNCHANGED = "No había cambios que guardar."


def attempt(request: HttpRequest, form: ActionForm, act: Callable[[], Any], done: str) -> Any:
    """Do `act` if the form was sent and is valid; what it answers (True for nothing), or None to show the form.

    A verb that answers False has changed nothing, and the person is told so.
    """
    if request.method != "POST" or not form.is_valid():
        return None
    try:
        answer = act()
    except Refused as refused:
        form.refuse(refused)
        return None
    messages.success(request, UNCHANGED if answer is False else done)
    return True if answer is None else answer


def told(refused: Refused) -> str:
    """What the rules refused, with what to do, for an act without a form."""
    return " ".join(f"{one.message} {one.fix}".strip() for one in refused.problems)
