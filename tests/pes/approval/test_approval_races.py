"""Two browsers at the same moment: one approval for many clicks, and none for a version that was replaced (LC-08)."""

from __future__ import annotations

import pytest

from pes.approval.deciding import approve
from pes.approval.presenting import present
from pes.models import ApprovalRound, AuditEvent, EntityDecision, PesVersion
from pes.rules.approval_states import ApprovalStatus
from pes.rules.problems import Refused
from tests.pes.approval import worlds
from tests.races import at_once

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.rule("LC-08")]


def test_many_clicks_at_once_are_one_approval_and_a_new_version_has_none():
    made = worlds.world()
    version, (elena, sara), (head, second) = worlds.requested(made), made.links, made.entities

    assert at_once(*[lambda: approve(version, head, by=elena) for _ in range(6)]) == []
    assert AuditEvent.objects.filter(verb="pes_approved").count() == EntityDecision.objects.count() == 1

    worlds.write(made, "legal", "<p>Marco nuevo.</p>")
    late = at_once(
        lambda: approve(version, second, by=sara),
        lambda: present(made.plan, respond_by=version.respond_by, by=made.who.ana),
    )

    assert all(isinstance(error, Refused) and error.problems[0].code == "version_replaced" for error in late), late
    assert PesVersion.objects.get(number=2).decisions.count() == 0
    assert ApprovalRound.objects.get().state == ApprovalStatus.PRESENTED
