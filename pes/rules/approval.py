"""What a version of the PES needs to go on: from its presentation to the committee (Guía PES 2018, fase 3; LC-08)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from pes.rules.problems import Problem
from pes.rules.road_states import PhaseState
from pes.rules.roads import phase_state
from pes.rules.spoken import spoken_day
from pes.rules.threads import TEXT_LIMIT, text_problems

RULE = "LC-08"
ADOPTION_ACT = "adoption_act"  # what the gate of the phase in which a PES is approved asks for (G3)


@dataclass(frozen=True, slots=True)
class EntityStand:
    """Where an entity stands before the version that is presented now.

    `open_observations` are its own of the whole round that still await their answer.
    """

    name: str
    has_read: bool = False
    open_observations: int = 0
    has_approved: bool = False


@dataclass(frozen=True, slots=True)
class WalkedPhase:
    """A phase of the road of a PES, for the approval: its template's codes, and whether it is closed."""

    code: str
    number: int
    name: str
    gate: str
    after: Sequence[str]
    conditions: Collection[str]  # codes of what its gate asks for
    is_closed: bool


def phase_problems(road: Sequence[WalkedPhase]) -> Iterator[Problem]:
    """LC-01: nothing is approved or adopted before the phase of the approval opens; presented and observed, it may be.

    That phase is the one whose gate asks for the act. Of a PES without road, or with another, nothing is asked.
    """
    phase = next((one for one in road if ADOPTION_ACT in one.conditions), None)
    shut = phases_to_close(road)
    if phase is not None and shut:
        named = " y ".join(f"la fase {one.number} (puerta {one.gate})" for one in shut)
        message = f"La fase {phase.number}, «{phase.name}», no se ha abierto: falta cerrar {named}."
        fix = "Complete lo que le falta a la puerta en la pestaña «Camino»."
        yield Problem("approval_phase_waiting", "LC-01", message, fix=fix)


def phases_to_close(road: Sequence[WalkedPhase]) -> list[WalkedPhase]:
    """The phases that the one of the approval still waits for; none when it is open or closed."""
    closed = {one.code for one in road if one.is_closed}
    for phase in road:
        state = phase_state(is_closed=phase.is_closed, after=phase.after, closed=closed)
        if ADOPTION_ACT in phase.conditions and state is PhaseState.WAITING:
            return [one for one in road if one.code in phase.after and not one.is_closed]
    return []


def presentation_problems(
    *,
    section_count: int,
    entity_count: int,
    is_same: bool,
    has_moved: bool,
    respond_by: date,
    today: date,
) -> Iterator[Problem]:
    """Why the document cannot be presented: nothing written, nobody to read it, the same again, no time to answer.

    `is_same`: word for word the last version that was presented; `has_moved`: it changed since its preview was read.
    """
    if not section_count:
        yield Problem(
            "document_empty", "LC-07", "El documento no tiene texto.", fix="Escríbalo en la pestaña «Documento»."
        )
    if not entity_count:
        fix = "Pida a quien administra que registre las entidades del sector."
        yield Problem("no_entities", RULE, "El sector no tiene entidades activas que lo aprueben.", fix=fix)
    if is_same:
        message = "El documento dice lo mismo, palabra por palabra, que la última versión presentada."
        yield Problem("version_unchanged", RULE, message, fix="Ajústelo primero en la pestaña «Documento».")
    if has_moved:
        message = "El documento cambió mientras usted leía: no se presentó nada."
        yield Problem("document_moved", "WF3", message, fix="Lea lo que cambió y preséntelo otra vez.")
    if respond_by <= today:
        message = f"El plazo para observar, {spoken_day(respond_by)}, no deja tiempo de leer."
        yield Problem("term_too_short", RULE, message, fix="Elija un día desde mañana.")


def moment_problems(*, asked: int, latest: int, is_open: bool, label: str) -> Iterator[Problem]:
    """Why nothing can be said now of version `asked`: another took its place, or the round is in other hands."""
    if asked != latest:
        message = f"Mientras usted leía la versión {asked} se presentó la versión {latest}."
        yield Problem(
            "version_replaced", RULE, message, fix=f"Lea la versión {latest}: es la que se observa y aprueba."
        )
    elif not is_open:
        message = f"La ronda está en estado «{label}»: ahora no se puede hacer esto."
        yield Problem("not_now", RULE, message, fix="Vuelva a cargar la página para ver en qué va.")


def observation_problems(text: str, *, is_section: bool, respond_by: date, today: date) -> Iterator[Problem]:
    """What is wrong with a new observation: no such section, no text, too late."""
    yield from text_problems(text, RULE)
    if not is_section:
        yield Problem("section_unknown", "AZ10", "Esa sección no está en la versión.", fix="Elija una de la lista.")
    if today > respond_by:
        message = f"El plazo para observar terminó el {spoken_day(respond_by)}."
        fix = "Si no está de acuerdo, dígalo con su motivo cuando se le pida la aprobación."
        yield Problem("term_over", RULE, message, fix=fix)


def answer_problems(text: str, *, is_accepted: bool, is_section: bool) -> Iterator[Problem]:
    """What is wrong with an answer: each says why, and an accepted observation says which section is adjusted."""
    yield from text_problems(text, RULE)
    if is_accepted and not is_section:
        fix = "Elija la sección en que se recoge lo observado."
        yield Problem("adjusted_missing", RULE, "Falta qué sección se ajusta.", fix=fix)


def request_problems(stands: Sequence[EntityStand], *, respond_by: date, today: date) -> Iterator[Problem]:
    """Why approval cannot be requested yet: observations without answer, entities that still have time to read."""
    waiting = [stand for stand in stands if stand.open_observations]
    if waiting:
        named = ", ".join(f"{stand.name} ({stand.open_observations})" for stand in waiting)
        message = f"Hay observaciones sin respuesta: {named}."
        yield Problem("observations_unanswered", RULE, message, fix="Responda cada una: acogida o no acogida.")
    unread = [stand.name for stand in stands if not stand.has_read]
    if unread and today <= respond_by:
        message = (
            f"El plazo para observar corre hasta el {spoken_day(respond_by)} y falta por leer: {', '.join(unread)}."
        )
        yield Problem("term_running", RULE, message, fix="Espere al plazo o a que todas las entidades la lean.")


def approval_problems(*, own_open: int, is_presenter: bool) -> Iterator[Problem]:
    """Why an entity cannot approve: its own observations are open, or who approves is who presented (AZ4)."""
    if own_open:
        said = "1 observación" if own_open == 1 else f"{own_open} observaciones"
        message = f"Su entidad tiene {said} sin respuesta."
        yield Problem("own_observations_open", RULE, message, fix="Espere la respuesta de la cabeza de sector.")
    if is_presenter:
        message = "Usted presentó esta versión; quien presenta no aprueba."
        yield Problem("presenter_approves", "AZ4", message, fix="Pida la aprobación a otra persona de la entidad.")


def refusal_problems(reason: str, *, has_approved: bool) -> Iterator[Problem]:
    """Why an entity cannot say no: it said yes to this very version, or it does not say why."""
    if has_approved:
        message = "Su entidad ya aprobó esta versión."
        yield Problem("approved_already", RULE, message, fix="Una versión nueva necesita otra vez su aprobación.")
    yield from reason_problems(reason, "Falta por qué no se aprueba.")


def reason_problems(reason: str, message: str) -> Iterator[Problem]:
    """An act that needs its reason, and a reason that fits."""
    if not reason.strip():
        yield Problem("reason_missing", RULE, message, fix="Escríbalo: queda en la historia de la versión.")
    elif len(reason) > TEXT_LIMIT:
        said = f"El texto tiene {len(reason)} caracteres y caben {TEXT_LIMIT}."
        yield Problem("text_too_long", RULE, said, fix="Acórtelo.")


def session_problems(
    *, held_on: date, presented_on: date, today: date, is_returned: bool, note: str
) -> Iterator[Problem]:
    """What is wrong with a session of the committee: its day, or a return without what was missing."""
    if held_on > today:
        message = f"El {spoken_day(held_on)} no ha llegado."
        yield Problem("session_in_future", RULE, message, fix="Registre la sesión cuando se haya celebrado.")
    elif held_on < presented_on:
        message = f"La sesión sería anterior a la versión, que se presentó el {spoken_day(presented_on)}."
        yield Problem("session_too_early", RULE, message, fix="Revise la fecha del acta.")
    if is_returned:
        yield from reason_problems(note, "Falta qué observó el Comité.")


def still_to_approve(stands: Iterable[EntityStand]) -> list[str]:
    """Names of the entities that have not approved the version."""
    return [stand.name for stand in stands if not stand.has_approved]


def everybody_approves(stands: Sequence[EntityStand]) -> bool:
    """LC-08: all entities of the sector approved this version; a sector without entities approves nothing."""
    return bool(stands) and not still_to_approve(stands)
