"""The document of the PES: its numbering, the life of a section, and what a text may be (LC-07; PD3)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from enum import StrEnum

from pes.permissions import Permission
from pes.rules.problems import Problem
from pes.rules.transitions import Transition

MOST_GIVEN = 1_000_000  # characters as they arrive: word processors write five for each one that is kept
MOST_CHARACTERS = 200_000  # of a section's HTML as it is kept: some sixty pages
MOST_OF_QUOTE = 500  # characters of a passage
MOST_TABLES = 30  # of a section
MOST_ROWS = 300  # of a table of a text
MOST_DEPTH = 8  # elements inside one another


class SectionKind(StrEnum):
    """What fills a section: words, live data, or words beside live data."""

    TEXT = "text"
    LIVE = "live"
    BOTH = "both"

    @property
    def label(self) -> str:
        """What the interface calls it."""
        return {"text": "Texto", "live": "Datos", "both": "Texto y datos"}[self.value]


class SectionStatus(StrEnum):
    """How far a section is."""

    PENDING = "pending"
    WRITING = "writing"
    READY = "ready"

    @property
    def label(self) -> str:
        """What the interface calls it."""
        return {"pending": "Por empezar", "writing": "En redacción", "ready": "Lista"}[self.value]


_WRITE = Permission.DOCUMENT_WRITE
TRANSITIONS = (
    Transition("write", {SectionStatus.PENDING, SectionStatus.WRITING}, SectionStatus.WRITING, _WRITE),
    Transition("finish", {SectionStatus.PENDING, SectionStatus.WRITING}, SectionStatus.READY, _WRITE),
    Transition("resume", {SectionStatus.READY}, SectionStatus.WRITING, _WRITE),
)


def numbers(chapter: str, levels: Iterable[int]) -> Iterator[str]:
    """The numbers of a chapter's sections by their levels, in order: «2.5» at level 2, «2.5.1» at level 3.

    A part without number gives none to its sections.
    """
    second = third = 0
    for level in levels:
        if level == 2:
            second, third = second + 1, 0
        else:
            third += 1
        if not chapter:
            yield ""
        else:
            yield f"{chapter}.{second}" if level == 2 else f"{chapter}.{second}.{third}"


def finish_problems(kind: str, *, has_content: bool, open_comments: int) -> Iterator[Problem]:
    """What keeps a section from being declared ready: it says nothing, neither words nor data, as gate G2 reads it.

    Comments that are open warn and do not stop: who writes decides.
    """
    if not has_content:
        message, fix = "La sección no tiene texto.", "Escriba su contenido antes de darla por lista."
        if kind != SectionKind.TEXT:
            message = "La sección no tiene texto ni datos."
            fix = "Escriba su contenido o llene los datos de los que se nutre antes de darla por lista."
        yield Problem("section_empty", "LC-07", message, fix=fix)
    if open_comments:
        said = "un comentario abierto" if open_comments == 1 else f"{open_comments} comentarios abiertos"
        message = f"La sección tiene {said}."
        yield Problem("comments_open", "LC-07", message, blocking=False, fix="Respóndalos o márquelos como resueltos.")


def writing_problems(status: str, kind: str) -> Iterator[Problem]:
    """What keeps a section from being written where it stands."""
    if kind == SectionKind.LIVE:
        message = "Esta sección se llena sola con los datos del PES."
        yield Problem("section_of_data", "LC-07", message, fix="Cambie los datos; el documento los toma al leerse.")
    elif status == SectionStatus.READY:
        message = "La sección está lista y no recibe cambios."
        yield Problem("section_ready", "LC-07", message, fix="Pulse «Seguir escribiendo» para volver a abrirla.")


# First words of the names of entities that take «de la»; the others are called by their acronym: «del DADEP».
_FEMININE = ("Secretaría", "Unidad", "Agencia", "Caja", "Corporación", "Empresa", "Fundación", "Orquesta", "Veeduría")


def of_entity(name: str, acronym: str) -> str:
    """An entity after «recursos» or «problemáticas», as the Guía writes it: «de la Secretaría…», «del DADEP»."""
    return f"de la {name}" if name.startswith(_FEMININE) else f"del {acronym or name}"
