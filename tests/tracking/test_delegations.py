"""A leader delegates the sending of reports: dated, in writing, to somebody else, and ends it (PG-R4)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from pes import people as accounts
from pes.access import can
from pes.models import AuditEvent, Membership
from pes.permissions import Permission, Role
from pes.rules.problems import Refused
from tests import people
from tests.answers import codes, page_of
from tracking import delegations
from tracking.models import Delegation

pytestmark = pytest.mark.django_db


@pytest.fixture
def them() -> people.Cast:
    return people.cast()


def days(first: int = 0, last: int = 10) -> dict[str, date]:
    today = timezone.localdate()
    return {"starts_on": today + timedelta(days=first), "ends_on": today + timedelta(days=last)}


def delegate(them: people.Cast, **changes) -> Delegation:
    asked = {"email": them.pilar.email, "document": "Memorando 2022-12", "by": them.luis, **days(), **changes}
    return delegations.delegate(asked.pop("unit", them.process), **asked)


@pytest.mark.rule("AZ5", "PG-R4")
def test_a_delegate_fills_in_and_sends_and_does_nothing_else_of_the_leader(them: people.Cast) -> None:
    diego = people.person("Diego Delegado")

    given = delegate(them, email=" DIEGO.DELEGADO@ejemplo.invalid ")

    assert (given.membership.user, given.membership.role, given.given_by) == (diego, Role.DELEGADO, them.luis)
    may = {one for one in Permission if can(diego, one, them.process)}
    assert may == {
        Permission.PES_READ, Permission.PLAN_READ, Permission.QUARTER_FILL, Permission.QUARTER_SUBMIT
    }  # fmt: skip
    trace = AuditEvent.objects.get(verb="delegation_given")
    assert (trace.actor, trace.after["document"]) == (them.luis, "Memorando 2022-12")


@pytest.mark.rule("AZ5", "AZ6")
def test_a_delegation_has_dates_a_document_and_another_person(them: people.Cast) -> None:
    wrong = {
        "delegation_undated": {"ends_on": None},
        "delegation_backwards": days(3, 1),
        "delegation_over": days(-5, -1),
        "delegation_to_self": {"email": them.luis.email},
        "delegation_unwritten": {"document": " "},
        "person_unknown": {"email": "nadie@ejemplo.invalid"},
    }
    for code, changes in wrong.items():
        with pytest.raises(Refused) as refused:
            delegate(them, **changes)
        assert codes(refused) == [code]
    assert not Delegation.objects.exists()


@pytest.mark.rule("AZ5")
def test_only_who_leads_the_unit_delegates_and_not_twice_the_same_days(them: people.Cast) -> None:
    for by in (them.pilar, them.marta, them.jorge, them.alicia):
        with pytest.raises(PermissionDenied):
            delegate(them, by=by, email=them.elena.email)
    given = delegate(them)

    with pytest.raises(Refused) as refused:
        delegate(them, **days(5, 20))

    assert codes(refused) == ["repeated"]
    with pytest.raises(PermissionDenied):
        delegations.end(given, by=them.marta, reason="No")


@pytest.mark.rule("AZ6", "AZ7", "AZ20")
def test_ending_a_delegation_takes_the_power_at_once_and_keeps_its_trace(them: people.Cast) -> None:
    given = delegate(them)
    assert can(them.pilar, Permission.QUARTER_SUBMIT, them.process)
    with pytest.raises(Refused):
        delegations.end(given, by=them.luis, reason=" ")

    delegations.end(given, by=them.luis, reason="Volvió el titular")

    assert not can(them.pilar, Permission.QUARTER_SUBMIT, them.process)
    assert Delegation.objects.get(pk=given.pk).membership.ends_on == timezone.localdate() - timedelta(days=1)
    assert AuditEvent.objects.get(verb="delegation_ended").reason == "Volvió el titular"
    with pytest.raises(Refused) as refused:
        delegations.end(given, by=them.luis, reason="Otra vez")
    assert codes(refused) == ["delegation_over"]


def test_an_administrator_may_withdraw_a_delegation_that_never_held(them: people.Cast) -> None:
    """The administration ends any role; one that has not begun is deleted, and its delegation with it."""
    given = delegate(them, **days(3, 9))

    accounts.end(given.membership, on=timezone.localdate(), by=them.alicia, reason="Error de fechas")

    assert not Delegation.objects.exists()
    assert not Membership.objects.filter(role=Role.DELEGADO).exists()


@pytest.mark.rule("AZ1", "AZ2")
def test_the_page_gives_lists_and_ends(them: people.Cast) -> None:
    address = "/delegaciones/"
    luis, ana, oscar = page_of(them.luis), page_of(them.ana), page_of(them.oscar)
    sent = {"unit": "PLE-PIN", "email": them.pilar.email, "document": "Memorando 1", **days()}

    refused = luis.post(f"{address}nueva/", {**sent, "document": ""})
    done = luis.post(f"{address}nueva/", sent, follow=True)
    given = Delegation.objects.get()

    assert (refused.status_code, refused.content.decode().count("has-error")) == (422, 1)
    assert "Pilar Promotora puede enviar los reportes hasta el" in done.content.decode()
    assert "Vigente" in ana.get(address).content.decode()
    assert "Memorando 1" not in oscar.get(address).content.decode()
    for browser, status in ((page_of(them.marta), 404), (oscar, 404), (page_of(them.pilar), 403), (ana, 403)):
        assert browser.post(f"{address}{given.pk}/terminar/", {"reason": "x"}).status_code == status
    assert luis.post(f"{address}nueva/", {**sent, "unit": "AL-01"}).status_code == 422  # not this leader's
    ended = luis.post(f"{address}{given.pk}/terminar/", {"reason": "Volvió"}, follow=True)
    assert "Terminada" in ended.content.decode()
