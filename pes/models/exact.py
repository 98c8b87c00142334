"""A number that both databases give back digit by digit."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.db import models


class ExactField(models.CharField):
    """A Decimal kept as its digits: SQLite holds decimals as floats, and a frozen ratio must give its digest again.

    Only for figures that are frozen and shown; what SQL adds or compares belongs in a DecimalField.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 64)
        super().__init__(*args, **kwargs)

    def from_db_value(self, value: str | None, expression: object, connection: object) -> Decimal | None:
        """The number, or None."""
        return None if value is None else Decimal(value)

    def to_python(self, value: Any) -> Decimal | None:
        """The number, or None."""
        return value if value is None or isinstance(value, Decimal) else Decimal(value)

    def get_prep_value(self, value: Any) -> str | None:
        """Its digits, without an exponent."""
        number = self.to_python(value)
        return None if number is None else f"{number:f}"
