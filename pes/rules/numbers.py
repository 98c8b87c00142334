"""Exact numbers: the context they are computed in, their one rounding, and how they are read.

Ratios (0–1) stay unrounded while they are computed; `ratio_to_percent` is the only way to the
percentage (0–100) that is shown (PT-18, PES-05).
"""

import re
from contextlib import AbstractContextManager
from decimal import ROUND_HALF_UP, Context, Decimal, DivisionByZero, InvalidOperation, Overflow
from decimal import localcontext as _localcontext

PRECISION = 40
ZERO = Decimal(0)
HUNDRED = Decimal(100)
NO_BREAK_SPACE = "\u00a0"
NO_INFORMATION = "Sin información"

_TRAPS = [DivisionByZero, InvalidOperation, Overflow]
_EXACT = Context(prec=PRECISION, traps=_TRAPS)
# Rounding itself must not run out of digits: an over-execution may carry 20 integer digits.
_ROUNDING = Context(prec=1000, rounding=ROUND_HALF_UP, traps=_TRAPS)
_COLLAPSED = Decimal(1).scaleb(-20)
_MAGNITUDE_PLACES = 4
_INTEGER_DIGITS = 14


def exact() -> AbstractContextManager[Context]:
    """Context in which domain figures are computed, whatever the caller's own one."""
    return _localcontext(_EXACT)


def collapse(value: Decimal) -> Decimal:
    """`value` at 20 places, so that 0,00499…9 of a division is the 0,005 it stands for."""
    return value.quantize(_COLLAPSED, context=_ROUNDING)


def round_half_up(value: Decimal, places: int) -> Decimal:
    """`value` with `places` decimals; halves away from zero, and never a negative zero."""
    rounded = value.quantize(Decimal(1).scaleb(-places), context=_ROUNDING)
    return rounded if rounded else rounded.copy_abs()


def ratio_to_percent(ratio: Decimal | None) -> Decimal | None:
    """Percentage with two decimals of an unrounded ratio; unknown stays unknown (PT-18)."""
    if ratio is None:
        return None
    return round_half_up(collapse(ratio.scaleb(2, context=_ROUNDING)), 2)


def format_percent(percent: Decimal | None) -> str:
    """Percentage 0–100 as it is shown: `24,15 %`, with a no-break space."""
    if percent is None:
        return NO_INFORMATION
    return f"{spanish_figures(round_half_up(percent, 2))}{NO_BREAK_SPACE}%"


def format_magnitude(value: Decimal | None, places: int | None = None) -> str:
    """Magnitude as it is shown: `1.234,5`; without `places`, the decimals it has, four at most."""
    if value is None:
        return NO_INFORMATION
    if places is not None:
        return spanish_figures(round_half_up(value, places))
    text = spanish_figures(round_half_up(value, _MAGNITUDE_PLACES))
    return text.rstrip("0").rstrip(",")


def spanish_figures(value: Decimal, places: int | None = None) -> str:
    """Every digit of `value`, or `places` decimals of it, with point for thousands and comma."""
    return format(value, ",f" if places is None else f",.{places}f").translate(str.maketrans(",.", ".,"))


class NumberError(ValueError):
    """A text that is not one number: `code`, Spanish `message`, and what to type (`fix`)."""

    def __init__(self, code: str, message: str, fix: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.fix = fix


_INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff"))
_LOOK_ALIKES = str.maketrans("\u00a0\u2007\u2009\u202f\t−–", "     --")
_AROUND = " \r\n'\"‘’“”«»"
_PLAIN = re.compile(r"[+-]?[0-9]+([.,][0-9]+)?")
_POINT_GROUPS = re.compile(r"[+-]?[1-9][0-9]{0,2}(\.[0-9]{3})+(,[0-9]+)?")
_COMMA_GROUPS = re.compile(r"[+-]?[1-9][0-9]{0,2}(,[0-9]{3})+(\.[0-9]+)?")
_SPACE_GROUPS = re.compile(r"[+-]?[1-9][0-9]{0,2}( [0-9]{3})+([.,][0-9]+)?")
_AMBIGUOUS = re.compile(r"[+-]?[1-9][0-9]{0,2}\.[0-9]{3}")
_LONGEST = 60


def parse_number(text: str) -> Decimal:
    """Number typed by a person or found in a workbook, with decimal comma or point (IMP-06).

    A trailing `%` is dropped: `50%` is 50. Spaces and quotes around it and invisible
    characters are ignored (IM13). Raises `NumberError` with code `empty`, `not_a_number`,
    `ambiguous` (`1.234`, IM3: one thousand or one and a bit is never guessed) or `too_large`.
    """
    number = _cleaned(text[: _LONGEST + 1])
    if not number:
        raise NumberError("empty", "No hay ningún número.", "Escriba un número, por ejemplo 27,5.")
    if _AMBIGUOUS.fullmatch(number):
        raise _ambiguous(number)
    plain = _without_groups(number)
    if plain is None or len(text) > _LONGEST:
        shown = text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
        raise NumberError(
            "not_a_number",
            f"«{shown}» no es un número.",
            "Escriba solo cifras y coma decimal, por ejemplo 1234,5.",
        )
    value = Decimal(plain)
    if value.adjusted() >= _INTEGER_DIGITS:
        raise NumberError(
            "too_large",
            f"«{text}» es demasiado grande.",
            f"Escriba un número de {_INTEGER_DIGITS} cifras enteras como máximo.",
        )
    return value


def _cleaned(text: str) -> str:
    typed = text.translate(_INVISIBLE).translate(_LOOK_ALIKES).strip(_AROUND)
    return typed.removesuffix("%").rstrip(" ")


def _without_groups(number: str) -> str | None:
    if _PLAIN.fullmatch(number):
        return number.replace(",", ".")
    if _POINT_GROUPS.fullmatch(number):
        return number.replace(".", "").replace(",", ".")
    if _COMMA_GROUPS.fullmatch(number):
        return number.replace(",", "")
    if _SPACE_GROUPS.fullmatch(number):
        return number.replace(" ", "").replace(",", ".")
    return None


def _ambiguous(number: str) -> NumberError:
    thousands, decimal = number.replace(".", ""), number.replace(".", ",")
    return NumberError(
        "ambiguous",
        f"«{number}» se puede leer como {thousands} o como {decimal}.",
        f"Escriba {thousands} si el punto separa miles, o {decimal} si separa decimales.",
    )
