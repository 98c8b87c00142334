"""The agenda of the evaluation and gate G6: a report is told of by a meeting with closed minutes, once it is public."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

import pytest
from django.utils import timezone

from evaluation.gate_facts import gate_facts
from evaluation.improvement.agenda_page import SlotRow, agenda_blocks
from evaluation.models import IssuedReport, ReportPublication
from pes.meetings.pages import gate_rows
from pes.models import TechnicalWorkshop
from pes.rules.technical_workshops import MeetingPurpose, MeetingStatus
from tests.answers import page_of
from tests.evaluation.sector import Sector, sector

pytestmark = pytest.mark.django_db


@pytest.mark.rule("REP-02")
def test_the_agenda_knows_the_published_report_and_the_meeting_that_told_of_it():
    it = sector()
    publish(it, "semiannual", "2022-S1", datetime(2022, 7, 21, 3, tzinfo=UTC))  # the evening of the 20th in Bogotá

    published = half_of(it)
    told_on(it, date(2022, 7, 19))
    too_soon = half_of(it)
    told_on(it, date(2022, 7, 20), MeetingStatus.HELD)
    unwritten = half_of(it)
    told_on(it, date(2022, 7, 20))
    told = half_of(it)

    assert (published.state, published.to_do_url) == ("Publicado, falta socializar", it.url("pes/2020/mesas/"))
    assert too_soon == unwritten == published
    assert published.days == "Publicado el 20 de julio de 2022"
    assert told.state == "Publicado y socializado"
    assert told.days == "Publicado el 20 de julio de 2022, socializado el 20 de julio de 2022"
    shown = page_of(it.them.diana).get(it.url("pes/2020/evaluacion/?vigencia=2022")).content.decode()
    assert told.days in shown


@pytest.mark.rule("LC-01")
def test_of_a_pes_that_is_not_adopted_the_agenda_asks_for_nothing():
    it = sector()

    rows = [row for block in agenda_blocks(it.plan, 2021, date(2022, 8, 1)) for row in block.rows]

    assert {(row.state, row.url, row.to_do) for row in rows} == {("Antes de adoptarse el PES", "", "")}


@pytest.mark.rule("LC-02", "REP-03")
def test_the_last_gate_asks_for_a_meeting_that_could_tell_of_the_final_evaluation():
    it = sector()
    told_on(it, date(2025, 1, 30))
    before = told_of(it)
    publish(it, "annual", "2024", datetime(2025, 1, 31, 15, tzinfo=UTC))
    too_soon = told_of(it)
    told_on(it, date(2025, 2, 3), MeetingStatus.HELD)
    unwritten = told_of(it)
    told_on(it, date(2025, 2, 3))

    assert "que no se ha publicado" in before
    assert "31 de enero de 2025" in too_soon
    assert unwritten == too_soon
    assert told_of(it) == ""


def told_of(it: Sector) -> str:
    """What the gate still misses of the socialisation; the page of meetings says the same."""
    fact = next(one for one in gate_facts(it.plan) if one.code == "evaluation_socialised")
    assert gate_rows(it.plan)[-1]["words"] == (fact.missing or "Cumplido")
    return fact.missing


def publish(it: Sector, kind: str, period: str, at: datetime) -> None:
    """A report issued and made public at an instant."""
    snapshot = it.cutoff.consolidate(by=it.them.jorge)
    digests = dict.fromkeys(("pdf_sha256", "xlsx_sha256", "context_sha256"), "0" * 64)
    report = IssuedReport.objects.create(
        plan=it.plan, kind=kind, period=period, folder="agenda", pages=1, edition=1, snapshot=snapshot,
        issued_by=it.them.jorge, issued_at=at, **digests,
    )  # fmt: skip
    ReportPublication.objects.create(report=report, published_by=it.them.jorge, published_at=at)


def told_on(it: Sector, day: date, status: MeetingStatus = MeetingStatus.CLOSED) -> None:
    """A meeting that told of results on a day."""
    closed = {"closed_by": it.them.ana, "closed_at": timezone.now()} if status is MeetingStatus.CLOSED else {}
    TechnicalWorkshop.objects.create(
        plan=it.plan, purpose=MeetingPurpose.RESULTS, topic=f"Resultados {status}", on=day, starts=time(9),
        ends=time(10), place="Sala", status=status, registered_by=it.them.ana, registered_at=timezone.now(), **closed,
    )  # fmt: skip


def half_of(it: Sector) -> SlotRow:
    """The first semester in the agenda."""
    blocks = agenda_blocks(it.plan, 2022, date(2022, 8, 1))
    return next(row for block in blocks for row in block.rows if row.label == "Primer semestre de 2022")
