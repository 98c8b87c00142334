"""Correcting the identification block of a plan without overwriting what somebody else wrote in it (WF3)."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from pes.edits import refuse_if_stale
from pes.models import User
from plans.editing import change_identification, hold_for_editing, identification_facts
from plans.models import PlanGestion


@transaction.atomic
def correct_identification(plan: PlanGestion, *, read: str, by: User, **values: Any) -> bool:
    """Write the block, if it still says what the person had read; False when nothing changed.

    `read` is the fingerprint of `identification_facts`: a goal that a colleague types meanwhile is no conflict. Raises
    PermissionDenied, StaleEdit, or Refused: not editable.
    """
    held = hold_for_editing(plan, by=by)
    refuse_if_stale(identification_facts(held), read)
    return change_identification(held, by=by, **values)
