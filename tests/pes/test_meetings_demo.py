"""The invented meetings: what a visitor of the demonstration finds, and that loading them again changes nothing."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
import time_machine
from django.conf import settings

from pes.meetings.demo import LISTED, load
from pes.meetings.gate_facts import gate_facts
from pes.models import Commitment, Membership, OrganizationUnit, TechnicalWorkshop, UnitKind, User
from pes.permissions import Role
from tests import make, people

pytestmark = [pytest.mark.django_db, pytest.mark.rule("LC-03")]
NOW = datetime(2026, 3, 2, 15, tzinfo=UTC)
PERSONAS = settings.BASE_DIR / "fixtures" / "demo_personas.json"


def _gobierno() -> OrganizationUnit:
    """The sector of the demonstration with its three entities and its invented people."""
    sector = people.unit("gobierno", UnitKind.SECTOR, people.unit("bogota", UnitKind.DISTRICT, None))
    units = {
        code: people.unit(code, UnitKind.ENTITY, sector, acronym=code.upper()) for code in ("sdg", "dadep", "idpac")
    }
    units["gobierno"] = sector
    for entry in json.loads(PERSONAS.read_text(encoding="utf-8"))["people"]:
        if entry.get("unit") in units:
            user = User.objects.create_user(entry["email"], full_name=entry["name"])
            role = Role(entry["role"])
            Membership.grant(user=user, unit=units[entry["unit"]], role=role, starts_on=people.SINCE, by=None)
    return sector


def test_the_demonstration_has_met_and_loads_once():
    plan = make.plan(sector=_gobierno(), first=2024, last=2028)
    with time_machine.travel(NOW, tick=False):
        load(now=NOW)
        load(now=NOW)
        facts = {fact.code: fact.is_met for fact in gate_facts(plan)}
        overdue = Commitment.objects.overdue(NOW.date()).count()

    listed = json.loads(LISTED.read_text(encoding="utf-8"))["sectors"][0]["meetings"]
    states = list(TechnicalWorkshop.objects.order_by("on").values_list("status", flat=True))
    assert len(states) == len(listed)
    assert states[-2:] == ["held", "scheduled"]
    assert facts["workshops_with_every_entity"]
    assert facts["methodology_presented"]
    assert facts["workshops_of_each_kind"]
    assert overdue >= 1
    assert Commitment.objects.filter(status="fulfilled").exists()
