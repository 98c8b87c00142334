"""How much evidence may be kept, and when it may be added (cases UP8, UP9; WF18, WF21)."""

from __future__ import annotations

from dataclasses import dataclass

from pes.rules.problems import Problem
from tracking.rules.report_states import CENTRAL_EDITABLE, EDITABLE, ReportStatus

MAX_FILES = 30  # of a measurement, or of a report (UP9)
MAX_LINKS = 30
MAX_TOTAL_BYTES = 200 * 1024**2
MAX_PLAN_BYTES = 600 * 1024**2  # of the reports of a vigencia; the same bytes count once (UP8)


@dataclass(frozen=True, slots=True)
class Kept:
    """What is kept with a measurement or a report: how many files and bytes, and the bytes of the whole plan."""

    files: int
    size: int
    of_plan: int = 0


def quota_problems(kept: Kept, size: int, *, of: str) -> list[Problem]:
    """Whether a file of `size` bytes still fits with what `of` («Una medición», «Un reporte») has (UP9)."""
    fix = "Aporte un enlace o reúna los documentos en un PDF."
    if kept.files >= MAX_FILES or kept.size + size > MAX_TOTAL_BYTES:
        message = f"{of} guarda hasta {MAX_FILES} archivos y {MAX_TOTAL_BYTES // 1024**2} MB."
        return [Problem("quota_reached", "UP9", message, fix=fix)]
    if kept.of_plan + size > MAX_PLAN_BYTES:
        message = f"Las evidencias de un plan suman hasta {MAX_PLAN_BYTES // 1024**2} MB en la vigencia."
        return [Problem("quota_reached", "UP9", message, fix=fix)]
    return []


def repeated_problem(name: str, place: str) -> Problem:
    """The same bytes are already with `place` («esta medición»), and another version of something was asked for."""
    message = f"«{name}» ya está entre las evidencias de {place}."
    return Problem("repeated_file", "UP8", message, fix="No hace falta subirlo otra vez.")


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
