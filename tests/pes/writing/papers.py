"""Documents for tests: opened by Jorge in the sector of the cast, with one strategic line."""

from __future__ import annotations

from dataclasses import dataclass

from pes.models import DocumentSection, PlanDocument, SectorPlan, StrategicLine
from pes.writing.structure import open_document
from tests.people import Cast, cast


@dataclass(frozen=True)
class Paper:
    """A document with its people."""

    people: Cast
    plan: SectorPlan
    document: PlanDocument

    def section(self, key: str) -> DocumentSection:
        """One of its sections, as it is stored."""
        rows = DocumentSection.objects.select_related("chapter__document__plan__sector")
        return rows.get(chapter__document=self.document, key=key)


def paper() -> Paper:
    """The cast, the PES of its sector with a line, and its document just opened."""
    people = cast()
    plan = SectorPlan.objects.create(
        sector=people.sector, name="PES Gestión Pública", first_vigencia=2024, last_vigencia=2028
    )
    StrategicLine.objects.create(plan=plan, number=1, name="Servicio cercano", text="Acercar los trámites.")
    return Paper(people, plan, open_document(plan, by=people.jorge))
