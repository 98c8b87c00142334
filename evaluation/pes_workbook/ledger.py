"""What an import has done so far: counts, problems, and what is known of the plan."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.db.models import Model

from pes import audit
from pes.models import Indicator, OrganizationUnit, SectorPlan, User
from pes.workbooks.places import Found, Place


@dataclass
class Ledger:
    """Counts are rows of the workbook; the sheet PES counts as one row, the plan."""

    by: User
    found: Found
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    reprogrammed: set[int] = field(default_factory=set)  # vigencias whose programme changed
    recompute: bool = False  # an indicator changed: every measured vigencia may give another figure

    def count(self, *, is_new: bool, is_changed: bool = False) -> None:
        """Count one row."""
        if is_new:
            self.created += 1
        elif is_changed:
            self.updated += 1
        else:
            self.unchanged += 1

    def record(self, verb: str, obj: Model, before: dict[str, Any] | None, after: dict[str, Any]) -> None:
        """Leave an audit event, with only the fields that changed when there was something before."""
        if before is not None:
            before, after = audit.differences(before, after)
        audit.record(verb, obj, by=self.by, before=before, after=after)


@dataclass
class Context:
    """The plan that is imported into, its units and its indicators by key."""

    ledger: Ledger
    sector: OrganizationUnit
    plan: SectorPlan
    entities: list[OrganizationUnit]
    indicators: dict[str, Indicator] = field(default_factory=dict)
    places: dict[str, Place] = field(default_factory=dict)  # of each indicator's row, by key
