"""Policy 9 on a screen: what a request, or one not yet written, meets and does not, and what to do (PG-09a…j)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from pes.access import can
from pes.models import User
from pes.permissions import Permission
from pes.rules.calendar import quarter_end
from pes.rules.problems import Problem, Refused
from plans.change_checks import opinions_needed, routing_problems
from plans.change_facts import criteria_of, current_facts, elimination_weights
from plans.models import ChangeRequest, Goal
from plans.rules.change_criteria import CriterionResult
from plans.rules.change_states import ChangeStatus
from plans.rules.changes import ChangeKind, Ground, OpinionKind, Proposal
from plans.rules.fields import QUARTER_NAMES

NAMES = {
    "SM-3": "Qué se pide",
    "PG-09a": "Quién, cómo y cuándo se pide",
    "PG-09b": "Coherencia de la meta propuesta",
    "PG-09c": "Una sola modificación en la vigencia",
    "PG-09d": "Aumento de la magnitud",
    "PG-09e": "Trimestres que no han terminado",
    "PG-09f": "Concepto de quien lidera la meta transversal",
    "PG-09g": "Concepto local",
    "PG-09h": "Metas con seguimiento",
    "PG-09i": "Decisión de la OAP",
    "PG-09j": "Versión ajustada por caso HOLA",
}
MET, UNMET, PENDING, NOT_ASKED = "Cumple", "No cumple", "Por verificar", "No aplica"
TONES = {MET: "ok", UNMET: "risk", PENDING: "course", NOT_ASKED: "none"}
_OPINION_OF = {"PG-09f": OpinionKind.TRANSVERSAL, "PG-09g": OpinionKind.LOCAL}


@dataclass(frozen=True, slots=True)
class Criterion:
    """One criterion: its rule and name, whether it is met, why, and what to do."""

    rule: str
    name: str
    word: str
    message: str
    fixes: tuple[str, ...] = ()

    @property
    def tone(self) -> str:
        """Light of the word."""
        return TONES[self.word]


def criteria_rows(
    request: ChangeRequest, proposal: Proposal, unread: Sequence[Problem], *, today: date
) -> list[Criterion]:
    """The criteria of a request as it stands; opinions and decision are to be verified until they come."""
    at_decision = request.status == ChangeStatus.UNDER_STUDY
    results = criteria_of(request, proposal, today=today, at_decision=at_decision)
    rows = [_row(request, result, today) for result in results]
    if unread:
        fixes = tuple(problem.fix for problem in unread if problem.fix)
        said = Criterion("PG-09b", NAMES["PG-09b"], UNMET, " ".join(problem.message for problem in unread), fixes)
        rows = [said if row.rule == "PG-09b" else row for row in rows]
    return [*rows, *_later()]


def prospects(goal: Goal, kind: ChangeKind, *, by: User, today: date) -> list[Criterion]:
    """What a request about the goal would meet today, before anything is written."""
    request = ChangeRequest(goal=goal, kind=kind, ground=Ground.ORDINARY, status=ChangeStatus.DRAFT)
    facts = current_facts(goal)
    asked = Proposal(kind, Ground.ORDINARY, "por escribir", "por escribir", facts, facts)
    is_leader = can(by, Permission.CHANGE_FILE, goal)
    results = criteria_of(request, asked, today=today, is_leader=is_leader)
    rows = [_row(request, result, today) for result in results if result.rule != "SM-3"]
    if kind is ChangeKind.MODIFY:
        to_come = _to_come(goal, today)
        rows = [to_come.get(row.rule, row) for row in rows]
    return [*rows, *_later()]


def ended_quarters(vigencia: int, today: date) -> dict[str, str]:
    """Name of the field of each quarter that has ended → why its programme does not change (PG-09e)."""
    return {
        name: f"{name.upper()} ya terminó: su programación no se modifica."
        for quarter, name in enumerate(QUARTER_NAMES, 1)
        if quarter_end(vigencia, quarter) < today
    }


def _row(request: ChangeRequest, result: CriterionResult, today: date) -> Criterion:
    kind = _OPINION_OF.get(result.rule)
    waits = kind in opinions_needed(request)
    problems = [*result.problems, *_besides(request, result, today)]
    word = {True: MET, False: UNMET, None: PENDING if waits else NOT_ASKED}[result.met]
    message = _words(request, result, word)
    if word != UNMET and any(problem.blocking for problem in problems):
        word, message = UNMET, " ".join(problem.message for problem in problems)
    warnings = [problem.message for problem in problems if not problem.blocking]
    fixes = (*warnings, *(problem.fix for problem in problems if problem.fix))
    return Criterion(result.rule, NAMES[result.rule], word, message, fixes)


def _words(request: ChangeRequest, result: CriterionResult, word: str) -> str:
    """The message of a criterion, beside the word that says whether it is met."""
    if word == PENDING and request.status == ChangeStatus.AWAITING_OPINION:
        return "Se pidió y falta que se emita."
    text = result.message.removeprefix("No aplica: ") if word == NOT_ASKED else result.message
    return f"{text[0].upper()}{text[1:]}"


def _besides(request: ChangeRequest, result: CriterionResult, today: date) -> list[Problem]:
    """What the verbs refuse besides the criterion: an opinion that nobody could give, a weight that nobody takes."""
    if request.status == ChangeStatus.DRAFT and result.rule in _OPINION_OF:
        found = [problem for problem in routing_problems(request, today) if problem.rule == result.rule]
        unwritten = request.pk is None  # the office is chosen in the form, which is not there yet
        return [problem for problem in found if not (unwritten and problem.code == "local_office_missing")]
    if request.kind == ChangeKind.ELIMINATE and result.rule == "PG-09h":
        try:
            elimination_weights(request.goal)
        except Refused as refused:
            return list(refused.problems)
    return []


def _to_come(goal: Goal, today: date) -> dict[str, Criterion]:
    """What can only be judged with a proposal at hand."""
    ended = ended_quarters(goal.plan.vigencia_id, today)
    free = [name.upper() for name in QUARTER_NAMES if name not in ended]
    quarters = f"Se puede reprogramar {', '.join(free)}." if free else "Todos los trimestres terminaron."
    words = {
        "PG-09b": "Se comprueba con lo que usted proponga.",
        "PG-09d": "Si solo aumenta la magnitud, se puede pedir en cualquier momento y no cuenta como modificación.",
        "PG-09e": f"{quarters} {' '.join(ended.values())}".strip(),
    }
    return {rule: Criterion(rule, NAMES[rule], PENDING, text) for rule, text in words.items()}


def _later() -> list[Criterion]:
    """What comes after filing: the decision and the HOLA case."""
    words = {
        "PG-09i": "La jefatura de la OAP la aprueba o la niega, con su motivo.",
        "PG-09j": "Rige cuando se remita la versión ajustada con su caso HOLA.",
    }
    return [Criterion(rule, NAMES[rule], PENDING, text) for rule, text in words.items()]
