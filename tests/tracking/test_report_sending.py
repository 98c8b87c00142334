"""Sending a quarterly report: the question before it, the receipt, who may, and what the instant means."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime

import pytest
import time_machine
from django.test import Client

from plans.models import Side
from tests import report_makers
from tests.answers import page_of
from tests.tracking.report_world import ReportWorld, report_world
from tracking import delegations
from tracking.models import QuarterReport, ReportObservation, ReportObservationTurn, ReportVersion

pytestmark = pytest.mark.django_db
BEFORE = datetime(2022, 4, 19, 4, 58, tzinfo=UTC)  # 23:58 of the due date in Bogotá
AFTER = datetime(2022, 4, 19, 5, 1, tzinfo=UTC)


@pytest.fixture
def ours() -> ReportWorld:
    return report_world(status="filling")


def words_of(answer) -> str:
    """The words of a page, tags out, blanks joined."""
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


def token_of(answer) -> str:
    """When the question was asked, as its page says it."""
    return re.search(r'name="began" value="([^"]+)"', answer.content.decode())[1]


def sent(report: QuarterReport) -> QuarterReport:
    return QuarterReport.objects.get(pk=report.pk)


@pytest.mark.rule("WF1", "WF14", "PG-R4")
def test_a_report_is_sent_once_with_a_receipt(ours: ReportWorld) -> None:
    address = ours.report.url("report-submit")
    with time_machine.travel(BEFORE, tick=False):
        luis = page_of(ours.them.luis)
        asked = luis.get(address)
        first = luis.post(address, {"began": token_of(asked)}, follow=True)
        second = luis.post(address, {}, follow=True)

    version = ReportVersion.objects.get(report=ours.report)
    assert "Vence hoy, 18 de abril de 2022, a la medianoche" in words_of(asked)
    assert "3 de 3 metas completas" in words_of(asked)
    assert "Además, 1 meta por reportar de áreas centrales" in words_of(asked)
    assert f"Reporte enviado el 18 de abril de 2022, 23:58: versión 1, huella {version.digest[:12]}…" in words_of(first)
    assert "Usted ya lo hizo el 18 de abril de 2022, 23:58: el reporte está en estado «Enviado»." in words_of(second)
    for answer in (first, second):  # the same receipt both times
        assert "Enviado el 18 de abril de 2022, 23:58 por Luis Líder · Dentro del plazo · versión 1" in words_of(answer)
        assert version.digest in answer.content.decode()
    assert sent(ours.report).is_late is False


@pytest.mark.rule("WF16", "WF14", "SM-2")
def test_a_sending_that_crosses_the_deadline_is_late_and_says_both_instants(ours: ReportWorld) -> None:
    address = ours.report.url("report-submit")
    with time_machine.travel(BEFORE, tick=False):
        luis = page_of(ours.them.luis)
        token = token_of(luis.get(address))
    with time_machine.travel(AFTER, tick=False):
        asked = luis.get(address)
        answer = luis.post(address, {"began": token}, follow=True)

    assert "Este envío queda como extemporáneo" in words_of(asked)
    assert (
        "Usted empezó a enviarlo el 18 de abril de 2022, 23:58, dentro del plazo, pero la solicitud llegó completa el "
        "19 de abril de 2022, 00:01. El plazo terminó el 18 de abril de 2022 a la medianoche de Bogotá: queda como "
        "extemporáneo."
    ) in words_of(answer)
    assert sent(ours.report).is_late is True


@pytest.mark.rule("WF14")
def test_a_late_sending_tells_the_term_and_a_forged_beginning_changes_nothing(ours: ReportWorld) -> None:
    with time_machine.travel(AFTER, tick=False):
        answer = page_of(ours.them.luis).post(ours.report.url("report-submit"), {"began": "2022-04-01"}, follow=True)

    text = "El plazo terminó el 18 de abril de 2022 a la medianoche de Bogotá y la solicitud llegó completa el 19 de"
    assert text in words_of(answer)
    assert "Usted empezó" not in words_of(answer)


@pytest.mark.rule("PG-R4", "AZ5", "AZ1", "AZ2")
def test_who_does_not_answer_for_the_plan_does_not_send_it(ours: ReportWorld) -> None:
    them, address = ours.them, ours.report.url("report-submit")

    for person, status in ((them.pilar, 403), (them.ana, 403), (them.jorge, 403), (them.diana, 403), (them.oscar, 404)):
        browser = page_of(person)
        assert browser.get(address).status_code == browser.post(address).status_code == status
    assert sent(ours.report).status == "filling"


@pytest.mark.rule("PG-R1", "PG-R2", "PG-R3", "WF4")
def test_an_incomplete_report_is_refused_with_what_is_missing() -> None:
    ours = report_world()
    luis = page_of(ours.them.luis)

    asked = luis.get(ours.report.url("report-submit"))
    answer = luis.post(ours.report.url("report-submit"), follow=True)

    assert 'aria-disabled="true"' in asked.content.decode()
    assert "Meta 1: Falta el ejecutado de T1, programado en 25." in words_of(answer)
    assert sent(ours.report).status == "open"


@pytest.mark.rule("SM-2", "WF14")
def test_a_returned_report_is_sent_again_once_its_observations_have_an_answer() -> None:
    ours = report_world(status="returned")
    luis = page_of(ours.them.luis)
    page = luis.get(ours.report.get_absolute_url())
    refused = luis.post(ours.report.url("report-submit"), follow=True)

    thread = ReportObservation.objects.get(report=ours.report)
    now = report_makers.opened_on(2022, 1, days=6)
    ReportObservationTurn.objects.create(
        observation=thread, side=Side.TEAM, text="Precisado.", by=ours.them.luis, at=now
    )
    answer = luis.post(ours.report.url("report-submit"), follow=True)

    assert "Falta precisar el análisis." in words_of(page)
    assert "Enviar otra vez a la OAP" in words_of(page)
    assert "Hay 1 observación sin respuesta. Respóndalas y vuelva a enviar." in words_of(refused)
    assert "versión 2" in words_of(answer)
    assert (sent(ours.report).status, sent(ours.report).is_late) == ("submitted", False)


@pytest.mark.rule("AZ6", "AZ7", "PG-R4")
def test_a_delegate_sends_until_midnight_of_the_last_day_and_not_after(ours: ReportWorld) -> None:
    given = {"starts_on": date(2022, 4, 1), "ends_on": date(2022, 4, 18), "document": "Memorando 12"}
    address = ours.report.url("report-submit")
    with time_machine.travel(BEFORE, tick=False):
        delegations.delegate(ours.them.process, email=ours.them.pilar.email, by=ours.them.luis, **given)
        pilar: Client = page_of(ours.them.pilar)
        asked = pilar.get(address)
    with time_machine.travel(datetime(2022, 4, 19, 5, tzinfo=UTC), tick=False):
        too_late = pilar.post(address, {"began": token_of(asked)})
        assert sent(ours.report).status == "filling"
    with time_machine.travel(BEFORE, tick=False):
        in_time = pilar.post(address, {"began": token_of(asked)})

    assert (asked.status_code, too_late.status_code, in_time.status_code) == (200, 403, 302)
    assert sent(ours.report).submitted_by == ours.them.pilar
