"""The page of a plan: where it stands, what is missing, who must act; its acts over HTTP, and who sees it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from pes.models import Membership, Workshop
from pes.permissions import Role
from plans import lifecycle, observations
from plans.editing import CellChange, change_goals
from plans.inbox import lifecycle_items
from plans.models import PlanGestion
from plans.rules.plan_states import PlanStatus
from tests import make, people, plan_makers
from tests.answers import page_of

pytestmark = pytest.mark.django_db
HERE = "/planes/PLE-PIN/2022/"
CANARY = "canario-de-otra-alcaldia"


@pytest.fixture
def them() -> people.Cast:
    return people.cast()


def plan_in(them, status, **options) -> PlanGestion:
    return make.management_plan(unit=them.process, by=them.luis, status=status, **options)


def text(answer) -> str:
    return answer.content.decode()


@pytest.mark.rule("SM-1")
@pytest.mark.parametrize(
    ("status", "label", "turn", "act"),
    [
        ("draft", "Borrador", "Le corresponde al equipo del plan", "Enviar a revisión"),
        ("in_review", "En revisión", "Le corresponde a la oficina asesora", "Lo revisa un analista"),
        ("with_observations", "Con observaciones", "responder las observaciones", "Enviar otra vez"),
        ("validated", "Validado", "oficializarlo con su caso HOLA", "Oficializar"),
        ("official", "Oficializado", "publicarlo", "Lo publica la oficina asesora"),
        ("published", "Publicado", "cambia solo con una solicitud", "Lo cierra la oficina asesora"),
        ("closed", "Cerrado", "ya no cambia", "Cerrado"),
    ],
)
def test_one_look_says_where_it_stands_and_who_acts(them, status, label, turn, act):
    plan_in(them, status)

    answer = page_of(them.luis).get(HERE)

    assert answer.status_code == 200
    for words in (label, turn, act):
        assert words in text(answer)


def test_what_is_missing_is_said_with_what_to_do_and_the_button_gives_the_reason(them):
    plan = plan_in(them, "draft")
    Workshop.objects.all().delete()
    change_goals(plan, [CellChange(1, "t4", None)], by=them.luis)

    page = text(page_of(them.luis).get(HERE))

    assert "No hay ninguna mesa de trabajo registrada" in page
    assert "Pida a la Oficina Asesora de Planeación" in page
    assert 'aria-disabled="true"' in page


def test_the_history_names_who_when_and_why(them):
    plan = plan_in(them, "in_review")
    observations.raise_observation(plan, None, "", "Falta una mesa.", by=them.ana)
    lifecycle.send_back(plan, by=them.ana, note="Memorando 12")

    page = text(page_of(them.luis).get(HERE))

    assert "Devuelto con observaciones" in page
    assert "Ana Analista" in page
    assert "Memorando 12" in page
    assert f'href="{HERE}versiones/1/"' in page


@pytest.mark.rule("AZ2")
@pytest.mark.parametrize("path", ["", "revision/", "versiones/", "versiones/1/", "versiones/1/2/"])
def test_the_plan_of_another_unit_is_not_there(them, path):
    plan = make.management_plan(
        unit=them.other_alcaldia, by=them.oscar, status="official", goals=[{"text": f"Meta {CANARY}"}]
    )
    address = f"/planes/{plan.unit.code}/2022/{path}"

    refused, mine = page_of(them.luis).get(address), page_of(them.oscar).get(address)

    assert (refused.status_code, mine.status_code) == (404, 200)
    assert CANARY not in text(refused)


@pytest.mark.rule("AZ11")
def test_a_foreign_canary_is_nowhere(them):
    foreign = make.management_plan(
        unit=them.other_alcaldia, by=them.oscar, status="in_review", goals=[{"text": f"Meta {CANARY}"}]
    )
    other = PlanGestion.objects.filter(pk=foreign.pk)
    other.update(scope=CANARY)
    reviewer = people.person("Analista Ajena", Role.ANALISTA_OAP, them.other_sector)
    observations.raise_observation(foreign, None, "", CANARY, by=reviewer)
    plan_in(them, "in_review")
    ana = page_of(them.ana)

    pages = [ana.get(path) for path in (HERE, f"{HERE}revision/", f"{HERE}versiones/", "/planes/revision/", "/")]

    assert {page.status_code for page in pages} == {200}
    assert all(CANARY not in text(page) for page in pages)
    assert not any(CANARY in item["title"] or "AL-02" in item["url"] for item in lifecycle_items(them.ana))


@pytest.mark.rule("SM-1")
def test_the_whole_way_over_the_screens(them):
    plan = plan_in(them, "draft")
    luis, ana = page_of(them.luis), page_of(them.ana)

    sent = luis.post(f"{HERE}enviar/", follow=True)
    assert "versión 1, huella" in text(sent)
    checks = {f"{item}": "si" for item in ("objective_coherence", "programme_coherence", "indicator_formulation")}
    ana.post(f"{HERE}revision/verificar/", checks)
    assert "Plan validado" in text(ana.post(f"{HERE}revision/validar/", follow=True))
    plan_makers.waived(plan)
    case = {"hola_case": "HOLA-9", "hola_on": "2022-02-01"}
    assert "Plan oficializado" in text(luis.post(f"{HERE}oficializar/", case, follow=True))
    assert "Plan publicado: edición 1" in text(ana.post(f"{HERE}publicar/", follow=True))
    lifecycle.note_consolidated(plan, 4)
    assert "Plan cerrado" in text(ana.post(f"{HERE}cerrar/", follow=True))
    assert plan_makers.again(plan).status == PlanStatus.CLOSED


@pytest.mark.rule("WF1")
def test_a_double_click_sends_once_and_is_told_kindly(them):
    plan = plan_in(them, "draft")
    luis = page_of(them.luis)
    luis.post(f"{HERE}enviar/")

    again = luis.post(f"{HERE}enviar/", follow=True)

    assert "Usted ya lo hizo" in text(again)
    assert "notice-risk" not in text(again)
    assert plan.versions.count() == 1


@pytest.mark.rule("PG-06")
def test_a_refused_case_keeps_what_was_typed(them):
    plan = plan_in(them, "validated")
    plan_makers.waived(plan)

    answer = page_of(them.luis).post(f"{HERE}oficializar/", {"hola_case": "HOLA-33", "hola_on": ""})

    assert answer.status_code == 422
    assert "Falta la fecha del caso HOLA." in text(answer)
    assert 'value="HOLA-33"' in text(answer)


@pytest.mark.rule("WF2")
def test_who_officialises_a_moment_later_is_told_who_did(them):
    second = people.person("Lía Líder", Role.LIDER_PROCESO, them.process)
    plan = plan_in(them, "official")

    answer = page_of(second).post(f"{HERE}oficializar/", {"hola_case": "HOLA-2", "hola_on": "2022-02-01"})

    assert answer.status_code == 422
    assert "Lo llevó ahí Luis Líder" in text(answer)
    assert plan_makers.again(plan).hola_case == plan_makers.CASE


@pytest.mark.parametrize(
    ("status", "doors"),
    [
        ("draft", set()),
        ("with_observations", {"revision/"}),
        ("validated", {"consulta/"}),
        ("published", {"/publico/planes/PLE-PIN/2022/", "/planes/solicitudes/", "trimestres/"}),
        ("closed", {"/publico/planes/PLE-PIN/2022/", "/planes/solicitudes/", "trimestres/"}),
    ],
)
def test_the_page_leads_to_where_what_is_missing_is_mended(them, status, doors):
    plan_in(them, status)

    found = page_of(them.luis).get(HERE).context["page"].doors

    assert {door["url"].removeprefix(HERE) for door in found} == doors


@pytest.mark.rule("AZ1")
@pytest.mark.parametrize(
    ("act", "status", "allowed"),
    [
        ("enviar", "draft", {"luis"}),
        ("revision/devolver", "in_review", {"ana", "jorge"}),
        ("revision/validar", "in_review", {"ana", "jorge"}),
        ("revision/verificar", "in_review", {"ana", "jorge"}),
        ("oficializar", "validated", {"luis"}),
        ("publicar", "official", {"ana", "jorge"}),
        ("cerrar", "published", {"ana", "jorge"}),
        ("identificacion", "draft", {"luis", "pilar"}),
        ("observaciones/nueva", "in_review", {"ana", "jorge"}),
    ],
)
def test_each_act_is_for_its_role(them, act, status, allowed):
    plan_in(them, status)
    names = ("ana", "jorge", "luis", "pilar", "diana", "olga", "elena", "marta", "oscar", "alicia")

    codes = {name: page_of(getattr(them, name)).post(f"{HERE}{act}/", {"text": "x"}).status_code for name in names}

    near = {name for name in names if name not in {"marta", "oscar", "alicia"}}
    assert {name for name, code in codes.items() if code in {200, 302, 409, 422}} == allowed
    assert {codes[name] for name in near - allowed} == {403}
    assert all(codes[name] in {403, 404} for name in ("marta", "oscar", "alicia"))


@pytest.mark.rule("WF4")
@pytest.mark.parametrize(
    "act", ["enviar", "oficializar", "publicar", "cerrar", "revision/devolver", "revision/validar"]
)
def test_a_get_changes_nothing(them, act):
    plan_in(them, "draft")

    assert page_of(them.jorge).get(f"{HERE}{act}/").status_code == 405


@pytest.mark.rule("WF3")
def test_a_stale_identification_shows_both_and_overwrites_nothing(them):
    plan = plan_in(them, "draft")
    luis, pilar = page_of(them.luis), page_of(them.pilar)
    read = luis.get(HERE).context["page"].form["read"].value()
    block = {"process_objective": "Orientar", "leader": "Líder", "instruments": ["PES"], "articulation_detail": ""}
    pilar.post(f"{HERE}identificacion/", block | {"scope": "El de Pilar", "read": read})

    stale = luis.post(f"{HERE}identificacion/", block | {"scope": "El de Luis", "read": read})

    assert stale.status_code == 409
    assert "El de Pilar" in text(stale)
    assert "El de Luis" in text(stale)
    assert plan_makers.again(plan).scope == "El de Pilar"
    again = stale.context["page"].form["read"].value()
    assert luis.post(f"{HERE}identificacion/", block | {"scope": "El de Luis", "read": again}).status_code == 302
    assert plan_makers.again(plan).scope == "El de Luis"


@pytest.mark.rule("WF3")
def test_a_goal_typed_meanwhile_is_no_conflict_of_the_identification(them):
    plan = plan_in(them, "draft")
    luis = page_of(them.luis)
    read = luis.get(HERE).context["page"].form["read"].value()
    change_goals(plan, [CellChange(1, "responsible", "Otra")], by=them.pilar)

    answer = luis.post(f"{HERE}identificacion/", {"scope": "Nuevo", "read": read})

    assert answer.status_code == 302
    assert plan_makers.again(plan).scope == "Nuevo"


def test_the_page_costs_the_same_with_many_goals(them):
    plan_in(them, "draft", goals=2)
    make.management_plan(unit=them.alcaldia, by=them.marta, status="draft", goals=40)
    jorge = page_of(them.jorge)
    jorge.get(HERE)

    with CaptureQueriesContext(connection) as few:
        jorge.get(HERE)
    with CaptureQueriesContext(connection) as many:
        jorge.get("/planes/AL-01/2022/")

    assert len(many) == len(few)


@pytest.mark.parametrize(
    ("status", "name", "words"),
    [
        ("draft", "luis", "Formular y enviar"),
        ("in_review", "ana", "Revisar"),
        ("with_observations", "luis", "Responder observaciones"),
        ("with_observations", "pilar", "Responder observaciones"),
        ("validated", "luis", "Oficializar"),
        ("official", "ana", "Publicar"),
    ],
)
def test_what_waits_is_in_the_inbox_of_who_must_act(them, status, name, words):
    plan_in(them, status)

    mine = list(lifecycle_items(getattr(them, name)))

    assert [item["title"] for item in mine] == [item["title"] for item in mine if item["title"].startswith(words)]
    assert len(mine) == 1
    assert mine[0]["since"] == timezone.localdate()


def test_communications_are_asked_to_publish_and_to_do_nothing_else(them):
    carla = people.person("Carla Comunica", Role.COMUNICACIONES, them.head)
    plan_in(them, "in_review")
    make.management_plan(unit=them.alcaldia, by=them.marta, status="official")

    assert [item["url"] for item in lifecycle_items(carla)] == ["/planes/AL-01/2022/"]


@pytest.mark.rule("AZ4")
def test_who_sent_a_plan_is_not_asked_to_review_it(them):
    Membership.grant(
        user=them.luis,
        unit=them.sector,
        role=Role.ANALISTA_OAP,
        starts_on=timezone.localdate() - timedelta(days=1),
        by=None,
    )
    plan_in(them, "in_review")

    assert list(lifecycle_items(them.luis)) == []
    assert len(list(lifecycle_items(them.ana))) == 1
