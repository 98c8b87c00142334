"""What the document puts in «Mi trabajo»: sections to write, comments to answer."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from pes.models import DocumentSection
from pes.permissions import Permission
from pes.rules.writing import SectionStatus
from pes.writing.comments import awaiting


def inbox(user: Any) -> Iterator[dict[str, Any]]:
    """Provider of `inbox`: a constant number of queries."""
    yield from _to_write(user)
    yield from _to_answer(user)


def _to_write(user: Any) -> Iterator[dict[str, Any]]:
    rows = DocumentSection.objects.visible_to(user, Permission.DOCUMENT_WRITE).filter(responsible=user)
    rows = rows.exclude(status=SectionStatus.READY).select_related("chapter__document__plan__sector")
    for row in rows.order_by("due_on", "chapter__order", "order"):
        state = SectionStatus(row.status).label.lower()
        yield {
            "title": f"Escribir «{row}» del PES",
            "detail": f"Sector {row.plan.sector.name}: {state}.",
            "url": row.get_absolute_url(),
            "due_on": row.due_on,
            "since": None,
            "kind": "document_section",
        }


def _to_answer(user: Any) -> Iterator[dict[str, Any]]:
    """One item a section, however many comments await the person there."""
    mine = awaiting(user).visible_to(user, Permission.DOCUMENT_WRITE).values_list("section", flat=True)
    counted = Counter(mine)
    rows = DocumentSection.objects.filter(pk__in=counted).select_related("chapter__document__plan__sector")
    for row in rows.order_by("pk") if counted else ():
        count = counted[row.pk]
        yield {
            "title": f"Responder {'un comentario' if count == 1 else f'{count} comentarios'} en «{row}»",
            "detail": f"Documento del PES, sector {row.plan.sector.name}.",
            "url": f"{row.get_absolute_url()}#comentarios",
            "due_on": None,
            "since": None,
            "kind": "document_comment",
        }
