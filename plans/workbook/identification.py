"""The sheet Plan: which plan a workbook is of, and what it says of its identification."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from pes.rules.problems import Problem
from pes.workbooks.names import fold
from pes.workbooks.pairs import VALUE, Pairs, check_pairs
from pes.workbooks.places import Found, Place, check_length, says_the_same
from plans.models import PlanGestion, PlanLevel
from plans.review_forms import IdentificationForm
from plans.rules.goals import Instrument, PlanFacts
from plans.workbook import shape

IGNORED = frozenset({"date_as_text"})  # the date and the numbers of the sheet are read as texts, and that is meant
_SEPARATORS = re.compile(r"[;,\n]")
# What fits in the form of the page fits here (IM9).
_LONGEST = {name: getattr(field, "max_length", None) for name, field in IdentificationForm.base_fields.items()}
_INSTRUMENTS = {fold(word): one for one in Instrument for word in (one.value, one.label)}


def check_identity(sheet: Pairs, plan: PlanGestion, found: Found) -> None:
    """Refuse the workbook of another plan (IM9); a format of the other level is only told."""
    own = (("unidad", "unit_differs", plan.unit.code), ("vigencia", "vigencia_differs", plan.vigencia_id))
    check_pairs(sheet, own, "el plan", found)
    given, own_format = sheet.values.get("codigo_formato", ""), shape.FORMATS[PlanLevel(plan.level)]
    if given and fold(given) != fold(own_format):
        message = f"El libro dice ser el formato «{given}» y el plan es del nivel {plan.level}: {own_format}."
        problem = Problem("format_differs", "IM9", message, blocking=False, fix="Revise que sea el libro de este plan.")
        found.add(sheet.places["codigo_formato"], VALUE, problem, given, own_format)


def identification_changes(sheet: Pairs, stored: PlanFacts, found: Found) -> dict[str, Any]:
    """What the sheet says otherwise than the plan, by field; a key that is not there says nothing."""
    changes: dict[str, Any] = {}
    for key, name in shape.PLAN_FIELDS.items():
        if key not in sheet.values:
            continue
        given, place = sheet.values[key], sheet.places[key]
        if name == "instruments":
            chosen = _instruments(given, place, found)
            if set(chosen) != set(stored.instruments):
                changes[name] = chosen
        elif not says_the_same(getattr(stored, name) or None, given or None):
            check_length(place, VALUE, given, _LONGEST[name], found)
            changes[name] = given
    return changes


def _instruments(text: str, place: Place, found: Found) -> tuple[Instrument, ...]:
    known = dict(_each_instrument(text))
    for word, instrument in known.items():
        if instrument is None:
            message = f"«{word}» no es un instrumento de planeación de la lista."
            problem = Problem("instrument_unknown", "PG-03", message, fix=f"Use {', '.join(Instrument)}.")
            found.add(place, VALUE, problem, word, "; ".join(Instrument))
    return tuple(instrument for instrument in Instrument if instrument in known.values())


def _each_instrument(text: str) -> Iterator[tuple[str, Instrument | None]]:
    for word in filter(None, (part.strip() for part in _SEPARATORS.split(text))):
        yield word, _INSTRUMENTS.get(fold(word))
