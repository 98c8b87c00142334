"""Verbs of who walks a road: report how far an activity or hito is, prove it, take a wrong proof away.

Who reports is the responsible person of the activity, or who holds the power on the road's unit or on the entity that
answers for the activity: ROAD_REPORT on the road of a PES, HITO_REPORT on that of a region.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone

from pes import audit
from pes.access import can, demand
from pes.files.stored import digest_of_upload, keep
from pes.models import ActivityEvidence, ActivityReport, Road, RoadActivity, RoadPhase, UnitKind, User
from pes.permissions import Permission
from pes.rules.files import link_problems
from pes.rules.numbers import HUNDRED
from pes.rules.problems import Problem, Refused, refuse_if_any
from pes.rules.road_states import OPEN, TRANSITIONS, ActivityState, PhaseState
from pes.rules.roads import (
    day_problems,
    first_day,
    order_problems,
    phase_state,
    progress_problems,
    waiting_problems,
)
from pes.rules.transitions import transition_for

MANAGE = Permission.ROAD_MANAGE


def power_to_report(road: Road) -> Permission:
    """What reporting on a road takes: who walks with territorial entities walks with no PES, and the other way round."""
    return Permission.HITO_REPORT if road.unit.kind == UnitKind.REGION else Permission.ROAD_REPORT


def may_report(user: Any, activity: RoadActivity) -> bool:
    """Whether a person may say how far an activity is: answers for it, or reports for its unit or its entity."""
    if activity.person_id is not None and activity.person_id == user.pk:
        return bool(user.is_active)
    units = [unit for unit in (activity.phase.road.unit, activity.entity) if unit is not None]
    power = power_to_report(activity.phase.road)
    return any(can(user, power, unit) for unit in units)


@transaction.atomic
def report_progress(
    activity: RoadActivity,
    percentage: Decimal,
    *,
    note: str = "",
    by: User,
    on: date | None = None,
    files: Sequence[UploadedFile] = (),
    links: Sequence[str] = (),
    now: datetime | None = None,
) -> ActivityReport:
    """Say that an activity or hito was at a percentage (0–100) on a day, with its proof (GP-04).

    100 finishes it; anything less leaves it under way. To lower it, to date it before the last report or to move the
    day on which it ended, `note` says why. The same again by the same person, with no proof that is not there already,
    is the first report (WF1).
    Raises PermissionDenied or Refused.
    """
    at = now or timezone.now()
    held = _held(activity, by)
    on = on or timezone.localdate(at)
    told = list(held.reports.order_by("pk"))
    last = told[-1] if told else None
    if last is not None and _same(last, percentage, note, on, by) and _adds_nothing(held, files, links):
        return last
    refuse_if_any(_report_problems(held, _last_day(told), percentage, note, on, timezone.localdate(at)))
    _attach(held, files, links, by=by, at=at)
    before = _facts(held)
    held.progress = percentage
    held.started_on = min(held.started_on or on, on)
    held.done_on = on if percentage == HUNDRED else None
    _move(held, _verb(held, percentage))
    report = held.reports.create(on=on, progress=percentage, state=held.state, note=note.strip(), by=by, at=at)
    old, new = audit.differences(before, _facts(held))
    audit.record("activity_reported", held, by=by, before=old, after=new | {"on": on.isoformat()}, reason=note.strip())
    activity.refresh_from_db()
    return report


@transaction.atomic
def attach_evidence(
    activity: RoadActivity,
    *,
    files: Sequence[UploadedFile] = (),
    links: Sequence[str] = (),
    by: User,
    now: datetime | None = None,
) -> list[ActivityEvidence]:
    """Prove an activity with files or https links; what is there already is not added again (WF1). Raises Refused."""
    held = _held(activity, by)
    refuse_if_any(waiting_problems(held.phase.code, state_of(held.phase), held.phase.after))
    return _attach(held, files, links, by=by, at=now or timezone.now())


@transaction.atomic
def withdraw_evidence(evidence: ActivityEvidence, *, reason: str, by: User, now: datetime | None = None) -> None:
    """Take away a wrong proof, with why; it stays in the history. Again it changes nothing (WF1).

    Raises PermissionDenied or Refused: no reason, or the phase is closed.
    """
    held = _held(evidence.activity, by)
    found = ActivityEvidence.objects.select_for_update(no_key=True, of=("self",)).get(pk=evidence.pk)
    if found.withdrawn_at is not None:
        return
    refuse_if_any(_reason_problems(reason))
    refuse_if_any(closed_problems(held.phase))
    found.withdrawn_by, found.withdrawn_at, found.reason = by, now or timezone.now(), reason.strip()
    found.save(update_fields=["withdrawn_by", "withdrawn_at", "reason"])
    audit.record("activity_evidence_withdrawn", held, by=by, before={"evidence": str(found)}, reason=reason.strip())


@transaction.atomic
def set_aside(activity: RoadActivity, *, reason: str, by: User, now: datetime | None = None) -> None:
    """Declare that an activity does not apply, with why. Raises PermissionDenied or Refused: weighted, done or closed."""
    held = _held(activity, by, MANAGE)
    if held.state == ActivityState.NOT_APPLICABLE:
        return
    refuse_if_any(_reason_problems(reason))
    refuse_if_any(closed_problems(held.phase))
    if held.weight is not None:
        message = f"El hito {held.code} tiene peso: sin él la fase no sumaría 100,00."
        raise Refused([Problem("weighted", "GP-01", message, fix="Repórtelo en 0 % y explique en la nota.")])
    held.reason = reason.strip()
    _tell(held, "set_aside", reason, by, now)
    activity.refresh_from_db()


@transaction.atomic
def resume(activity: RoadActivity, *, reason: str, by: User, now: datetime | None = None) -> None:
    """Take up again an activity that did not apply. Raises PermissionDenied or Refused."""
    held = _held(activity, by, MANAGE)
    if held.state in OPEN:
        return
    refuse_if_any(_reason_problems(reason))
    refuse_if_any(closed_problems(held.phase))
    held.reason = ""
    _tell(held, "resume", reason, by, now)
    activity.refresh_from_db()


def state_of(phase: RoadPhase) -> PhaseState:
    """Where a phase stands among its siblings (LC-01): one query."""
    closed = set(RoadPhase.objects.filter(road=phase.road_id, closed_at__isnull=False).values_list("code", flat=True))
    return phase_state(is_closed=phase.closed_at is not None, after=phase.after, closed=closed)


def closed_problems(phase: RoadPhase) -> Iterable[Problem]:
    """What is sealed when a phase has been closed."""
    if phase.closed_at is not None:
        message = f"La fase {phase.code} está cerrada: su programación y lo que se dio por terminado no cambian."
        yield Problem("phase_closed", "LC-02", message, fix="Si falta algo, repórtelo en la fase siguiente.")


def _held(activity: RoadActivity, by: User, permission: Permission | None = None) -> RoadActivity:
    """The activity with its road's row and its own locked, for who may act on it."""
    found = RoadActivity.objects.select_related("phase__road__unit", "entity").get(pk=activity.pk)
    if permission is not None:
        demand(by, permission, found.phase.road)
    elif not may_report(by, found):
        label = power_to_report(found.phase.road).label
        raise PermissionDenied(f"{label}: usted no tiene este permiso sobre este objeto.")
    Road.objects.select_for_update(no_key=True).get(pk=found.phase.road_id)
    held = RoadActivity.objects.select_for_update(no_key=True, of=("self",))
    return held.select_related("phase__road__unit", "phase__road__plan", "phase__road__entity_road", "entity").get(
        pk=activity.pk
    )


def _same(last: ActivityReport, percentage: Decimal, note: str, on: date, by: User) -> bool:
    return (last.by_id, last.progress, last.note, last.on) == (by.pk, percentage, note.strip(), on)


def _report_problems(
    held: RoadActivity, last_on: date | None, percentage: Decimal, note: str, on: date, today: date
) -> Iterable[Problem]:
    yield from waiting_problems(held.phase.code, state_of(held.phase), held.phase.after)
    if held.state == ActivityState.NOT_APPLICABLE:
        message = f"La actividad {held.code} está marcada como «no aplica»."
        yield Problem("not_applicable", "LC-02", message, fix="Pida a la OAP que la retome.")
    if held.state == ActivityState.DONE:
        yield from closed_problems(held.phase)
    yield from progress_problems(percentage, was=held.progress, note=note)
    yield from day_problems(on, today, earliest=_first_day(held.phase.road))
    yield from order_problems(on, percentage, last_on=last_on, done_on=held.done_on, note=note)


def _last_day(told: Iterable[ActivityReport]) -> date | None:
    """The day of the last report; to set an activity aside and to take it up again say nothing of a day of work."""
    found, was_aside = None, False
    for one in told:
        is_aside = one.state == ActivityState.NOT_APPLICABLE
        if not is_aside and not was_aside:
            found = one.on
        was_aside = is_aside
    return found


def _first_day(road: Road) -> date | None:
    """From which day a road may tell: that of its PES, or of the government of its territorial entity."""
    territorial = getattr(road, "entity_road", None)
    year = road.plan.first_vigencia if road.plan else territorial.first_year if territorial else None
    return first_day(timezone.localdate(road.opened_at), year)


def _verb(held: RoadActivity, percentage: Decimal) -> str:
    if percentage == HUNDRED:
        return "finish"
    return "take_up_again" if held.state == ActivityState.DONE else "start"


def _move(held: RoadActivity, verb: str) -> None:
    """Take an edge of the machine; a day done may be corrected without leaving «done»."""
    edge = transition_for(TRANSITIONS, verb)
    if held.state not in edge.sources and held.state != edge.target:
        label = ActivityState(held.state).label.lower()
        raise Refused([Problem("wrong_state", "LC-02", f"La actividad está {label}.", fix="Abra la página otra vez.")])
    held.state = edge.target
    held.save()


def _tell(held: RoadActivity, verb: str, reason: str, by: User, now: datetime | None) -> None:
    """Move an activity by a verb that asks for words, and leave both traces."""
    before, at = _facts(held), now or timezone.now()
    _move(held, verb)
    held.reports.create(
        on=timezone.localdate(at), progress=held.progress, state=held.state, note=reason.strip(), by=by, at=at
    )
    old, new = audit.differences(before, _facts(held))
    audit.record("activity_set_aside" if verb == "set_aside" else "activity_resumed", held, by=by, before=old,
                 after=new, reason=reason.strip())  # fmt: skip


def _attach(
    held: RoadActivity, files: Sequence[UploadedFile], links: Sequence[str], *, by: User, at: datetime
) -> list[ActivityEvidence]:
    new_files, new_links = _unknown(held, files, links)
    refuse_if_any(problem for link in new_links for problem in link_problems(link))
    kept = [keep(upload, unit=held.phase.road.unit, by=by) for upload in new_files]
    made = [ActivityEvidence(activity=held, file=file, by=by, at=at) for file in kept]
    made += [ActivityEvidence(activity=held, url=link, by=by, at=at) for link in new_links]
    made = ActivityEvidence.objects.bulk_create(made)
    for one in made:
        audit.record("activity_evidence_attached", held, by=by, after={"evidence": str(one)})
    return made


def _unknown(
    held: RoadActivity, files: Sequence[UploadedFile], links: Sequence[str]
) -> tuple[list[UploadedFile], list[str]]:
    """The files, told by their SHA-256, and the links that are not standing proof of an activity; each once."""
    standing = held.evidence.filter(withdrawn_at__isnull=True)
    digests, addresses = (
        set(standing.values_list("file__sha256", flat=True)),
        set(standing.values_list("url", flat=True)),
    )
    by_digest = {digest_of_upload(upload): upload for upload in reversed(files)}  # of two equal ones, the first name
    wanted = dict.fromkeys(link.strip() for link in links if link.strip())
    return (
        [upload for digest, upload in reversed(by_digest.items()) if digest not in digests],
        [link for link in wanted if link not in addresses],
    )


def _adds_nothing(held: RoadActivity, files: Sequence[UploadedFile], links: Sequence[str]) -> bool:
    return not any(_unknown(held, files, links))


def _facts(held: RoadActivity) -> dict[str, Any]:
    days = {name: getattr(held, name) for name in ("started_on", "done_on")}
    return {"progress": f"{held.progress:.2f}", "state": str(held.state), "reason": held.reason} | {
        name: day.isoformat() if day else None for name, day in days.items()
    }


def _reason_problems(reason: str) -> Iterable[Problem]:
    if not reason.strip():
        yield Problem("reason_missing", "LC-02", "Falta el motivo.", fix="Escriba por qué; queda en la historia.")
