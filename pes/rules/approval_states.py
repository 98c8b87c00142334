"""The road of a version of the PES to its adoption, and who may take each step (Guía PES 2018, fase 3; LC-06, LC-08)."""

from __future__ import annotations

from enum import StrEnum

from pes.permissions import Permission
from pes.rules.transitions import Transition


class ApprovalStatus(StrEnum):
    """Where a round of approval stands between the head of the sector, its entities and the public."""

    PRESENTED = "presented"
    UNDER_OBSERVATION = "under_observation"
    ADJUSTING = "adjusting"
    APPROVAL_REQUESTED = "approval_requested"
    APPROVED_BY_ALL = "approved_by_all"
    COMMITTEE = "committee"
    ADOPTED = "adopted"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"

    @property
    def label(self) -> str:
        """Spanish name."""
        return _LABELS[self]


_S = ApprovalStatus
_LABELS = {
    _S.PRESENTED: "Presentado a las entidades",
    _S.UNDER_OBSERVATION: "Con observaciones",
    _S.ADJUSTING: "En ajuste",
    _S.APPROVAL_REQUESTED: "Aprobación solicitada",
    _S.APPROVED_BY_ALL: "Aprobado por todas las entidades",
    _S.COMMITTEE: "Avalado por el Comité Sectorial",
    _S.ADOPTED: "Adoptado",
    _S.PUBLISHED: "Publicado",
    _S.WITHDRAWN: "Retirado",
}

OBSERVABLE = frozenset({_S.PRESENTED, _S.UNDER_OBSERVATION, _S.ADJUSTING})
UNDER_WAY = OBSERVABLE | {_S.APPROVAL_REQUESTED, _S.APPROVED_BY_ALL, _S.COMMITTEE}
APPROVED = frozenset({_S.APPROVED_BY_ALL, _S.COMMITTEE, _S.ADOPTED, _S.PUBLISHED})

TRANSITIONS = (
    # The first presentation makes the round; each later one is another version, and needs every approval again (LC-08).
    Transition("present", UNDER_WAY, _S.PRESENTED, Permission.DOCUMENT_PRESENT),
    Transition("observe", {_S.PRESENTED}, _S.UNDER_OBSERVATION, Permission.DOCUMENT_OBSERVE),
    Transition(
        "decline", {_S.APPROVAL_REQUESTED}, _S.UNDER_OBSERVATION, Permission.DOCUMENT_APPROVE, needs_reason=True
    ),
    # What is accepted of an earlier version is not in the one that stands presented: it needs another, too.
    Transition("adjust", {_S.PRESENTED, _S.UNDER_OBSERVATION}, _S.ADJUSTING, Permission.DOCUMENT_PRESENT),
    Transition("request", {_S.PRESENTED, _S.UNDER_OBSERVATION}, _S.APPROVAL_REQUESTED, Permission.DOCUMENT_PRESENT),
    Transition("complete", {_S.APPROVAL_REQUESTED}, _S.APPROVED_BY_ALL, None),  # the last entity has approved
    Transition("endorse", {_S.APPROVED_BY_ALL}, _S.COMMITTEE, Permission.DOCUMENT_PRESENT),
    Transition("return", {_S.APPROVED_BY_ALL}, _S.ADJUSTING, Permission.DOCUMENT_PRESENT, needs_reason=True),
    Transition("adopt", {_S.COMMITTEE}, _S.ADOPTED, Permission.PES_ADOPT),
    Transition("publish", {_S.ADOPTED}, _S.PUBLISHED, Permission.PES_PUBLISH),
    Transition("recall", UNDER_WAY, _S.WITHDRAWN, Permission.DOCUMENT_PRESENT, needs_reason=True),
)
