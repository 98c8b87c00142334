"""The page of a quarterly report: what each person sees in it, and saving a goal with its button."""

from __future__ import annotations

import logging
import re
from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from pes.models import AuditEvent
from plans.models import Goal, QuarterTarget
from plans.rules.goals import GoalStatus
from tests import report_makers
from tests.answers import page_of
from tests.tracking.report_world import AMOUNT, CENTRAL, IDLE, LEVEL, TERMS, ReportWorld, report_world, row_of, typed
from tracking import lifecycle
from tracking.corrections import correct
from tracking.filling import EntryChange, supply_entries
from tracking.models import GoalNarrative, GoalReport, QuarterReport
from tracking.pages.report_term import due_words

pytestmark = pytest.mark.django_db


@pytest.fixture
def ours() -> ReportWorld:
    return report_world()


@pytest.fixture
def pilar(ours: ReportWorld) -> Client:
    return page_of(ours.them.pilar)


def text_of(client: Client, report: QuarterReport) -> str:
    """The words of the page, tags out, blanks joined."""
    answer = client.get(report.get_absolute_url())
    assert answer.status_code == 200
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split()).replace("\xa0", " ")


def save(client: Client, report: QuarterReport, number: int, **changes: str):
    return client.post(report.url("report-save"), typed(report, number, **changes))


@pytest.mark.rule("PG-R1", "PG-08", "PG-09h")
def test_goals_come_in_the_order_in_which_they_are_filled_in(ours: ReportWorld, pilar: Client) -> None:
    Goal.objects.filter(plan=ours.plan, number=AMOUNT).update(status=GoalStatus.ELIMINATED)

    page = pilar.get(ours.report.get_absolute_url()).content.decode()

    assert [int(number) for number in re.findall(r'id="meta-(\d+)" data', page)] == [
        TERMS,
        LEVEL,
        CENTRAL,
        IDLE,
        AMOUNT,
    ]
    assert len(re.findall("data-pes-report-form", page)) == 3  # neither the central area's nor the eliminated one


@pytest.mark.rule("PG-08")
def test_a_goal_of_a_central_area_is_read_and_says_by_whom_and_since_when(ours: ReportWorld, pilar: Client) -> None:
    assert "La suministra Gestión del Conocimiento. Aún no hay dato. El reporte se puede enviar sin él." in text_of(
        pilar, ours.report
    )

    change = EntryChange(CENTRAL, {"achieved": Decimal(25)})
    supply_entries(ours.report, ours.area, [change], by=ours.raul, now=report_makers.opened_on(2022, 1, 3))

    assert "Suministrado por Gestión del Conocimiento el 4 de abril de 2022, 12:00" in text_of(pilar, ours.report)


@pytest.mark.rule("AZ3", "PG-08")
def test_a_leader_does_not_write_a_goal_of_a_central_area(ours: ReportWorld) -> None:
    answer = save(page_of(ours.them.luis), ours.report, CENTRAL, achieved="25", analysis="Nuestro")

    row = row_of(ours.report, CENTRAL)
    assert answer.status_code == 403
    assert (row.achieved, row.narrative.analysis) == (None, "")


@pytest.mark.rule("AZ2")
def test_a_stranger_finds_nothing(ours: ReportWorld) -> None:
    oscar = page_of(ours.them.oscar)
    addresses = [ours.report.url(name) for name in ("report", "report-submit")] + [ours.report.url("report-save")]

    assert [oscar.get(addresses[0]).status_code, oscar.get(addresses[1]).status_code] == [404, 404]
    assert oscar.post(addresses[2], {"goal": "1"}).status_code == 404
    assert AuditEvent.objects.filter(verb="access_denied", actor=ours.them.oscar).count() == 3


@pytest.mark.rule("AZ10")
def test_a_goal_that_is_not_of_the_report_is_not_found(ours: ReportWorld, pilar: Client) -> None:
    for number in ("99", "0", "-1", "x", "", "1" * 30):
        assert pilar.post(ours.report.url("report-save"), {"goal": number, "achieved": "1"}).status_code == 404


@pytest.mark.rule("AZ9")
def test_what_the_form_does_not_ask_for_is_ignored_and_logged(ours: ReportWorld, pilar: Client, caplog) -> None:
    extra = {"status": "validated", "plan": "99", "supplied_at": "2022-01-01", "is_late": "0"}
    with caplog.at_level(logging.WARNING):
        answer = save(pilar, ours.report, AMOUNT, achieved="25", **extra)

    assert answer.status_code == 302
    assert report_makers.again(ours.report).status == "filling"
    assert row_of(ours.report, AMOUNT).supplied_at is None
    assert "is_late" in caplog.text


@pytest.mark.rule("PG-R1", "SM-2")
def test_a_goal_is_saved_with_its_button(ours: ReportWorld, pilar: Client) -> None:
    answer = save(pilar, ours.report, AMOUNT, achieved="20,5", analysis="Avanza.\r\nSin novedad.")

    row = row_of(ours.report, AMOUNT)
    assert answer.url == f"{ours.report.get_absolute_url()}#meta-1"
    assert (row.achieved, row.narrative.analysis) == (Decimal("20.5"), "Avanza.\nSin novedad.")
    assert AuditEvent.objects.filter(verb="entry_written", actor=ours.them.pilar).exists()


@pytest.mark.rule("IMP-06", "IM3")
def test_an_ambiguous_number_asks_and_the_words_are_kept(ours: ReportWorld, pilar: Client) -> None:
    answer = save(pilar, ours.report, AMOUNT, achieved="1.234", analysis="Avanza.")

    page, row = answer.content.decode(), row_of(ours.report, AMOUNT)
    assert answer.status_code == 422
    assert "Ejecutado</a>: «1.234» se puede leer como 1234 o como 1,234" in page  # its label once
    assert 'value="1.234"' in page
    assert (row.achieved, row.narrative.analysis) == (None, "Avanza.")


@pytest.mark.rule("PT-16b")
def test_the_executed_amount_comes_from_its_terms(ours: ReportWorld, pilar: Client) -> None:
    assert save(pilar, ours.report, TERMS, numerator="45").status_code == 302  # half a pair is a draft
    assert "Ejecutado – " in text_of(pilar, ours.report)

    save(pilar, ours.report, TERMS, numerator="45", denominator="60")

    row = row_of(ours.report, TERMS)
    assert (row.numerator, row.denominator, row.achieved) == (Decimal(45), Decimal(60), None)
    assert "Ejecutado 75 Resultado del trimestre 83,33 % " in text_of(pilar, ours.report)


@pytest.mark.rule("PT-16b", "PT-19")
def test_an_amount_that_contradicts_its_terms_names_both(ours: ReportWorld, pilar: Client) -> None:
    answer = save(pilar, ours.report, TERMS, numerator="45", denominator="60", achieved="80")

    assert answer.status_code == 422
    assert "El ejecutado es 80 y del numerador y el denominador resulta 75." in answer.content.decode()


@pytest.mark.rule("PG-R2", "PT-13", "PT-14", "PT-16", "WF20")
def test_what_must_be_explained_is_asked_with_the_sentence_of_its_rule(ours: ReportWorld) -> None:
    luis = page_of(ours.them.luis)
    cases = (
        (AMOUNT, {"achieved": "20"}, "El resultado de T1 es 80,00 % y faltan las causas del retraso."),
        (AMOUNT, {"achieved": "40"}, "El resultado es 160,00 %, más de 125,00 % de lo programado. Falta explicarlo."),
        (IDLE, {"achieved": "3"}, "Hay ejecución (3) sin programación. Falta explicarlo."),
        (TERMS, {"numerator": "0", "denominator": "0"}, "El denominador es 0, no hubo demanda en el trimestre."),
    )

    for number, typed_in, sentence in cases:
        before = text_of(luis, ours.report)
        assert save(luis, ours.report, number, **typed_in).status_code == 302
        assert (sentence in before, sentence in text_of(luis, ours.report)) == (False, True)


@pytest.mark.rule("PT-06", "PT-07", "PT-08", "PT-15")
def test_earlier_quarters_are_beside_and_add_up_and_a_level_that_goes_back_is_explained() -> None:
    first = report_world(status="submitted")
    second, pilar = report_makers.report(first.plan, 2), page_of(first.them.pilar)
    save(pilar, second, AMOUNT, achieved="20")
    save(pilar, second, LEVEL, achieved="64")

    page = text_of(pilar, second)

    assert "La meta es creciente y el nivel pasa de 66 a 64. Falta explicarlo." in page
    assert "Ejecución acumulada 45 Avance del año 45,00 % Cumplimiento a la fecha 90,00 %" in page
    assert "T1 25 25 100,00 % 25 25,00 %" in page


@pytest.mark.rule("PG-R4", "AZ5")
def test_who_may_not_send_is_told_who_may(ours: ReportWorld, pilar: Client) -> None:
    page = text_of(pilar, ours.report)

    assert "Enviar a la OAP" not in page
    assert "Lo envía Luis Líder." in page


@pytest.mark.rule("PG-R1", "PG-R2", "PG-R3")
def test_the_leader_sees_why_the_report_cannot_be_sent_yet(ours: ReportWorld) -> None:
    page = page_of(ours.them.luis).get(ours.report.get_absolute_url()).content.decode()

    assert 'aria-disabled="true"' in page
    assert 'href="#m1_achieved"' in page
    assert 'href="#m1_evidence"' in page
    assert 'id="m1_evidence"' in page
    assert ours.report.url("report-submit") not in page


@pytest.mark.rule("AZ18", "AZ11")
def test_who_only_reads_gets_no_box_and_no_comments(ours: ReportWorld) -> None:
    for reader in (ours.them.diana, ours.them.olga, ours.them.ana):
        page = page_of(reader).get(ours.report.get_absolute_url()).content.decode()

        assert "data-pes-report-form" not in page
        assert "Comentarios del equipo" not in page


@pytest.mark.rule("PG-08", "AZ11")
def test_a_central_area_reads_its_own_goals_only(ours: ReportWorld) -> None:
    page = page_of(ours.raul).get(ours.report.get_absolute_url()).content.decode()

    assert re.findall(r'id="meta-(\d+)" data', page) == [str(CENTRAL)]
    assert "metas completas" not in page


def test_a_report_that_was_sent_is_not_written() -> None:
    """WF18: the boxes are gone, and a page that was open is refused with the reason."""
    ours = report_world(status="submitted")
    pilar = page_of(ours.them.pilar)

    answer = save(pilar, ours.report, AMOUNT, achieved="1", analysis="Lo último que escribimos")

    said = answer.content.decode()
    assert answer.status_code == 422
    assert "El reporte está en estado «Enviado» y no se puede escribir." in said
    assert "Lo último que escribimos" in said  # nothing typed is lost
    assert row_of(ours.report, AMOUNT).achieved == 25


@pytest.mark.rule("WF19", "PG-R5")
def test_a_correction_of_the_oap_stands_beside_the_goal_with_both_values_and_its_reason() -> None:
    ours = report_world(status="in_review")
    correct(row_of(ours.report, AMOUNT), "achieved", Decimal(24), reason="El soporte dice 24", by=ours.them.ana)

    page = text_of(page_of(ours.them.luis), ours.report)

    assert "Ejecutado : decía 25 y dice 24 . El soporte dice 24 Ana Analista" in page


@pytest.mark.rule("CAL-01", "WF14")
@pytest.mark.parametrize(
    ("today", "words"),
    [
        (date(2022, 4, 15), "Vence el 18 de abril de 2022: faltan 3 días"),
        (date(2022, 4, 17), "Vence el 18 de abril de 2022: falta 1 día"),
        (date(2022, 4, 18), "Vence hoy, 18 de abril de 2022, a la medianoche"),
        (date(2022, 4, 20), "Venció el 18 de abril de 2022, hace 2 días: se envía como extemporáneo"),
    ],
    ids=["three_days", "tomorrow", "today", "late"],
)
def test_the_term_is_counted_down_in_words(today: date, words: str) -> None:
    report = QuarterReport(status="open", due_on=date(2022, 4, 18))

    assert due_words(report, today)[0] == words


@pytest.mark.rule("CAL-01")
def test_an_extension_says_who_gave_it_why_and_what_the_law_said(ours: ReportWorld, pilar: Client) -> None:
    noon = report_makers.opened_on(2022, 1, days=2)
    lifecycle.extend(ours.report, to=date(2022, 4, 22), reason="Falla del sistema", by=ours.them.jorge, now=noon)

    page = text_of(pilar, ours.report)

    assert "El vencimiento legal era el 18 de abril de 2022." in page
    assert "Prorrogado hasta el 22 de abril de 2022 por Jorge Jefe, el 3 de abril de 2022: Falla del sistema" in page


def test_the_list_tells_the_four_quarters_and_the_plan_leads_to_it(ours: ReportWorld, pilar: Client) -> None:
    plan_page = pilar.get(ours.plan.get_absolute_url()).content.decode()
    listed = pilar.get("/planes/PLE-PIN/2022/trimestres/")

    assert "/planes/PLE-PIN/2022/trimestres/" in plan_page
    assert listed.content.decode().count('<th scope="row">') == 4
    assert ours.report.get_absolute_url() in listed.content.decode()


@pytest.mark.rule("WF20", "PT-12")
def test_nothing_that_is_typed_breaks_the_page(ours: ReportWorld, pilar: Client) -> None:
    address, number = ours.report.url("report-save"), TERMS
    for text in ["0", "-1", "-0", "1e400", "NaN", "∞", "9" * 61, "1,2,3", "½", "'; --", "100 %", "0,00001", "\u202e5"]:
        data = typed(ours.report, number, achieved=text, denominator=text, analysis=text)
        answer = pilar.post(address, data, headers={"Accept": "application/json"})
        assert answer.status_code in {200, 422}
    assert pilar.get(ours.report.get_absolute_url()).status_code == 200


@pytest.mark.rule("LD4")
def test_a_page_asks_the_same_of_the_database_with_20_and_with_200_goals(ours: ReportWorld, pilar: Client) -> None:
    _grow(ours, 20)
    pilar.get(ours.report.get_absolute_url())  # the first page of a session writes the session
    with CaptureQueriesContext(connection) as few:
        assert pilar.get(ours.report.get_absolute_url()).content.decode().count("data-pes-report-form") == 19
    _grow(ours, 200)
    with CaptureQueriesContext(connection) as many:
        assert pilar.get(ours.report.get_absolute_url()).content.decode().count("data-pes-report-form") == 199

    assert len(few) == len(many)


def _grow(ours: ReportWorld, count: int) -> None:
    """Copies of the first goal with its row, until the plan has so many."""
    model = ours.plan.goals.get(number=AMOUNT)
    first = ours.plan.goals.count() + 1
    fields = {
        field.attname: getattr(model, field.attname)
        for field in Goal._meta.concrete_fields
        if field.name not in {"id", "number", "position"}
    }
    goals = Goal.objects.bulk_create(Goal(**fields, number=n, position=n) for n in range(first, count + 1))
    QuarterTarget.objects.bulk_create(
        QuarterTarget(goal=goal, quarter=quarter, programmed=25) for goal in goals for quarter in (1, 2, 3, 4)
    )
    rows = GoalReport.objects.bulk_create(GoalReport(report=ours.report, goal=goal, quarter=1) for goal in goals)
    GoalNarrative.objects.bulk_create(GoalNarrative(entry=row) for row in rows)
