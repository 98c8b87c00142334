"""Measurements: who may record what at which date, corrections, and two people at the same time."""

from __future__ import annotations

import threading
from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connections, transaction

from pes.models import AuditEvent, GoalKind, Indicator, Job
from pes.rules.problems import Refused
from tests import make, people
from tests.answers import codes
from tracking.models import Measurement
from tracking.rules.measurements import achieved_problems, measurement_problems, stale_edit_problem

TODAY = date(2022, 4, 18)
MARCH = date(2022, 3, 31)


@pytest.fixture
def them(db):
    return people.cast()


@pytest.fixture
def indicator(them) -> Indicator:
    plan = make.plan(sector=them.sector)
    goal = make.goal(objective=make.objective(plan=plan))
    made = make.indicator(goal=goal, entity=them.head, key="1")
    make.weights(objective=goal.objective, by=them.ana, k1="100.00")
    return made


def consolidate(indicator: Indicator, them, on: date = MARCH) -> None:
    make.cutoff(plan=indicator.plan, on=on).consolidate(by=them.jorge)


def correct(measurement: Measurement, *, by, achieved="7", version=1, reason="", analysis="") -> None:
    measurement.correct(achieved=Decimal(achieved), analysis=analysis, expected_version=version, reason=reason, by=by)


@pytest.mark.rule("PT-18", "PT-19")
@pytest.mark.parametrize(
    ("achieved", "expected"),
    [
        ("0", []),
        ("27.5000", []),
        ("27.50000000", []),
        ("0.0001", []),
        ("99999999999999.9999", []),
        ("100000000000000", ["PT-19"]),
        ("1e400", ["PT-19"]),
        ("-0.0001", ["PT-19"]),
        ("NaN", ["PT-19"]),
        ("Infinity", ["PT-19"]),
        ("27.12345", ["PT-18"]),
    ],
)
def test_a_figure_is_a_number_that_is_stored_whole(achieved, expected):
    assert [problem.rule for problem in achieved_problems(Decimal(achieved))] == expected


@pytest.mark.rule("PES-06", "PG-09e", "PT-19")
@pytest.mark.parametrize(
    ("on", "through", "repeated", "expected"),
    [
        (MARCH, None, False, []),
        (TODAY, None, False, []),
        (date(2022, 4, 19), None, False, ["date_in_future"]),
        (date(2019, 12, 31), None, False, ["date_outside_plan"]),
        (date(2020, 1, 1), None, False, []),
        (date(2025, 1, 1), None, False, ["date_outside_plan", "date_in_future"]),
        (MARCH, MARCH, False, ["cutoff_consolidated"]),
        (date(2022, 3, 30), MARCH, False, ["cutoff_consolidated"]),
        (date(2022, 4, 1), MARCH, False, []),
        (MARCH, None, True, ["measured_already"]),
        (MARCH, MARCH, True, ["cutoff_consolidated", "measured_already"]),
    ],
)
def test_a_measurement_has_its_dates(on, through, repeated, expected):
    problems = measurement_problems(
        on=on, achieved=Decimal(1), vigencias=range(2020, 2025), today=TODAY, consolidated_through=through,
        repeated=repeated,
    )  # fmt: skip

    assert [problem.code for problem in problems] == expected
    assert all(problem.fix for problem in problems)


@pytest.mark.rule("WF3", "PG-R5")
@pytest.mark.parametrize(
    ("current", "expected", "reason", "sealed", "found"),
    [
        (1, 1, "", False, []),
        (2, 1, "", False, ["stale_edit"]),
        (1, 1, "  ", True, ["reason_missing"]),
        (1, 1, "Error", True, []),
        (2, 1, "", True, ["stale_edit", "reason_missing"]),
    ],
)
def test_a_correction_is_fresh_and_says_why(current, expected, reason, sealed, found):
    problems = stale_edit_problem(current, expected, reason=reason, sealed=sealed)

    assert [problem.code for problem in problems] == found


@pytest.mark.rule("AZ1", "REP-01")
@pytest.mark.parametrize(
    ("kind", "may"),
    [
        (GoalKind.SECTORIAL, {"ana", "jorge", "elena"}),
        (GoalKind.TRAZADORA, {"ana", "jorge", "elena"}),
        (GoalKind.PROYECTO, {"ana", "jorge", "elena", "gabriel"}),
    ],
)
def test_who_may_measure(them, indicator, kind, may):
    indicator.goal.kind = kind
    indicator.goal.save()
    names = ["ana", "jorge", "luis", "marta", "pilar", "diana", "elena", "gabriel", "olga", "alicia", "oscar"]
    did = set()
    for day, name in enumerate(names, start=1):
        try:
            make.measurement(indicator=indicator, by=getattr(them, name), achieved=1, on=date(2022, 3, day))
            did.add(name)
        except PermissionDenied:
            assert name not in may

    assert did == may


def test_an_entity_measures_only_its_own_indicators(them, indicator):
    theirs = make.indicator(goal=indicator.goal, entity=them.second_entity, key="2")

    with pytest.raises(PermissionDenied):
        make.measurement(indicator=theirs, by=them.elena, achieved=1)


def test_a_measurement_leaves_a_row_an_event_and_a_request(them, indicator):
    made = make.measurement(indicator=indicator, by=them.elena, achieved="27.5", analysis="Vamos bien")

    event = AuditEvent.objects.get(verb="measurement_registered")
    assert (event.actor, event.object_id) == (them.elena, str(made.pk))
    assert event.after == {"indicator": indicator.pk, "on": "2022-03-31", "achieved": "27.5", "analysis": "Vamos bien"}
    assert made.analysis.text == "Vamos bien"
    assert Job.objects.get(kind="compute_cutoffs").key == f"compute_cutoffs:{indicator.plan_id}:2022"


def test_a_refused_measurement_leaves_nothing(them, indicator):
    make.measurement(indicator=indicator, by=them.elena, achieved=1)
    events = AuditEvent.objects.count()

    with pytest.raises(Refused) as refused:
        make.measurement(indicator=indicator, by=them.ana, achieved=2)

    assert codes(refused) == ["measured_already"]
    assert Measurement.objects.get().achieved == 1
    assert AuditEvent.objects.count() == events


def test_the_database_refuses_a_negative_amount(them, indicator):
    with pytest.raises(IntegrityError), transaction.atomic():
        Measurement.objects.filter(pk=make.measurement(indicator=indicator, by=them.elena, achieved=1).pk).update(
            achieved=-1
        )


def test_a_correction_keeps_both_values_and_raises_the_version(them, indicator):
    made = make.measurement(indicator=indicator, by=them.elena, achieved=5, analysis="Antes")

    correct(made, by=them.ana, achieved="6", analysis="Después")

    event = AuditEvent.objects.get(verb="measurement_corrected")
    assert (event.before["achieved"], event.before["analysis"]) == ("5.0000", "Antes")
    assert (event.after["achieved"], event.after["analysis"]) == ("6.0000", "Después")
    assert (made.version, made.recorded_by) == (2, them.ana)


@pytest.mark.rule("WF3")
def test_a_stale_correction_overwrites_nothing(them, indicator):
    """Two tabs: both were opened on version 1, the second is told, even if it holds an old object."""
    mine = make.measurement(indicator=indicator, by=them.elena, achieved=5)
    yours = Measurement.objects.get()
    correct(mine, by=them.elena, achieved="6")

    with pytest.raises(Refused) as refused:
        correct(yours, by=them.ana, achieved="7")

    assert codes(refused) == ["stale_edit"]
    assert Measurement.objects.get().achieved == 6


@pytest.mark.parametrize("achieved", ["-1", "NaN", "1e400", "1.23456"])
def test_a_correction_passes_the_checks_of_a_measurement(them, indicator, achieved):
    made = make.measurement(indicator=indicator, by=them.elena, achieved=5)

    with pytest.raises(Refused) as refused:
        correct(made, by=them.elena, achieved=achieved)

    assert codes(refused) == ["achieved_not_valid"]
    assert Measurement.objects.get().version == 1


@pytest.mark.rule("AZ4")
def test_who_changes_only_the_words_does_not_become_the_author_of_the_figure(them, indicator):
    made = make.measurement(indicator=indicator, by=them.jorge, achieved=5)

    correct(made, by=them.ana, achieved="5", analysis="Con tilde")

    assert made.recorded_by == them.jorge
    with pytest.raises(Refused) as refused:
        consolidate(indicator, them)
    assert codes(refused) == ["author_is_approver"]


@pytest.mark.rule("WF5", "WF18")
@pytest.mark.parametrize("name", ["elena", "ana", "gabriel", "alicia", "oscar"])
def test_a_consolidated_figure_is_corrected_only_by_who_consolidates(them, indicator, name):
    made = make.measurement(indicator=indicator, by=them.elena, achieved=5)
    consolidate(indicator, them)

    with pytest.raises(PermissionDenied):
        correct(made, by=getattr(them, name), reason="Error de digitación")
    with pytest.raises(Refused) as refused:
        correct(made, by=them.jorge)
    assert codes(refused) == ["reason_missing"]

    correct(made, by=them.jorge, achieved="6", reason="Error de digitación")
    assert AuditEvent.objects.get(verb="measurement_corrected").reason == "Error de digitación"


@pytest.mark.rule("AZ6")
def test_an_expired_role_measures_nothing_from_midnight(them, indicator):
    membership = them.elena.memberships.get()
    membership.end(on=date(2022, 1, 1), by=them.alicia, reason="Traslado")

    with pytest.raises(PermissionDenied):
        make.measurement(indicator=indicator, by=them.elena, achieved=1)


@pytest.mark.rule("WF1")
@pytest.mark.django_db(transaction=True)
def test_a_double_click_is_one_measurement():
    """Six requests at the same time: one is registered, five are told that it is."""
    them = people.cast()
    plan = make.plan(sector=them.sector)
    indicator = make.indicator(goal=make.goal(objective=make.objective(plan=plan)), entity=them.head)
    start = threading.Barrier(6)
    answers: list[str] = []

    def send():
        start.wait()
        try:
            make.measurement(indicator=indicator, by=them.elena, achieved=1)
            answers.append("registered")
        except Refused as refused:
            answers.append(refused.problems[0].code)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=send) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(answers) == ["measured_already"] * 5 + ["registered"]
    assert AuditEvent.objects.filter(verb="measurement_registered").count() == 1
