"""CB-1090, the report of management and results, in the order of the Secretaría's own of 2017 (REP-07; act. 14)."""

from __future__ import annotations

from collections.abc import Iterator

from evaluation.auditor.context import UnitYear, YearContext
from evaluation.auditor.parts import analyses, document_of, goals_grid, groups, method, notes
from evaluation.auditor.wording import cutoff_text
from pes.documents.blocks import Block, Document, Facts, Section, Text, Title


def document(context: YearContext) -> Document:
    """Introducción, then the processes – misionales first – with their goals and their qualitative analysis."""
    parts = (
        Section(f"grupo-{key}", title, tuple(_blocks(units)), "new-page") for key, title, units in groups(context.units)
    )
    return document_of(context, (_introduction(context), *parts, method()))


def _introduction(context: YearContext) -> Section:
    goals = sum(len(unit.goals) for unit in context.units)
    reach = (
        f"Este informe presenta los resultados de los planes de gestión de la vigencia {context.vigencia} de "
        f"{context.entity}, con corte al {cutoff_text(context)}."
    )
    contents = (
        f"Reúne {len(context.units)} planes y {goals} metas. Para cada dependencia trae la tabla de sus metas y el "
        "análisis cualitativo de cada una, como los reportó su equipo y los validó la oficina asesora de planeación."
    )
    return Section("introduccion", "Introducción", (*notes(context), Text(reach), Text(contents)))


def _blocks(units: tuple[UnitYear, ...]) -> Iterator[Block]:
    for unit in units:
        yield Title(3, unit.name)
        if unit.process_objective:
            yield Facts((("Objetivo", unit.process_objective),))
        yield Title(4, f"METAS – {unit.name}")
        yield goals_grid(unit)
        yield Title(4, f"ANÁLISIS CUALITATIVO – {unit.name}")
        yield analyses(unit)
