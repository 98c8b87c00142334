"""Any random sequence of acts of SM-3 keeps the invariants (WF24)."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from decimal import Decimal
from typing import Any, ClassVar

import pytest
import time_machine
from django.db import transaction
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

from pes.rules.problems import Refused
from plans import change_requests, lifecycle
from plans.content import digest_of
from plans.models import ChangeRequest, Goal, PlanGestion, PlanVersion
from plans.rules.change_states import OPEN, TERMINAL, ChangeStatus
from plans.rules.changes import ChangeKind, Ground
from plans.rules.goals import GoalKind
from tests.change_makers import MAY, MEMO, WHY, World, opine, world

PROPOSALS = (
    {"t3": "20", "t4": "30"},
    {"t2": "20", "t3": "30"},
    {"magnitude": "110", "t4": "35"},
    {"text": "Atender 100 solicitudes por todos los canales"},
    {"t1": "5", "t4": "45"},
)


class Requests(RuleBasedStateMachine):
    """Leaders, advisers and the OAP act on the goals of one published plan while the year goes by."""

    world: World
    plan: PlanGestion
    reached: ClassVar[set[str]] = set()

    @initialize()
    def begin(self) -> None:
        self.savepoint = transaction.atomic()
        self.savepoint.__enter__()
        self.clock = time_machine.travel(MAY, tick=False)
        self.traveller = self.clock.start()
        self.ended: dict[int, str] = {}
        self.digests: list[str] = []

    def teardown(self) -> None:
        if hasattr(self, "savepoint"):
            self.clock.stop()
            transaction.set_rollback(True)
            self.savepoint.__exit__(None, None, None)

    @rule(
        number=st.integers(1, 4),
        kind=st.sampled_from(ChangeKind),
        ground=st.sampled_from(Ground),
        proposed=st.sampled_from(PROPOSALS),
    )
    def ask(self, number: int, kind: ChangeKind, ground: Ground, proposed: dict[str, str]) -> None:
        goal = self.plan.goals.get(number=number)
        by = self.world.them.luis
        texts = {} if kind is ChangeKind.ELIMINATE else proposed
        words = {"ground": ground, "justification": WHY, "memo": MEMO, "proposed": texts, "local_office": None}

        def draft_and_file() -> None:
            request = change_requests.draft(goal, kind, by=by)
            change_requests.save(request, **words, by=by)
            change_requests.file(request, by=by)

        self.attempt(draft_and_file)

    @rule(data=st.data(), is_favourable=st.sampled_from([True, True, False]))
    @precondition(lambda self: self.standing(ChangeStatus.AWAITING_OPINION))
    def advise(self, data: Any, is_favourable: bool) -> None:
        request = self.one(data, ChangeStatus.AWAITING_OPINION)
        self.attempt(lambda: opine(request, self.world, is_favourable=is_favourable))

    @rule(data=st.data())
    @precondition(lambda self: self.standing(ChangeStatus.FILED))
    def study(self, data: Any) -> None:
        self.attempt(lambda: change_requests.study(self.one(data, ChangeStatus.FILED), by=self.world.them.ana))

    @rule(data=st.data(), approve=st.sampled_from([True, True, False]))
    @precondition(lambda self: self.standing(ChangeStatus.UNDER_STUDY))
    def decide(self, data: Any, approve: bool) -> None:
        act = change_requests.approve if approve else change_requests.deny
        request = self.one(data, ChangeStatus.UNDER_STUDY)
        self.attempt(lambda: act(request, reason="Estudiada.", by=self.world.them.jorge))

    @rule(data=st.data())
    @precondition(lambda self: self.standing(ChangeStatus.APPROVED))
    def apply(self, data: Any) -> None:
        request, today = self.one(data, ChangeStatus.APPROVED), timezone.localdate()
        case = {"hola_case": "HOLA-1", "hola_on": today, "by": self.world.them.luis}
        self.attempt(lambda: change_requests.apply(request, **case))

    @rule(data=st.data())
    @precondition(lambda self: self.standing(*OPEN - {ChangeStatus.APPROVED}))
    def withdraw(self, data: Any) -> None:
        request = self.one(data, *OPEN - {ChangeStatus.APPROVED})
        self.attempt(lambda: change_requests.withdraw(request, by=self.world.them.luis))

    @rule(days=st.sampled_from([1, 20, 50]))
    def time_goes_by(self, days: int) -> None:
        self.traveller.shift(timedelta(days=days))

    @rule(number=st.integers(1, 4))
    def a_goal_is_reported(self, number: int) -> None:
        Goal.objects.filter(plan=self.plan, number=number, status="active").update(first_reported_at=timezone.now())
        lifecycle.note_consolidated(self.plan, 1)

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
        versions = list(PlanVersion.objects.filter(plan=self.plan).order_by("number"))
        digests = [version.digest for version in versions]
        assert [version.number for version in versions] == list(range(1, len(versions) + 1))
        assert digests == [digest_of(version.content) for version in versions]
        assert digests[: len(self.digests)] == self.digests
        ended = dict(ChangeRequest.objects.filter(status__in=TERMINAL).values_list("pk", "status"))
        assert {pk: ended[pk] for pk in self.ended} == self.ended
        self.digests, self.ended = digests, ended
        self.reached.update(ended.values())

    @invariant()
    def the_first_quarter_stays_as_it_was_measured(self) -> None:
        first = self.plan.goals.in_force().filter(targets__quarter=1).values_list("targets__programmed", flat=True)
        assert set(first) == {Decimal(25)}

    def standing(self, *states: ChangeStatus) -> bool:
        return ChangeRequest.objects.filter(status__in=states).exists()

    def one(self, data: Any, *states: ChangeStatus) -> ChangeRequest:
        found = list(ChangeRequest.objects.filter(status__in=states).order_by("pk"))
        return data.draw(st.sampled_from(found), label="request")

    def attempt(self, act: Any) -> None:
        """Acts are legal where SM-3 has the edge; policy 9 may still refuse, and then nothing of it stays."""
        try:
            with transaction.atomic():
                act()
        except Refused:
            pass


@pytest.mark.django_db
@pytest.mark.rule("WF24", "SM-3", "W-02")
def test_any_sequence_of_acts_keeps_the_invariants():
    with time_machine.travel(MAY, tick=False):
        Requests.world = world()
        shared = {"kind": GoalKind.TRANSVERSAL, "central_area": Requests.world.leading.code}
        Requests.plan = Requests.world.plan(goals=[{}, {}, {}, shared])

    run_state_machine_as_test(Requests, settings=settings(max_examples=25, stateful_step_count=30))

    assert Requests.reached == TERMINAL  # the walks did get everywhere
