"""The results of a run as rows of a table: places, scores, punctuality; the same for the office and for everybody."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from evaluation.models import QuarterClose, UnitResult
from evaluation.pages.reading import TONE_OF_LIGHT, percent_text, policy_from_facts
from evaluation.rules.policy import Policy, light
from evaluation.rules.ranking import Unranked
from pes.rules.numbers import ratio_to_percent

LEVEL_NAMES = {"central": "Procesos centrales", "local": "Alcaldías locales"}
EXPORT_HEADERS = (
    "Código",
    "Unidad",
    "Puesto",
    "Puntaje del trimestre (%)",
    "A la fecha (%)",
    "Puntualidad (%)",
    "Metas calificadas",
    "Metas programadas",
    "Metas con evidencia",
    "Observación",
)


@dataclass(frozen=True, slots=True)
class Standing:
    """A plan in a run: texts for the screen, and the numbers they stand for (ratios; None is unknown)."""

    code: str
    name: str
    vigencia: int
    rank: int | None
    score: Decimal | None
    to_date: Decimal | None
    on_time: Decimal | None
    rated: int
    programmed: int
    with_evidence: int
    why: str  # of having no place: a value of `Unranked`, or blank
    note: str
    tone: str

    @property
    def place(self) -> str:
        """«3», or a dash."""
        return "–" if self.rank is None else str(self.rank)

    @property
    def percent(self) -> Decimal | None:
        """The score as a percentage, for its bar."""
        return ratio_to_percent(self.score)

    @property
    def bar_state(self) -> str:
        """How the bar is drawn when there is no score."""
        return "reported" if self.programmed else "not_programmed"

    @property
    def score_text(self) -> str:
        """«82,67 %»."""
        return _or_dash(self.score)

    @property
    def to_date_text(self) -> str:
        """The score against what was programmed so far."""
        return _or_dash(self.to_date)

    @property
    def on_time_text(self) -> str:
        """Reports sent in time."""
        return _or_dash(self.on_time)

    @property
    def goals(self) -> str:
        """«8 de 10»: rated, of those programmed."""
        return f"{self.rated} de {self.programmed}"

    @property
    def evidence(self) -> str:
        """«9 de 10»: with evidence, of those programmed."""
        return f"{self.with_evidence} de {self.programmed}"

    def cells(self) -> list[Any]:
        """The row of an exported table: codes as text, numbers as numbers."""
        ratios = (ratio_to_percent(ratio) for ratio in (self.score, self.to_date, self.on_time))
        counts = (self.rated, self.programmed, self.with_evidence)
        return [self.code, self.name, self.rank, *ratios, *counts, self.note]


_KEYS: dict[str, Callable[[Standing], Any]] = {
    "puesto": lambda row: row.rank,
    "codigo": lambda row: row.code,
    "unidad": lambda row: row.name.casefold(),
    "puntaje": lambda row: row.score,
    "fecha": lambda row: row.to_date,
    "puntualidad": lambda row: row.on_time,
}
_COLUMNS = (
    "plan__unit__code", "plan__unit__name", "plan__vigencia", "rank", "score", "to_date", "on_time", "goals_rated",
    "goals_programmed", "goals_with_evidence",
)  # fmt: skip


def standings(close: QuarterClose) -> list[Standing]:
    """Every plan of a run, best place first, ties by name, those without a place last; one query."""
    policy = policy_from_facts(close.methodology)
    notes = {one["unit"]: (one["unranked"], _note(one)) for one in close.excluded}
    rows = UnitResult.objects.filter(close=close).order_by().values_list(*_COLUMNS)
    found = [Standing(*row, *notes.get(row[0], ("", "")), tone_of(row[5], policy)) for row in rows]
    return sorted(found, key=lambda one: (one.rank is None, one.rank or 0, one.name.casefold(), one.code))


def in_order(rows: Sequence[Standing], order: str) -> list[Standing]:
    """Rows sorted by a key of `?orden=` (a minus in front reverses); unknown figures always come last."""
    key = _KEYS.get(order.removeprefix("-"))
    if key is None:
        return list(rows)
    known = sorted((row for row in rows if key(row) is not None), key=key, reverse=order.startswith("-"))
    return known + [row for row in rows if key(row) is None]


def tone_of(to_date: Decimal | None, policy: Policy) -> str:
    """The light of a plan: against its programme to date, at any quarter (PT-09, REP-06)."""
    return "none" if to_date is None else TONE_OF_LIGHT[light(to_date, policy, last_cutoff=True)]


def _note(one: dict[str, Any]) -> str:
    """Why a plan has no place, or is rated without an official report."""
    if one["unranked"]:
        return f"Sin puesto: {Unranked(one['unranked']).label.lower()}."
    return "" if one["counted"] else "Sin reporte validado: lo programado y no reportado califica cero."


def _or_dash(ratio: Decimal | None) -> str:
    return "–" if ratio is None else percent_text(ratio)
