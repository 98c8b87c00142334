"""Forms of the organisation's tree."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.validators import validate_slug

from pes import units
from pes.access import units_for
from pes.forms.base import ActionForm
from pes.forms.people import UnitChoice
from pes.models import OrganizationUnit, UnitKind, User
from pes.models.organization import PARENT_KINDS, ProcessClass
from pes.permissions import Permission


class UnitForm(ActionForm):
    """What may change in a unit: its names, place, platform and order."""

    name = forms.CharField(label="Nombre", max_length=250, help_text="El nombre oficial, completo.")
    acronym = forms.CharField(label="Sigla", max_length=30, required=False)
    parent = UnitChoice(
        label="Depende de",
        queryset=OrganizationUnit.objects.none(),
        empty_label="Elija una unidad",
        help_text="Quien tiene un rol en esa unidad lo tiene también en esta.",
    )
    process_class = forms.ChoiceField(
        label="Clase de proceso",
        choices=[("", "Sin clase"), *ProcessClass.choices],
        required=False,
        help_text="Solo de un proceso: los informes del año van en ese orden, primero los misionales.",
    )
    is_head = forms.BooleanField(
        label="Es la cabeza del sector", required=False, help_text="Solo una entidad por sector."
    )
    mission = forms.CharField(label="Misión", required=False, widget=forms.Textarea(attrs={"rows": 4}))
    vision = forms.CharField(label="Visión", required=False, widget=forms.Textarea(attrs={"rows": 4}))
    platform_act = forms.CharField(
        label="Acto que adopta misión y visión",
        max_length=250,
        required=False,
        help_text="Por ejemplo: «Resolución 123 de 2020».",
    )
    sort_key = forms.IntegerField(
        label="Orden", min_value=0, initial=0, help_text="Lugar en las listas; con el mismo número decide el código."
    )

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["parent"].queryset = OrganizationUnit.objects.filter(
            pk__in=units_for(by, Permission.UNITS_MANAGE), is_active=True
        ).exclude(kind__in=(UnitKind.PROCESS, UnitKind.ALCALDIA_LOCAL))


class NewUnitForm(UnitForm):
    """A new unit: also its code and kind, which never change."""

    field_order = ("kind", "code", "name", "acronym", "parent")

    kind = forms.ChoiceField(
        label="Clase",
        choices=[("", "Elija una clase"), *((k, label) for k, label in UnitKind.choices if k != UnitKind.DISTRICT)],
        help_text="Sector → entidad → proceso, alcaldía local o dependencia. No se puede cambiar después.",
    )
    code = forms.CharField(
        label="Código",
        max_length=60,
        validators=[validate_slug],
        help_text="Letras sin tilde, números y guiones; va en las direcciones y no se puede cambiar después. Por ejemplo: PLE-PIN.",
    )

    def clean_code(self) -> str:
        """One code, one unit, whatever the case."""
        code = self.cleaned_data["code"]
        if OrganizationUnit.objects.filter(code__iexact=code).exists():
            raise forms.ValidationError(f"Ya hay una unidad con el código «{code}». Use otro.")
        return code


class KnownUnitForm(UnitForm):
    """An existing unit: only what its kind has."""

    def __init__(self, *args: Any, unit: OrganizationUnit, **kwargs: Any) -> None:
        super().__init__(*args, initial={name: getattr(unit, name) for name in units.FIELDS}, **kwargs)
        if not PARENT_KINDS[unit.kind]:
            del self.fields["parent"]  # the district depends on nobody
        else:
            queryset = self.fields["parent"].queryset.filter(kind__in=PARENT_KINDS[unit.kind])
            self.fields["parent"].queryset = queryset | OrganizationUnit.objects.filter(pk=unit.parent_id)
        if unit.kind != UnitKind.ENTITY:
            del self.fields["is_head"]
        if unit.kind != UnitKind.PROCESS:
            del self.fields["process_class"]
