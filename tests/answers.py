"""What tests ask of the product's answers: a logged-in browser, the codes of a refusal."""

from __future__ import annotations

from django.test import Client

from pes.models import User
from tests.people import with_second_factor


def page_of(user: User) -> Client:
    """A browser in which a person has logged in, with the second factor that the role may need."""
    client = Client()
    client.force_login(with_second_factor(user))
    return client


def codes(refused) -> list[str]:
    """Codes of the problems in a caught `Refused` (an `ExceptionInfo`)."""
    return [problem.code for problem in refused.value.problems]
