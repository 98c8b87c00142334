"""Two imports of a report, or of a central table, at once: the second waits for the first (IM10, JB15)."""

from __future__ import annotations

import pytest

from pes.models import AuditEvent
from tests import people
from tests.plans.test_plan_import_races import together
from tests.tracking import report_books
from tests.tracking.report_books import line, save
from tracking.models import GoalReport
from tracking.report_workbook.apply import import_workbook
from tracking.report_workbook.reading import read_quarter_workbook
from tracking.report_workbook.targets import ReportTarget

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.rule("IM10", "JB15")
def test_three_imports_at_once_write_once(tmp_path):
    them = people.cast()
    report = report_books.open_report(them, report_books.central_area(them)[0])
    workbook = read_quarter_workbook(save(tmp_path / "a.xlsx", [line(1), line(2, ejecutado_q=90)]), 1)

    answers = together(3, lambda: import_workbook(workbook, ReportTarget(report), by=them.luis))

    assert [answer.errors for answer in answers] == [(), (), ()]
    assert sorted((answer.updated, answer.unchanged) for answer in answers) == [(0, 2), (0, 2), (2, 0)]
    assert GoalReport.objects.get(report=report, goal__number=1).revision == 1
    assert AuditEvent.objects.filter(verb="entry_written").count() == 2
