"""The profile of the demonstration: loaded through the verbs, twice the same, nothing invented for the published PES."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from pes.models import (
    AuditEvent,
    DevelopmentPlan,
    EntityProblem,
    PlannedActivity,
    ProjectResource,
    SectorStatement,
    StrategicObjective,
    UnitKind,
)
from pes.profile import demo
from tests import make, people

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 21, 15, tzinfo=UTC)


@pytest.mark.rule("REF-01")
def test_both_sectors_get_their_profile_once():
    them = people.cast()
    for code in ("dadep", "idpac"):
        people.unit(code, UnitKind.ENTITY, them.other_sector)
    published = make.plan(sector=them.sector)
    invented = make.plan(sector=them.other_sector, first=2024, last=2028)
    for number in (1, 2, 3):
        make.objective(plan=invented, number=number)

    demo.load(now=NOW)
    written = AuditEvent.objects.count()
    demo.load(now=NOW)

    assert AuditEvent.objects.count() == written
    pdd = DevelopmentPlan.objects.get(plan=published)
    assert (pdd.source_act, pdd.valid_until) == ("Acuerdo 761 de 2020", None)
    assert "Acuerdo 927 de 2024" in pdd.repealed_by
    assert not SectorStatement.objects.filter(plan=published).exists()
    assert EntityProblem.objects.filter(plan=invented).count() == 4
    assert ProjectResource.objects.count() == 6 * 3
    assert StrategicObjective.objects.exclude(sector_objective=None).count() == 3
    assert PlannedActivity.objects.filter(status="done").count() == 6
