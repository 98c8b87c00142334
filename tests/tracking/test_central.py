"""The table of a central area: many plans in one act, nobody's work overwritten, its own punctuality (PG-08)."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from decimal import Decimal
from html import unescape

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from pes.models import AuditEvent, UnitKind
from pes.permissions import Role
from plans.rules.goals import GoalStatus
from tests import people, plan_makers, report_makers
from tests.tracking import report_books
from tracking.central import TableRefused, supply_table, tables
from tracking.filling import EntryChange, supply_entries
from tracking.models import GoalReport, QuarterReport
from tracking.pages.central import CentralPage

pytestmark = [pytest.mark.django_db, pytest.mark.rule("PG-08")]


@pytest.fixture
def them():
    return people.cast()


@pytest.fixture
def area(them):
    return report_books.central_area(them)


@pytest.fixture
def reports(them, area):
    """The T1 reports of a process and of an alcaldía, each with a goal of its own and one of the area."""
    goals = [{}, {**report_books.CENTRAL, "central_area": area[0].code}]
    for unit, leader in ((them.process, them.luis), (them.alcaldia, them.marta)):
        plan_makers.management_plan(unit=unit, by=leader, goals=goals)
    report_makers.report(them.process.management_plans.get())
    return [QuarterReport.objects.get(plan__unit=unit) for unit in (them.process, them.alcaldia)]


@pytest.fixture
def rosa(client, area):
    client.force_login(area[1])
    return client


def url(area, name="table", *args):
    return reverse(f"tracking:central-{name}", args=[area[0].code, 2022, 1, *args])


def entry(report, number=2):
    return GoalReport.objects.select_related("narrative").get(report=report, goal__number=number)


def said(answer):
    """The page with its entities written out."""
    return unescape(answer.content.decode())


def typed(report, was=None, **fields):
    """What the boxes of a row send: every field with what it held."""
    key, held = f"e{entry(report).pk}", was or {}
    sent = {f"{key}-goal": "2"}
    for name in ("achieved", "numerator", "denominator", "analysis", "delay_causes", "explanation"):
        sent[f"{key}-{name}"] = fields.get(name, held.get(name, ""))
        sent[f"{key}-was_{name}"] = held.get(name, "")
    return sent


def test_one_form_fills_the_goal_of_every_plan(rosa, area, reports):
    words = {"achieved": "8,5", "analysis": "Se sembraron.", "delay_causes": "Lluvias."}

    answer = rosa.post(url(area, "save"), typed(reports[0], **words) | typed(reports[1], achieved="10"))

    assert answer.status_code == 302
    assert [entry(report).achieved for report in reports] == [Decimal("8.5"), Decimal(10)]
    assert entry(reports[0]).narrative.delay_causes == "Lluvias."
    assert entry(reports[0]).supplied_at is not None
    assert AuditEvent.objects.filter(verb="entry_written", actor=area[1]).count() == 2
    page = said(rosa.get(url(area)))
    assert "85,00" in page
    assert set(re.findall(r' form="([^"]+)"', page)) == set(re.findall(r'<form id="([^"]+)"', page))


@pytest.mark.rule("AZ14", "JB15")
def test_one_wrong_row_keeps_every_row_from_being_written_and_is_named(rosa, area, reports, them):
    answer = rosa.post(url(area, "save"), typed(reports[0], achieved="9") | typed(reports[1], achieved="1.234"))

    assert answer.status_code == 422
    assert "se puede leer como 1234 o como 1,234" in said(answer)
    assert them.alcaldia.name in said(answer)
    assert not GoalReport.objects.exclude(achieved=None).exists()


@pytest.mark.rule("AZ14", "WF18")
def test_a_report_that_no_longer_takes_it_stops_the_others(area, reports):
    QuarterReport.objects.filter(pk=reports[1].pk).update(
        status="validated", submitted_by=area[1], submitted_at=reports[1].opened_at, validated_by=area[1],
        first_submitted_at=reports[1].opened_at, validated_at=reports[1].opened_at,
    )  # fmt: skip
    change = [EntryChange(2, {"achieved": Decimal(9)})]

    with pytest.raises(TableRefused) as refused:
        supply_table(area[0], {report.pk: change for report in reports}, by=area[1])

    assert list(refused.value.failures) == [reports[1].pk]
    assert str(reports[1].plan.unit) in refused.value.problems[0].message
    assert entry(reports[0]).achieved is None


@pytest.mark.rule("WF3")
def test_a_stale_row_shows_the_other_value_and_overwrites_nothing(rosa, area, reports, them):
    colleague = people.person("Raúl Reporte", Role.AREA_CENTRAL, area[0])
    supply_entries(reports[0], area[0], [EntryChange(2, {"achieved": Decimal(7)})], by=colleague)

    answer = rosa.post(url(area, "save"), typed(reports[0], achieved="9") | typed(reports[1], achieved="3"))

    assert answer.status_code == 409
    assert "ahora dice «7»; usted escribió «9»" in said(answer)
    assert [entry(report).achieved for report in reports] == [7, None]
    again = rosa.post(url(area, "save"), typed(reports[0], {"achieved": "7"}, achieved="9"))
    assert (again.status_code, entry(reports[0]).achieved) == (302, 9)


@pytest.mark.rule("WF3")
def test_a_row_that_saves_itself_hears_what_it_holds_now(rosa, area, reports):
    saved = rosa.post(url(area, "save"), typed(reports[0], achieved="5"), headers={"accept": "application/json"})
    stale = rosa.post(url(area, "save"), typed(reports[0], achieved="6"), headers={"accept": "application/json"})

    row = saved.json()["rows"][f"fila-{entry(reports[0]).pk}"]
    assert (saved.status_code, row["fields"]["achieved"], row["result"]) == (200, "5", "50,00\u00a0%")
    assert "causas del retraso" in row["state"]
    row = stale.json()["rows"][f"fila-{entry(reports[0]).pk}"]
    assert (stale.status_code, stale.json()["conflicts"], row["errors"][0]["field"]) == (409, True, "achieved")
    assert row["errors"][0]["theirs"] == "5"  # the table asks which of the two stays before it writes again


@pytest.mark.rule("AZ2", "AZ10")
@pytest.mark.rule("IM3")
def test_a_row_that_saves_itself_names_the_box_that_is_wrong_once(rosa, area, reports):
    sent = typed(reports[0], achieved="xx")

    answer = rosa.post(url(area, "save"), sent, headers={"accept": "application/json"})

    found = answer.json()["rows"][f"fila-{entry(reports[0]).pk}"]["errors"]
    assert [one["field"] for one in found] == ["achieved"]
    assert found[0]["message"].startswith("Ejecutado: «xx» no es un número.")
    assert "Ejecutado: «xx» no es un número." in said(rosa.post(url(area, "save"), sent))


def test_the_head_says_the_range_of_what_is_due_as_the_list_does(rosa, area, reports):
    QuarterReport.objects.filter(pk=reports[1].pk).update(due_on=date(2022, 5, 3))

    page, listed = said(rosa.get(url(area))), said(rosa.get(reverse("tracking:central-goals")))

    assert "Vencieron: 18 de abril de 2022 a 3 de mayo de 2022" in page
    assert "18 de abril de 2022 a 3 de mayo de 2022" in listed
    between = CentralPage(area[0], 2022, 1, [], area[1], today=date(2022, 4, 20))
    assert between.due_words == "Vencen: 18 de abril de 2022 a 3 de mayo de 2022"


def test_another_area_and_another_goal_are_not_there(client, area, reports, them):
    other = people.unit("GJU", UnitKind.PROCESS, them.head)
    client.force_login(people.person("Otra Área", Role.AREA_CENTRAL, other))
    assert client.get(url(area)).status_code == client.post(url(area, "save"), {}).status_code == 404
    client.force_login(them.luis)
    assert client.get(url(area)).status_code == 403

    mine = Client()
    mine.force_login(area[1])
    own = GoalReport.objects.get(report=reports[0], goal__number=1)
    mine.post(url(area, "save"), {f"e{own.pk}-achieved": "9", f"e{own.pk}-was_achieved": ""})
    own.refresh_from_db()
    assert own.achieved is None


@pytest.mark.rule("PG-09h")
def test_an_eliminated_goal_is_read_and_says_why(rosa, area, reports):
    goal = entry(reports[0]).goal
    type(goal).objects.filter(pk=goal.pk).update(status=GoalStatus.ELIMINATED)

    page = said(rosa.get(url(area)))

    assert "La meta está eliminada y no se reporta." in page
    assert f"e{entry(reports[0]).pk}-achieved" not in page

    own = entry(reports[0])
    rosa.post(url(area, "save"), {f"e{own.pk}-achieved": "9", f"e{own.pk}-was_achieved": ""})
    assert entry(reports[0]).achieved is None


@pytest.mark.rule("PT-17")
def test_a_late_area_is_late_itself_and_no_plan_is(rosa, area, reports):
    late, change = datetime(2022, 4, 19, 5, tzinfo=UTC), EntryChange(2, {"achieved": Decimal(10), "analysis": "Sí."})
    intime = datetime(2022, 4, 19, 4, 59, 59, tzinfo=UTC)  # the last second of 18 April in Bogotá
    supply_entries(reports[0], area[0], [change], by=area[1], now=late)
    supply_entries(reports[1], area[0], [change], by=area[1], now=intime)

    (table,) = tables(area[1])

    assert (table.plans, table.complete, table.on_time, table.late, table.overdue) == (2, 2, 1, 1, 0)
    assert not QuarterReport.objects.filter(is_late=True).exists()
    assert "1 de 2 metas a tiempo · 1 fuera del plazo" in said(rosa.get(reverse("tracking:central-goals")))


@pytest.mark.rule("LD4")
def test_a_table_costs_the_same_with_more_plans(rosa, area, reports, them):
    rosa.get(url(area))
    with CaptureQueriesContext(
        connection,
    ) as two:
        rosa.get(url(area))
    for at in range(3):
        unit = people.unit(f"AL-1{at}", UnitKind.ALCALDIA_LOCAL, them.head)
        leader = people.person(f"Alcaldesa {at}", Role.ALCALDE_LOCAL, unit)
        goals = [{}, {**report_books.CENTRAL, "central_area": area[0].code}]
        report_makers.report(plan_makers.management_plan(unit=unit, by=leader, goals=goals))

    with CaptureQueriesContext(connection) as five:
        page = said(rosa.get(url(area)))

    assert page.count("data-pes-central-row") == 5
    assert len(five) == len(two)
