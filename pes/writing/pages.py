"""What the pages of the document show, as plain strings and blocks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from pes.dates import countdown, long_date
from pes.documents.blocks import Block
from pes.models import DocumentSection, SectorPlan
from pes.plan_frame import plan_url
from pes.rules.numbers import format_magnitude
from pes.rules.writing import SectionKind, SectionStatus
from pes.writing.content import SectionContent, content_of, has_content, word_count
from pes.writing.outline import ChapterPart, Part, outline_of
from pes.writing.powers import Powers
from pes.writing.template import hint_of
from pes.writing.whole import numbered

TONES = {SectionStatus.PENDING: "neutral", SectionStatus.WRITING: "info", SectionStatus.READY: "ok"}
NOBODY = "Sin asignar"


@dataclass(frozen=True, slots=True)
class SectionRow:
    """A section as it is listed and read."""

    pk: int
    number: str
    title: str
    anchor: str
    level: int
    url: str
    state: str
    tone: str
    who: str
    due: str
    is_late: bool
    is_former: bool
    is_empty: bool
    hint: str
    act: str
    comments: int
    blocks: tuple[Block, ...] = ()

    @property
    def name(self) -> str:
        """Its number and title."""
        return f"{self.number} {self.title}".strip()

    @property
    def comment_words(self) -> str:
        """How many comments are open; blank without."""
        return "" if not self.comments else "1 comentario" if self.comments == 1 else f"{self.comments} comentarios"


@dataclass(frozen=True, slots=True)
class ChapterRow:
    """A chapter as it is read."""

    anchor: str
    title: str
    rows: tuple[SectionRow, ...]
    ready: str
    lack: str = ""


@dataclass(frozen=True, slots=True)
class DocumentPage:
    """The whole document: its chapters, and how far it is."""

    chapters: tuple[ChapterRow, ...]
    figures: tuple[tuple[str, str, str], ...]
    missing: tuple[SectionRow, ...]
    mine: tuple[SectionRow, ...]


def document_page(plan: SectorPlan, powers: Powers, today: date) -> DocumentPage:
    """The document as it is read; a constant number of queries."""
    outline = outline_of(plan)
    content = numbered(content_of(plan, outline))
    comments = open_comments(plan)
    chapters = []
    for chapter, said in zip(outline, content.chapters, strict=True):
        rows = tuple(
            _row(part, powers, today, comments.get(part.section.pk, 0), one.blocks, is_empty=not has_content(one))
            for part, one in zip(chapter.sections, said.sections, strict=True)
        )
        chapters.append(_chapter(chapter, rows))
    rows = [row for chapter in chapters for row in chapter.rows]
    mine = {p.section.pk for chapter in outline for p in chapter.sections if p.section.responsible_id == powers.user}
    ready = [row for row in rows if row.tone == "ok"]
    late = sum(row.is_late for row in rows)
    figures = (
        ("Secciones listas", f"{len(ready)} de {len(rows)}", ""),
        ("Sin contenido", str(sum(row.is_empty for row in rows)), "Ni texto ni datos"),
        ("Atrasadas", str(late), "Pasó su plazo y no están listas"),
        ("Palabras", format_magnitude(Decimal(word_count(content))), "Con sus tablas"),
    )
    missing = tuple(row for row in rows if row.tone != "ok")
    return DocumentPage(tuple(chapters), figures, missing, tuple(row for row in missing if row.pk in mine))


def section_row(part: Part, powers: Powers, today: date, content: SectionContent) -> SectionRow:
    """A section on its own page, with what it says now."""
    return _row(part, powers, today, 0, content.blocks, is_empty=not has_content(content))


def open_comments(plan: SectorPlan) -> dict[int, int]:
    """Open comments by section; one query."""
    rows = DocumentSection.objects.filter(chapter__document__plan=plan, comments__resolved_at=None)
    made: dict[int, int] = {}
    for pk in rows.filter(comments__isnull=False).values_list("pk", flat=True):
        made[pk] = made.get(pk, 0) + 1
    return made


def due_words(due: date | None, today: date, *, is_ready: bool) -> str:
    """Until when, and how long is left while it matters."""
    if due is None:
        return ""
    return long_date(due) if is_ready else f"{long_date(due)} · {countdown(due, today)}"


def part_of(outline: Sequence[ChapterPart], pk: int) -> Part | None:
    """A section in its outline, with its number; None if the outline does not show it."""
    return next((part for chapter in outline for part in chapter.sections if part.section.pk == pk), None)


def neighbours(outline: Sequence[ChapterPart], pk: int) -> dict[str, Any]:
    """The sections before and after one, to go on reading or writing."""
    parts = [part for chapter in outline for part in chapter.sections]
    at = next(place for place, part in enumerate(parts) if part.section.pk == pk)
    return {"before": parts[at - 1] if at else None, "after": parts[at + 1] if at + 1 < len(parts) else None}


def _chapter(chapter: ChapterPart, rows: tuple[SectionRow, ...]) -> ChapterRow:
    done = sum(row.tone == "ok" for row in rows)
    lack = "" if rows else "Este capítulo tiene una sección por línea estratégica: agréguelas en la pestaña «Marco»."
    return ChapterRow(f"capitulo-{chapter.key}", chapter.name, rows, f"{done} de {len(rows)}", lack)


def _row(
    part: Part, powers: Powers, today: date, comments: int, blocks: Iterable[Block], *, is_empty: bool
) -> SectionRow:
    section, status = part.section, SectionStatus(part.section.status)
    ready = status == SectionStatus.READY
    writes = powers.writes(section) and section.kind != SectionKind.LIVE and not ready
    return SectionRow(
        pk=section.pk,
        number=part.number,
        title=section.title or section.chapter.title,
        anchor=f"seccion-{section.pk}",
        level=section.level,
        url=plan_url(section.plan, "pes:section", section.pk),
        state=status.label,
        tone=TONES[status],
        who=str(section.responsible) if section.responsible else NOBODY,
        due=due_words(section.due_on, today, is_ready=ready),
        is_late=section.due_on is not None and section.due_on < today and not ready,
        is_former=part.is_former,
        is_empty=is_empty,
        hint=hint_of(section.key),
        act="Escribir" if writes else "Abrir",
        comments=comments,
        blocks=tuple(blocks),
    )
