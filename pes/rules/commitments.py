"""Commitments that a meeting leaves: states, and what each step needs (LC-03; Guía, sensibilización y fase 5)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from enum import StrEnum

from pes.permissions import Permission
from pes.rules.problems import Problem
from pes.rules.transitions import Transition

RULE = "LC-03"


class CommitmentStatus(StrEnum):
    """How far a commitment is."""

    PENDING = "pending"
    IN_PROGRESS = "in_progress"
    FULFILLED = "fulfilled"
    WITHDRAWN = "withdrawn"

    @property
    def label(self) -> str:
        """Spanish name."""
        return _LABELS[self]


class CommitmentEvent(StrEnum):
    """What was told of a commitment."""

    NOTED = "noted"
    FULFILLED = "fulfilled"
    REOPENED = "reopened"
    RESCHEDULED = "rescheduled"
    WITHDRAWN = "withdrawn"

    @property
    def label(self) -> str:
        """Spanish name."""
        return _EVENTS[self]


_S = CommitmentStatus
_LABELS = {_S.PENDING: "Pendiente", _S.IN_PROGRESS: "En curso", _S.FULFILLED: "Cumplido", _S.WITHDRAWN: "Retirado"}
_EVENTS = {
    CommitmentEvent.NOTED: "Avance",
    CommitmentEvent.FULFILLED: "Cumplido",
    CommitmentEvent.REOPENED: "Reabierto",
    CommitmentEvent.RESCHEDULED: "Nuevo plazo",
    CommitmentEvent.WITHDRAWN: "Retirado",
}
OPEN = frozenset({_S.PENDING, _S.IN_PROGRESS})

#: Who answers for it notes and fulfils; who keeps the meetings may do everything (the verbs ask).
TRANSITIONS = (
    Transition("note", OPEN, _S.IN_PROGRESS, Permission.PES_READ),
    Transition("fulfil", OPEN, _S.FULFILLED, Permission.PES_READ),
    Transition("reopen", {_S.FULFILLED}, _S.IN_PROGRESS, Permission.WORKSHOP_REGISTER, needs_reason=True),
    Transition("drop", OPEN, _S.WITHDRAWN, Permission.WORKSHOP_REGISTER, needs_reason=True),
)


def commitment_problems(*, text: str, owners: int, due_on: date, held_on: date) -> Iterator[Problem]:
    """What a commitment lacks: what, by whom – a person or an entity, one of the two – and until when."""
    if not text.strip():
        yield Problem("commitment_empty", RULE, "Falta el compromiso.", fix="Escriba qué se hará.")
    if owners != 1:
        message = "Un compromiso tiene un responsable: una persona o una entidad."
        yield Problem("owner_not_one", RULE, message, fix="Elija una de las dos.")
    if due_on < held_on:
        message = "El plazo es anterior a la reunión."
        yield Problem("due_before_meeting", RULE, message, fix="Escriba una fecha posterior.")


def fulfilment_problems(*, text: str, has_proof: bool) -> Iterator[Problem]:
    """What is missing to take a commitment as fulfilled: what was done and its proof."""
    if not text.strip():
        yield Problem("fulfilment_untold", RULE, "Falta decir qué se hizo.", fix="Descríbalo en una o dos frases.")
    if not has_proof:
        message = "Un compromiso se cierra con su evidencia."
        yield Problem("proof_missing", RULE, message, fix="Adjunte un archivo o escriba un enlace.")


def state_problems(status: str, wanted: Iterable[str], act: str) -> Iterator[Problem]:
    """Whether a commitment stands where an act begins; `act` ends the sentence «… no se puede …»."""
    if status not in set(wanted):
        message = f"El compromiso está en estado «{CommitmentStatus(status).label}» y no se puede {act}."
        yield Problem("invalid_transition", RULE, message, fix="Vuelva a cargar la página.")


def is_overdue(status: str, due_on: date, today: date) -> bool:
    """Whether a commitment is open after its day, which counts whole."""
    return status in OPEN and due_on < today
