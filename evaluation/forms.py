"""Forms of weights: those of the indicators of an objective, those between objectives, and their acts."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django import forms

from pes.forms.base import ActionForm, DateInput
from pes.forms.numbers import NumberField
from pes.rules.numbers import format_magnitude
from pes.rules.weights import equal, proportional, residual_to

PROPORTIONAL, EQUAL, RESIDUAL = "proporcional", "iguales", "residuo"


class WeightsForm(ActionForm):
    """One box of percentage points per key; `read` says which weights the person was editing."""

    read = forms.CharField(required=False, widget=forms.HiddenInput())
    helper = forms.CharField(required=False, widget=forms.HiddenInput())
    residual = forms.ChoiceField(label="Asignar residuo a", required=False)

    def __init__(self, *args: Any, labels: Mapping[str, str], disabled: bool = False, **kwargs: Any) -> None:
        self.keys = tuple(labels)
        boxes = {box(key): _weight_field(label, disabled) for key, label in labels.items()}
        self.base_fields = {
            **type(self).base_fields,
            **boxes,
        }  # of this form only: the base class logs what is not asked
        super().__init__(*args, **kwargs)
        self.fields["residual"].choices = [(key, label) for key, label in labels.items()]

    def boxes(self) -> list[forms.BoundField]:
        """The bound boxes, in the order of the keys."""
        return [self[box(key)] for key in self.keys]

    def weights(self) -> dict[str, Decimal]:
        """What was typed, without the empty boxes."""
        typed = {key: self.cleaned_data.get(box(key)) for key in self.keys}
        return {key: weight for key, weight in typed.items() if weight is not None}

    def helped(self) -> dict[str, Decimal]:
        """The typed weights after the helper that was asked for (W-04); Refused when it cannot help."""
        helper = self.cleaned_data.get("helper")
        if helper == EQUAL:
            return equal(self.keys)
        if helper == PROPORTIONAL:
            return proportional(self.weights())
        if helper == RESIDUAL:
            return residual_to(
                {key: self.cleaned_data.get(box(key)) for key in self.keys}, self.cleaned_data["residual"]
            )
        return self.weights()


class LockForm(ActionForm):
    """The act that approved the weights."""

    act = forms.CharField(
        label="Acto que las aprobó", max_length=200, help_text="Clase y número: «Acta 3 del Comité Sectorial»."
    )
    act_on = forms.DateField(label="Fecha del acto", widget=DateInput(), help_text="La fecha que lleva el acto.")


class ReopenForm(ActionForm):
    """The act that orders to reopen the weights, and why."""

    act = forms.CharField(label="Acto que ordena reabrir", max_length=200, help_text="Clase, número y fecha.")
    reason = forms.CharField(
        label="Motivo",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Queda en la bitácora; los cortes consolidados no cambian.",
    )


class RunForm(ActionForm):
    """Why a consolidated cut-off gets another run."""

    reason = forms.CharField(
        label="Motivo de la corrección",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Queda en la corrida y en la bitácora. Por ejemplo: «Oficio 12 de 2022: error de digitación en el 644».",
    )


def box(key: str) -> str:
    """Name of the box of a key."""
    return f"peso-{key}"


def initial_of(weights: Mapping[str, Decimal], read: str = "", residual: str = "") -> dict[str, Any]:
    """Initial values of the form."""
    texts = {box(key): format_magnitude(weight, max(2, _places(weight))) for key, weight in weights.items()}
    return texts | {"read": read, "residual": residual}


def filled(
    labels: Mapping[str, str], weights: Mapping[str, Decimal], read: str, residual: str = "", *, disabled: bool = False
) -> WeightsForm:
    """An unbound form that shows some weights."""
    return WeightsForm(labels=labels, disabled=disabled, initial=initial_of(weights, read, residual))


def _places(weight: Decimal) -> int:
    exponent = weight.as_tuple().exponent
    return -exponent if isinstance(exponent, int) else 0


def _weight_field(label: str, disabled: bool) -> NumberField:
    field = NumberField(label=label, required=False, max_digits=20, decimal_places=10, disabled=disabled)
    field.widget.attrs |= {"data-pes-addend": "", "aria-label": f"Ponderación de {label}, en puntos porcentuales"}
    return field
