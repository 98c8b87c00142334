"""Invitations: the only way in, seven days, once (AU10, AZ4, AZ9)."""

import re
from datetime import date, timedelta

import pytest
import time_machine
from django.core import mail, signing
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from pes import invitations
from pes import people as verbs
from pes.models import AuditEvent, Membership, User
from pes.permissions import Role
from pes.rules.problems import Refused
from tests import people

pytestmark = pytest.mark.django_db
PASSWORD = "montaña de papel azul"
TODAY = date(2026, 11, 21)


@pytest.fixture
def them():
    return people.cast()


@pytest.fixture
def admin(them, client):
    client.force_login(people.with_second_factor(them.alicia))
    return them.alicia


def invite(them, by=None, **changes):
    asked = {
        "email": "Nubia@Ejemplo.invalid",
        "full_name": "Nubia Nueva",
        "role": Role.PROMOTOR,
        "unit": them.process,
        "starts_on": TODAY,
        "ends_on": None,
        "by": by or them.alicia,
    }
    return verbs.invite(**(asked | changes))


def fields(them, **changes) -> dict:
    asked = {
        "email": "nubia@ejemplo.invalid",
        "full_name": "Nubia Nueva",
        "role": "promotor",
        "unit": them.process.pk,
        "starts_on": "2026-11-21",
        "ends_on": "",
    }
    return asked | changes


def link() -> str:
    return re.search(r"http://testserver(\S+)", mail.outbox[-1].body).group(1)


def test_an_invited_person_receives_a_link_chooses_a_password_and_comes_in(them, admin, client):
    client.post(reverse("administration:person-invite"), fields(them))
    stranger = Client()

    page = stranger.get(link())
    answer = stranger.post(link(), {"password": PASSWORD, "again": PASSWORD})

    nubia = User.objects.get(email="nubia@ejemplo.invalid")
    assert "Nubia Nueva" in page.content.decode()
    assert answer.url == reverse("pes:home")
    assert stranger.get("/").status_code == 200
    assert nubia.check_password(PASSWORD)
    assert list(AuditEvent.objects.order_by("pk").values_list("verb", flat=True))[-4:] == [
        "person_invited",
        "membership_granted",
        "invitation_accepted",
        "logged_in",
    ]


def test_the_message_is_in_spanish_and_says_no_more_than_it_must(them, admin, client):
    client.post(reverse("administration:person-invite"), fields(them))

    message = mail.outbox[0]
    assert message.to == ["nubia@ejemplo.invalid"]
    assert "Vale 7 días" in message.body
    assert "nubia" not in message.subject.lower()


@pytest.mark.rule("AU9")
def test_whoever_will_decide_is_led_to_the_second_factor(them):
    person, _ = invite(them, role=Role.JEFE_OAP, unit=them.sector)
    stranger = Client()

    answer = stranger.post(path(person), {"password": PASSWORD, "again": PASSWORD})

    assert answer.url == reverse("pes:second-factor")
    assert stranger.get(reverse("mfa_activate_totp")).status_code == 200


def path(person) -> str:
    return reverse("administration:invitation", args=[invitations.token_for(person)])


@pytest.mark.rule("AU10")
def test_a_link_serves_once(them):
    person, _ = invite(them)
    used = path(person)
    Client().post(used, {"password": PASSWORD, "again": PASSWORD})

    again = Client().post(used, {"password": "otra frase de ladrón", "again": "otra frase de ladrón"})

    person.refresh_from_db()
    assert again.status_code == 410
    assert person.check_password(PASSWORD)


@pytest.mark.rule("AU10")
@pytest.mark.parametrize(("days", "status"), [(6.9, 200), (7.1, 410)])
def test_a_link_lives_seven_days(them, days, status):
    person, _ = invite(them)
    sent = path(person)

    with time_machine.travel(timezone.now() + timedelta(days=days)):
        assert Client().get(sent).status_code == status


@pytest.mark.parametrize(
    "token",
    ["x", "a:b:c", signing.dumps([1, "x"]), signing.dumps(7, salt="pes.invitations")],
    ids=["no-signature", "nonsense", "other-salt", "other-content"],  # signatures carry the time: no stable names
)
def test_a_forged_link_says_what_to_do(token):
    answer = Client().get(reverse("administration:invitation", args=[token]))

    assert answer.status_code == 410
    assert "pida que le envíen otra" in answer.content.decode()


def test_a_link_dies_with_the_address_the_account_or_the_next_invitation(them):
    person, _ = invite(them)
    first = invitations.token_for(person)

    verbs.renew_invitation(person, by=them.alicia)
    second = invitations.token_for(person)
    assert invitations.person_of(first) is None
    assert invitations.person_of(second) == person

    verbs.deactivate(person, by=them.alicia, reason="Error")
    assert invitations.person_of(second) is None


@pytest.mark.parametrize("password", ["corta", "password123456", "bogota2026oap"])
def test_a_weak_password_is_refused_by_the_page_and_by_the_verb(them, password):
    person, _ = invite(them)

    answer = Client().post(path(person), {"password": password, "again": password})

    assert answer.status_code == 422
    with pytest.raises(ValidationError):
        invitations.accept(invitations.token_for(person), password)


def test_both_boxes_must_say_the_same(them):
    person, _ = invite(them)

    answer = Client().post(path(person), {"password": PASSWORD, "again": PASSWORD + "x"})

    assert answer.status_code == 422
    assert not User.objects.get(pk=person.pk).has_usable_password()


def test_who_has_an_account_only_receives_the_role(them, admin, client):
    answer = client.post(
        reverse("administration:person-invite"),
        fields(them, email=them.oscar.email.upper(), full_name="Otro nombre"),
        follow=True,
    )

    them.oscar.refresh_from_db()
    assert "ya tenía cuenta" in answer.content.decode()
    assert them.oscar.full_name == "Óscar Extraño"
    assert Membership.objects.filter(user=them.oscar, unit=them.process).exists()
    assert mail.outbox == []


def test_a_mail_server_that_fails_does_not_undo_the_account(them, admin, client, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1

    answer = client.post(reverse("administration:person-invite"), fields(them), follow=True)

    assert "el correo no salió" in answer.content.decode()
    assert User.objects.filter(email="nubia@ejemplo.invalid").exists()


@pytest.mark.rule("AZ4")
def test_nobody_gives_a_role_to_themselves(them, admin, client):
    answer = client.post(
        reverse("administration:person-invite"), fields(them, email=them.alicia.email, role="jefe_oap")
    )

    assert answer.status_code == 422
    assert "Usted no puede darse roles" in answer.content.decode()
    assert Membership.objects.filter(user=them.alicia).count() == 1


def test_only_units_under_ones_care_can_be_chosen(them):
    sectorial = people.person("Sara Sectorial", Role.ADMINISTRADOR, them.sector)
    client = Client()
    client.force_login(people.with_second_factor(sectorial))

    answer = client.post(reverse("administration:person-invite"), fields(them, unit=them.other_entity.pk))

    assert answer.status_code == 422
    assert not User.objects.filter(email="nubia@ejemplo.invalid").exists()
    with pytest.raises(PermissionDenied):
        invite(them, by=sectorial, unit=them.other_entity)


@pytest.mark.rule("AZ9")
def test_fields_that_the_form_does_not_ask_for_are_ignored_and_logged(them, admin, client, caplog):
    client.post(reverse("administration:person-invite"), fields(them, is_superuser="on", is_active="", password="x"))

    nubia = User.objects.get(email="nubia@ejemplo.invalid")
    assert (nubia.is_superuser, nubia.is_active, nubia.has_usable_password()) == (False, True, False)
    assert "is_superuser" in caplog.text


def test_a_deactivated_account_is_not_invited_again(them):
    verbs.deactivate(them.luis, by=them.alicia, reason="Se fue")

    with pytest.raises(Refused, match="desactivada"):
        invite(them, email=them.luis.email, role=Role.EQUIPO)


def test_who_accepted_is_not_invited_again(them):
    them.luis.set_password(PASSWORD)
    them.luis.save()

    with pytest.raises(Refused, match="ya aceptó"):
        verbs.renew_invitation(them.luis, by=them.alicia)


def test_an_invitation_can_be_sent_again(them, admin, client):
    client.post(reverse("administration:person-invite"), fields(them))
    first = link()
    nubia = User.objects.get(email="nubia@ejemplo.invalid")

    client.post(reverse("administration:invitation-resend", args=[nubia.pk]))

    assert Client().get(first).status_code == 410
    assert Client().get(link()).status_code == 200
