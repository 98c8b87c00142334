"""Dates as they are read in Colombia."""

from __future__ import annotations

from datetime import date, datetime

from django.utils.formats import date_format
from django.utils.timezone import is_aware, localtime


def long_date(value: date | datetime | None) -> str:
    """Date as `18 de abril de 2022`; an instant is first taken to Bogotá. None is a dash."""
    if value is None:
        return "–"
    if isinstance(value, datetime) and is_aware(value):
        value = localtime(value)
    return date_format(value, r"j \d\e F \d\e Y").lower()  # Django writes the month with a capital


def month_name(month: int) -> str:
    """Month as `mar`, for the axis of a chart."""
    return date_format(date(2000, month, 1), "M").rstrip(".").lower()


def long_instant(value: datetime | None) -> str:
    """Instant as `18 de abril de 2022, 15:40`, in Bogotá. None is a dash."""
    if value is None:
        return "–"
    return f"{long_date(value)}, {localtime(value) if is_aware(value) else value:%H:%M}"


def countdown(due: date, today: date) -> str:
    """How long is left, in words."""
    days = (due - today).days
    if days == 0:
        return "Vence hoy"
    unit = "día" if abs(days) == 1 else "días"
    return f"Faltan {days} {unit}" if days > 1 else "Falta 1 día" if days == 1 else f"Venció hace {-days} {unit}"
