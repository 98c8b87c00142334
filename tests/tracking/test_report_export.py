"""Exporting a quarter's report: what comes out goes back in and changes nothing (IM14)."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tests import people, report_makers
from tests.tracking import report_books
from tests.tracking.report_books import exported, imported
from tracking.filling import EntryChange, supply_entries, write_entries
from tracking.rules.report_states import ReportStatus

pytestmark = [pytest.mark.django_db, pytest.mark.rule("IM14")]


@pytest.fixture
def them():
    return people.cast()


@pytest.fixture
def area(them):
    return report_books.central_area(them)


@pytest.fixture
def report(them, area):
    found = report_books.open_report(them, area[0], status="filling")
    write_entries(found, [EntryChange(2, SHARE)], by=them.luis)
    supply_entries(found, area[0], [EntryChange(3, {"achieved": Decimal("4.5")})], by=area[1])
    return found


SHARE = {"achieved": None, "numerator": Decimal(7), "denominator": Decimal(9), "delay_causes": "Menos personal."}


@pytest.mark.rule("SM-2", "WF18")
@pytest.mark.parametrize("steps", range(4))
def test_a_report_round_trips_whatever_its_state(them, area, report, tmp_path, steps):
    supply_entries(report, area[0], [EntryChange(3, {"analysis": "A", "delay_causes": "B"})], by=area[1])
    for step in (ReportStatus.SUBMITTED, ReportStatus.IN_REVIEW, ReportStatus.VALIDATED)[:steps]:
        report_makers.take_step(report, step, {})

    answer, code = imported(exported(tmp_path / "a.xlsx", them.process), them.process)

    assert (code, answer["errors"], answer["warnings"]) == (0, [], [])
    assert (answer["created"], answer["updated"], answer["unchanged"]) == (0, 0, 3)
