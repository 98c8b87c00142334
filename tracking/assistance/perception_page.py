"""The perception survey in words: its sample, its margin, its results by variable."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.utils import timezone

from pes.access import can
from pes.dates import long_date, long_instant
from pes.forms.public import PublicForm
from pes.permissions import Permission
from pes.rules.numbers import NO_BREAK_SPACE, format_magnitude, format_percent
from tracking.assistance.forms import PlacedForm
from tracking.assistance.months import words
from tracking.assistance.perception import link_of, own_entities
from tracking.models import PerceptionResponse, PerceptionSurvey, SampledEntity
from tracking.rules.perception import (
    COMMENT_LIMIT,
    CONFIDENCE,
    FEWEST,
    VARIABLES,
    Channel,
    Score,
    margin_of,
    score_of,
    withheld,
)

SCALE = [("1", "1 (muy poco)"), ("2", "2"), ("3", "3"), ("4", "4"), ("5", "5 (mucho)")]
QUESTIONS = {
    "goals": "¿La asistencia cumplió lo que se había propuesto?",
    "usability": "¿Puede usar en su trabajo lo que recibió?",
    "relevance": "¿Respondió a lo que su entidad necesita?",
    "quality": "¿Fue buena la calidad de la asistencia?",
    "value": "¿Le aportó algo que no habrían logrado sin ella?",
}


@dataclass(frozen=True, slots=True)
class Results:
    """A survey summed up: how many answered of those asked, and each variable, or why it is not told."""

    asked: int
    answered: int
    population: int
    scores: tuple[Score, ...]
    withheld: str


def _scores() -> dict[str, forms.Field]:
    return {
        name: forms.TypedChoiceField(label=QUESTIONS[name], choices=SCALE, coerce=int, widget=forms.RadioSelect)
        for name in VARIABLES
    }


class _ScoresMixin(forms.Form):
    """Five questions from 1 to 5, and a box."""

    goals, usability, relevance, quality, value = _scores().values()
    comment = forms.CharField(
        label="¿Algo más?", required=False, max_length=COMMENT_LIMIT, widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Sin nombres ni otros datos personales.",
    )  # fmt: skip

    def scores(self) -> dict[str, int]:
        """Variable → 1 to 5."""
        return {name: self.cleaned_data[name] for name in VARIABLES}


class ContactForm(_ScoresMixin, PublicForm):
    """What the contact of an entity answers with its link."""


class InterviewForm(_ScoresMixin, PlacedForm):
    """What is typed of a telephone interview."""


Answered = tuple[PerceptionSurvey, Sequence[PerceptionResponse]]


def results_of(survey: PerceptionSurvey, rows: Sequence[PerceptionResponse], today: date) -> Results:
    """The results of a survey from its answers, as they may be told on a day."""
    return together([(survey, rows)], today)


def together(answered: Sequence[Answered], today: date) -> Results:
    """Several surveys as one: everybody who was asked and answered, and the means of the surveys that are told."""
    why = {one.pk: withheld(len(rows), closes_on=one.closes_on, today=today) for one, rows in answered}
    told = [(one, rows) for one, rows in answered if not why[one.pk]]
    heard, population = [row for _, rows in told for row in rows], sum(one.population for one, _ in told)
    scores = [score_of(name, [getattr(row, name) for row in heard], population) for name in VARIABLES] if heard else ()
    return Results(
        sum(one.size for one, _ in answered), sum(len(rows) for _, rows in answered),
        sum(one.population for one, _ in answered), tuple(scores), _why(list(why.values())),
    )  # fmt: skip


def _why(each: list[str]) -> str:
    if len(each) == 1 or not any(each):
        return each[0] if each else ""
    return f"Sin las regiones cuya encuesta sigue abierta o tuvo menos de {FEWEST} respuestas"


def answers_of(survey: PerceptionSurvey) -> list[PerceptionResponse]:
    """The answers of a survey, in the order of the draw."""
    return list(PerceptionResponse.objects.filter(sampled__survey=survey).order_by("sampled__place"))


def variable_rows(results: Results) -> list[dict[str, str]]:
    """Each variable as it is shown."""
    return [
        {
            "name": VARIABLES[one.name],
            "mean": format_magnitude(one.mean, 2),
            "margin": f"± {format_magnitude(one.margin, 2)}",
            "good": format_percent(one.good),
        }
        for one in results.scores
    ]


def summary_of(survey: PerceptionSurvey, results: Results) -> dict[str, str]:
    """Its sample, its response rate and its margin, in words; what is missing is said, never a zero."""
    reached = margin_of(results.answered, survey.population)
    return {
        "month": words(survey.month),
        "region": survey.unit.name,
        "url": survey.get_absolute_url(),
        "population": str(survey.population),
        "size": str(survey.size),
        "answered": f"{results.answered} de {results.asked}",
        "rate": format_percent(rate_of(results)),
        "aimed": f"±{NO_BREAK_SPACE}{format_percent(survey.margin)}",
        "margin": f"±{NO_BREAK_SPACE}{format_percent(reached)}" if reached is not None else "Sin respuestas",
        "confidence": f"{CONFIDENCE}{NO_BREAK_SPACE}%",
        "closes": long_date(survey.closes_on),
        "withheld": results.withheld,
        "state": "Abierta" if timezone.localdate() <= survey.closes_on else "Cerrada",
        "seed": survey.seed,
        "drawn": f"{survey.drawn_by}, {long_instant(survey.drawn_at)}",
    }


def rate_of(results: Results) -> Decimal:
    """Percentage of those asked who answered."""
    return Decimal(results.answered) * 100 / results.asked


def sample_rows(survey: PerceptionSurvey, user: Any, site: str) -> list[dict[str, Any]]:
    """Whom the draw chose; who runs the survey sees who answered and the links to send, never what was answered.

    Of the entities that a person assisted or advises, somebody else sends the link (AZ4).
    """
    may = can(user, Permission.TERRITORY_MANAGE, survey)
    rows = SampledEntity.objects.filter(survey=survey, place__lte=survey.size)
    rows = rows.select_related("entity", "response", "survey").order_by("place")
    is_open = timezone.localdate() <= survey.closes_on
    own = own_entities(survey, user) if may and is_open else frozenset()
    return [_sampled(one, may and is_open, one.entity_id in own, site) for one in rows]


def comments_of(rows: Iterable[PerceptionResponse]) -> list[str]:
    """What was written, in no order that tells whose it is."""
    return sorted(row.comment for row in rows if row.comment)


def _sampled(one: SampledEntity, may: bool, is_own: bool, site: str) -> dict[str, Any]:
    answer = getattr(one, "response", None)
    waits = may and answer is None
    return {
        "place": one.place,
        "entity": str(one.entity),
        "code": one.entity.dane_code,
        "state": Channel(answer.channel).label if answer else "Sin respuesta",
        "tone": "ok" if answer else "neutral",
        "link": f"{site}{link_of(one)}" if waits and not is_own else "",
        "is_own": waits and is_own,
    }
