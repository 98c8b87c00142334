"""The pages of the marco estratégico: read from the sector, registered and corrected in the browser."""

from __future__ import annotations

from datetime import date
from html import escape

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext

from pes.models import Membership, StrategicFramework, StrategicObjective
from pes.permissions import Role
from tests import make, people
from tests.answers import page_of
from tests.evaluation.sector import Sector, sector
from tests.pes.corrections import change

pytestmark = [pytest.mark.django_db, pytest.mark.rule("PG-02")]
SCRIPT = '<script>alert("x")</script>'


@pytest.fixture
def ours(settings) -> Sector:
    settings.PES_DEMO = True
    return sector()


@pytest.fixture
def framework(ours) -> StrategicFramework:
    return make.framework(entity=ours.them.head, by=ours.them.ana)


@pytest.fixture
def objective(ours, framework) -> StrategicObjective:
    return make.strategic_objective(framework=framework, by=ours.them.ana, sector_objective=ours.objective)


def page(rest: str = "", code: str = "secretaria-general") -> str:
    return f"/entidades/{code}/marco/{rest}"


def typed(**changes: str) -> dict[str, str]:
    return {"act": "Resolución 9 de 2024", "valid_from": "2024-07-01", "valid_until": ""} | changes


def objective_typed(**changes: str) -> dict[str, str]:
    return {"number": "2", "text": "Servir mejor", "sector_objective": ""} | changes


def test_the_page_shows_frameworks_objectives_and_what_they_feed(ours, framework, objective, client):
    make.framework(entity=ours.them.head, by=ours.them.ana, act="Resolución 9", since=date(2024, 7, 1))
    client.force_login(ours.them.luis)

    shown = client.get(page()).content.decode()

    for text in ("Resolución 9", "sin fecha final", "hasta el 30 de junio de 2024", "Fortalecer la convivencia"):
        assert text in shown
    assert shown.count("Vigente<") == shown.count("Terminado<") == 1
    assert "Objetivo 1: Construir la paz y la reconciliación" in shown
    assert ours.objective.get_absolute_url() in shown
    assert "Registra el marco estratégico la oficina asesora de planeación" in shown
    assert "/corregir/" not in shown


def test_an_entity_without_framework_says_what_to_do(ours, client):
    client.force_login(ours.them.ana)

    assert "Registre el acto que adopta el marco" in client.get(page()).content.decode()


def test_the_framework_is_reached_from_the_sector(ours, framework, client):
    client.force_login(ours.them.luis)

    plan, sectors = (client.get(path).content.decode() for path in (ours.url("pes/"), "/sectores/"))

    assert page() in plan
    assert page() in sectors
    assert "Resolución 1 de 2020" in plan
    assert page(code="dascd") not in plan + sectors


def test_a_sector_without_pes_also_leads_to_its_entities(ours, client):
    client.force_login(ours.them.oscar)

    assert page(code="sdg") in client.get("/sectores/").content.decode()


def test_a_framework_is_registered_and_says_which_one_it_ends(ours, framework, client):
    client.force_login(ours.them.ana)

    assert "termina el día anterior" in client.get(page("nuevo/")).content.decode()
    answer = client.post(page("nuevo/"), typed(), follow=True)

    assert "«Resolución 1 de 2020» termina el 30 de junio de 2024" in answer.content.decode()
    assert StrategicFramework.objects.count() == 2


def test_a_framework_that_ended_is_not_said_to_end_again(ours, client):
    make.framework(entity=ours.them.head, by=ours.them.ana, until=date(2023, 12, 31))
    client.force_login(ours.them.ana)

    assert "termina el día anterior" not in client.get(page("nuevo/")).content.decode()


def test_a_refused_framework_keeps_what_was_typed(ours, framework, client):
    client.force_login(ours.them.ana)

    answer = client.post(page("nuevo/"), typed(valid_from="2020-01-01"))

    assert answer.status_code == 422
    assert "ya rige desde el 1 de enero de 2020" in answer.content.decode()
    assert "Resolución 9 de 2024" in answer.content.decode()


def test_an_objective_is_added_and_corrected(ours, framework, objective, client):
    client.force_login(ours.them.ana)
    assert 'value="2"' in client.get(page(f"{framework.pk}/objetivos/nuevo/")).content.decode()
    client.post(page(f"{framework.pk}/objetivos/nuevo/"), objective_typed(sector_objective=str(ours.objective.pk)))
    address = page(f"{framework.pk}/objetivos/2/corregir/")
    form = client.get(address).context["form"]

    answer = client.post(address, objective_typed(number="3", read=form["read"].value()), follow=True)

    assert "Objetivo corregido" in answer.content.decode()
    assert set(framework.objectives.values_list("number", "sector_objective")) == {(1, ours.objective.pk), (3, None)}


def test_an_objective_of_another_sector_is_not_a_choice(ours, framework, client):
    """AZ10."""
    theirs = make.objective(plan=make.plan(sector=ours.them.other_sector), text="Canario ajeno")
    client.force_login(ours.them.ana)
    address = page(f"{framework.pk}/objetivos/nuevo/")

    answer = client.post(address, objective_typed(sector_objective=str(theirs.pk)))

    assert answer.status_code == 422
    assert "Canario ajeno" not in answer.content.decode()
    assert not framework.objectives.exists()


@pytest.mark.rule("WF3")
def test_a_stale_edit_shows_the_difference_and_may_be_repeated(ours, framework, client):
    client.force_login(ours.them.ana)
    address = page(f"{framework.pk}/corregir/")
    read = client.get(address).context["form"]["read"].value()
    change(framework, ours.them.jorge, act="La de Jorge")

    refused = client.post(address, typed(act="La de Ana", valid_from="2020-01-01", read=read))
    again = client.post(
        address, typed(act="La de Ana", valid_from="2020-01-01", read=refused.context["form"]["read"].value())
    )

    shown = refused.content.decode()
    assert refused.status_code == 409
    assert "Guardado ahora" in shown
    assert "La de Jorge" in shown
    assert again.status_code == 302
    framework.refresh_from_db()
    assert framework.act == "La de Ana"


PATHS = ["", "nuevo/", "{0}/corregir/", "{0}/objetivos/nuevo/", "{0}/objetivos/1/corregir/"]


@pytest.mark.rule("AZ2")
@pytest.mark.parametrize("path", PATHS)
def test_the_framework_of_another_sector_is_404(ours, framework, objective, path):
    stranger = page_of(people.person("Otra Analista", Role.ANALISTA_OAP, ours.them.other_sector))
    address = page(path.format(framework.pk))

    assert stranger.get(address).status_code == 404
    assert stranger.post(address, typed()).status_code == (405 if path == "" else 404)


@pytest.mark.rule("AZ2")
@pytest.mark.parametrize("path", PATHS[2:])
def test_a_framework_is_not_reached_through_another_entity(ours, framework, objective, client, path):
    client.force_login(ours.them.ana)

    assert client.get(page(path.format(framework.pk), code="dascd")).status_code == 404


@pytest.mark.parametrize("path", PATHS[1:])
@pytest.mark.parametrize("name", ["diana", "luis"])
def test_who_only_reads_gets_403_on_writing(ours, framework, objective, client, name, path):
    client.force_login(getattr(ours.them, name))

    assert client.post(page(path.format(framework.pk)), typed()).status_code == 403


@pytest.mark.parametrize("path", PATHS[1:])
def test_who_edits_elsewhere_and_only_reads_here_is_refused_the_form(ours, framework, objective, client, path):
    who = people.person("Analista de otra", Role.ANALISTA_OAP, ours.them.second_entity)
    Membership.grant(user=who, unit=ours.them.head, role=Role.ENLACE_ENTIDAD, starts_on=people.SINCE, by=None)
    client.force_login(who)

    assert client.get(page()).status_code == 200
    assert client.get(page(path.format(framework.pk))).status_code == 403


def test_a_unit_that_is_no_entity_has_no_framework_page(ours, client):
    client.force_login(ours.them.ana)

    assert client.get(page(code="PLE-PIN")).status_code == 404


@pytest.mark.rule("AZ9")
def test_fields_that_the_form_does_not_ask_for_change_nothing(ours, framework, client):
    client.force_login(ours.them.ana)

    client.post(page("nuevo/"), typed(unit=str(ours.them.second_entity.pk)))

    assert set(StrategicFramework.objects.values_list("unit__code", flat=True)) == {"secretaria-general"}


def test_hostile_texts_are_shown_as_text(ours, client):
    made = make.framework(entity=ours.them.head, by=ours.them.ana, act=SCRIPT)
    make.strategic_objective(framework=made, by=ours.them.ana, text=SCRIPT)
    client.force_login(ours.them.ana)

    for address in (page(), page("nuevo/"), page(f"{made.pk}/objetivos/1/corregir/"), ours.url("pes/")):
        shown = client.get(address).content.decode()
        assert SCRIPT not in shown
        assert escape(SCRIPT).replace("&#x27;", "&#39;") in shown


@pytest.mark.parametrize("value", ["0", "-1", "1000", "x", "9" * 5000])
def test_a_number_that_cannot_be_is_refused(ours, framework, client, value):
    client.force_login(ours.them.ana)

    answer = client.post(page(f"{framework.pk}/objetivos/nuevo/"), objective_typed(number=value))

    assert answer.status_code == 422
    assert not framework.objectives.exists()


def cost(client, address: str) -> int:
    cache.clear()
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    return len(queries)


def test_pages_cost_the_same_with_one_framework_and_with_many(ours, framework, objective, client):
    client.force_login(ours.them.ana)
    addresses = (page(), "/sectores/", ours.url("pes/"))
    client.get("/")
    few = [cost(client, address) for address in addresses]

    for year in range(2021, 2027):
        made = make.framework(entity=ours.them.head, by=ours.them.ana, act=f"Acto {year}", since=date(year, 1, 1))
        make.framework(entity=ours.them.second_entity, by=ours.them.ana, act=f"Acto {year}", since=date(year, 1, 1))
        for number in range(1, 6):
            make.strategic_objective(framework=made, by=ours.them.ana, number=number, sector_objective=ours.objective)

    assert [cost(client, address) for address in addresses] == few
