"""Who sees requests and may act on them over HTTP, nobody else's words, and the same work for many as for few."""

from __future__ import annotations

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from pes.models import Membership
from pes.permissions import Role
from plans import change_requests
from plans.inbox_changes import change_items
from plans.models import ChangeRequest, Goal, PlanGestion
from plans.pages.changes import change_form
from plans.rules.changes import ChangeKind
from plans.rules.plan_states import PlanStatus
from tests import people
from tests.answers import page_of
from tests.change_makers import MAY, drafted, request_at, world

pytestmark = pytest.mark.django_db
CANARY = "canario-de-otra-unidad"


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


def queries(client, url: str) -> int:
    with CaptureQueriesContext(connection) as caught:
        assert client.get(url).status_code == 200
    return len(caught)


@pytest.mark.rule("AZ1", "AZ2")
@pytest.mark.parametrize(
    ("who", "status"), [("luis", 200), ("pilar", 403), ("ana", 403), ("diana", 403), ("marta", 404), ("oscar", 404)]
)
def test_only_who_leads_the_plan_opens_the_door(who, status):
    found = world()
    goal = found.goal()

    assert page_of(getattr(found.them, who)).get(asked_of(goal)).status_code == status


@pytest.mark.rule("AZ1", "AZ2")
@pytest.mark.parametrize("state", ["draft", "filed"])
@pytest.mark.parametrize(
    ("who", "draft", "filed"),
    [
        ("luis", 200, 200),
        ("pilar", 200, 200),
        ("ana", 404, 200),
        ("olga", 404, 200),
        ("marta", 404, 404),
        ("oscar", 404, 404),
    ],
)
def test_a_request_is_seen_by_who_reads_the_plan_and_a_draft_by_who_writes_it(who, draft, filed, state):
    found = world()
    request = request_at(state, found.goal(), by=found.them.luis, world=found)

    assert page_of(getattr(found.them, who)).get(request.url("request")).status_code == (
        draft if state == "draft" else filed
    )


@pytest.mark.rule("AZ1", "AZ2")
@pytest.mark.parametrize(
    ("name", "state", "mine", "reader"),
    [
        ("request-save", "draft", "luis", "diana"),
        ("request-file", "draft", "luis", "diana"),
        ("request-check", "draft", "luis", "diana"),
        ("request-study", "filed", "ana", "luis"),
        ("request-approve", "under_study", "jorge", "ana"),
        ("request-deny", "under_study", "jorge", "ana"),
        ("request-apply", "approved", "luis", "ana"),
        ("request-withdraw", "filed", "luis", "ana"),
    ],
)
def test_each_act_is_its_owners_and_nobody_elses(name, state, mine, reader):
    found = world()
    request = request_at(state, found.goal(), by=found.them.luis, world=found)
    data = {"deny-reason": "No procede.", "apply-hola_case": "H-1", "apply-hola_on": "2022-05-10", "apply-x": "1"}
    data = typed(request) if state == "draft" else data

    foreign = posted(page_of(found.them.oscar), request, name, **data).status_code
    forbidden = posted(page_of(getattr(found.them, reader)), request, name, **data).status_code
    own = posted(page_of(getattr(found.them, mine)), request, name, **data).status_code

    knocks = {"request-study", "request-approve", "request-deny"}  # an alcalde has no such power anywhere
    assert (foreign, forbidden) == (403 if name in knocks else 404, 403)
    assert own == (200 if name == "request-check" else 302)


@pytest.mark.rule("AZ11")
def test_the_list_filters_orders_by_age_and_shows_nobody_elses():
    found = world()
    first = request_at("filed", found.goal(), by=found.them.luis, world=found)
    with time_machine.travel("2022-05-20T10:00:00-05:00", tick=False):
        second = drafted(first.goal.plan.goals.get(number=2), by=found.them.luis, justification=CANARY)
        change_requests.file(second, by=found.them.luis)
        change_requests.study(second, by=found.them.ana)
        page, stranger = page_of(found.them.ana), page_of(found.them.oscar)
        shown = page.get(reverse("plans:requests")).content.decode()
        studied = page.get(reverse("plans:requests"), {"estado": "under_study"}).content.decode()
        nothing = stranger.get(reverse("plans:requests")).content.decode()

    assert 0 < shown.index(f'"{first.url("request")}"') < shown.index(f'"{second.url("request")}"')
    assert "10 días" in shown
    assert first.url("request") not in studied
    assert second.url("request") in studied
    assert first.url("request") not in nothing
    assert found.them.process.name not in nothing


@pytest.mark.rule("AZ2", "AZ11")
def test_words_of_a_foreign_unit_appear_on_no_page():
    found = world()
    request = request_at(
        "under_study", found.goal(transversal=True), by=found.them.luis, world=found, justification=CANARY
    )
    pages = [
        reverse("plans:requests"),
        reverse("plans:requests") + "?estado=",
        request.url("request"),
        reverse("pes:home"),
    ]

    for person in (found.them.oscar, found.them.marta, found.lola):
        client = page_of(person)
        assert [url for url in pages if CANARY in client.get(url).content.decode()] == []
    assert CANARY in page_of(found.teresa).get(request.url("request")).content.decode()


@pytest.mark.parametrize("kind", list(ChangeKind))
@pytest.mark.parametrize(
    "state",
    ["draft", "filed", "awaiting_opinion", "not_feasible", "under_study", "approved", "denied", "applied", "withdrawn"],
)
def test_every_state_has_its_page_for_everybody_concerned(state, kind):
    found = world()
    goal = found.goal(transversal=state in {"awaiting_opinion", "not_feasible"}, goals=3)
    request = request_at(state, goal, by=found.them.luis, world=found, kind=kind)
    them = found.them
    who = [them.luis] if state == "draft" else [them.luis, them.ana, them.jorge, them.olga]

    for person in who:
        assert page_of(person).get(request.url("request")).status_code == 200


def test_lists_and_pages_ask_a_constant_number_of_queries():
    found = world()
    plan = found.plan(goals=12)
    goals = list(plan.goals.order_by("number"))
    first = request_at("filed", goals[0], by=found.them.luis, world=found)
    ana, luis = page_of(found.them.ana), page_of(found.them.luis)
    visits = [(ana, reverse("plans:requests")), (ana, first.url("request")), (luis, asked_of(goals[0]))]
    for client, url in visits:
        client.get(url)  # the first visit also writes the session
    few = [queries(client, url) for client, url in visits]

    for goal in goals[1:]:
        request_at("filed", goal, by=found.them.luis, world=found)

    assert [queries(client, url) for client, url in visits] == few


@pytest.mark.rule("AZ4")
@pytest.mark.parametrize(
    ("state", "who"),
    [
        ("draft", set()),
        ("filed", {"ana", "jorge"}),
        ("awaiting_opinion", {"teresa"}),
        ("under_study", {"jorge"}),
        ("approved", {"luis"}),
        ("denied", set()),
        ("applied", set()),
        ("withdrawn", set()),
    ],
)
def test_a_request_waits_for_whoever_acts_next_and_for_nobody_else(state, who):
    found = world()
    goal = found.goal(transversal=state == "awaiting_opinion")
    request = request_at(state, goal, by=found.them.luis, world=found)
    everyone = {name: getattr(found.them, name) for name in ("luis", "ana", "jorge", "marta", "pilar", "oscar", "olga")}
    everyone |= {"teresa": found.teresa, "lola": found.lola}

    items = {name: list(change_items(person)) for name, person in everyone.items()}

    assert {name for name, found_ in items.items() if found_} == who
    assert {item["url"] for listed in items.values() for item in listed} <= {request.get_absolute_url()}


@pytest.mark.rule("SM-1", "SM-3")
@pytest.mark.parametrize("state", ["filed", "awaiting_opinion", "under_study", "approved"])
def test_a_request_about_a_closed_plan_waits_for_nobody(state):
    found = world()
    request = request_at(state, found.goal(transversal=state != "filed"), by=found.them.luis, world=found)
    everyone = [getattr(found.them, name) for name in ("luis", "ana", "jorge")] + [found.teresa]
    assert any(list(change_items(person)) for person in everyone)

    PlanGestion.objects.filter(pk=request.goal.plan_id).update(status=PlanStatus.CLOSED)

    assert not any(list(change_items(person)) for person in everyone)


@pytest.mark.rule("AZ4")
def test_who_asked_or_opined_is_not_asked_to_decide():
    found = world()
    for person in (found.teresa, found.them.luis):
        grant = {"unit": found.them.sector, "role": Role.JEFE_OAP, "starts_on": people.SINCE, "by": None}
        Membership.grant(user=person, **grant)
    request_at("under_study", found.goal(transversal=True), by=found.them.luis, world=found)

    waiting = {
        person.full_name for person in (found.teresa, found.them.luis, found.them.jorge) if list(change_items(person))
    }

    assert waiting == {"Jorge Jefe"}
