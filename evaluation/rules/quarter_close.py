"""When a quarter can be consolidated, and published (SM-2; PLE-PIN-P005 v8, activities 12 and 13)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from pes.rules.problems import Problem
from plans.rules.values import spoken_day

_NAMED = 10


@dataclass(frozen=True, slots=True)
class CloseFacts:
    """The quarter of a level on the day that somebody wants to consolidate it.

    `due_on` is the due date that the calendar gave the quarter (CAL-01); `reports` counts those opened, `fresh` the
    validated ones that no run has yet as they are. `waiting` names the units that owe a validated report past their
    term, `extended` those whose own term still runs, `unsettled` those with an earlier quarter that is not official
    (reopened, or never accepted), with its name. `last_run` is 0 before the first; `has_previous` says that the quarter before is
    consolidated, which T1 always has. `is_outdated` says that since the last run an earlier quarter had another one, or
    the term of a plan that it left waiting passed.
    """

    quarter: int
    due_on: date
    reports: int
    fresh: int
    last_run: int = 0
    waiting: Sequence[str] = ()
    extended: Sequence[str] = ()
    unsettled: Sequence[str] = ()
    has_previous: bool = True
    is_outdated: bool = False


def consolidation_problems(facts: CloseFacts, *, today: date, reason: str) -> list[Problem]:
    """What keeps a quarter from being consolidated; and, as warnings, who goes without figures (PT-17).

    The first run needs the term to have passed and a report to be opened; nobody's delay stops it. Each later run
    needs something new and the reason for another.
    """
    found = _refusals(facts, today, reason)
    if facts.waiting:
        message = f"Sin reporte validado, y calificados según PT-17: {_names(facts.waiting)}."
        fix = "Valide antes los que estén en revisión; los demás entrarán en otra corrida."
        found.append(Problem("reports_waiting", "PT-17", message, blocking=False, fix=fix))
    if facts.extended:
        message = f"Con prórroga vigente, y por eso sin calificar todavía: {_names(facts.extended)}."
        fix = "Consolide después de la prórroga, u otra vez cuando reporten."
        found.append(Problem("terms_extended", "PT-17", message, blocking=False, fix=fix))
    if facts.unsettled:
        message = (
            f"Con un trimestre anterior sin validar, que su acumulado toma según PT-17: {_names(facts.unsettled)}."
        )
        fix = "Valide antes los que estén reabiertos o en revisión."
        found.append(Problem("earlier_not_settled", "PT-17", message, blocking=False, fix=fix))
    if not facts.has_previous:
        message = f"T{facts.quarter - 1} no está consolidado."
        fix = "Los acumulados usan lo validado hasta hoy; consolide en orden si puede."
        found.append(Problem("previous_not_consolidated", "SM-2", message, blocking=False, fix=fix))
    return found


def _refusals(facts: CloseFacts, today: date, reason: str) -> list[Problem]:
    found = []
    if today <= facts.due_on:
        message = f"El plazo de T{facts.quarter} vence el {spoken_day(facts.due_on)}."
        found.append(Problem("term_running", "REP-04", message, fix="Consolide desde el día siguiente."))
    if not facts.reports:
        message = f"No hay reportes abiertos de T{facts.quarter}."
        found.append(Problem("no_reports", "REP-04", message, fix="Revise que los planes estén publicados."))
    elif facts.last_run and not (facts.fresh or facts.is_outdated):
        message = f"No hay nada nuevo que consolidar después de la corrida {facts.last_run}."
        found.append(Problem("nothing_new", "REP-04", message, fix="Valide primero un reporte nuevo o reabierto."))
    if facts.last_run and not reason.strip():
        message = f"Ya existe la corrida {facts.last_run}; otra exige un motivo."
        found.append(Problem("reason_missing", "REP-04", message, fix="Escriba qué cambió y por qué."))
    return found


def publication_problems(
    *, is_latest: bool, is_published: bool, published_before: bool, note: str, reopened: Sequence[str] = ()
) -> list[Problem]:
    """What keeps a run from being published (PG-PUB, AZ13): only the last one, once, a correction with its note.

    `reopened` names the units whose accepted report is under correction; that is a warning.
    """
    found = []
    if not is_latest:
        message = "Hay una corrida posterior de este trimestre."
        found.append(Problem("not_the_latest", "PG-PUB", message, fix="Publique la última."))
    if is_published:
        message = "Esta corrida ya está publicada."
        found.append(Problem("already_published", "PG-PUB", message, fix="Vuelva a cargar la página."))
    elif published_before and not note.strip():
        message = "Ya se publicó una corrida anterior; esta la corrige y lo debe decir."
        found.append(Problem("note_missing", "AZ13", message, fix="Escriba la nota de corrección que verá el público."))
    if reopened:
        message = f"Con el reporte reabierto y en revisión: {_names(reopened)}."
        fix = "Valide la corrección y consolide otra corrida; esta no la tiene."
        found.append(Problem("reports_reopened", "WF18", message, blocking=False, fix=fix))
    return found


def _names(names: Sequence[str]) -> str:
    """The first names, and how many more."""
    more = len(names) - _NAMED
    shown = ", ".join(names[:_NAMED])
    return f"{shown} y {more} más" if more > 0 else shown
