"""The ageing board: everything that waits, with whom and since when, the oldest first; filtered, exported, scoped."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from io import BytesIO

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from evaluation.ageing import everything_stuck
from evaluation.quarter_publications import publish_close
from pes.models import UnitKind, User
from pes.permissions import Role
from plans.models import ChangeRequest
from plans.rules.changes import ChangeKind
from tests import people, plan_makers, report_makers
from tests.answers import page_of
from tests.evaluation.quarters import AFTER_TERM, closed, plan
from tests.once import once
from tracking import lifecycle
from tracking.inbox import report_items
from tracking.models import QuarterReport

pytestmark = pytest.mark.django_db
BOARD = "/tablero-de-espera/"
TODAY = date(2022, 4, 20)


@pytest.fixture(scope="module")
def world_of_module(django_db_setup, django_db_blocker) -> Iterator[people.Cast]:
    yield from once(everything_waits, django_db_blocker, AFTER_TERM)


@pytest.fixture
def stuck(world_of_module, db, settings) -> Iterator[people.Cast]:
    settings.PES_DEMO = True
    with time_machine.travel(AFTER_TERM, tick=False):
        yield world_of_module


def everything_waits() -> people.Cast:
    """A plan in draft, reports at every stage, goals of a central area, and a quarter whose term has passed."""
    them = people.cast()
    area = people.unit("OTI", UnitKind.OFFICE, them.head, "Oficina de Tecnologías")
    people.person("Carla Central", Role.AREA_CENTRAL, area)
    opened = plan_makers.management_plan(unit=them.process, by=them.luis, goals=[{}, {"central_area": area.code}])
    report_makers.report(opened)
    for number, status in enumerate(("returned", "submitted", "in_review", "validated"), start=1):
        report_makers.report(plan(them, f"GCO-0{number}", name=f"Proceso {number}"), status=status)
    plan_makers.management_plan(unit=them.alcaldia, by=them.marta, status="draft")
    return them


def lines(user: User) -> list[tuple[str, str, str]]:
    return [(one.code, one.what, one.who) for one in everything_stuck(user, TODAY)]


def test_each_thing_says_what_it_waits_for_and_who_must_act(stuck) -> None:
    found = {(code, what): who for code, what, who in lines(stuck.jorge)}

    assert found == {
        ("AL-01", "Formular y enviar el plan de gestión"): "Marta Alcaldesa, Quien lidera",
        ("PLE-PIN", "Diligenciar y enviar el reporte de T1"): "Luis Líder, Quien lidera",
        ("OTI", "Reportar sus metas de T1 en 1 plan"): "Oficina de Tecnologías",
        ("GCO-01", "Responder y reenviar el reporte de T1"): "Quien lidera",
        ("GCO-02", "Revisar el reporte de T1"): "Oficina asesora de planeación",
        ("GCO-03", "Terminar de revisar el reporte de T1"): "Ana Analista",
        (
            "secretaria-general",
            "Consolidar T1 de 2022, procesos centrales. 1 de 5 reportes validados.",
        ): "Oficina asesora de planeación",
    }


def test_the_oldest_comes_first_and_what_is_overdue_is_said(stuck) -> None:
    page = page_of(stuck.jorge).get(BOARD)
    board = page.context["board"]

    since = [one.since for one in everything_stuck(stuck.jorge, TODAY)]
    assert since == sorted(since)
    assert (board.total, board.overdue) == ("7", "2")
    assert "Venció hace 2 días" in page.content.decode()
    assert {group["label"]: group["count"] for group in board.groups} == {
        "Planes de gestión": "1",
        "Solicitudes de cambio": "0",
        "Consultas ciudadanas": "0",
        "Reportes trimestrales": "4",
        "Metas de áreas centrales": "1",
        "Consolidación y publicación": "1",
    }


def test_the_filter_and_the_workbook_have_the_same_rows(stuck) -> None:
    jorge = page_of(stuck.jorge)
    for query, count in (("?etapa=reportes", 4), ("?etapa=reportes&solo=vencidos", 1), ("?etapa=otra", 7)):
        shown = [row["what"] for row in jorge.get(BOARD + query).context["board"].rows]
        answer = jorge.get(f"{BOARD}tabla.xlsx{query}")
        rows = list(load_workbook(BytesIO(answer.content)).active.iter_rows(values_only=True))
        head = next(at for at, row in enumerate(rows) if row[0] == "Código")
        assert len(shown) == count
        assert [row[4] for row in rows[head + 1 :]] == shown


@pytest.mark.rule("AZ1")
def test_every_line_leads_where_the_oap_may_look(stuck) -> None:
    jorge = page_of(stuck.jorge)

    assert {jorge.get(one.url).status_code for one in everything_stuck(stuck.jorge, TODAY)} == {200}


def test_a_request_for_a_change_waits_for_the_oap(stuck) -> None:
    goal = stuck.process.management_plans.get().goals.get(number=1)
    request = ChangeRequest.objects.create(
        goal=goal, kind=ChangeKind.MODIFY, status="filed", made_by=stuck.luis, made_at=AFTER_TERM,
        filed_by=stuck.luis, filed_at=AFTER_TERM, justification="Cambió la norma", memo="M-1",
    )  # fmt: skip

    said = [(one.what, one.who) for one in everything_stuck(stuck.jorge, TODAY) if one.stage == "cambios"]
    assert said == [(f"Poner en estudio la solicitud {request.pk}: meta 1", "Oficina asesora de planeación")]


@pytest.mark.rule("PG-PUB")
def test_a_close_waits_to_be_published_and_then_for_the_committee(stuck) -> None:
    def of_closes() -> list[tuple[str, str]]:
        return [(one.what, one.who) for one in everything_stuck(stuck.jorge, TODAY) if one.stage == "cierres"]

    run = closed(stuck.head, by=stuck.jorge)
    waiting = "Publicar los resultados de T1 de 2022, procesos centrales. Corrida 1. Consolidado y sin publicar."
    assert of_closes() == [(waiting, "Planeación o comunicaciones")]

    publish_close(run, by=stuck.ana, now=AFTER_TERM)
    waiting = "Presentar al Comité los resultados de T1 de 2022, procesos centrales. Corrida 1. Publicado y sin acta del Comité."
    assert of_closes() == [(waiting, "Secretaría técnica del Comité")]


def test_board_and_inbox_say_the_same_of_a_report(stuck) -> None:
    """One state, one inbox: what the analyst has to do is on the board, at the same address."""
    mine = {item["url"] for item in report_items(stuck.ana)}
    board = {one.url for one in everything_stuck(stuck.jorge, TODAY) if one.stage == "reportes"}

    assert mine
    assert mine <= board


@pytest.mark.rule("WF18")
def test_a_reopened_report_says_so(stuck) -> None:
    report = QuarterReport.objects.get(plan__unit__code="GCO-04")
    lifecycle.reopen(report, reason="Cifra equivocada", by=stuck.jorge, now=AFTER_TERM)

    assert ("GCO-04", "Terminar de revisar el reporte de T1 (reabierto)", "Ana Analista") in lines(stuck.jorge)


@pytest.mark.rule("AZ11")
def test_nothing_of_another_sector_is_on_the_board(stuck) -> None:
    theirs = plan_makers.management_plan(unit=stuck.other_alcaldia, by=stuck.oscar)
    report_makers.report(theirs)

    assert "AL-02" not in {code for code, _, _ in lines(stuck.jorge)}


@pytest.mark.parametrize(
    ("name", "status"),
    [("jorge", 200), ("ana", 200), ("luis", 403), ("marta", 403), ("diana", 403), ("olga", 403), ("alicia", 403)],
)
def test_the_board_is_the_oaps(stuck, name, status) -> None:
    browser = page_of(getattr(stuck, name))

    assert [browser.get(url).status_code for url in (BOARD, f"{BOARD}tabla.xlsx")] == [status, status]
    assert Client().get(BOARD).status_code == 302


def test_the_way_to_the_board_is_on_mi_trabajo_of_the_oap(stuck) -> None:
    assert BOARD in page_of(stuck.jorge).get("/").content.decode()
    assert BOARD not in page_of(stuck.luis).get("/").content.decode()


@pytest.mark.rule("LD4")
def test_the_board_costs_the_same_with_more_of_everything(stuck) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert everything_stuck(stuck.jorge, TODAY)
        return len(queries)

    few = cost()
    for number in range(5, 8):
        report_makers.report(plan(stuck, f"GCO-0{number}", 3), status="submitted")
    assert cost() == few <= 12
