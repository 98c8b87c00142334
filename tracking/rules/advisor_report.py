"""The monthly report of who advises: its term, its states, its alerts (rule GP-06)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from enum import StrEnum

from pes.permissions import Permission
from pes.rules.problems import Problem
from pes.rules.transitions import Transition, transition_for
from tracking.rules.assistance import month_after

RULE = "GP-06"
BEFORE_DAY = 10  # «antes del 10 de cada mes»: the 9th is the last day, hábil or not
LAST_DAYS = 5  # of the month in which everything was loaded: the source asks to point it out
NARRATIVE_LIMIT, DIFFICULTIES_LIMIT = 6000, 3000


class ReportState(StrEnum):
    """How far a report has come."""

    DRAFT = "draft"
    SENT = "sent"
    RETURNED = "returned"
    RECEIVED = "received"

    @property
    def label(self) -> str:
        """Spanish name."""
        return {"draft": "Por enviar", "sent": "Enviado", "returned": "Devuelto", "received": "Recibido"}[self.value]


OPEN = frozenset({ReportState.DRAFT, ReportState.RETURNED})
TRANSITIONS = (
    Transition("submit", OPEN, ReportState.SENT, Permission.ASSISTANCE_LOG),
    Transition("receive", {ReportState.SENT}, ReportState.RECEIVED, Permission.ADVISOR_RATE),
    Transition("send_back", {ReportState.SENT}, ReportState.RETURNED, Permission.ADVISOR_RATE, needs_reason=True),
)


def due_on(month: date) -> date:
    """The last day to send the report of a month (its first day): the 9th of the next one, also on a holiday."""
    return month_after(month).replace(day=BEFORE_DAY) - timedelta(days=1)


def is_late(month: date, sent_on: date | None, today: date) -> bool:
    """Whether a report was first sent, or is still owed, after its term."""
    return (sent_on or today) > due_on(month)


def sending_problems(
    *, status: str, month: date, today: date, is_own: bool, narrative: str, difficulties: str
) -> Iterator[Problem]:
    """What keeps a report from being sent: its month is over, it is one's own, and it says something."""
    if status not in transition_for(TRANSITIONS, "submit").sources:
        yield Problem("sent_already", "WF1", "Este informe ya se envió.", fix="Abra la página otra vez.")
    if not is_own:
        yield _problem("not_own", "El informe es de otra persona.", "Lo envía quien asesora.")
    if today < month_after(month):
        yield _problem("month_not_over", "El mes no ha terminado.", "Envíelo desde el día 1 y antes del 10.")
    if not narrative:
        yield _problem("narrative_missing", "Falta contar qué se hizo y qué sigue.", "Escríbalo en pocas líneas.")
    for text, limit, code in (
        (narrative, NARRATIVE_LIMIT, "narrative"),
        (difficulties, DIFFICULTIES_LIMIT, "difficulties"),
    ):
        if len(text) > limit:
            yield _problem(f"{code}_too_long", f"Escribió {len(text)} caracteres y caben {limit}.", "Acorte el texto.")


def answer_problems(verb: str, *, status: str, reason: str, is_own: bool) -> Iterator[Problem]:
    """What keeps a report from being received (`receive`) or returned (`send_back`)."""
    step = transition_for(TRANSITIONS, verb)
    if status not in step.sources:
        yield Problem("not_sent", "WF1", "Este informe no espera respuesta.", fix="Abra la página otra vez.")
    if is_own:
        yield Problem("own_report", "AZ4", "El informe propio lo recibe otra persona.", fix="Pídalo a la OAP.")
    if step.needs_reason and not reason:
        yield _problem("reason_missing", "Falta por qué se devuelve.", "Escriba qué se debe completar.")


def loading_alert(loaded_on: Sequence[date], month: date) -> str:
    """What the source asks coordinators to look at: nothing logged, or everything only in the last days; blank else."""
    if not loaded_on:
        return "No registró asistencias en el mes."
    if min(loaded_on) > month_after(month) - timedelta(days=LAST_DAYS + 1):
        return f"Registró todo en los últimos {LAST_DAYS} días del mes o después."
    return ""


def _problem(code: str, message: str, fix: str) -> Problem:
    return Problem(code, RULE, message, fix=fix)
