"""Mesas técnicas and the other meetings of a PES: their kinds, their methods and what each step needs (LC-03).

The Guía has three kinds of mesa técnica, each with its methods; sensitisation exercises, the presentation of the
methodology, socialisation and evaluation meetings have neither.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum

from pes.permissions import Permission
from pes.rules.problems import Problem
from pes.rules.transitions import Transition

RULE = "LC-03"


class MeetingPurpose(StrEnum):
    """What a meeting of a PES is for."""

    TECHNICAL = "technical"
    SENSITISATION = "sensitisation"
    METHODOLOGY = "methodology"
    SOCIALISATION = "socialisation"
    FOLLOW_UP = "follow_up"
    RESULTS = "results"
    FIELD = "field"

    @property
    def label(self) -> str:
        """Spanish name."""
        return _PURPOSES[self]


class MeetingKind(StrEnum):
    """With whom a mesa técnica is held (LC-03)."""

    DIRECTIVOS = "directivos"
    EQUIPO_TECNICO = "equipo_tecnico"
    COMUNIDAD = "comunidad"

    @property
    def label(self) -> str:
        """Spanish name."""
        return _KINDS[self]


class MeetingMethod(StrEnum):
    """How a mesa técnica is held (LC-03); the survey to the community is an instrument of its own."""

    FOCUS_GROUP = "focus_group"
    INTERVIEW = "interview"
    WORKING_TABLE = "working_table"
    FIELD_VALIDATION = "field_validation"

    @property
    def label(self) -> str:
        """Spanish name."""
        return _METHODS[self]


class FieldEvent(StrEnum):
    """The public event that a field validation observes (LC-03)."""

    DIALOGUE = "dialogue"
    ACCOUNTABILITY = "accountability"

    @property
    def label(self) -> str:
        """Spanish name."""
        return "Diálogo ciudadano" if self is FieldEvent.DIALOGUE else "Rendición de cuentas"


class MeetingStatus(StrEnum):
    """Where a meeting stands."""

    SCHEDULED = "scheduled"
    HELD = "held"
    CLOSED = "closed"
    CANCELLED = "cancelled"

    @property
    def label(self) -> str:
        """Spanish name."""
        return _STATES[self]


_PURPOSES = {
    MeetingPurpose.TECHNICAL: "Mesa técnica",
    MeetingPurpose.SENSITISATION: "Sensibilización",
    MeetingPurpose.METHODOLOGY: "Presentación de la metodología",
    MeetingPurpose.SOCIALISATION: "Socialización del PES",
    MeetingPurpose.FOLLOW_UP: "Seguimiento y evaluación",
    MeetingPurpose.RESULTS: "Socialización de resultados",
    MeetingPurpose.FIELD: "Validación en campo",
}
_KINDS = {
    MeetingKind.DIRECTIVOS: "Directivos",
    MeetingKind.EQUIPO_TECNICO: "Equipo técnico",
    MeetingKind.COMUNIDAD: "Comunidad",
}
_METHODS = {
    MeetingMethod.FOCUS_GROUP: "Grupo focal",
    MeetingMethod.INTERVIEW: "Entrevista semiestructurada",
    MeetingMethod.WORKING_TABLE: "Mesa de trabajo",
    MeetingMethod.FIELD_VALIDATION: "Validación en campo",
}
_S = MeetingStatus
_STATES = {_S.SCHEDULED: "Programada", _S.HELD: "Celebrada", _S.CLOSED: "Acta cerrada", _S.CANCELLED: "Cancelada"}

METHODS: Mapping[MeetingKind, tuple[MeetingMethod, ...]] = {
    MeetingKind.DIRECTIVOS: (MeetingMethod.FOCUS_GROUP, MeetingMethod.INTERVIEW),
    MeetingKind.EQUIPO_TECNICO: (MeetingMethod.WORKING_TABLE,),
    MeetingKind.COMUNIDAD: (MeetingMethod.FIELD_VALIDATION,),
}

TRANSITIONS = (
    Transition("convene", {_S.SCHEDULED}, _S.SCHEDULED, Permission.WORKSHOP_REGISTER),
    Transition("hold", {_S.SCHEDULED}, _S.HELD, Permission.WORKSHOP_REGISTER),
    Transition("close", {_S.HELD}, _S.CLOSED, Permission.WORKSHOP_REGISTER),
    Transition("cancel", {_S.SCHEDULED}, _S.CANCELLED, Permission.WORKSHOP_REGISTER, needs_reason=True),
)


@dataclass(frozen=True, slots=True)
class AgendaPoint:
    """A point of the agenda; times of Bogotá within the day of the meeting."""

    starts: time
    ends: time
    topic: str

    def __str__(self) -> str:
        return f"{self.starts:%H:%M}-{self.ends:%H:%M}; {self.topic}"


def method_problems(purpose: str, kind: str, method: str) -> Iterator[Problem]:
    """Whether kind and method are those of the purpose: only a mesa técnica and a field validation have them (LC-03)."""
    if purpose not in (MeetingPurpose.TECHNICAL, MeetingPurpose.FIELD):
        if kind or method:
            message = f"«{MeetingPurpose(purpose).label}» no lleva clase ni método de mesa técnica."
            yield Problem("kind_not_expected", RULE, message, fix="Déjelos en blanco.")
        return
    if not kind or not method:
        message = "Falta con quién es la mesa o el método."
        yield Problem("kind_missing", RULE, message, fix="Elija una de las combinaciones de la guía.")
    elif MeetingMethod(method) not in METHODS[MeetingKind(kind)]:
        allowed = " o ".join(one.label.lower() for one in METHODS[MeetingKind(kind)])
        message = (
            f"Una mesa con {MeetingKind(kind).label.lower()} no se hace por {MeetingMethod(method).label.lower()}."
        )
        yield Problem("method_not_of_kind", RULE, message, fix=f"Elija {allowed}.")
    elif purpose == MeetingPurpose.FIELD and kind != MeetingKind.COMUNIDAD:
        message = "La validación en campo se hace con la comunidad."
        yield Problem("method_not_of_kind", RULE, message, fix="Elija comunidad.")


def is_in_field(method: str) -> bool:
    """Whether a meeting consists of observing a public event of the community."""
    return method == MeetingMethod.FIELD_VALIDATION


def schedule_problems(*, topic: str, starts: time, ends: time, is_placed: bool) -> Iterator[Problem]:
    """What is wrong with when, where and about what a meeting is to be."""
    if not topic.strip():
        yield Problem("topic_missing", RULE, "Falta el asunto.", fix="Escriba de qué se tratará.")
    if ends <= starts:
        yield Problem("times_not_in_order", RULE, "La reunión termina antes de empezar.", fix="Corrija las horas.")
    if not is_placed:
        message = "Falta dónde se hará."
        yield Problem("place_missing", RULE, message, fix="Escriba el lugar, el enlace de la reunión o ambos.")


def field_problems(method: str, event: str, event_name: str) -> Iterator[Problem]:
    """Which event a field validation observes; the other methods observe none (LC-03)."""
    if is_in_field(method) and not (event and event_name.strip()):
        message = "Falta el evento que se observa."
        yield Problem(
            "event_missing", RULE, message, fix="Diga si es diálogo ciudadano o rendición de cuentas, y cuál."
        )
    if not is_in_field(method) and (event or event_name.strip()):
        message = "Solo la validación en campo observa un evento."
        yield Problem("event_not_expected", RULE, message, fix="Deje el evento en blanco.")


def convening_problems(
    *, on: date, today: date, points: int, entities: int, invited: int, is_field: bool
) -> Iterator[Problem]:
    """What a meeting lacks to be convened. A field validation has no agenda of ours: it attends somebody else's event."""
    if on < today:
        message = "La fecha de la reunión ya pasó."
        yield Problem("meeting_in_past", RULE, message, fix="Cambie la fecha o registre lo que se hizo.")
    if not points and not is_field:
        yield Problem("agenda_missing", RULE, "Falta la agenda.", fix="Escriba al menos un punto con sus horas.")
    if not entities:
        message = "No hay entidades convocadas."
        yield Problem("entities_missing", RULE, message, fix="Marque al menos una entidad del sector.")
    if not invited:
        yield Problem("nobody_invited", RULE, "No hay personas invitadas.", fix="Invite al menos a una.")


def holding_problems(*, on: date, today: date, points: int, is_field: bool) -> Iterator[Problem]:
    """Whether a meeting can have been held: its day has come, and it is known what about, for the minutes go by points."""
    if on > today:
        message = "La reunión todavía no se ha celebrado: su fecha está por llegar."
        yield Problem("meeting_in_future", RULE, message, fix="Espere a ese día, o corrija la fecha.")
    if not points and not is_field:
        fix = "Escriba los puntos que se trataron: el acta va punto por punto."
        yield Problem("agenda_missing", RULE, "Falta la agenda.", fix=fix)


def closing_problems(
    *, empty_points: Sequence[int], decisions: int, observations: int, is_field: bool
) -> Iterator[Problem]:
    """What the minutes lack to be closed: every point has its text; a field validation, what was observed."""
    if empty_points:
        named = ", ".join(str(number) for number in empty_points)
        message = f"Falta lo tratado en {'el punto' if len(empty_points) == 1 else 'los puntos'} {named} de la agenda."
        yield Problem("minutes_missing", RULE, message, fix="Escríbalo; si no se trató, dígalo.")
    if is_field and not observations:
        message = "Falta lo que se observó en campo."
        yield Problem("observations_missing", RULE, message, fix="Escriba al menos una observación con su tema.")
    if not is_field and not decisions:
        message = "El acta no tiene decisiones: puede cerrarse así."
        yield Problem("decisions_missing", RULE, message, blocking=False, fix="Escríbalas si las hubo.")


def state_problems(status: str, wanted: Iterable[str], act: str) -> Iterator[Problem]:
    """Whether a meeting stands where an act begins; `act` ends the sentence «… no se puede …»."""
    if status not in set(wanted):
        message = f"La reunión está en estado «{MeetingStatus(status).label}» y no se puede {act}."
        fix = "Un acta cerrada se corrige con una adenda." if status == _S.CLOSED else "Vuelva a cargar la página."
        yield Problem("invalid_transition", RULE, message, fix=fix)


def coverage(attended: Iterable[str], wanted: Sequence[str]) -> list[str]:
    """Which of the wanted names nobody came from, in their order."""
    came = set(attended)
    return [name for name in wanted if name not in came]


def is_past(on: date, ends: time, now: datetime) -> bool:
    """Whether a meeting should be over; `now` is in the time of Bogotá."""
    return (on, ends) < (now.date(), now.time())
