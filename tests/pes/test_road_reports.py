"""Who reports on which road, of which days, and what each line is worth: the road of a PES beside a territorial one."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile

from pes import registry
from pes.models import ActivityReport, AuditEvent, Membership, RoadActivity, User
from pes.permissions import ROLES, Permission, Role
from pes.roads.opening import open_plan, open_road
from pes.roads.reporting import attach_evidence, report_progress, resume, set_aside, withdraw_evidence
from pes.rules.problems import Refused
from tests import make
from tests.answers import codes, page_of
from tests.once import once
from tests.people import person
from tests.pes.road_world import HUNDRED, NOW, World, program, world
from tests.tracking.files import pdf, upload

pytestmark = pytest.mark.django_db
DAY = date(2025, 3, 10)
CODE = "F1.P1.A1"
TERRITORIAL = (Role.ASESOR_TERRITORIAL, Role.COORDINADOR_REGIONAL)


@pytest.fixture(scope="module")
def world_of_module(django_db_setup, django_db_blocker) -> Iterator[World]:
    yield from once(world, django_db_blocker, NOW)


@pytest.fixture
def here(world_of_module, db) -> World:
    return world_of_module


def report(here: World, percentage: int, on: date = DAY, **said: object) -> ActivityReport:
    told = {"by": here.cast.ana, "now": NOW} | said
    return report_progress(here.activity(CODE), Decimal(percentage), on=on, **told)  # type: ignore[arg-type]


def walkers(here: World) -> list[User]:
    """Who walks with the territory, given the role on every place above the road of the PES and on the road's own."""
    found = []
    for role in TERRITORIAL:
        for place in (here.cast.district, here.cast.sector, here.cast.head):
            found.append(person(f"{role.label} {place.code}", role, place))
    return found


@pytest.mark.rule("AZ1", "LC-02")
def test_who_walks_with_the_territory_touches_no_activity_of_a_pes(here):
    program(here, "F1", entity=here.cast.head)
    activity = here.activity(CODE)
    address = f"{here.address}camino/actividades/{activity.pk}/"

    for user in walkers(here):
        for verb in (
            lambda user=user: report(here, 100, by=user),
            lambda user=user: attach_evidence(activity, links=["https://ejemplo.invalid/a"], by=user),
        ):
            with pytest.raises(PermissionDenied):
                verb()
        page = page_of(user)
        assert page.post(f"{address}reportar/", {"percentage": "100", "on": "2025-03-10"}).status_code in {403, 404}
        assert [row for row in registry.collect("inbox", user) if row.get("kind") == "road"] == []

    activity.refresh_from_db()
    assert (activity.progress, activity.reports.count(), activity.evidence.count()) == (0, 0, 0)


@pytest.mark.rule("AZ1")
def test_no_role_of_the_territory_holds_the_power_of_the_pes_nor_a_link_that_of_the_hitos():
    assert all(Permission.ROAD_REPORT not in ROLES[role].permissions for role in TERRITORIAL)
    assert Permission.HITO_REPORT not in ROLES[Role.ENLACE_ENTIDAD].permissions


def test_an_advisor_who_answers_for_an_activity_reports_that_one(here):
    advisor = person("Asesora Citada", Role.ASESOR_TERRITORIAL, here.cast.district)
    program(here, "F1", person=here.cast.pilar)
    RoadActivity.objects.filter(pk=here.activity(CODE).pk).update(person=advisor)

    assert report(here, 30, by=advisor).progress == 30
    with pytest.raises(PermissionDenied):
        report_progress(here.activity("F1.P2.A1"), Decimal(30), on=DAY, by=advisor, now=NOW)


def test_both_roles_add_up(here):
    both = person("Doble Rol", Role.ASESOR_TERRITORIAL, here.cast.district)
    Membership.grant(user=both, unit=here.cast.sector, role=Role.ANALISTA_OAP, starts_on=date(2020, 1, 1), by=None)

    assert report(here, 30, by=both).progress == 30


@pytest.mark.rule("LC-02")
@pytest.mark.parametrize(("on", "code"), [(date(2023, 12, 31), "date_too_early"), (date(1995, 1, 1), "date_too_early")])
def test_nothing_happened_before_the_period_of_the_pes(here, on, code):
    with pytest.raises(Refused) as refused:
        report(here, 50, on=on)

    assert codes(refused) == [code]
    assert report(here, 50, on=date(2024, 1, 1)).progress == 50


@pytest.mark.rule("LC-02")
def test_the_next_pes_is_prepared_before_its_first_vigencia(here):
    plan = open_plan(here.cast.sector, name="PES 2028–2032", first_vigencia=2028, by=here.cast.ana, now=NOW)
    line = RoadActivity.objects.get(phase__road=plan.road, code=CODE)

    with pytest.raises(Refused) as refused:
        report_progress(line, Decimal(10), on=date(2025, 3, 11), by=here.cast.ana, now=NOW)
    made = report_progress(line, Decimal(10), on=date(2025, 3, 12), by=here.cast.ana, now=NOW)

    assert codes(refused) == ["date_too_early"]
    assert made.progress == 10


@pytest.mark.rule("LC-02", "GP-04")
def test_a_report_that_goes_back_or_moves_the_end_says_why_and_stays_in_the_trail(here):
    report(here, 50, on=date(2025, 3, 5))
    with pytest.raises(Refused) as before:
        report(here, 60, on=date(2025, 3, 4))
    report(here, 100)
    with pytest.raises(Refused) as moved:
        report(here, 100, on=date(2025, 3, 11))
    with pytest.raises(Refused) as earlier:
        report(here, 100, on=date(2025, 3, 1))
    assert here.activity(CODE).done_on == DAY

    report(here, 100, on=date(2025, 3, 8), note="El acta es del 8")

    assert codes(before) == codes(moved) == codes(earlier) == ["reason_missing"]
    assert here.activity(CODE).done_on == date(2025, 3, 8)
    event = AuditEvent.objects.filter(verb="activity_reported").latest("pk")
    assert (event.before["done_on"], event.after["done_on"]) == ("2025-03-10", "2025-03-08")
    assert event.reason == "El acta es del 8"


def test_to_be_set_aside_and_taken_up_again_is_no_report_to_go_back_from(here):
    report(here, 20, on=date(2025, 3, 1))
    set_aside(here.activity(CODE), reason="Ya se hizo", by=here.cast.ana, now=NOW)
    resume(here.activity(CODE), reason="Faltaba", by=here.cast.ana, now=NOW)

    assert report(here, 30, on=date(2025, 3, 2)).progress == 30
    with pytest.raises(Refused) as refused:
        report(here, 40, on=date(2025, 3, 1))
    assert codes(refused) == ["reason_missing"]


def test_the_page_says_beside_the_field_what_is_wrong_with_the_day(here):
    page, address = page_of(here.cast.ana), f"{here.address}camino/actividades/{here.activity(CODE).pk}/"
    report(here, 100)

    assert page.get(address).context["form"].initial["on"] == DAY  # more proof of what is done moves no day
    early = page.post(f"{address}reportar/", {"percentage": "100", "on": "1995-01-01"})
    moved = page.post(f"{address}reportar/", {"percentage": "100", "on": "2025-03-01"})

    assert early.status_code == moved.status_code == 422
    assert "01/01/2024" in str(early.context["form"].errors["on"])
    assert "último reporte" in str(moved.context["form"].errors["note"])


@pytest.mark.rule("GP-01")
def test_a_weighted_road_shows_what_each_line_is_worth_of_its_phase_and_of_the_whole(here):
    plan = make.plan(sector=here.cast.sector, first=2028, last=2032)
    road = open_road("camino_gobierno_al_plan_1", unit=here.cast.sector, plan=plan, name="Con pesos", by=here.cast.ana)
    page, address = page_of(here.cast.ana), f"/sectores/{here.cast.sector.code}/pes/2028/camino/"
    line = RoadActivity.objects.get(phase__road=road, code="18")

    phase = page.get(address, {"fase": "I.4"}).content.decode()
    activity = page.get(f"{address}actividades/{line.pk}/").content.decode()
    unweighted = page.get(f"{here.address}camino/").content.decode()

    assert "Del total" in phase
    assert phase.count(">3,33\N{NO-BREAK SPACE}%") == 2
    assert ">3,34\N{NO-BREAK SPACE}%" in phase
    assert "Peso en el total" in activity
    assert "3,34\N{NO-BREAK SPACE}%" in activity
    assert "Del total" not in unweighted
    assert sum(one.weight for one in road.phases.all()) == HUNDRED


@pytest.mark.rule("WF1")
def test_the_same_report_with_the_same_proof_is_one_and_a_file_is_attached_once(here, media_root):
    program(here, "F1", entity=here.cast.head)
    content, link = pdf(), "https://ejemplo.invalid/acta"

    def proof(name: str = "acta.pdf") -> SimpleUploadedFile:
        return upload(name, content)

    first = report(here, 30, files=[proof(), proof("copia.pdf")], links=[link])
    [kept] = first.activity.evidence.filter(url="")

    assert report(here, 30, files=[proof()], links=[link]) == first
    assert attach_evidence(first.activity, files=[proof()], by=here.cast.ana, now=NOW) == []
    assert (first.activity.reports.count(), first.activity.evidence.count()) == (1, 2)
    assert kept.file.display_name == "acta.pdf"
    assert report(here, 30, files=[upload("otra.pdf", pdf(Extra=b"dos"))]) != first

    withdraw_evidence(kept, reason="Era de otra actividad.", by=here.cast.ana, now=NOW)
    assert len(attach_evidence(first.activity, files=[proof()], by=here.cast.ana, now=NOW)) == 1
