"""What a DOFA board shows: one frozen picture that the page, the workbook and the PDF are made from.

It names the entity of each note (or the sector, for who speaks for all of it), never its author. The votes of others
are shown once the board is closed: until then nobody votes after the crowd.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from pes.models import BoardStatus, DofaBoard, DofaNote, DofaVote, Quadrant, UnitKind
from pes.participation.boards import voice_name

HINTS = {
    Quadrant.FORTALEZA: "Lo que el sector hace bien y depende de él",
    Quadrant.OPORTUNIDAD: "Lo que viene de afuera y el sector puede aprovechar",
    Quadrant.DEBILIDAD: "Lo que le falta o hace mal, y depende de él",
    Quadrant.AMENAZA: "Lo que viene de afuera y puede afectarlo",
}


@dataclass(frozen=True, slots=True)
class NoteView:
    """A note; `is_mine` and `author` are for who looks, never for a picture that leaves the site."""

    pk: int
    text: str
    entity: str
    is_mine: bool


@dataclass(frozen=True, slots=True)
class Item:
    """What one can vote for: a group with its notes, or (without name) a note that stands alone."""

    group: int | None
    name: str
    notes: tuple[NoteView, ...]
    votes: int
    mine: int  # votes that the person who looks gave it

    @property
    def title(self) -> str:
        """The group's name, or the note's words."""
        return self.name or self.notes[0].text

    @property
    def anchor(self) -> str:
        """What names it in an address."""
        return f"grupo-{self.group}" if self.group else f"nota-{self.notes[0].pk}"


@dataclass(frozen=True, slots=True)
class QuadrantView:
    """A quadrant: its items, the most voted first once the board is closed."""

    key: str
    name: str
    hint: str
    items: tuple[Item, ...]

    @property
    def notes(self) -> int:
        """How many notes it holds."""
        return sum(len(item.notes) for item in self.items)

    @property
    def votes(self) -> int:
        """How many votes its items have."""
        return sum(item.votes for item in self.items)


@dataclass(frozen=True, slots=True)
class Picture:
    """The whole board."""

    quadrants: tuple[QuadrantView, ...]
    entities: tuple[str, ...]
    has_sector: bool  # somebody wrote for the sector itself, which is none of its entities
    voters: int

    @property
    def notes(self) -> int:
        """How many notes there are."""
        return sum(quadrant.notes for quadrant in self.quadrants)

    @property
    def votes(self) -> int:
        """How many votes were given."""
        return sum(quadrant.votes for quadrant in self.quadrants)


def picture_of(board: DofaBoard, viewer: Any = None) -> Picture:
    """The picture of a board for somebody, or for everybody; three queries, whatever it holds."""
    notes = list(DofaNote.objects.filter(board=board, withdrawn_at=None).select_related("unit").order_by("pk"))
    votes = list(DofaVote.objects.filter(board=board).values_list("person", "group", "note"))
    groups = list(board.groups.order_by("pk"))
    who = getattr(viewer, "pk", None)
    all_votes = Counter(vote[1:] for vote in votes)
    mine = Counter(vote[1:] for vote in votes if vote[0] == who)
    by_group: dict[int | None, list[NoteView]] = {}
    alone: dict[str, list[Item]] = {}
    for note in notes:
        view = NoteView(note.pk, note.text, voice_name(note.unit), note.author_id == who)
        if note.group_id:
            by_group.setdefault(note.group_id, []).append(view)
        else:
            key = (None, note.pk)
            alone.setdefault(note.quadrant, []).append(Item(None, "", (view,), all_votes[key], mine[key]))
    quadrants = []
    for quadrant in Quadrant:
        named = [
            Item(
                group.pk, group.name, tuple(by_group.get(group.pk, ())), all_votes[group.pk, None], mine[group.pk, None]
            )
            for group in groups
            if group.quadrant == quadrant
        ]
        items = _ordered([*named, *alone.get(quadrant, ())], is_closed=board.status == BoardStatus.CLOSED)
        quadrants.append(QuadrantView(quadrant.value, quadrant.label, HINTS[quadrant], items))
    entities = tuple(sorted({voice_name(note.unit) for note in notes if not _is_of_sector(note)}))
    return Picture(tuple(quadrants), entities, any(map(_is_of_sector, notes)), len({vote[0] for vote in votes}))


def counts_of(boards: Sequence[DofaBoard]) -> dict[int, dict[str, int]]:
    """Board (id) → quadrant → notes on it; one query for all the boards."""
    found: dict[int, dict[str, int]] = {board.pk: {} for board in boards}
    rows = DofaNote.objects.filter(board__in=[board.pk for board in boards], withdrawn_at=None)
    for board, quadrant in rows.values_list("board", "quadrant"):
        found[board][quadrant] = found[board].get(quadrant, 0) + 1
    return found


def _ordered(items: Iterable[Item], *, is_closed: bool) -> tuple[Item, ...]:
    """As they came; on a closed board, the most voted first."""
    return tuple(sorted(items, key=lambda item: -item.votes) if is_closed else items)


def _is_of_sector(note: DofaNote) -> bool:
    return note.unit.kind == UnitKind.SECTOR
