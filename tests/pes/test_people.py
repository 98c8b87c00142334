"""People without a shell: found, given roles, closed and opened again (AU6, AZ4)."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from pes import people as verbs
from pes.access import holds
from pes.models import (
    AuditEvent,
    Membership,
    User,
)
from pes.permissions import Permission, Role
from pes.rules.problems import Refused
from tests import people
from tests.answers import page_of

pytestmark = pytest.mark.django_db
TOMORROW = timezone.localdate() + timedelta(days=1)


@pytest.fixture
def them():
    return people.cast()


def test_one_sees_only_the_people_of_ones_units(them):
    sectorial = people.person("Sara Sectorial", Role.ADMINISTRADOR, them.sector)

    seen = {str(person) for person in verbs.visible_people(sectorial)}

    assert "Luis Líder" in seen
    assert seen.isdisjoint({"Óscar Extraño", "Olga Control", "Alicia Administradora"})


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("q=luis", ["Luis Líder"]),
        ("q=Líder luis", ["Luis Líder"]),
        ("q=oscar.extrano@", ["Óscar Extraño"]),
        ("rol=jefe_oap", ["Jorge Jefe"]),
        ("unidad=PLE-PIN", ["Luis Líder", "Pilar Promotora"]),
        ("rol=promotor&unidad=PLE-PIN", ["Pilar Promotora"]),
        ("q=nadie", []),
    ],
)
def test_people_are_found_by_name_address_role_and_unit(them, query, expected):
    page = page_of(them.alicia).get(f"{reverse('administration:people')}?{query}")

    assert sorted(str(row["person"]) for row in page.context["rows"]) == expected


def test_people_are_found_by_the_state_of_their_account(them):
    them.luis.set_password("montaña de papel azul")
    them.luis.save()
    verbs.deactivate(them.pilar, by=them.alicia, reason="Se fue")
    client = page_of(them.alicia)

    found = {
        state: {str(row["person"]) for row in client.get(f"/administracion/personas/?estado={state}").context["rows"]}
        for state in ("activa", "invitada", "desactivada")
    }

    assert found["activa"] == {"Luis Líder"}
    assert found["desactivada"] == {"Pilar Promotora"}
    assert "Ana Analista" in found["invitada"]


def test_the_list_of_people_costs_the_same_at_any_size(them, django_assert_num_queries):
    client = page_of(them.alicia)
    client.get("/administracion/personas/")
    with CaptureQueriesContext(connection) as few:
        client.get("/administracion/personas/")
    for number in range(30):
        people.person(f"Persona {number}", Role.EQUIPO, them.process)

    with django_assert_num_queries(len(few)):
        client.get("/administracion/personas/")


def test_a_role_is_given_and_ended_on_the_page_of_the_person(them):
    client = page_of(them.alicia)

    client.post(
        reverse("administration:membership-grant", args=[them.luis.pk]),
        {"role": "equipo", "unit": them.head.pk, "starts_on": "2026-01-01", "ends_on": ""},
    )
    granted = Membership.objects.get(user=them.luis, role="equipo")
    client.post(
        reverse("administration:membership-end", args=[granted.pk]),
        {"on": "2026-06-30", "reason": "Cambió de equipo"},
    )

    granted.refresh_from_db()
    assert granted.ends_on == date(2026, 6, 30)
    assert AuditEvent.objects.get(verb="membership_ended").reason == "Cambió de equipo"


def test_what_is_wrong_is_shown_and_nothing_typed_is_lost(them):
    client = page_of(them.alicia)
    membership = Membership.objects.get(user=them.luis)

    granted = client.post(
        reverse("administration:membership-grant", args=[them.luis.pk]), {"role": "equipo", "starts_on": "2026-02-30"}
    )
    ended = client.post(
        reverse("administration:membership-end", args=[membership.pk]),
        {"on": "2019-01-01", "reason": "Por error"},
    )

    assert (granted.status_code, ended.status_code) == (422, 422)
    assert "2026-02-30" in granted.content.decode()
    assert "Por error" in ended.content.decode()
    assert "anterior al inicio del rol" in ended.content.decode()


@pytest.mark.rule("AZ4")
def test_nobody_touches_their_own_roles_or_account(them):
    other = people.person("Sara Sectorial", Role.ADMINISTRADOR, them.district)
    own = Membership.objects.get(user=other)

    with pytest.raises(Refused, match="propios roles"):
        verbs.end(own, on=TOMORROW, by=other, reason="x")
    with pytest.raises(Refused, match="propia cuenta"):
        verbs.deactivate(other, by=other, reason="x")


def test_a_role_is_not_given_twice_in_the_same_days(them):
    with pytest.raises(Refused, match="ya tiene el rol"):
        verbs.grant(
            user=them.luis, unit=them.process, role=Role.LIDER_PROCESO, starts_on=TOMORROW, ends_on=None, by=them.alicia
        )


@pytest.mark.rule("AU6")
def test_a_deactivated_account_loses_its_sessions_at_once(them):
    inside = Client()
    inside.force_login(them.luis)
    assert inside.get("/").status_code == 200

    page_of(them.alicia).post(reverse("administration:person-deactivate", args=[them.luis.pk]), {"reason": "Se fue"})

    assert inside.get("/").status_code == 302
    event = AuditEvent.objects.get(verb="person_deactivated")
    assert (event.actor, event.reason, event.after) == (them.alicia, "Se fue", {"is_active": False})


def test_a_decision_asks_for_its_reason(them):
    answer = page_of(them.alicia).post(
        reverse("administration:person-deactivate", args=[them.luis.pk]), {"reason": " "}
    )

    assert answer.status_code == 422
    assert User.objects.get(pk=them.luis.pk).is_active


def test_an_account_with_roles_elsewhere_is_not_closed_by_a_sector(them):
    sectorial = people.person("Sara Sectorial", Role.ADMINISTRADOR, them.sector)
    Membership.grant(user=them.luis, unit=them.other_entity, role=Role.EQUIPO, starts_on=date(2020, 1, 1), by=None)

    page = page_of(sectorial).get(reverse("administration:person", args=[them.luis.pk])).content.decode()

    assert "roles en unidades que usted no administra" in page
    assert "Secretaría de Gobierno" not in page
    with pytest.raises(PermissionDenied):
        verbs.deactivate(them.luis, by=sectorial, reason="x")


def test_a_reactivated_account_has_its_running_roles_again(them):
    verbs.deactivate(them.luis, by=them.alicia, reason="Licencia")

    verbs.reactivate(User.objects.get(pk=them.luis.pk), by=them.alicia, reason="Volvió")

    client = Client()
    client.force_login(User.objects.get(pk=them.luis.pk))
    assert client.get("/").status_code == 200


def test_only_who_reads_the_trail_sees_the_history_of_an_account(them):
    with_trail = page_of(them.alicia).get(reverse("administration:person", args=[them.luis.pk]))

    assert with_trail.context["history"][0]["what"] == "dio un rol"


def test_a_role_given_by_mistake_is_withdrawn_at_once(them):
    client = page_of(them.alicia)
    form = {"role": "jefe_oap", "unit": them.sector.pk, "starts_on": timezone.localdate().isoformat(), "ends_on": ""}
    client.post(reverse("administration:membership-grant", args=[them.luis.pk]), form)
    mistaken = Membership.objects.get(user=them.luis, role="jefe_oap")
    assert holds(them.luis, Permission.WEIGHTS_LOCK)

    yesterday = (timezone.localdate() - timedelta(days=1)).isoformat()
    client.post(reverse("administration:membership-end", args=[mistaken.pk]), {"on": yesterday, "reason": "Error"})

    assert not holds(them.luis, Permission.WEIGHTS_LOCK)
    assert AuditEvent.objects.get(verb="membership_withdrawn").before["role"] == "jefe_oap"


def test_a_role_that_has_not_begun_never_begins_when_it_is_ended(them):
    first = timezone.localdate() + timedelta(days=10)
    later = verbs.grant(
        user=them.luis, unit=them.sector, role=Role.JEFE_OAP, starts_on=first, ends_on=None, by=them.alicia
    )

    verbs.end(later, on=timezone.localdate(), by=them.alicia, reason="Se desistió")

    assert not Membership.objects.filter(pk=later.pk).exists()


def test_an_account_left_without_roles_is_seen_by_who_administers_the_district(them):
    sectorial = people.person("Sara Sectorial", Role.ADMINISTRADOR, them.sector)
    alone = people.person("Nadie Aún")

    assert verbs.visible_people(them.alicia).filter(pk=alone.pk).exists()
    assert not verbs.visible_people(sectorial).filter(pk=alone.pk).exists()
    verbs.deactivate(alone, by=them.alicia, reason="Sin uso")
    with pytest.raises(PermissionDenied):
        verbs.reactivate(alone, by=sectorial, reason="x")
