"""SM-3, the states of a request to change or eliminate a goal (PLE-PIN-P005 v8, policy 9; rules §5.3)."""

from __future__ import annotations

from enum import StrEnum

from pes.permissions import Permission
from pes.rules.transitions import Transition


class ChangeStatus(StrEnum):
    """Where a request stands, from the leader's desk to the adjusted version in force."""

    DRAFT = "draft"
    FILED = "filed"
    AWAITING_OPINION = "awaiting_opinion"
    NOT_FEASIBLE = "not_feasible"
    UNDER_STUDY = "under_study"
    APPROVED = "approved"
    DENIED = "denied"
    APPLIED = "applied"
    WITHDRAWN = "withdrawn"

    @property
    def label(self) -> str:
        """Spanish name."""
        return _LABELS[self]


_LABELS = {
    ChangeStatus.DRAFT: "Borrador",
    ChangeStatus.FILED: "Radicada",
    ChangeStatus.AWAITING_OPINION: "Pendiente de concepto",
    ChangeStatus.NOT_FEASIBLE: "No factible",
    ChangeStatus.UNDER_STUDY: "En estudio",
    ChangeStatus.APPROVED: "Aprobada",
    ChangeStatus.DENIED: "Negada",
    ChangeStatus.APPLIED: "Aplicada",
    ChangeStatus.WITHDRAWN: "Desistida",
}
_S = ChangeStatus

TRANSITIONS = (
    Transition("file", {_S.DRAFT}, _S.FILED, Permission.CHANGE_FILE),
    Transition("route", {_S.FILED}, _S.AWAITING_OPINION, None),
    Transition("favour", {_S.AWAITING_OPINION}, _S.UNDER_STUDY, Permission.OPINION_GIVE),
    Transition("disfavour", {_S.AWAITING_OPINION}, _S.NOT_FEASIBLE, Permission.OPINION_GIVE),
    Transition("study", {_S.FILED}, _S.UNDER_STUDY, Permission.CHANGE_STUDY),
    Transition("approve", {_S.UNDER_STUDY}, _S.APPROVED, Permission.CHANGE_DECIDE),
    Transition("deny", {_S.UNDER_STUDY}, _S.DENIED, Permission.CHANGE_DECIDE, needs_reason=True),
    Transition("apply", {_S.APPROVED}, _S.APPLIED, Permission.PLAN_SUBMIT),
    Transition("withdraw", {_S.FILED, _S.AWAITING_OPINION, _S.UNDER_STUDY}, _S.WITHDRAWN, Permission.CHANGE_FILE),
)

TERMINAL = frozenset({_S.NOT_FEASIBLE, _S.DENIED, _S.APPLIED, _S.WITHDRAWN})
# A goal has at most one of these at a time (WF24); a draft is nobody else's business yet.
OPEN = frozenset(_S) - TERMINAL - {_S.DRAFT}
