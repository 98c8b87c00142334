"""Forms of measurements and their evidence."""

from __future__ import annotations

from typing import Any

from django import forms

from pes.files.inspection import VERDICTS
from pes.forms.base import ActionForm, DateInput
from pes.forms.numbers import NumberField
from pes.rules.files import ACCEPTED, LONGEST_LINK
from pes.rules.problems import Refused

#: Which field a problem of the rules belongs to; the others are of the whole form.
_FIELD_OF = {
    "achieved_not_valid": "achieved",
    "date_outside_plan": "on",
    "date_in_future": "on",
    "cutoff_consolidated": "on",
    "measured_already": "on",
    "reason_missing": "reason",
    "link_not_accepted": "link",
    **dict.fromkeys(
        (
            "format_not_accepted",
            "empty_file",
            "file_too_large",
            "quota_reached",
            "repeated_file",
            "disk_full",
            *VERDICTS,
        ),
        "files",
    ),
}


class ManyFilesInput(forms.ClearableFileInput):
    """A box for several files."""

    allow_multiple_selected = True


class ManyFilesField(forms.FileField):
    """Several files, as a list; each is judged when it is kept, not here."""

    widget = ManyFilesInput

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        """The files; an empty one passes, so that the refusal can say which."""
        return [file for file in (data if isinstance(data, list | tuple) else [data]) if file is not None]


class _RuledForm(ActionForm):
    def refuse(self, refused: Refused) -> None:
        """Show each refusal beside its field."""
        for problem in refused.problems:
            name = _FIELD_OF.get(problem.code)
            self.add_error(name if name in self.fields else None, f"{problem.message} {problem.fix}".strip())


def _evidence_fields() -> tuple[forms.Field, forms.Field]:
    files = ManyFilesField(
        label="Archivos de evidencia",
        required=False,
        help_text=f"{ACCEPTED}; hasta 20 MB cada uno. Puede arrastrarlos aquí.",
    )
    link = forms.CharField(
        label="Enlace",
        required=False,
        max_length=LONGEST_LINK,
        help_text="Solo https. El sistema no lo abre ni lo guarda: queda marcado como «no custodiado».",
    )
    return files, link


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
    files, link = _evidence_fields()

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

    files, link = _evidence_fields()

    def clean(self) -> dict[str, Any]:
        """At least one of the two."""
        values: dict[str, Any] = super().clean() or self.cleaned_data
        if not values.get("files") and not values.get("link"):
            self.add_error("files", "Elija un archivo o escriba un enlace.")
        return values
