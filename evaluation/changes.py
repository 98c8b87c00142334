"""How a verb corrects a record: write what differs, and leave its trace."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.db import models

from pes import audit
from pes.models import User


def save_changes(
    row: models.Model, values: Mapping[str, Any], facts: Callable[[Any], dict[str, Any]], *, verb: str, by: User,
    reason: str = "",
) -> bool:  # fmt: skip
    """Put values on a row that the verb holds; False when its facts stay the same, and then nothing is written."""
    before = facts(row)
    for name, value in values.items():
        setattr(row, name, value)
    after = facts(row)
    if after == before:
        return False
    row.save()
    old, new = audit.differences(before, after)
    audit.record(verb, row, by=by, before=old, after=new, reason=reason)
    return True
