"""Forms of a citizen survey: what it asks, what a citizen answers, what was counted on paper."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms

from pes.forms.base import ActionForm, DateInput
from pes.forms.edits import EditForm
from pes.forms.prose import Prose
from pes.forms.public import PublicForm
from pes.models import Survey, SurveyOption
from pes.participation.paper import ACT_LIMIT, PLACE_LIMIT, Count
from pes.participation.surveys import SurveyFacts
from pes.rules.surveys import (
    INTRODUCTION_LIMIT,
    MOST_SHEETS,
    OPTION_LIMIT,
    QUESTION_LIMIT,
    REASON_LIMIT,
    TEXT_LIMIT,
    TITLE_LIMIT,
    read_options,
)

WRITTEN_LIMIT = 20_000  # characters of everything that one count has under «otro»
KINDS = (("multiple", "Varias opciones"), ("single", "Una sola opción"))


class SurveyForm(ActionForm):
    """What is asked, of how many options one may mark, and between which days."""

    title = forms.CharField(
        label="Título", max_length=TITLE_LIMIT, help_text="Con este nombre aparece en el portal público."
    )
    introduction = Prose(
        label="Presentación",
        limit=INTRODUCTION_LIMIT,
        required=False,
        help_text="Quién pregunta y para qué se usan las respuestas. Se lee antes de la pregunta.",
    )
    question = Prose(label="Pregunta", limit=QUESTION_LIMIT, help_text="La única pregunta de la encuesta.")
    options = Prose(label="Opciones", limit=4000, rows=6, help_text="Una por línea, en el orden en que se leen.")
    other = forms.CharField(
        label="Opción que pide escribir cuál",
        required=False,
        max_length=OPTION_LIMIT,
        initial="Otro, ¿cuál?",
        help_text="Va de última. Déjela vacía si la encuesta no la tiene.",
    )
    kind = forms.ChoiceField(label="Se puede marcar", choices=KINDS, widget=forms.RadioSelect(), initial="multiple")
    opens_on = forms.DateField(label="Abre", widget=DateInput(), help_text="El día cuenta completo.")
    closes_on = forms.DateField(
        label="Cierra", widget=DateInput(), help_text="El día cuenta completo. Al día siguiente se cierra sola."
    )

    def said(self) -> SurveyFacts:
        """What was typed, once it is valid."""
        typed = self.cleaned_data
        return SurveyFacts(
            title=typed["title"],
            question=typed["question"],
            options=read_options(typed["options"], typed["other"].strip()),
            opens_on=typed["opens_on"],
            closes_on=typed["closes_on"],
            introduction=typed["introduction"],
            is_multiple=typed["kind"] == "multiple",
        )


class SurveyEditForm(SurveyForm, EditForm):
    """A survey that is there already."""

    def facts(self) -> Mapping[str, Any]:
        """What was typed, named as the audit names it."""
        return self.said().tidied().facts()


def initial_of(survey: Survey) -> dict[str, Any]:
    """What the form shows of a stored survey."""
    options = list(survey.options.order_by("number"))
    stored = {name: getattr(survey, name) for name in ("title", "introduction", "question", "opens_on", "closes_on")}
    return stored | {
        "options": "\n".join(option.text for option in options if not option.is_other),
        "other": next((option.text for option in options if option.is_other), ""),
        "kind": "multiple" if survey.is_multiple else "single",
    }


class ReopenForm(ActionForm):
    """Until when answers are taken again, and why."""

    closes_on = forms.DateField(label="Cierra", widget=DateInput(), help_text="El día cuenta completo.")
    reason = forms.CharField(label="Motivo", max_length=REASON_LIMIT, help_text="Queda en la bitácora.")


class HideForm(ActionForm):
    """Why the words of a citizen are not shown."""

    reason = forms.CharField(
        label="Por qué no se muestra",
        max_length=REASON_LIMIT,
        help_text="Por ejemplo «Trae datos personales». No se publica.",
    )


class CitizenForm(PublicForm):
    """A citizen's answer, with the ticket of the form."""

    ticket = forms.CharField(required=False, widget=forms.HiddenInput())
    options = forms.TypedMultipleChoiceField(
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": "Marque al menos una opción.",
            "invalid_choice": "Una de las opciones no es de esta encuesta. Márquelas otra vez.",
        },
    )
    which = forms.CharField(
        required=False,
        max_length=TEXT_LIMIT,
        help_text="No escriba su nombre ni otros datos personales. Se lee antes de publicarse.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, *args: Any, survey: Survey, options: Sequence[SurveyOption], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        asked = self.fields["options"]
        asked.label = survey.question
        asked.help_text = "Puede marcar varias." if survey.is_multiple else "Marque una sola."
        asked.choices = [(option.number, option.text) for option in options]
        if not survey.is_multiple:
            asked.widget = forms.RadioSelect(choices=asked.choices)
        other = next((option for option in options if option.is_other), None)
        if other is None:
            del self.fields["which"]
        else:
            self.fields["which"].label = f"Si marcó «{other.text}», escriba cuál"


class CountForm(ActionForm):
    """What was counted by hand at one place on one day."""

    place = forms.CharField(label="Lugar", max_length=PLACE_LIMIT, help_text="Por ejemplo «Diálogo ciudadano, Usme».")
    held_on = forms.DateField(label="Fecha", widget=DateInput(), help_text="El día en que se respondió en papel.")
    act_number = forms.CharField(
        label="Número del acta", max_length=ACT_LIMIT, help_text="La que da fe del conteo; se guarda con él."
    )
    sheets = forms.IntegerField(
        label="Hojas contadas", min_value=1, max_value=MOST_SHEETS, help_text="Cuántas personas respondieron en papel."
    )
    written = Prose(
        label="Lo que escribieron en «otro», una respuesta por línea",
        limit=WRITTEN_LIMIT,
        required=False,
        rows=6,
        help_text=f"Hasta {TEXT_LIMIT} caracteres cada una. Se moderan como las de en línea antes de publicarse.",
    )

    def __init__(self, *args: Any, survey: Survey, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.options = list(survey.options.order_by("number"))
        for option in self.options:
            self.fields[_mark(option.number)] = forms.IntegerField(
                label=f"Marcan «{option.text}»", min_value=0, max_value=MOST_SHEETS, required=False, initial=0
            )
        if not any(option.is_other for option in self.options):
            del self.fields["written"]
        self.order_fields([*(name for name in self.fields if name != "written"), "written"])

    def count(self) -> Count:
        """What was typed, once it is valid."""
        typed = self.cleaned_data
        marks = {option.number: typed[_mark(option.number)] or 0 for option in self.options}
        written = tuple(typed.get("written", "").splitlines())
        return Count(typed["place"], typed["held_on"], typed["act_number"], typed["sheets"], marks, written)


class CountEditForm(CountForm, EditForm):
    """A count that is there already, and why it is corrected."""

    reason = forms.CharField(
        label="Motivo de la corrección", max_length=REASON_LIMIT, help_text="Queda en la bitácora."
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.order_fields([*(name for name in self.fields if name != "reason"), "reason"])

    def facts(self) -> Mapping[str, Any]:
        """What was typed, named as the audit names it."""
        return self.count().facts()


class WithdrawForm(ActionForm):
    """Why a count is taken back."""

    reason = forms.CharField(
        label="Por qué se retira",
        max_length=REASON_LIMIT,
        help_text="Por ejemplo «Se registró dos veces». Queda en la bitácora.",
    )


def marks_of(batch: Any) -> dict[str, Any]:
    """What the form shows of a stored count."""
    stored = {name: getattr(batch, name) for name in ("place", "held_on", "act_number", "sheets")}
    stored["written"] = "\n".join(batch.texts.order_by("pk").values_list("text", flat=True))
    return stored | {_mark(one.option.number): one.count for one in batch.counts.select_related("option")}


def _mark(number: int) -> str:
    return f"option_{number}"
