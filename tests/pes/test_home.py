"""Mi trabajo: what waits for me, oldest first, and nothing else."""

from datetime import date

import pytest
from django.test import Client
from django.utils import timezone

from pes import registry
from pes.dates import countdown
from tests import people

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 21)


@pytest.fixture
def inbox(monkeypatch):
    """An inbox that only these tests fill."""
    items: list[dict] = []
    monkeypatch.setitem(registry._PROVIDERS, "inbox", [lambda user: items])
    return items


@pytest.fixture
def client():
    client = Client()
    client.force_login(people.cast().luis)
    return client


def item(title: str, **values) -> dict:
    return {"title": title, "detail": "", "url": "/", "due_on": None, "since": None, "kind": "prueba"} | values


def test_an_empty_inbox_says_what_will_come(inbox, client):
    page = client.get("/").content.decode()

    assert "No tiene nada pendiente" in page


def test_what_has_waited_longest_comes_first(inbox, client):
    inbox += [
        item("sin fechas"),
        item("de marzo", since=date(2026, 3, 1)),
        item("vence en enero", due_on=date(2026, 1, 15)),
        item("de febrero", since=date(2026, 2, 1), due_on=date(2026, 12, 31)),
    ]

    titles = [row["title"] for row in client.get("/").context["items"]]

    assert titles == ["vence en enero", "de febrero", "de marzo", "sin fechas"]


def test_each_thing_says_its_date_and_how_long_is_left(inbox, client):
    today = timezone.localdate()
    inbox.append(item("Medir <b>", detail="Indicador 321", due_on=today, since=date(2026, 4, 1)))

    page = client.get("/")

    assert page.context["items"][0]["countdown"] == "Vence hoy"
    assert "Medir &lt;b&gt;" in page.content.decode()
    assert "Desde el 1 de abril de 2026" in page.content.decode()


@pytest.mark.parametrize(
    ("due", "words"),
    [
        (date(2026, 11, 26), "Faltan 5 días"),
        (date(2026, 11, 22), "Falta 1 día"),
        (date(2026, 11, 21), "Vence hoy"),
        (date(2026, 11, 20), "Venció hace 1 día"),
        (date(2026, 11, 1), "Venció hace 20 días"),
    ],
)
def test_the_time_left_is_said_in_words(due, words):
    assert countdown(due, TODAY) == words


def test_the_home_page_only_reads(inbox, client):
    assert client.post("/").status_code == 405


def test_the_menu_marks_the_page_one_is_on(inbox, client):
    home = client.get("/").context["menu"]
    elsewhere = client.get("/segundo-factor/").context["menu"]

    assert [entry["label"] for entry in home if entry["current"]] == ["Mi trabajo"]
    assert not any(entry["current"] for entry in elsewhere)
