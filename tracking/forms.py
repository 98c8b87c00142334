"""Forms of measurements and their evidence."""

from __future__ import annotations

from typing import Any

from django import forms

from pes.forms.base import ActionForm, DateInput
from pes.forms.files import FIELD_OF as FILE_FIELD_OF
from pes.forms.files import evidence_fields
from pes.forms.numbers import NumberField
from pes.rules.problems import Refused

#: Which field a problem of the rules belongs to; the others are of the whole form.
_FIELD_OF = {
    "achieved_not_valid": "achieved",
    "date_outside_plan": "on",
    "date_in_future": "on",
    "cutoff_consolidated": "on",
    "measured_already": "on",
    "reason_missing": "reason",
    **FILE_FIELD_OF,
}


class _RuledForm(ActionForm):
    def refuse(self, refused: Refused) -> None:
        """Show each refusal beside its field."""
        for problem in refused.problems:
            name = _FIELD_OF.get(problem.code)
            self.add_error(name if name in self.fields else None, f"{problem.message} {problem.fix}".strip())


class MeasurementForm(_RuledForm):
    """What was reached at a date, in words and with proof."""

    on = forms.DateField(label="Fecha de corte", widget=DateInput(), help_text="El último día que cubre la cifra.")
    achieved = NumberField(label="Ejecutado", max_digits=18, decimal_places=4)
    analysis = forms.CharField(
        label="Análisis",
        max_length=8000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text="Logros del periodo y, si hay retraso, sus causas.",
    )
    files, link = evidence_fields()

    def __init__(self, *args: Any, meaning: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["achieved"].help_text = meaning


class CorrectionForm(_RuledForm):
    """Another value or analysis for a measurement, read at `version`."""

    achieved = NumberField(label="Ejecutado", max_digits=18, decimal_places=4)
    analysis = forms.CharField(
        label="Análisis",
        max_length=8000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text="Logros del periodo y, si hay retraso, sus causas.",
    )
    reason = forms.CharField(
        label="Motivo de la corrección",
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Queda en la historia, con el valor anterior.",
    )
    version = forms.IntegerField(widget=forms.HiddenInput())

    def __init__(self, *args: Any, sealed: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].required = sealed


class EvidenceForm(_RuledForm):
    """More evidence for a measurement."""

    files, link = evidence_fields()

    def clean(self) -> dict[str, Any]:
        """At least one of the two."""
        values: dict[str, Any] = super().clean() or self.cleaned_data
        if not values.get("files") and not values.get("link"):
            self.add_error("files", "Elija un archivo o escriba un enlace.")
        return values
