"""What a file really is, from its structure and not from its name, found out in a process of its own (UP1 to UP6)."""

from __future__ import annotations

import logging
import os
from dataclasses import dataclass
from pathlib import Path
from threading import BoundedSemaphore

from pes import sandbox
from pes.rules.problems import Problem, Refused

log = logging.getLogger(__name__)

MEBIBYTE = 1024**2
# The issue asks for a verdict in 5 s and 300 MB: the child cannot have more of either.
LIMITS = sandbox.Limits(address_space=288 * MEBIBYTE, cpu_seconds=4, wall_seconds=20, answer_bytes=MEBIBYTE)
# Twenty people who upload at once must not need twenty times that memory; the others wait their turn (UP11).
AT_ONCE = BoundedSemaphore(max(1, os.cpu_count() or 1))
_OFFICE = "pes.files.structures.office"
_IMAGE = "pes.files.structures.image"
TASKS = {
    ".pdf": "pes.files.structures.pdf",
    ".png": _IMAGE,
    ".jpg": _IMAGE,
    ".jpeg": _IMAGE,
    ".xlsx": _OFFICE,
    ".docx": _OFFICE,
    ".pptx": _OFFICE,
}
_RESAVE = "Guárdelo de nuevo desde Office y súbalo."
_SPLIT = "Divídalo o expórtelo a PDF."
#: Verdict → its case, what to tell and what to do; `{found}` is what was found.
VERDICTS = {
    "not_a_pdf": ("UP1", "El archivo no es un PDF, aunque su nombre lo diga.", "Expórtelo de nuevo como PDF."),
    "protected_pdf": ("UP1", "El PDF está protegido con contraseña.", "Guárdelo sin contraseña."),
    "damaged_pdf": ("UP1", "El PDF está dañado o incompleto.", "Expórtelo de nuevo."),
    "active_pdf": ("UP3", "El PDF contiene {found}.", "Imprímalo a un PDF nuevo y suba ese archivo."),
    "two_files_in_one": ("UP1", "El archivo es dos a la vez: lleva otro comprimido detrás.", "Expórtelo de nuevo."),
    "image_too_large": ("UP6", "La imagen tiene demasiados píxeles.", "Redúzcala a menos de 40 megapíxeles."),
    "not_an_image": ("UP6", "El archivo no es una imagen {found} completa.", "Guárdela de nuevo y súbala."),
    "not_a_document": ("UP1", "El archivo no es un documento de Office válido, aunque su nombre lo diga.", _RESAVE),
    "protected_document": (
        "UP1",
        "El documento está protegido con contraseña o es de una versión antigua de Office.",
        "Quítele la contraseña y guárdelo en el formato actual.",
    ),
    "macros": ("UP2", "El documento contiene macros u objetos incrustados.", "Guárdelo sin macros ni objetos."),
    "unsafe_container": ("UP5", "El documento contiene rutas peligrosas.", _RESAVE),
    "nested_container": ("UP5", "El documento lleva otro archivo comprimido adentro.", _SPLIT),
    "container_too_large": ("UP5", "El documento se descomprime en algo desmedido.", _SPLIT),
    "too_heavy": (
        "UP5",
        "El archivo es tan complejo que no se pudo examinar con seguridad.",
        "Imprímalo a un PDF nuevo o divídalo; si es sencillo, inténtelo otra vez.",
    ),
    "damaged": ("UP1", "El archivo está dañado y no se puede leer.", "Guárdelo de nuevo y súbalo."),
}


@dataclass(frozen=True, slots=True)
class Verdict:
    """The code of what is wrong with a file, empty when nothing is; what was found; the highest memory of the child, KiB."""

    code: str
    found: str
    peak_kib: int


def inspect(path: Path, suffix: str) -> None:
    """Raise Refused unless the file is what its suffix says and holds nothing active; it is never executed."""
    verdict = look(path, suffix)
    if verdict.code:
        rule, message, fix = VERDICTS[verdict.code]
        raise Refused([Problem(verdict.code, rule, message.format(found=verdict.found), fix=fix)])


def look(path: Path, suffix: str) -> Verdict:
    """What a child process finds in a file of this suffix, without raising for anything that the file holds."""
    with AT_ONCE, path.open("rb") as file:
        try:
            answer = sandbox.ask(TASKS[suffix], file, suffix, LIMITS)
        except sandbox.NoAnswer as silence:
            answer = {"refused": ["too_heavy", str(silence)], "peak_kib": 0}
    if "refused" in answer:
        code, found = answer["refused"][:2]
        log.warning("No se pudo examinar un archivo %s: %s", suffix, found)
    else:
        code, found = answer.get("verdict", ("", ""))
    return Verdict(code, found, answer["peak_kib"])
