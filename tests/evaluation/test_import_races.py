"""Two imports at once: the second waits, and is judged against what the first left (IM10)."""

import threading

import pytest
from django.db import connections

from evaluation.pes_workbook.apply import PesAnswer, import_workbook
from evaluation.pes_workbook.fixture import read_fixture
from pes.models import SectorPlan, User
from pes.organization_data import load_organization

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.rule("IM10")]


def together(count: int) -> list[PesAnswer]:
    """Import the published plan from several threads that start at the same moment."""
    start, answers, console = threading.Barrier(count), [], User.objects.console()

    def body() -> None:
        try:
            start.wait(10)
            answers.append(import_workbook(read_fixture(), by=console))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=body) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return answers


@pytest.mark.parametrize("organisation_exists", [True, False])
def test_two_imports_at_once_write_once(organisation_exists):
    if organisation_exists:
        load_organization(by=User.objects.console())

    answers = together(2)

    assert [answer.errors for answer in answers] == [(), ()]
    counts = sorted((answer.created, answer.unchanged) for answer in answers)
    assert counts == ([(0, 35), (33, 2)] if organisation_exists else [(0, 35), (35, 0)])
    assert SectorPlan.objects.count() == 1
