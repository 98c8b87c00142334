"""Forms of the marco estratégico and its objectives."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms

from pes.forms.base import ActionForm, DateInput
from pes.forms.edits import EditForm
from pes.models import Objective


class FrameworkForm(ActionForm):
    """The act that adopts a framework and the days between which it is in force."""

    act = forms.CharField(
        label="Acto que lo adopta",
        max_length=250,
        help_text="Número y fecha, por ejemplo «Resolución 162 de 2024».",
    )
    valid_from = forms.DateField(label="Vigente desde", widget=DateInput(), help_text="Primer día en que rige.")
    valid_until = forms.DateField(
        label="Vigente hasta", required=False, widget=DateInput(), help_text="Último día. Vacío: sin fecha final."
    )


class FrameworkEditForm(FrameworkForm, EditForm):
    """The same data of a framework that is registered already."""

    def facts(self) -> Mapping[str, Any]:
        """What was typed, named as the audit names it."""
        days = {name: self.cleaned_data[name] for name in ("valid_from", "valid_until")}
        return {"act": self.cleaned_data["act"]} | {name: day and day.isoformat() for name, day in days.items()}


class SectorObjectiveChoice(forms.ModelChoiceField):
    """An objective of the sector by its plan, number and words."""

    def label_from_instance(self, obj: Any) -> str:
        """«2020–2024 · Objetivo 1: Construir la paz…»."""
        return f"{obj.plan.period} · {obj}: {obj.text[:120]}"


class ObjectiveForm(ActionForm):
    """An objective of a framework and the objective of the sector that it feeds."""

    number = forms.IntegerField(label="Número", min_value=1, max_value=999, help_text="El que tiene en el acto.")
    text = forms.CharField(
        label="Objetivo",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Como está en el acto; las metas de los planes de gestión lo muestran con estas palabras.",
    )
    sector_objective = SectorObjectiveChoice(
        label="Objetivo del sector al que aporta",
        queryset=Objective.objects.none(),
        required=False,
        empty_label="Ninguno",
        help_text="El del plan estratégico sectorial al que la entidad contribuye con este.",
    )

    def __init__(self, *args: Any, objectives: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["sector_objective"].queryset = objectives


class ObjectiveEditForm(ObjectiveForm, EditForm):
    """The same data of an objective that is registered already."""

    def facts(self) -> Mapping[str, Any]:
        """What was typed, named as the audit names it."""
        linked = self.cleaned_data["sector_objective"]
        words = {name: self.cleaned_data[name] for name in ("number", "text")}
        return words | {"sector_objective": f"{linked} ({linked.plan.period})" if linked else None}
