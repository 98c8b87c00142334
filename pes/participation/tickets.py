"""The form of a survey as a ticket: signed, for one browser, good once, and not before somebody could have read it.

A script that has not fetched the form has none; one that uses it again is told so by a unique row, not by the cache.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.core import signing
from django.utils import timezone

SALT = "pes.survey-ticket"
LONGEST = timedelta(hours=24)  # that somebody may leave the form open


@dataclass(frozen=True, slots=True)
class Ticket:
    """What a form carries: the survey, the browser it was made for, from when it counts, and what makes it unique."""

    survey: int
    browser: str
    ready_at: int  # seconds since the epoch
    nonce: str

    def signed(self) -> str:
        """As it travels in the form."""
        said = [self.survey, self.browser, self.ready_at, self.nonce]
        return signing.dumps(said, salt=SALT)

    @property
    def digest(self) -> str:
        """What is kept of it once it is used."""
        return keyed(f"ticket:{self.nonce}")


def issue(survey: int, browser: str, wait: int) -> Ticket:
    """A ticket that counts `wait` seconds from now."""
    return Ticket(survey, browser, int(timezone.now().timestamp()) + wait, secrets.token_urlsafe(12))


def read(text: str, survey: int, browser: str) -> Ticket | None:
    """The ticket that a form brought back; None when it is not one of ours, of another survey or browser, or too old."""
    try:
        found = Ticket(*signing.loads(text, salt=SALT, max_age=LONGEST))
    except (signing.BadSignature, TypeError, ValueError):
        return None
    return found if (found.survey, found.browser) == (survey, browser) else None


def seconds_left(ticket: Ticket) -> int:
    """Seconds before the ticket counts; 0 once it does."""
    return max(ticket.ready_at - int(timezone.now().timestamp()), 0)


def keyed(text: str) -> str:
    """A digest that only this site can make."""
    return hmac.new(settings.SECRET_KEY.encode(), f"survey:{text}".encode(), hashlib.sha256).hexdigest()
