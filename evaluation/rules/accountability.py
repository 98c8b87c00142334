"""What a rendición de cuentas needs before each step, and what citizens may ask of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from evaluation.rules.accountability_states import ASKING, PUBLIC, EventStatus
from pes.rules.files import link_problems
from pes.rules.problems import Problem
from plans.rules.consultations import CHANNEL_LIMIT, TEXT_LIMIT
from plans.rules.values import spoken_day

REASON_LIMIT = 500
_RULE = "F6.4"
_MOST_DAYS_AFTER = 60  # a citizen's question about an event is still fresh


@dataclass(frozen=True, slots=True)
class EventFacts:
    """What is known of an event when a step is asked for."""

    held_on: date
    questions_until: date
    has_place: bool
    has_invitation: bool
    has_report: bool
    unanswered: int
    evaluation: str


def event_problems(*, title: str, topics: str, link: str, held_on: date, questions_until: date) -> Iterator[Problem]:
    """What is wrong with an event as it is written."""
    for text, code, what in ((title, "title", "el título"), (topics, "topics", "los temas")):
        if not text:
            yield _problem(f"{code}_missing", f"Falta escribir {what}.", "Complételo y guarde otra vez.")
    if link:
        yield from link_problems(link)
    if questions_until < held_on:
        message = f"Las preguntas cerrarían antes del evento, que es el {spoken_day(held_on)}."
        yield _problem("questions_end_before", message, "Escriba ese día o uno posterior.")
    elif (questions_until - held_on).days > _MOST_DAYS_AFTER:
        message = f"Las preguntas cerrarían más de {_MOST_DAYS_AFTER} días después del evento."
        yield _problem("questions_end_far", message, "Escriba un día más cercano.")


def announce_problems(facts: EventFacts, today: date) -> Iterator[Problem]:
    """What keeps an event from being announced to citizens."""
    if facts.held_on < today:
        yield _problem("event_past", f"El evento era el {spoken_day(facts.held_on)}.", "Escriba una fecha por venir.")
    if not facts.has_place:
        yield _problem("place_missing", "Falta el lugar o el enlace.", "Diga dónde pueden asistir.")
    if not facts.has_invitation:
        yield _problem("invitation_missing", "Falta la invitación.", "Escriba a quién se invita y cómo participar.")


def hold_problems(facts: EventFacts, today: date) -> Iterator[Problem]:
    """What keeps an event from being recorded as held: its day has not come, or its report is not public."""
    if facts.held_on > today:
        yield _problem(
            "event_to_come", f"El evento es el {spoken_day(facts.held_on)}.", "Regístrelo ese día o después."
        )
    if not facts.has_report:
        message = "No se ha publicado el informe sobre el que se rinden cuentas."
        yield _problem("report_missing", message, "Adjunte un archivo o elija un informe emitido y publicado.")


def facts_need_reason(status: str) -> bool:
    """Whether a change of what is written of an event must say why: once it is held (AZ13)."""
    return status == EventStatus.HELD


def report_needs_reason(status: str, *, has_report: bool) -> bool:
    """Whether another report must say why it replaces the one there is: once citizens read it (AZ13)."""
    return has_report and status in PUBLIC


def correction_problems(reason: str) -> Iterator[Problem]:
    """What is wrong with the reason of a correction that citizens read."""
    if not reason:
        message = "La ciudadanía ya puede leer lo que usted cambia: falta el motivo."
        yield Problem("reason_missing", "AZ13", message, fix="Escríbalo: se publica con la corrección.")
    elif len(reason) > REASON_LIMIT:
        message = f"El motivo tiene {len(reason)} caracteres y caben {REASON_LIMIT}."
        yield Problem("reason_too_long", "AZ13", message, fix="Acorte el texto.")


def close_problems(facts: EventFacts, today: date) -> Iterator[Problem]:
    """What keeps an event from being closed: its questions may still come or wait, or nobody evaluated it."""
    if today <= facts.questions_until:
        message = f"Recibe preguntas hasta el {spoken_day(facts.questions_until)}."
        yield _problem("questions_open", message, "Ciérrelo después de ese día.")
    if facts.unanswered:
        count = "1 pregunta" if facts.unanswered == 1 else f"{facts.unanswered} preguntas"
        yield _problem("questions_unanswered", f"Quedan sin respuesta: {count}.", "Responda cada una.")
    if not facts.evaluation:
        yield _problem("evaluation_missing", "Falta la evaluación del evento.", "Escriba cómo resultó y qué mejorar.")


def question_problems(*, status: str, questions_until: date, today: date, text: str) -> Iterator[Problem]:
    """What keeps a citizen from asking: the event is not public, or its term has passed, or nothing is said."""
    if status not in ASKING or today > questions_until:
        message = "Este evento ya no recibe preguntas." if status in PUBLIC else "Este evento no está convocado."
        yield _problem("questions_closed", message, "Puede leer las preguntas y sus respuestas.")
    elif not text:
        yield _problem("text_missing", "Falta su pregunta.", "Escríbala y vuelva a enviar.")
    elif len(text) > TEXT_LIMIT:
        yield _problem("text_too_long", f"Escribió {len(text)} caracteres y caben {TEXT_LIMIT}.", "Acorte el texto.")


def recording_problems(*, status: str, received_on: date, today: date, channel: str) -> Iterator[Problem]:
    """What keeps staff from writing down a question that came on paper or was said at the event."""
    if status not in ASKING:
        message = f"El evento está en estado «{EventStatus(status).label}»: no se anotan preguntas."
        yield _problem("questions_closed", message, "Se anotan desde que se convoca hasta que se cierra.")
    if received_on > today:
        yield _problem("received_in_future", "Ese día no ha llegado.", "Escriba el día en que llegó la pregunta.")
    if not channel or len(channel) > CHANNEL_LIMIT:
        message = f"Diga por qué canal llegó, en {CHANNEL_LIMIT} caracteres o menos."
        yield _problem("channel_missing", message, "Por ejemplo: «En el evento».")


def moment(received_on: date, held_on: date) -> str:
    """Whether something was asked before, during or after the event."""
    if received_on < held_on:
        return "Antes del evento"
    return "En el evento" if received_on == held_on else "Después del evento"


def _problem(code: str, message: str, fix: str) -> Problem:
    return Problem(code, _RULE, message, fix=fix)
