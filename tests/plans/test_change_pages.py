"""Pages of requests: who sees and does what, what is refused and how it is said, and nobody else's words."""

from __future__ import annotations

import pytest
import time_machine

from pes.permissions import Role
from plans import change_requests
from plans.models import ChangeRequest, Goal
from plans.pages.changes import change_form
from plans.pages.goal_history import history_of
from plans.rules.changes import ChangeKind, Ground, OpinionKind
from tests import people
from tests.answers import page_of
from tests.change_makers import MAY, MEMO, WHY, drafted, request_at, world

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def in_may():
    with time_machine.travel(MAY, tick=False):
        yield


def asked_of(goal: Goal) -> str:
    return goal.plan.url("request-new", goal.number)


def typed(request: ChangeRequest, **changes: str) -> dict[str, str]:
    """What the form of a draft posts, untouched but for some boxes."""
    form = change_form(ChangeRequest.objects.get(pk=request.pk))
    held = {name: form[name].value() for name in form.fields if not form.fields[name].disabled}
    return {name: "" if value is None else str(value) for name, value in held.items()} | changes


def posted(client, request: ChangeRequest, name: str, **data: str):
    return client.post(request.url(name), data)


def test_the_door_says_what_may_be_asked_today_and_begins_a_request():
    found = world()
    goal = found.goal(transversal=True)
    page = page_of(found.them.luis)

    shown = page.get(asked_of(goal)).content.decode()
    answer = page.post(asked_of(goal), {"kind": "modify"})

    assert "T1 ya terminó" in shown
    assert "Se puede reprogramar T2, T3, T4." in shown
    assert "PG-09j" in shown
    assert answer.status_code == 302
    assert ChangeRequest.objects.get().status == "draft"


@pytest.mark.rule("PG-09a")
def test_after_30_june_the_door_says_that_the_term_passed():
    found = world()
    goal = found.goal()

    with time_machine.travel("2022-08-01T10:00:00-05:00", tick=False):
        shown = page_of(found.them.luis).get(asked_of(goal)).content.decode()

    assert "El plazo para pedir cambios de 2022 venció el 30 de junio de 2022." in shown


def test_what_is_typed_is_saved_and_nothing_that_is_equal():
    found = world()
    request = change_requests.draft(found.goal(), ChangeKind.MODIFY, by=found.them.luis)

    answer = posted(page_of(found.them.luis), request, "request-save", **typed(request, t3="20", t4="30", memo=MEMO))

    request.refresh_from_db()
    assert answer.status_code == 302
    assert (request.proposed, request.memo) == ({"t3": "20", "t4": "30"}, MEMO)


@pytest.mark.rule("PG-09e", "AZ9")
def test_a_quarter_that_ended_is_not_typed_even_by_hand():
    found = world()
    request = change_requests.draft(found.goal(), ChangeKind.MODIFY, by=found.them.luis)
    page = page_of(found.them.luis)

    shown = page.get(request.url("request")).content.decode()
    posted(page, request, "request-save", **typed(request, t1="1", weight="99", kind="local"))

    request.refresh_from_db()
    assert "T1 ya terminó: su programación no se modifica." in shown
    assert request.proposed == {}


def test_filing_saves_first_and_says_every_criterion_that_is_not_met():
    found = world()
    request = change_requests.draft(found.goal(), ChangeKind.MODIFY, by=found.them.luis)
    page = page_of(found.them.luis)

    answer = posted(page, request, "request-file", **typed(request, t3="20"))
    again = posted(page, request, "request-file", **typed(request, t3="20", t4="30", justification=WHY, memo=MEMO))

    request.refresh_from_db()
    words = answer.content.decode()
    assert answer.status_code == 422
    assert "Falta la justificación técnica o legal." in words
    assert "Falta el memorando o correo dirigido a la jefatura de la OAP." in words
    assert 'value="20"' in words
    assert (again.status_code, request.status) == (302, "filed")


@pytest.mark.rule("WF3")
def test_another_tab_is_shown_and_not_overwritten():
    found = world()
    request = drafted(found.goal(), by=found.them.luis)
    page = page_of(found.them.luis)
    read = typed(request)
    change_requests.save(
        request, ground=Ground.ORDINARY, justification="De la otra pestaña", memo=MEMO, proposed={}, local_office=None,
        by=found.them.luis,
    )  # fmt: skip

    answer = posted(page, request, "request-save", **(read | {"justification": "Mía"}))

    words = answer.content.decode()
    assert answer.status_code == 409
    assert "De la otra pestaña" in words
    assert "Mía" in words
    assert ChangeRequest.objects.get().justification == "De la otra pestaña"


@pytest.mark.rule("PG-09b")
def test_the_criteria_follow_what_is_typed_and_save_nothing():
    found = world()
    request = change_requests.draft(found.goal(), ChangeKind.MODIFY, by=found.them.luis)
    page = page_of(found.them.luis)

    wrong = posted(page, request, "request-check", **typed(request, t3="20")).content.decode()
    unread = posted(page, request, "request-check", **typed(request, t3="veinte")).content.decode()
    right = posted(page, request, "request-check", **typed(request, t3="20", t4="30", justification=WHY, memo=MEMO))

    assert "La suma de los trimestres es 95" in wrong
    assert "veinte" in unread
    assert "No incumple ningún criterio." in right.content.decode()
    assert ChangeRequest.objects.get().proposed == {}


@pytest.mark.rule("PG-09f", "PG-09g")
def test_each_one_asked_gives_the_opinion_on_the_page():
    found = world()
    request = request_at("awaiting_opinion", found.goal(local=True, transversal=True), by=found.them.marta, world=found)
    teresa, lola = page_of(found.teresa), page_of(found.lola)
    said = {
        "kind": "transversal",
        "transversal-is_favourable": "si",
        "transversal-text": "Conviene.",
        "transversal-memo": MEMO,
    }

    shown = lola.get(request.url("request")).content.decode()
    foreign = lola.post(request.url("opinion-give"), said).status_code
    empty = teresa.post(request.url("opinion-give"), {"kind": "transversal"}).status_code
    given = teresa.post(request.url("opinion-give"), said).status_code
    unasked = [teresa.post(request.url("opinion-give"), {"kind": kind}).status_code for kind in ("otro", "\0")]

    assert 'name="local-text"' in shown
    assert 'name="transversal-text"' not in shown
    assert (foreign, empty, given, *unasked) == (403, 422, 302, 404, 404)
    assert request.opinions.get(kind=OpinionKind.TRANSVERSAL).text == "Conviene."


@pytest.mark.rule("PG-09i", "AZ4")
def test_the_head_decides_and_who_may_not_reads_why():
    found = world()
    request = request_at("under_study", found.goal(), by=found.them.luis, world=found)

    analyst = page_of(found.them.ana).get(request.url("request")).content.decode()
    head = page_of(found.them.jorge)
    refused = head.post(request.url("request-deny"), {"deny-reason": ""})
    denied = head.post(request.url("request-deny"), {"deny-reason": "La demanda no cambió."})

    request.refresh_from_db()
    assert "Decide la jefatura de la oficina asesora de planeación." in analyst
    assert refused.status_code == 422
    assert "Negar una solicitud exige un motivo." in refused.content.decode()
    assert (denied.status_code, request.status, request.decision_reason) == (302, "denied", "La demanda no cambió.")


@pytest.mark.rule("WF6", "PG-09e")
def test_an_approval_that_came_too_late_is_disabled_with_its_reason():
    found = world()
    request = request_at(
        "under_study", found.goal(), by=found.them.luis, world=found, proposed={"t2": "20", "t3": "30"}
    )

    with time_machine.travel("2022-07-01T00:00:00-05:00", tick=False):
        shown = page_of(found.them.jorge).get(request.url("request")).content.decode()

    assert "La propuesta cambia T2: no se modifican periodos ya terminados." in shown
    assert request.url("request-approve") not in shown
    assert request.url("request-deny") in shown


@pytest.mark.rule("PG-09j")
def test_the_leader_applies_with_the_hola_case():
    found = world()
    request = request_at("approved", found.goal(), by=found.them.luis, world=found)
    page = page_of(found.them.luis)

    refused = page.post(request.url("request-apply"), {"apply-hola_case": "", "apply-hola_on": "2022-05-10"})
    applied = page.post(
        request.url("request-apply"), {"apply-hola_case": "H-7", "apply-hola_on": "2022-05-10"}, follow=True
    )

    assert refused.status_code == 422
    assert "Falta el número del caso HOLA." in refused.content.decode()
    assert "H-7 del 10 de mayo de 2022" in applied.content.decode()


@pytest.mark.rule("WF1", "WF2")
def test_a_second_click_and_a_second_person_are_told_what_happened():
    found = world()
    request = request_at("approved", found.goal(), by=found.them.luis, world=found)
    rosa = people.person("Rosa Jefe", Role.JEFE_OAP, found.them.sector)

    same = page_of(found.them.jorge).post(request.url("request-approve"), {"approve-reason": ""}, follow=True)
    other = page_of(rosa).post(request.url("request-deny"), {"deny-reason": "No."})

    assert "Usted ya lo hizo el 10 de mayo de 2022, 09:00" in same.content.decode()
    assert other.status_code == 422
    assert "La llevó ahí Jorge Jefe" in other.content.decode()


@pytest.mark.rule("PG-09j")
def test_the_goal_shows_its_whole_history_and_the_door_to_ask_for_a_change():
    with time_machine.travel(MAY, tick=True):
        found = world()
        goal = found.goal(transversal=True)
        request_at("applied", goal, by=found.them.luis, world=found)

    shown = page_of(found.them.luis).get(goal.get_absolute_url()).content.decode()
    reader = page_of(found.them.diana).get(goal.get_absolute_url()).content.decode()

    told = [entry.title for entry in history_of(goal, found.them.luis)]
    asked = f"Solicitud {goal.change_requests.get().pk}, modificar la meta: "
    assert told == [
        "Versión 1: enviada a revisión",
        f"{asked}radicada",
        f"{asked}conceptos pedidos",
        f"{asked}concepto de la meta transversal: favorable",
        f"{asked}aprobada",
        "Versión 4: ajustada por solicitud",
        f"{asked}aplicada: el plan tiene otra versión",
    ]
    assert [title for title in told if title not in shown] == []
    assert "HOLA-2022-077" in shown
    assert asked_of(goal) in shown
    assert asked_of(goal) not in reader
    assert "Solicita cambios quien lidera el proceso o la alcaldía." in reader
