"""What may be kept as a file, and under which name (cases UP1 to UP7, UP9, UP15)."""

from __future__ import annotations

import re
import unicodedata

from pes.rules.problems import Problem

LONGEST_NAME = 150
LONGEST_LINK = 1000

#: Suffix → media type under which it is served; nothing else is accepted (UP13).
MEDIA_TYPES = {
    ".pdf": "application/pdf",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
}
ACCEPTED = "PDF, PNG, JPG, XLSX, DOCX o PPTX"
_MEBIBYTE = 1024**2
_SEPARATORS = re.compile(r"[\\/]+")
_AUTHORITY = re.compile(r"https://(?P<site>[^/?#]+)", re.I)
_HOST = re.compile(r"[\w.-]+(:[0-9]{1,5})?")
_SPACES = re.compile(r"\s+")


def display_name(raw: str) -> str:
    """The name people see: last part of a path, composed (NFC), without controls or marks that turn text around.

    Long names keep their suffix. A name of which nothing is left becomes `archivo` (UP7).
    """
    last = _SEPARATORS.split(unicodedata.normalize("NFC", raw))[-1]
    visible = "".join(" " if char.isspace() else char for char in last if not _is_invisible(char))
    name = _SPACES.sub(" ", visible).strip(" .")
    stem, dot, suffix = name.rpartition(".")
    if len(name) > LONGEST_NAME and dot and len(suffix) <= 8:
        name = f"{stem[: LONGEST_NAME - len(suffix) - 1]}.{suffix}"
    return name[:LONGEST_NAME] or "archivo"


def suffix_of(name: str) -> str:
    """The suffix in lower case, with its dot; empty without one."""
    stem, dot, suffix = name.rpartition(".")
    return f".{suffix.lower()}" if dot and stem else ""


def file_problems(*, name: str, size: int, limit: int) -> list[Problem]:
    """Problems of a file before it is opened; `size` and `limit` are bytes (UP2, UP4)."""
    problems = []
    if suffix_of(name) not in MEDIA_TYPES:
        message = f"«{name}» no es de un formato que se reciba."
        problems.append(Problem("format_not_accepted", "UP1", message, fix=f"Use {ACCEPTED}."))
    if not size:
        problems.append(
            Problem("empty_file", "UP4", f"«{name}» está vacío.", fix="Revise el archivo y súbalo de nuevo.")
        )
    if size > limit:
        message = f"«{name}» pasa de {limit // _MEBIBYTE} MB."
        problems.append(Problem("file_too_large", "UP4", message, fix="Redúzcalo o divídalo en varios archivos."))
    return problems


def disk_problem(used: int, most: int) -> list[Problem]:
    """Whether the disk of the evidence is too full to take more; both are whole percentages 0–100 (UP9)."""
    if used < most:
        return []
    message = "El almacenamiento de evidencias está casi lleno y por ahora no recibe archivos."
    fix = "Lo escrito se sigue guardando. Aporte un enlace o inténtelo más tarde; quien administra ya fue avisado."
    return [Problem("disk_full", "UP9", message, fix=fix)]


def link_problems(url: str) -> list[Problem]:
    """Problems of a link: only `https` with a host, and nothing hidden in it (UP15)."""
    message = ""
    authority = _AUTHORITY.match(url)
    if authority is None:
        message = "El enlace debe empezar por https:// y tener un sitio."
    elif "@" in authority["site"]:
        message = "El enlace lleva un usuario o una clave."
    elif not _HOST.fullmatch(authority["site"]):
        message = "El sitio del enlace no se puede leer."
    if not message and (len(url) > LONGEST_LINK or any(_is_invisible(char) or char.isspace() for char in url)):
        message = "El enlace tiene espacios o caracteres que no se ven, o es demasiado largo."
    return (
        [Problem("link_not_accepted", "UP15", message, fix="Copie la dirección tal como aparece en el navegador.")]
        if message
        else []
    )


def _is_invisible(char: str) -> bool:
    """Controls, and marks that reorder or hide text; the joiners of emoji go too."""
    return unicodedata.category(char) in {"Cc", "Cf", "Cs", "Co", "Cn"} and not char.isspace()
