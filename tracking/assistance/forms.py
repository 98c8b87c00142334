"""Forms of the assistance log: three boxes for a quick question on a phone, the whole page for the rest."""

from __future__ import annotations

from typing import Any

from django import forms

from pes.files.inspection import VERDICTS
from pes.forms.base import ActionForm, DateInput
from pes.models import RoadActivity, TerritorialEntity
from pes.permissions import Permission
from pes.rules.files import ACCEPTED
from pes.rules.problems import Refused
from tracking.assistance.log import Said
from tracking.models import Assistance
from tracking.rules.assistance import MOST_MINUTES, MOST_PEOPLE, Kind

_FIELDS = {
    "date_in_future": "held_on",
    "date_too_early": "held_on",
    "theme_missing": "theme",
    "summary_missing": "summary",
    "minutes_missing": "minutes",
    "minutes_not_valid": "minutes",
    "participants_missing": "participants",
    "participants_not_valid": "participants",
    "reason_missing": "reason",
    "foreign_hito": "hitos",
    **dict.fromkeys(VERDICTS, "upload"),
}


class PlacedForm(ActionForm):
    """Shows each refusal beside the box that it is about, where there is one."""

    places: dict[str, str] = _FIELDS

    def refuse(self, refused: Refused) -> None:
        """Show each refusal beside its field."""
        for problem in refused.problems:
            place = self.places.get(problem.code)
            self.add_error(place if place in self.fields else None, f"{problem.message} {problem.fix}".strip())


def entity_choices(user: Any) -> list[tuple[str, list[tuple[str, str]]]]:
    """The entities that a person may log, those that they advise first."""
    rows = TerritorialEntity.objects.visible_to(user, Permission.ASSISTANCE_LOG)
    own = set(rows.of_advisor(user).values_list("pk", flat=True))  # type: ignore[attr-defined]
    named = [(one.dane_code, str(one), one.pk in own) for one in rows.order_by("name", "dane_code")]
    groups = [
        ("Las que asesora", [(code, name) for code, name, is_own in named if is_own]),
        ("Otras de la región", [(code, name) for code, name, is_own in named if not is_own]),
    ]
    return [group for group in groups if group[1]]


class QuickForm(PlacedForm):
    """A quick question: whose, about what, what was answered. Everything else is known."""

    entity = forms.ChoiceField(label="Entidad")
    theme = forms.CharField(label="Tema", max_length=150, widget=forms.TextInput(attrs={"autocomplete": "off"}))
    summary = forms.CharField(label="Respuesta", max_length=3000, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = entity_choices(user)
        several = sum(len(group) for _, group in choices) > 1
        self.fields["entity"].choices = [("", "Elija"), *choices] if several else choices


class AssistanceForm(PlacedForm):
    """An assistance of an entity, with everything."""

    kind = forms.ChoiceField(label="Clase", choices=Assistance.KINDS, widget=forms.RadioSelect)
    held_on = forms.DateField(label="Fecha", widget=DateInput())
    minutes = forms.IntegerField(
        label="Duración", required=False, min_value=1, max_value=MOST_MINUTES, help_text="En minutos."
    )
    participants = forms.IntegerField(
        label="Participantes", required=False, min_value=1, max_value=MOST_PEOPLE,
        help_text="Personas de la entidad. Sin nombres.",
    )  # fmt: skip
    hitos = forms.ModelMultipleChoiceField(
        RoadActivity.objects.none(), label="Hitos", required=False, widget=forms.CheckboxSelectMultiple
    )
    theme = forms.CharField(label="Tema", required=False, max_length=150, help_text="Si no es de un hito, de qué fue.")
    summary = forms.CharField(label="Qué se hizo", max_length=3000, widget=forms.Textarea(attrs={"rows": 4}))
    agreements = forms.CharField(
        label="Acuerdos", required=False, max_length=3000, widget=forms.Textarea(attrs={"rows": 3})
    )
    upload = forms.FileField(
        label="Lista de asistencia o soporte", required=False, help_text=f"{ACCEPTED}; hasta 20 MB."
    )

    def __init__(self, *args: Any, entity: TerritorialEntity, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        hitos = RoadActivity.objects.filter(phase__road__entity_road__entity=entity)
        self.fields["hitos"].queryset = hitos.order_by("phase__road", "phase__number", "number")
        self.fields["hitos"].label_from_instance = lambda hito: f"{hito.code}. {hito.text or 'Por completar'}"

    def said(self) -> Said:
        """What was typed."""
        typed = {name: self.cleaned_data[name] for name in ("held_on", "kind", "theme", "minutes", "participants")}
        return Said(
            **typed, hitos=list(self.cleaned_data["hitos"]), summary=self.cleaned_data["summary"],
            agreements=self.cleaned_data["agreements"],
        )  # fmt: skip


class CorrectionForm(AssistanceForm):
    """The row that stands for a wrong one."""

    reason = forms.CharField(
        label="Motivo de la corrección", max_length=500, help_text="Qué estaba mal. Queda escrito."
    )
    field_order = ("reason",)


def initial_of(said: Said) -> dict[str, Any]:
    """What the correction shows of a stored row."""
    return said.columns() | {"hitos": [one.pk for one in said.hitos]}


QUESTION = Kind.QUESTION.value
