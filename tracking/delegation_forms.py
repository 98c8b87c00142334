"""Forms of delegations."""

from __future__ import annotations

from typing import Any

from django import forms

from pes.forms.base import ActionForm, DateInput, ReasonForm
from pes.models import OrganizationUnit
from tracking.delegations import DOCUMENT_LIMIT


class DelegationForm(ActionForm):
    """To whom, on which unit, between which days, by which document."""

    unit = forms.ModelChoiceField(
        OrganizationUnit.objects.none(), to_field_name="code", label="Proceso o alcaldía", empty_label=None
    )
    email = forms.EmailField(label="Correo de la persona", help_text="Debe tener ya una cuenta en este sistema.")
    starts_on = forms.DateField(label="Desde", widget=DateInput())
    ends_on = forms.DateField(label="Hasta", widget=DateInput(), help_text="El último día cuenta completo.")
    document = forms.CharField(
        label="Documento que delega",
        max_length=DOCUMENT_LIMIT,
        help_text="Por ejemplo: Memorando 2022-1234 del 4 de abril de 2022.",
    )

    def __init__(self, *args: Any, units: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = units


class EndDelegationForm(ReasonForm):
    """Why a delegation ends before its day."""
