"""Idle and old sessions, the way back to the form, health (AU6, AU7)."""

from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from pes.models import Job, User
from tests import people

pytestmark = pytest.mark.django_db


@pytest.fixture
def luis():
    return people.cast().luis


@pytest.mark.rule("AU7")
@pytest.mark.parametrize(("minutes", "expected"), [(29, 200), (31, 302)])
def test_a_session_ends_after_half_an_hour_without_use(luis, client, minutes, expected):
    client.force_login(luis)
    client.get("/")

    with time_machine.travel(timezone.now() + timedelta(minutes=minutes)):
        assert client.get("/").status_code == expected


@pytest.mark.rule("AU7")
def test_use_keeps_a_session_open_but_never_longer_than_twelve_hours(luis, client):
    client.force_login(luis)
    start = timezone.now()
    answers = []
    for quarter in range(50):
        with time_machine.travel(start + timedelta(minutes=15 * quarter)):
            answers.append(client.get("/").status_code)

    assert answers[:48] == [200] * 48
    assert answers[49] == 302


@pytest.mark.rule("AU7")
def test_a_form_sent_too_late_leads_to_login_and_back_to_the_page_of_the_form(luis, client):
    client.force_login(luis)
    client.get("/")

    with time_machine.travel(timezone.now() + timedelta(minutes=31)):
        answer = client.post(
            "/administracion/personas/7/desactivar/",
            {"reason": "x"},
            headers={"Referer": "http://testserver/administracion/personas/7/?a=1"},
        )

    assert answer.url == "/cuenta/login/?next=%2Fadministracion%2Fpersonas%2F7%2F%3Fa%3D1&motivo=inactividad"


@pytest.mark.rule("AU11")
def test_the_way_back_is_never_somebody_elses_page(client):
    answer = client.post("/administracion/personas/7/desactivar/", headers={"Referer": "https://evil.example/x"})

    assert answer.url == "/cuenta/login/?next=%2F"


def test_a_page_asked_for_without_session_is_where_login_leads(client):
    assert client.get("/administracion/?x=1").url == "/cuenta/login/?next=%2Fadministracion%2F%3Fx%3D1"


def test_a_fragment_asked_for_without_session_sends_the_whole_page_to_login(client):
    answer = client.get(
        "/trabajos/1/", headers={"HX-Request": "true", "HX-Current-URL": "http://testserver/trabajos/1/"}
    )

    assert answer.status_code == 204
    assert answer.headers["HX-Redirect"] == "/cuenta/login/?next=%2Ftrabajos%2F1%2F"


def test_the_login_page_says_that_the_session_ended_by_itself(client):
    assert "se cerró por seguridad" in client.get("/cuenta/login/?motivo=inactividad").content.decode()


@pytest.mark.rule("AU6")
def test_a_deactivated_person_is_sent_to_login_at_the_next_request(luis, client):
    client.force_login(luis)
    assert client.get("/").status_code == 200

    User.objects.filter(pk=luis.pk).update(is_active=False)

    assert client.get("/").url == "/cuenta/login/?next=%2F"


def test_health_answers_before_anything_else(client, settings):
    settings.ALLOWED_HOSTS = []
    settings.SECURE_SSL_REDIRECT = True

    answer = client.get("/salud/", headers={"Host": "lo.que.sea"})

    assert (answer.status_code, answer.content) == (200, b"bien")


def test_health_says_when_the_database_does_not_answer(client, monkeypatch):
    def broken():
        raise OSError("caída")

    monkeypatch.setattr(connection, "cursor", broken)

    assert client.get("/salud/").status_code == 503


@pytest.mark.rule("JB9", "JB10")
def test_health_of_the_jobs_says_when_nobody_takes_them(client):
    """JB9: workers that are frozen raise no alarm themselves."""
    now = timezone.now()
    job = Job.objects.create(kind="x", key="x", queue_key="x", run_after=now)
    assert client.get("/salud/trabajos/").status_code == 200

    Job.objects.filter(pk=job.pk).update(run_after=now - timedelta(minutes=11))

    answer = client.get("/salud/trabajos/")
    assert (answer.status_code, answer.content.decode()) == (503, "1 trabajo(s) esperan más de diez minutos")


@pytest.mark.parametrize(
    "address", ["/cuenta/login/?next=%00", "/administracion/bitacora/?verbo=a%00b", "/sectores/%00/tablero/"]
)
def test_an_address_that_no_database_can_hold_is_refused(client, address):
    assert client.get(address).status_code == 400


def test_pages_of_ours_carry_a_strict_policy(client):
    policy = client.get("/cuenta/login/").headers["Content-Security-Policy"]

    assert "unsafe" not in policy
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy


def test_an_address_that_only_takes_forms_says_so_to_who_opens_it(client):
    client.force_login(people.with_second_factor(people.cast().alicia))
    answer = client.get(reverse("administration:day-new"))

    assert (answer.status_code, answer["Allow"]) == (405, "POST")
    assert "Aquí solo se reciben formularios" in answer.content.decode()
