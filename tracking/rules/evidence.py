"""What may be kept as evidence, and under which name (cases UP1 to UP9, UP15)."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from pes.rules.problems import Problem
from tracking.rules.report_states import CENTRAL_EDITABLE, EDITABLE, ReportStatus

MAX_FILES = 30  # of a measurement, or of a report (UP9)
MAX_LINKS = 30
MAX_TOTAL_BYTES = 200 * 1024**2
MAX_PLAN_BYTES = 600 * 1024**2  # of the reports of a vigencia; the same bytes count once (UP8)
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


@dataclass(frozen=True, slots=True)
class Kept:
    """What is kept with a measurement or a report: how many files and bytes, and the bytes of the whole plan."""

    files: int
    size: int
    of_plan: int = 0


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
        message = f"«{name}» no es de un formato que se reciba como evidencia."
        problems.append(Problem("format_not_accepted", "UP1", message, fix=f"Use {ACCEPTED}."))
    if not size:
        problems.append(
            Problem("empty_file", "UP4", f"«{name}» está vacío.", fix="Revise el archivo y súbalo de nuevo.")
        )
    if size > limit:
        message = f"«{name}» pasa de {limit // _MEBIBYTE} MB."
        problems.append(Problem("file_too_large", "UP4", message, fix="Redúzcalo o divídalo en varios archivos."))
    return problems


def quota_problems(kept: Kept, size: int, *, of: str) -> list[Problem]:
    """Whether a file of `size` bytes still fits with what `of` («Una medición», «Un reporte») has (UP9)."""
    fix = "Aporte un enlace o reúna los documentos en un PDF."
    if kept.files >= MAX_FILES or kept.size + size > MAX_TOTAL_BYTES:
        message = f"{of} guarda hasta {MAX_FILES} archivos y {MAX_TOTAL_BYTES // _MEBIBYTE} MB."
        return [Problem("quota_reached", "UP9", message, fix=fix)]
    if kept.of_plan + size > MAX_PLAN_BYTES:
        message = f"Las evidencias de un plan suman hasta {MAX_PLAN_BYTES // _MEBIBYTE} MB en la vigencia."
        return [Problem("quota_reached", "UP9", message, fix=fix)]
    return []


def repeated_problem(name: str, place: str) -> Problem:
    """The same bytes are already with `place` («esta medición»), and another version of something was asked for."""
    message = f"«{name}» ya está entre las evidencias de {place}."
    return Problem("repeated_file", "UP8", message, fix="No hace falta subirlo otra vez.")


def disk_problem(used: int, most: int) -> list[Problem]:
    """Whether the disk of the evidence is too full to take more; both are whole percentages 0–100 (UP9)."""
    if used < most:
        return []
    message = "El almacenamiento de evidencias está casi lleno y por ahora no recibe archivos."
    fix = "Lo escrito se sigue guardando. Aporte un enlace o inténtelo más tarde; quien administra ya fue avisado."
    return [Problem("disk_full", "UP9", message, fix=fix)]


def adding_problems(status: ReportStatus, *, is_central: bool, is_eliminated: bool = False) -> list[Problem]:
    """What keeps evidence from being added to a goal of a report in this state (SM-2, WF18; PG-08 for central goals)."""
    if is_eliminated:
        message = "La meta está eliminada y no se reporta."
        return [Problem("goal_eliminated", "PG-09h", message, fix="Deje sus datos como están.")]
    if status in (CENTRAL_EDITABLE if is_central else EDITABLE):
        return []
    message = f"El reporte está en estado «{status.label}» y no recibe evidencias."
    fix = "Si hay que corregirlo, la oficina de planeación lo devuelve o lo reabre."
    return [Problem("not_editable", "SM-2", message, fix=fix)]


def version_problems() -> list[Problem]:
    """Why one version of several is not withdrawn: those before it would come back, or go with it (WF21)."""
    message = "Esta evidencia tiene versiones y no se retira."
    fix = "Cargue otra versión en su lugar: la anterior queda en la historia."
    return [Problem("evidence_has_versions", "WF21", message, fix=fix)]


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
