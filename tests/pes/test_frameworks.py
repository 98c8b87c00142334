"""The marco estratégico of an entity: what the goals of its plans serve."""

from __future__ import annotations

import threading
from datetime import date
from html import escape

import pytest
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, connections, transaction
from django.test.utils import CaptureQueriesContext

from pes.audit_sentences import sentence
from pes.edits import StaleEdit, fingerprint
from pes.frameworks import (
    add_objective,
    change_framework,
    change_objective,
    entities_read_by,
    framework_facts,
    objective_facts,
    register_framework,
)
from pes.models import AuditEvent, StrategicFramework, StrategicObjective, User
from pes.permissions import Role
from pes.rules.problems import Refused
from tests import make, people
from tests.answers import codes, page_of
from tests.evaluation.sector import Sector, sector

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


def test_the_next_framework_ends_the_one_before_on_the_day_before(ours, framework):
    second = make.framework(entity=ours.them.head, by=ours.them.ana, act="Resolución 9", since=date(2024, 7, 1))

    framework.refresh_from_db()
    assert framework.valid_until == date(2024, 6, 30)
    assert second.valid_until is None
    event = AuditEvent.objects.get(verb="framework_ended")
    assert (event.before, event.after) == ({"valid_until": None}, {"valid_until": "2024-06-30"})


def test_a_framework_that_ended_already_is_left_as_it_is(ours):
    first = make.framework(entity=ours.them.head, by=ours.them.ana, until=date(2023, 12, 31))

    make.framework(entity=ours.them.head, by=ours.them.ana, act="Resolución 9", since=date(2024, 7, 1))

    first.refresh_from_db()
    assert first.valid_until == date(2023, 12, 31)
    assert not AuditEvent.objects.filter(verb="framework_ended").exists()


@pytest.mark.rule("REF-01")
@pytest.mark.parametrize(
    ("since", "until", "code"),
    [
        (date(2020, 1, 1), None, "framework_repeated"),
        (date(2018, 1, 1), None, "framework_overlaps"),
        (date(2018, 1, 1), date(2020, 1, 1), "framework_overlaps"),
        (date(2022, 1, 1), date(2021, 12, 31), "framework_ends_before"),
    ],
)
def test_two_frameworks_are_never_in_force_on_one_day(ours, framework, since, until, code):
    with pytest.raises(Refused) as refused:
        make.framework(entity=ours.them.head, by=ours.them.ana, act="Otra", since=since, until=until)

    assert codes(refused) == [code]
    framework.refresh_from_db()
    assert framework.valid_until is None


@pytest.mark.rule("REF-01")
def test_an_older_framework_may_be_entered_afterwards(ours, framework):
    older = make.framework(
        entity=ours.them.head, by=ours.them.ana, act="Vieja", since=date(2016, 1, 1), until=date(2019, 12, 31)
    )

    found = StrategicFramework.objects
    assert found.in_force(ours.them.head.pk, 2019) == older
    assert found.in_force(ours.them.head.pk, 2022) == framework
    assert found.in_force(ours.them.second_entity.pk, 2022) is None


def test_a_framework_belongs_to_an_entity(ours):
    with pytest.raises(Refused) as refused:
        make.framework(entity=ours.them.process, by=ours.them.ana)

    assert codes(refused) == ["framework_of_no_entity"]


def change(framework: StrategicFramework, by: User, **values: object) -> bool:
    stored = StrategicFramework.objects.get(pk=framework.pk)
    asked = {name: getattr(stored, name) for name in ("act", "valid_from", "valid_until")} | values
    return change_framework(framework, **asked, read=fingerprint(framework_facts(stored)), by=by)


def test_correcting_a_framework_keeps_both_sides(ours, framework):
    assert change(framework, ours.them.ana, act="Resolución 2 de 2020") is True

    event = AuditEvent.objects.get(verb="framework_changed")
    assert event.before == {"act": "Resolución 1 de 2020"}
    assert event.after == {"act": "Resolución 2 de 2020"}


def test_correcting_nothing_leaves_no_trace(ours, framework):
    assert change(framework, ours.them.ana) is False
    assert not AuditEvent.objects.filter(verb="framework_changed").exists()


def test_a_correction_ends_no_other_framework(ours, framework):
    second = make.framework(entity=ours.them.head, by=ours.them.ana, act="Resolución 9", since=date(2024, 7, 1))

    with pytest.raises(Refused) as behind:
        change(second, ours.them.ana, valid_from=date(2024, 6, 1))
    with pytest.raises(Refused) as ahead:
        change(framework, ours.them.ana, valid_until=None)

    assert codes(behind) == codes(ahead) == ["framework_overlaps"]


@pytest.mark.rule("WF3")
def test_a_correction_of_what_somebody_changed_meanwhile_overwrites_nothing(ours, framework):
    read = fingerprint(framework_facts(framework))
    change(framework, ours.them.jorge, act="La de Jorge")

    with pytest.raises(StaleEdit):
        change_framework(
            framework, act="La de Ana", valid_from=date(2020, 1, 1), valid_until=None, read=read, by=ours.them.ana
        )

    framework.refresh_from_db()
    assert framework.act == "La de Jorge"


def test_a_number_is_used_once_in_a_framework(ours, framework, objective):
    second = make.strategic_objective(framework=framework, by=ours.them.ana, number=2)

    with pytest.raises(Refused) as added:
        make.strategic_objective(framework=framework, by=ours.them.ana, number=1)
    with pytest.raises(Refused) as changed:
        change_objective(
            second,
            number=1,
            text=second.text,
            sector_objective=None,
            read=fingerprint(objective_facts(second)),
            by=ours.them.ana,
        )

    assert codes(added) == codes(changed) == ["objective_repeated"]


def test_the_database_keeps_a_number_once(framework, objective):
    with pytest.raises(IntegrityError), transaction.atomic():
        StrategicObjective.objects.create(framework=framework, number=objective.number, text="Otro")


def test_an_objective_feeds_only_its_own_sector(ours, framework):
    theirs = make.objective(plan=make.plan(sector=ours.them.other_sector))

    with pytest.raises(Refused) as refused:
        make.strategic_objective(framework=framework, by=ours.them.ana, sector_objective=theirs)

    assert codes(refused) == ["objective_of_other_sector"]


def test_correcting_an_objective_keeps_both_sides(ours, objective):
    read = fingerprint(objective_facts(objective))

    change_objective(objective, number=1, text="Nuevo texto", sector_objective=None, read=read, by=ours.them.ana)

    event = AuditEvent.objects.get(verb="framework_objective_changed")
    assert event.before == {"text": "Fortalecer la convivencia", "sector_objective": "Objetivo 1 (2020–2024)"}
    assert event.after == {"text": "Nuevo texto", "sector_objective": None}


@pytest.mark.parametrize("name", ["diana", "elena", "gabriel", "luis", "marta", "olga", "alicia", "oscar"])
def test_only_who_edits_the_pes_of_the_entity_writes(ours, framework, objective, name):
    """AZ2: the verb asks again for the object."""
    by = getattr(ours.them, name)
    read = fingerprint(framework_facts(framework))

    with pytest.raises(PermissionDenied):
        register_framework(ours.them.head, act="X", valid_from=date(2030, 1, 1), valid_until=None, by=by)
    with pytest.raises(PermissionDenied):
        change_framework(framework, act="X", valid_from=date(2020, 1, 1), valid_until=None, read=read, by=by)
    with pytest.raises(PermissionDenied):
        add_objective(framework, number=9, text="X", sector_objective=None, by=by)
    with pytest.raises(PermissionDenied):
        change_objective(objective, number=1, text="X", sector_objective=None, read="", by=by)


def test_the_console_enters_a_framework(ours):
    console = User.objects.console()

    made = make.framework(entity=ours.them.head, by=console)

    assert AuditEvent.objects.get(verb="framework_registered").actor == console
    assert make.strategic_objective(framework=made, by=console).number == 1


@pytest.mark.parametrize("verb", ["registered", "changed", "ended", "objective_added", "objective_changed"])
def test_every_act_has_its_sentence(verb):
    assert "marco estratégico" in sentence(f"framework_{verb}")


@pytest.mark.parametrize(
    ("name", "codes"),
    [
        ("diana", {"secretaria-general", "dascd"}),
        ("luis", {"secretaria-general"}),
        ("elena", {"secretaria-general"}),
        ("oscar", {"sdg"}),
        ("olga", {"secretaria-general", "dascd", "sdg"}),
        ("alicia", set()),
    ],
)
def test_each_person_reads_the_framework_of_their_entities(ours, name, codes):
    """AZ11."""
    assert set(entities_read_by(getattr(ours.them, name)).values_list("code", flat=True)) == codes


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


@pytest.mark.rule("WF2")
@pytest.mark.django_db(transaction=True)
def test_of_several_who_register_from_one_day_exactly_one_wins():
    them = people.cast()
    start = threading.Barrier(4)
    told: list[str] = []

    def register(number: int) -> None:
        start.wait()
        try:
            make.framework(entity=them.head, by=them.ana, act=f"Acto {number}")
            told.append("registered")
        except Refused as refused:
            told.append(refused.problems[0].code)
        connections.close_all()

    threads = [threading.Thread(target=register, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(told) == ["framework_repeated"] * 3 + ["registered"]
    assert StrategicFramework.objects.count() == 1
