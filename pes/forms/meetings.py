"""Forms of the meetings of a PES: schedule, guests, attendance, minutes, files."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms

from pes.forms.base import ActionForm, DateInput, ReasonForm
from pes.forms.edits import EditForm
from pes.forms.workshops import UnitsChoice
from pes.meetings.facts import Minutes, Presence, Schedule, attendance_facts, schedule_of
from pes.models import OrganizationUnit, TechnicalWorkshop, User
from pes.permissions import Role
from pes.rules.agendas import read_agenda
from pes.rules.files import ACCEPTED, LONGEST_LINK, MEDIA_TYPES
from pes.rules.technical_workshops import METHODS, FieldEvent, MeetingKind, MeetingPurpose, is_in_field
from pes.rules.workshops import Attendee, attendance_problems, read_attendance

ACCEPT = ",".join(MEDIA_TYPES)
PEOPLE_HELP = "Una persona por línea: nombre; cargo. También puede pegar dos columnas de Excel."
_DAY = {"required": "Escriba la fecha."}


def what_choices() -> list[tuple[str, str]]:
    """Every purpose, kind and method that go together (LC-03), so that no other can be chosen."""
    mesas = [
        (f"{MeetingPurpose.TECHNICAL}:{kind}:{method}", f"Mesa técnica · {kind.label}: {method.label.lower()}")
        for kind, methods in METHODS.items()
        for method in methods
        if kind != MeetingKind.COMUNIDAD
    ]
    kind = MeetingKind.COMUNIDAD
    field = (f"{MeetingPurpose.FIELD}:{kind}:{METHODS[kind][0]}", f"Mesa técnica · {kind.label}: validación en campo")
    plain = [
        (f"{one}::", one.label) for one in MeetingPurpose if one not in (MeetingPurpose.TECHNICAL, MeetingPurpose.FIELD)
    ]
    return [("", "Elija una"), *mesas, field, *plain]


class TimeInput(forms.TimeInput):
    """A native box for a time of day."""

    input_type = "time"

    def __init__(self) -> None:
        super().__init__(format="%H:%M")


class EntitiesChoice(UnitsChoice):
    """Entities by name alone: their codes are ours."""

    def label_from_instance(self, obj: Any) -> str:
        """«Secretaría Distrital de Gobierno»."""
        return str(obj.name)


class MeetingForm(ActionForm):
    """What a meeting is, when and where, who is convened and what about."""

    what = forms.ChoiceField(
        label="Qué reunión es", help_text="Con la comunidad también cuenta una encuesta ciudadana cerrada."
    )
    topic = forms.CharField(label="Asunto", max_length=250, help_text="Por ejemplo: «Validación de los objetivos».")
    aim = forms.CharField(
        label="Objetivo", required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Qué se espera tener al terminar.",
    )  # fmt: skip
    on = forms.DateField(label="Fecha", widget=DateInput(), error_messages=_DAY)
    starts = forms.TimeField(label="Empieza", widget=TimeInput(), help_text="Hora de Bogotá, de 0 a 24.")
    ends = forms.TimeField(label="Termina", widget=TimeInput())
    place = forms.CharField(label="Lugar", required=False, max_length=250, help_text="Sala o dirección.")
    link = forms.CharField(
        label="Enlace de la reunión",
        required=False,
        max_length=LONGEST_LINK,
        help_text="Solo https. Lugar, enlace o ambos.",
    )
    entities = EntitiesChoice(
        OrganizationUnit.objects.none(),
        label="Entidades convocadas",
        required=False,
        help_text="Las del sector que deben asistir.",
    )
    agenda = forms.CharField(
        label="Agenda",
        required=False,
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text="Un punto por línea con sus horas: 8:00-8:30; Apertura.",
    )
    event = forms.ChoiceField(
        label="Evento que se observa",
        required=False,
        choices=[("", "No aplica"), *((one.value, one.label) for one in FieldEvent)],
        help_text="Solo para la validación en campo.",
    )
    event_name = forms.CharField(label="Nombre del evento", required=False, max_length=250)

    def __init__(self, *args: Any, entities: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["what"].choices = what_choices()
        self.fields["entities"].queryset = entities

    def clean_agenda(self) -> Any:
        """The points; what cannot be read, the first few lines."""
        points, problems = read_agenda(self.cleaned_data["agenda"])
        if problems:
            raise forms.ValidationError([*(one.message for one in problems[:5]), problems[0].fix])
        return points

    def schedule(self) -> Schedule:
        """What was typed, once it is valid."""
        said = self.cleaned_data
        purpose, kind, method = said["what"].split(":")
        named = ("topic", "aim", "on", "starts", "ends", "place", "link", "event", "event_name", "agenda")
        told = {name: said[name] for name in named}
        return Schedule(purpose=purpose, kind=kind, method=method, entities=list(said["entities"]), **told)


class MeetingChangeForm(MeetingForm, EditForm):
    """A meeting that is scheduled already."""

    def facts(self) -> Mapping[str, Any]:
        """What was typed, named as the audit names it."""
        return self.schedule().facts()


def initial_of(meeting: TechnicalWorkshop) -> dict[str, Any]:
    """What the form shows of a stored meeting."""
    stored = schedule_of(meeting)
    named = ("topic", "aim", "on", "starts", "ends", "place", "link", "event", "event_name")
    is_field = is_in_field(meeting.method)
    purpose = MeetingPurpose.FIELD if is_field else stored.purpose
    return {name: getattr(stored, name) for name in named} | {
        "what": f"{purpose}:{stored.kind}:{stored.method}",
        "entities": [one.pk for one in stored.entities],
        "agenda": "\n".join(str(point) for point in stored.agenda),
    }


class PeopleChoice(forms.ModelMultipleChoiceField):
    """People as boxes to tick, each with the role that they have in the sector."""

    widget = forms.CheckboxSelectMultiple

    def label_from_instance(self, obj: Any) -> str:
        """«Ana Analista · Analista OAP»."""
        return person_label(obj)


def person_label(person: Any) -> str:
    """A person with their roles; the memberships are at hand."""
    roles = dict.fromkeys(Role(one.role).label for one in person.memberships.all())
    return f"{person} · {', '.join(roles)}" if roles else str(person)


class GuestsForm(ActionForm):
    """Who is invited: people with an account, and guests by name and position."""

    people = PeopleChoice(
        User.objects.none(),
        label="Personas del sector",
        required=False,
        help_text="Reciben la convocatoria por correo y la ven en «Mi trabajo».",
    )
    guests = forms.CharField(
        label="Otras personas invitadas",
        required=False,
        max_length=30_000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=f"{PEOPLE_HELP} No escriba correos ni teléfonos: el sistema no les escribe.",
    )

    def __init__(self, *args: Any, people: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["people"].queryset = people

    def clean_guests(self) -> list[Attendee]:
        """The guests; what is wrong with them, the first few."""
        return _people(self.cleaned_data["guests"])


class AttendanceForm(EditForm):
    """Who came, entity by entity."""

    def __init__(self, *args: Any, entities: Iterable[OrganizationUnit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.entities = {f"entity_{one.pk}": one for one in entities}
        for name, one in self.entities.items():
            self.fields[name] = _people_field(one.name, PEOPLE_HELP)
        self.fields["others"] = _people_field(
            "Otros", "Comunidad, otros sectores, organismos. No escriba más que nombre y cargo."
        )

    def clean(self) -> dict[str, Any]:
        """Each list of people in place of its text; somebody has to have come."""
        said: dict[str, Any] = super().clean() or self.cleaned_data
        for name in (*self.entities, "others"):
            try:
                said[name] = _people(said.get(name, ""))
            except forms.ValidationError as error:
                self.add_error(name, error)
        if not self.errors and not self.presences():
            self.add_error(None, "Escriba al menos una persona.")
        return said

    def presences(self) -> list[Presence]:
        """Who came, in the order of the page."""
        named = [*self.entities.items(), ("others", None)]
        return [Presence(entity, person) for name, entity in named for person in self.cleaned_data.get(name, [])]

    def facts(self) -> Mapping[str, Any]:
        """What was typed, named as the audit names it."""
        return attendance_facts(self.presences())


class MinutesForm(EditForm):
    """What was said about each point, what was decided and, in the field, what was observed."""

    def __init__(self, *args: Any, meeting: TechnicalWorkshop, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.numbers = []
        for item in meeting.agenda.all():
            self.numbers.append(item.number)
            label, hours = f"{item.number}. {item.topic}", f"De {item.starts:%H:%M} a {item.ends:%H:%M}."
            self.fields[f"point_{item.number}"] = _text(label, f"{hours} Qué se dijo; si no se trató, dígalo.", 5)
        if is_in_field(meeting.method):
            help_text = "Una observación por línea: tema; lo observado. De temas, nunca de personas."
            self.fields["observations"] = _text("Lo observado en campo", help_text, 6)
        self.fields["decisions"] = _text("Decisiones", "Una por línea. Los compromisos se agregan aparte.", 4)

    def clean_observations(self) -> list[tuple[str, str]]:
        """Theme and text of each line."""
        found = []
        for number, line in enumerate(filter(str.strip, self.cleaned_data["observations"].splitlines()), 1):
            theme, _, text = line.partition(";" if ";" in line else "\t")
            if not (theme.strip() and text.strip()) or len(theme.strip()) > 150:
                raise forms.ValidationError(f"Línea {number}: escriba «tema; lo observado», con un tema corto.")
            found.append((" ".join(theme.split()), " ".join(text.split())))
        return found

    def clean_decisions(self) -> list[str]:
        """The decisions, one a line."""
        return [" ".join(line.split()) for line in self.cleaned_data["decisions"].splitlines() if line.strip()]

    def minutes(self) -> Minutes:
        """What was typed, once it is valid."""
        said = self.cleaned_data
        points = {number: said.get(f"point_{number}", "") for number in self.numbers}
        return Minutes(points, said.get("decisions", []), said.get("observations", []))

    def facts(self) -> Mapping[str, Any]:
        """What was typed, named as the audit names it."""
        return self.minutes().facts()


class AddendumForm(ActionForm):
    """A dated correction of closed minutes."""

    text = forms.CharField(
        label="Adenda", max_length=5000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Qué corrige o aclara; queda con su nombre y la fecha de hoy.",
    )  # fmt: skip


class MeetingFileForm(ActionForm):
    """A file of a meeting, and what it is."""

    file = forms.FileField(
        label="Archivo",
        allow_empty_file=True,  # so that the rules say what is wrong with it
        help_text=f"{ACCEPTED}; hasta 20 MB. Un archivo agregado no se quita.",
        widget=forms.ClearableFileInput(attrs={"accept": ACCEPT}),
    )
    note = forms.CharField(label="Qué es", max_length=250, help_text="Por ejemplo: «Lista de asistencia firmada».")


class CancelForm(ReasonForm):
    """Why a meeting is cancelled."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].help_text = "Lo leen quienes estaban invitados."


def _text(label: str, help_text: str, rows: int) -> forms.CharField:
    box = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(label=label, required=False, max_length=20_000, help_text=help_text, widget=box)


def _people_field(label: str, help_text: str) -> forms.CharField:
    return _text(label, help_text, 3)


def _people(text: str) -> list[Attendee]:
    people = read_attendance(text)
    problems = list(attendance_problems(people)) if people else []
    if problems:
        shown = problems[:5]
        raise forms.ValidationError([*(one.message for one in shown), *dict.fromkeys(one.fix for one in shown)])
    return people
