"""Who is reminded of which report, on which day: once each, and never of what is no longer owed (CAL-07, JB12)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from pes.models import Membership, OrganizationUnit, UnitKind, User
from pes.permissions import Role
from pes.planner import plan_due_work
from plans.models import PlanGestion
from tests import make, people, plan_makers, report_makers
from tests.once import once
from tracking import lifecycle, reminders
from tracking.filling import EntryChange, supply_entries
from tracking.models import Notice, QuarterReport
from tracking.rules.report_states import ReportStatus

DUE = date(2022, 4, 18)  # a Monday


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker) -> Iterator[tuple[people.Cast, QuarterReport]]:
    yield from once(an_open_report, django_db_blocker, report_makers.opened_on(2022, 1))


def an_open_report() -> tuple[people.Cast, QuarterReport]:
    them = people.cast()
    return them, report_makers.report(plan_makers.management_plan(unit=them.process, by=them.luis))


@pytest.fixture
def them(world, db) -> people.Cast:
    return world[0]


@pytest.fixture
def report(world, db) -> QuarterReport:
    return report_makers.again(world[1])


def noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 17, tzinfo=UTC)


def reminded(day: date, times: int = 1) -> list[tuple[str, str]]:
    """The beat of a day, some times over: who was reminded of what."""
    with time_machine.travel(noon(day), tick=False):
        for _ in range(times):
            plan_due_work()
            make.run_jobs()
    rows = Notice.objects.filter(on=day).exclude(kind="opened").order_by("user__email", "kind")
    return list(rows.values_list("user__full_name", "kind"))


@pytest.mark.rule("CAL-07")
@pytest.mark.parametrize(
    ("days", "kind"),
    [(-5, "due_5"), (-3, "due_3"), (-1, "due_1"), (0, "due_today"), (1, "overdue"), (7, "overdue")],
    ids=["five_before", "three_before", "the_eve", "the_day", "the_day_after", "the_next_monday"],
)
def test_the_team_is_reminded_five_three_and_one_days_before_on_the_day_and_after(report, days, kind) -> None:
    found = reminded(DUE + timedelta(days=days), times=2)

    assert found == [("Luis Líder", kind), ("Pilar Promotora", kind)]


@pytest.mark.rule("CAL-07")
def test_no_other_day_reminds(report) -> None:
    assert [reminded(DUE + timedelta(days=days)) for days in (-6, -4, -2, 2, 6)] == [[]] * 5


@pytest.mark.rule("JB12", "JB7")
def test_a_reminder_is_left_once_whatever_the_beats_and_the_retries(report) -> None:
    reminded(DUE, times=3)
    reminders.remind(DUE)

    assert Notice.objects.filter(kind="due_today").count() == 2


@pytest.mark.rule("CAL-07")
def test_a_report_that_was_sent_is_owed_by_nobody(report, them) -> None:
    report_makers.take_step(report, ReportStatus.FILLING, {})
    lifecycle.submit(report, by=them.luis, now=noon(DUE - timedelta(days=2)))

    assert reminded(DUE - timedelta(days=1)) == []


@pytest.mark.rule("CAL-07")
def test_an_extension_moves_the_reminders(report, them) -> None:
    lifecycle.extend(report, to=date(2022, 4, 25), reason="Caída del sistema", by=them.jorge, now=noon(DUE))
    Notice.objects.all().delete()

    assert reminded(DUE) == []
    assert {kind for _, kind in reminded(date(2022, 4, 24))} == {"due_1"}


@pytest.mark.rule("AU6")
def test_who_left_is_not_reminded(report, them) -> None:
    User.objects.filter(pk=them.pilar.pk).update(is_active=False)
    Membership.objects.get(user=them.luis).end(on=DUE - timedelta(days=1), by=them.alicia, reason="Traslado")

    assert reminded(DUE) == []


@pytest.mark.rule("PG-R4", "AZ6")
def test_a_delegate_is_reminded_between_the_dates_of_the_delegation(report, them) -> None:
    delegate = people.person("Dora Delegada")
    Membership.grant(
        user=delegate, unit=them.process, role=Role.DELEGADO, starts_on=date(2022, 4, 10), ends_on=DUE, by=None
    )

    assert ("Dora Delegada", "due_today") in reminded(DUE)
    assert ("Dora Delegada", "overdue") not in reminded(DUE + timedelta(days=1))


@pytest.fixture
def area(them: people.Cast) -> OrganizationUnit:
    return people.unit("OTI", UnitKind.OFFICE, them.head, "Oficina de Tecnologías")


@pytest.fixture
def central(them: people.Cast, area: OrganizationUnit) -> PlanGestion:
    """A plan whose second goal is the area's, already sent by its leader, and one person of the area."""
    people.person("Carla Central", Role.AREA_CENTRAL, area)
    plan = plan_makers.management_plan(unit=them.alcaldia, by=them.marta, goals=[{}, {"central_area": area.code}])
    report_makers.report(plan, status="submitted")
    return plan


def of_carla(day: date) -> list[str]:
    return [kind for name, kind in reminded(day) if name == "Carla Central"]


@pytest.mark.rule("PG-08", "CAL-07")
def test_a_central_area_is_reminded_until_it_gives_its_figures_even_after_the_team_sent(central, area) -> None:
    assert of_carla(DUE - timedelta(days=1)) == ["due_1"]

    carla = User.objects.get(full_name="Carla Central")
    change = EntryChange(2, {"achieved": Decimal(25), "analysis": "Se atendió lo programado."})
    supply_entries(central.reports.get(), area, [change], by=carla, now=noon(DUE - timedelta(days=1)))
    assert of_carla(DUE) == []


@pytest.mark.rule("PG-08", "PT-12")
def test_a_central_goal_without_programme_is_not_asked_for(them, area) -> None:
    people.person("Carla Central", Role.AREA_CENTRAL, area)
    quiet = {"central_area": area.code, "t1": None, "t2": 50}
    plan = plan_makers.management_plan(unit=them.alcaldia, by=them.marta, goals=[{}, quiet])
    report_makers.report(plan, status="submitted")

    assert of_carla(DUE) == []


@pytest.mark.rule("LD4")
def test_the_reminders_of_many_reports_cost_what_those_of_one_cost(report, them) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert reminders.notices_of(DUE)
        return len(queries)

    one = cost()
    for unit, leader in ((them.alcaldia, them.marta), (them.other_alcaldia, them.oscar)):
        report_makers.report(plan_makers.management_plan(unit=unit, by=leader))
    assert cost() == one
