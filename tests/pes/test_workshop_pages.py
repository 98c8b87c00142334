"""The pages of the mesas de trabajo: listed, registered and corrected in the browser."""

from __future__ import annotations

from html import escape

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext

from pes.models import Membership, Workshop
from pes.permissions import Role
from pes.rules.workshops import Attendee
from tests import make, people
from tests.answers import page_of
from tests.people import Cast
from tests.pes.corrections import correct, meeting

pytestmark = [pytest.mark.django_db, pytest.mark.rule("SM-1")]
SCRIPT = '<script>alert("x")</script>'
NEW = "/mesas/nueva/?entidad=secretaria-general"


@pytest.fixture
def them(settings) -> Cast:
    settings.PES_DEMO = True
    found = people.cast()
    make.vigencia(2022)
    return found


@pytest.fixture
def workshop(them) -> Workshop:
    return make.workshop(units=[them.process], by=them.ana)


def typed(them: Cast, **changes: object) -> dict[str, object]:
    return {
        "vigencia": "2022",
        "held_on": "2022-01-21",
        "topic": "Metas locales",
        "units": [str(them.process.pk), str(them.alcaldia.pk)],
        "attendance": "Marta Alcaldesa; Alcaldesa local\n; Representante de la comunidad",
        "minutes": "Se revisó la propuesta.\r\nQueda para el martes.",
    } | changes


def test_a_mesa_is_registered_in_the_browser(them, client):
    client.force_login(them.ana)

    answer = client.post(NEW, typed(them), follow=True)

    shown = answer.content.decode()
    for text in ("Mesa de trabajo registrada", "Marta Alcaldesa", "Nombre reservado", "21 de enero de 2022"):
        assert text in shown
    assert "<br>Queda para el martes." in shown
    assert Workshop.objects.get().units.count() == 2


@pytest.mark.rule("WF1")
def test_a_second_click_shows_the_same_mesa(them, client):
    client.force_login(them.ana)

    answers = [client.post(NEW, typed(them)) for _ in range(2)]

    assert answers[0]["Location"] == answers[1]["Location"]
    assert Workshop.objects.count() == 1


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("held_on", "2999-01-01", "todavía no se ha celebrado"),
        ("held_on", "ayer", "fecha válida"),
        ("topic", "", "Asunto"),
        ("units", [], "Marque al menos un proceso o alcaldía"),
        ("attendance", "Ana Ruiz", "falta el cargo de «Ana Ruiz»"),
        ("attendance", " \n ", "Escriba al menos una persona"),
        ("minutes", "  ", "Escriba qué se trató y qué se acordó."),
        ("vigencia", "1999", "Vigencia"),
        ("vigencia", "9" * 5000, "Vigencia"),
        ("minutes", "nulo \0", "Acta"),
    ],
    ids=["future", "no-date", "topic", "units", "position", "attendance", "minutes", "vigencia", "huge", "nul"],
)
def test_what_is_missing_is_named_and_nothing_typed_is_lost(them, client, name, value, told):
    client.force_login(them.ana)

    answer = client.post(NEW, typed(them, **{name: value}))

    assert answer.status_code == 422
    assert told in answer.content.decode()
    assert "Metas locales" in answer.content.decode() or name == "topic"
    assert not Workshop.objects.exists()


def test_of_many_wrong_lines_the_first_are_shown(them, client):
    client.force_login(them.ana)

    shown = client.post(NEW, typed(them, attendance="\n".join(f"P{n}" for n in range(1, 9)))).content.decode()

    assert "Persona 5: falta el cargo" in shown
    assert "Persona 6: falta el cargo" not in shown
    assert "Y 3 más." in shown


@pytest.mark.rule("AZ10")
def test_units_of_another_entity_are_no_choice(them, client):
    client.force_login(them.ana)

    answer = client.post(NEW, typed(them, units=[str(them.other_alcaldia.pk)]))

    assert answer.status_code == 422
    assert "Chapinero" not in answer.content.decode()


def test_the_entity_is_the_first_step_when_there_are_several(them, client):
    client.force_login(them.ana)

    first = client.get("/mesas/nueva/").content.decode()

    assert "¿De qué entidad" in first
    assert 'value="dascd"' in first
    assert 'value="sdg"' not in first
    assert "PLE-PIN · Planeación Institucional" in client.get(NEW).content.decode()


def test_the_only_entity_is_not_asked_for(them, client):
    client.force_login(people.person("Analista de SG", Role.ANALISTA_OAP, them.head))

    assert "Unidades que participaron" in client.get("/mesas/nueva/").content.decode()


def test_who_serves_no_entity_is_told_whom_to_ask(them, client):
    client.force_login(people.person("Analista de proceso", Role.ANALISTA_OAP, them.process))

    assert "No tiene entidades a su cargo" in client.get("/mesas/nueva/").content.decode()


@pytest.mark.rule("AZ2")
@pytest.mark.parametrize("code", ["sdg", "no-existe", "PLE-PIN"])
def test_an_entity_out_of_reach_is_404(them, client, code):
    client.force_login(them.ana)
    address = f"/mesas/nueva/?entidad={code}"

    assert client.get(address).status_code == client.post(address, typed(them)).status_code == 404


def test_a_link_from_a_plan_fills_in_its_unit_and_vigencia(them, client):
    client.force_login(them.ana)

    form = client.get(f"{NEW}&unidad=AL-01&vigencia=2022").context["form"]

    assert form["units"].value() == [them.alcaldia.pk]
    assert form["vigencia"].value() == 2022


def test_a_unit_out_of_use_is_offered_only_where_it_was(them, workshop, client):
    them.process.is_active = False
    them.process.save()
    client.force_login(them.ana)

    assert "PLE-PIN" not in client.get(NEW).content.decode()
    assert "PLE-PIN" in client.get(f"/mesas/{workshop.pk}/corregir/").content.decode()


def test_a_mesa_is_corrected_in_the_browser_and_tells_its_history(them, workshop, client):
    client.force_login(them.ana)
    address = f"/mesas/{workshop.pk}/corregir/"
    shown = client.get(address)
    read = shown.context["form"]["read"].value()
    assert "Pilar Promotora; Promotora de mejora" in shown.content.decode()

    answer = client.post(address, typed(them, read=read, reason="Faltó la alcaldía"), follow=True)

    page = answer.content.decode()
    for text in ("Mesa corregida", "Faltó la alcaldía", "Corrigió una mesa de trabajo", "Metas locales"):
        assert text in page


def test_a_correction_without_reason_is_refused(them, workshop, client):
    client.force_login(them.ana)
    address = f"/mesas/{workshop.pk}/corregir/"
    read = client.get(address).context["form"]["read"].value()

    assert client.post(address, typed(them, read=read, reason=" ")).status_code == 422


def test_saving_an_untouched_form_changes_nothing(them, workshop, client):
    client.force_login(them.ana)
    address = f"/mesas/{workshop.pk}/corregir/"
    form = client.get(address).context["form"]
    shown = {name: form[name].value() for name in form.fields if name != "reason"} | {"reason": "Nada"}

    assert "No había cambios" in client.post(address, shown, follow=True).content.decode()


@pytest.mark.rule("WF3")
def test_a_stale_correction_shows_the_difference_and_may_be_repeated(them, workshop, client):
    client.force_login(them.ana)
    address = f"/mesas/{workshop.pk}/corregir/"
    said = typed(them, reason="Acta completa", read=client.get(address).context["form"]["read"].value())
    correct(workshop, meeting(them, minutes="La de Jorge"), them.jorge)

    refused = client.post(address, said)
    again = client.post(address, said | {"read": refused.context["form"]["read"].value()})

    assert refused.status_code == 409
    assert "La de Jorge" in refused.content.decode()
    assert "Se revisó la propuesta." in refused.content.decode()
    assert again.status_code == 302


@pytest.mark.rule("AZ2")
@pytest.mark.parametrize("path", ["", "corregir/"])
def test_a_mesa_of_another_sector_is_404(them, workshop, path):
    stranger = page_of(people.person("Otra Analista", Role.ANALISTA_OAP, them.other_sector))

    assert stranger.get(f"/mesas/{workshop.pk}/{path}").status_code == 404


@pytest.mark.parametrize("name", ["luis", "diana", "olga"])
def test_who_only_reads_is_refused_and_told(them, workshop, client, name):
    client.force_login(getattr(them, name))

    assert client.post(NEW, typed(them)).status_code == 403
    assert client.post(f"/mesas/{workshop.pk}/corregir/", typed(them)).status_code == 403
    for address in ("/mesas/", f"/mesas/{workshop.pk}/"):
        assert "Registra las mesas de trabajo la oficina" in client.get(address).content.decode()


def test_who_registers_elsewhere_and_only_reads_here_is_refused_the_form(them, workshop, client):
    who = people.person("Analista de otra", Role.ANALISTA_OAP, them.second_entity)
    Membership.grant(user=who, unit=them.head, role=Role.ENLACE_ENTIDAD, starts_on=people.SINCE, by=None)
    client.force_login(who)

    assert client.get(f"/mesas/{workshop.pk}/").status_code == 200
    assert client.get(f"/mesas/{workshop.pk}/corregir/").status_code == 403


@pytest.mark.rule("AZ9")
def test_fields_that_the_form_does_not_ask_for_change_nothing(them, client):
    client.force_login(them.ana)

    client.post(NEW, typed(them, entity=str(them.second_entity.pk), registered_by=str(them.jorge.pk)))

    made = Workshop.objects.get()
    assert (made.entity, made.registered_by) == (them.head, them.ana)


def test_hostile_texts_are_shown_as_text(them, client):
    made = make.workshop(
        units=[them.process], by=them.ana, topic=SCRIPT, minutes=SCRIPT, attendees=f"{SCRIPT}; {SCRIPT}"
    )
    correct(made, meeting(them, topic=f"{SCRIPT} 2"), them.ana, reason=SCRIPT)
    client.force_login(them.ana)

    for address in ("/mesas/", f"/mesas/{made.pk}/", f"/mesas/{made.pk}/corregir/"):
        shown = client.get(address).content.decode()
        assert SCRIPT not in shown
        assert escape(SCRIPT) in shown


@pytest.mark.parametrize(
    ("query", "topics"),
    [
        ("vigencia=2022", {"Uno", "Dos"}),
        ("vigencia=2023", {"Tres"}),
        ("unidad=AL-01", {"Dos"}),
        ("entidad=secretaria-general&vigencia=2023", {"Tres"}),
        ("entidad=dascd", set()),
        ("unidad=no-existe", set()),
        ("vigencia=xx", {"Uno", "Dos", "Tres"}),
        (f"vigencia={'9' * 5000}", {"Uno", "Dos", "Tres"}),
    ],
    ids=["year", "other-year", "unit", "entity-and-year", "entity", "nobody", "word", "huge"],
)
def test_the_list_is_filtered(them, client, query, topics):
    make.workshop(units=[them.process], by=them.ana, topic="Uno")
    make.workshop(units=[them.process, them.alcaldia], by=them.ana, topic="Dos")
    make.workshop(units=[them.process], by=them.ana, topic="Tres", year=2023)
    client.force_login(them.ana)

    shown = client.get(f"/mesas/?{query}").content.decode()

    assert {topic for topic in ("Uno", "Dos", "Tres") if f">{topic}</a>" in shown} == topics


def test_an_empty_list_says_what_to_do(them, client):
    client.force_login(them.ana)

    assert "Registre la primera" in client.get("/mesas/").content.decode()
    assert "Quite algún filtro" in client.get("/mesas/?unidad=AL-01").content.decode()


def cost(client, address: str) -> int:
    cache.clear()
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    return len(queries)


@pytest.mark.parametrize("name", ["ana", "luis"])
def test_the_pages_cost_the_same_with_few_and_with_many(them, workshop, client, name):
    client.force_login(getattr(them, name))
    addresses = ("/mesas/", f"/mesas/{workshop.pk}/")
    client.get("/")
    few = [cost(client, address) for address in addresses]

    for number in range(60):
        everybody = "\n".join(f"Persona {n}; Cargo" for n in range(3))
        make.workshop(units=[them.process, them.alcaldia], by=them.ana, topic=f"Mesa {number}", attendees=everybody)
    two = [Attendee("Luis", "Líder"), Attendee("Ana", "Analista")]
    correct(workshop, meeting(them, attendees=two, units=[them.process, them.alcaldia]), them.ana)

    assert [cost(client, address) for address in addresses] == few
    assert "1 a 50 de 61" in client.get("/mesas/").content.decode()
