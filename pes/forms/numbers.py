"""Numbers as people type them in Colombia."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import DecimalValidator

from pes.rules.numbers import NumberError, format_magnitude, parse_number, spanish_figures

_TOO_LONG = {
    "max_digits": "Tiene demasiadas cifras. Escriba %(max)s como máximo, contando los decimales.",
    "max_decimal_places": "Tiene demasiados decimales. Escriba %(max)s como máximo.",
    "max_whole_digits": "Es demasiado grande. Escriba un número de %(max)s cifras enteras como máximo.",
}


class NumberField(forms.DecimalField):
    """A decimal with comma or point, read by the same rule as workbooks: ambiguous `1.234` is asked, never guessed (IM3)."""

    widget = forms.TextInput

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        for check in self.validators:
            if isinstance(check, DecimalValidator):
                check.messages = check.messages | _TOO_LONG
        self.widget.attrs.setdefault("inputmode", "decimal")
        self.widget.attrs.setdefault("autocomplete", "off")

    def to_python(self, value: Any) -> Decimal | None:
        """The number, None when empty; ValidationError says what was found and what to type."""
        if value in self.empty_values:
            return None
        if isinstance(value, Decimal):
            return value
        try:
            return parse_number(str(value))
        except NumberError as error:
            raise ValidationError(f"{error.message} {error.fix}", code=error.code) from error

    def prepare_value(self, value: Any) -> Any:
        """Shown with decimal comma; what was typed comes back as it was typed."""
        return format_magnitude(value).replace(".", "") if isinstance(value, Decimal) else value


class PesosField(NumberField):
    """Pesos with at most two decimals, written with points for thousands: there `1.234` can only be one thousand."""

    _GROUPS = re.compile(r"[0-9]{1,3}(?:\.[0-9]{3})+(?:,[0-9]{1,2})?")

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_digits=15, decimal_places=2, **kwargs)

    def to_python(self, value: Any) -> Decimal | None:
        """The pesos, with or without their sign; None when empty."""
        if isinstance(value, str):
            value = value.strip().removeprefix("$").strip()
            if self._GROUPS.fullmatch(value):
                value = value.replace(".", "")
        return super().to_python(value)

    def prepare_value(self, value: Any) -> Any:
        """Shown with points for thousands, and cents only where there are some."""
        if not isinstance(value, Decimal):
            return value
        return spanish_figures(value, 0 if value == value.to_integral_value() else 2)
