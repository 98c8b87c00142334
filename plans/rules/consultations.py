"""The citizen consultation of a proposal: when it may be held, changed, waived, and what may be said (PG-07b)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from pes.rules.problems import Problem
from pes.rules.texts import missing_problems
from pes.rules.texts import one_line as one_line
from plans.rules.plan_states import PlanStatus
from plans.rules.values import spoken_day

CONSULTABLE = frozenset({PlanStatus.IN_REVIEW, PlanStatus.WITH_OBSERVATIONS, PlanStatus.VALIDATED})
BEFORE_OFFICIAL = CONSULTABLE | {PlanStatus.DRAFT}
TEXT_LIMIT, NAME_LIMIT, CHANNELS_LIMIT, CHANNEL_LIMIT = 3000, 120, 250, 120
WITHHELD_LIMIT, WAIVER_LIMIT = 250, 1000
_YEARS_BEFORE = 2  # a proposal is discussed at most so long before its vigencia


class Phase(StrEnum):
    """Where a consultation stands on a day."""

    SCHEDULED = "scheduled"
    OPEN = "open"
    ENDED = "ended"

    @property
    def label(self) -> str:
        """Spanish name."""
        return {"scheduled": "Por abrir", "open": "Abierta", "ended": "Terminada"}[self.value]


@dataclass(frozen=True, slots=True)
class Term:
    """The days of a consultation; both count whole, in Bogotá."""

    opens_on: date
    closes_on: date

    def phase(self, today: date) -> Phase:
        """Where it stands."""
        if today < self.opens_on:
            return Phase.SCHEDULED
        return Phase.OPEN if today <= self.closes_on else Phase.ENDED


def term_obstacles(status: str, *, is_waived: bool, before: Term | None, today: date) -> list[Problem]:
    """What keeps the days of a consultation from being set at all, whatever they are."""
    stuck = list(_out_of_step(status, is_waived))
    if before is not None and before.phase(today) is Phase.ENDED:
        message = f"La consulta terminó el {spoken_day(before.closes_on)}; sus fechas ya no cambian."
        stuck.append(_problem("consultation_ended", message, "Responda los aportes que se recibieron."))
    return stuck


def term_problems(
    term: Term, *, status: str, vigencia: int, today: date, channel: str, before: Term | None, is_waived: bool
) -> list[Problem]:
    """What keeps a consultation from being opened on these days, or from being moved to them from `before`.

    Days that have passed are fine: a consultation held elsewhere is recorded.
    """
    stuck = term_obstacles(status, is_waived=is_waived, before=before, today=today)
    if stuck:
        return stuck
    return [*_days(term, vigencia), *_moved(term, before, today), *_channel(channel, CHANNELS_LIMIT)]


def waiver_obstacles(status: str, *, contributions: int, is_waived: bool) -> list[Problem]:
    """What keeps the Jefe OAP from waiving the consultation: it is late, or citizens have spoken already."""
    if status not in BEFORE_OFFICIAL:
        return [_problem("plan_is_official", "El plan ya es oficial: no queda nada de que eximirlo.")]
    if is_waived:
        return [_problem("consultation_waived", "El plan ya está eximido de consulta.")]
    if contributions:
        aportes = "1 aporte" if contributions == 1 else f"{contributions} aportes"
        message = f"La ciudadanía ya envió {aportes}: la consulta no se puede eximir."
        return [_problem("contributions_received", message, "Responda cada aporte.")]
    return []


def waiver_problems(status: str, *, reason: str, contributions: int, is_waived: bool) -> list[Problem]:
    """As `waiver_obstacles`; besides, a waiver needs its reason."""
    stuck = waiver_obstacles(status, contributions=contributions, is_waived=is_waived)
    return stuck or list(_text(reason, "reason", "el motivo de la exención", WAIVER_LIMIT))


def contribution_problems(term: Term | None, *, today: date, text: str) -> list[Problem]:
    """What keeps a citizen from being heard: the consultation is not open on the day, or nothing is said."""
    if term is None:
        return [_problem("consultation_missing", "Este plan no está en consulta ciudadana.")]
    phase = term.phase(today)
    if phase is Phase.SCHEDULED:
        message = f"La consulta abre el {spoken_day(term.opens_on)}."
        return [_problem("consultation_not_open", message, "Vuelva ese día y envíe su aporte.")]
    if phase is Phase.ENDED:
        message = f"La consulta terminó el {spoken_day(term.closes_on)} y ya no recibe aportes."
        return [_problem("consultation_ended", message, "Puede leer los aportes y sus respuestas.")]
    return list(_text(text, "text", "su aporte", TEXT_LIMIT))


def recording_obstacles(term: Term | None, *, status: str, is_waived: bool, today: date) -> list[Problem]:
    """What keeps staff from recording any contribution."""
    stuck = list(_out_of_step(status, is_waived))
    if stuck or (term is not None and term.phase(today) is not Phase.SCHEDULED):
        return stuck
    message = "La consulta no tiene fechas." if term is None else f"La consulta abre el {spoken_day(term.opens_on)}."
    return [_problem("consultation_not_open", message, "Registre los aportes desde que abra.")]


def recording_problems(
    term: Term | None, *, status: str, is_waived: bool, today: date, received_on: date, text: str, channel: str
) -> list[Problem]:
    """What keeps staff from recording what arrived on paper or was said at a meeting on a day of the consultation."""
    stuck = recording_obstacles(term, status=status, is_waived=is_waived, today=today)
    if stuck or term is None:
        return stuck
    problems = [*_text(text, "text", "el aporte", TEXT_LIMIT), *_channel(channel, CHANNEL_LIMIT)]
    if not term.opens_on <= received_on <= min(term.closes_on, today):
        message = f"El {spoken_day(received_on)} no es un día de la consulta que ya haya llegado."
        last = spoken_day(min(term.closes_on, today))
        fix = f"Escriba un día entre el {spoken_day(term.opens_on)} y el {last}."
        problems.append(_problem("received_outside", message, fix))
    return problems


def answer_problems(text: str, withheld_reason: str) -> list[Problem]:
    """What an answer lacks; a reason to withhold the contribution is optional."""
    problems = list(_text(text, "answer", "la respuesta", TEXT_LIMIT))
    if len(withheld_reason) > WITHHELD_LIMIT:
        message = f"El motivo para no publicar tiene {len(withheld_reason)} caracteres y caben {WITHHELD_LIMIT}."
        problems.append(_problem("withheld_reason_too_long", message, "Acórtelo."))
    return problems


def _out_of_step(status: str, is_waived: bool) -> Iterator[Problem]:
    if status == PlanStatus.DRAFT:
        message = "El plan está en borrador: la ciudadanía opina sobre la propuesta que se envió a revisión."
        yield _problem("proposal_not_sent", message, "Envíe primero el plan a la Oficina Asesora de Planeación.")
    elif status not in CONSULTABLE:
        message = f"El plan está en estado «{PlanStatus(status).label}»: su consulta ya pasó."
        yield _problem("plan_is_official", message)
    elif is_waived:
        yield _problem("consultation_waived", "El plan está eximido de consulta.")


def _days(term: Term, vigencia: int) -> Iterator[Problem]:
    if term.closes_on < term.opens_on:
        message = f"La consulta cerraría el {spoken_day(term.closes_on)}, antes de abrir."
        yield _problem("consultation_ends_before", message, "Escriba un cierre igual o posterior a la apertura.")
    first, last = date(vigencia - _YEARS_BEFORE, 1, 1), date(vigencia, 12, 31)
    outside = [day for day in dict.fromkeys((term.opens_on, term.closes_on)) if not first <= day <= last]
    for day in outside:
        message = f"El {spoken_day(day)} queda lejos de la vigencia {vigencia}."
        yield _problem("consultation_far", message, f"Escriba un día entre {first.year} y {last.year}; revise el año.")


def _moved(term: Term, before: Term | None, today: date) -> Iterator[Problem]:
    """What has been announced and has come is not rewritten."""
    if before is None or before.phase(today) is Phase.SCHEDULED:
        return
    if term.opens_on != before.opens_on:
        message = f"La consulta abrió el {spoken_day(before.opens_on)}: esa fecha ya no cambia."
        yield _problem("consultation_started", message, "Cambie solo el cierre.")
    if term.opens_on <= term.closes_on < today:
        message = "Una consulta abierta no se cierra con una fecha que ya pasó."
        yield _problem("closes_in_past", message, f"Escriba un cierre desde el {spoken_day(today)}.")


def _channel(channel: str, limit: int) -> Iterator[Problem]:
    if not channel:
        yield _problem(
            "channel_missing", "Falta decir por qué canal.", "Por ejemplo: página web y encuentro presencial."
        )
    elif len(channel) > limit:
        message = f"El canal tiene {len(channel)} caracteres y caben {limit}."
        yield _problem("channel_too_long", message, "Acórtelo.")


def _text(text: str, code: str, what: str, limit: int) -> Iterator[Problem]:
    return missing_problems(text, code=code, what=what, limit=limit, rule="PG-07b")


def _problem(code: str, message: str, fix: str = "") -> Problem:
    return Problem(code, "PG-07b", message, fix=fix)
