"""What the rounds work on, printed as JSON: for each round, the requests about one quarter of one entity."""

from __future__ import annotations

import json
import sys
from collections import defaultdict

from django.utils import timezone

from benchmarks.teams import Teams, add_leader, build
from pes.models import OrganizationUnit, UnitKind, User
from tracking.models import QuarterReport
from tracking.rules.report_states import ReportStatus

LEADER, HEAD = "lider@ejemplo.invalid", "fallas.oap@ejemplo.invalid"
TEAMS = Teams("fallas", entities=13, processes=5, goals=1, vigencia=2022, quarters=(1, 2, 3, 4))


def main() -> None:
    """Fill the empty schema: of each entity and quarter one report is accepted, the others are to be sent."""
    district = OrganizationUnit.objects.create(code="distrito", name="Distrito", kind=UnitKind.DISTRICT)
    reports = build(TEAMS, district)
    leader = add_leader(LEADER, district)
    rounds: dict[tuple[int, int], list[int]] = defaultdict(list)
    for report in reports:
        rounds[report.quarter, report.plan.unit.parent_id].append(report.pk)
    _accept([found[0] for found in rounds.values()], leader)
    material = [[["close", entity, quarter], *(["submit", pk] for pk in found[1:])]
                for (quarter, entity), found in sorted(rounds.items())]  # fmt: skip
    json.dump(material, sys.stdout)


def _accept(reports: list[int], leader: User) -> None:
    now, head = timezone.now(), User.objects.get(email=HEAD)
    sent = {"submitted_by": leader, "submitted_at": now, "first_submitted_at": now}
    QuarterReport.objects.filter(pk__in=reports).update(
        status=ReportStatus.VALIDATED, validated_by=head, validated_at=now, **sent
    )
