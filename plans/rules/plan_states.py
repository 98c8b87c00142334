"""SM-1, the states of a plan de gestión, and what each step needs (PLE-PIN-P005 v8; rules §5.3)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from pes.permissions import Permission
from pes.rules.problems import Problem
from pes.rules.transitions import Transition
from plans.rules.findings import Finding
from plans.rules.values import spoken_day


class PlanStatus(StrEnum):
    """Where a plan stands between its leader, the OAP and the public."""

    DRAFT = "draft"
    IN_REVIEW = "in_review"
    WITH_OBSERVATIONS = "with_observations"
    VALIDATED = "validated"
    OFFICIAL = "official"
    PUBLISHED = "published"
    CLOSED = "closed"

    @property
    def label(self) -> str:
        """Spanish name."""
        return _LABELS[self]


_LABELS = {
    PlanStatus.DRAFT: "Borrador",
    PlanStatus.IN_REVIEW: "En revisión",
    PlanStatus.WITH_OBSERVATIONS: "Con observaciones",
    PlanStatus.VALIDATED: "Validado",
    PlanStatus.OFFICIAL: "Oficializado",
    PlanStatus.PUBLISHED: "Publicado",
    PlanStatus.CLOSED: "Cerrado",
}
_S = PlanStatus

TRANSITIONS = (
    Transition("submit", {_S.DRAFT}, _S.IN_REVIEW, Permission.PLAN_SUBMIT),
    Transition("resubmit", {_S.WITH_OBSERVATIONS}, _S.IN_REVIEW, Permission.PLAN_SUBMIT),
    Transition("send_back", {_S.IN_REVIEW}, _S.WITH_OBSERVATIONS, Permission.PLAN_REVIEW),
    Transition("validate", {_S.IN_REVIEW}, _S.VALIDATED, Permission.PLAN_REVIEW),
    Transition("make_official", {_S.VALIDATED}, _S.OFFICIAL, Permission.PLAN_SUBMIT),
    Transition("publish", {_S.OFFICIAL}, _S.PUBLISHED, Permission.PLAN_PUBLISH),
    Transition("renew", {_S.PUBLISHED}, _S.PUBLISHED, None),  # a request was applied: another edition (SM-3)
    Transition("close", {_S.PUBLISHED}, _S.CLOSED, Permission.PLAN_CLOSE),
)

EDITABLE = frozenset({_S.DRAFT, _S.WITH_OBSERVATIONS})
NOT_OFFICIAL = EDITABLE | {_S.IN_REVIEW, _S.VALIDATED}


class ReviewItem(StrEnum):
    """What the OAP verifies of a formulation (PG-V1; procedure, activity 4)."""

    OBJECTIVE_COHERENCE = "objective_coherence"
    PROGRAMME_COHERENCE = "programme_coherence"
    TYPE_CONSISTENCY = "type_consistency"
    INDICATOR_FORMULATION = "indicator_formulation"

    @property
    def question(self) -> str:
        """What the reviewer answers «Cumple» or «No cumple» to."""
        return _REVIEW[self][0]

    @property
    def norm(self) -> str:
        """The words of the procedure behind the question."""
        return f"PLE-PIN-P005 v8, actividad 4: {_REVIEW[self][1]}"

    @property
    def is_automatic(self) -> bool:
        """Whether the system answers it by itself, from PT-02 to PT-04."""
        return self is ReviewItem.TYPE_CONSISTENCY


_REVIEW = {
    ReviewItem.OBJECTIVE_COHERENCE: (
        "¿Cada meta es coherente con el objetivo del proceso y con su objetivo estratégico?",
        "«La coherencia de la meta frente al objetivo del proceso y los objetivos estratégicos».",
    ),
    ReviewItem.PROGRAMME_COHERENCE: (
        "¿Cada meta es coherente con su programación trimestral?",
        "«La coherencia de la meta frente a las programaciones trimestrales».",
    ),
    ReviewItem.TYPE_CONSISTENCY: (
        "¿El tipo de programación corresponde a los trimestres y a la magnitud total?",
        "«Consistencia del tipo de programación respecto a las magnitudes trimestrales y la magnitud global de la meta».",
    ),
    ReviewItem.INDICATOR_FORMULATION: (
        "¿Los indicadores están bien formulados?",
        "«Formulación de los indicadores».",
    ),
}
_TYPE_RULES = ("PT-01", "PT-02", "PT-03", "PT-03b", "PT-04")


@dataclass(frozen=True, slots=True)
class ConsultationFacts:
    """The citizen consultation of a plan: open on both dates, or waived with a reason (PG-07b)."""

    opens_on: date | None = None
    closes_on: date | None = None
    unanswered: int = 0  # contributions without an answer
    is_waived: bool = False


def opening_problems(*, methodology_published: bool, vigencia: int) -> list[Problem]:
    """What keeps the plans of a vigencia from being opened: no methodology, no formulation (SM-1, act. 1)."""
    if methodology_published:
        return []
    message = f"La metodología de la vigencia {vigencia} no está publicada."
    return [Problem("methodology_missing", "SM-1", message, fix="Publíquela en Administración → Metodología.")]


def submission_problems(findings: Sequence[Finding], workshops: int) -> list[Problem]:
    """What keeps a plan from being sent to the OAP: incoherent goals, or no mesa de trabajo (SM-1, act. 2 and 3).

    `findings` are those of `plan_findings`; `workshops` counts the mesas registered with the unit in the vigencia.
    """
    problems = _blocking(findings)
    if not workshops:
        message = "No hay ninguna mesa de trabajo registrada para este plan (actividad 2)."
        fix = "Pida a la Oficina Asesora de Planeación que registre la mesa con su evidencia de reunión."
        problems.append(Problem("workshop_missing", "SM-1", message, fix=fix))
    return problems


def resubmission_problems(findings: Sequence[Finding], workshops: int, *, unanswered: int) -> list[Problem]:
    """As `submission_problems`; besides, every observation must have the unit's answer (SM-1, act. 7)."""
    return [
        *submission_problems(findings, workshops),
        *unanswered_problems(unanswered, "Respóndalas y vuelva a enviar."),
    ]


def send_back_problems(open_observations: int, *, subject: str = "el plan", rule: str = "SM-1") -> list[Problem]:
    """What keeps a plan, or a report, from going back: nothing was observed that awaits an answer (act. 5, 6, 11)."""
    if open_observations:
        return []
    message = "No hay ninguna observación que espere respuesta."
    fix = f"Registre al menos una observación sobre una meta o sobre {subject}."
    return [Problem("observation_missing", rule, message, fix=fix)]


def unanswered_problems(count: int, fix: str, *, rule: str = "SM-1") -> list[Problem]:
    """What `count` observations that await their answer keep from happening, in a plan or a report."""
    if not count:
        return []
    message = "Hay 1 observación sin respuesta." if count == 1 else f"Hay {count} observaciones sin respuesta."
    return [Problem("observations_unanswered", rule, message, fix=fix)]


def automatic_answer(item: ReviewItem, findings: Sequence[Finding]) -> bool | None:
    """What the system answers to an item; `None` when a person has to (PG-V1)."""
    if not item.is_automatic:
        return None
    return not any(found.problem.blocking and found.problem.rule in _TYPE_RULES for found in findings)


def validation_problems(
    checklist: Mapping[ReviewItem, bool | None],
    findings: Sequence[Finding],
    *,
    unanswered: int,
    actor_submitted: bool,
) -> list[Problem]:
    """What keeps a plan from being validated (PG-V1, SM-1; AZ4).

    `checklist` holds the answers of a person about the version in review; `unanswered` counts observations that
    await the unit; `actor_submitted` says that who validates wrote or sent the plan.
    """
    problems = _blocking(findings)
    for item in ReviewItem:
        if item.is_automatic or checklist.get(item):
            continue
        problems.append(_unmet(item, checklist.get(item)))
    problems += unanswered_problems(unanswered, "Devuelva el plan para que las respondan.")
    if actor_submitted:
        message = "Usted escribió o envió este plan; quien formula no valida."
        problems.append(Problem("author_is_reviewer", "AZ4", message, fix="Pida la validación a otra persona."))
    return problems


def official_problems(
    findings: Sequence[Finding],
    *,
    hola_case: str,
    hola_on: date | None,
    today: date,
    consultation: ConsultationFacts | None,
) -> list[Problem]:
    """What keeps a validated plan from being made official: its case, its consultation (PG-06, PG-07b).

    `findings` are asked again because the leading area may still have changed a shared goal (PG-08).
    """
    return [
        *_blocking(findings),
        *hola_problems(hola_case, hola_on, today=today, rule="PG-06"),
        *_consultation_problems(consultation, today),
    ]


def hola_problems(case: str, on: date | None, *, today: date, rule: str) -> list[Problem]:
    """What a HOLA case lacks: its number, and a date that has come (PG-06, PG-09j)."""
    problems = []
    if not case.strip():
        message = "Falta el número del caso HOLA."
        problems.append(Problem("hola_case_missing", rule, message, fix="Escriba el número con que quedó registrado."))
    if on is None:
        message = "Falta la fecha del caso HOLA."
        problems.append(Problem("hola_date_missing", rule, message, fix="Escriba el día en que se registró el caso."))
    elif on > today:
        message = f"El caso HOLA tiene fecha {spoken_day(on)}, que todavía no llega."
        problems.append(Problem("hola_date_in_future", rule, message, fix="Escriba el día en que se registró el caso."))
    return problems


def publication_problems(*, validated: bool, approved: bool) -> list[Problem]:
    """What keeps a plan from being published: the OAP validated it and its leader approved it (PG-01)."""
    problems = []
    if not validated:
        message = "La Oficina Asesora de Planeación no ha validado el plan."
        problems.append(Problem("not_validated", "PG-01", message, fix="Valide primero el plan."))
    if not approved:
        message = "El líder del proceso o el alcalde local no ha aprobado el plan."
        fix = "Pídale que lo oficialice con su caso HOLA."
        problems.append(Problem("not_approved", "PG-01", message, fix=fix))
    return problems


def closing_problems(consolidated_quarter: int, changes_under_way: int = 0) -> list[Problem]:
    """What keeps a plan from being closed: its fourth quarter is not consolidated (SM-1, act. 14).

    Change requests that nobody has decided are a warning: a closed plan changes no more.
    """
    if consolidated_quarter >= 4:
        return _undecided(changes_under_way)
    last = f"solo está consolidado hasta T{consolidated_quarter}" if consolidated_quarter else "no hay nada consolidado"
    message = f"El cuarto trimestre no está consolidado: {last}."
    return [Problem("quarter_not_consolidated", "SM-1", message, fix="Consolide T4 y vuelva a cerrar.")]


def _undecided(changes: int) -> list[Problem]:
    if not changes:
        return []
    message = f"Solicitudes de cambio sin terminar: {changes}. Al cerrar el plan ya no se pueden aplicar."
    fix = "Decídalas antes de cerrar, o ciérrelo así."
    return [Problem("changes_under_way", "SM-3", message, blocking=False, fix=fix)]


def _blocking(findings: Sequence[Finding]) -> list[Problem]:
    return [found.as_sentence() for found in findings if found.problem.blocking]


def _consultation_problems(consultation: ConsultationFacts | None, today: date) -> list[Problem]:
    """PG-07b: a consultation that has ended, each contribution with its answer, or a waiver."""
    if consultation is not None and consultation.is_waived:
        return []
    if consultation is None or consultation.opens_on is None or consultation.closes_on is None:
        message = "El plan no ha tenido consulta ciudadana (política 7)."
        fix = "Abra la consulta, o pida a la jefatura de la OAP que exima de ella con un motivo."
        return [Problem("consultation_missing", "PG-07b", message, fix=fix)]
    problems = []
    if consultation.closes_on >= today:
        message = f"La consulta ciudadana termina el {spoken_day(consultation.closes_on)}."
        problems.append(Problem("consultation_open", "PG-07b", message, fix="Oficialice el plan al día siguiente."))
    if consultation.unanswered:
        aportes = "1 aporte" if consultation.unanswered == 1 else f"{consultation.unanswered} aportes"
        message = f"La consulta ciudadana tiene {aportes} sin respuesta."
        problems.append(Problem("contributions_unanswered", "PG-07b", message, fix="Responda cada aporte."))
    return problems


def _unmet(item: ReviewItem, answer: bool | None) -> Problem:
    """A question that nobody answered, or to which the answer was «No cumple» (PG-V1)."""
    if answer is None:
        message = f"Falta responder: {item.question}"
        return Problem(f"{item}_unanswered", "PG-V1", message, fix="Responda «Cumple» o «No cumple».")
    fix = "Registre la observación y devuelva el plan."
    return Problem(f"{item}_not_met", "PG-V1", f"No cumple: {item.question}", fix=fix)
