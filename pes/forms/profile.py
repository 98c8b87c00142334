"""Forms of a profile's records, made from their models: a field for each column, with its label and its help."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.db import models
from django.forms.models import fields_for_model

from pes.access import can
from pes.forms.base import DateInput, ReasonForm
from pes.forms.edits import EditForm
from pes.forms.numbers import PesosField
from pes.models import InvestmentProject, Objective, OrganizationUnit, SectorPlan, Vigencia
from pes.permissions import Permission
from pes.profile.kinds import Kind
from pes.profile.records import written

LONGEST = 4000  # characters of a text
_ROWS = 3


class RecordForm(EditForm):
    """The fields of one kind of record of a PES; an entity is one of those that the person may write for."""

    def __init__(self, *args: Any, kind: Kind, plan: SectorPlan, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind = kind
        self.fields = fields_for_model(kind.model, kind.fields, formfield_callback=_field) | self.fields
        for name, choices in _choices(plan, user).items():
            if name in self.fields:
                field: Any = self.fields[name]
                field.queryset = choices
        if "entity" in self.fields and not can(user, Permission.PROFILE_EDIT, plan.sector):
            self.fields["entity"].required = True  # who does not write for the sector says for which entity

    def facts(self) -> Mapping[str, Any]:
        """What was typed, named as the audit names it."""
        return written(self.kind, self.said())

    def said(self) -> dict[str, Any]:
        """What was typed, once it is valid; what is linked as a list."""
        found = {name: self.cleaned_data.get(name) for name in self.kind.fields}
        return {name: list(found[name] or ()) if name in self.kind.links else found[name] for name in found}


class RemovalForm(ReasonForm):
    """Why a record is taken out."""


class ObjectivesField(forms.ModelMultipleChoiceField):
    """Objectives of the PES, as boxes to tick."""

    widget = forms.CheckboxSelectMultiple

    def label_from_instance(self, obj: Any) -> str:
        """«Objetivo 1: Construir la paz…»."""
        return f"{obj}: {obj.text[:140]}{'…' if len(obj.text) > 140 else ''}"


def _field(column: Any, **given: Any) -> forms.Field:
    """The box of a column."""
    words = {"label": str(column.verbose_name).capitalize(), "help_text": column.help_text}
    if isinstance(column, models.ManyToManyField):
        return ObjectivesField(Objective.objects.none(), required=False, **words)
    if isinstance(column, models.DecimalField):
        return PesosField(required=not column.blank, **words)
    if isinstance(column, models.DateField):
        return forms.DateField(required=not column.blank, widget=DateInput(), **words)
    if isinstance(column, models.TextField):
        box = forms.Textarea(attrs={"rows": _ROWS})
        return forms.CharField(required=not column.blank, max_length=LONGEST, widget=box, **words)
    made: forms.Field = column.formfield(**words)
    return made


def _choices(plan: SectorPlan, user: Any) -> dict[str, Any]:
    """What may be chosen in a PES, by field."""
    entities = OrganizationUnit.objects.entities_of(plan.sector)
    ours = entities.filter(pk__in=OrganizationUnit.objects.visible_to(user, Permission.PROFILE_EDIT).values("pk"))
    return {
        "entity": ours,
        "project": InvestmentProject.objects.filter(entity__in=ours.values("pk")).order_by("entity__sort_key", "code"),
        "vigencia": Vigencia.objects.filter(pk__in=plan.vigencias).order_by("year"),
        "objectives": Objective.objects.filter(plan=plan).order_by("number"),
        "development_plan": plan.development_plans.all(),
    }
