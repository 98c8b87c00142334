"""Forms of investment projects."""

from __future__ import annotations

from typing import Any

from django import forms

from pes.forms.base import ActionForm
from pes.models import OrganizationUnit


class ProjectForm(ActionForm):
    """The code and name of a project."""

    code = forms.CharField(label="Código", max_length=30, help_text="El del banco de proyectos, por ejemplo 7868.")
    name = forms.CharField(
        label="Nombre", max_length=400, widget=forms.Textarea(attrs={"rows": 3}), help_text="Como está registrado."
    )


class NewProjectForm(ProjectForm):
    """A project and the entity it belongs to, among those the person may edit."""

    entity = forms.ModelChoiceField(
        OrganizationUnit.objects.none(), label="Entidad", help_text="La entidad que lo ejecuta."
    )
    field_order = ("entity", "code", "name")

    def __init__(self, *args: Any, entities: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["entity"].queryset = entities
