"""A survey made the way the product makes it, and a citizen's browser in front of it."""

from __future__ import annotations

import re
from datetime import date

from django.core.signing import get_cookie_signer
from django.test import Client

from pes.models import SectorPlan, Survey, User
from pes.participation.answering import form_for
from pes.participation.surveys import SurveyFacts, open_survey, prepare_survey
from pes.rules.surveys import OptionLine
from pes.views.public_surveys import COOKIE, COOKIE_SALT

OPENS, CLOSES = date(2022, 3, 1), date(2022, 3, 31)
OTHER = OptionLine("Otro, ¿cuál?", is_other=True)
OPTIONS = (OptionLine("Grupos étnicos"), OptionLine("Recuperación de espacio público"), OTHER)
_TICKET = re.compile(r'name="ticket" value="([^"]+)"')


def asked(**changes) -> SurveyFacts:
    """What a survey asks, unless the test says otherwise."""
    usual = {"title": "Prioridades", "question": "¿Qué debe ser prioridad?", "options": OPTIONS}
    return SurveyFacts(**(usual | {"opens_on": OPENS, "closes_on": CLOSES} | changes))


def survey(plan: SectorPlan, by: User, **changes) -> Survey:
    """A survey that citizens may answer in March of 2022."""
    return open_survey(prepare_survey(plan, asked(**changes), by=by), by=by)


def ticket_of(page) -> str:
    """The ticket of the form that a page holds."""
    return _TICKET.search(page.content.decode())[1]


class Citizen:
    """A browser without an account, at an address."""

    def __init__(self, survey: Survey, address: str = "203.0.113.7") -> None:
        self.client, self.survey, self.address = Client(REMOTE_ADDR=address), survey, address
        self.url = survey.public_url

    def look(self):
        """Open the survey."""
        return self.client.get(self.url)

    def form(self, name: str) -> str:
        """The ticket of a form, without drawing the page around it."""
        self.client.cookies[COOKIE] = get_cookie_signer(salt=COOKIE + COOKIE_SALT).sign(name)
        return form_for(self.survey, name, self.address)

    def send(self, ticket: str, *options: int, **more):
        """Send the form with a ticket."""
        said = {"ticket": ticket, "options": list(options), "which": "", "website": ""}
        return self.client.post(self.url, said | more)
