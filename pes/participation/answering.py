"""The citizen's act: to answer a survey once, from a browser and without an account (LC-05)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils import timezone

from pes import audit
from pes.models import Survey, SurveyChoice, SurveyResponse, SurveyText
from pes.participation import tickets
from pes.participation.pacing import Network
from pes.participation.surveys import hold
from pes.rules.problems import refuse_if_any
from pes.rules.surveys import answer_problems, availability_problems
from pes.rules.texts import one_line


def answer(
    survey: Survey,
    *,
    browser: str,
    ticket: str,
    chosen: Sequence[int],
    text: str = "",
    now: datetime | None = None,
) -> bool:
    """Keep the answer of a browser (its keyed digest) given with a form (digest of its ticket); `chosen` are numbers.

    False when that browser has answered, or that form was used: the first answer stays. Of the day only the day is
    kept. Raises Refused: the survey takes no answers today, the options are not its own, «otro» without which.
    """
    at, said = now or timezone.now(), one_line(text)
    try:
        with transaction.atomic():
            held, today = hold(survey), timezone.localdate(at)
            refuse_if_any(availability_problems(held.status, held.opens_on, held.closes_on, today))
            options = {option.number: option for option in held.options.all()}
            asked = {number: option.is_other for number, option in options.items()}
            refuse_if_any(answer_problems(chosen, asked, is_multiple=held.is_multiple, text=said))
            made = SurveyResponse.objects.create(survey=held, browser=browser, ticket=ticket, received_on=today)
            SurveyChoice.objects.bulk_create(SurveyChoice(response=made, option=options[one]) for one in sorted(chosen))
            if said:
                SurveyText.objects.create(response=made, text=said)
            audit.record("survey_answered", made, by=None, after={"survey": held.pk, "options": sorted(chosen)})
    except IntegrityError:
        return False
    return True


def has_answered(survey: Survey, browser: str) -> bool:
    """Whether a browser (its keyed digest) has answered."""
    return SurveyResponse.objects.filter(survey=survey, browser=browser).exists()


def browser_of(survey: Survey, name: str) -> str:
    """The keyed digest of a browser, of this survey only; blank for one that has no name yet."""
    return tickets.keyed(f"browser:{survey.pk}:{name}") if name else ""


def form_for(survey: Survey, name: str, sender: str) -> str:
    """The ticket of a form handed to a browser (its name) of a network, which counts as one more form for it."""
    wait = Network.of(survey.pk, sender).wait()
    return tickets.issue(survey.pk, browser_of(survey, name), wait).signed()
