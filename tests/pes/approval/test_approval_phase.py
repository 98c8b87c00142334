"""Nothing is approved before the phase of the approval opens; presented and observed, it may be (LC-01, LC-02)."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from pes import registry
from pes.approval.adopting import adopt
from pes.approval.deciding import record_session, request_approval
from pes.approval.inbox import inbox
from pes.approval.observing import acknowledge, answer, observe
from pes.approval.phase import problems_of, waiting_of_each
from pes.models import ApprovalRound, CommitteeDecision, Road, RoadPhase, Verdict, VersionKind
from pes.permissions import Role
from pes.roads.phases import close_phase
from pes.rules.approval_states import ApprovalStatus
from pes.rules.gates import GateFact
from pes.rules.problems import Refused
from tests import make
from tests.answers import codes, page_of
from tests.once import once
from tests.people import person
from tests.pes.approval import worlds
from tests.pes.approval.worlds import World, act, presented, requested, upload, write

NOW = timezone.localtime().replace(hour=10, minute=0, second=0, microsecond=0)  # of the day it is here
ROOM = "/sectores/gestion-publica/pes/2020/aprobacion/"
GATE = "/sectores/gestion-publica/pes/2020/camino/?fase=F2#fase"
SHUT = "La fase 3, «Aprobación del PES», no se ha abierto: falta cerrar la fase 2 (puerta G2)."
pytestmark = pytest.mark.rule("LC-01", "LC-02", "LC-08")


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker):
    yield from once(worlds.world, django_db_blocker, NOW)


@pytest.fixture(autouse=True)
def savepoint(world, db, media_root):
    return world


@pytest.fixture
def walk(world, monkeypatch) -> Callable[..., None]:
    """Trace the road of the plan if it has none and close phases with the real verb, their gates met."""

    def close(*phases: str) -> None:
        road = Road.objects.filter(plan=world.plan).first() or worlds.road(world.plan, world.who.ana)
        with monkeypatch.context() as patched:
            asked = [one["code"] for phase in road.phases.all() for one in phase.conditions]
            patched.setitem(registry._PROVIDERS, "gate_facts", [lambda plan: [GateFact(code, True) for code in asked]])
            for code in phases:
                close_phase(RoadPhase.objects.get(road=road, code=code), by=world.who.jorge, now=world.now)

    return close


def read_by_all(world: World) -> None:
    version = presented(world)
    for entity, link in zip(world.entities, world.links, strict=True):
        acknowledge(version, entity, by=link, now=world.now)


@pytest.fixture
def text_of() -> Callable[..., str]:
    """What a page says to somebody, who enters once."""
    browsers: dict[int, Client] = {}

    def ask(user, address: str = ROOM, *, is_post: bool = False) -> str:
        browser = browsers.setdefault(user.pk, browsers.get(user.pk) or page_of(user))
        answered = browser.post(address, follow=True) if is_post else browser.get(address)
        return answered.content.decode()

    return ask


def test_a_preliminary_version_is_presented_and_observed_but_its_approval_waits_for_the_gate(world, walk):
    walk("F1")
    version = presented(world)
    thread = observe(version, world.who.head, section="", text="Falta", by=world.who.elena, now=world.now)
    answer(thread, verdict=Verdict.DECLINED, text="Está", by=world.who.ana, now=world.now)
    acknowledge(version, world.who.second_entity, by=world.second_link, now=world.now)

    with pytest.raises(Refused) as refused:
        request_approval(version, by=world.who.ana, now=world.now)

    assert [(one.code, one.message) for one in refused.value.problems] == [("approval_phase_waiting", SHUT)]
    walk("F2")
    request_approval(version, by=world.who.ana, now=world.now)
    assert ApprovalRound.objects.get().state == ApprovalStatus.APPROVAL_REQUESTED


def test_a_plan_without_road_is_not_asked_for_its_phases(world):
    assert problems_of(world.plan.pk) == []
    requested(world)
    assert ApprovalRound.objects.get().state == ApprovalStatus.APPROVAL_REQUESTED


def test_neither_the_committee_nor_the_act_comes_before_the_phase_of_the_approval(world, walk, text_of):
    version = worlds.approved(world)  # asked for while the plan had no road
    walk("F1")
    said = {"note": "", "minutes": upload("acta.pdf"), "by": world.who.ana, "now": world.now}
    session = {"held_on": world.day, "decision": CommitteeDecision.ENDORSED} | said

    with pytest.raises(Refused) as refused:
        record_session(version, **session)
    assert codes(refused) == ["approval_phase_waiting"]
    assert "pes_approval" not in {item["kind"] for item in inbox(world.who.ana)}
    assert f"{ROOM}1/comite/" not in text_of(world.who.ana)

    Road.objects.get().phases.filter(code="F2").update(closed_at=world.now, closed_by=world.who.jorge)
    assert f"{ROOM}1/comite/" in text_of(world.who.ana)
    record_session(version, **session | {"minutes": upload("acta.pdf")})
    Road.objects.get().phases.filter(code="F2").update(closed_at=None, closed_by=None)

    with pytest.raises(Refused) as refused:
        adopt(version, act(world), file=upload(), by=world.who.jorge, now=world.now)
    assert codes(refused) == ["approval_phase_waiting"]
    assert "pes_adopt" not in {item["kind"] for item in inbox(world.who.jorge)}
    assert f"{ROOM}1/adoptar/" not in text_of(world.who.jorge)


def test_an_amendment_is_asked_for_while_the_phase_is_walked_and_once_it_is_closed(world, walk):
    worlds.adopted_pes(world)
    walk("F1", "F2", "F3")
    write(world, "legal", "<p>Modificado.</p>")

    assert worlds.endorsed(world).kind == VersionKind.AMENDMENT


def test_the_room_says_why_it_waits_and_leads_to_the_gate(world, walk, text_of):
    walk("F1")
    form = text_of(world.who.ana, f"{ROOM}presentar/")
    assert "Versión preliminar" in form
    read_by_all(world)

    room, refused = text_of(world.who.ana), f"{ROOM}1/pedir/"
    assert (SHUT in room, GATE.replace("&", "&amp;") in room, refused in room) == (True, True, False)
    assert "Falta pasar la puerta G2." in room
    assert "puede pedir la aprobación" not in room
    assert SHUT in text_of(world.who.ana, refused, is_post=True)
    assert "pes_approval" not in {item["kind"] for item in inbox(world.who.ana)}

    walk("F2")
    room = text_of(world.who.ana)
    assert (SHUT in room, refused in room) == (False, True)
    assert "La cabeza de sector puede pedir la aprobación." in room
    assert "pes_approval" in {item["kind"] for item in inbox(world.who.ana)}
    assert "Versión preliminar" not in text_of(world.who.ana, f"{ROOM}presentar/")


def test_presenting_again_tells_of_observations_without_answer_and_the_room_counts_them(world, text_of):
    version = presented(world)
    first, second = (
        observe(version, world.who.head, section="", text=text, by=world.who.elena, now=world.now)
        for text in ("Una", "Otra")
    )
    assert "2 observaciones sin respuesta" in text_of(world.who.ana, f"{ROOM}presentar/")
    third = observe(version, world.who.head, section="", text="Más", by=world.who.elena, now=world.now)

    answer(first, verdict=Verdict.ACCEPTED, text="Sí", adjusted="background", by=world.who.ana, now=world.now)
    assert "Quedan 2 observaciones sin respuesta." in text_of(world.who.ana)
    answer(second, verdict=Verdict.DECLINED, text="No", by=world.who.ana, now=world.now)
    assert "Queda 1 observación sin respuesta." in text_of(world.who.ana)
    answer(third, verdict=Verdict.DECLINED, text="No", by=world.who.ana, now=world.now)
    assert "sin respuesta." not in text_of(world.who.ana)
    assert "Respóndalas antes" not in text_of(world.who.ana, f"{ROOM}presentar/")


def test_what_many_plans_wait_for_is_one_question(world, walk):
    walk()
    other = make.plan(sector=world.who.other_sector)
    worlds.road(other, person("Berta Analista", Role.ANALISTA_OAP, other.sector))
    plans = [world.plan, other]

    with CaptureQueriesContext(connection) as seen:
        found = waiting_of_each(plans)

    assert (len(seen), set(found), found[other.pk].gate) == (1, {world.plan.pk, other.pk}, "G2")
