"""The queue of the review: whose, how old, how much was found, in what order, at what cost (act. 10)."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from pes.models import Membership, UnitKind
from pes.permissions import Role
from tests import people, plan_makers, report_makers
from tests.answers import page_of
from tracking import lifecycle
from tracking.models import QuarterReport
from tracking.pages.report_queue import ReportQueue

pytestmark = pytest.mark.django_db
QUEUE = "/revision-trimestral/"


@pytest.fixture
def them() -> people.Cast:
    return people.cast()


def process(them: people.Cast, code: str) -> tuple:
    """Another process of the entity, which its people reach, and its leader."""
    unit = people.unit(code, UnitKind.PROCESS, them.head)
    Membership.project_all()
    return unit, people.person(f"Líder {code}", Role.LIDER_PROCESO, unit)


def sent(them: people.Cast, unit, by, *, days: int, **entries: dict) -> QuarterReport:
    """A report sent some days after its quarter was opened."""
    plan = plan_makers.management_plan(unit=unit, by=by)
    found = report_makers.report(plan, status="filling", **entries)
    lifecycle.submit(found, by=by, now=report_makers.opened_on(2022, 1, days=days))
    return report_makers.again(found)


@pytest.fixture
def three(them: people.Cast) -> list[QuarterReport]:
    """An alcaldía's sent late, a process's over its programme and taken by Ana, another one taken by Jorge."""
    over = {1: {"achieved": Decimal(40), "explanation": "Hubo una jornada."}}
    found = [
        sent(them, them.alcaldia, them.marta, days=20),
        sent(them, them.process, them.luis, days=4, entries=over),
        sent(them, *process(them, "GCO"), days=10),
    ]
    lifecycle.take(found[1], by=them.ana, now=report_makers.opened_on(2022, 1, days=5))
    lifecycle.take(found[2], by=them.jorge, now=report_makers.opened_on(2022, 1, days=11))
    return found


def test_the_oldest_comes_first_with_its_days_findings_and_analyst(them, three, time_machine) -> None:
    time_machine.move_to(report_makers.opened_on(2022, 1, days=21), tick=False)

    rows = ReportQueue(them.ana, {}).rows

    assert [row.code for row in rows] == ["PLE-PIN", "GCO", "AL-01"]
    assert [(row.days, row.days_tone) for row in rows] == [
        ("17 días", "risk"),
        ("11 días", "risk"),
        ("1 día", "neutral"),
    ]
    assert [(row.errors, row.warnings) for row in rows] == [("0", "1"), ("0", "0"), ("0", "0")]
    assert [row.is_late for row in rows] == [False, False, True]
    assert [row.analyst for row in rows] == ["Ana Analista", "Jorge Jefe", "Sin asignar"]
    assert [bool(row.take_url) for row in rows] == [False, False, True]


def test_it_filters_and_sorts(them, three) -> None:
    for query, expected in (
        ({"ver": "mias"}, ["PLE-PIN"]),
        ({"ver": "sin-asignar"}, ["AL-01"]),
        ({"ver": "otros"}, ["GCO"]),
        ({"nivel": "local", "orden": "unidad"}, ["AL-01"]),
        ({"trimestre": "2"}, []),
        ({"vigencia": "2022", "orden": "-espera"}, ["AL-01", "GCO", "PLE-PIN"]),
        ({"orden": "analista", "ver": "nada", "trimestre": "x"}, ["AL-01", "PLE-PIN", "GCO"]),
    ):
        assert [row.code for row in ReportQueue(them.ana, query).rows] == expected, query


@pytest.mark.rule("AZ11")
def test_it_holds_only_what_waits_and_what_the_person_reviews(them, three) -> None:
    lifecycle.validate(three[1], by=them.ana)
    other = people.unit("OTRO", UnitKind.PROCESS, them.other_entity, "Proceso de otro sector")
    stranger = people.person("Sara Líder", Role.LIDER_PROCESO, other)
    rita = people.person("Rita Analista", Role.ANALISTA_OAP, them.other_sector)
    people.person("Hugo Jefe", Role.JEFE_OAP, them.other_sector)
    sent(them, other, stranger, days=3)

    page = page_of(them.ana).get(QUEUE).content.decode()

    assert re.findall(r'<td class="row-code" data-label="Código">([^<]+)<', page) == ["GCO", "AL-01"]
    assert [row.code for row in ReportQueue(rita, {}).rows] == ["OTRO"]
    assert page_of(them.luis).get(QUEUE).status_code == 403


def test_the_number_of_queries_does_not_grow_with_the_reports(them) -> None:
    ana = page_of(them.ana)
    counts = []
    for number in range(4):
        sent(them, *process(them, f"PR-{number}"), days=4)
        if number in (0, 3):
            ana.get(QUEUE)
            with CaptureQueriesContext(connection) as found:
                assert ana.get(QUEUE).content.decode().count("row-code") == number + 1
            counts.append(len(found))
    assert counts[0] == counts[1]
