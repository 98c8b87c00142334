"""What the forms of `pes` share: no surprise fields, refusals of the rules shown where they belong."""

from __future__ import annotations

import logging
from typing import Any

from django import forms
from django.forms.utils import flatatt
from django.utils.html import format_html
from django.utils.safestring import SafeString

from pes.rules.problems import Refused

log = logging.getLogger(__name__)


class ActionForm(forms.Form):
    """A form of one act. What it does not ask for is ignored, and the attempt is logged by name (AZ9)."""

    use_required_attribute = False
    error_css_class = ""

    def full_clean(self) -> None:
        """Name the surprise fields once every field is known: many forms add theirs after this class has begun."""
        if self.is_bound and self._errors is None:
            asked = {self.add_prefix(name) for name in self.fields} | {"csrfmiddlewaretoken"}
            extra = sorted(name for name in self.data if name not in asked)
            if extra:
                log.warning("%s recibió campos que no pide: %s", type(self).__name__, extra)
        super().full_clean()

    def refuse(self, refused: Refused) -> None:
        """Show what the rules refused, with what to do."""
        for problem in refused.problems:
            self.add_error(None, f"{problem.message} {problem.fix}".strip())


class ReasonForm(ActionForm):
    """Why an act is done; every decision asks for it once."""

    reason = forms.CharField(
        label="Motivo",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Queda en la bitácora. Por ejemplo: «Terminó su contrato el 30 de junio».",
    )


class PlainTextarea(forms.Textarea):
    """The same box written as one string: a report's page has fifty, and Django renders two templates for each."""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        """The box, with what it holds."""
        shown = self.format_value(value) or ""
        written = flatatt(self.build_attrs(self.attrs, attrs))
        return format_html('<textarea name="{}"{}>\n{}</textarea>', name, written, shown)


class PlainTextInput(forms.TextInput):
    """The same box written as one string (see `PlainTextarea`)."""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        """The box, with what it holds."""
        shown = self.format_value(value)
        held = "" if shown is None else format_html(' value="{}"', shown)
        written = flatatt(self.build_attrs(self.attrs, attrs))
        return format_html('<input type="{}" name="{}"{}{}>', self.input_type, name, held, written)


class DateInput(forms.DateInput):
    """A native date picker; its value travels as yyyy-mm-dd."""

    input_type = "date"

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(format="%Y-%m-%d", **kwargs)
