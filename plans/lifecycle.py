"""SM-1: the verbs that take a plan from draft to closed (PLE-PIN-P005 v8, act. 3 to 14; rules §5.3).

Each asks for power, holds the plan, looks whether the edge exists from where it stands, asks the rules, takes the edge
with a conditional UPDATE, freezes a version where others must be able to rely on it, and leaves its trace. What keeps
an act from being done now is asked by `problems_of`, which the buttons of the pages read too.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import NoReturn

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from pes import audit
from pes.access import demand
from pes.dates import long_instant
from pes.models import AuditEvent, User, Workshop
from pes.rules.problems import Problem, Refused, refuse_if_any
from pes.rules.transitions import transition_for
from plans.checklist import checklist_of
from plans.coherence import findings_of
from plans.models import ChangeRequest, Consultation, PlanGestion, PlanVersion, VersionEvent
from plans.observations import unanswered
from plans.rules.change_states import OPEN as OPEN_CHANGES
from plans.rules.findings import Finding
from plans.rules.plan_states import (
    TRANSITIONS,
    ConsultationFacts,
    PlanStatus,
    closing_problems,
    official_problems,
    publication_problems,
    resubmission_problems,
    send_back_problems,
    submission_problems,
    validation_problems,
)
from plans.versions import freeze, submissions

# Verb of SM-1 → how the audit trail calls it; its sentence is in pes/audit_sentences.py.
TRACES = {
    "submit": "plan_submitted",
    "resubmit": "plan_resubmitted",
    "send_back": "plan_sent_back",
    "validate": "plan_validated",
    "make_official": "plan_made_official",
    "publish": "plan_published",
    "renew": "plan_renewed",
    "close": "plan_closed",
}
LAST_QUARTER = 4
WRITING = ("goal_written", "goals_changed", "plan_identified", "plan_imported")
PERMISSION_OF = {row.name: row.permission for row in TRANSITIONS}


class AlreadyDone(Refused):
    """The same person did this already: a second click changes nothing and is told so (WF1)."""


@transaction.atomic
def submit(plan: PlanGestion, *, by: User) -> PlanVersion:
    """Send the proposal to the OAP, for the first time or with its observations answered (act. 3 and 7).

    Raises PermissionDenied, AlreadyDone, or Refused: incoherent goals, no mesa de trabajo, observations unanswered.
    """
    again = PlanGestion.objects.filter(pk=plan.pk, status=PlanStatus.WITH_OBSERVATIONS).exists()
    verb = "resubmit" if again else "submit"
    held = _begin(plan, verb, by)
    refuse_if_any(problems_of(held, verb, by=by))
    held.move(verb, submitted_by=by, submitted_at=timezone.now())
    version = freeze(held, VersionEvent.SUBMITTED, by=by)
    _trace(held, verb, by, version)
    return version


@transaction.atomic
def send_back(plan: PlanGestion, *, by: User, note: str = "") -> None:
    """Return the proposal with its observations, memo GDI-GPD-F031 (act. 5 and 6).

    Raises PermissionDenied, AlreadyDone, or Refused: nothing was observed.
    """
    held = _begin(plan, "send_back", by)
    refuse_if_any(problems_of(held, "send_back", by=by))
    held.move("send_back")
    _trace(held, "send_back", by, reason=note)


@transaction.atomic
def validate(plan: PlanGestion, *, by: User) -> None:
    """Find the formulation in order (act. 4; PG-V1). Who sent it does not validate it (AZ4).

    Raises PermissionDenied, AlreadyDone, or Refused: checklist incomplete, incoherent goals, observations unanswered.
    """
    held = _begin(plan, "validate", by)
    refuse_if_any(problems_of(held, "validate", by=by))
    held.move("validate", validated_by=by, validated_at=timezone.now())
    _trace(held, "validate", by)


@transaction.atomic
def make_official(plan: PlanGestion, *, hola_case: str, hola_on: date | None, by: User) -> PlanVersion:
    """Make the plan official with its HOLA case (PG-06), its consultation done (PG-07b).

    Raises PermissionDenied, AlreadyDone, or Refused with what is missing.
    """
    held = _begin(plan, "make_official", by)
    refuse_if_any(problems_of(held, "make_official", by=by, hola_case=hola_case, hola_on=hola_on))
    case = hola_case.strip()
    held.move("make_official", official_by=by, official_at=timezone.now(), hola_case=case, hola_on=hola_on)
    version = freeze(held, VersionEvent.OFFICIAL, by=by, note=f"Caso HOLA {case}")
    _trace(held, "make_official", by, version, hola_case=case, hola_on=hola_on.isoformat() if hola_on else None)
    return version


@transaction.atomic
def publish(plan: PlanGestion, *, by: User) -> PlanVersion:
    """Publish the official plan as edition 1 (PG-01). Raises PermissionDenied, AlreadyDone or Refused."""
    held = _begin(plan, "publish", by)
    refuse_if_any(problems_of(held, "publish", by=by))
    held.move("publish", published_by=by, published_at=timezone.now(), edition=1)
    version = freeze(held, VersionEvent.PUBLISHED, by=by)
    _trace(held, "publish", by, version)
    return version


@transaction.atomic
def renew(plan: PlanGestion, *, note: str, by: User) -> PlanVersion:
    """Publish the next edition, with a request applied (SM-3 → SM-1; PG-09j).

    The system's own edge: the verb that applies the request has asked for power over it. Raises Refused unless the
    plan is published.
    """
    held = PlanGestion.hold(plan.pk)
    held.move("renew", edition=F("edition") + 1)
    version = freeze(held, VersionEvent.RENEWED, by=by, note=note)
    _trace(held, "renew", by, version, reason=note)
    return version


@transaction.atomic
def close(plan: PlanGestion, *, by: User) -> None:
    """Close the plan once its fourth quarter is consolidated (act. 14). Raises PermissionDenied or Refused."""
    held = _begin(plan, "close", by)
    refuse_if_any(problems_of(held, "close", by=by))
    held.move("close", closed_by=by, closed_at=timezone.now())
    _trace(held, "close", by)


def note_consolidated(plan: PlanGestion, quarter: int) -> None:
    """Note that a quarter (1 to 4) of a published plan is consolidated; see `note_all_consolidated`."""
    note_all_consolidated([plan.pk], quarter)


def note_all_consolidated(plans: Iterable[int], quarter: int) -> None:
    """Note that a quarter (1 to 4) of some published plans (ids) is consolidated; never goes back. One UPDATE.

    A fact of the app to the right, which has asked for power and left the trace of its own verb.
    """
    PlanGestion.objects.filter(
        pk__in=list(plans), status=PlanStatus.PUBLISHED, consolidated_quarter__lt=quarter
    ).update(consolidated_quarter=quarter)


def problems_of(
    plan: PlanGestion,
    verb: str,
    *,
    by: User,
    findings: Sequence[Finding] | None = None,
    hola_case: str = "",
    hola_on: date | None = None,
) -> list[Problem]:
    """What keeps a verb of SM-1 from being done now by a person who holds its permission, warnings included.

    `findings` may be given when the caller has them already.
    """
    if verb == "publish":
        return publication_problems(
            validated=plan.validated_by_id is not None, approved=plan.official_by_id is not None
        )
    if verb == "close":
        return closing_problems(plan.consolidated_quarter, _changes_under_way(plan))
    if verb == "send_back":
        return send_back_problems(unanswered(plan))
    found = findings_of(plan) if findings is None else findings
    if verb == "submit":
        return submission_problems(found, workshops_of(plan))
    if verb == "resubmit":
        return resubmission_problems(found, workshops_of(plan), unanswered=unanswered(plan))
    if verb == "validate":
        return _validation(plan, found, by)
    today, consultation = timezone.localdate(), consultation_of(plan)
    return official_problems(found, hola_case=hola_case, hola_on=hola_on, today=today, consultation=consultation)


def _changes_under_way(plan: PlanGestion) -> int:
    """Requests that were filed and not decided or applied; asked only of a plan whose year is consolidated."""
    if plan.consolidated_quarter < LAST_QUARTER:
        return 0
    return ChangeRequest.objects.filter(goal__plan=plan, status__in=OPEN_CHANGES).count()


def workshops_of(plan: PlanGestion) -> int:
    """How many mesas de trabajo prepared the plan (act. 2)."""
    return Workshop.objects.of(plan.unit_id, plan.vigencia_id).count()


def consultation_of(plan: PlanGestion) -> ConsultationFacts | None:
    """The plan's consultation as the rules read it (PG-07b)."""
    found = Consultation.objects.filter(plan=plan).first()
    if found is None:
        return None
    return ConsultationFacts(
        opens_on=found.opens_on,
        closes_on=found.closes_on,
        unanswered=found.contributions.filter(answered_at__isnull=True).count(),
        is_waived=found.waived_at is not None,
    )


def last_acts(plan: PlanGestion) -> list[AuditEvent]:
    """Every transition of a plan, the last one first, with who took it; one query."""
    events = AuditEvent.objects.filter(object_type="plans.plangestion", object_id=str(plan.pk))
    return list(events.filter(verb__in=["plan_opened", *TRACES.values()]).select_related("actor").order_by("-pk"))


def _begin(plan: PlanGestion, verb: str, by: User) -> PlanGestion:
    """The plan, held, if the person may and the edge begins where the plan stands (WF4)."""
    step = transition_for(TRANSITIONS, verb)
    if step.permission is None:
        raise LookupError(f"{verb!r} is the system's own")
    demand(by, step.permission, plan)
    held = PlanGestion.hold(plan.pk)
    if held.status not in step.sources:
        _refuse_state(held, verb, by)
    return held


def _refuse_state(held: PlanGestion, verb: str, by: User) -> NoReturn:
    """Tell where the plan stands, who brought it there and when (WF2); the same person hears that it is done (WF1)."""
    label = PlanStatus(held.status).label
    last = last_acts(held)[:1]
    same = {TRACES["submit"], TRACES["resubmit"]} if verb in {"submit", "resubmit"} else {TRACES[verb]}
    if last and last[0].verb in same and last[0].actor_id == by.pk:
        message = f"Usted ya lo hizo el {long_instant(last[0].at)}: el plan está en estado «{label}»."
        raise AlreadyDone([Problem("already_done", "WF1", message, fix="No hace falta repetirlo.")])
    message = f"El plan está en estado «{label}» y desde ahí no se puede hacer esto."
    if last and last[0].actor is not None:
        message += f" Lo llevó ahí {last[0].actor} el {long_instant(last[0].at)}."
    raise Refused([Problem("invalid_transition", "SM-1", message, fix="Vuelva a cargar la página.")])


def _validation(plan: PlanGestion, findings: Sequence[Finding], by: User) -> list[Problem]:
    sent = list(submissions(plan))
    checklist = checklist_of(sent[0] if sent else None)
    authored = any(version.by_id == by.pk for version in sent) or _wrote(plan, by)
    return validation_problems(checklist, findings, unanswered=unanswered(plan), actor_submitted=authored)


def _wrote(plan: PlanGestion, by: User) -> bool:
    """Whether a person wrote any of the plan's words: who writes is not who finds them in order (AZ4)."""
    goals = [str(pk) for pk in plan.goals.values_list("pk", flat=True)]
    words = Q(object_type="plans.plangestion", object_id=str(plan.pk)) | Q(
        object_type="plans.goal", object_id__in=goals
    )
    return AuditEvent.objects.filter(words, actor=by, verb__in=WRITING).exists()


def _trace(
    plan: PlanGestion, verb: str, by: User, version: PlanVersion | None = None, reason: str = "", **facts: object
) -> None:
    """What the audit keeps of a transition: where the plan arrived, and the version that was frozen."""
    after: dict[str, object] = {"plan": str(plan), "state": PlanStatus(plan.status).label, **facts}
    if version is not None:
        after |= {"version": version.number, "digest": version.digest}
    audit.record(TRACES[verb], plan, by=by, after=after, reason=reason)
