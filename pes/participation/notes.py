"""Verbs of who fills a DOFA board together: notes, the groups they form, and the votes (LC-04)."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from pes import audit
from pes.access import demand
from pes.duplicates import once
from pes.models import DofaBoard, DofaGroup, DofaNote, DofaVote, Quadrant, User
from pes.participation.boards import TAKE_PART, hold, voices
from pes.rules import dofa
from pes.rules.dofa import FACILITATE
from pes.rules.problems import Problem, Refused, refuse_if_any
from pes.rules.texts import one_line

_SAID = "Usted ya puso esa nota en ese cuadrante."
_NAMED = "El cuadrante ya tiene un grupo con ese nombre."


@once(_SAID)
def add_note(
    board: DofaBoard, *, quadrant: str, text: str, by: User, unit: str = "", now: datetime | None = None
) -> DofaNote:
    """Put a note on the board, for the entity of who writes; the same words twice are one note (WF1).

    `unit` is the code of one of the person's entities, if they have several. Raises PermissionDenied, or Refused: the
    board does not collect notes, it is full, nothing is said, too much is said.
    """
    demand(by, TAKE_PART, board)
    held, said = hold(board), one_line(text)
    present = held.notes.filter(withdrawn_at=None)
    refuse_if_any(dofa.note_problems(held.status, said, present.count()))
    same = present.filter(author=by, quadrant=quadrant, text=said).first()
    if same is not None:
        return same
    mine = voices(by, held.plan)
    speaking = next((one for one in mine if one.code == unit), mine[0] if mine else held.plan.sector)
    made = DofaNote.objects.create(
        board=held, quadrant=Quadrant(quadrant), text=said, author=by, unit=speaking, written_at=now or timezone.now()
    )
    audit.record("dofa_note_written", made, by=by, after={"quadrant": quadrant, "text": said, "unit": speaking.code})
    return made


@once(_SAID)
def correct_note(note: DofaNote, *, text: str, by: User) -> bool:
    """Say one's own note better, while notes are collected; False when nothing changed."""
    held = _own(note, by)
    said = one_line(text)
    refuse_if_any(dofa.note_problems(held.board.status, said, 0))
    if said == held.text:
        return False
    before, held.text = held.text, said
    held.save(update_fields=["text"])
    audit.record("dofa_note_corrected", held, by=by, before={"text": before}, after={"text": said})
    return True


@transaction.atomic
def withdraw_note(note: DofaNote, *, by: User) -> None:
    """Take one's own note off the board, while notes are collected; once it is off, nothing more happens (WF1)."""
    held = _own(note, by)
    refuse_if_any(dofa.phase_problems(held.board.status, dofa.COLLECTING))
    if held.withdrawn_at is None:
        DofaNote.objects.filter(pk=held.pk).update(withdrawn_at=timezone.now(), group=None)
        audit.record("dofa_note_withdrawn", held, by=by, before={"text": held.text})


@once(_NAMED)
def add_group(board: DofaBoard, *, quadrant: str, name: str, by: User) -> DofaGroup:
    """Give a name to notes that say the same; the same name twice is one group (WF1)."""
    demand(by, FACILITATE, board)
    held, named = hold(board), one_line(name)
    others = held.groups.filter(quadrant=quadrant)
    same = others.filter(name=named).first()
    if same is not None:
        return same
    refuse_if_any(dofa.group_problems(held.status, named, others.count()))
    made = DofaGroup.objects.create(board=held, quadrant=Quadrant(quadrant), name=named)
    audit.record("dofa_group_made", made, by=by, after={"quadrant": quadrant, "name": named})
    return made


@once(_NAMED)
def rename_group(group: DofaGroup, *, name: str, by: User) -> bool:
    """Name a group better, while grouping; False when nothing changed."""
    demand(by, FACILITATE, group)
    held, named = hold(group.board), one_line(name)
    found = DofaGroup.objects.get(pk=group.pk)
    refuse_if_any(dofa.group_problems(held.status, named, 0))
    if named == found.name:
        return False
    before, found.name = found.name, named
    found.save(update_fields=["name"])
    audit.record("dofa_group_renamed", found, by=by, before={"name": before}, after={"name": named})
    return True


@transaction.atomic
def dissolve_group(group: DofaGroup, *, by: User) -> None:
    """Undo a group, while grouping: its notes stand alone again; undone already, nothing happens (WF1)."""
    demand(by, FACILITATE, group)
    refuse_if_any(dofa.phase_problems(hold(group.board).status, dofa.GROUPING))
    freed = DofaNote.objects.filter(group=group).update(group=None)
    audit.record("dofa_group_dissolved", group, by=by, before={"name": group.name, "notes": freed})
    DofaGroup.objects.filter(pk=group.pk).delete()


@transaction.atomic
def move_notes(board: DofaBoard, *, notes: Collection[int], group: DofaGroup | None, quadrant: str, by: User) -> int:
    """Put notes (ids) of a quadrant in one of its groups, or let them stand alone; how many moved.

    Raises PermissionDenied, or Refused: the board is not being grouped, no note marked, one of another quadrant.
    """
    demand(by, FACILITATE, board)
    held = hold(board)
    present = DofaNote.objects.filter(board=held, quadrant=quadrant, withdrawn_at=None, pk__in=set(notes))
    strangers = len(set(notes)) - present.count()
    if group is not None and (group.board_id != held.pk or group.quadrant != quadrant):
        strangers += 1
    refuse_if_any(dofa.move_problems(held.status, marked=len(set(notes)), strangers=strangers))
    moving = sorted(present.exclude(group=group).values_list("pk", flat=True))
    if moving:
        DofaNote.objects.filter(pk__in=moving).update(group=group)
        audit.record("dofa_notes_moved", held, by=by, after={"notes": moving, "group": group.name if group else ""})
    return len(moving)


@once("Ese voto ya se dio.")
def give_vote(board: DofaBoard, *, by: User, group: DofaGroup | None = None, note: DofaNote | None = None) -> DofaVote:
    """Give one of one's votes to a group, or to a note that stands alone. The trail says that, not for what.

    Raises PermissionDenied, or Refused: no vote is open, none is left, one was given to it and they do not add up.
    """
    demand(by, TAKE_PART, board)
    held = hold(board)
    _candidate(held, group, note)
    mine = list(DofaVote.objects.filter(board=held, person=by))
    already = any((one.group_id, one.note_id) == (group and group.pk, note and note.pk) for one in mine)
    asked = {"cast": len(mine), "allowed": held.votes_each, "already": already, "may_repeat": held.may_repeat}
    refuse_if_any(dofa.vote_problems(held.status, **asked))
    number = dofa.free_number({one.number for one in mine}, held.votes_each)
    place = number if held.may_repeat else 0
    made = DofaVote.objects.create(
        board=held, person=by, number=number, allowed=held.votes_each, place=place, group=group, note=note
    )
    audit.record("dofa_voted", held, by=by, after={"number": number})
    return made


@transaction.atomic
def take_vote(board: DofaBoard, *, by: User, group: DofaGroup | None = None, note: DofaNote | None = None) -> bool:
    """Take back one of one's votes for something, while the vote is open; False when there was none (WF1)."""
    demand(by, TAKE_PART, board)
    held = hold(board)
    refuse_if_any(dofa.phase_problems(held.status, dofa.VOTING))
    last = DofaVote.objects.filter(board=held, person=by, group=group, note=note).order_by("-number").first()
    if last is None:
        return False
    audit.record("dofa_vote_withdrawn", held, by=by, before={"number": last.number})
    last.delete()
    return True


def _own(note: DofaNote, by: User) -> DofaNote:
    """The note, with its board held, if it is of this person."""
    demand(by, TAKE_PART, note)
    hold(note.board)
    found = DofaNote.objects.select_related("board").get(pk=note.pk)
    refuse_if_any(dofa.ownership_problems(is_own=found.author_id == by.pk))
    return found


def _candidate(board: DofaBoard, group: DofaGroup | None, note: DofaNote | None) -> None:
    """Refuse what nobody can vote for: something of another board, a note withdrawn or inside a group."""
    if group is not None and note is None and DofaGroup.objects.filter(pk=group.pk, board=board).exists():
        return
    alone = {"board": board, "group": None, "withdrawn_at": None}
    if group is None and note is not None and DofaNote.objects.filter(pk=note.pk, **alone).exists():
        return
    message = "Eso no está en votación en este tablero."
    raise Refused([Problem("not_a_candidate", "LC-04", message, fix="Vuelva a cargar el tablero.")])
