"""Opening a document and keeping its sections in step with the sector: its entities, its lines, its PDD (LC-07)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from pes import audit
from pes.access import demand
from pes.edits import refuse_if_stale
from pes.models import DocumentChapter, DocumentSection, PlanDocument, SectorPlan, User
from pes.permissions import Permission
from pes.rules.problems import Problem, Refused
from pes.writing.template import WantedChapter, WantedSection, wanted_chapters

LEAD = Permission.DOCUMENT_PRESENT  # the head of sector's: it opens the document, shares it out and names chapters
TITLE_LIMIT = 250  # characters


@dataclass(frozen=True, slots=True)
class Pending:
    """What the structure lacks to be that of the sector today: titles to add, and titles that changed."""

    missing: tuple[WantedSection, ...]
    retitled: tuple[tuple[int, str, str], ...]  # section, title now, title wanted

    def __bool__(self) -> bool:
        return bool(self.missing or self.retitled)

    @property
    def words(self) -> tuple[str, ...]:
        """One sentence for each."""
        added = (f"Falta la sección «{one.title}»." for one in self.missing)
        return (*added, *(f"«{now}» pasa a llamarse «{wanted}»." for _, now, wanted in self.retitled))


@transaction.atomic
def open_document(plan: SectorPlan, *, by: User, now: datetime | None = None) -> PlanDocument:
    """Open the document of a PES with its chapters and sections; opened already, it is that one (WF1).

    Raises PermissionDenied.
    """
    demand(by, LEAD, plan)
    held = SectorPlan.hold(plan.pk)
    found = PlanDocument.objects.filter(plan=held).first()
    if found is not None:
        return found
    made = PlanDocument.objects.create(plan=held, opened_by=by, opened_at=now or timezone.now())
    wanted = wanted_chapters(held)
    _add_chapters(made, wanted)
    count = _add_sections(made, [section for chapter in wanted for section in chapter.sections])
    audit.record("document_opened", made, by=by, after={"plan": str(held), "sections": count})
    return made


@transaction.atomic
def renew_structure(document: PlanDocument, *, by: User) -> Pending:
    """Add the sections that the sector's entities and lines lack, and give the generated ones today's titles.

    Nothing is taken away: the section of an entity that left keeps its text. Returns what was done; empty the second
    time (WF1). Raises PermissionDenied.
    """
    demand(by, LEAD, document)
    held = PlanDocument.hold(document.pk)
    pending = pending_of(held)
    if not pending:
        return pending
    _add_sections(held, pending.missing)
    for pk, _, title in pending.retitled:
        DocumentSection.objects.filter(pk=pk).update(title=title)
    audit.record("document_renewed", held, by=by, after={"plan": str(held.plan), "changes": list(pending.words)})
    return pending


@transaction.atomic
def rename_chapter(chapter: DocumentChapter, *, title: str, read: str, by: User) -> bool:
    """Give a chapter another title; False when it has it already. `read` is the fingerprint of `chapter_facts`.

    Raises PermissionDenied, StaleEdit, or Refused: no title, or one too long.
    """
    demand(by, LEAD, chapter.document)
    held = DocumentChapter.objects.select_for_update(no_key=True).get(pk=chapter.pk)
    before, named = chapter_facts(held), " ".join(title.split())
    if named == held.title:
        return False
    refuse_if_stale(before, read)
    if not 0 < len(named) <= TITLE_LIMIT:
        message = f"El título tiene {len(named)} caracteres."
        raise Refused([Problem("title_length", "LC-07", message, fix=f"Escriba entre 1 y {TITLE_LIMIT}.")])
    held.title = named
    held.save(update_fields=["title"])
    audit.record("chapter_renamed", held, by=by, before=before, after=chapter_facts(held))
    return True


def chapter_facts(chapter: DocumentChapter) -> dict[str, str]:
    """What a person reads of a chapter before giving it another title."""
    return {"title": chapter.title}


def pending_of(document: PlanDocument) -> Pending:
    """What the structure lacks to be that of the sector today; four queries."""
    rows = DocumentSection.objects.filter(chapter__document=document)
    stored = {(key, one): (pk, title) for key, one, pk, title in rows.values_list("chapter__key", "key", "pk", "title")}
    wanted = [section for chapter in wanted_chapters(document.plan) for section in chapter.sections]
    found = [(section, stored.get((section.chapter, section.key))) for section in wanted]
    return Pending(
        tuple(section for section, row in found if row is None),
        tuple((row[0], row[1], section.title) for section, row in found if row and row[1] != section.title),
    )


def _add_chapters(document: PlanDocument, wanted: list[WantedChapter]) -> None:
    rows = [
        DocumentChapter(document=document, key=one.key, number=one.number, title=one.title, order=one.order)
        for one in wanted
    ]
    DocumentChapter.objects.bulk_create(rows)


def _add_sections(document: PlanDocument, wanted: list[WantedSection] | tuple[WantedSection, ...]) -> int:
    chapters = {chapter.key: chapter for chapter in document.chapters.all()}
    rows = [
        DocumentSection(
            chapter=chapters[one.chapter], key=one.key, title=one.title, order=one.order, level=one.level,
            kind=one.kind, entity=one.entity,
        )
        for one in wanted
    ]  # fmt: skip
    return len(DocumentSection.objects.bulk_create(rows))
