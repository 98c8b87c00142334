"""Two people who edit the same thing: what one has not read is never overwritten (WF3)."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from pes import audit
from pes.rules.problems import Problem, Refused


class StaleEdit(Refused):
    """Somebody else changed a record meanwhile; `stored` is what the record says now."""

    def __init__(self, stored: Mapping[str, Any]) -> None:
        message = "Otra persona cambió esto mientras usted lo editaba; nada se ha sobrescrito."
        fix = "Compare lo guardado con lo suyo: si guarda otra vez, queda lo que usted escribió."
        super().__init__([Problem("stale_edit", "WF3", message, fix=fix)])
        self.stored = stored


def fingerprint(facts: Mapping[str, Any]) -> str:
    """What a person has read of a record; it changes with anything that they may edit."""
    return hashlib.sha256(audit.canonical(facts)).hexdigest()[:16]


def refuse_if_stale(facts: Mapping[str, Any], read: str) -> None:
    """Raise `StaleEdit` unless the facts are those that the person had read when the edit began."""
    if read != fingerprint(facts):
        raise StaleEdit(facts)
