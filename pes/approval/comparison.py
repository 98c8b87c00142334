"""Two versions compared, chapter by chapter, as the page shows it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain, groupby
from typing import Any

from django.core.paginator import Page, Paginator

from pes.approval.plain import plain_sections
from pes.models import PesVersion
from pes.rules.document_differences import (
    ChangeKind,
    SectionDifference,
    TableDifference,
    TextDifference,
    document_differences,
)
from pes.rules.rich_lines import legend_of
from pes.writing.content import from_json

PER_PAGE = 20
WORDS = {
    ChangeKind.ADDED: ("Nueva", "ok"),
    ChangeKind.REMOVED: ("Ya no está", "risk"),
    ChangeKind.CHANGED: ("Cambió", "warn"),
}
ROW_WORDS = {
    ChangeKind.ADDED: "Fila nueva",
    ChangeKind.REMOVED: "Fila que ya no está",
    ChangeKind.CHANGED: "Fila que cambió",
}
_COUNTED = (
    (ChangeKind.CHANGED, "sección cambiada", "secciones cambiadas"),
    (ChangeKind.ADDED, "sección nueva", "secciones nuevas"),
    (ChangeKind.REMOVED, "sección que ya no está", "secciones que ya no están"),
)


@dataclass(frozen=True)
class Comparison:
    """What differs, a page of sections by chapter, and how much in a sentence."""

    summary: str
    is_same: bool  # to the last character, and not only in what is shown
    legend: str
    page: Page[SectionDifference]
    chapters: list[tuple[str, list[dict[str, Any]]]]


def compared(before: PesVersion, after: PesVersion, page: str | None) -> Comparison:
    """The differences between two versions."""
    sides = (plain_sections(from_json(one.content)) for one in (before, after))
    found = document_differences(*sides)
    shown = Paginator(found, PER_PAGE).get_page(page)
    chapters = [(title, [_section(one) for one in run]) for title, run in groupby(shown, key=lambda one: one.chapter)]
    is_same = before.digest == after.digest
    return Comparison(_summary(found, is_same), is_same, legend_of(_texts(shown)), shown, chapters)


def _summary(found: list[SectionDifference], is_same: bool) -> str:
    if is_same:
        return "Las dos versiones dicen lo mismo, palabra por palabra."
    if not found:
        return (
            "Las dos versiones no son iguales: sus huellas SHA-256 difieren, pero no en los textos, los formatos, los "
            "enlaces ni las tablas que aquí se comparan. Abra cada una para verla."
        )
    counts = Counter(one.kind for one in found)
    said = [f"{counts[kind]} {one if counts[kind] == 1 else many}" for kind, one, many in _COUNTED if counts[kind]]
    return f"{', '.join(said)}."


def _texts(found: Iterable[SectionDifference]) -> Iterator[str]:
    """Every text that the differences show, whose signs the legend explains."""
    for part in chain.from_iterable(one.parts for one in found):
        if isinstance(part, TextDifference):
            yield from (text for _, text in part.pieces)
            continue
        yield from (part.caption, part.renamed_from or "", *part.headers)
        yield from (
            text for cells in (part.heads, *(row.cells for row in part.rows)) for cell in cells for _, text in cell
        )


def _section(one: SectionDifference) -> dict[str, Any]:
    words, tone = WORDS[one.kind]
    renamed = f"Antes se llamaba «{one.renamed_from}»." if one.renamed_from else ""
    return {
        "label": one.label, "state": words, "tone": tone, "renamed": renamed,
        "parts": [_part(part) for part in one.parts],
    }  # fmt: skip


def _part(part: TextDifference | TableDifference) -> dict[str, Any]:
    if isinstance(part, TextDifference):
        return {"is_table": False, "pieces": part.pieces}
    same = "1 fila igual no se muestra." if part.same == 1 else f"{part.same} filas iguales no se muestran."
    rows = [
        {"state": ROW_WORDS[row.kind], "cells": list(zip(part.headers, row.cells, strict=False))} for row in part.rows
    ]
    if part.heads:
        rows.insert(
            0, {"state": "Encabezados que cambiaron", "cells": list(zip(part.headers, part.heads, strict=True))}
        )
    renamed = f"La tabla se llamaba «{part.renamed_from or 'Tabla'}»." if part.renamed_from is not None else ""
    return {
        "is_table": True, "renamed": renamed, "caption": part.caption or "Tabla", "headers": part.headers, "rows": rows,
        "same": same if part.same else "",
    }  # fmt: skip
