"""Any random sequence of acts on the quarters of a plan keeps the invariants (WF24): SM-2, SM-3 and the close together."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from decimal import Decimal
from typing import Any, ClassVar

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from django.utils import timezone
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from evaluation.models import GoalResult, QuarterClose, QuarterPublication, UnitResult
from evaluation.quarter_closes import consolidate
from evaluation.quarter_publications import publish_close
from pes import jobs
from pes.models import AuditEvent, User
from pes.rules.problems import Refused
from plans import change_requests
from plans.content import digest_of, plain
from plans.models import ChangeRequest, PlanGestion
from plans.rules.change_states import OPEN, ChangeStatus
from plans.rules.changes import ChangeKind, Ground
from tests import people, plan_makers, report_makers
from tests.change_makers import HOLA, MEMO, WHY
from tracking import lifecycle
from tracking.content import TEXTS
from tracking.corrections import correct
from tracking.filling import EntryChange, write_entries
from tracking.models import (
    DueExtension,
    Evidence,
    GoalReport,
    QuarterReport,
    ReportObservation,
    ReportObservationTurn,
    ReportVersion,
    TechnicalCorrection,
)
from tracking.report_observations import answer, raise_observation
from tracking.report_returns import return_report
from tracking.rules.goal_reports import ENTRY_BY_NAME
from tracking.rules.report_states import OFFICIAL, ReportStatus

START = report_makers.opened_on(2022, 1)
GOALS = 2
HISTORY: tuple[type[models.Model], ...] = (
    AuditEvent,
    DueExtension,
    Evidence,
    ReportObservation,
    ReportObservationTurn,
    ReportVersion,
    TechnicalCorrection,
    QuarterClose,
    QuarterPublication,
)
WHO = st.sampled_from(["luis", "pilar", "ana", "jorge", "diana"])
PICK = st.integers(0, 3)  # which of the reports that there are
AMOUNT = st.sampled_from([0, 12, 25, 30, 40])
WORDS: dict[str, Any] = {
    "accumulated_analysis": "Avanza.",
    "analysis": "Se atendió.",
    "delay_causes": "Faltó.",
    "explanation": "Hubo más.",
}


class Quarters(RuleBasedStateMachine):
    """Everybody acts on the quarters of one published plan while the year goes by; not all of them may."""

    them: people.Cast
    plan: PlanGestion
    reached: ClassVar[set[str]] = set()

    @initialize()
    def begin(self) -> None:
        self.savepoint = transaction.atomic()
        self.savepoint.__enter__()
        self.clock = time_machine.travel(START, tick=False)
        self.traveller = self.clock.start()
        self.versions: dict[int, str] = {}
        self.runs: dict[int, tuple[Any, ...]] = {}
        self.late: dict[int, bool] = {}
        self.counts: Counter[type[models.Model]] = Counter()
        lifecycle.open_reports(2022, 1)

    def teardown(self) -> None:
        if hasattr(self, "savepoint"):
            self.clock.stop()
            transaction.set_rollback(True)
            self.savepoint.__exit__(None, None, None)

    @rule(days=st.sampled_from([2, 20, 50]))
    def time_goes_by(self, days: int) -> None:
        self.traveller.shift(timedelta(days=days))

    @rule()
    def the_quarter_that_ended_opens(self) -> None:
        self.attempt(lambda: lifecycle.open_reports(2022, self.plan.reports.count() + 1))

    @rule(pick=PICK, steps=st.integers(1, 4))
    def what_ought_to_happen_happens(self, pick: int, steps: int) -> None:
        """So that walks get far; each step still asks for power and rules."""
        for _ in range(steps):
            self.act(pick, self.next_step)

    @rule(pick=PICK, number=st.integers(1, GOALS), amount=AMOUNT, who=WHO)
    def somebody_writes(self, pick: int, number: int, amount: int, who: str) -> None:
        change = EntryChange(number, {"achieved": Decimal(amount)})
        self.act(pick, lambda report: write_entries(report, [change], by=self.one(who)))

    @rule(pick=PICK, who=WHO, verb=st.sampled_from(["submit", "take", "send_back", "validate"]))
    def somebody_decides(self, pick: int, who: str, verb: str) -> None:
        self.act(pick, lambda report: getattr(lifecycle, verb)(report, by=self.one(who)))

    @rule(pick=PICK, who=st.sampled_from(["ana", "ana", "luis"]), days=st.sampled_from([0, 30]))
    def somebody_returns_and_it_comes_again(self, pick: int, who: str, days: int) -> None:
        """From wherever it is; so that walks also come back."""
        for _ in range(2):
            self.act(pick, lambda report: self.next_step(report) if self.is_on_its_way(report) else None)
        self.act(pick, lambda report: return_report(report, "Falta el acta.", by=self.one(who)))
        self.traveller.shift(timedelta(days=days))
        self.act(pick, lambda report: self.next_step(report) if report.is_editable else None)

    @rule(pick=PICK, who=st.sampled_from(["jorge", "jorge", "ana"]), reason=st.sampled_from(["Se revisa", " "]))
    def somebody_reopens(self, pick: int, who: str, reason: str) -> None:
        """Once it was accepted; so that walks also come back from there."""
        self.come_to_acceptance(pick)
        self.act(pick, lambda report: lifecycle.reopen(report, reason=reason, by=self.one(who)))

    @rule(pick=PICK, days=st.sampled_from([-1, 7, 28]), who=st.sampled_from(["jorge", "jorge", "ana"]))
    def somebody_extends(self, pick: int, days: int, who: str) -> None:
        self.act(
            pick,
            lambda report: lifecycle.extend(
                report, to=report.due_on + timedelta(days=days), reason="Fallas", by=self.one(who)
            ),
        )

    @rule(pick=PICK, number=st.integers(0, GOALS), who=st.sampled_from(["ana", "ana", "luis"]))
    def somebody_observes(self, pick: int, number: int, who: str) -> None:
        def observe(report: QuarterReport) -> None:
            entry = report.entries.filter(goal__number=number).select_related("goal").first()
            text = f"Falta el soporte {report.observations.count()}."
            raise_observation(report, entry, "", text, by=self.one(who))

        self.act(pick, observe)

    @rule(pick=PICK, who=st.sampled_from(["luis", "pilar", "ana", "diana"]))
    def somebody_answers(self, pick: int, who: str) -> None:
        def reply(report: QuarterReport) -> None:
            thread = report.observations.first()
            if thread is not None:
                answer(thread, f"Va el {thread.turns.count()}.", by=self.one(who))

        self.act(pick, reply)

    @rule(pick=PICK, number=st.integers(1, GOALS), amount=AMOUNT, who=st.sampled_from(["ana", "ana", "luis"]))
    def somebody_corrects(self, pick: int, number: int, amount: int, who: str) -> None:
        def fix(report: QuarterReport) -> None:
            row = report.entries.select_related("goal").get(goal__number=number)
            correct(row, "achieved", Decimal(amount), reason="Lo dice el acta", by=self.one(who))

        self.act(pick, fix)

    @rule(pick=PICK, who=st.sampled_from(["jorge", "ana", "luis"]))
    def somebody_consolidates(self, pick: int, who: str) -> None:
        """Once it was accepted and its term is over; or too early, as it may be."""
        if who == "jorge":
            self.come_to_acceptance(pick)
            self.traveller.shift(timedelta(days=30))
        self.act(pick, lambda report: self.close(report, who))

    @rule(who=st.sampled_from(["jorge", "luis"]))
    @precondition(lambda self: QuarterClose.objects.exists())
    def publication(self, who: str) -> None:
        self.attempt(lambda: publish_close(self.last_run(), by=self.one(who), note="Corrige la anterior"))

    @rule(
        number=st.integers(1, GOALS),
        texts=st.sampled_from([{"t3": "20", "t4": "30"}, {"magnitude": "110", "t4": "35"}]),
    )
    def a_change_is_asked(self, number: int, texts: dict[str, str]) -> None:
        goal, by = self.plan.goals.get(number=number), self.them.luis
        words = {"ground": Ground.ORDINARY, "justification": WHY, "memo": MEMO, "proposed": texts, "local_office": None}

        def ask() -> None:
            request = change_requests.draft(goal, ChangeKind.MODIFY, by=by)
            change_requests.save(request, **words, by=by)
            change_requests.file(request, by=by)

        self.attempt(ask)

    @rule()
    @precondition(lambda self: ChangeRequest.objects.filter(status__in=OPEN).exists())
    def a_change_goes_on(self) -> None:
        request, them = ChangeRequest.objects.filter(status__in=OPEN).order_by("pk").last(), self.them
        assert request is not None
        today = timezone.localdate()
        self.attempt(
            {
                ChangeStatus.DRAFT: lambda: change_requests.file(request, by=them.luis),
                ChangeStatus.FILED: lambda: change_requests.study(request, by=them.ana),
                ChangeStatus.UNDER_STUDY: lambda: change_requests.approve(request, reason="Bien", by=them.jorge),
                ChangeStatus.APPROVED: lambda: change_requests.apply(
                    request, hola_case=HOLA["hola_case"], hola_on=today, by=them.luis
                ),
            }[ChangeStatus(request.status)]
        )

    @invariant()
    def weights_sum_100(self) -> None:
        weights = self.plan.goals.in_force().values_list("weight", flat=True)
        assert sum(weights) == Decimal("100.00")

    @invariant()
    def one_open_request_a_goal(self) -> None:
        open_ = Counter(ChangeRequest.objects.filter(status__in=OPEN).values_list("goal", flat=True))
        assert all(count == 1 for count in open_.values())

    @invariant()
    def history_only_grows(self) -> None:
        counts = Counter({model: model._default_manager.count() for model in HISTORY})
        assert all(counts[model] >= self.counts[model] for model in HISTORY)
        self.counts = counts

    @invariant()
    def what_was_frozen_stays(self) -> None:
        frozen = {row.pk: (row.digest, digest_of(row.content)) for row in ReportVersion.objects.all()}
        assert all(said == found for said, found in frozen.values())
        versions = {pk: digest for pk, (digest, _) in frozen.items()}
        assert versions.items() >= self.versions.items()
        runs = {close.pk: _rows(close) for close in QuarterClose.objects.all()}
        assert {pk: runs[pk] for pk in self.runs} == self.runs
        self.versions, self.runs = versions, runs

    @invariant()
    def what_counts_is_what_was_accepted(self) -> None:
        reports = list(QuarterReport.objects.prefetch_related("versions", "entries__narrative", "entries__goal"))
        self.reached.update(
            AuditEvent.objects.filter(verb__in=lifecycle.TRACES.values()).values_list("verb", flat=True)
        )
        for report in reports:
            last = next(iter(report.versions.all()), None)
            if report.status in OFFICIAL:
                assert last is not None
                assert last.event == ReportVersion.Event.VALIDATED
                accepted = {goal["number"]: [goal[name] for name in ENTRY_BY_NAME] for goal in last.content["goals"]}
                assert {row.goal.number: _said(row) for row in report.entries.all()} == accepted

    @invariant()
    def lateness_is_said_once(self) -> None:
        sent = QuarterReport.objects.exclude(first_submitted_at=None).values_list("pk", "is_late")
        late = dict(sent)
        assert late.items() >= self.late.items()
        self.late = late

    def is_on_its_way(self, report: QuarterReport) -> bool:
        return report.is_editable or report.status == ReportStatus.SUBMITTED

    def next_step(self, report: QuarterReport) -> None:
        """The next act of the way of a report, by who takes it."""
        status = ReportStatus(report.status)
        if report.is_editable:
            self.complete(report)
        elif status is ReportStatus.SUBMITTED:
            lifecycle.take(report, by=self.them.ana)
        elif status is ReportStatus.IN_REVIEW:
            lifecycle.validate(report, by=self.them.ana)
        elif status is ReportStatus.VALIDATED:
            self.close(report, "jorge")
        elif status is ReportStatus.CONSOLIDATED:
            publish_close(self.last_run(), by=self.them.jorge, note="Corrige la anterior")

    def come_to_acceptance(self, pick: int) -> None:
        for _ in range(3):
            self.act(pick, lambda report: None if report.status in OFFICIAL else self.next_step(report))

    def complete(self, report: QuarterReport) -> None:
        """Fill in what is missing, answer what was observed, and send."""
        for row in report.entries.select_related("goal"):
            values = WORDS if row.achieved is not None else WORDS | {"achieved": Decimal(25)}
            write_entries(report, [EntryChange(row.goal.number, values)], by=self.them.pilar)
            if not row.evidence.exists():
                report_makers.prove(row, by=self.them.pilar)
        for thread in report.observations.all():
            answer(thread, "Hecho.", by=self.them.luis)
        lifecycle.submit(report, by=self.them.luis)

    def close(self, report: QuarterReport, who: str) -> None:
        """Ask for a run of the close of the report's quarter, and have it made."""
        job = consolidate(self.them.head, 2022, report.quarter, "central", by=self.one(who), reason="Algo nuevo")
        jobs.run_now(job)

    def last_run(self) -> QuarterClose:
        return QuarterClose.objects.order_by("pk").reverse()[0]

    def one(self, name: str) -> User:
        person: User = getattr(self.them, name)
        return person

    def act(self, pick: int, what: Any) -> None:
        """Something done to one of the reports that there are."""
        reports = list(QuarterReport.objects.select_related("plan__unit__parent").order_by("quarter"))
        self.attempt(lambda: what(reports[pick % len(reports)]))

    def attempt(self, act: Any) -> None:
        """Legal or not: what is refused leaves nothing behind."""
        try:
            with transaction.atomic():
                act()
        except (Refused, PermissionDenied, ValueError):
            pass


def _said(row: GoalReport) -> list[str | None]:
    """What a row says, as a version keeps it."""
    values = [getattr(row.narrative if name in TEXTS else row, name) for name in ENTRY_BY_NAME]
    return [f"{plain(value):f}" if isinstance(value, Decimal) else value for value in values]


def _rows(close: QuarterClose) -> tuple[Any, ...]:
    rows = (
        tuple(model._default_manager.filter(close=close).order_by("pk").values_list())
        for model in (UnitResult, GoalResult)
    )
    return (close.digest, close.run, *rows)


@pytest.mark.django_db
@pytest.mark.rule("WF24", "SM-2", "WF18", "WF5")
def test_any_sequence_of_acts_on_a_plans_quarters_keeps_the_invariants() -> None:
    with time_machine.travel(START, tick=False):
        Quarters.them = people.cast()
        Quarters.plan = plan_makers.management_plan(unit=Quarters.them.process, by=Quarters.them.luis, goals=GOALS)

    run_state_machine_as_test(Quarters, settings=settings(max_examples=8, stateful_step_count=30))

    assert Quarters.reached == set(lifecycle.TRACES.values())  # the walks did get everywhere
