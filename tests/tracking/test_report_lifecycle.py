"""SM-2 end to end: a quarter's report opens, is filled in, sent, reviewed and validated; lateness and its instants."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from django.core.exceptions import PermissionDenied

from pes.models import AuditEvent, Job, Membership
from pes.rules.problems import Refused
from plans.lifecycle import AlreadyDone
from plans.models import PlanGestion
from tests import people, plan_makers, report_makers
from tests.answers import codes
from tracking import lifecycle, notices
from tracking.models import GoalReport, Notice, NoticeKind, QuarterReport, ReportVersion
from tracking.rules.report_states import ReportStatus

pytestmark = pytest.mark.django_db


@pytest.fixture
def them() -> people.Cast:
    return people.cast()


@pytest.fixture
def plan(them: people.Cast) -> PlanGestion:
    return plan_makers.management_plan(unit=them.process, by=them.luis, goals=2)


@pytest.mark.rule("SM-2", "CAL-01", "WF15")
def test_a_report_opens_once_after_its_quarter_with_its_legal_due_date(plan: PlanGestion) -> None:
    assert lifecycle.open_reports(2022, 1, now=report_makers.opened_on(2022, 1)) == 1
    assert lifecycle.open_reports(2022, 1, now=report_makers.opened_on(2022, 1)) == 0
    report = plan.reports.get()
    assert (report.status, report.due_on) == (ReportStatus.OPEN, date(2022, 4, 18))
    assert GoalReport.objects.filter(report=report, narrative__analysis="").count() == 2
    assert AuditEvent.objects.filter(verb="report_opened").count() == 1
    assert Notice.objects.filter(report=report, kind="opened").exists()


@pytest.mark.rule("SM-2", "WF22")
def test_no_report_opens_before_its_quarter_has_ended(plan: PlanGestion) -> None:
    last_second = datetime(2023, 1, 1, 4, 59, 59, tzinfo=UTC)
    with pytest.raises(ValueError, match="has not ended"):
        lifecycle.open_reports(2022, 4, now=last_second)
    assert lifecycle.open_reports(2022, 4, now=datetime(2023, 1, 1, 5, tzinfo=UTC)) == 1


@pytest.mark.rule("SM-2", "PG-R1", "PG-09h")
def test_the_whole_way_to_validated(plan: PlanGestion, them: people.Cast) -> None:
    report = report_makers.report(plan, status="validated")
    assert (report.status, report.submitted_by, report.validated_by) == ("validated", them.luis, them.ana)
    assert not report.is_late
    assert [one.event for one in report.versions.order_by("number")] == ["submitted", "validated"]
    assert all(goal.first_reported_at for goal in plan.goals.all())
    assert Job.objects.filter(kind=lifecycle.PROGRESS_JOB).exists()


@pytest.mark.rule("WF14")
@pytest.mark.parametrize(
    ("instant", "late"),
    [
        (datetime(2022, 4, 19, 4, 59, 59, 999_999, tzinfo=UTC), False),
        (datetime(2022, 4, 19, 5, 0, 0, tzinfo=UTC), True),
    ],
    ids=["last_instant", "first_after"],
)
def test_lateness_is_decided_at_midnight_in_bogota(plan: PlanGestion, instant: datetime, late: bool) -> None:
    report = report_makers.report(plan, status="filling")
    lifecycle.submit(report, by=report.plan.opened_by, now=instant)
    assert report_makers.again(report).is_late is late


@pytest.mark.rule("WF1", "WF2")
def test_a_second_click_changes_nothing(plan: PlanGestion, them: people.Cast) -> None:
    report = report_makers.report(plan, status="submitted")
    with pytest.raises(AlreadyDone):
        lifecycle.submit(report, by=them.luis)
    assert ReportVersion.objects.filter(report=report).count() == 1


@pytest.mark.rule("PG-R4", "AZ5", "AZ4")
def test_who_does_not_answer_for_the_plan_does_not_send_and_who_sent_does_not_validate(
    plan: PlanGestion, them: people.Cast
) -> None:
    report = report_makers.report(plan, status="filling")
    with pytest.raises(PermissionDenied):
        lifecycle.submit(report, by=them.pilar)
    with pytest.raises(PermissionDenied):
        lifecycle.submit(report, by=them.jorge)


@pytest.mark.rule("PG-R1", "PG-R2", "PG-R3")
def test_an_incomplete_report_is_not_sent(plan: PlanGestion, them: people.Cast) -> None:
    report = report_makers.report(plan)
    with pytest.raises(Refused) as refused:
        lifecycle.submit(report, by=them.luis)
    assert "figure_missing" in codes(refused)
    assert QuarterReport.objects.get(pk=report.pk).status == ReportStatus.OPEN


@pytest.mark.rule("WF18")
def test_only_a_reasoned_reopening_brings_a_validated_report_back(plan: PlanGestion, them: people.Cast) -> None:
    report = report_makers.report(plan, status="validated")
    with pytest.raises(PermissionDenied):
        lifecycle.reopen(report, reason="Error", by=them.ana)
    with pytest.raises(Refused):
        lifecycle.reopen(report, reason=" ", by=them.jorge)
    lifecycle.reopen(report, reason="Cifra equivocada", by=them.jorge)
    assert report_makers.again(report).status == ReportStatus.IN_REVIEW
    assert report.versions.count() == 2


@pytest.mark.rule("CAL-01")
def test_an_extension_gives_days_with_a_reason(plan: PlanGestion, them: people.Cast) -> None:
    report = report_makers.report(plan)
    noon = report_makers.opened_on(2022, 1, days=2)
    with pytest.raises(PermissionDenied):
        lifecycle.extend(report, to=date(2022, 4, 25), reason="Fallas", by=them.ana, now=noon)
    with pytest.raises(Refused):
        lifecycle.extend(report, to=date(2022, 4, 18), reason="Fallas", by=them.jorge, now=noon)
    lifecycle.extend(report, to=date(2022, 4, 25), reason="Fallas", by=them.jorge, now=noon)
    report = report_makers.again(report)
    assert (report.legal_due_on, report.due_on) == (date(2022, 4, 18), date(2022, 4, 25))
    assert report.extensions.count() == 1


@pytest.mark.rule("AZ20", "WF23")
def test_a_report_of_an_analyst_who_left_is_told_to_whoever_reviews_now(plan: PlanGestion, them: people.Cast) -> None:
    report = report_makers.report(plan, status="in_review")
    Membership.objects.filter(user=report.reviewer).update(ends_on=date(2022, 1, 1))
    Notice.objects.all().delete()

    notices.tell_reviewers(report, NoticeKind.REOPENED, now=report_makers.opened_on(2022, 1, days=5))

    assert [one.user for one in Notice.objects.all()] == [them.jorge]


@pytest.mark.rule("WF3", "PG-08")
def test_nobody_accepts_or_sends_figures_that_were_not_on_the_page(them) -> None:
    plan = plan_makers.management_plan(unit=them.process, by=them.luis)
    for verb, by, status in (("submit", them.luis, "filling"), ("validate", them.ana, "in_review")):
        found = report_makers.report(plan, 1 if verb == "submit" else 2, status=status)
        seen = found.revision
        found.touch()

        with pytest.raises(Refused) as refused:
            getattr(lifecycle, verb)(found, by=by, seen=seen)

        assert codes(refused) == ["report_changed"]
        assert "Lo último escrito es la meta 1" in refused.value.problems[0].message
        assert getattr(lifecycle, verb)(found, by=by, seen=seen + 1)
