"""A meeting is scheduled, changed while it is to come, or cancelled (LC-03)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.utils import timezone

from pes import audit
from pes.access import demand
from pes.duplicates import once
from pes.edits import refuse_if_stale
from pes.meetings.convening import ask_to_mail
from pes.meetings.facts import Schedule, plain, schedule_of
from pes.meetings.moves import REGISTER, begin, move, sources_of
from pes.models import AgendaItem, SectorPlan, TechnicalWorkshop, UnitKind, User
from pes.rules.agendas import agenda_problems
from pes.rules.files import link_problems
from pes.rules.problems import Problem, Refused, refuse_if_any
from pes.rules.technical_workshops import RULE, field_problems, method_problems, schedule_problems

_TWICE = "Ya hay una reunión a esa hora con ese asunto."
_TEXTS = ("purpose", "kind", "method", "event")
_TOLD = ("on", "hours", "place", "link")  # what who was convened must hear of again


@once(_TWICE)
def schedule_meeting(
    plan: SectorPlan, schedule: Schedule, *, by: User, now: datetime | None = None
) -> TechnicalWorkshop:
    """Put a meeting of a PES in the agenda; sent twice in every word by the same person, it is the first one (WF1).

    Raises PermissionDenied, or Refused: a method that is not of the kind (LC-03), times in disorder, no place.
    """
    demand(by, REGISTER, plan)
    SectorPlan.hold(plan.pk)
    refuse_if_any(schedule_findings(plan, schedule))
    same = _same_hour_and_topic(plan, schedule).first()
    if same is not None:
        if same.registered_by_id == by.pk and schedule_of(same).facts() == schedule.facts():
            return same
        raise Refused([_repeated()])
    meeting = TechnicalWorkshop(plan=plan, registered_by=by, registered_at=now or timezone.now())
    _write(meeting, schedule)
    audit.record("meeting_scheduled", meeting, by=by, after=schedule.facts())
    return meeting


@once(_TWICE)
def change_meeting(meeting: TechnicalWorkshop, schedule: Schedule, *, read: str, by: User) -> bool:
    """Change a meeting that is to come; who was convened is owed the news. False when nothing changed.

    `read` is the fingerprint of the facts that the person was editing. Raises like `schedule_meeting`, and StaleEdit.
    """
    held = begin(meeting, sources_of("convene"), "cambiar su programación", by=by)
    before, after = schedule_of(held).facts(), schedule.facts()
    refuse_if_stale(before, read)
    if before == after:
        return False
    refuse_if_any(schedule_findings(held.plan, schedule))
    if _same_hour_and_topic(held.plan, schedule).exclude(pk=held.pk).exists():
        raise Refused([_repeated()])
    _write(held, schedule)
    if any(before[name] != after[name] for name in _TOLD):
        held.invitations.update(mailed_at=None)
    old, new = audit.differences(before, after)
    audit.record("meeting_changed", held, by=by, before=old, after=new)
    return True


@once(_TWICE)
def cancel_meeting(meeting: TechnicalWorkshop, *, reason: str, by: User) -> None:
    """Cancel a meeting that was not held, with why; who was told of it hears of this too.

    Raises PermissionDenied or Refused.
    """
    held = begin(meeting, sources_of("cancel"), "cancelar", by=by)
    if not reason.strip():
        fix = "Escríbalo: se muestra a quienes estaban invitados."
        raise Refused([Problem("reason_missing", RULE, "Falta el motivo.", fix=fix)])
    move(held, "cancel", cancelled_reason=plain(reason))
    audit.record("meeting_cancelled", held, by=by, after={"meeting": str(held)}, reason=plain(reason))
    if held.invitations.filter(mailed_at__isnull=False).exists():
        ask_to_mail(held, by=by)


def schedule_findings(plan: SectorPlan, schedule: Schedule) -> Iterator[Problem]:
    """Everything that is wrong with the programme of a meeting of a PES."""
    yield from method_problems(schedule.purpose, schedule.kind, schedule.method)
    is_placed = bool(schedule.place.strip() or schedule.link.strip())
    yield from schedule_problems(topic=schedule.topic, starts=schedule.starts, ends=schedule.ends, is_placed=is_placed)
    if schedule.link.strip():
        yield from link_problems(schedule.link.strip())
    yield from field_problems(schedule.method, schedule.event, schedule.event_name)
    yield from agenda_problems(schedule.agenda, schedule.starts, schedule.ends)
    for unit in schedule.entities:
        if unit.parent_id != plan.sector_id or unit.kind != UnitKind.ENTITY:
            message = f"«{unit.name}» no es una entidad del sector «{plan.sector.name}»."
            yield Problem("entity_of_other_sector", RULE, message, fix="Convóquela en el PES de su sector.")


def _same_hour_and_topic(plan: SectorPlan, schedule: Schedule) -> Any:
    return TechnicalWorkshop.objects.filter(
        plan=plan, on=schedule.on, starts=schedule.starts, topic=schedule.topic.strip()
    )


def _repeated() -> Problem:
    return Problem(
        "meeting_repeated", "WF1", _TWICE, fix="Si es otra, distíngala en el asunto; si es la misma, ábrala."
    )


def _write(meeting: TechnicalWorkshop, schedule: Schedule) -> None:
    for name in (*_TEXTS, "on", "starts", "ends"):
        setattr(meeting, name, getattr(schedule, name))
    for name in ("topic", "place", "link", "event_name"):
        setattr(meeting, name, getattr(schedule, name).strip())
    meeting.aim = plain(schedule.aim)
    meeting.save()
    meeting.entities.set(schedule.entities)
    meeting.agenda.all().delete()
    AgendaItem.objects.bulk_create(
        AgendaItem(meeting=meeting, number=number, starts=point.starts, ends=point.ends, topic=point.topic)
        for number, point in enumerate(schedule.agenda, 1)
    )
