"""What the document answers to the gates of the road: its six chapters say something (LC-02)."""

from __future__ import annotations

from collections.abc import Iterator

from pes.models import PlanDocument, SectorPlan
from pes.plan_frame import plan_url
from pes.rules.gates import GateFact
from pes.writing.content import ChapterContent, content_of, has_content
from pes.writing.structure import pending_of

CODE = "chapters_have_content"


def gate_facts(plan: SectorPlan) -> Iterator[GateFact]:
    """Provider of `gate_facts`: each numbered chapter has sections, those of today's entities and lines too, and
    every one of them says something.
    """
    url = plan_url(plan, "pes:document")
    chapters = [chapter for chapter in content_of(plan).chapters if chapter.number]
    if not chapters:
        yield GateFact(CODE, False, "El documento del PES no se ha abierto.", url)
        return
    absent = pending_of(PlanDocument.objects.select_related("plan__sector").get(plan=plan)).missing
    empty = "; ".join(filter(None, map(_missing, chapters)))
    said = [f"Falta contenido en {empty}."] if empty else []
    said += [f"Falta agregar al documento la sección «{one.title}»." for one in absent]
    yield GateFact(CODE, not said, " ".join(said), url)


def _missing(chapter: ChapterContent) -> str:
    """«el capítulo 3» if nothing is in it, else its sections without content by number."""
    empty = [section.number for section in chapter.sections if not has_content(section)]
    if len(empty) == len(chapter.sections):
        return f"el capítulo {chapter.number}"
    return ", ".join(empty)
