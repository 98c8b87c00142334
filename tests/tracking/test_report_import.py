"""Importing a quarter's report: all or nothing, twice the same, every problem with its cell (issue §7, IM1–IM14)."""

from __future__ import annotations

import hashlib
from decimal import Decimal

import pytest

from pes.models import AuditEvent
from tests import people
from tests.tracking import report_books
from tests.tracking.report_books import imported, line, save
from tracking.models import GoalReport

pytestmark = pytest.mark.django_db


@pytest.fixture
def them():
    return people.cast()


@pytest.fixture
def area(them):
    return report_books.central_area(them)


@pytest.fixture
def report(them, area):
    return report_books.open_report(them, area[0])


def entry(report, number):
    return GoalReport.objects.select_related("narrative").get(report=report, goal__number=number)


@pytest.mark.rule("IM14", "PG-05")
def test_the_seven_columns_fill_a_report(them, report, tmp_path):
    rows = [
        line(1, ejecutado_q="20,5", causas_retraso_q="Faltó personal."),
        line(2, ejecutado_q=None, numerador_q=45, denominador_q=50),
    ]
    path = save(tmp_path / "a.xlsx", rows)

    answer, code = imported(path, them.process)

    assert (code, answer["errors"], answer["updated"], answer["unchanged"]) == (0, [], 2, 0)
    assert entry(report, 1).achieved == Decimal("20.5")
    assert entry(report, 1).narrative.delay_causes == "Faltó personal."
    assert (entry(report, 2).numerator, entry(report, 2).denominator) == (45, 50)
    report.refresh_from_db()
    assert report.status == "filling"
    said = AuditEvent.objects.get(verb="report_imported")
    assert said.after["sha256"] == hashlib.sha256(path.read_bytes()).hexdigest()
    assert AuditEvent.objects.filter(verb="entry_written").count() == 2
