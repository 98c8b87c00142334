"""The ranking de gestión of a quarter and a level (REP-05; PLE-PIN-P005 v8, activity 12)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from pes.rules.numbers import exact, ratio_to_percent


class Unranked(StrEnum):
    """Why a plan has no place in the ranking."""

    NOT_PROGRAMMED = "not_programmed"
    NOT_MEASURABLE = "not_measurable"
    PENDING = "pending"

    @property
    def label(self) -> str:
        """The reason, in Spanish."""
        return _REASONS[self]


_REASONS = {
    Unranked.NOT_PROGRAMMED: "No tiene metas programadas en el trimestre",
    Unranked.NOT_MEASURABLE: "Ninguna de sus metas programadas se puede medir",
    Unranked.PENDING: "El plazo de su reporte no ha vencido",
}


@dataclass(frozen=True, slots=True)
class Contender:
    """A plan on its way into the ranking of its level; `score`, `to_date` and `on_time` are ratios, unrounded.

    `score` is `None` where no goal could be rated. `name` decides how ties are listed, `key` says who it is.
    `on_time` is the part of the reports due so far that were sent in time; it is shown and never counts. `is_pending`
    says that the term of its report still runs.
    """

    key: str
    name: str
    score: Decimal | None
    to_date: Decimal | None = None
    on_time: Decimal | None = None
    goals_rated: int = 0
    goals_programmed: int = 0
    is_pending: bool = False


@dataclass(frozen=True, slots=True)
class Place:
    """A plan with its place, and its score as it is published: a percentage with two decimals, rounded half up."""

    rank: int
    score: Decimal
    contender: Contender


@dataclass(frozen=True, slots=True)
class Ranking:
    """The places in order, and the plans without one with the reason, by name."""

    places: tuple[Place, ...]
    unranked: tuple[tuple[Contender, Unranked], ...]


def ranking(contenders: Iterable[Contender]) -> Ranking:
    """Order the plans of one level by score, best first.

    Scores are rounded before they are compared, so that equal figures on the page are equal in the ranking; ties share
    the place and the next ones are skipped (1-2-2-4), listed by name.
    """
    rated: list[tuple[Decimal, Contender]] = []
    unranked: list[tuple[Contender, Unranked]] = []
    for one in sorted(contenders, key=lambda contender: (contender.name.casefold(), contender.key)):
        score = ratio_to_percent(one.score)
        if score is None:
            unranked.append((one, _why(one)))
        else:
            rated.append((score, one))
    rated.sort(key=lambda pair: -pair[0])  # stable: ties stay by name
    return Ranking(tuple(_placed(rated)), tuple(unranked))


def punctuality(in_time: Sequence[bool]) -> Decimal | None:
    """Part of the reports due so far that were sent until their due date, as a ratio; `None` before the first."""
    with exact():
        return Decimal(sum(in_time)) / len(in_time) if in_time else None


def _placed(rated: Sequence[tuple[Decimal, Contender]]) -> Iterable[Place]:
    rank = 0
    for position, (score, contender) in enumerate(rated, start=1):
        if position == 1 or score != rated[position - 2][0]:
            rank = position
        yield Place(rank, score, contender)


def _why(contender: Contender) -> Unranked:
    if not contender.goals_programmed:
        return Unranked.NOT_PROGRAMMED
    return Unranked.PENDING if contender.is_pending else Unranked.NOT_MEASURABLE
