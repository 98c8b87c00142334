"""The demonstration's approval is made with the real verbs, and a second time changes nothing."""

from __future__ import annotations

from datetime import date

import pytest
from django.utils import timezone

from pes.approval import demo
from pes.approval.versions import adoptions_of, unanswered
from pes.models import Adoption, AuditEvent, PesVersion, SectorPlan
from pes.permissions import Role
from pes.writing.structure import open_document
from pes.writing.texts import write_section
from tests import make
from tests.people import cast, person, unit
from tests.pes.approval.worlds import adopted

pytestmark = pytest.mark.django_db


@pytest.mark.rule("REF-01", "LC-06")
def test_gobierno_is_observed_and_gestion_publica_has_its_repealed_act():
    who = cast()
    entities = {"sdg": who.other_entity} | {
        code: unit(code, who.other_entity.kind, who.other_sector) for code in ("dadep", "idpac")
    }
    for name, role, on in (
        ("analista.gobierno", Role.ANALISTA_OAP, who.other_sector), ("jefe.oap", Role.JEFE_OAP, who.district),
        *((f"enlace.{code}", Role.ENLACE_ENTIDAD, entity) for code, entity in entities.items()),
    ):  # fmt: skip
        someone = person(name, role, on)
        someone.email = f"{name}@demo.invalid"
        someone.save()
    plan, earlier = make.plan(sector=who.other_sector, first=2024, last=2028), make.plan(sector=who.sector)
    analyst = type(who.ana).objects.get(email="analista.gobierno@demo.invalid")
    document = open_document(plan, by=analyst)
    section = document.chapters.get(key="1").sections.get(key="background")
    write_section(section, "<p>Texto inventado.</p>", read=0, by=analyst)

    demo.load(now=timezone.now())
    events = AuditEvent.objects.count()
    demo.load(now=timezone.now())

    version = PesVersion.objects.get(plan=plan)
    assert (version.observations.count(), unanswered(version.round).count()) == (3, 2)
    [adoption] = adoptions_of(earlier)
    assert (str(adoption.act), str(adoption.act.repealed_by)) == ("Resolución 277 de 2020", "Resolución 630 de 2024")
    assert adopted(earlier, date(2024, 12, 8)) == adoption
    assert adopted(earlier, date(2024, 12, 9)) is None
    assert (AuditEvent.objects.count(), Adoption.objects.count(), SectorPlan.objects.count()) == (events, 1, 2)
