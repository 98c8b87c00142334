"""SM-2, the states of a quarterly report (PLE-PIN-P005 v8, activities 8 to 13; rules §5.3)."""

from __future__ import annotations

from enum import StrEnum

from pes.permissions import Permission
from pes.rules.transitions import Transition


class ReportStatus(StrEnum):
    """Where a report stands between its team, the OAP and the public."""

    OPEN = "open"
    FILLING = "filling"
    SUBMITTED = "submitted"
    IN_REVIEW = "in_review"
    RETURNED = "returned"
    VALIDATED = "validated"
    CONSOLIDATED = "consolidated"
    PUBLISHED = "published"

    @property
    def label(self) -> str:
        """Spanish name."""
        return _LABELS[self]


_LABELS = {
    ReportStatus.OPEN: "Abierto",
    ReportStatus.FILLING: "En diligenciamiento",
    ReportStatus.SUBMITTED: "Enviado",
    ReportStatus.IN_REVIEW: "En revisión",
    ReportStatus.RETURNED: "Devuelto",
    ReportStatus.VALIDATED: "Validado",
    ReportStatus.CONSOLIDATED: "Consolidado",
    ReportStatus.PUBLISHED: "Socializado",
}
_S = ReportStatus

EDITABLE = frozenset({_S.OPEN, _S.FILLING, _S.RETURNED})
#: A central area completes its goals until the report is validated (PG-08).
CENTRAL_EDITABLE = EDITABLE | {_S.SUBMITTED, _S.IN_REVIEW}
OFFICIAL = frozenset({_S.VALIDATED, _S.CONSOLIDATED, _S.PUBLISHED})
SEALED = frozenset({_S.CONSOLIDATED, _S.PUBLISHED})

TRANSITIONS = (
    Transition("fill", {_S.OPEN}, _S.FILLING, Permission.QUARTER_FILL),
    Transition("submit", {_S.OPEN, _S.FILLING}, _S.SUBMITTED, Permission.QUARTER_SUBMIT),
    Transition("resubmit", {_S.RETURNED}, _S.SUBMITTED, Permission.QUARTER_SUBMIT),
    Transition("take", {_S.SUBMITTED}, _S.IN_REVIEW, Permission.QUARTER_REVIEW),
    Transition("send_back", {_S.IN_REVIEW}, _S.RETURNED, Permission.QUARTER_REVIEW),
    Transition("validate", {_S.IN_REVIEW}, _S.VALIDATED, Permission.QUARTER_REVIEW),
    Transition("consolidate", {_S.VALIDATED}, _S.CONSOLIDATED, Permission.QUARTER_CONSOLIDATE),
    Transition("publish", {_S.CONSOLIDATED}, _S.PUBLISHED, Permission.QUARTER_PUBLISH),
    Transition("reopen", OFFICIAL, _S.IN_REVIEW, Permission.QUARTER_REOPEN, needs_reason=True),
)
