"""Two imports at once: the second waits, and is judged against what the first left (IM10, IM12)."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from django.db import connections

from pes.models import AuditEvent
from plans.models import Goal, PlanGestion, QuarterTarget
from plans.workbook import apply
from plans.workbook.apply import PlanAnswer, import_plan
from plans.workbook.reading import read_plan_workbook
from tests import people, plan_makers
from tests.plans.books import lines, save

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def them():
    found = people.cast()
    plan_makers.prepare(found.process, 2022)
    return found


def together(count: int, act: Callable[[], PlanAnswer]) -> list[PlanAnswer]:
    """The same import from several threads that start at the same moment."""
    start, answers = threading.Barrier(count), []

    def body() -> None:
        try:
            start.wait(10)
            answers.append(act())
        finally:
            connections.close_all()

    threads = [threading.Thread(target=body) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return answers


@pytest.mark.rule("IM10")
@pytest.mark.parametrize("is_open", [True, False])
def test_two_imports_at_once_write_once(them, tmp_path, is_open):
    if is_open:
        PlanGestion.open_own(them.process, 2022, by=them.luis)
    workbook = read_plan_workbook(save(tmp_path / "a.xlsx", lines(4)))

    answers = together(3, lambda: import_plan(workbook, them.process, 2022, by=them.luis))

    assert [answer.errors for answer in answers] == [(), (), ()]
    assert sorted((answer.created, answer.unchanged) for answer in answers) == [(0, 4), (0, 4), (4, 0)]
    assert (Goal.objects.count(), QuarterTarget.objects.count(), PlanGestion.objects.count()) == (4, 16, 1)
    assert PlanGestion.objects.get().revision == 1


@pytest.mark.rule("IM12")
def test_an_import_that_dies_half_way_leaves_nothing_and_may_be_done_again(them, tmp_path, monkeypatch):
    workbook = read_plan_workbook(save(tmp_path / "a.xlsx", lines(4)))
    with monkeypatch.context() as broken:
        broken.setattr(apply, "touch", lambda plan: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            import_plan(workbook, them.process, 2022, by=them.luis)
    assert (Goal.objects.count(), PlanGestion.objects.count()) == (0, 0)
    assert not AuditEvent.objects.filter(verb="plan_imported").exists()

    assert import_plan(workbook, them.process, 2022, by=them.luis).created == 4
