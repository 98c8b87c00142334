"""What a round of approval awaits and from whom, in a sentence or two (LC-08)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from pes.approval.room_actions import counted
from pes.approval.versions import Standing
from pes.dates import long_date
from pes.models import PesVersion
from pes.rules.approval import still_to_approve
from pes.rules.approval_states import ApprovalStatus

_S = ApprovalStatus
AWAITED = {
    _S.APPROVED_BY_ALL: "Todas las entidades aprobaron. Falta la sesión del Comité Sectorial de Gestión y Desempeño.",
    _S.COMMITTEE: "El Comité lo avaló. Falta registrar el acto que lo adopta.",
    _S.ADOPTED: "El PES está adoptado y sellado. Falta registrar su publicación en la página web.",
    _S.PUBLISHED: "El PES está adoptado y publicado. Una modificación es otra versión, con su propio acto.",
    _S.WITHDRAWN: "La cabeza de sector retiró la versión. Puede presentar otra cuando esté lista.",
}


def awaited(
    state: ApprovalStatus, version: PesVersion, found: Sequence[Standing], open_count: int, today: date, *,
    may_ask: bool,
) -> str:  # fmt: skip
    """What is awaited and from whom; `may_ask`: the phase of the approval is open, so that it may be asked for."""
    if state in {_S.PRESENTED, _S.UNDER_OBSERVATION}:
        return _while_read(version, found, open_count, today, may_ask=may_ask)
    if state == _S.ADJUSTING:
        return f"La cabeza de sector ajusta el documento y presenta otra versión.{_left(open_count)}"
    if state == _S.APPROVAL_REQUESTED:
        return f"Falta que aprueben esta versión: {', '.join(still_to_approve([one.stand for one in found]))}."
    return AWAITED[state]


def _left(open_count: int) -> str:
    """« Queda 1 observación sin respuesta.», or nothing."""
    if not open_count:
        return ""
    return f" {'Queda' if open_count == 1 else 'Quedan'} {counted(open_count)} sin respuesta."


def _while_read(version: PesVersion, found: Sequence[Standing], open_count: int, today: date, *, may_ask: bool) -> str:
    unread = [one.stand.name for one in found if not one.stand.has_read]
    parts = [f"Las entidades observan hasta el {long_date(version.respond_by)}."]
    if unread and today <= version.respond_by:
        parts.append(f"Falta por leer: {', '.join(unread)}.")
    if open_count:
        parts.append(f"La cabeza de sector debe responder {counted(open_count)}.")
    elif may_ask and (today > version.respond_by or not unread):
        parts.append("La cabeza de sector puede pedir la aprobación.")
    return " ".join(parts)
