"""Verbs of a citizen survey: prepare it, open and close it, moderate what was written, publish it (LC-05)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from pes import audit
from pes.access import demand
from pes.duplicates import once
from pes.edits import refuse_if_stale
from pes.models import (
    PaperBatch,
    SectorPlan,
    Survey,
    SurveyOption,
    SurveyResponse,
    SurveyStatus,
    SurveyText,
    TextStatus,
    User,
)
from pes.rules import surveys as rules
from pes.rules.problems import Problem, Refused, refuse_if_any
from pes.rules.surveys import MANAGE, TRANSITIONS, OptionLine
from pes.rules.texts import one_line, tidy
from pes.rules.transitions import transition_for

_TWICE = "El plan ya tiene una encuesta con ese título."


@dataclass(frozen=True)
class SurveyFacts:
    """What a survey asks, of whom everything can be read before it opens."""

    title: str
    question: str
    options: Sequence[OptionLine]
    opens_on: date
    closes_on: date
    introduction: str = ""
    is_multiple: bool = True

    def tidied(self) -> SurveyFacts:
        """As they are stored."""
        options = tuple(OptionLine(one_line(option.text), option.is_other) for option in self.options)
        texts = (one_line(self.title), tidy(self.question), options, self.opens_on, self.closes_on)
        return SurveyFacts(*texts, tidy(self.introduction), self.is_multiple)

    def facts(self) -> dict[str, Any]:
        """What the audit keeps of them."""
        return {
            "title": self.title,
            "introduction": self.introduction,
            "question": self.question,
            "is_multiple": self.is_multiple,
            "options": [f"{option.text} (pide cuál)" if option.is_other else option.text for option in self.options],
            "opens_on": self.opens_on.isoformat(),
            "closes_on": self.closes_on.isoformat(),
        }


@once(_TWICE)
def prepare_survey(plan: SectorPlan, said: SurveyFacts, *, by: User, now: datetime | None = None) -> Survey:
    """Draft a survey; the same one twice, by the same person, is the first one (WF1).

    Raises PermissionDenied, or Refused: nothing asked, too few options, days in disorder, another has its title.
    """
    demand(by, MANAGE, plan)
    said = said.tidied()
    refuse_if_any(_problems(said))
    same = Survey.objects.filter(plan=plan, title=said.title).first()
    if same is not None and same.created_by_id == by.pk and survey_facts(same) == said.facts():
        return same
    made = Survey(plan=plan, created_by=by, created_at=now or timezone.now())
    _write(made, said)
    audit.record("survey_prepared", made, by=by, after={"plan": str(plan), **said.facts()})
    return made


@once(_TWICE)
def correct_survey(survey: Survey, said: SurveyFacts, *, read: str, by: User) -> bool:
    """Correct a survey: all of it while it is a draft, then only how it introduces itself and when it ends.

    `read` is the fingerprint of what the person was editing. False when nothing changed.
    """
    demand(by, MANAGE, survey)
    held, said = hold(survey), said.tidied()
    before, after = survey_facts(held), said.facts()
    refuse_if_stale(before, read)
    if after == before:
        return False
    old, new = audit.differences(before, after)
    asks_other = bool(set(new) - {"introduction", "closes_on", "title"})
    refuse_if_any([*rules.change_problems(held.status, asks_other=asks_other), *_problems(said)])
    if held.status == SurveyStatus.OPEN and "closes_on" in new:
        refuse_if_any(rules.opening_problems(said.closes_on, timezone.localdate()))
    _write(held, said)
    audit.record("survey_corrected", held, by=by, before=old, after=new)
    return True


@transaction.atomic
def open_survey(survey: Survey, *, by: User, now: datetime | None = None) -> Survey:
    """Let citizens answer between its days. Raises PermissionDenied, or Refused: opened before, its end has passed."""
    demand(by, MANAGE, survey)
    held = hold(survey)
    if held.status == SurveyStatus.OPEN:
        return held
    at = now or timezone.now()
    refuse_if_any(rules.opening_problems(held.closes_on, timezone.localdate(at)))
    return _move(held, "open", by=by, opened_at=at)


@transaction.atomic
def close_survey(survey: Survey, *, by: User, now: datetime | None = None) -> Survey:
    """Stop taking answers, before the day announced or on it."""
    demand(by, MANAGE, survey)
    held = hold(survey)
    return held if held.status == SurveyStatus.CLOSED else _move(held, "close", by=by, closed_at=now or timezone.now())


@transaction.atomic
def reopen_survey(survey: Survey, *, closes_on: date, reason: str, by: User) -> Survey:
    """Take answers again until another day, with why. Raises PermissionDenied, or Refused: published, no reason."""
    demand(by, MANAGE, survey)
    held, why = hold(survey), one_line(reason)
    refuse_if_any(
        [*rules.opening_problems(closes_on, timezone.localdate()), *rules.term_problems(held.opens_on, closes_on)]
    )
    if not why:
        raise Refused([Problem("reason_missing", "LC-05", "Falta el motivo.", fix="Diga por qué se abre otra vez.")])
    return _move(held, "reopen", by=by, reason=why, closes_on=closes_on, closed_at=None)


@transaction.atomic
def publish_survey(survey: Survey, *, by: User, now: datetime | None = None) -> Survey:
    """Show the results to everybody. Raises PermissionDenied, or Refused: still open, texts not moderated, no answer."""
    demand(by, MANAGE, survey)
    held = hold(survey)
    if held.status == SurveyStatus.PUBLISHED:
        return held
    pending = SurveyText.objects.of(held).filter(status=TextStatus.PENDING).count()
    refuse_if_any(rules.publication_problems(pending=pending, answers=answer_count(held)))
    return _move(held, "publish", by=by, published_at=now or timezone.now())


@transaction.atomic
def close_expired(today: date) -> list[int]:
    """Close the surveys whose last day has passed, as nobody but the calendar; their ids."""
    closed = []
    due = Survey.objects.filter(status=SurveyStatus.OPEN, closes_on__lt=today).order_by("pk")
    for survey in due.select_for_update(no_key=True, of=("self",)):
        closed.append(_move(survey, "expire", by=None, closed_at=timezone.now()).pk)
    return closed


@transaction.atomic
def moderate(text: SurveyText, *, shown: bool, by: User, reason: str = "", now: datetime | None = None) -> bool:
    """Decide whether the words of a citizen are shown, until they are published; False when it was so already.

    Hiding them says why, inside. The trail keeps the decision, never the words.
    """
    demand(by, MANAGE, text)
    survey = hold(text.survey)
    found = SurveyText.objects.select_for_update(no_key=True).get(pk=text.pk)
    why = "" if shown else one_line(reason)
    refuse_if_any(rules.moderation_problems(survey.status, hides=not shown, reason=why))
    status = TextStatus.SHOWN if shown else TextStatus.HIDDEN
    if (found.status, found.reason) == (status, why):
        return False
    before, found.status = found.status, status
    found.reason, found.moderated_by, found.moderated_at = why, by, now or timezone.now()
    found.save()
    audit.record(
        "survey_text_moderated", found, by=by, before={"status": before}, after={"status": status.value}, reason=why
    )
    return True


def hold(survey: Survey) -> Survey:
    """The survey with its row locked: an answer and a closing never cross."""
    return Survey.objects.select_for_update(no_key=True, of=("self",)).get(pk=survey.pk)


def answer_count(survey: Survey) -> int:
    """Answers in line and sheets on paper."""
    sheets = sum(PaperBatch.objects.filter(survey=survey).values_list("sheets", flat=True))
    return SurveyResponse.objects.filter(survey=survey).count() + sheets


def unread_on_paper() -> Coalesce:
    """How many texts on paper wait to be moderated; for the queries of `Survey`, apart from their joins."""
    texts = SurveyText.objects.filter(batch__survey=OuterRef("pk"), status=TextStatus.PENDING).order_by()
    return Coalesce(Subquery(texts.values("batch__survey").annotate(unread=Count("pk")).values("unread")), 0)


def survey_facts(survey: Survey) -> dict[str, Any]:
    """What a stored survey asks, named as `SurveyFacts` names it."""
    options = tuple(OptionLine(option.text, option.is_other) for option in survey.options.all())
    asked = (survey.title, survey.question, options, survey.opens_on, survey.closes_on)
    return SurveyFacts(*asked, survey.introduction, survey.is_multiple).facts()


def _problems(said: SurveyFacts) -> list[Problem]:
    asked = {"title": said.title, "question": said.question, "introduction": said.introduction}
    content = rules.content_problems(**asked, options=said.options)
    return [*content, *rules.term_problems(said.opens_on, said.closes_on)]


def _write(survey: Survey, said: SurveyFacts) -> None:
    """Store what is asked; the options are written anew only where they changed, which a draft's alone may."""
    before = survey_facts(survey)["options"] if survey.pk else None
    for name in ("title", "introduction", "question", "is_multiple", "opens_on", "closes_on"):
        setattr(survey, name, getattr(said, name))
    survey.save()
    if before == said.facts()["options"]:
        return
    survey.options.all().delete()
    SurveyOption.objects.bulk_create(
        SurveyOption(survey=survey, number=number, text=option.text, is_other=option.is_other)
        for number, option in enumerate(said.options, 1)
    )


def _move(survey: Survey, verb: str, *, by: User | None, reason: str = "", **values: Any) -> Survey:
    step = transition_for(TRANSITIONS, verb)
    if survey.status not in step.sources:
        message = f"La encuesta está en estado «{SurveyStatus(survey.status).label}»."
        raise Refused([Problem("survey_in_another_state", "LC-05", message, fix="Vuelva a cargar la página.")])
    before, survey.status = survey.status, step.target
    for name, value in values.items():
        setattr(survey, name, value)
    survey.save(update_fields=["status", *values])
    after = {"status": survey.status, **{name: str(value) for name, value in values.items() if name == "closes_on"}}
    audit.record(TRACES[verb], survey, by=by, before={"status": before}, after=after, reason=reason)
    return survey


TRACES = {
    "open": "survey_opened",
    "close": "survey_closed",
    "expire": "survey_expired",
    "reopen": "survey_reopened",
    "publish": "survey_published",
}
