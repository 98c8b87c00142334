"""The perception survey: size of the sample, its draw, its margin of error and its results (rule GP-05, level 1).

Simple random sampling without replacement of a finite population (W. G. Cochran, *Sampling Techniques*, 3rd ed., 1977,
sections 4.4 and 2.6). For a proportion p at a confidence with normal value z and a margin e:

    n0 = z² · p · (1 − p) / e²        n = n0 / (1 + (n0 − 1) / N)        rounded up, at most N

and back, e = z · √( p · (1 − p) / n · (N − n) / (N − 1) ). p is 0,5, where the margin is the widest. Of a mean,
e = z · √( s² / n · (N − n) / N ), with s² the variance of the n answers divided by n − 1. The source says «90 % de
significancia»: it is read as 90 % of confidence, z = 1,645.

Means are told once the survey closes and with FEWEST answers or more: while they change with each answer, or with fewer,
what an entity answered can be worked out from them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_CEILING, Decimal
from enum import StrEnum

from pes.rules.numbers import HUNDRED, ZERO, exact
from pes.rules.problems import Problem

RULE = "GP-05"
CONFIDENCE = 90  # per cent
Z = Decimal("1.645")
P = Decimal("0.5")
SMALLEST_MARGIN, LARGEST_MARGIN = Decimal(1), Decimal(30)  # per cent
LOWEST, HIGHEST, GOOD = 1, 5, 4
COMMENT_LIMIT = 1000
FEWEST = 3  # answers with which means are told
VARIABLES: Mapping[str, str] = {
    "goals": "Cumplimiento de los objetivos",
    "usability": "Usabilidad",
    "relevance": "Pertinencia",
    "quality": "Calidad",
    "value": "Valor agregado",
}


class Channel(StrEnum):
    """How an answer came."""

    LINK = "link"
    PHONE = "phone"

    @property
    def label(self) -> str:
        """Spanish name."""
        return {"link": "Enlace", "phone": "Entrevista telefónica"}[self.value]


@dataclass(frozen=True, slots=True)
class Score:
    """A variable in the answers: mean of 1–5, its margin, and the percentage that gives 4 or 5; unrounded."""

    name: str
    mean: Decimal
    margin: Decimal  # of the mean, in points of the scale
    good: Decimal


def sample_size(population: int, margin: Decimal) -> int:
    """How many of a population to ask for a margin of error (per cent); 0 of nobody."""
    if population < 1:
        return 0
    with exact():
        first = Z * Z * P * (1 - P) / (margin / HUNDRED) ** 2
        corrected = first / (1 + (first - 1) / population)
        return min(population, int(corrected.to_integral_value(rounding=ROUND_CEILING)))


def margin_of(answers: int, population: int) -> Decimal | None:
    """The margin of error (per cent, unrounded) of a proportion with so many answers; None without answers."""
    if answers < 1:
        return None
    with exact():
        left = Decimal(population - answers) / (population - 1) if population > 1 else ZERO
        return Z * (P * (1 - P) / answers * left).sqrt() * HUNDRED


def draw_order(codes: Iterable[str], seed: str) -> list[str]:
    """A population in the order of a draw: by SHA-256 of «seed:code», so that anybody can draw it again."""
    return sorted(set(codes), key=lambda code: hashlib.sha256(f"{seed}:{code}".encode()).hexdigest())


def score_of(name: str, values: Sequence[int], population: int) -> Score:
    """A variable summed up; `values` are two or more. The margin of the mean takes the variance of the answers."""
    count = len(values)
    with exact():
        mean = Decimal(sum(values)) / count
        good = Decimal(sum(value >= GOOD for value in values)) * HUNDRED / count
        variance = sum(((value - mean) ** 2 for value in values), ZERO) / (count - 1)
        left = Decimal(population - count) / population
        return Score(name, mean, Z * (variance / count * left).sqrt(), good)


def withheld(answers: int, *, closes_on: date, today: date) -> str:
    """Why the means of a survey with so many answers are not told, in words; empty when they are."""
    if today <= closes_on:
        return "Hasta que la encuesta cierre no hay resultados, para que nadie deduzca qué respondió cada entidad."
    if not answers:
        return "Nadie respondió."
    if answers < FEWEST:
        return f"Con menos de {FEWEST} respuestas no hay resultados: se sabría qué respondió cada entidad."
    return ""


def draw_problems(*, month: date, today: date, population: int, margin: Decimal, closes_on: date) -> Iterator[Problem]:
    """What keeps a sample from being drawn: the month is over, somebody was assisted, the margin makes sense."""
    if (month.year, month.month) >= (today.year, today.month):
        yield _problem("month_not_over", "Ese mes no ha terminado.", "La muestra se sortea cuando el mes termina.")
    if not population:
        message = "Ninguna entidad de la región tiene asistencias ese mes."
        yield _problem("nobody_assisted", message, "Revise el registro de asistencias.")
    if not SMALLEST_MARGIN <= margin <= LARGEST_MARGIN:
        yield _problem("margin_not_valid", "Ese margen de error no sirve.", "Escriba de 1 a 30 por ciento.")
    if closes_on < today:
        yield _problem("survey_over", "La encuesta cerraría antes de hoy.", "Escriba un día que no haya pasado.")


def answer_problems(scores: Mapping[str, int], *, closes_on: date, today: date) -> Iterator[Problem]:
    """What keeps an answer from being taken: in time, and every variable from 1 to 5."""
    if today > closes_on:
        yield _problem("survey_closed", "La encuesta terminó y ya no recibe respuestas.", "")
    if set(scores) != set(VARIABLES) or any(not LOWEST <= one <= HIGHEST for one in scores.values()):
        yield _problem("scores_missing", "Faltan preguntas por responder.", "Responda cada una de 1 a 5.")


def _problem(code: str, message: str, fix: str) -> Problem:
    return Problem(code, RULE, message, fix=fix)
