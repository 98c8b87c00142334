"""The last run of the viability check in the document of a PES: what DNP asks, and how far it is met."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from evaluation.models import ViabilityCheck
from evaluation.rules.viability import Judged
from evaluation.rules.viability_terms import Status
from evaluation.viability.checks import frozen
from pes import registry
from pes.dates import long_date
from pes.documents.blocks import Block, Grid, Text
from pes.models import SectorPlan
from pes.writing.live import LiveTable

_MISSING = "Aparecerá cuando se guarde la primera revisión de viabilidad."
_FOUND = (Status.PARTLY, Status.NOT_MET)


def document_tables(plan: SectorPlan) -> Iterator[LiveTable]:
    """Provider of `document_tables`: the last run; never a judgement that nobody kept."""
    yield LiveTable("viabilidad", "Revisión de viabilidad del plan", "annexes", partial(_viability, plan), _MISSING)


def _viability(plan: SectorPlan) -> tuple[Block, ...]:
    last = ViabilityCheck.objects.filter(plan=plan).order_by("-run").first()
    if last is None:
        return ()
    found = frozen(last)
    rows = tuple((one.requirement.label, one.status.label, _why(one)) for one in found.requirements)
    caption = f"Requisitos de un plan viable, revisión {last.run} del {long_date(last.checked_at)}, vigencia {last.vigencia_id}"
    met = found.count(Status.MET)
    summary = (
        f"El plan cumple {met} de {len(found.requirements)} requisitos. Huella SHA-256 de la revisión: {last.digest}."
    )
    return (Grid(caption, ("Requisito", "Estado", "Hallazgos y respuesta"), rows), Text(summary))


def _why(one: Judged) -> str:
    parts = [f"{finding.text}." for finding in one.findings if finding.status in _FOUND]
    if one.said is not None:
        parts.append(f"{one.requirement.question} {one.said.answer.label}: {one.said.text}")
    elif one.requirement.question:
        parts.append(f"{one.requirement.question} Sin respuesta.")
    return " ".join(parts) or "Sin hallazgos."


registry.provide("document_tables", document_tables)
