"""The checklist of the methodological review, answered about a version that was sent (PG-V1; procedure, act. 4)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from pes import audit
from pes.access import demand
from pes.models import User
from pes.permissions import Permission
from pes.rules.problems import Problem, Refused
from plans.models import PlanGestion, PlanVersion, ReviewCheck
from plans.rules.findings import Finding
from plans.rules.plan_states import PlanStatus, ReviewItem, automatic_answer
from plans.versions import last_submission


@dataclass(frozen=True, slots=True)
class Answer:
    """What a reviewer answers to a question, and why."""

    passed: bool
    note: str = ""


@transaction.atomic
def check(plan: PlanGestion, answers: Mapping[ReviewItem, Answer], *, by: User) -> None:
    """Answer some questions about the version in review; an answer may be corrected until the plan leaves it.

    Raises PermissionDenied, or Refused: not in review, a question that the system answers by itself.
    """
    demand(by, Permission.PLAN_REVIEW, plan)
    held = PlanGestion.hold(plan.pk)
    version = last_submission(held)
    if held.status != PlanStatus.IN_REVIEW or version is None:
        message = f"El plan está en estado «{PlanStatus(held.status).label}»: no se verifica ahora."
        raise Refused([Problem("not_under_review", "SM-1", message, fix="Se verifica mientras está en revisión.")])
    if any(item.is_automatic for item in answers):
        message = "Esa pregunta la responde el sistema con las reglas PT-02 a PT-04."
        raise Refused([Problem("answered_by_rules", "PG-V1", message, fix="Responda las demás.")])
    before, after = _put(version, answers, by)
    if after:
        audit.record("review_checked", held, by=by, before=before, after=after)


def checklist_of(version: PlanVersion | None) -> dict[ReviewItem, bool | None]:
    """What a person has answered about a version; None is not yet."""
    found = dict(ReviewCheck.objects.filter(version=version).values_list("item", "passed")) if version else {}
    return {item: found.get(item.value) for item in ReviewItem if not item.is_automatic}


def automatic_checks(findings: Sequence[Finding]) -> dict[ReviewItem, bool | None]:
    """What the rules answer by themselves."""
    return {item: automatic_answer(item, findings) for item in ReviewItem if item.is_automatic}


def _put(
    version: PlanVersion, answers: Mapping[ReviewItem, Answer], by: User
) -> tuple[dict[str, object], dict[str, object]]:
    """Write what differs; the answers before and after."""
    stored = {row.item: row for row in ReviewCheck.objects.filter(version=version)}
    before: dict[str, object] = {}
    after: dict[str, object] = {}
    for item, given in answers.items():
        note, row = given.note.strip()[:500], stored.get(item.value)
        if row is not None and (row.passed, row.note) == (given.passed, note):
            continue
        ReviewCheck.objects.update_or_create(
            version=version,
            item=item.value,
            defaults={"passed": given.passed, "note": note, "by": by, "at": timezone.now()},
        )
        before[item.value] = _words(row.passed, row.note) if row else None
        after[item.value] = _words(given.passed, note)
    return before, after


def _words(passed: bool, note: str) -> str:
    """An answer as the audit trail shows it."""
    return f"{'Cumple' if passed else 'No cumple'}{f': {note}' if note else ''}"
