"""Writing goals, indicators and their programme: what the screens and the import of a workbook share.

Nothing here asks who may: the verb that calls has, and holds the plan. Each change leaves its audit event.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from pes import audit
from pes.models import Indicator, IndicatorTarget, InvestmentProject, Objective, SectorGoal, User
from pes.rules.programmes import Years

FIELDS = (
    "goal", "code", "name", "entity", "programming_type", "type_was_inferred", "baseline", "unit", "formula",
    "indicator_type", "source",
)  # fmt: skip
Targets = Mapping[int, IndicatorTarget]


def write_goal(
    *, objective: Objective, kind: str, code: str, text: str, project: InvestmentProject | None, by: User
) -> SectorGoal:
    """A new goal of an objective (PES-01, PES-02)."""
    goal = SectorGoal.objects.create(objective=objective, kind=kind, code=code, text=text, project=project)
    audit.record("goal_added", goal, by=by, after=goal_facts(goal))
    return goal


def rewrite_goal(goal: SectorGoal, *, text: str, project: InvestmentProject | None, by: User) -> bool:
    """Change the text or the project of a goal; False when nothing changed."""
    before = goal_facts(goal)
    goal.text, goal.project = text, project
    if goal_facts(goal) == before:
        return False
    goal.save(update_fields=["text", "project"])
    old, new = audit.differences(before, goal_facts(goal))
    audit.record("goal_changed", goal, by=by, before=old, after=new)
    return True


@dataclass
class IndicatorBatch:
    """Indicators to write together, so that a thousand of them take a handful of statements."""

    by: User
    new: list[tuple[Indicator, Years]] = field(default_factory=list)
    changed: list[tuple[Indicator, dict[str, Any], dict[str, Any]]] = field(default_factory=list)
    reprogrammed: set[int] = field(default_factory=set)  # vigencias whose programme changes
    _added: list[IndicatorTarget] = field(default_factory=list)
    _moved: list[IndicatorTarget] = field(default_factory=list)
    _dropped: list[int] = field(default_factory=list)

    def add(self, indicator: Indicator, programme: Years) -> None:
        """A new indicator, with the amounts (its unit) of the vigencias that it programmes."""
        self.new.append((indicator, {year: amount for year, amount in programme.items() if amount is not None}))

    def change(self, indicator: Indicator, before: dict[str, Any], programme: Years, stored: Targets) -> bool:
        """An indicator whose fields were set, with what `indicator_facts` said before; False when nothing differs.

        `programme` holds the vigencias that are given, None for not programmed (PT-12); the others stay.
        """
        after = indicator_facts(indicator, amounts_of(stored) | dict(programme))
        if after == before:
            return False
        self.changed.append((indicator, *audit.differences(before, after)))
        for year, amount in programme.items():
            self._retarget(indicator, year, amount, stored.get(year))
        return True

    def write(self) -> None:
        """Write everything and leave one audit event for each indicator."""
        Indicator.objects.bulk_create([indicator for indicator, _years in self.new], batch_size=200)
        for indicator, years in self.new:
            for year, amount in years.items():
                self._retarget(indicator, year, amount, None)
            audit.record("indicator_added", indicator, by=self.by, after=indicator_facts(indicator, years))
        Indicator.objects.bulk_update([indicator for indicator, *_said in self.changed], FIELDS, batch_size=50)
        for indicator, before, after in self.changed:
            audit.record("indicator_changed", indicator, by=self.by, before=before, after=after)
        IndicatorTarget.objects.filter(pk__in=self._dropped).delete()
        IndicatorTarget.objects.bulk_update(self._moved, ["programmed"], batch_size=200)
        IndicatorTarget.objects.bulk_create(self._added, batch_size=300)

    def _retarget(
        self, indicator: Indicator, year: int, amount: Decimal | None, stored: IndicatorTarget | None
    ) -> None:
        if amount == (stored.programmed if stored else None):
            return
        self.reprogrammed.add(year)
        if stored is None:
            self._added.append(IndicatorTarget(indicator=indicator, vigencia_id=year, programmed=amount))
        elif amount is None:
            self._dropped.append(stored.pk)
        else:
            stored.programmed = amount
            self._moved.append(stored)


def amounts_of(targets: Targets) -> dict[int, Decimal | None]:
    """The programme of stored targets: vigencia → amount."""
    return {year: target.programmed for year, target in targets.items()}


def goal_facts(goal: SectorGoal) -> dict[str, Any]:
    """What the audit keeps of a goal."""
    return {"kind": goal.kind, "code": goal.code, "text": goal.text, "project": goal.project_id}


def indicator_facts(indicator: Indicator, programme: Years) -> dict[str, Any]:
    """What the audit keeps of an indicator and its programme."""
    said = {name: getattr(indicator, name) for name in FIELDS if name not in ("goal", "entity", "baseline")}
    amounts = {str(year): f"{amount:.4f}" for year, amount in sorted(programme.items()) if amount is not None}
    baseline = None if indicator.baseline is None else f"{indicator.baseline:.4f}"
    where = {"goal": indicator.goal_id, "entity": indicator.entity_id}
    return {"key": indicator.key, **where, **said, "baseline": baseline, "programme": amounts}


def fingerprint(indicator: Indicator, programme: Years) -> str:
    """What a person has read of an indicator and its goal; it changes with anything that they may edit (WF3)."""
    said = [goal_facts(indicator.goal), indicator_facts(indicator, programme)]
    return hashlib.sha256(audit.canonical(said)).hexdigest()[:16]
