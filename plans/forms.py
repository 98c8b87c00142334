"""Forms of planes de gestión."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms

from pes.forms.base import ActionForm
from pes.models import OrganizationUnit


class OpenForm(ActionForm):
    """The entity and the vigencia whose plans are opened."""

    entity = forms.ModelChoiceField(
        OrganizationUnit.objects.none(),
        label="Entidad",
        empty_label=None,
        help_text="Se abre el plan de cada proceso y alcaldía.",
    )
    vigencia = forms.ChoiceField(label="Vigencia", help_text="Su metodología debe estar publicada.")

    def __init__(self, *args: Any, entities: Any, years: Iterable[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["entity"].queryset = entities
        self.fields["vigencia"].choices = [(str(year), str(year)) for year in years]


class OpenOwnForm(ActionForm):
    """One's own process or alcaldía, and the vigencia whose plan is opened."""

    unit = forms.ModelChoiceField(
        OrganizationUnit.objects.none(),
        label="Unidad",
        empty_label=None,
        help_text="Si su plan ya está abierto, se lo mostramos.",
    )
    vigencia = forms.ChoiceField(label="Vigencia", help_text="Su metodología está publicada.")

    def __init__(self, *args: Any, units: Any, years: Iterable[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = units
        self.fields["vigencia"].choices = [(str(year), str(year)) for year in years]
