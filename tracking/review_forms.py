"""Forms of the review of a report: an observation, a correction, more days."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from django import forms

from pes.forms.base import ActionForm, DateInput, ReasonForm
from pes.rules.threads import TEXT_LIMIT
from plans.consultation_forms import Prose
from plans.goal_forms import TypedField
from plans.review_forms import ObservationForm
from plans.rules.values import ValueProblem
from tracking.filling import Value
from tracking.report_observations import PLACES
from tracking.rules.entry_values import read_entry
from tracking.rules.goal_reports import ENTRY_FIELDS

REASON_LIMIT = 500  # characters


class ReportObservationForm(ObservationForm):
    """What is observed, about the report or about a goal and one of its fields."""

    places: ClassVar[Mapping[bool, Sequence[tuple[str, str]]]] = {
        False: [("", "Todo el reporte")],
        True: [("", "Toda la meta"), *PLACES.items()],
    }


class SendBackForm(ActionForm):
    """What to observe of the whole report as it goes back; its goals may have been observed already."""

    text = Prose(label="Observación general", limit=TEXT_LIMIT, rows=3, required=False)

    def __init__(self, *args: Any, has_open: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].required = not has_open
        self.fields["text"].help_text = (
            "Si hace falta, además de lo observado en las metas."
            if has_open
            else "Nada espera respuesta: diga aquí qué falta, u obsérvelo en la meta."
        )


class CorrectionForm(ActionForm):
    """One field of a goal as the OAP leaves it, and why."""

    field = forms.ChoiceField(
        label="Dato", choices=[(field.name, field.label) for field in ENTRY_FIELDS], initial="achieved"
    )
    value = TypedField(
        label="Dato corregido",
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Vacío, si no debe haber nada.",
    )
    reason = Prose(
        label="Motivo",
        limit=REASON_LIMIT,
        rows=2,
        help_text="El equipo ve lo que decía, lo que dice y el motivo.",
    )

    def clean(self) -> dict[str, Any]:
        """Read the value as its field reads it."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        self.typed: Value = None
        if "field" in cleaned:
            try:
                self.typed = read_entry(cleaned["field"], cleaned.get("value", ""))
            except ValueProblem as found:
                self.add_error("value", f"{found.problem.message} {found.problem.fix}".strip())
        return cleaned


class ExtensionForm(ReasonForm):
    """Until when a report may be sent in time, and why."""

    to = forms.DateField(label="Nuevo vencimiento", widget=DateInput(), help_text="Ese día cuenta completo.")
    field_order = ("to", "reason")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].help_text = "El equipo lo recibe. Por ejemplo: «El sistema estuvo fuera de servicio»."
