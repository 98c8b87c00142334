"""Forms of people and roles."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone

from pes.access import units_for
from pes.forms.base import ActionForm, DateInput
from pes.models import OrganizationUnit, User
from pes.permissions import Permission, Role

_ROLE_HELP = "Lo que puede hacer cada rol está en la lista de roles de esta página."


def manageable_units(user: User) -> Any:
    """Active units where the person administers people, as the choices of a field."""
    return OrganizationUnit.objects.filter(pk__in=units_for(user, Permission.PEOPLE_MANAGE), is_active=True)


class UnitChoice(forms.ModelChoiceField):
    """A unit by its code and name."""

    def label_from_instance(self, obj: Any) -> str:
        """«PLE-PIN · Planeación Institucional»."""
        return f"{obj.code} · {obj.name}"


class GrantForm(ActionForm):
    """A role on a unit between two dates."""

    role = forms.ChoiceField(label="Rol", choices=[("", "Elija un rol"), *Role.choices()])
    unit = UnitChoice(
        label="Unidad",
        queryset=OrganizationUnit.objects.none(),
        empty_label="Elija una unidad",
        help_text="El rol vale en esta unidad y en todo lo que depende de ella.",
    )
    starts_on = forms.DateField(label="Desde", widget=DateInput(), help_text="Primer día del rol.")
    ends_on = forms.DateField(
        label="Hasta", required=False, widget=DateInput(), help_text="Último día, completo. Vacío: sin fecha final."
    )

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = manageable_units(by)
        self.fields["starts_on"].initial = timezone.localdate

    def clean_role(self) -> Role:
        """The role itself, not its name."""
        return Role(self.cleaned_data["role"])


class InviteForm(GrantForm):
    """A person to be invited, with their first role."""

    field_order = ("full_name", "email", "role", "unit", "starts_on", "ends_on")

    full_name = forms.CharField(label="Nombre completo", max_length=200, help_text="Como aparecerá en los documentos.")
    email = forms.EmailField(
        label="Correo electrónico institucional",
        help_text="Allí llega la invitación. Si la persona ya tiene cuenta, solo recibe el rol.",
    )


class EndForm(ActionForm):
    """The last day of a role, and why."""

    on = forms.DateField(
        label="Último día",
        widget=DateInput(),
        help_text="Ese día el rol todavía vale completo. Para quitarlo ya, escriba la fecha de ayer.",
    )
    reason = forms.CharField(label="Motivo", max_length=500, help_text="Queda en la bitácora.")
