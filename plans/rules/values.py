"""One way from what a person types in a column of a goal to its value, and back (§5.4, PT-12, IMP-06).

The grid, the forms, the requests and the workbook all read and show through here, so that a text means the same
everywhere. `read(name, show(name, value))` is always `value`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import replace
from decimal import Decimal
from enum import StrEnum
from typing import Any

from pes.rules.numbers import HUNDRED, ZERO, NumberError, format_magnitude, parse_number, round_half_up, spanish_figures
from pes.rules.problems import Problem, Refused
from pes.rules.programming import ProgrammingType, normalise_programmed
from pes.rules.spoken import spoken_day as spoken_day
from pes.rules.texts import UNSEEN
from pes.rules.texts import tidy as tidy
from plans.rules.fields import BY_NAME, GOAL_FIELDS, QUARTER_NAMES, FieldKind, GoalField
from plans.rules.goals import GoalFacts, GoalKind, IndicatorKind

Value = str | int | Decimal | StrEnum | None

EMPTY = "vacío"
UNPROGRAMMED = "sin programar"
JOINT = " / "  # between the two terms of a formula, in one cell of the workbook
_ENUMS: dict[str, type[StrEnum]] = {
    "kind": GoalKind,
    "indicator_type": IndicatorKind,
    "programming_type": ProgrammingType,
}
_NOT_PROGRAMMED = frozenset({"", "np", "n/a", "-", "–", "—"})
_OBJECTIVE = re.compile(r"([0-9]{1,4})(?:[.:)]?(?:\s+[^\s0-9].*)?)?", re.DOTALL)
_PERCENTAGES = frozenset({"porcentaje", "porcentajes", "porcentual", "por ciento", "%"})
_AMOUNT_PLACES = 4
_AMOUNT_LIMIT = Decimal(10) ** 14


class ValueProblem(ValueError):
    """A text that is no value of its column; `problem` says what was found and what to type."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.message)
        self.problem = problem


def read(name: str, text: str) -> Value:
    """The value of the field `name` that a person typed, in the goal's units; blank is `None`, or `""` for a text.

    A quarter keeps its 0: only the type says whether it is a programme (`normalised`). Raises `ValueProblem`, or
    `KeyError` for a field that does not exist.
    """
    field = BY_NAME[name]
    return _READERS[field.kind](field, text)


def show(name: str, value: Value) -> str:
    """A value as it would be typed, to be edited and read again: `12,5`, never grouped by thousands."""
    if value is None:
        return ""
    if isinstance(value, Decimal):
        whole_cents = value.is_finite() and value == round_half_up(value, 2)
        return _plain(value, 2 if whole_cents and BY_NAME[name].kind is FieldKind.WEIGHT else None)
    return label if isinstance(value, StrEnum) and (label := getattr(value, "label", "")) else str(value)


def check(name: str, value: Value) -> Problem | None:
    """What is wrong with a value that did not come through `read`, as an import's; `None` when nothing is."""
    try:
        # Every digit of a number, which `show` would round to what fits.
        read(name, f"{value:f}".replace(".", ",") if isinstance(value, Decimal) else show(name, value))
    except ValueProblem as found:
        return found.problem
    return None


def spoken(name: str, value: Value) -> str:
    """A value as it is shown to be read: `1.234,5`, and words where there is nothing."""
    if isinstance(value, Decimal) and BY_NAME[name].kind is not FieldKind.WEIGHT:
        return format_magnitude(value)
    return show(name, value) or (UNPROGRAMMED if name in QUARTER_NAMES else EMPTY)


def value_of(goal: GoalFacts, name: str) -> Value:
    """What a goal has in the field `name`."""
    if name in QUARTER_NAMES:
        return goal.quarters[QUARTER_NAMES.index(name)]
    value: Value = getattr(goal, BY_NAME[name].name)
    return value


def with_value(goal: GoalFacts, name: str, value: Value) -> GoalFacts:
    """The goal with another value, already read, in the field `name`."""
    return _with_values(goal, {name: value})


def typed(goal: GoalFacts) -> dict[str, str]:
    """Every field of a goal as it would be typed."""
    return {field.name: show(field.name, value_of(goal, field.name)) for field in GOAL_FIELDS}


def amended(goal: GoalFacts, texts: Mapping[str, str]) -> GoalFacts:
    """The goal with what was typed in some fields, its quarters normalised by its type (PT-12).

    Raises `Refused` with the problem of every text that cannot be read.
    """
    values: dict[str, Value] = {}
    problems = []
    for name, text in texts.items():
        try:
            values[name] = read(name, text)
        except ValueProblem as found:
            problems.append(found.problem)
    if problems:
        raise Refused(problems)
    return normalised(_with_values(goal, values))


def normalised(goal: GoalFacts) -> GoalFacts:
    """The goal with its quarters as they are stored: 0 is not programmed, except for a DECRECIENTE (PT-12)."""
    kind = goal.programming_type
    if kind is None:
        return goal
    t1, t2, t3, t4 = (normalise_programmed(kind, amount) for amount in goal.quarters)
    return replace(goal, quarters=(t1, t2, t3, t4))


def is_percentage(unit: str) -> bool:
    """Whether amounts in this unit are percentages 0–100 (PT-16b)."""
    return fold(unit) in _PERCENTAGES


def fold(text: str) -> str:
    """A text without case, accents or doubled spaces, to compare names."""
    bare = unicodedata.normalize("NFKD", text)
    return " ".join("".join(character for character in bare if not unicodedata.combining(character)).casefold().split())


def join_formula(numerator: str, denominator: str) -> str:
    """The two terms of an indicator in the workbook's one cell; `split_formula` takes them apart again."""
    return f"{numerator}{JOINT}{denominator}".strip() if denominator else numerator


def split_formula(text: str) -> tuple[str, str]:
    """Numerator and denominator of a formula; without ` / ` there is no denominator."""
    numerator, _, denominator = f" {text.strip()}".partition(JOINT)
    return numerator.strip(), denominator.strip()


def _with_values(goal: GoalFacts, values: Mapping[str, Any]) -> GoalFacts:
    t1, t2, t3, t4 = (values.get(name, old) for name, old in zip(QUARTER_NAMES, goal.quarters, strict=True))
    others = {name: value for name, value in values.items() if name not in QUARTER_NAMES}
    return replace(goal, **others, quarters=(t1, t2, t3, t4))


def _text(field: GoalField, text: str) -> str:
    clean = tidy(text)
    clean = clean if field.kind is FieldKind.PROSE else " ".join(clean.split())
    if field.limit and len(clean) > field.limit:
        message = f"«{field.label}» tiene {len(clean)} caracteres y caben {field.limit}."
        raise _wrong("text_too_long", "PG-V1", message, f"Acórtelo a {field.limit} caracteres.")
    if field.name == "numerator" and JOINT in f" {clean} ":
        message = "El numerador no puede tener « / »: en Excel esa barra lo separa del denominador."
        raise _wrong("slash_in_numerator", "PG-V1", message, "Escriba la barra sin espacios, o use «por» o «entre».")
    return clean


def _choice(field: GoalField, text: str) -> Value:
    wanted = fold(text)
    options = _ENUMS[field.name]
    for value, label in field.choices:
        if wanted in (fold(value), fold(label)):
            return options(value)
    if not wanted and field.name != "kind":
        return None
    found = f"«{text.strip()[:60]}» no es" if wanted else "Falta"
    message = f"{found} {'un' if wanted else 'el'} {_lower(field.label)}."
    names = [label for _, label in field.choices]
    raise _wrong(f"{field.name}_unknown", "PG-V1", message, f"Escriba {', '.join(names[:-1])} o {names[-1]}.")


def _objective(field: GoalField, text: str) -> int | None:
    clean = UNSEEN.sub("", text).strip()
    if not clean:
        return None
    found = _OBJECTIVE.fullmatch(clean)
    if not found or not int(found[1]):
        message = f"«{clean[:60]}» no es el número de un objetivo estratégico."
        raise _wrong("objective_unknown", "PG-02", message, "Escriba el número del objetivo, por ejemplo 3.")
    return int(found[1])


def _number(field: GoalField, text: str) -> Decimal:
    try:
        number = parse_number(text)
    except NumberError as error:
        message = f"{field.label}: {error.message[0].lower()}{error.message[1:]}"
        raise _wrong(f"number_{error.code}", "IMP-06", message, error.fix) from error
    return number if number else ZERO  # never a negative zero


def _is_blank(text: str) -> bool:
    return not UNSEEN.sub("", text).strip()


def _weight(field: GoalField, text: str) -> Decimal | None:
    if _is_blank(text):
        return None
    weight = _number(field, text)
    if not ZERO < weight <= HUNDRED:
        message = f"La ponderación es {_plain(weight)} y debe ser mayor que 0 y hasta 100."
        raise _wrong("weight_out_of_range", "W-03", message, "Escriba una ponderación entre 0,01 y 100,00.")
    if weight != round_half_up(weight, 2):
        message = f"La ponderación {_plain(weight)} tiene más de dos decimales."
        raise _wrong("weight_too_precise", "W-01", message, f"Escriba {_plain(round_half_up(weight, 2), 2)}.")
    return round_half_up(weight, 2)


def _amount(field: GoalField, text: str) -> Decimal | None:
    if _is_blank(text):
        return None
    amount = _number(field, text)
    if amount != round_half_up(amount, _AMOUNT_PLACES):
        message = f"{field.label}: {_plain(amount)} tiene más de cuatro decimales."
        raise _wrong(
            "amount_too_precise", "PT-18", message, f"Escriba {_plain(round_half_up(amount, _AMOUNT_PLACES))}."
        )
    return amount


def _quarter(field: GoalField, text: str) -> Decimal | None:
    return None if fold(text) in _NOT_PROGRAMMED else _amount(field, text)


_READERS: dict[FieldKind, Callable[[GoalField, str], Value]] = {
    FieldKind.LINE: _text,
    FieldKind.PROSE: _text,
    FieldKind.CHOICE: _choice,
    FieldKind.OBJECTIVE: _objective,
    FieldKind.UNIT: _text,
    FieldKind.WEIGHT: _weight,
    FieldKind.AMOUNT: _amount,
    FieldKind.QUARTER: _quarter,
}


def _plain(value: Decimal, places: int | None = None) -> str:
    """Figures with a decimal comma and nothing else: a point for thousands could be read two ways (IM3)."""
    figures = spanish_figures(value, places).replace(".", "")
    return figures if places is not None or "," not in figures else figures.rstrip("0").rstrip(",")


def _lower(label: str) -> str:
    return label[:1].lower() + label[1:]


def _wrong(code: str, rule: str, message: str, fix: str) -> ValueProblem:
    return ValueProblem(Problem(code, rule, message, fix=fix))
