"""What the rounds work on, printed as JSON; one item is the material of one round: a quarter of an entity."""

from __future__ import annotations

import json
import sys
from collections import defaultdict

from benchmarks.teams import Teams, add_leader, build
from pes.models import OrganizationUnit, UnitKind

LEADER = "lider@ejemplo.invalid"
TEAMS = Teams("fallas", entities=13, processes=4, goals=1, vigencia=2022, quarters=(1, 2, 3, 4))


def main() -> None:
    """Fill the empty schema."""
    district = OrganizationUnit.objects.create(code="distrito", name="Distrito", kind=UnitKind.DISTRICT)
    reports = build(TEAMS, district)
    add_leader(LEADER, district)
    rounds: dict[tuple[int, int], list[int]] = defaultdict(list)
    for report in reports:
        rounds[report.quarter, report.plan.unit.parent_id].append(report.pk)
    places = sorted(rounds)
    json.dump(
        [{"quarter": quarter, "entity": entity, "reports": rounds[quarter, entity]} for quarter, entity in places],
        sys.stdout,
    )
