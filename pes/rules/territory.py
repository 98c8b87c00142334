"""Territorial entities: universes, expected months and delays, assignments and graduation (rules GP-01, GP-04, GP-07).

The universe of a municipality is a pure function of three booleans; nothing here is typed that can be computed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from pes.rules.numbers import HUNDRED, ZERO, exact, format_percent
from pes.rules.problems import Problem

DEPARTMENT_DIGITS, MUNICIPALITY_DIGITS = 2, 5
FIRST_YEAR, LAST_YEAR = 1990, 2096
YEARS_OF_GOVERNMENT = 4


class EntityKind(StrEnum):
    """What a territorial entity is."""

    GOBERNACION = "gobernacion"
    MUNICIPIO = "municipio"

    @property
    def label(self) -> str:
        """Spanish name."""
        return {"gobernacion": "Gobernación", "municipio": "Municipio"}[self.value]


class Partner(StrEnum):
    """The national entity that accompanies a territorial one."""

    DNP = "DNP"
    DAFP = "DAFP"
    ART = "ART"


class Ecosystem(StrEnum):
    """A thematic ecosystem of work, named as the strategy names it (DNP 2020, «Lógica de operación»)."""

    DERECHOS = "derechos_humanos"
    FEDERACIONES = "federaciones"
    COMPETITIVIDAD = "competitividad"
    PAZ = "paz"
    GERENCIA = "gerencia_publica"
    PARTICIPACION = "participacion"
    COOPERACION = "cooperacion"
    BASICOS = "sectores_basicos"
    POBLACIONES = "poblaciones"
    AMBIENTE = "ambiente"
    ACADEMIA = "academia"

    @property
    def label(self) -> str:
        """Spanish name."""
        return _ECOSYSTEMS[self.value]


_ECOSYSTEMS = {
    "derechos_humanos": "Derechos Humanos",
    "federaciones": "Federaciones y Esquemas Asociativos Territoriales",
    "competitividad": "Competitividad y Desarrollo",
    "paz": "Paz, Víctimas y Seguridad",
    "gerencia_publica": "Gerencia y Gestión Pública",
    "participacion": "Participación y Transparencia",
    "cooperacion": "Cooperación Internacional y Relaciones Exteriores",
    "sectores_basicos": "Sectores Básicos de Desarrollo",
    "poblaciones": "Poblaciones",
    "ambiente": "Medio Ambiente",
    "academia": "Academia",
}


@dataclass(frozen=True, slots=True)
class Universe:
    """One of the eight universes: its letter, what makes it, and how many municipalities the source counts in it."""

    letter: str
    investment: bool
    fiscal: bool
    results: bool
    municipalities: int

    @property
    def words(self) -> str:
        """«inversión alta, desempeño fiscal bajo, resultados bajos»."""
        return (
            f"inversión {'alta' if self.investment else 'baja'}, "
            f"desempeño fiscal {'alto' if self.fiscal else 'bajo'}, "
            f"resultados {'altos' if self.results else 'bajos'}"
        )

    @property
    def is_focus(self) -> bool:
        """Whether assistance goes first to it: those with low results (A to D)."""
        return not self.results


UNIVERSES = (
    Universe("A", True, True, False, 167),
    Universe("B", True, False, False, 191),
    Universe("C", False, False, False, 231),
    Universe("D", False, True, False, 96),
    Universe("E", True, False, True, 128),
    Universe("F", True, True, True, 92),
    Universe("G", False, False, True, 82),
    Universe("H", False, True, True, 115),
)
_BY_FACTS = {(one.investment, one.fiscal, one.results): one.letter for one in UNIVERSES}
BY_LETTER: Mapping[str, Universe] = {one.letter: one for one in UNIVERSES}
LETTERS = "".join(BY_LETTER)
FOCUS = "".join(one.letter for one in UNIVERSES if one.is_focus)


def universe_of(investment: bool | None, fiscal: bool | None, results: bool | None) -> str:
    """GP-07: the letter A–H that three booleans give; empty while one of them is not known."""
    if investment is None or fiscal is None or results is None:
        return ""
    return _BY_FACTS[(investment, fiscal, results)]


def entity_problems(
    *, code: str, kind: str, name: str, department: str, facts: tuple[bool | None, bool | None, bool | None]
) -> Iterator[Problem]:
    """What keeps a territorial entity from being written: its DANE code is text, two digits or five."""
    digits = DEPARTMENT_DIGITS if kind == EntityKind.GOBERNACION else MUNICIPALITY_DIGITS
    if not (code.isascii() and code.isdigit() and len(code) == digits):
        words = "Una gobernación tiene dos dígitos" if digits == DEPARTMENT_DIGITS else "Un municipio tiene cinco"
        message = f"«{code}» no es el código DANE de {'una gobernación' if digits == 2 else 'un municipio'}."
        yield Problem("dane_not_valid", "GP-07", message, fix=f"{words}, con los ceros de la izquierda.")
    if not name.strip():
        yield Problem("name_missing", "GP-07", "Falta el nombre de la entidad.", fix="Escriba el nombre oficial.")
    if not department.strip():
        yield Problem("department_missing", "GP-07", "Falta el departamento.", fix="Escriba el departamento.")
    known = [one for one in facts if one is not None]
    if known and len(known) < len(facts):
        message = "El universo pide las tres variables: inversión, desempeño fiscal y resultados."
        yield Problem("universe_incomplete", "GP-07", message, fix="Complete las tres, o deje las tres sin dato.")
    if known and kind == EntityKind.GOBERNACION:
        message = "Los universos son de municipios: una gobernación no lleva las tres variables."
        yield Problem("universe_of_gobernacion", "GP-07", message, fix="Déjelas sin dato.")


def months_late(expected: date | None, *, progress: Decimal, done_on: date | None, today: date) -> int:
    """Whole months by which a hito is, or was finished, after its expected month; 0 on time or without a month.

    The month counts whole: a hito is on time until its last day. Computed, never typed.
    """
    if expected is None:
        return 0
    reached = done_on if progress == HUNDRED and done_on is not None else today
    return max(0, (reached.year - expected.year) * 12 + reached.month - expected.month)


def mean(values: Iterable[Decimal | None]) -> Decimal | None:
    """The simple mean of percentages 0–100, unrounded, without those that are not known; None of nothing."""
    known = [value for value in values if value is not None]
    with exact():
        return sum(known, ZERO) / len(known) if known else None


def period_of(first: int) -> str:
    """«2024–2027»: the four vigencias of a government that begins in a year."""
    return f"{first}–{first + YEARS_OF_GOVERNMENT - 1}"


def schedule_problems(*, first_year: int, months: Mapping[str, date | None], codes: Iterable[str]) -> Iterator[Problem]:
    """A schedule gives hitos of its template months of its period."""
    if not FIRST_YEAR <= first_year <= LAST_YEAR:
        message = f"{first_year} no puede ser el primer año de un gobierno."
        yield Problem("year_not_valid", "GP-02", message, fix=f"Escriba un año de {FIRST_YEAR} a {LAST_YEAR}.")
    unknown = sorted(set(months) - set(codes))
    if unknown:
        message = f"El hito {unknown[0]} no es de esta hoja de ruta."
        yield Problem("hito_unknown", "GP-02", message, fix="Abra la página otra vez.")
    for code, month in months.items():
        if month is not None and not first_year <= month.year < first_year + YEARS_OF_GOVERNMENT:
            message = f"Hito {code}: {month:%m/%Y} está fuera de {period_of(first_year)}."
            yield Problem("month_outside", "GP-02", message, fix="Escriba un mes del período de gobierno.")


def assignment_problems(*, starts_on: date, current_since: date | None, today: date) -> Iterator[Problem]:
    """An advisor begins today or before, and not before the one who is there."""
    if starts_on > today:
        yield Problem("date_in_future", "GP-05", "La asignación empieza en el futuro.", fix="Escriba hoy o antes.")
    if current_since is not None and starts_on < current_since:
        message = f"Quien asesora hoy empezó después, el {current_since:%d/%m/%Y}."
        yield Problem("assignment_crossed", "GP-05", message, fix="Escriba ese día o uno posterior.")


def graduation_problems(*, whole: Decimal | None, reason: str) -> Iterator[Problem]:
    """An entity passes to phase II with phase I complete, or as an exception that says why."""
    if (whole is None or whole < HUNDRED) and not reason.strip():
        shown = format_percent(whole) if whole is not None else "sin dato"
        message = f"La fase I va en {shown}: no está completa."
        yield Problem("phase_not_complete", "GP-02", message, fix="Complete los hitos, o escriba por qué se exceptúa.")


def lesson_problems(*, title: str, text: str) -> Iterator[Problem]:
    """A lesson or a success case is short and says something."""
    if not title.strip():
        yield Problem("title_missing", "GP-06", "Falta el título.", fix="Escriba en una línea de qué se trata.")
    if not text.strip():
        yield Problem("text_missing", "GP-06", "Falta el texto.", fix="Cuente qué pasó y qué se aprendió.")
