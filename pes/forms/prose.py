"""A box for several lines, whose text arrives as it is stored."""

from __future__ import annotations

from typing import Any

from django import forms

from pes.rules.texts import tidy


class Prose(forms.CharField):
    """A text of several lines; its length counts a line break once, as the box of the browser does."""

    def __init__(self, *, limit: int, rows: int = 4, **kwargs: Any) -> None:
        self.limit = limit
        widget = forms.Textarea(attrs={"rows": rows, "maxlength": limit})
        super().__init__(widget=widget, **kwargs)

    def clean(self, value: Any) -> str:
        """The text as it is stored. Raises ValidationError."""
        text = tidy(super().clean(value))
        if self.required and not text:
            raise forms.ValidationError(self.error_messages["required"], code="required")
        if len(text) > self.limit:
            message = f"Escribió {len(text)} caracteres y caben {self.limit}. Acorte el texto."
            raise forms.ValidationError(message, code="too_long")
        return text
