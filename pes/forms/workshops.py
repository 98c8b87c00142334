"""Forms of the mesas de trabajo."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.utils import timezone

from pes.forms.base import ActionForm, DateInput
from pes.forms.edits import EditForm
from pes.models import OrganizationUnit, Vigencia, Workshop
from pes.rules.workshops import Attendee, attendance_problems, day_problems, read_attendance
from pes.workshops import Meeting, workshop_facts

ERRORS_SHOWN = 5


class UnitsChoice(forms.ModelMultipleChoiceField):
    """Units by code and name, as boxes to tick."""

    widget = forms.CheckboxSelectMultiple

    def label_from_instance(self, obj: Any) -> str:
        """«PLE-PIN · Planeación Institucional»."""
        return f"{obj.code} · {obj.name}"


class WorkshopForm(ActionForm):
    """When a mesa was held, about what, who was there and what was agreed."""

    vigencia = forms.ModelChoiceField(
        Vigencia.objects.order_by("-year"),
        label="Vigencia",
        empty_label="Elija una vigencia",
        help_text="La de los planes de gestión que la mesa preparó.",
    )
    held_on = forms.DateField(label="Fecha", widget=DateInput(), help_text="El día en que se celebró: hoy o antes.")
    topic = forms.CharField(
        label="Asunto", max_length=250, help_text="Por ejemplo: «Formulación de las metas técnicas»."
    )
    units = UnitsChoice(
        OrganizationUnit.objects.none(),
        label="Unidades que participaron",
        help_text="Los procesos y alcaldías cuyo plan se preparó; al menos una.",
        error_messages={"required": "Marque al menos un proceso o alcaldía."},
    )
    attendance = forms.CharField(
        label="Asistencia",
        max_length=60_000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text="Una persona por línea: nombre; cargo. También puede pegar dos columnas de Excel.",
        error_messages={"required": "Escriba al menos una persona: «nombre; cargo»."},
    )
    minutes = forms.CharField(
        label="Acta",
        max_length=50_000,
        widget=forms.Textarea(attrs={"rows": 10}),
        help_text="Qué se trató, qué se acordó y quién quedó encargado.",
        error_messages={"required": "Escriba qué se trató y qué se acordó."},
    )

    def __init__(self, *args: Any, units: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["units"].queryset = units

    def clean_attendance(self) -> list[Attendee]:
        """The people, one a line; what is wrong with them, the first few."""
        people = read_attendance(self.cleaned_data["attendance"])
        problems = list(attendance_problems(people))
        if problems:
            shown, left = problems[:ERRORS_SHOWN], len(problems) - ERRORS_SHOWN
            more = [f"Y {left} más."] if left > 0 else []
            fixes = dict.fromkeys(problem.fix for problem in shown)
            raise forms.ValidationError([*(problem.message for problem in shown), *more, *fixes])
        return people

    def clean_held_on(self) -> date:
        """A day that has come."""
        day: date = self.cleaned_data["held_on"]
        for problem in day_problems(day, timezone.localdate()):
            raise forms.ValidationError(f"{problem.message} {problem.fix}")
        return day

    def meeting(self) -> Meeting:
        """What was typed, once it is valid."""
        said = self.cleaned_data
        return Meeting(
            vigencia=said["vigencia"],
            held_on=said["held_on"],
            topic=said["topic"],
            units=list(said["units"]),
            attendees=said["attendance"],
            minutes=said["minutes"],
        )


class WorkshopCorrectionForm(WorkshopForm, EditForm):
    """A mesa that is registered already, and why it is corrected."""

    reason = forms.CharField(
        label="Motivo de la corrección",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Queda en la historia de la mesa. Por ejemplo: «Faltaba una asistente».",
    )
    field_order = ("vigencia", "held_on", "topic", "units", "attendance", "minutes", "reason")

    def facts(self) -> Mapping[str, Any]:
        """What was typed, named as the audit names it."""
        return self.meeting().facts()


def initial_of(workshop: Workshop) -> dict[str, Any]:
    """What the form shows of a stored mesa."""
    facts = workshop_facts(workshop)
    return {
        "vigencia": workshop.vigencia_id,
        "held_on": workshop.held_on,
        "topic": workshop.topic,
        "units": [unit.pk for unit in workshop.units.all()],
        "attendance": "\n".join(facts["attendees"]),
        "minutes": workshop.minutes,
    }
