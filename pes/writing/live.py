"""Tables and figures of the document that are made from the data each time it is read, and frozen in a version.

Each app says which it has by `registry.provide("document_tables", fn)`; fn(plan) yields `LiveTable` and asks the
database nothing until `build` is called.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from pes import registry
from pes.documents.blocks import Block
from pes.models import SectorPlan


@dataclass(frozen=True, slots=True)
class LiveTable:
    """One of them. `key` is what a text places (letters, digits and `-`), `section` the key of the section that shows
    it when no text does (fixtures/documento_pes.json; `resources:sdg` is that of an entity), or blank.

    `build` gives its blocks in a constant number of queries, none when there is no data yet; `missing` then says to
    the writers what to do about it.
    """

    key: str
    title: str
    section: str
    build: Callable[[], tuple[Block, ...]]
    missing: str = "Aparecerá cuando haya datos."


def live_tables(plan: SectorPlan) -> dict[str, LiveTable]:
    """Every one that the apps offer for a PES, by key."""
    offered: Iterable[LiveTable] = registry.collect("document_tables", plan)
    return {one.key: one for one in offered}
