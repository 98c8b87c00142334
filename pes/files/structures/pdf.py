"""A PDF as it is built: every object is visited, whether a page reaches it or not (UP1, UP3)."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from typing import Any, BinaryIO

import pikepdf

MAX_OBJECTS = 150_000  # a report of hundreds of pages has twenty thousand

_ACTIVE_KEYS = {
    "/JS": "JavaScript",
    "/JavaScript": "JavaScript",
    "/XFA": "un formulario XFA",
    "/RichMedia": "contenido multimedia",
}
_ACTIVE_ACTIONS = {
    "/JavaScript": "JavaScript",
    "/Launch": "una orden de abrir programas",
    "/SubmitForm": "un envío de formulario",
    "/ImportData": "una importación de datos",
    "/GoToE": "un salto a un archivo incrustado",
}
_FILE_KEYS = {"/EmbeddedFiles", "/EF"}


def answer(stream: BinaryIO, _suffix: str) -> dict[str, Any]:
    """`verdict`: the code of what is wrong, and what was found; nothing when the file is a PDF that only shows."""
    if stream.read(5) != b"%PDF-":
        return {"verdict": ["not_a_pdf", ""]}
    if zipfile.is_zipfile(stream):
        return {"verdict": ["two_files_in_one", ""]}
    stream.seek(0)
    try:
        with pikepdf.open(stream) as document:
            found = next(_active_parts(document), "")
    except pikepdf.PasswordError:
        return {"verdict": ["protected_pdf", ""]}
    except (pikepdf.PdfError, RecursionError, ValueError):
        return {"verdict": ["damaged_pdf", ""]}
    return {"verdict": ["active_pdf", found]} if found else {}


def _active_parts(document: pikepdf.Pdf) -> Iterator[str]:
    """What a PDF holds that acts or hides, in Spanish."""
    if len(document.objects) > MAX_OBJECTS:
        yield "demasiados objetos"
    start = document.Root.get("/OpenAction")
    if isinstance(start, pikepdf.Dictionary) and start.get("/S") not in (None, pikepdf.Name("/GoTo")):
        yield "una acción al abrirse"
    for found in document.objects:
        waiting: list[Any] = [found]
        while waiting:
            item = waiting.pop()
            if isinstance(item, pikepdf.Stream | pikepdf.Dictionary):
                entries = item.stream_dict if isinstance(item, pikepdf.Stream) else item
                yield from _active_entries(entries)
                waiting += [value for value in entries.values() if _is_direct(value)]
            elif isinstance(item, pikepdf.Array):
                waiting += [value for value in item if _is_direct(value)]


def _is_direct(value: Any) -> bool:
    return isinstance(value, pikepdf.Dictionary | pikepdf.Array) and not value.is_indirect


def _active_entries(entries: Any) -> Iterator[str]:
    action = entries.get("/S")
    for key in entries.keys():  # noqa: SIM118 - iterating a pikepdf dictionary is not iterating its keys
        if key in _ACTIVE_KEYS:
            yield _ACTIVE_KEYS[key]
        elif key in _FILE_KEYS:
            yield "archivos incrustados"
    if isinstance(action, pikepdf.Name) and str(action) in _ACTIVE_ACTIONS:
        yield _ACTIVE_ACTIONS[str(action)]
