"""Days as they are said in Spanish, where Django's own formats may not be asked: inside the rules."""

from __future__ import annotations

from datetime import date

_MONTHS = (
    "enero", "febrero", "marzo", "abril", "mayo", "junio",
    "julio", "agosto", "septiembre", "octubre", "noviembre", "diciembre",
)  # fmt: skip


def spoken_day(day: date) -> str:
    """A date as `18 de abril de 2022`."""
    return f"{day.day} de {_MONTHS[day.month - 1]} de {day.year}"
