"""The close of a quarter: official results computed by hand, frozen run by run (REP-04, REP-05, SM-2)."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
import time_machine
from django.db import DatabaseError, transaction

from evaluation import quarter_close_job as work
from evaluation.models import GoalResult, QuarterClose, QuarterProgress, UnitResult
from evaluation.plan_facts import Place
from evaluation.quarter_closes import close_facts, consolidate
from evaluation.quarter_lines import is_intact
from evaluation.quarter_progress import ask_when_terms_pass, units_of
from evaluation.rules.quarter_close import consolidation_problems
from pes.models import AuditEvent, JobState, Membership, UnitKind
from pes.rules.numbers import ratio_to_percent
from pes.rules.problems import Refused
from pes.rules.programming import ProgrammingType
from plans import lifecycle as plans_lifecycle
from plans.models import Goal, PlanGestion
from tests import make, people
from tests.answers import codes
from tests.evaluation.quarters import AFTER_TERM, SHORT, closed, opened, plan, reported, reported_late
from tests.report_makers import opened_on, report
from tracking import lifecycle
from tracking.models import GoalReport, QuarterReport

pytestmark = pytest.mark.django_db

D = Decimal
FOUR = ("t1", "t2", "t3", "t4")
EXPLAINED = {"explanation": "No hubo solicitudes, o hubo más de las previstas."}


def quarters(*amounts: int | None) -> dict[str, object]:
    return {name: None if amount is None else D(amount) for name, amount in zip(FOUR, amounts, strict=True)}


GOALS = (
    {"weight": D(40)},
    {"weight": D(10), **quarters(None, 25, 25, 25), "magnitude": D(75)},
    {"weight": D(20), "programming_type": ProgrammingType.CRECIENTE, **quarters(10, 20, 30, 40), "magnitude": D(40)},
    {
        "weight": D(10), "programming_type": ProgrammingType.DECRECIENTE, "baseline": D(100),
        **quarters(90, 80, 70, 60), "magnitude": D(60),
    },
    {
        "weight": D(10), "programming_type": ProgrammingType.CONSTANTE, **quarters(100, 100, 100, 100),
        "magnitude": D(100), "denominator": "Solicitudes recibidas", "unit": "Porcentaje",
    },
    {"weight": D(5)},
    {"weight": D(5)},
)  # fmt: skip
ENTRIES = {
    1: {"achieved": D(20), **SHORT},  # 80 %
    2: {"achieved": None, "analysis": "", "accumulated_analysis": ""},  # not programmed
    3: {"achieved": D("12.5")},  # 125 % rates 100
    4: {"achieved": D(95), **SHORT},  # 50 %: (100 − 95) / (100 − 90)
    5: {"achieved": None, "numerator": D(0), "denominator": D(0), **EXPLAINED},  # no demand
    7: {"achieved": D(50), **EXPLAINED},  # 200 % rates 100
}


@pytest.fixture
def them():
    return people.cast()


@pytest.fixture
def golden(them):
    """Seven goals of every type; one of them eliminated after its plan was published."""
    made = plan(them, "P-01", GOALS, name="Atención")
    Goal.objects.filter(plan=made, number=6).update(status="eliminated")
    report(made, 1, status="validated", entries=ENTRIES)
    return made


@pytest.mark.rule("REP-05", "W-05", "PT-14", "PT-16", "PT-17", "PG-09h")
def test_scores_are_those_computed_by_hand(them, golden):
    silent = opened(plan(them, "P-02", name="Contratación"))

    close = closed(them.head, by=them.ana)

    result = UnitResult.objects.get(close=close, plan=golden)
    assert ratio_to_percent(result.score) == D("82.67")  # (40·0,8 + 20·1 + 10·0,5 + 5·1) / 75
    assert (result.rank, result.goals_rated, result.goals_programmed) == (1, 4, 5)
    assert (result.to_date, result.on_time, result.goals_with_evidence) == (result.score, D(1), 5)
    missing = UnitResult.objects.get(close=close, plan=silent)
    assert (missing.score, missing.rank, missing.on_time, missing.counted) == (D(0), 2, D(0), False)
    assert [one["unit"] for one in close.excluded] == ["P-02"]


@pytest.mark.rule("PT-12", "PT-16", "W-05")
def test_every_goal_keeps_its_state_and_the_weights_give_the_score_again(them, golden):
    close = closed(them.head, by=them.ana)

    rows = list(GoalResult.objects.filter(close=close).order_by("goal__number"))

    states = [row.state for row in rows]
    assert states == ["reported", "not_programmed", "reported", "reported", "no_demand", "missing", "reported"]
    assert [row.rating for row in rows] == [D("0.8"), None, D(1), D("0.5"), None, D(0), D(1)]
    assert (rows[2].result, rows[6].result, rows[5].weight) == (D("1.25"), D(2), None)
    counted = [row for row in rows if row.rating is not None and row.weight is not None]
    score = sum(row.weight * row.rating for row in counted) / sum(row.weight for row in counted)
    assert ratio_to_percent(score) == D("82.67")


@pytest.mark.rule("SM-2", "PG-09e")
def test_consolidating_makes_reports_official_and_notes_their_plans(them, golden):
    silent = opened(plan(them, "P-02"))

    close = closed(them.head, by=them.ana)

    statuses = dict(QuarterReport.objects.values_list("plan__unit__code", "status"))
    assert statuses == {"P-01": "consolidated", "P-02": "open"}
    assert set(PlanGestion.objects.values_list("consolidated_quarter", flat=True)) == {1}
    assert AuditEvent.objects.filter(verb="report_consolidated").count() == 1
    assert AuditEvent.objects.get(verb="quarter_closed").after["digest"] == close.digest
    assert not silent.reports.get().consolidated_at


@pytest.mark.rule("SM-2", "WF18")
def test_a_reopened_report_makes_run_two_and_run_one_stays(them, golden):
    first = closed(them.head, by=them.ana)
    before = list(GoalResult.objects.filter(close=first).order_by("goal").values_list())
    again = QuarterReport.objects.get(plan=golden)
    lifecycle.reopen(again, reason="Cifra errada", by=them.jorge)
    GoalReport.objects.filter(report=again, goal__number=1).update(achieved=D(25))
    lifecycle.validate(again, by=them.ana)

    second = closed(them.head, by=them.jorge, reason="Se corrigió la meta 1")

    assert (second.run, second.reason) == (2, "Se corrigió la meta 1")
    assert list(GoalResult.objects.filter(close=first).order_by("goal").values_list()) == before
    scores = [ratio_to_percent(close.units.get(plan=golden).score) for close in (first, second)]
    assert scores == [D("82.67"), D("93.33")]
    assert is_intact(first)
    assert is_intact(second)


@pytest.mark.rule("SM-2", "PT-17")
def test_a_close_names_who_has_an_earlier_quarter_that_is_not_official(them, golden):
    closed(them.head, by=them.ana)
    place, july = Place(them.head.pk, 2022, "central"), date(2022, 7, 20)
    before = close_facts(place, 2, july)

    lifecycle.reopen(QuarterReport.objects.get(plan=golden), reason="Cifra errada", by=them.jorge)
    facts = close_facts(place, 2, july)

    assert (before.unsettled, facts.unsettled) == ([], [f"{golden.unit.name} (T1)"])
    assert "earlier_not_settled" in [one.code for one in consolidation_problems(facts, today=july, reason="")]


@pytest.mark.rule("PT-08", "PT-17", "REP-05")
def test_a_late_report_makes_run_two_and_counts_in_the_year_so_far(them):
    one = opened(plan(them, "P-01"))
    first = closed(them.head, by=them.ana)
    assert (first.units.get().score, first.excluded[0]["unit"]) == (D(0), "P-01")
    reported_late(one, 80)
    second = closed(them.head, by=them.ana, reason="Llegó el reporte")
    reported(one, 100, quarter=2)

    close = closed(them.head, by=them.ana, quarter=2, now=datetime(2022, 7, 20, 17, tzinfo=UTC))

    corrected, result = second.units.get(), close.units.get()
    assert (second.run, corrected.score, corrected.on_time, corrected.is_late) == (2, D("0.8"), D(0), True)
    assert (result.score, result.to_date, result.on_time, result.is_late) == (D(1), D("0.9"), D("0.5"), False)
    assert first.units.get().score == 0


@pytest.mark.rule("PT-17")
def test_a_plan_with_an_extension_in_force_waits_without_a_place(them):
    one = opened(plan(them, "P-01"))
    reported(plan(them, "P-02"), 80)
    lifecycle.extend(
        one.reports.get(), to=date(2022, 4, 25), reason="Falla del sistema", by=them.jorge, now=opened_on(2022, 1)
    )

    close = closed(them.head, by=them.ana)

    waiting = close.units.get(plan=one)
    assert (waiting.score, waiting.rank, waiting.on_time) == (None, None, None)
    assert [(row["unit"], row["unranked"]) for row in close.excluded] == [("P-01", "pending")]
    noted = PlanGestion.objects.order_by("unit__code").values_list("unit__code", "consolidated_quarter")
    assert dict(noted) == {"P-01": 0, "P-02": 1}  # whose term runs is not through: its plan cannot be closed


@pytest.mark.rule("SM-1", "SM-2")
def test_a_plan_whose_last_report_awaits_its_review_is_not_closed(them):
    waits = {"P-01": "submitted", "P-02": "in_review", "P-03": "returned", "P-04": "open"}
    plans = {code: plan(them, code) for code in waits}
    sent = {code: reported(plans[code], 100, status=status, quarter=4) for code, status in waits.items()}
    january = datetime(2023, 1, 20, 17, tzinfo=UTC)

    closed(them.head, by=them.ana, quarter=4, now=january)
    noted = dict(PlanGestion.objects.values_list("unit__code", "consolidated_quarter"))
    for code in ("P-01", "P-02", "P-03"):
        with pytest.raises(Refused) as refused:
            plans_lifecycle.close(plans[code], by=them.ana)
        assert codes(refused) == ["quarter_not_consolidated"]
    lifecycle.validate(sent["P-02"], by=them.ana)
    closed(them.head, by=them.ana, quarter=4, reason="Se revisó", now=january + timedelta(days=1))

    assert noted == {"P-01": 0, "P-02": 0, "P-03": 0, "P-04": 4}
    assert PlanGestion.objects.get(unit__code="P-02").consolidated_quarter == 4


@pytest.mark.rule("SM-1", "SM-2")
def test_a_plan_with_a_reopened_first_quarter_is_not_closed_before_it_is_corrected(them):
    one = plan(them, "P-01")
    first = reported(one, 100, quarter=1)
    closed(them.head, by=them.ana)
    lifecycle.reopen(first, reason="Hay que corregir una cifra", by=them.jorge)
    reported(one, 100, quarter=4)
    january = datetime(2023, 1, 20, 17, tzinfo=UTC)

    closed(them.head, by=them.ana, quarter=4, now=january)
    while_reopened = PlanGestion.objects.get().consolidated_quarter
    lifecycle.validate(first, by=them.ana)
    closed(them.head, by=them.ana, quarter=1, reason="Se corrigió", now=january + timedelta(days=1))

    assert (while_reopened, PlanGestion.objects.get().consolidated_quarter) == (1, 4)


@pytest.mark.rule("REP-04")
def test_a_quarter_closes_from_the_first_second_after_its_term(them, golden):
    with pytest.raises(Refused) as refused:
        consolidate(them.head, 2022, 1, "central", by=them.ana, now=datetime(2022, 4, 19, 4, 59, 59, tzinfo=UTC))

    assert codes(refused) == ["term_running"]
    assert consolidate(them.head, 2022, 1, "central", by=them.ana, now=datetime(2022, 4, 19, 5, tzinfo=UTC)).pk


@pytest.mark.rule("REP-04")
def test_another_run_needs_something_new_and_a_reason(them, golden):
    closed(them.head, by=them.ana)

    with pytest.raises(Refused) as refused:
        consolidate(them.head, 2022, 1, "central", by=them.ana, now=AFTER_TERM)

    assert codes(refused) == ["nothing_new", "reason_missing"]


@pytest.mark.rule("SM-2", "REP-05")
def test_a_correction_of_a_quarter_lets_the_next_one_be_closed_again(them):
    one = opened(plan(them, "P-01"))
    closed(them.head, by=them.ana)
    reported(one, 100, quarter=2)
    first = closed(them.head, by=them.ana, quarter=2, now=datetime(2022, 7, 20, 17, tzinfo=UTC))
    reported_late(one, 80)
    closed(them.head, by=them.ana, reason="Llegó el reporte", now=datetime(2022, 7, 21, 17, tzinfo=UTC))

    second = closed(them.head, by=them.ana, quarter=2, reason="Cambió T1", now=datetime(2022, 7, 22, 17, tzinfo=UTC))

    assert (first.units.get().to_date, second.units.get().to_date) == (D("0.5"), D("0.9"))


@pytest.mark.rule("PT-17")
def test_an_extension_that_passed_without_report_lets_the_quarter_be_closed_again(them):
    one = opened(plan(them, "P-01"))
    end = date(2022, 4, 25)
    lifecycle.extend(one.reports.get(), to=end, reason="Falla del sistema", by=them.jorge, now=opened_on(2022, 1))
    first = closed(them.head, by=them.ana)

    second = closed(them.head, by=them.ana, reason="Pasó la prórroga", now=datetime(2022, 4, 26, 17, tzinfo=UTC))

    assert (first.units.get().score, second.units.get().score) == (None, D(0))


@pytest.mark.rule("AZ15")
def test_who_lost_the_power_meanwhile_closes_nothing(them, golden):
    job = consolidate(them.head, 2022, 1, "central", by=them.ana, now=AFTER_TERM)
    for membership in Membership.objects.filter(user=them.ana):
        membership.end(on=date(2022, 1, 1), by=them.alicia, reason="Cambió de oficina")

    make.run_jobs()

    job.refresh_from_db()
    assert job.state == JobState.FAILED
    assert not QuarterClose.objects.exists()


@pytest.mark.rule("WF1", "JB5")
def test_asking_twice_is_one_run(them, golden):
    asked = {consolidate(them.head, 2022, 1, "central", by=who, now=AFTER_TERM).pk for who in (them.ana, them.jorge)}
    make.run_jobs()

    assert len(asked) == 1
    assert QuarterClose.objects.count() == 1


@pytest.mark.rule("JB15")
def test_results_are_computed_again_when_a_report_moved(them, golden):
    request = work.CloseRequest.of(consolidate(them.head, 2022, 1, "central", by=them.ana, now=AFTER_TERM))
    reading = work.read(request)
    lifecycle.reopen(QuarterReport.objects.get(), reason="Cifra errada", by=them.jorge)

    with pytest.raises(work.ReportsMoved), transaction.atomic():
        work.write(reading, work.make(reading), by=them.ana)

    assert not QuarterClose.objects.exists()


@pytest.mark.rule("WF18")
def test_frozen_rows_cannot_be_changed(them, golden):
    close = closed(them.head, by=them.ana)

    for rows in (GoalResult.objects.all(), UnitResult.objects.all(), QuarterClose.objects.all()):
        with pytest.raises(DatabaseError), transaction.atomic():
            rows.filter(pk__in=rows.values("pk")[:1]).delete()
    assert is_intact(close)


@pytest.mark.rule("REP-05")
def test_levels_close_apart(them, golden):
    local = plan(them, "AL-09", kind=UnitKind.ALCALDIA_LOCAL)
    reported(local, 100)

    close = closed(them.head, by=them.ana, level="local")

    assert [unit.plan for unit in close.units.all()] == [local]
    assert QuarterReport.objects.get(plan=golden).status == "validated"


@pytest.mark.rule("REP-04", "PT-17")
def test_an_open_quarter_shows_how_it_goes_before_anything_is_official(them, golden):
    plan(them, "P-02", name="Contratación")

    make.run_jobs()

    progress = QuarterProgress.objects.get(quarter=1, level="central")
    units = {unit.unit: unit for unit in units_of(progress)}
    assert ratio_to_percent(units["P-01"].score) == D("82.67")
    assert (units["P-01"].status, units["P-01"].counts, units["P-01"].with_evidence) == ("validated", True, 5)
    version = progress.version
    closed(them.head, by=them.ana)
    make.run_jobs()
    progress.refresh_from_db()
    assert progress.version > version
    assert units_of(progress)[0].status == "consolidated"


@pytest.mark.rule("PT-17", "JB7")
def test_the_planner_computes_an_open_quarter_again_when_its_term_passes(them):
    def scores() -> list[D | None]:
        make.run_jobs()
        return [unit.score for unit in units_of(QuarterProgress.objects.get(level="central"))]

    with time_machine.travel(datetime(2022, 4, 10, 17, tzinfo=UTC), tick=False):
        opened(plan(them, "P-01"))
        assert len(list(ask_when_terms_pass(date(2022, 4, 10)))) == 1
        assert scores() == [None]
    with time_machine.travel(AFTER_TERM, tick=False):
        assert len(list(ask_when_terms_pass(date(2022, 4, 20)))) == 1
        assert scores() == [D(0)]
        assert list(ask_when_terms_pass(date(2022, 4, 20))) == []
