"""The verbs of the viability check: answer its questions, run it and freeze the run."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from evaluation.models import ViabilityAnswer, ViabilityCheck
from evaluation.rules.improvement import text_problems
from evaluation.rules.viability import Said, Viability, from_json, judge, to_json
from evaluation.rules.viability_terms import Answer, Requirement
from evaluation.serial import digest
from evaluation.viability.facts import counted
from pes import audit
from pes.access import demand
from pes.duplicates import once
from pes.models import SectorPlan, User, Vigencia
from pes.permissions import Permission
from pes.rules.problems import Problem, refuse_if_any
from plans.rules.values import tidy

EDIT = Permission.PES_EDIT


@transaction.atomic
def answer_question(
    plan: SectorPlan, requirement: Requirement, answer: Answer, text: str, *, by: User, now: datetime | None = None
) -> ViabilityAnswer:
    """Answer the question of a requirement; the earlier answers stay, saying the same twice is once (WF1).

    Raises PermissionDenied, or Refused: the requirement asks nothing, or the answer has no explanation.
    """
    demand(by, EDIT, plan)
    SectorPlan.hold(plan.pk)
    said = tidy(text)
    refuse_if_any(_answer_problems(requirement, said))
    last = ViabilityAnswer.objects.filter(plan=plan, requirement=requirement.value).order_by("-pk").first()
    if last is not None and (last.answer, last.text, last.answered_by_id) == (answer.value, said, by.pk):
        return last
    made = ViabilityAnswer.objects.create(
        plan=plan, requirement=requirement.value, answer=answer.value, text=said, answered_by=by,
        answered_at=now or timezone.now(),
    )  # fmt: skip
    after = {"requirement": requirement.label, "answer": answer.label, "text": said}
    audit.record("viability_answered", made, by=by, after=after)
    return made


@once("Otra persona guardó una revisión al mismo tiempo.")
def run_check(plan: SectorPlan, vigencia: int, *, by: User, now: datetime | None = None) -> ViabilityCheck:
    """Judge the PES in a vigencia and freeze what was found as the next run; who repeats it unchanged gets the last.

    Raises PermissionDenied.
    """
    demand(by, EDIT, plan)
    SectorPlan.hold(plan.pk)
    Vigencia.objects.get_or_create(year=vigencia)
    result = to_json(current(plan, vigencia))
    seal = digest(result)
    runs = ViabilityCheck.objects.filter(plan=plan)
    last = runs.order_by("-run").first()
    if last is not None and last.digest == seal:
        return last
    number = (runs.aggregate(last=Max("run"))["last"] or 0) + 1
    made = ViabilityCheck.objects.create(
        plan=plan, run=number, vigencia_id=vigencia, result=result, digest=seal, checked_by=by,
        checked_at=now or timezone.now(),
    )  # fmt: skip
    audit.record("viability_checked", made, by=by, after={"run": number, "vigencia": vigencia, "digest": seal})
    return made


def current(plan: SectorPlan, vigencia: int) -> Viability:
    """The check as it stands now; nothing is stored."""
    return judge(vigencia, counted(plan, vigencia), said_of(plan))


def frozen(check: ViabilityCheck) -> Viability:
    """What a run found."""
    return from_json(check.result)


def last_check(plan: SectorPlan, vigencia: int, *, before: int | None = None) -> ViabilityCheck | None:
    """The last run of a vigencia, the only one that another of it is compared with; `before` is a run's number."""
    rows = ViabilityCheck.objects.filter(plan=plan, vigencia=vigencia)
    return (rows.filter(run__lt=before) if before is not None else rows).order_by("-run").first()


def said_of(plan: SectorPlan) -> dict[Requirement, Said]:
    """The last answer to each question; one query."""
    rows = ViabilityAnswer.objects.filter(plan=plan).order_by("pk")
    return {
        Requirement(row.requirement): Said(
            Answer(row.answer), row.text, timezone.localdate(row.answered_at).isoformat(), row.answered_by_id
        )
        for row in rows
    }


def _answer_problems(requirement: Requirement, text: str) -> list[Problem]:
    if not requirement.question:
        message = f"«{requirement.label}» se responde con los datos, no con palabras."
        return [Problem("no_question", "DNP", message, fix="Corrija los datos que encontró la revisión.")]
    return list(text_problems(text, "text", "la explicación"))
