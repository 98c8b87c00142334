"""What a file really is, from its structure and not from its name (cases UP1 to UP3, UP5, UP6)."""

from __future__ import annotations

import stat
import warnings
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pikepdf
from PIL import Image

from pes.rules.problems import Problem, Refused

MAX_PIXELS = 40_000_000
MAX_OBJECTS = 300_000
MAX_PARTS = 3_000
MAX_UNPACKED = 200 * 1024**2
MAX_RATIO = 150
RATIO_FLOOR = 1024**2

_IMAGE_FORMAT = {".png": "PNG", ".jpg": "JPEG", ".jpeg": "JPEG"}
_MAIN_TYPE = {
    ".xlsx": b"spreadsheetml.sheet.main+xml",
    ".docx": b"wordprocessingml.document.main+xml",
    ".pptx": b"presentationml.presentation.main+xml",
}
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


def inspect(path: Path, suffix: str) -> None:
    """Raise Refused unless the file is what its suffix says and holds nothing active; it is never executed."""
    if suffix == ".pdf":
        _inspect_pdf(path)
    elif suffix in _IMAGE_FORMAT:
        _inspect_image(path, _IMAGE_FORMAT[suffix])
    else:
        _inspect_office(path, suffix)


def _refuse(code: str, rule: str, message: str, fix: str) -> None:
    raise Refused([Problem(code, rule, message, fix=fix)])


def _inspect_pdf(path: Path) -> None:
    with path.open("rb") as file:
        if file.read(5) != b"%PDF-":
            _refuse(
                "not_a_pdf", "UP1", "El archivo no es un PDF, aunque su nombre lo diga.", "Expórtelo de nuevo como PDF."
            )
    try:
        with pikepdf.open(path) as document:
            found = next(_active_parts(document), "")
    except pikepdf.PasswordError:
        _refuse("protected_pdf", "UP1", "El PDF está protegido con contraseña.", "Guárdelo sin contraseña.")
    except (pikepdf.PdfError, RecursionError, ValueError):
        _refuse("damaged_pdf", "UP1", "El PDF está dañado o incompleto.", "Expórtelo de nuevo.")
    if found:
        _refuse("active_pdf", "UP3", f"El PDF contiene {found}.", "Imprímalo a un PDF nuevo y suba ese archivo.")


def _active_parts(document: pikepdf.Pdf) -> Iterator[str]:
    """What a PDF holds that acts or hides: every object is visited, whether a page reaches it or not."""
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


def _inspect_image(path: Path, expected: str) -> None:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(path, formats=[expected]) as image:
                if image.width * image.height > MAX_PIXELS:
                    raise Image.DecompressionBombError
                image.verify()  # the container, to its end; it spends the file
            with Image.open(path, formats=[expected]) as image:
                image.draft("RGB", (1024, 1024))
                image.load()
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        _refuse("image_too_large", "UP6", "La imagen tiene demasiados píxeles.", "Redúzcala a menos de 40 megapíxeles.")
    except (OSError, ValueError, SyntaxError):
        _refuse(
            "not_an_image", "UP6", f"El archivo no es una imagen {expected} completa.", "Guárdela de nuevo y súbala."
        )


def _inspect_office(path: Path, suffix: str) -> None:
    problem = "El archivo no es un documento de Office válido, aunque su nombre lo diga."
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
            _check_container(entries)
            kinds = archive.read("[Content_Types].xml")
    except (zipfile.BadZipFile, KeyError, OSError, ValueError, NotImplementedError, RuntimeError, EOFError):
        _refuse("not_a_document", "UP1", problem, "Guárdelo de nuevo desde Office y súbalo.")
    if b"macroEnabled" in kinds or b"vbaProject" in kinds:
        _refuse("macros", "UP2", "El documento contiene macros.", "Guárdelo sin macros.")
    if _MAIN_TYPE[suffix] not in kinds:
        _refuse("not_a_document", "UP1", problem, "Guárdelo de nuevo desde Office y súbalo.")


def _check_container(entries: list[zipfile.ZipInfo]) -> None:
    """Judge a container from its central directory, before anything is unpacked."""
    names = [entry.orig_filename.casefold() for entry in entries]
    unsafe = any("\\" in name or name.startswith("/") or ".." in name.split("/") or ":" in name for name in names)
    if unsafe or any(stat.S_ISLNK(entry.external_attr >> 16) for entry in entries):
        _refuse("unsafe_container", "UP5", "El documento contiene rutas peligrosas.", "Guárdelo de nuevo desde Office.")
    unpacked = sum(entry.file_size for entry in entries)
    bomb = any(e.file_size > RATIO_FLOOR and e.file_size / max(e.compress_size, 1) > MAX_RATIO for e in entries)
    if len(entries) > MAX_PARTS or unpacked > MAX_UNPACKED or bomb:
        _refuse(
            "container_too_large",
            "UP5",
            "El documento se descomprime en algo desmedido.",
            "Divídalo o expórtelo a PDF.",
        )
    active = ("vbaproject", "/activex/", "macrosheets/", "oleobject", ".exe", ".js", ".vbs")
    if any(mark in f"/{name}" for name in names for mark in active):
        _refuse(
            "macros", "UP2", "El documento contiene macros u objetos incrustados.", "Guárdelo sin macros ni objetos."
        )
