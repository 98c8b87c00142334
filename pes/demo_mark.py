"""The words that every workbook of the demonstration carries."""

from __future__ import annotations

from django.conf import settings

DEMO_MARK = "Datos de demostración"


def demo_mark() -> str:
    """What a workbook says above each printed page and in its properties; nothing outside the demonstration."""
    return DEMO_MARK if settings.PES_DEMO else ""
