"""Forms of the rendición de cuentas."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import uuid4

from django import forms

from evaluation.accountability.events import EventDraft, facts_of
from evaluation.models import AccountabilityEvent, IssuedReport
from evaluation.rules.accountability import REASON_LIMIT
from evaluation.rules.improvement import TEXT_LIMIT
from pes.forms.base import ActionForm, DateInput
from pes.forms.edits import EditForm
from pes.models import OrganizationUnit
from pes.rules.files import ACCEPTED, LONGEST_LINK, MEDIA_TYPES
from plans import consultation_forms
from plans.consultation_forms import Prose
from plans.rules.consultations import TEXT_LIMIT as CITIZEN_LIMIT


class UnitChoice(forms.ModelChoiceField):
    """A unit by its name."""

    def label_from_instance(self, obj: Any) -> str:
        """Its name."""
        return str(obj.name)


class EventForm(ActionForm):
    """What the event is, when and where."""

    title = forms.CharField(
        label="Título", max_length=200, help_text="Por ejemplo «Rendición de cuentas del primer semestre»."
    )
    held_on = forms.DateField(label="Fecha", widget=DateInput(), help_text="El día del evento.")
    starts_at = forms.TimeField(
        label="Hora",
        required=False,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        help_text="De Bogotá.",
    )
    place = forms.CharField(label="Lugar", required=False, max_length=250)
    link = forms.CharField(
        label="Enlace de transmisión",
        required=False,
        max_length=LONGEST_LINK,
        help_text="Solo https. Basta el lugar o el enlace.",
    )
    topics = Prose(label="Temas", limit=TEXT_LIMIT, rows=4, help_text="Uno por línea.")
    invitation = Prose(
        label="Invitación", limit=TEXT_LIMIT, rows=4, required=False,
        help_text="A quién se invita y cómo participar. Se publica al convocar.",
    )  # fmt: skip
    questions_until = forms.DateField(
        label="Recibe preguntas hasta",
        widget=DateInput(),
        help_text="El día del evento o uno posterior; cuenta completo.",
    )

    def draft(self) -> EventDraft:
        """What was typed, once it is valid."""
        said = dict(self.cleaned_data)
        for name in ("read", "reason"):
            said.pop(name, None)
        return EventDraft(**said)


class EventEditForm(EventForm, EditForm):
    """The same data of an event that is prepared already; once it is held, with why they change."""

    def __init__(self, *args: Any, is_held: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if is_held:
            self.fields["reason"] = reason_field()

    def facts(self) -> Mapping[str, Any]:
        """What was typed, named as the audit names it."""
        return facts_of(AccountabilityEvent(**self.draft().values()))


class SentOnceForm(ActionForm):
    """Carries what tells one sending of the form from another: a second click sends the same once more (WF1)."""

    token = forms.CharField(max_length=36, required=False, initial=uuid4, widget=forms.HiddenInput())


def reason_field() -> forms.CharField:
    """Why something that citizens read is changed."""
    return Prose(label="Motivo de la corrección", limit=REASON_LIMIT, rows=3, help_text="Se publica con la corrección.")


class ReportForm(ActionForm):
    """What the sector gives account of: a file, or a report that it published."""

    file = forms.FileField(
        label="Informe en archivo",
        required=False,
        allow_empty_file=True,  # so that the rules say what is wrong with it
        help_text=f"{ACCEPTED}; hasta 20 MB. Se publica.",
        widget=forms.ClearableFileInput(attrs={"accept": ",".join(MEDIA_TYPES)}),
    )
    issued = forms.ModelChoiceField(
        IssuedReport.objects.none(),
        label="O un informe publicado del sector",
        required=False,
        empty_label="Ninguno",
        help_text="Los informes emitidos aquí que ya son públicos.",
    )

    def __init__(self, *args: Any, reports: Any, replaces: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["issued"].queryset = reports
        if replaces:
            self.fields["reason"] = reason_field()
            self.fields["withhold"] = forms.BooleanField(
                label="El archivo anterior tiene datos personales: no ofrecerlo",
                required=False,
                help_text="Se publica que se reemplazó y por qué, sin el archivo.",
            )

    def why(self) -> list[Any]:
        """The boxes that only a replacement asks for."""
        return [self[name] for name in ("reason", "withhold") if name in self.fields]


class HeldForm(ActionForm):
    """How many came."""

    attendance = forms.IntegerField(label="Asistentes", required=False, min_value=0, max_value=1_000_000)


class CloseForm(ActionForm):
    """How the event went."""

    evaluation = Prose(
        label="Evaluación del evento", limit=TEXT_LIMIT, rows=4, help_text="Cómo resultó y qué mejorar. Se publica."
    )


class QuestionForm(SentOnceForm, consultation_forms.RecordForm):
    """What was asked on paper, by mail or at the event."""

    text = Prose(label="Pregunta", limit=CITIZEN_LIMIT, help_text="Con las palabras de quien la hizo.")
    received_on = forms.DateField(label="Recibida el", widget=DateInput(), help_text="Hoy o antes.")
    author_name = forms.CharField(
        label="Nombre de quien pregunta",
        required=False,
        max_length=120,
        help_text="Se publica con la pregunta; déjelo vacío si la persona no lo autoriza.",
    )


class AnswerForm(ActionForm):
    """The answer, the office that gives it, and perhaps why the question's words are not published."""

    text = Prose(
        label="Respuesta", limit=CITIZEN_LIMIT, help_text="Se publica con la pregunta. Después no se puede corregir."
    )
    office = UnitChoice(OrganizationUnit.objects.none(), label="Responde", empty_label="Elija la entidad")
    withheld_reason = forms.CharField(
        label="Por qué no se publica la pregunta",
        required=False,
        max_length=250,
        help_text="Solo si trae insultos o datos personales. El motivo no se publica; la respuesta, sí.",
    )

    def __init__(self, *args: Any, units: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["office"].queryset = units


class PromiseForm(ActionForm):
    """What the sector promised at the event."""

    text = Prose(label="Compromiso", limit=TEXT_LIMIT, rows=3, help_text="Como se dijo en el evento. Se publica.")
    unit = UnitChoice(OrganizationUnit.objects.none(), label="Responsable", empty_label="Elija la entidad")
    due_on = forms.DateField(label="Vence", widget=DateInput())

    def __init__(self, *args: Any, units: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = units


class OutcomeForm(ActionForm):
    """What came of a commitment."""

    outcome = Prose(label="Qué se cumplió", limit=TEXT_LIMIT, rows=3, help_text="Se publica con el compromiso.")


class AskForm(SentOnceForm, consultation_forms.CommentForm):
    """What a citizen asks; `website` is for machines, as in the consultation of a plan."""

    text = Prose(
        label="Su pregunta",
        limit=CITIZEN_LIMIT,
        rows=6,
        help_text="Pregunte por lo que se hizo, lo que falta o cómo se usó el dinero.",
    )
    author_name = forms.CharField(
        label="Su nombre o el de su organización",
        required=False,
        max_length=120,
        help_text="Si lo escribe, se publica con su pregunta.",
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
