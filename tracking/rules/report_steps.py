"""What each step of a quarterly report needs (SM-2; PLE-PIN-P005 v8, activities 9 to 12)."""

from __future__ import annotations

from collections.abc import Container, Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from pes.rules.calendar import is_business_day, next_business_day
from pes.rules.problems import Problem
from plans.rules.findings import Finding
from plans.rules.plan_states import send_back_problems as anything_to_answer
from plans.rules.plan_states import unanswered_problems
from plans.rules.values import spoken_day
from tracking.rules.completeness import missing_of
from tracking.rules.entry_checks import entry_problems
from tracking.rules.goal_reports import GoalYear, Measured
from tracking.rules.report_states import CENTRAL_EDITABLE, EDITABLE, ReportStatus

LONGEST_DELEGATION = timedelta(days=366)  # decided here: what stands in for a leader is given anew each year


def submission_problems(rows: Sequence[Measured], quarter: int) -> list[Problem]:
    """What keeps a report from being sent (PG-R1, PG-R2, PG-R3); the goals of central areas never do (PG-08).

    After the due date it can be sent all the same, and is marked as late (SM-2).
    """
    return _incomplete([row for row in rows if not row.goal.is_central], quarter)


def resubmission_problems(rows: Sequence[Measured], quarter: int, *, unanswered: int) -> list[Problem]:
    """As `submission_problems`; besides, every observation must have its answer (SM-2, act. 11)."""
    answers = unanswered_problems(unanswered, "Respóndalas y vuelva a enviar.", rule="SM-2")
    return [*submission_problems(rows, quarter), *answers]


def send_back_problems(open_observations: int) -> list[Problem]:
    """What keeps a report from going back: nothing was observed that awaits an answer (SM-2, act. 11)."""
    return anything_to_answer(open_observations, subject="el reporte", rule="SM-2")


def validation_problems(
    rows: Sequence[Measured], quarter: int, *, unanswered: int, actor_took_part: bool
) -> list[Problem]:
    """What keeps a report from being validated (PG-R5, PG-08, SM-2; AZ4).

    Every goal is looked at again: central areas must have supplied theirs, and a correction may have left a gap.
    The four criteria of PG-R5 are what the review page puts side by side; accepting is the reviewer's word on them.
    `actor_took_part` says that who validates sent the report, as its leader or as a delegate, or wrote figures in it.
    """
    problems = _incomplete(rows, quarter)
    problems += unanswered_problems(unanswered, "Devuelva el reporte para que las respondan.", rule="SM-2")
    if actor_took_part:
        message = "Usted diligenció o envió este reporte; quien reporta no valida."
        problems.append(Problem("author_is_reviewer", "AZ4", message, fix="Pida la validación a otra persona."))
    return problems


def reopening_problems(reason: str, *, plan_is_closed: bool = False) -> list[Problem]:
    """What keeps a report from being reopened: a reason is always given (SM-2, WF18), and its plan is in force (SM-1)."""
    problems = _reason_problems(reason, "Reabrir un reporte exige un motivo.", "SM-2")
    if plan_is_closed:
        message = "El plan está cerrado: sus reportes ya no se reabren."
        fix = "Los resultados del año quedan como se consolidaron."
        problems.append(Problem("plan_closed", "SM-1", message, fix=fix))
    return problems


def latest_extension(legal_due_on: date) -> date:
    """The last day that an extension may give, decided here (CAL-01 is silent): the end of next year's first quarter."""
    return date(legal_due_on.year + 1, 3, 31)


def extension_problems(
    *,
    status: ReportStatus,
    due_on: date,
    latest: date,
    to: date,
    today: date,
    is_closed: bool,
    reason: str,
    holidays: Container[date] = frozenset(),
) -> list[Problem]:
    """What keeps a term from being extended to the day `to`, included (CAL-01).

    Only a report that its team still owes, of a quarter that is not consolidated, and to a business day that neither
    has passed nor shortens the term, `latest` at most: a mistyped year must not leave a report without a term.
    `holidays` are the days off besides weekends.
    """
    problems = _reason_problems(reason, "Prorrogar un plazo exige un motivo.", "CAL-01")
    if status not in (ReportStatus.OPEN, ReportStatus.FILLING):
        message = f"El reporte está en estado «{status.label}»: ya fue enviado y su plazo no se prorroga."
        problems.append(Problem("already_submitted", "CAL-01", message, fix="No hace falta prórroga."))
    if is_closed:
        message = "El trimestre ya está consolidado y sus plazos no se prorrogan."
        fix = "El reporte se puede enviar extemporáneo; entrará en la siguiente consolidación."
        problems.append(Problem("quarter_closed", "CAL-01", message, fix=fix))
    if to <= due_on:
        message = f"El plazo vence el {spoken_day(due_on)}; una prórroga da un día posterior."
        problems.append(Problem("term_not_longer", "CAL-01", message, fix="Elija un día posterior."))
    elif to < today:
        message = f"El {spoken_day(to)} ya pasó."
        problems.append(Problem("term_in_past", "CAL-01", message, fix="Elija un día desde hoy."))
    elif to > latest:
        message = f"Una prórroga llega como máximo hasta el {spoken_day(latest)}."
        problems.append(Problem("term_too_long", "CAL-01", message, fix="Revise el año que escribió."))
    elif not is_business_day(to, holidays):
        message = f"El {spoken_day(to)} no es hábil, y los plazos vencen en día hábil."
        fix = f"Elija el {spoken_day(next_business_day(to, holidays))}, el día hábil que sigue."
        problems.append(Problem("term_not_business_day", "CAL-01", message, fix=fix))
    return problems


def correction_problems(
    goal: GoalYear, quarter: int, field: str, value: Decimal | str | None, *, reason: str
) -> list[Problem]:
    """What keeps the OAP from correcting one field of a goal (PG-R5, WF19): a reason, a change, a value that fits.

    `KeyError` or `TypeError` for a field that does not exist.
    """
    problems = _reason_problems(reason, "Corregir un dato exige un motivo.", "PG-R5")
    entry = goal.entry(quarter)
    if getattr(entry, field) == value:
        message = "El dato que escribió es el que ya está."
        problems.append(Problem("nothing_changes", "PG-R5", message, fix="Escriba el dato corregido."))
    corrected = replace(entry, **{field: value})  # type: ignore[arg-type]
    return problems + _sentences(entry_problems(goal, corrected))


def withdrawal_problems(*, status: ReportStatus, was_submitted: bool, is_central: bool = False) -> list[Problem]:
    """What keeps an evidence from being withdrawn (WF21): it was sent once, or its goal is not being written (PG-08)."""
    if was_submitted:
        message = "Esta evidencia ya fue enviada a la Oficina Asesora de Planeación y no se retira."
        return [
            Problem("evidence_submitted", "WF21", message, fix="Aporte una versión nueva; la anterior se conserva.")
        ]
    if status not in (CENTRAL_EDITABLE if is_central else EDITABLE):
        message = f"El reporte está en estado «{status.label}» y sus evidencias no cambian."
        return [Problem("report_not_editable", "WF21", message, fix="Pida que le devuelvan el reporte.")]
    return []


def delegation_problems(
    *, starts_on: date | None, ends_on: date | None, today: date, to_self: bool, document: str
) -> list[Problem]:
    """What keeps a leader from delegating the sending of reports (PG-R4, AZ5, AZ6): dates, a document, another person.

    Both days are included; a delegation may start before today, as its document says, and must not have ended.
    """
    problems = []
    if starts_on is None or ends_on is None:
        message = "La delegación debe tener fecha de inicio y de fin."
        problems.append(Problem("delegation_undated", "AZ5", message, fix="Escriba las dos fechas del documento."))
    elif ends_on < starts_on:
        message = f"La delegación termina el {spoken_day(ends_on)}, antes de empezar."
        problems.append(Problem("delegation_backwards", "AZ5", message, fix="Revise las dos fechas."))
    elif ends_on < today:
        message = f"La delegación terminó el {spoken_day(ends_on)}."
        problems.append(Problem("delegation_over", "AZ6", message, fix="Escriba un fin desde hoy."))
    elif ends_on - starts_on > LONGEST_DELEGATION:
        message = "Una delegación dura como máximo un año."
        problems.append(
            Problem("delegation_too_long", "AZ5", message, fix="Revise el fin; al vencer se delega otra vez.")
        )
    if to_self:
        message = "Usted ya puede enviar el reporte; se delega en otra persona."
        problems.append(Problem("delegation_to_self", "AZ5", message, fix="Elija a otra persona."))
    if not document.strip():
        message = "Falta el documento con que delega."
        problems.append(Problem("delegation_unwritten", "AZ5", message, fix="Escriba el número del memorando."))
    return problems


def _incomplete(rows: Sequence[Measured], quarter: int) -> list[Problem]:
    """Everything that keeps these goals from being complete, each sentence with its goal."""
    return [
        problem
        for goal, results in rows
        if not goal.eliminated
        for problem in _sentences([*entry_problems(goal, goal.entry(quarter)), *missing_of(goal, quarter, results)])
    ]


def _sentences(findings: Sequence[Finding]) -> list[Problem]:
    return [found.as_sentence() for found in findings]


def _reason_problems(reason: str, message: str, rule: str) -> list[Problem]:
    return [] if reason.strip() else [Problem("reason_missing", rule, message, fix="Escriba el motivo.")]
