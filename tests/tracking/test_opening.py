"""The reports of a quarter open by themselves, once, the day after it ends in Bogotá, with their legal due date."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
import time_machine
from django.db import transaction

from pes.models import AuditEvent, Job, JobState, Metodologia, NonWorkingDay, Vigencia
from pes.planner import plan_due_work
from plans.models import PlanGestion
from plans.models.plan import PlanLevel
from tests import make, people, plan_makers, report_makers
from tracking import lifecycle
from tracking.models import Notice, QuarterReport
from tracking.report_tasks import unopened

pytestmark = pytest.mark.django_db
TABLE = Path(__file__).parents[1] / "rules/data/deadlines_2022_2030.json"
DEADLINES = json.loads(TABLE.read_text())["vencimientos"]
MIDNIGHT = datetime(2022, 4, 1, 5, tzinfo=UTC)  # 1 April 2022, 00:00 in Bogotá
INSTANT = timedelta(milliseconds=1)


@pytest.fixture
def them() -> people.Cast:
    return people.cast()


@pytest.fixture
def plan(them: people.Cast) -> PlanGestion:
    return plan_makers.management_plan(unit=them.process, by=them.luis)


@pytest.fixture(params=["America/Bogota", "UTC", "Asia/Tokyo", "Pacific/Kiritimati", "Etc/GMT+12"])
def server_zone(request: pytest.FixtureRequest) -> Iterator[str]:
    """The clock of the machine, set to some zone: it decides nothing."""
    before = os.environ.get("TZ")
    os.environ["TZ"] = request.param
    time.tzset()
    yield request.param
    os.environ.pop("TZ")
    if before is not None:
        os.environ["TZ"] = before
    time.tzset()


def opened() -> list[tuple[int, int]]:
    """What the planner asks for and the jobs then do: (vigencia, quarter) of every report there is."""
    plan_due_work()
    make.run_jobs()
    return list(QuarterReport.objects.order_by("plan__vigencia", "quarter").values_list("plan__vigencia", "quarter"))


@pytest.mark.rule("CAL-01", "WF17")
def test_a_quarter_ends_at_midnight_in_bogota_whatever_the_zone_of_the_server(
    plan: PlanGestion, server_zone: str
) -> None:
    with time_machine.travel(MIDNIGHT - INSTANT, tick=False):
        assert opened() == []
    with time_machine.travel(MIDNIGHT, tick=False):
        assert opened() == [(2022, 1)]
    assert plan.reports.get().due_on == date(2022, 4, 18)


@pytest.mark.rule("WF14", "WF17")
def test_a_report_is_late_from_midnight_in_bogota_whatever_the_zone_of_the_server(
    plan: PlanGestion, server_zone: str
) -> None:
    report = report_makers.report(plan, status="filling")
    ended = datetime(2022, 4, 19, 5, tzinfo=UTC)

    def is_late_at(instant: datetime) -> bool:
        before = transaction.savepoint()
        with time_machine.travel(instant, tick=False):
            lifecycle.submit(report_makers.again(report), by=report.plan.opened_by)
        late = report_makers.again(report).is_late
        transaction.savepoint_rollback(before)
        return late

    assert [is_late_at(ended - INSTANT), is_late_at(ended)] == [False, True]


@pytest.mark.rule("WF22")
def test_the_last_quarter_belongs_to_the_vigencia_that_ended(plan: PlanGestion) -> None:
    new_year = datetime(2023, 1, 1, 5, tzinfo=UTC)

    with time_machine.travel(new_year - INSTANT, tick=False):
        assert opened() == [(2022, 1), (2022, 2), (2022, 3)]
    with time_machine.travel(new_year, tick=False):
        assert opened() == [(2022, 1), (2022, 2), (2022, 3), (2022, 4)]
    assert plan.reports.get(quarter=4).due_on == date(2023, 1, 16)


@pytest.mark.rule("JB7")
def test_a_beat_that_slept_two_months_opens_each_quarter_once(plan: PlanGestion) -> None:
    with time_machine.travel(datetime(2022, 9, 1, 15, tzinfo=UTC), tick=False):
        assert opened() == [(2022, 1), (2022, 2)]
        assert opened() == [(2022, 1), (2022, 2)]

    assert AuditEvent.objects.filter(verb="report_opened").count() == 2


@pytest.mark.rule("JB7", "JB5")
def test_two_beats_open_one_report(plan: PlanGestion) -> None:
    with time_machine.travel(MIDNIGHT, tick=False):
        keys = [*plan_due_work(), *plan_due_work()]
        make.run_jobs()

    assert keys.count("open_reports:2022:1") == 2
    assert Job.objects.filter(kind="open_reports").count() == 1
    assert QuarterReport.objects.count() == 1
    assert Notice.objects.filter(kind="opened").values("user", "report").distinct().count() == Notice.objects.count()


@pytest.mark.rule("JB1")
def test_a_job_that_died_opens_nothing_and_is_done_again(plan: PlanGestion, monkeypatch) -> None:
    with time_machine.travel(MIDNIGHT, tick=False):
        plan_due_work()
        with monkeypatch.context() as broken:
            broken.setattr("tracking.notices.tell_team", lambda *args, **kwargs: 1 / 0)
            make.run_jobs()
        assert QuarterReport.objects.count() == 0
        assert opened() == [(2022, 1)]
    assert Job.objects.get(kind="open_reports").state == JobState.DONE


@pytest.mark.rule("SM-2", "CAL-01")
def test_a_plan_that_is_not_published_has_nothing_to_report(them: people.Cast) -> None:
    plan_makers.management_plan(unit=them.process, by=them.luis, status="official")

    assert unopened(date(2022, 4, 1)) == []


@pytest.mark.rule("CAL-01")
def test_a_plan_published_later_gets_the_reports_of_the_quarters_that_ended(plan: PlanGestion, them) -> None:
    with time_machine.travel(MIDNIGHT, tick=False):
        opened()
        late = plan_makers.management_plan(unit=them.alcaldia, by=them.marta)
        assert unopened(date(2022, 4, 1)) == [(2022, 1)]
        opened()

    assert late.reports.get().quarter == 1
    assert plan.reports.count() == 1


@pytest.mark.rule("CAL-01", "CAL-03", "WF15")
def test_the_stored_due_dates_of_nine_vigencias_are_those_of_the_table(them: people.Cast) -> None:
    with time_machine.travel(MIDNIGHT, tick=False):
        for year in range(2022, 2031):
            bare_plan(them, year)
    with time_machine.travel(datetime(2031, 1, 1, 5, tzinfo=UTC), tick=False):
        plan_due_work()
        make.run_jobs()

    stored = QuarterReport.objects.order_by("plan__vigencia", "quarter")
    found = [
        (year, quarter, str(on)) for year, quarter, on in stored.values_list("plan__vigencia", "quarter", "due_on")
    ]
    assert found == [(one["vigencia"], one["trimestre"], one["vencimiento"]) for one in DEADLINES]


@pytest.mark.rule("CAL-05", "WF15")
def test_a_day_off_decreed_later_moves_no_stored_due_date(plan: PlanGestion, them: people.Cast) -> None:
    with time_machine.travel(MIDNIGHT, tick=False):
        opened()
        NonWorkingDay.objects.create(on=date(2022, 4, 18), reason="Día cívico")
        opened()
        assert plan.reports.get().due_on == date(2022, 4, 18)

        later = plan_makers.management_plan(unit=them.alcaldia, by=them.marta)
        opened()
    assert later.reports.get().due_on == date(2022, 4, 19)


def bare_plan(them: people.Cast, year: int) -> PlanGestion:
    """A published plan without goals: only its vigencia matters here."""
    Vigencia.objects.get_or_create(year=year)
    if Metodologia.in_force(year).pk is None:
        Metodologia.next_draft(year).publish(by=them.jorge)
    now = datetime(2022, 1, 10, 15, tzinfo=UTC)
    who = {
        "opened_by": them.luis,
        "submitted_by": them.luis,
        "validated_by": them.ana,
        "official_by": them.luis,
        "published_by": them.ana,
    }
    when = {"opened_at": now, "submitted_at": now, "validated_at": now, "official_at": now, "published_at": now}
    act = {"hola_case": "HOLA-1", "hola_on": now.date(), "edition": 1, "status": "published"}
    return PlanGestion.objects.create(
        unit=them.process, vigencia_id=year, level=PlanLevel.CENTRAL, **who, **when, **act
    )
