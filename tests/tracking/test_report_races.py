"""Twelve who decide about a report at once: exactly one wins, and what they decided on is what was frozen (WF1, WF2)."""

from __future__ import annotations

import threading
import time
from datetime import date
from decimal import Decimal
from functools import partial

import pytest
from django.db import transaction

from pes.models import AuditEvent, Membership, User
from pes.permissions import Role
from pes.rules.problems import Refused
from plans.content import digest_of
from plans.lifecycle import AlreadyDone, note_all_consolidated
from tests import people, plan_makers, report_makers
from tests.races import at_once, together
from tracking import lifecycle
from tracking.content import content_of, reading_of
from tracking.corrections import correct
from tracking.models import GoalReport, QuarterReport, ReportObservation, ReportVersion
from tracking.report_returns import return_report
from tracking.rules.report_states import ReportStatus

pytestmark = pytest.mark.django_db(transaction=True)
MANY = 12


def report_in(status: str) -> tuple[QuarterReport, people.Cast]:
    """A report on its way."""
    them = people.cast()
    plan = plan_makers.management_plan(unit=them.process, by=them.luis, goals=2)
    return report_makers.report(plan, status=status), them


def analysts(them: people.Cast) -> list[User]:
    return [people.person(f"Analista {number:02}", Role.ANALISTA_OAP, them.sector) for number in range(MANY)]


@pytest.mark.rule("WF2")
def test_twelve_who_take_it_at_once_leave_one_analyst_and_hear_who() -> None:
    report, them = report_in("submitted")

    won, refused = together(lambda who: lifecycle.take(report, by=who), everybody := analysts(them))

    assert (len(won), len(refused)) == (1, len(everybody) - 1)
    assert report_makers.again(report).reviewer == won[0]
    assert all(won[0].full_name in found.problems[0].message for found in refused)
    assert AuditEvent.objects.filter(verb="report_taken").count() == 1


@pytest.mark.rule("WF2")
def test_accepting_and_returning_at_once_is_one_decision_and_leaves_nothing_of_the_others() -> None:
    report, them = report_in("in_review")
    everybody = analysts(them)
    acts = (partial(lifecycle.validate, report), partial(return_report, report, "Falta el acta."))

    won, refused = together(lambda who: acts[everybody.index(who) % 2](by=who), everybody)

    assert (len(won), len(refused)) == (1, MANY - 1)
    returned = everybody.index(won[0]) % 2 == 1
    state = ReportStatus.RETURNED if returned else ReportStatus.VALIDATED
    assert report_makers.again(report).status == state
    assert ReportObservation.objects.count() == returned
    assert ReportVersion.objects.filter(event="validated").count() == (not returned)


@pytest.mark.rule("WF1")
def test_a_report_sent_by_its_leader_twelve_times_at_once_is_sent_once() -> None:
    report, them = report_in("filling")
    delegate = people.person("Dora Delegada")
    Membership.grant(user=delegate, unit=them.process, role=Role.DELEGADO, starts_on=people.SINCE, by=None)

    won, refused = together(partial(_submit, report), [them.luis] * (MANY - 1) + [delegate])

    assert (len(won), len(refused)) == (1, MANY - 1)
    version = ReportVersion.objects.get()
    assert version.by == won[0] == report_makers.again(report).submitted_by
    again = [one for one in refused if isinstance(one, AlreadyDone)]
    assert len(again) == (MANY - 2 if won[0] == them.luis else 0)


@pytest.mark.rule("WF19", "JB15")
def test_what_is_accepted_while_others_correct_is_what_is_frozen() -> None:
    report, them = report_in("in_review")
    everybody = analysts(them)
    row = GoalReport.objects.select_related("goal").get(report=report, goal__number=1)

    def act(who: User) -> None:
        number = everybody.index(who)
        if number == MANY // 2:
            lifecycle.validate(report, by=who)
        else:
            correct(row, "achieved", 25 + Decimal(number + 1) / 100, reason="El acta lo dice", by=who)

    won, refused = together(act, everybody)

    assert everybody[MANY // 2] in won
    assert len(won) + len(refused) == MANY
    frozen = ReportVersion.objects.get(event="validated")
    assert frozen.digest == digest_of(frozen.content) == digest_of(content_of(reading_of(report_makers.again(report))))
    assert row.corrections.count() == len(won) - 1


def _submit(report: QuarterReport, who: User) -> None:
    lifecycle.submit(report, by=who, now=report_makers.opened_on(2022, 1, days=5))


@pytest.mark.rule("CAL-01", "JB15")
def test_a_term_is_not_extended_behind_a_close_that_was_waited_for() -> None:
    """On PostgreSQL a row that is read beside the one that was waited for is as old as the question."""
    report, them = report_in("open")
    is_held = threading.Event()

    def close() -> None:
        with transaction.atomic():
            QuarterReport.hold(report.pk)
            is_held.set()
            time.sleep(0.5)
            note_all_consolidated([report.plan_id], 1)

    def extend() -> None:
        is_held.wait(20)
        now = report_makers.opened_on(2022, 1)
        lifecycle.extend(report, to=date(2022, 4, 29), reason="Se cayó el sistema", by=them.jorge, now=now)

    (refused,) = at_once(close, extend)

    assert isinstance(refused, Refused)
    assert [problem.code for problem in refused.problems] == ["quarter_closed"]
