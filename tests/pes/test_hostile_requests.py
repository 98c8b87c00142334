"""What strangers type into addresses, what the site says when it fails, and what its logs keep quiet."""

import json
import logging
import os
import subprocess
import sys

import pytest
from django.test import Client, RequestFactory

from pes import demo
from pes.asked import whole_number, words
from pes.checks import refuse_half_configured
from pes.logs import JsonFormatter
from pes.views.errors import server_error
from tests import people
from tests.evaluation.sector import sector
from tests.repository.tree import ROOT

LONG = "9" * 5000


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("who", "path", "expected"),
    [
        ("jorge", f"/sectores/gestion-publica/origen/?objetivo={LONG}", 404),
        ("jorge", "/sectores/gestion-publica/tablero/?corte=9999-99-99&vigencia=abc", 200),
        ("jorge", "/sectores/gestion-publica/tablero/?corte=0000-00-00", 200),
        ("jorge", f"/sectores/gestion-publica/informes/mensual/2022-03/?edicion={LONG}", 200),
        ("jorge", "/mediciones/99999999999999999999/", 404),
        ("jorge", f"/mediciones/{LONG}/", 404),
        ("jorge", "/sectores/gestion-publica/ponderacion/99999999999999999999/", 404),
        ("jorge", "/administracion/bitacora/?desde=0001-01-01&hasta=9999-12-31", 200),
        ("jorge", "/administracion/bitacora/?quien=" + "a+" * 1500, 200),
        ("jorge", f"/administracion/calendario/?anio={LONG}", 200),
        ("alicia", "/administracion/personas/?q=" + "a+" * 1500, 200),
        ("alicia", "/administracion/personas/99999999999999999999/", 404),
    ],
)
def test_nothing_typed_in_an_address_makes_a_page_fail(client, who, path, expected):
    client.force_login(people.with_second_factor(getattr(sector().them, who)))

    assert client.get(path).status_code == expected


def test_numbers_and_searches_are_read_up_to_a_length():
    assert [whole_number(text) for text in ("7", "0", "", "-1", "²", "9" * 9, "9" * 10)] == [7, 0, None, None, None, 999_999_999, None]  # fmt: skip
    assert words(" ana  pérez ") == ["ana", "pérez"]
    assert len(words("a " * 1500)) == 8


@pytest.mark.django_db
def test_the_door_of_the_demonstration_takes_any_way_back(client, settings):
    settings.PES_DEMO = True
    person = sector().them.ana
    person.email = f"ana{demo.DOMAIN}"
    person.save()

    answers = [
        client.post("/demo/entrar/", {"persona": pk, "next": "abc"}).status_code for pk in (LONG, str(person.pk))
    ]

    assert answers[0] == 404
    assert answers[1] != 500


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/", "/publico/", "/no-existe/", "/x%00y/", "/cuenta/login/"])
def test_every_answer_carries_the_policy_and_is_not_sniffed(client, path):
    answer = client.get(path)

    assert "default-src 'none'" in answer["Content-Security-Policy"]
    assert answer["X-Content-Type-Options"] == "nosniff"


@pytest.mark.django_db
def test_a_request_that_cannot_be_read_is_answered_in_spanish(client):
    answer = client.get("/publico/", headers={"Host": "mal_escrito"})

    assert answer.status_code == 400
    assert "No pudimos leer su solicitud" in answer.content.decode()


@pytest.mark.rule("DA9")
@pytest.mark.django_db
def test_an_unforeseen_error_gives_the_reference_that_the_log_keeps(monkeypatch, caplog):
    def fail(request):
        raise RuntimeError("secreto interno")

    monkeypatch.setattr("evaluation.views.portal.sectors", lambda: fail(None))
    answer = Client(raise_request_exception=False).get("/publico/")
    shown = answer.content.decode()
    records = [record for record in caplog.records if record.name == "django.request"]
    reference = json.loads(JsonFormatter().format(records[-1]))["reference"]

    assert answer.status_code == 500
    assert reference in shown
    assert "Algo falló de nuestro lado" in shown
    assert "secreto interno" not in shown
    assert "Content-Security-Policy" in answer


def test_each_error_has_its_own_reference():
    pages = [server_error(RequestFactory().get("/")).content for _ in range(2)]

    assert pages[0] != pages[1]


def test_the_page_of_an_error_needs_nothing_that_could_be_missing(monkeypatch):
    def fail(*args):
        raise ValueError("Missing staticfiles manifest entry")

    monkeypatch.setattr("pes.views.errors.render_to_string", fail)
    answer = server_error(RequestFactory().get("/"))

    assert answer.status_code == 500
    assert "dé esta referencia" in answer.content.decode()


@pytest.mark.rule("DA7")
@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("Key (email)=(ana.perez@ejemplo.gov.co) already exists", "Key (email)=([correo]) already exists"),
        ("GET /administracion/personas/?q=ana%40ejemplo.gov.co", "GET /administracion/personas/?q=[correo]"),
        ("Forbidden: /administracion/invitacion/WzEsIm:1x:y/", "Forbidden: /administracion/invitacion/[secreto]/"),
        ("GET /cuenta/password/reset/key/1-abc-def/ 302", "GET /cuenta/password/reset/key/[secreto]/ 302"),
        ("Not Found: /mediciones/7/", "Not Found: /mediciones/7/"),
    ],
)
def test_logs_keep_no_address_of_a_person_and_no_secret_of_a_link(said, kept):
    record = logging.LogRecord("x", logging.WARNING, "x", 1, "%s", (said,), None)

    assert json.loads(JsonFormatter().format(record))["message"] == kept


@pytest.mark.rule("AU13")
@pytest.mark.parametrize(
    ("module", "changes", "told"),
    [
        ("pes.settings", {"PES_ENV": "produccion"}, "escriba development o production"),
        ("pes.wsgi", {"PES_ENV": "production", "PES_DEMO": "1", "SECRET_KEY": "s3cr3to-" * 10}, "pes.E010"),
        ("pes.asgi", {"PES_ENV": "production", "SECRET_KEY": "s3cr3to-" * 10}, "pes.E005"),
    ],
)
def test_a_server_does_not_start_half_configured(module, changes, told):
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    answer = subprocess.run(
        [sys.executable, "-c", f"import {module}"],
        cwd=ROOT, env=kept | changes, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip

    assert answer.returncode != 0
    assert told in answer.stderr


def test_a_development_server_starts():
    refuse_half_configured()


@pytest.mark.django_db
def test_static_files_carry_the_policy_too(client):
    answer = client.head("/static/css/base.css")

    assert answer.status_code == 200
    assert "default-src 'none'" in answer["Content-Security-Policy"]
