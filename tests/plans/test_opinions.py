"""Prior opinions: who is asked, who answers, and what the answer does (PG-09f, PG-09g, WF11)."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.core.exceptions import PermissionDenied

from pes.models import Membership, UnitKind
from pes.permissions import Role
from pes.rules.problems import Refused
from plans import change_requests
from plans.change_facts import local_offices
from plans.models import Goal
from plans.rules.changes import ChangeKind, OpinionKind
from tests import people
from tests.answers import codes
from tests.change_makers import MAY, MEMO, World, drafted, request_at, world

pytestmark = pytest.mark.django_db
SAID = {"text": "Visto el caso.", "memo": MEMO}
T, L = OpinionKind.TRANSVERSAL, OpinionKind.LOCAL


@pytest.fixture(autouse=True)
def in_may():
    with time_machine.travel(MAY, tick=False):
        yield


def refused_filing(request, by) -> list[str]:
    with pytest.raises(Refused) as refused:
        change_requests.file(request, by=by)
    return codes(refused)


@pytest.mark.rule("PG-09f", "PG-09g")
@pytest.mark.parametrize(
    ("local", "transversal", "asked", "state"),
    [
        (False, False, {}, "filed"),
        (False, True, {"transversal": "GLJ"}, "awaiting_opinion"),
        (True, False, {"local": "SGL"}, "awaiting_opinion"),
        (True, True, {"transversal": "GLJ", "local": "SGL"}, "awaiting_opinion"),
    ],
    ids=["own goal", "transversal", "alcaldía", "alcaldía, transversal"],
)
@pytest.mark.parametrize("kind", list(ChangeKind))
def test_filing_asks_the_opinions_that_the_goal_and_the_plan_need(kind, local, transversal, asked, state):
    found = world()
    request = request_at(
        "filed", found.goal(local=local, transversal=transversal), by=found.home(local)[1], world=found, kind=kind
    )

    assert dict(request.opinions.values_list("kind", "unit__code")) == asked
    assert request.status == state


@pytest.mark.rule("PG-09f")
def test_a_transversal_goal_that_nobody_leads_is_not_filed():
    found = world()
    goal = found.goal(transversal=True)
    Goal.objects.filter(pk=goal.pk).update(central_area=None)

    assert refused_filing(drafted(Goal.objects.get(pk=goal.pk), by=found.them.luis), found.them.luis) == [
        "leading_unit_missing"
    ]


@pytest.mark.rule("PG-09f")
def test_where_nobody_may_opine_nothing_is_asked():
    found = world()
    request = drafted(found.goal(transversal=True), by=found.them.luis)
    Membership.objects.get(user=found.teresa).end(on=MAY.date() - timedelta(days=1), by=None, reason="Se retiró")

    assert refused_filing(request, found.them.luis) == ["nobody_opines"]


@pytest.mark.rule("PG-09g")
@pytest.mark.parametrize("chosen", ["nobody", "another office"])
def test_an_alcaldia_chooses_one_of_the_offices_that_opine(chosen):
    found = world()
    office = people.unit("DGP", UnitKind.OFFICE, found.them.head) if chosen == "another office" else None
    request = drafted(found.goal(local=True), by=found.them.marta, local_office=office)

    assert refused_filing(request, found.them.marta) == ["local_office_missing"]


@pytest.mark.rule("PG-09g")
def test_the_offices_are_those_of_the_entity_where_somebody_holds_the_role_today():
    found = world()
    nested = people.unit("DGDL", UnitKind.OFFICE, found.office)
    people.person("Nora Nueva", Role.CONCEPTO_LOCAL, nested)
    gone = people.unit("DGP", UnitKind.OFFICE, found.them.head)
    past = people.person("Pedro Pasado")
    ends = MAY.date() - timedelta(days=1)
    Membership.grant(user=past, unit=gone, role=Role.CONCEPTO_LOCAL, starts_on=people.SINCE, ends_on=ends, by=None)
    people.person("Fidel Foráneo", Role.CONCEPTO_LOCAL, people.unit("OTRA", UnitKind.OFFICE, found.them.other_entity))

    offices = local_offices(found.them.alcaldia.parent, MAY.date())

    assert {office.code for office in offices} == {"SGL", "DGDL"}


def waiting(found: World, *, local: bool = True, transversal: bool = True):
    return request_at("filed", found.goal(local=local, transversal=transversal), by=found.home(local)[1], world=found)


@pytest.mark.rule("WF11", "PG-09f", "PG-09g")
def test_a_request_reaches_study_with_its_last_favourable_opinion():
    found = world()
    request = waiting(found)

    change_requests.give_opinion(request, T, is_favourable=True, **SAID, by=found.teresa)
    first = request.status
    change_requests.give_opinion(request, L, is_favourable=True, **SAID, by=found.lola)

    assert (first, request.status) == ("awaiting_opinion", "under_study")


@pytest.mark.rule("WF11", "PG-09f", "PG-09g")
@pytest.mark.parametrize("kind", [T, L])
def test_one_unfavourable_opinion_ends_the_request(kind):
    found = world()
    request = waiting(found)

    change_requests.give_opinion(
        request, kind, is_favourable=False, **SAID, by=found.teresa if kind is T else found.lola
    )

    assert request.status == "not_feasible"
    with pytest.raises(Refused):
        change_requests.study(request, by=found.them.ana)


@pytest.mark.rule("WF11")
def test_without_the_local_opinion_nothing_goes_on():
    found = world()
    request = waiting(found, transversal=False)

    for act in (change_requests.study, change_requests.approve):
        with pytest.raises(Refused) as refused:
            act(request, by=found.them.jorge)
        assert codes(refused) == ["invalid_transition"]


@pytest.mark.rule("PG-09f", "PG-09g")
@pytest.mark.parametrize(
    ("kind", "who"), [(T, "lola"), (L, "teresa"), (T, "luis"), (L, "marta"), (T, "jorge"), (L, "ana")]
)
def test_each_opinion_is_its_units_to_give(kind, who):
    found = world()
    request = waiting(found)
    person = getattr(found, who, None) or getattr(found.them, who)

    with pytest.raises(PermissionDenied):
        change_requests.give_opinion(request, kind, is_favourable=True, **SAID, by=person)

    assert not request.opinions.exclude(is_favourable=None).exists()


@pytest.mark.rule("PG-09f", "PG-09g")
@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ({"is_favourable": None, **SAID}, "opinion_missing"),
        ({"is_favourable": True, "text": " ", "memo": MEMO}, "opinion_missing"),
        ({"is_favourable": True, "text": "Sí", "memo": ""}, "memo_missing"),
    ],
    ids=["neither", "no words", "no memo"],
)
def test_an_opinion_says_something_and_by_which_memo(said, expected):
    found = world()
    request = waiting(found)

    with pytest.raises(Refused) as refused:
        change_requests.give_opinion(request, T, **said, by=found.teresa)

    assert codes(refused) == [expected]


@pytest.mark.rule("AZ4")
def test_who_asks_does_not_give_the_opinion():
    found = world()
    Membership.grant(
        user=found.teresa, unit=found.them.process, role=Role.LIDER_PROCESO, starts_on=people.SINCE, by=None
    )
    request = request_at("filed", found.goal(transversal=True), by=found.teresa, world=found)

    with pytest.raises(Refused) as refused:
        change_requests.give_opinion(request, T, is_favourable=True, **SAID, by=found.teresa)

    assert codes(refused) == ["author_is_adviser"]


@pytest.mark.rule("WF2")
def test_an_opinion_is_given_once():
    found = world()
    request = waiting(found)
    change_requests.give_opinion(request, T, is_favourable=True, **SAID, by=found.teresa)

    with pytest.raises(Refused) as refused:
        change_requests.give_opinion(request, T, is_favourable=False, **SAID, by=found.teresa)

    assert codes(refused) == ["opinion_given"]
    assert request.opinions.get(kind=T).is_favourable is True


@pytest.mark.rule("AZ2", "AZ11")
def test_who_opines_sees_the_request_only_since_the_opinion_was_asked():
    found = world()
    request = drafted(found.goal(local=True), by=found.them.marta)
    rows = type(request).objects

    def seen() -> bool:
        return rows.visible_to(found.lola, change_requests.Permission.PLAN_READ).exists()

    before = seen()
    change_requests.file(request, by=found.them.marta)

    assert (before, seen()) == (False, True)


@pytest.mark.rule("PG-09f")
def test_an_approved_request_changes_the_common_fields_of_a_shared_goal():
    found = world()
    goal = found.goal(transversal=True)
    proposed = {"text": "Atender 100 solicitudes por todos los canales"}

    request_at("applied", goal, by=found.them.luis, world=found, proposed=proposed)

    assert Goal.objects.get(pk=goal.pk).text == proposed["text"]
