"""The monthly rating of advisory teams: the ten questions and the ranking (rule GP-06).

The source defines neither bands nor cut points, so there are none: a score is shown as it was given.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Generic, TypeVar

from pes.rules.numbers import ZERO, exact
from pes.rules.problems import Problem

RULE = "GP-06"
LOWEST, HIGHEST = 1, 5
TEXT_LIMIT = 3000
QUESTIONS: Mapping[int, str] = {
    1: "Comunicación interna y articulación con entidades territoriales",
    2: "Efectividad en las capacitaciones realizadas en el mes",
    3: "Puntualidad en la presentación de informes por parte de los asesores",
    4: "Calificación de cada asesor(a) según asesorías, informes, tareas y cronogramas",
    5: "Principales dificultades técnicas del equipo",
    6: "En qué consistió la dificultad",
    7: "Principales avances técnicos y casos de éxito",
    8: "Por qué se considera un caso de éxito",
    9: "Recomendaciones y lecciones aprendidas",
    10: "Análisis de los informes de actividades frente al avance reportado",
}
ENDS: Mapping[int, tuple[str, str]] = {
    1: ("Poca", "Excelente"),
    2: ("Poca", "Excelente"),
    3: ("Poca", "Alta"),
    4: ("El más bajo", "El más alto"),
}
SCALES = {"communication": 1, "training": 2, "punctuality": 3}
WORDS = {
    "difficulties": 5,
    "difficulties_why": 6,
    "advances": 7,
    "advances_why": 8,
    "lessons": 9,
    "verification": 10,
}
_Who = TypeVar("_Who")


@dataclass(frozen=True, slots=True)
class Ranked(Generic[_Who]):
    """Somebody in the ranking; those with the same score share the place."""

    place: int
    who: _Who
    score: int


def ranking(scores: Iterable[tuple[_Who, int]]) -> list[Ranked[_Who]]:
    """Best first; equal scores share a place and the next one counts them all (1, 1, 3). Their order is kept."""
    ordered = sorted(scores, key=lambda one: -one[1])
    places: dict[int, int] = {}
    for position, (_, score) in enumerate(ordered, 1):
        places.setdefault(score, position)
    return [Ranked(places[score], who, score) for who, score in ordered]


def mean_score(scores: Iterable[int]) -> Decimal | None:
    """The simple mean, unrounded; None of nothing: a missing rating is never a zero."""
    found = list(scores)
    with exact():
        return sum(map(Decimal, found), ZERO) / len(found) if found else None


def assessment_problems(
    *,
    month: date,
    today: date,
    scales: Mapping[str, int],
    scores: Mapping[int, int],
    advisors: Iterable[int],
    edition: int,
    reason: str,
    by: int,
) -> Iterator[Problem]:
    """What keeps a month from being rated: it is over, everything is from 1 to 5, every advisor (id) is rated.

    Who rates is not rated by themselves; from the second `edition` on, a reason is asked for.
    """
    if (month.year, month.month) >= (today.year, today.month):
        yield _problem("month_not_over", "Ese mes no ha terminado.", "Califique cuando el mes termine.")
    if set(scales) != set(SCALES) or not all(map(_is_on_scale, scales.values())):
        yield _problem("scale_not_valid", "Las preguntas 1 a 3 se responden de 1 a 5.", "Responda cada una.")
    wanted = set(advisors)
    if not wanted:
        yield _problem("nobody_to_rate", "Nadie asesoró entidades de la región ese mes.", "Asigne antes la asesoría.")
    if set(scores) != wanted or not all(map(_is_on_scale, scores.values())):
        yield _problem(
            "scores_missing", "Falta calificar de 1 a 5 a cada asesor(a).", "Califique a todas las personas."
        )
    if by in wanted:
        yield Problem("own_score", "AZ4", "Nadie se califica a sí mismo.", fix="Pida a la OAP que califique este mes.")
    if edition > 1 and not reason:
        yield _problem("reason_missing", "Falta el motivo de la corrección.", "Escriba qué cambia y por qué.")


def _is_on_scale(value: int) -> bool:
    return LOWEST <= value <= HIGHEST


def _problem(code: str, message: str, fix: str) -> Problem:
    return Problem(code, RULE, message, fix=fix)
