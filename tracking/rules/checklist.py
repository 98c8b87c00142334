"""The checklist of a product: its items, its answers, and how complete a product is (rule GP-05, level 2)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from enum import StrEnum

from pes.rules.numbers import HUNDRED, exact
from pes.rules.problems import Problem
from pes.rules.texts import one_line

RULE = "GP-05"
MOST_ITEMS, ITEM_LIMIT = 60, 300


class Answer(StrEnum):
    """Whether a product has what an item asks for."""

    MET = "met"
    NOT_MET = "not_met"
    NA = "na"

    @property
    def label(self) -> str:
        """Spanish name."""
        return {"met": "Cumple", "not_met": "No cumple", "na": "No aplica"}[self.value]


class Decision(StrEnum):
    """What who coordinates decides on a check."""

    ACCEPTED = "accepted"
    RETURNED = "returned"

    @property
    def label(self) -> str:
        """Spanish name."""
        return {"accepted": "Aceptado", "returned": "Devuelto"}[self.value]


def read_items(text: str) -> list[str]:
    """The items of a text with one a line, in order."""
    return [line for line in map(one_line, text.splitlines()) if line]


def checklist_problems(*, code: str, codes: Iterable[str], product: str, items: list[str]) -> Iterator[Problem]:
    """What keeps a checklist from being written: it is of a hito of the template and asks for something, once."""
    if code not in set(codes):
        yield _problem("hito_unknown", f"El hito {code} no es de esta hoja de ruta.", "Elija uno de la lista.")
    if not product:
        yield _problem("product_missing", "Falta el nombre del producto.", "Por ejemplo «Plan de desarrollo».")
    if not 1 <= len(items) <= MOST_ITEMS:
        yield _problem("item_count", f"La lista tiene {len(items)} criterios.", f"Escriba de 1 a {MOST_ITEMS}.")
    if any(len(item) > ITEM_LIMIT for item in items):
        yield _problem("item_too_long", "Un criterio es muy largo.", f"Caben {ITEM_LIMIT} caracteres en cada uno.")
    if len({item.casefold() for item in items}) < len(items):
        yield _problem("item_repeated", "Un criterio está dos veces.", "Deje uno.")


def check_problems(
    answers: Mapping[int, str], items: Iterable[int], *, has_evidence: bool, quality: str
) -> Iterator[Problem]:
    """What keeps a check from being kept: every item (number) answered, with evidence and an opinion on its quality."""
    wanted = set(items)
    if set(answers) != wanted or any(one not in set(Answer) for one in answers.values()):
        missing = ", ".join(str(number) for number in sorted(wanted - set(answers))) or "alguno"
        yield _problem("answers_missing", f"Faltan criterios por responder: {missing}.", "Responda cada uno.")
    if not has_evidence:
        yield _problem("evidence_missing", "Falta el producto revisado.", "Adjunte el archivo o escriba su enlace.")
    if not quality:
        yield _problem("quality_missing", "Falta la valoración cualitativa.", "Escriba qué tan bueno es el producto.")


def review_problems(*, decision: str, note: str, is_own: bool, is_reviewed: bool) -> Iterator[Problem]:
    """What keeps a check from being decided: by another person, once, and a return says why."""
    if is_reviewed:
        yield Problem("reviewed_already", "WF1", "Este chequeo ya se decidió.", fix="Abra la página otra vez.")
    if is_own:
        yield Problem("own_check", "AZ4", "Quien aplicó la lista no la revisa.", fix="Pídalo a otra persona.")
    if decision == Decision.RETURNED and not note:
        yield _problem("note_missing", "Falta por qué se devuelve.", "Escriba qué se debe corregir.")


def completeness(answers: Iterable[str]) -> Decimal | None:
    """Percentage (0–100, unrounded) of what applies that is met; None where nothing applies."""
    counted = [one for one in answers if one != Answer.NA]
    if not counted:
        return None
    with exact():
        return Decimal(sum(one == Answer.MET for one in counted)) * HUNDRED / len(counted)


def _problem(code: str, message: str, fix: str) -> Problem:
    return Problem(code, RULE, message, fix=fix)
