"""A report that saves itself: what the server answers to the page, and that nobody's work is overwritten."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from pes.models import AuditEvent, Membership
from pes.permissions import Role
from tests import people
from tests.answers import page_of
from tests.tracking.report_world import AMOUNT, TERMS, ReportWorld, report_world, row_of, typed
from tracking.filling import EntryChange, write_entries
from tracking.models import QuarterReport

pytestmark = pytest.mark.django_db


@pytest.fixture
def ours() -> ReportWorld:
    return report_world()


@pytest.fixture
def pilar(ours: ReportWorld) -> Client:
    return page_of(ours.them.pilar)


def send(client: Client, report: QuarterReport, data: dict[str, str]) -> Any:
    """As the page sends it: one form, and the answer as JSON."""
    return client.post(report.url("report-save"), data, headers={"Accept": "application/json"})


@pytest.mark.rule("PT-16b", "PT-07", "PT-08", "PT-18")
def test_the_answer_has_the_figures_that_the_rules_compute(ours: ReportWorld, pilar: Client) -> None:
    answer = send(pilar, ours.report, typed(ours.report, TERMS, numerator="45,50", denominator="60")).json()

    assert (answer["fields"]["numerator"], answer["fields"]["achieved"]) == ("45,5", "")
    assert answer["saved"].startswith("Guardado a las ")
    assert "<dd>75,8333</dd>" in answer["figures"]
    assert "84,26\xa0%" in answer["figures"]
    assert answer["figures"] in pilar.get(ours.report.get_absolute_url()).content.decode()


@pytest.mark.rule("PG-R1", "PG-R2", "PG-R3")
def test_the_answer_has_the_bar_and_what_is_now_asked(ours: ReportWorld, pilar: Client) -> None:
    answer = send(pilar, ours.report, typed(ours.report, AMOUNT, achieved="20", analysis="Avanza.")).json()

    assert "2 de 13 datos" in answer["bar"]
    assert 'href="#m1_delay_causes"' in answer["bar"]
    assert answer["asked"]["delay_causes"] == "El resultado de T1 es 80,00\xa0% y faltan las causas del retraso."
    assert answer["asked"]["analysis"] == ""  # asked, and there
    assert "Falta: análisis del acumulado, evidencias, causas del retraso" in answer["state"]


@pytest.mark.rule("WF3")
def test_a_stale_field_shows_both_texts_and_overwrites_nothing(ours: ReportWorld, pilar: Client) -> None:
    seen = typed(ours.report, AMOUNT)
    theirs = EntryChange(AMOUNT, {"analysis": "Lo de Luis", "achieved": Decimal(25)})
    write_entries(ours.report, [theirs], by=ours.them.luis)

    answer = send(pilar, ours.report, {**seen, "analysis": "Lo de Pilar", "accumulated_analysis": "Bien"})

    assert answer.status_code == 409
    assert answer.json()["conflicts"] == [
        {"field": "analysis", "label": "Análisis del trimestre", "theirs": "Lo de Luis", "yours": "Lo de Pilar"}
    ]
    row = row_of(ours.report, AMOUNT)
    assert (row.narrative.analysis, row.achieved) == ("Lo de Luis", 25)
    assert answer.json()["fields"]["achieved"] == "25"  # a box that was not touched takes what the other person wrote


@pytest.mark.rule("WF3")
def test_who_has_seen_the_other_text_may_put_theirs(ours: ReportWorld, pilar: Client) -> None:
    write_entries(ours.report, [EntryChange(AMOUNT, {"analysis": "Lo de Luis"})], by=ours.them.luis)
    data = typed(ours.report, AMOUNT, was_analysis="Lo de Luis", analysis="Lo de Pilar")

    assert send(pilar, ours.report, data).status_code == 200
    assert row_of(ours.report, AMOUNT).narrative.analysis == "Lo de Pilar"


@pytest.mark.rule("WF3")
def test_without_javascript_the_difference_is_on_the_page_and_saving_again_decides(
    ours: ReportWorld, pilar: Client
) -> None:
    seen = typed(ours.report, AMOUNT)
    write_entries(ours.report, [EntryChange(AMOUNT, {"achieved": Decimal(25)})], by=ours.them.luis)

    answer = pilar.post(ours.report.url("report-save"), {**seen, "achieved": "24"})

    page = answer.content.decode()
    assert answer.status_code == 409
    assert '<td data-label="Guardado ahora">25</td><td data-label="Lo que usted escribió">24</td>' in page
    assert 'name="was_achieved" value="25"' in page
    assert row_of(ours.report, AMOUNT).achieved == 25


def test_a_figure_that_does_not_fit_does_not_lose_the_words(ours: ReportWorld, pilar: Client) -> None:
    data = typed(ours.report, TERMS, numerator="45", denominator="60", achieved="80", analysis="Avanza.")

    answer = send(pilar, ours.report, data)

    assert answer.status_code == 422
    assert [error["field"] for error in answer.json()["errors"]] == ["achieved"]
    row = row_of(ours.report, TERMS)
    assert (row.numerator, row.narrative.analysis) == (None, "Avanza.")


@pytest.mark.rule("DA4")
def test_the_same_again_leaves_no_trace(ours: ReportWorld, pilar: Client) -> None:
    send(pilar, ours.report, typed(ours.report, AMOUNT, achieved="25"))
    written = AuditEvent.objects.filter(verb="entry_written").count()

    assert send(pilar, ours.report, typed(ours.report, AMOUNT, achieved="25,0")).status_code == 200
    assert send(pilar, ours.report, typed(ours.report, AMOUNT)).status_code == 200
    assert AuditEvent.objects.filter(verb="entry_written").count() == written == 1


@pytest.mark.rule("AU7")
def test_without_a_session_the_way_back_is_the_page_of_the_report(ours: ReportWorld) -> None:
    page = ours.report.get_absolute_url()
    headers = {"Accept": "application/json", "Referer": f"http://testserver{page}"}

    answer = Client().post(ours.report.url("report-save"), typed(ours.report, AMOUNT), headers=headers)

    assert answer.status_code == 302
    assert answer.url.endswith(f"next={page.replace('/', '%2F')}")


@pytest.mark.rule("AZ7", "AZ20")
def test_a_role_that_ended_since_the_page_was_read_writes_nothing(ours: ReportWorld, pilar: Client) -> None:
    assert pilar.get(ours.report.get_absolute_url()).status_code == 200
    people_also = Membership.grant(
        user=ours.them.pilar, unit=ours.them.alcaldia, role=Role.PROMOTOR, starts_on=people.SINCE, by=None
    )
    held = Membership.objects.exclude(pk=people_also.pk).get(user=ours.them.pilar)
    held.end(on=timezone.localdate() - timedelta(days=2), by=None, reason="Cambió de equipo")

    answer = send(pilar, ours.report, typed(ours.report, AMOUNT, achieved="25"))

    assert answer.status_code == 404
    assert row_of(ours.report, AMOUNT).achieved is None


@pytest.mark.rule("AZ1")
def test_who_reads_the_report_does_not_write_it(ours: ReportWorld) -> None:
    reader = people.person("Teresa Lectora", Role.DIRECTIVO, ours.them.process)
    Membership.grant(user=reader, unit=ours.them.alcaldia, role=Role.PROMOTOR, starts_on=people.SINCE, by=None)

    data = typed(ours.report, AMOUNT, achieved="25")

    assert send(page_of(ours.them.ana), ours.report, data).status_code == 403
    assert send(page_of(reader), ours.report, data).status_code == 403
    assert row_of(ours.report, AMOUNT).achieved is None


@pytest.mark.rule("PT-16b")
@pytest.mark.parametrize("name", ["numerator", "analysis"])
def test_what_no_database_keeps_is_told_at_its_field(ours: ReportWorld, pilar: Client, name: str) -> None:
    answer = send(pilar, ours.report, typed(ours.report, TERMS, **{name: "9\0"}))

    assert answer.status_code == 422
    assert [error["field"] for error in answer.json()["errors"]] == [name]
