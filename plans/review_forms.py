"""Forms of the review: an observation, a turn of a thread, the checklist, and the acts that carry words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from django import forms

from pes.forms.base import ActionForm, DateInput
from pes.forms.edits import EditForm
from pes.rules.threads import TEXT_LIMIT
from plans.checklist import Answer
from plans.observations import PLAN_FIELDS
from plans.rules.fields import GOAL_FIELDS
from plans.rules.goals import Instrument
from plans.rules.plan_states import ReviewItem

ANSWERS = (("si", "Cumple"), ("no", "No cumple"))
_PLACES = {
    False: [("", "Todo el plan"), *PLAN_FIELDS.items()],
    True: [("", "Toda la meta"), *((field.name, field.label) for field in GOAL_FIELDS)],
}


class TurnForm(ActionForm):
    """What is answered in a thread, or insisted on."""

    text = forms.CharField(label="Respuesta", max_length=TEXT_LIMIT, widget=forms.Textarea(attrs={"rows": 3}))
    back = forms.CharField(required=False, max_length=10, widget=forms.HiddenInput())


class ObservationForm(TurnForm):
    """What is observed, about the whole or about a goal and one of its fields; `places` has the fields of each."""

    places: ClassVar[Mapping[bool, Sequence[tuple[str, str]]]] = _PLACES
    goal = forms.IntegerField(required=False, min_value=1, widget=forms.HiddenInput())
    field = forms.ChoiceField(label="Sobre", required=False, choices=())
    field_order = ("goal", "back", "field", "text")

    def __init__(self, *args: Any, on_goal: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["field"].choices = self.places[on_goal]
        self.fields["text"].label = "Observación"


class NoteForm(ActionForm):
    """With which memo or e-mail a plan goes back."""

    note = forms.CharField(
        label="Memorando o correo con que se devuelve",
        required=False,
        max_length=500,
        help_text="Por ejemplo «Memorando GDI-GPD-F031 del 14 de febrero». Queda en la historia del plan.",
    )


class OfficialForm(ActionForm):
    """The HOLA case of a plan that becomes official (PG-06)."""

    hola_case = forms.CharField(
        label="Número del caso HOLA",
        max_length=60,
        help_text="Con el que quedó registrado.",
        error_messages={"required": "Falta el número del caso HOLA."},
    )
    hola_on = forms.DateField(
        label="Fecha del caso",
        widget=DateInput(),
        help_text="Día en que se registró.",
        error_messages={"required": "Falta la fecha del caso HOLA."},
    )


class IdentificationForm(EditForm):
    """The identification block of a plan: formats F017 and F018."""

    process_objective = forms.CharField(
        label="Objetivo del proceso",
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Como está en la caracterización; a él sirven las metas.",
    )
    scope = forms.CharField(
        label="Alcance",
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Dónde empieza y dónde termina lo que el plan abarca.",
    )
    leader = forms.CharField(
        label="Líder", required=False, max_length=250, help_text="Cargo de quien responde por el plan."
    )
    instruments = forms.MultipleChoiceField(
        label="Instrumentos con que se articula",
        required=False,
        choices=[(instrument.value, instrument.label) for instrument in Instrument],
        widget=forms.CheckboxSelectMultiple(),
        help_text="Al menos uno.",
    )
    articulation_detail = forms.CharField(
        label="Cómo se articula",
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Qué objetivo, programa o proyecto de esos instrumentos apoya.",
    )

    def facts(self) -> Mapping[str, Any]:
        """What was typed, named as the audit names it."""
        return {name: self.cleaned_data[name] for name in self.fields if name != "read"}


class ChecklistForm(ActionForm):
    """The questions of PG-V1 that a person answers, each with a note; what is left blank stays unanswered."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for item in asked():
            self.fields[item.value] = forms.ChoiceField(
                label=item.question, required=False, choices=ANSWERS, widget=forms.RadioSelect(), help_text=item.norm
            )
            self.fields[f"{item.value}_note"] = forms.CharField(label="Nota", required=False, max_length=500)

    def answers(self) -> dict[ReviewItem, Answer]:
        """What was answered."""
        return {
            item: Answer(self.cleaned_data[item.value] == "si", self.cleaned_data[f"{item.value}_note"])
            for item in asked()
            if self.cleaned_data[item.value]
        }


def asked() -> list[ReviewItem]:
    """The questions that the system does not answer by itself."""
    return [item for item in ReviewItem if not item.is_automatic]
