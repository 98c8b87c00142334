"""The pages of a close: before, while and after it is consolidated; what is public of it (AZ12, AZ13, PG-PUB)."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, date, datetime
from html import unescape

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from evaluation.closing_work import to_consolidate
from evaluation.models import CommitteeRecord, QuarterClose, QuarterPublication
from evaluation.quarter_publications import publish_close
from pes.models import UnitKind
from pes.rules.problems import Refused
from tests import make, people
from tests.answers import codes, page_of
from tests.evaluation.quarters import AFTER_TERM, closed, opened, plan, reported, reported_late
from tests.report_makers import opened_on
from tracking import lifecycle
from tracking.models import QuarterReport

pytestmark = pytest.mark.django_db

CLOSE = "/cierres/secretaria-general/2022/1/central/"
PUBLIC = "/publico/resultados/secretaria-general/2022/1/central/"


@pytest.fixture(autouse=True)
def in_april():
    with time_machine.travel(AFTER_TERM, tick=False):
        yield


@pytest.fixture
def them():
    return people.cast()


@pytest.fixture
def level(them):
    """Three plans: one better than the other, one that never reported."""
    plans = [
        plan(them, code, name=name) for code, name in (("P-01", "Atención"), ("P-02", "Compras"), ("P-03", "Datos"))
    ]
    reported(plans[0], 100)
    reported(plans[1], 80)
    return plans


def read(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, (path, answer.status_code)
    return unescape(answer.content.decode()).replace("\xa0", " ")


@pytest.mark.rule("REP-04", "PT-17")
def test_before_consolidating_the_page_names_who_is_missing(them, level):
    text = read(page_of(them.ana), CLOSE)

    assert "2 de 3" in text
    assert "Sin reporte validado, y calificados según PT-17: Datos" in text
    assert "¿Consolidar el trimestre?" in text


@pytest.mark.rule("SM-2")
def test_an_analyst_consolidates_from_the_page_and_sees_the_places(them, level):
    client = page_of(them.ana)

    answer = client.post(f"{CLOSE}consolidar/", {"reason": ""})
    make.run_jobs()

    job = client.get(answer.url).content.decode()
    assert "3 planes, 3 metas" in job
    text = read(client, CLOSE)
    assert text.index("Atención") < text.index("Compras") < text.index("Datos")
    assert "80,00 %" in text
    assert "La huella corresponde" in read(client, f"{CLOSE}?comprobar=1")


@pytest.mark.rule("AZ2", "AZ4")
def test_who_may_not_consolidate_is_told_and_strangers_find_nothing(them, level):
    page = read(page_of(them.diana), CLOSE)

    assert "Consolida la oficina asesora de planeación." in page
    assert page_of(them.olga).post(f"{CLOSE}consolidar/").status_code == 403
    assert page_of(them.oscar).get(CLOSE).status_code == 404
    jorge = page_of(them.jorge)
    for path in (
        f"/cierres/secretaria-general/{place}/" for place in ("2022/7/central", "9999/4/local", "0000/1/central")
    ):
        assert jorge.get(path).status_code == 404
    for path in (
        f"{PUBLIC}?corrida=9999999999",
        "/publico/resultados/secretaria-general/2022/99999999999999999999/central/",
    ):
        assert Client().get(path).status_code == 404


@pytest.mark.rule("AZ12", "PG-PUB")
def test_only_published_runs_are_public(them, level):
    close = closed(them.head, by=them.ana)
    anonymous = Client()
    assert anonymous.get(PUBLIC).status_code == 404
    assert "Atención" not in read(anonymous, "/publico/resultados/")

    page_of(them.jorge).post(f"{CLOSE}publicar/", {"run": 1, "note": ""})

    text = read(anonymous, PUBLIC)
    assert "80,00 %" in text
    assert not [name for name in ("Ana Analista", "Jorge Jefe", "Quien lidera") if name in text]
    assert "Primer trimestre de 2022" in read(anonymous, "/publico/resultados/")
    assert "Avance del plan" in read(anonymous, "/publico/resultados/planes/P-02/2022/")
    statuses = dict(QuarterReport.objects.values_list("plan__unit__code", "status"))
    assert statuses == {"P-01": "published", "P-02": "published", "P-03": "open"}
    assert QuarterPublication.objects.get().close == close


@pytest.mark.rule("AZ13")
def test_a_correction_is_said_and_the_corrected_run_stays_labelled(them, level):
    first = closed(them.head, by=them.ana)
    publish_close(first, by=them.jorge)
    report = QuarterReport.objects.get(plan=level[1])
    lifecycle.reopen(report, reason="Cifra errada", by=them.jorge)
    report.entries.update(achieved=25)
    lifecycle.validate(report, by=them.ana)
    second = closed(them.head, by=them.ana, reason="Se corrigió la meta 1")
    with pytest.raises(Refused) as refused:
        publish_close(second, by=them.jorge)
    assert codes(refused) == ["note_missing"]

    publish_close(second, by=them.jorge, note="Se corrigió un error de digitación.")

    text = read(Client(), PUBLIC)
    assert "Se corrigió un error de digitación." in text
    assert "Corrida 1, sustituida" in text
    assert "La corrida 2 la corrigió" in read(Client(), f"{PUBLIC}?corrida=1")


@pytest.mark.rule("PG-PUB", "EX1")
def test_the_data_of_a_public_run_can_be_taken_away(them, level):
    publish_close(closed(them.head, by=them.ana), by=them.jorge)

    as_json = json.loads(Client().get(f"{PUBLIC}resultados.json").content)
    as_csv = list(csv.DictReader(io.StringIO(Client().get(f"{PUBLIC}resultados.csv").content.decode("utf-8-sig"))))

    assert [(row["unidad_codigo"], row["puesto"], row["puntaje"]) for row in as_json["resultados"]] == [
        ("P-01", 1, "100.00"),
        ("P-02", 2, "80.00"),
        ("P-03", 3, "0.00"),
    ]
    assert [row["puntaje"] for row in as_csv] == ["100.00", "80.00", "0.00"]
    assert Client().get(f"{PUBLIC}resultados.xlsx").status_code == 200
    assert Client().get(f"{PUBLIC}resultados.exe").status_code == 404


@pytest.mark.rule("SM-2")
def test_the_committee_receives_a_run_with_its_acta(them, level):
    close = closed(them.head, by=them.ana)

    page_of(them.ana).post(f"{CLOSE}comite/", {"run": 1, "act": "12 de 2022", "held_on": "2022-04-20"})

    record = CommitteeRecord.objects.get()
    assert (record.close, record.act) == (close, "12 de 2022")
    again = page_of(them.jorge).post(f"{CLOSE}comite/", {"run": 1, "act": "13 de 2022", "held_on": "2022-04-18"})
    assert again.status_code == 422
    assert "son del 20 de abril de 2022" in again.content.decode()  # nobody receives what was not made yet


@pytest.mark.rule("PG-PUB", "WF4")
def test_a_page_of_an_earlier_run_neither_publishes_nor_records_the_later_one(them, level):
    closed(them.head, by=them.ana)
    reported(plan(them, "P-09"), 90)
    closed(them.head, by=them.ana, reason="Llegó un reporte tardío")

    jorge = page_of(them.jorge)
    published = jorge.post(f"{CLOSE}publicar/", {"run": 1, "note": ""})
    received = page_of(them.ana).post(f"{CLOSE}comite/", {"run": 1, "act": "12 de 2022", "held_on": "2022-04-20"})

    assert [answer.status_code for answer in (published, received)] == [422, 422]
    assert "Hay una corrida posterior" in published.content.decode()
    assert not CommitteeRecord.objects.exists()
    assert jorge.post(f"{CLOSE}publicar/", {"run": 2, "note": ""}).status_code == 302


@pytest.mark.rule("LD4")
def test_the_pages_ask_the_same_whatever_the_number_of_plans(them, level):
    publish_close(closed(them.head, by=them.ana), by=them.jorge)
    few = counted(them)
    for number in range(4, 10):
        opened(plan(them, f"P-0{number}"))
    reported(plan(them, "P-10"), 90)
    closed(them.head, by=them.ana, reason="Llegó un reporte tardío")

    assert counted(them) == few


def counted(them) -> dict[str, int]:
    """Queries of each page, by its path."""
    found = {}
    reader = page_of(people.person(f"Directivo {QuarterClose.objects.count()}", "directivo", them.sector))
    for path in (CLOSE, "/cierres/", "/ranking/"):
        reader.get(path)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            read(reader, path)
        found[path] = len(queries)
    for path in (PUBLIC, "/publico/resultados/", "/publico/resultados/planes/P-01/2022/"):
        with CaptureQueriesContext(connection) as queries:
            read(Client(), path)
        found[path] = len(queries)
    return found


def test_levels_are_told_apart(them, level):
    local = plan(them, "AL-09", kind=UnitKind.ALCALDIA_LOCAL, name="Alcaldía Local de Suba")
    reported(local, 100)
    closed(them.head, by=them.ana)
    closed(them.head, by=them.ana, level="local")

    client = page_of(them.diana)

    assert "Alcaldía Local de Suba" not in read(client, "/ranking/?nivel=central")
    assert "Alcaldía Local de Suba" in read(client, "/ranking/?nivel=local")


@pytest.mark.rule("REP-04", "PT-17")
def test_a_close_that_a_passed_extension_left_outdated_is_announced(them, level):
    end = date(2022, 4, 25)
    lifecycle.extend(level[2].reports.get(), to=end, reason="Fallas", by=them.jorge, now=opened_on(2022, 1))
    closed(them.head, by=them.ana)
    before = list(to_consolidate(them.ana, end))

    with time_machine.travel(datetime(2022, 4, 26, 17, tzinfo=UTC), tick=False):
        (work,) = to_consolidate(them.ana, date(2022, 4, 26))
        listed = read(page_of(them.ana), "/cierres/")

    assert before == []
    assert (work.run, work.since) == (2, date(2022, 4, 26))
    assert "venció una prórroga. Sería la corrida 2" in work.detail
    assert "Desactualizado: otra corrida" in listed


@pytest.mark.rule("REP-04", "SM-2")
def test_a_close_is_announced_when_an_earlier_quarter_is_closed_again(them, level):
    closed(them.head, by=them.ana)
    reported(level[0], 100, quarter=2)
    closed(them.head, by=them.ana, quarter=2, now=datetime(2022, 7, 20, 17, tzinfo=UTC))
    reported_late(level[2], 80)
    closed(them.head, by=them.ana, reason="Llegó uno", now=datetime(2022, 7, 21, 17, tzinfo=UTC))

    with time_machine.travel(datetime(2022, 7, 22, 17, tzinfo=UTC), tick=False):
        (work,) = to_consolidate(them.ana, date(2022, 7, 22))
        listed = read(page_of(them.ana), "/cierres/")

    assert (work.quarter, work.run, work.since) == (2, 2, date(2022, 7, 21))
    assert listed.count("Desactualizado: otra corrida") == 1


@pytest.mark.rule("WF18", "PG-PUB")
def test_a_close_says_that_a_report_was_reopened_and_is_published_all_the_same(them, level):
    close = closed(them.head, by=them.ana)
    lifecycle.reopen(QuarterReport.objects.get(plan=level[1]), reason="Cifra errada", by=them.jorge)

    text = read(page_of(them.jorge), CLOSE)
    publish_close(close, by=them.jorge)

    assert "Con el reporte reabierto y en revisión: Compras." in text
    assert "¿Publicar esta corrida?" in text
    assert QuarterPublication.objects.filter(close=close).exists()
