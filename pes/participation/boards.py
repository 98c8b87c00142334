"""Verbs of a DOFA board: open it, correct how it presents itself, take it from phase to phase (LC-04)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from pes import audit, jobs
from pes.access import demand
from pes.duplicates import once
from pes.edits import refuse_if_stale
from pes.models import DofaBoard, Membership, OrganizationUnit, SectorPlan, UnitKind, User
from pes.permissions import ROLES, Permission, Role
from pes.rules.dofa import (
    CLOSED,
    FACILITATE,
    TRANSITIONS,
    VOTING,
    board_problems,
    phase_problems,
    regroup_problems,
    voting_problems,
)
from pes.rules.problems import Problem, Refused, refuse_if_any
from pes.rules.texts import one_line, tidy
from pes.rules.transitions import transition_for

TAKE_PART = Permission.DOFA_TAKE_PART
PICTURE_JOB = "dofa.picture"
_TWICE = "Ya hay un taller de ese día con ese título."
TRACES = {
    "group": "dofa_grouping",
    "collect_again": "dofa_collecting_again",
    "call_vote": "dofa_voting",
    "group_again": "dofa_grouping_again",
    "close": "dofa_closed",
}


@dataclass(frozen=True)
class BoardFacts:
    """How a board presents itself, and how many votes it gives each person."""

    title: str
    held_on: date
    prompt: str = ""
    votes_each: int = 3
    may_repeat: bool = False

    def tidied(self) -> BoardFacts:
        """As they are stored."""
        return BoardFacts(one_line(self.title), self.held_on, tidy(self.prompt), self.votes_each, self.may_repeat)

    def facts(self) -> dict[str, Any]:
        """What the audit keeps of them."""
        return {**self.__dict__, "held_on": self.held_on.isoformat()}


@once(_TWICE)
def open_board(plan: SectorPlan, said: BoardFacts, *, by: User, now: datetime | None = None) -> DofaBoard:
    """Put an empty board on the wall; the same one twice, by the same person, is the first one (WF1).

    Raises PermissionDenied, or Refused: no title, a day far away, another workshop of that day has the title.
    """
    demand(by, FACILITATE, plan)
    at, said = now or timezone.now(), said.tidied()
    refuse_if_any(board_problems(title=said.title, prompt=said.prompt, held_on=said.held_on, today=_day(at)))
    same = DofaBoard.objects.filter(plan=plan, held_on=said.held_on, title=said.title).first()
    if same is not None and same.opened_by_id == by.pk and board_facts(same) == said.facts():
        return same
    made = DofaBoard.objects.create(plan=plan, opened_by=by, opened_at=at, **said.__dict__)
    audit.record("dofa_opened", made, by=by, after={"plan": str(plan), **said.facts()})
    return made


@once(_TWICE)
def correct_board(board: DofaBoard, said: BoardFacts, *, read: str, by: User) -> bool:
    """Correct the board's title, day, question or votes; False when nothing changed.

    `read` is the fingerprint of what the person was editing. Once the vote was called, its votes stay as announced.
    """
    demand(by, FACILITATE, board)
    held, said = hold(board), said.tidied()
    before, after = board_facts(held), said.facts()
    refuse_if_stale(before, read)
    if after == before:
        return False
    refuse_if_any(board_problems(title=said.title, prompt=said.prompt, held_on=said.held_on, today=_day()))
    old, new = audit.differences(before, after)
    if held.status in (VOTING, CLOSED) and {"votes_each", "may_repeat"} & set(new):
        message = "La votación ya se abrió: los votos por persona no cambian."
        raise Refused([Problem("votes_announced", "LC-04", message, fix="Deje los votos como estaban.")])
    for name, value in said.__dict__.items():
        setattr(held, name, value)
    held.save(update_fields=list(said.__dict__))
    audit.record("dofa_corrected", held, by=by, before=old, after=new)
    return True


@transaction.atomic
def move_board(board: DofaBoard, verb: str, *, by: User, now: datetime | None = None) -> DofaBoard:
    """Take the board to its next phase, or back (a row of the table of `pes.rules.dofa`).

    Raises PermissionDenied, or Refused: it is in another phase, nothing to vote for, votes cast already.
    """
    step = transition_for(TRANSITIONS, verb)
    demand(by, FACILITATE, board)
    held = hold(board)
    refuse_if_any(phase_problems(held.status, *step.sources))
    if verb == "call_vote":
        refuse_if_any(voting_problems(candidates=held.notes.filter(withdrawn_at=None).count()))
        held.groups.filter(notes=None).delete()
    if verb == "group_again":
        refuse_if_any(regroup_problems(votes=held.votes.count()))
    before, held.status = held.status, step.target
    if step.target == CLOSED:
        held.closed_by, held.closed_at = by, now or timezone.now()
    held.save(update_fields=["status", "closed_by", "closed_at"])
    audit.record(TRACES[verb], held, by=by, before={"status": before}, after={"status": held.status})
    if step.target == CLOSED:
        ask_picture(held, by=by)
    return held


@transaction.atomic
def ask_picture(board: DofaBoard, *, by: User) -> None:
    """Have the picture of a closed board laid out as PDF; asked again while it waits, it is the same job."""
    demand(by, FACILITATE, board)
    refuse_if_any(phase_problems(board.status, CLOSED))
    job = jobs.enqueue(PICTURE_JOB, f"{PICTURE_JOB}:{board.pk}", {"board": board.pk}, by=by)
    DofaBoard.objects.filter(pk=board.pk).update(job=job)


def hold(board: DofaBoard) -> DofaBoard:
    """The board with its row locked: who writes, groups or votes waits for who changes the phase, and they agree."""
    return DofaBoard.objects.select_for_update(no_key=True, of=("self",)).get(pk=board.pk)


def board_facts(board: DofaBoard) -> dict[str, Any]:
    """What a stored board says, named as `BoardFacts` names it."""
    names = ("title", "held_on", "prompt", "votes_each", "may_repeat")
    return BoardFacts(**{name: getattr(board, name) for name in names}).facts()


def voices(user: User, plan: SectorPlan) -> list[OrganizationUnit]:
    """For which entities a person may speak at a workshop of the sector, or for the sector itself; by their order."""
    roles = [role.value for role in Role if TAKE_PART in ROLES[role].permissions]
    held = Membership.objects.in_force(timezone.localdate()).filter(user=user, role__in=roles)  # type: ignore[attr-defined]
    units = {row.unit for row in held.select_related("unit__parent__parent__parent")}
    found = {voice.pk: voice for unit in units if (voice := _voice(unit, plan)) is not None}
    return sorted(found.values(), key=lambda unit: (unit.kind != UnitKind.ENTITY, unit.sort_key, unit.code))


def voice_name(unit: OrganizationUnit) -> str:
    """How a voice is called on the board: the sector by its name, so that it is not taken for one of its entities."""
    return f"Sector {unit.name}" if unit.kind == UnitKind.SECTOR else unit.short_name


def _voice(unit: OrganizationUnit, plan: SectorPlan) -> OrganizationUnit | None:
    """The entity of the sector that a unit is of; the sector for itself and the district; None elsewhere."""
    if unit.kind == UnitKind.DISTRICT or unit.pk == plan.sector_id:
        return plan.sector
    at: OrganizationUnit | None = unit
    while at is not None and at.kind != UnitKind.ENTITY:
        at = at.parent
    return at if at is not None and at.parent_id == plan.sector_id else None


def _day(at: datetime | None = None) -> date:
    return timezone.localdate(at)
