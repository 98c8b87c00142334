"""The door: login, limits, reset, sessions, what stays on record (AU1 to AU5, AU10, AU11)."""

import re
from datetime import timedelta

import pytest
import time_machine
from allauth.usersessions.models import UserSession
from django.contrib.auth.hashers import MD5PasswordHasher
from django.contrib.sessions.models import Session
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from pes.models import AuditEvent, User
from tests import people

pytestmark = pytest.mark.django_db
PASSWORD = "montaña de papel azul"
LOGIN = "/cuenta/login/"


@pytest.fixture
def luis():
    them = people.cast()
    them.luis.set_password(PASSWORD)
    them.luis.save()
    return them.luis


def log_in(client, user, password=PASSWORD, **extra):
    return client.post(LOGIN, {"login": user.email, "password": password}, **extra)


def verbs() -> list[str]:
    return list(AuditEvent.objects.order_by("pk").values_list("verb", flat=True))


def test_a_person_comes_in_with_address_and_password(luis, client):
    answer = log_in(client, luis)

    assert answer.status_code == 302
    assert answer.url == reverse("pes:home")
    assert client.get(answer.url).status_code == 200
    assert AuditEvent.objects.get(verb="logged_in").actor == luis


def test_the_address_is_compared_without_case(luis, client):
    answer = client.post(LOGIN, {"login": luis.email.upper(), "password": PASSWORD})

    assert answer.status_code == 302


def test_nobody_registers_alone(client):
    page = client.get("/cuenta/signup/")
    client.post("/cuenta/signup/", {"email": "yo@ejemplo.invalid", "password1": PASSWORD})

    assert "por invitación" in page.content.decode()
    assert not User.objects.filter(email="yo@ejemplo.invalid").exists()


@pytest.mark.parametrize("page", ["/cuenta/email/", "/cuenta/confirm-email/", "/cuenta/confirm-email/x/"])
def test_nobody_changes_their_own_address(luis, client, page):
    client.force_login(luis)

    assert client.get(page).status_code == 404


@pytest.mark.rule("AU1")
def test_after_five_wrong_passwords_the_account_is_locked_for_that_person_only(luis, client):
    pilar = User.objects.get(full_name="Pilar Promotora")
    pilar.set_password(PASSWORD)
    pilar.save()
    for _ in range(5):
        log_in(client, luis, "equivocada")

    locked = log_in(client, luis)

    assert locked.status_code != 302
    assert "_auth_user_id" not in client.session
    assert verbs().count("login_failed") == 5
    assert log_in(Client(), pilar).status_code == 302


@pytest.mark.rule("AU1")
def test_the_lock_opens_after_half_an_hour(luis, client):
    for _ in range(5):
        log_in(client, luis, "equivocada")

    with time_machine.travel(timezone.now() + timedelta(minutes=31)):
        assert log_in(client, luis).status_code == 302


@pytest.mark.rule("LD3")
def test_too_many_requests_are_told_to_wait_on_a_page_of_the_site(luis, client, settings):
    settings.ACCOUNT_RATE_LIMITS = {"login": "1/m/ip"}
    log_in(client, luis, "equivocada")

    refused = log_in(client, luis)
    page = refused.content.decode()

    assert refused.status_code == 429
    assert "Espere un momento" in page
    assert 'class="site-head"' in page
    assert "Too Many Requests" not in page
    assert "_auth_user_id" not in client.session


@pytest.mark.rule("AU2")
def test_an_unknown_address_gets_the_same_answer_and_the_same_work(luis, client, monkeypatch):
    hashed = []
    encode = MD5PasswordHasher.encode
    monkeypatch.setattr(MD5PasswordHasher, "encode", lambda self, *a: hashed.append(1) or encode(self, *a))

    known = log_in(client, luis, "equivocada")
    for_known = len(hashed)
    unknown = client.post(LOGIN, {"login": "nadie@ejemplo.invalid", "password": "equivocada"})

    assert len(hashed) - for_known == for_known
    assert same_words(known, luis.email) == same_words(unknown, "nadie@ejemplo.invalid")


def same_words(response, address: str) -> str:
    text = re.sub(r'(csrfmiddlewaretoken" value=")\w+', r"\1", response.content.decode())
    return text.replace(address, "")


@pytest.mark.rule("AU2")
def test_one_address_cannot_try_a_thousand_names(client):
    answers = [client.post(LOGIN, {"login": f"n{i}@ejemplo.invalid", "password": "x"}) for i in range(102)]

    assert answers[0].content != answers[-1].content
    assert verbs().count("login_failed") == 100


@pytest.mark.rule("AU3")
def test_a_forged_address_does_not_escape_the_limit(client):
    for i in range(102):
        client.post(
            LOGIN, {"login": f"n{i}@ejemplo.invalid", "password": "x"}, headers={"X-Forwarded-For": f"10.0.0.{i}"}
        )

    assert verbs().count("login_failed") == 100


@pytest.mark.rule("AU4")
def test_the_session_key_changes_at_login(luis, client):
    client.get(LOGIN)
    session = client.session
    session["fijada"] = True
    session.save()
    fixed = session.session_key

    log_in(client, luis)

    assert client.session.session_key != fixed
    assert not Session.objects.filter(session_key=fixed).exists()


@pytest.mark.rule("AU4")
def test_the_session_key_changes_when_one_proves_again_who_one_is(luis, client):
    log_in(client, luis)
    before = client.session.session_key

    answer = client.post("/cuenta/reauthenticate/", {"password": PASSWORD})

    assert answer.status_code == 302
    assert client.session.session_key != before
    assert client.get("/").status_code == 200


@pytest.mark.rule("AU5")
def test_a_changed_password_ends_every_other_session(luis, client):
    other = Client()
    log_in(other, luis)
    log_in(client, luis)

    client.post(
        "/cuenta/password/change/",
        {"oldpassword": PASSWORD, "password1": "otra montaña azul 7", "password2": "otra montaña azul 7"},
    )

    assert client.get("/").status_code == 200
    assert other.get("/").status_code == 302
    assert AuditEvent.objects.filter(verb="password_changed", actor=luis).exists()
    assert [m.subject for m in mail.outbox] == ["PES · Contraseña modificada"]


def ask_for_reset(luis, client) -> str:
    client.post("/cuenta/password/reset/", {"email": luis.email})
    return re.search(r"https?://\S+", mail.outbox[-1].body).group()


def set_by(client, link: str, password: str):
    page = client.get(link, follow=True)
    return client.post(page.request["PATH_INFO"], {"password1": password, "password2": password})


@pytest.mark.rule("AU10")
def test_a_reset_link_serves_once_and_ends_the_sessions(luis, client):
    inside = Client()
    log_in(inside, luis)
    link = ask_for_reset(luis, client)

    set_by(client, link, "una frase nueva y larga")
    again = Client().get(link, follow=True)

    luis.refresh_from_db()
    assert luis.check_password("una frase nueva y larga")
    assert "ya no sirve" in again.content.decode()
    assert inside.get("/").status_code == 302
    assert UserSession.objects.filter(user=luis).count() == 0


@pytest.mark.rule("AU10")
def test_a_reset_link_dies_after_an_hour(luis, client):
    link = ask_for_reset(luis, client)

    with time_machine.travel(timezone.now() + timedelta(minutes=61)):
        assert "ya no sirve" in client.get(link, follow=True).content.decode()


@pytest.mark.rule("AU10")
def test_a_reset_link_dies_with_the_address_it_was_sent_to(luis, client):
    link = ask_for_reset(luis, client)
    User.objects.filter(pk=luis.pk).update(email="nuevo@ejemplo.invalid")

    assert "ya no sirve" in client.get(link, follow=True).content.decode()


@pytest.mark.rule("AU10")
def test_a_reset_link_never_follows_the_host_header(luis, client, settings):
    settings.PES_BASE_URL = "https://pes.ejemplo.gov.co"
    settings.ALLOWED_HOSTS = ["*"]

    client.post("/cuenta/password/reset/", {"email": luis.email}, headers={"Host": "malo.example"})

    assert "https://pes.ejemplo.gov.co/cuenta/password/reset/key/" in mail.outbox[-1].body
    assert "malo.example" not in mail.outbox[-1].body


def test_asking_for_an_unknown_address_tells_nothing(luis, client):
    known = client.post("/cuenta/password/reset/", {"email": luis.email})
    unknown = client.post("/cuenta/password/reset/", {"email": "nadie@ejemplo.invalid"})

    assert (known.status_code, known.url) == (unknown.status_code, unknown.url)


@pytest.mark.rule("AU11")
@pytest.mark.parametrize(
    "target", ["//evil.example", "https://evil.example/", "javascript:alert(1)", "/\\evil.example"]
)
def test_login_leads_only_to_our_own_pages(luis, client, target):
    answer = client.post(LOGIN, {"login": luis.email, "password": PASSWORD, "next": target})

    assert answer.url == reverse("pes:home")


def test_login_leads_back_to_the_page_that_was_asked_for(luis, client):
    asked = client.get("/segundo-factor/")

    answer = client.post(asked.url, {"login": luis.email, "password": PASSWORD, "next": "/segundo-factor/"})

    assert answer.url == "/segundo-factor/"


def test_one_logs_out_by_post_only(luis, client):
    client.force_login(luis)

    client.get("/cuenta/logout/")
    assert client.get("/").status_code == 200
    client.post("/cuenta/logout/")

    assert client.get("/").status_code == 302


@pytest.mark.rule("AU13")
@pytest.mark.parametrize("path", ["/demo/", "/demo/entrar/"])
def test_the_door_of_the_demonstration_exists_only_there(client, path):
    assert client.get(path).status_code in {404, 405}
    assert client.post(path).status_code in {404, 405}


@pytest.fixture
def demo(settings, luis):
    settings.PES_DEMO = True
    User.objects.filter(pk=luis.pk).update(email="luis@demo.invalid")
    return luis


def test_in_the_demonstration_one_enters_with_a_click(demo, client):
    page = client.get(LOGIN).content.decode()
    answer = client.post("/demo/entrar/", {"persona": demo.pk})

    assert demo.full_name in page
    assert answer.url == reverse("pes:home")
    assert client.get("/").status_code == 200
    assert AuditEvent.objects.get(verb="logged_in").after == {"method": "demo"}


def test_the_door_lets_in_nobody_who_is_not_of_the_demonstration(demo, client):
    root = User.objects.create_superuser("raiz@demo.invalid", full_name="Raíz")
    ana = User.objects.get(full_name="Ana Analista")

    answers = [client.post("/demo/entrar/", {"persona": pk}) for pk in (ana.pk, root.pk, "x", "²", "")]

    assert {answer.status_code for answer in answers} == {404}


def test_the_door_asks_for_the_csrf_token(demo):
    assert Client(enforce_csrf_checks=True).post("/demo/entrar/", {"persona": demo.pk}).status_code == 403


def test_the_door_leads_only_to_our_own_pages(demo, client):
    assert client.post("/demo/entrar/", {"persona": demo.pk, "next": "//evil.example"}).url == reverse("pes:home")
