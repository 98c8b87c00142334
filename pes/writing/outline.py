"""The sections of a document in order, numbered; those that the sector no longer asks for only if they say something."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby

from pes.models import DocumentChapter, DocumentSection, SectorPlan, StrategicLine
from pes.rules.writing import numbers
from pes.writing.template import entities_of


@dataclass(frozen=True, slots=True)
class Part:
    """A section with its number; `is_former` when its entity or line left the sector and it kept its text."""

    number: str
    section: DocumentSection
    is_former: bool = False

    @property
    def name(self) -> str:
        """«2.5 Marco Estratégico Sectorial», or the title of its part."""
        return f"{self.number} {self.section.title}" if self.section.title else self.section.chapter.title


@dataclass(frozen=True, slots=True)
class ChapterPart:
    """A chapter and its sections."""

    chapter: DocumentChapter
    sections: tuple[Part, ...]

    @property
    def key(self) -> str:
        """Its key."""
        return self.chapter.key

    @property
    def number(self) -> str:
        """Its number, blank for the parts at the end."""
        return self.chapter.number

    @property
    def title(self) -> str:
        """Its title."""
        return self.chapter.title

    @property
    def name(self) -> str:
        """«Capítulo 2. Contexto…», or its title."""
        return f"{self.number}. {self.title}" if self.number else self.title


def outline_of(plan: SectorPlan) -> list[ChapterPart]:
    """The chapters of a PES's document with their sections; four queries, none of them for a section."""
    chapters = DocumentChapter.objects.filter(document__plan=plan).order_by("order")
    rows = DocumentSection.objects.filter(chapter__document__plan=plan).order_by("chapter__order", "order", "pk")
    rows = rows.select_related("chapter__document__plan__sector", "entity", "responsible")
    held = {pk: list(found) for pk, found in groupby(rows, key=lambda row: row.chapter_id)}
    present = {f":{one.code}" for one in entities_of(plan)}
    present |= {f":{pk}" for pk in StrategicLine.objects.filter(plan=plan).values_list("pk", flat=True)}
    return [ChapterPart(chapter, tuple(_parts(chapter, held.get(chapter.pk, []), present))) for chapter in chapters]


def _parts(chapter: DocumentChapter, rows: list[DocumentSection], present: set[str]) -> list[Part]:
    former = {row.pk for row in rows if ":" in row.key and row.key[row.key.index(":") :] not in present}
    shown = [row for row in rows if row.html or row.pk not in former]
    found = zip(numbers(chapter.number, (row.level for row in shown)), shown, strict=True)
    return [Part(number, row, row.pk in former) for number, row in found]
