"""The criteria of policy 9 for modifying or eliminating a goal, one by one (PLE-PIN-P005 v8; PG-09a…j).

The screen shows them before the request is sent, filing and deciding refuse by them: one source for both.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from pes.rules.calendar import last_change_request_on, quarter_end
from pes.rules.numbers import format_magnitude
from pes.rules.problems import Problem
from pes.rules.programming import ProgrammingType, calculation_base
from plans.rules.changes import (
    ChangeKind,
    OpinionKind,
    OpinionOutcome,
    Proposal,
    changed_quarters,
    elimination_effect,
    fallen_quarters,
    opinion_outcome,
    quarter_names,
    required_opinions,
)
from plans.rules.fields import BY_NAME
from plans.rules.findings import goal_findings
from plans.rules.goals import GoalFacts, GoalStatus
from plans.rules.plan_states import hola_problems
from plans.rules.values import spoken_day

_FIXED = ("weight", "kind", "central_area")  # what no request changes, besides the number and the state


@dataclass(frozen=True, slots=True)
class CriterionResult:
    """A rule, whether the request meets it (`None`: it does not apply, or it is not known yet) and why.

    `problems` are empty unless it is not met; warnings come with a met one.
    """

    rule: str
    met: bool | None
    message: str
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class _Case:
    proposal: Proposal
    vigencia: int
    filed_on: date
    looked_at_on: date
    approved_before: int
    has_follow_up: bool
    opinions: Mapping[OpinionKind, bool | None]
    is_local_plan: bool
    at_decision: bool
    discount_baseline: bool
    objectives: Mapping[int, str]
    is_leader: bool


def criteria(
    proposal: Proposal,
    *,
    vigencia: int,
    filed_on: date,
    today: date,
    approved_before: int,
    has_follow_up: bool,
    opinions: Mapping[OpinionKind, bool | None],
    is_local_plan: bool,
    at_decision: bool,
    discount_baseline: bool,
    objectives: Mapping[int, str],
    is_leader: bool = True,
) -> list[CriterionResult]:
    """Every criterion of policy 9 for a request, in its order; first whether there is a change at all.

    `filed_on` is the Bogotá date of filing (today, while it is a draft); `approved_before` counts the goal's
    modifications of the vigencia that were approved (`counts_as_modification`); `opinions` has the answer of each
    kind that has been asked, `None` until it comes; `objectives` are those of the framework in force. At decision
    the quarters are looked at again on `today`, and the opinions must have come (PG-09e…g).
    """
    case = _Case(
        proposal=proposal,
        vigencia=vigencia,
        filed_on=filed_on,
        looked_at_on=today if at_decision else filed_on,
        approved_before=approved_before,
        has_follow_up=has_follow_up,
        opinions=opinions,
        is_local_plan=is_local_plan,
        at_decision=at_decision,
        discount_baseline=discount_baseline,
        objectives=objectives,
        is_leader=is_leader,
    )
    return [criterion(case) for criterion in _CRITERIA]


def filing_problems(results: Iterable[CriterionResult], *, plan_published: bool, open_requests: int) -> list[Problem]:
    """What keeps a request from being filed: its criteria, its plan, or another request on the same goal (WF24)."""
    problems = [problem for result in results for problem in result.problems if problem.blocking]
    if not plan_published:
        message = "Solo se solicitan cambios de un plan publicado."
        fix = "Mientras el plan se formula, cambie la meta directamente."
        problems.append(Problem("plan_not_published", "SM-3", message, fix=fix))
    if open_requests:
        message = "La meta ya tiene otra solicitud en trámite."
        fix = "Espere su decisión, o desista de ella."
        problems.append(Problem("another_request_open", "SM-3", message, fix=fix))
    return problems


def decision_problems(
    results: Iterable[CriterionResult], *, approve: bool, reason: str, actor_filed: bool
) -> list[Problem]:
    """What keeps the Jefe OAP from approving or denying (PG-09i, AZ4); only an approval asks the criteria again."""
    problems = []
    if approve:
        problems = [problem for result in results for problem in result.problems if problem.blocking]
    elif not reason.strip():
        message = "Negar una solicitud exige un motivo."
        problems.append(Problem("reason_missing", "PG-09i", message, fix="Escriba por qué se niega."))
    if actor_filed:
        message = "Usted presentó esta solicitud; quien solicita no decide."
        problems.append(Problem("author_is_decider", "AZ4", message, fix="Pida la decisión a otra persona."))
    return problems


def opinion_problems(kind: OpinionKind, *, text: str, memo: str, actor_filed: bool) -> list[Problem]:
    """What a prior opinion lacks: its words and its memorandum or e-mail, and another author (PG-09f, PG-09g, AZ4)."""
    rule = _OPINION_RULES[kind]
    problems = []
    if not text.strip():
        message = "El concepto no dice nada."
        problems.append(Problem("opinion_missing", rule, message, fix="Escriba en qué se basa."))
    if not memo.strip():
        message = "Falta el memorando o correo con que se da el concepto."
        problems.append(Problem("memo_missing", rule, message, fix="Escriba su número o su fecha."))
    if actor_filed:
        message = "Usted presentó esta solicitud; quien solicita no da su concepto."
        problems.append(Problem("author_is_adviser", "AZ4", message, fix="Pida el concepto a otra persona."))
    return problems


def application_problems(
    hola_case: str, hola_on: date | None, *, today: date, approved_on: date | None = None
) -> list[Problem]:
    """What keeps an approved change from taking effect: the HOLA case with the adjusted version (PG-09j)."""
    problems = hola_problems(hola_case, hola_on, today=today, rule="PG-09j")
    if hola_on is not None and approved_on is not None and hola_on < approved_on:
        message = f"El caso HOLA es del {spoken_day(hola_on)} y la aprobación del {spoken_day(approved_on)}."
        fix = "Registre la versión ajustada en un caso posterior a la aprobación."
        problems.append(Problem("hola_before_approval", "PG-09j", message, fix=fix))
    return problems


def _what_changes(case: _Case) -> CriterionResult:
    """SM-3: a modification changes something, and nothing that is not a request's to change."""
    proposal = case.proposal
    current, proposed = proposal.current, proposal.proposed
    if current.number != proposed.number or current.status is not proposed.status:
        message = "Una solicitud no cambia el número ni el estado de la meta."
        return _unmet("SM-3", Problem("not_changeable", "SM-3", message, fix="Proponga solo cambios de su contenido."))
    touched = [BY_NAME[name].label for name in _FIXED if getattr(current, name) != getattr(proposed, name)]
    if touched:
        message = f"Una solicitud no cambia: {', '.join(touched).lower()}."
        fix = "Deje esos campos como están; la ponderación solo se redistribuye cuando se retira una meta."
        return _unmet("SM-3", Problem("not_changeable", "SM-3", message, fix=fix))
    if proposal.kind is ChangeKind.ELIMINATE:
        return CriterionResult("SM-3", True, "Se pide eliminar la meta.")
    if current == proposed:
        message = "La propuesta no cambia nada."
        return _unmet("SM-3", Problem("nothing_changed", "SM-3", message, fix="Proponga al menos un cambio."))
    return CriterionResult("SM-3", True, "La propuesta cambia la meta.")


def _asked_in_form_and_time(case: _Case) -> CriterionResult:
    """PG-09a and CAL-06: the leader, with memo and justification, until 30 June.

    DECIDED: an elimination has the same last day; a pure increase, a normative change or force majeure have none.
    """
    proposal, last = case.proposal, last_change_request_on(case.vigencia)
    problems = []
    if not case.is_leader:
        message = "La solicitud la presenta el líder del proceso o el alcalde local."
        problems.append(Problem("not_the_leader", "PG-09a", message, fix="Pídale que la radique."))
    if not proposal.memo.strip():
        message = "Falta el memorando o correo dirigido a la jefatura de la OAP."
        problems.append(Problem("memo_missing", "PG-09a", message, fix="Escriba su número o su fecha."))
    if not proposal.justification.strip():
        message = "Falta la justificación técnica o legal."
        problems.append(Problem("justification_missing", "PG-09a", message, fix="Escriba por qué se pide el cambio."))
    if case.filed_on > last and not proposal.is_exceptional and not proposal.is_increase:
        message = f"El plazo para pedir cambios de {case.vigencia} venció el {spoken_day(last)}."
        fix = "Después solo caben el aumento de la magnitud, el cambio normativo y la fuerza mayor."
        problems.append(Problem("too_late", "PG-09a", message, fix=fix))
    lifted = "sin fecha límite" if proposal.is_exceptional or proposal.is_increase else "antes del 1 de julio"
    return _result("PG-09a", problems, f"La presenta el líder, con memorando y justificación, {lifted}.")


def _coherent(case: _Case) -> CriterionResult:
    """PG-09b: the goal still coheres after the change, in what a request may change."""
    if case.proposal.kind is ChangeKind.ELIMINATE:
        return CriterionResult("PG-09b", None, "No aplica: la meta se elimina.")
    found = goal_findings(case.proposal.proposed, objectives=case.objectives, discount_baseline=case.discount_baseline)
    problems = [
        Problem(finding.problem.code, "PG-09b", finding.problem.message, finding.problem.blocking, finding.problem.fix)
        for finding in found
        if finding.field not in _FIXED
    ]
    return _result("PG-09b", problems, "La meta propuesta es coherente.")


def _only_once(case: _Case) -> CriterionResult:
    """PG-09c: one modification per goal and vigencia. To eliminate a goal is not to modify it."""
    proposal = case.proposal
    if proposal.kind is ChangeKind.ELIMINATE:
        return CriterionResult("PG-09c", None, "No aplica: eliminar no es modificar.")
    if not case.approved_before:
        return CriterionResult("PG-09c", True, "Es la primera modificación de la meta en la vigencia.")
    if proposal.is_increase:
        return CriterionResult("PG-09c", True, "La meta ya se modificó; un aumento de la magnitud no cuenta.")
    if proposal.is_exceptional:
        message = f"La meta ya se modificó; la causal es {proposal.ground.label.lower()} y la OAP revisa el caso."
        return CriterionResult("PG-09c", True, message)
    message = f"La meta ya se modificó en {case.vigencia}, y solo se puede una vez."
    fix = "Una segunda modificación exige un cambio normativo o fuerza mayor."
    return _unmet("PG-09c", Problem("already_modified", "PG-09c", message, fix=fix))


def _increase(case: _Case) -> CriterionResult:
    """PG-09d: increases have no last day and do not count; a quarter that falls is no increase (WF9)."""
    proposal = case.proposal
    before, after = proposal.current.magnitude, proposal.proposed.magnitude
    if before is None or after is None or after <= before:
        return CriterionResult("PG-09d", None, "No aplica: la magnitud no aumenta.")
    if proposal.is_increase:
        message = f"Solo aumenta la magnitud, de {format_magnitude(before)} a {format_magnitude(after)}."
        return CriterionResult("PG-09d", True, message)
    fallen = fallen_quarters(proposal.current, proposal.proposed)
    why = (
        f"{'bajan' if len(fallen) > 1 else 'baja'} {quarter_names(fallen)}"
        if fallen
        else "cambia algo más que la magnitud y su programación"
    )
    late = case.filed_on > last_change_request_on(case.vigencia)
    if (late or case.approved_before) and not proposal.is_exceptional:
        message = f"No es solo un aumento de la magnitud: {why}."
        fix = "Aumente la magnitud y sus trimestres sin bajar ninguno ni cambiar nada más."
        return _unmet("PG-09d", Problem("not_an_increase", "PG-09d", message, fix=fix))
    return CriterionResult("PG-09d", None, f"No es solo un aumento ({why}): se tramita como modificación.")


def _quarters_not_ended(case: _Case) -> CriterionResult:
    """PG-09e: the programme of a quarter that has ended stays as it was measured (WF5, WF6)."""
    ended = [quarter for quarter in (1, 2, 3, 4) if quarter_end(case.vigencia, quarter) < case.looked_at_on]
    changed = changed_quarters(case.proposal.current, case.proposal.proposed)
    if touched := [quarter for quarter in changed if quarter in ended]:
        message = f"La propuesta cambia {quarter_names(touched)}: no se modifican periodos ya terminados."
        fix = "Deje como estaba la programación de los trimestres terminados."
        return _unmet("PG-09e", Problem("quarter_ended", "PG-09e", message, fix=fix))
    if ended and _measures_otherwise(case):
        message = f"Cambia con qué se compara lo ejecutado en {quarter_names(ended)}."
        fix = "Lo consolidado no cambia; confirme que el tipo y la línea base son los que quiere."
        warning = Problem("measured_otherwise", "PG-09e", message, blocking=False, fix=fix)
        return CriterionResult("PG-09e", True, "No cambia la programación de trimestres terminados.", (warning,))
    if not changed:
        return CriterionResult("PG-09e", None, "No aplica: la programación trimestral no cambia.")
    return CriterionResult("PG-09e", True, f"Solo cambia trimestres que no han terminado: {quarter_names(changed)}.")


def _measures_otherwise(case: _Case) -> bool:
    """Whether the results of a quarter would be counted from another base, or downwards instead of upwards (PT-05)."""

    def reading(goal: GoalFacts) -> tuple[bool, Decimal | None]:
        kind = goal.programming_type or ProgrammingType.SUMA
        base = calculation_base(kind, goal.baseline, case.discount_baseline)
        return kind is ProgrammingType.DECRECIENTE, base

    return reading(case.proposal.current) != reading(case.proposal.proposed)


def _opinion(kind: OpinionKind) -> Callable[[_Case], CriterionResult]:
    """PG-09f and PG-09g: the prior opinion that a goal or a plan needs, favourable."""
    rule, who = _OPINION_RULES[kind], _ADVISERS[kind]

    def criterion(case: _Case) -> CriterionResult:
        if kind not in required_opinions(case.proposal.current.kind, case.is_local_plan):
            return CriterionResult(rule, None, f"No aplica: no exige concepto de {who}.")
        outcome = opinion_outcome({kind: case.opinions.get(kind)})
        if outcome is OpinionOutcome.FAVOURABLE:
            return CriterionResult(rule, True, f"Tiene concepto favorable de {who}.")
        if outcome is OpinionOutcome.UNFAVOURABLE:
            message = f"El concepto de {who} es desfavorable: no es factible."
            return _unmet(rule, Problem("opinion_unfavourable", rule, message))
        message = f"Falta el concepto favorable de {who}."
        if not case.at_decision:
            return CriterionResult(rule, None, f"{message} Se pedirá al radicarla.")
        return _unmet(rule, Problem("opinion_missing", rule, message, fix="Espere a que lo emita."))

    return criterion


def _eliminated(case: _Case) -> CriterionResult:
    """PG-09h: a goal with follow-up is never deleted, and an eliminated one is not changed again."""
    if case.proposal.current.status is not GoalStatus.ACTIVE:
        message = f"La meta está en estado «{case.proposal.current.status.label}» y ya no se cambia."
        return _unmet("PG-09h", Problem("goal_not_active", "PG-09h", message, fix="Elija una meta activa."))
    if case.proposal.kind is ChangeKind.MODIFY:
        return CriterionResult("PG-09h", None, "No aplica: la meta no se elimina.")
    if elimination_effect(case.has_follow_up) is GoalStatus.ELIMINATED:
        message = "La meta tiene seguimiento: quedará visible como «Meta eliminada» y no contará en la calificación."
    else:
        message = "La meta no tiene seguimiento: se retirará y las demás recibirán su ponderación."
    return CriterionResult("PG-09h", True, message)


_OPINION_RULES = {OpinionKind.TRANSVERSAL: "PG-09f", OpinionKind.LOCAL: "PG-09g"}
_ADVISERS = {
    OpinionKind.TRANSVERSAL: "quien lidera la meta transversal",
    OpinionKind.LOCAL: "la dependencia que conceptúa sobre las alcaldías locales",
}
_CRITERIA: tuple[Callable[[_Case], CriterionResult], ...] = (
    _what_changes,
    _asked_in_form_and_time,
    _coherent,
    _only_once,
    _increase,
    _quarters_not_ended,
    _opinion(OpinionKind.TRANSVERSAL),
    _opinion(OpinionKind.LOCAL),
    _eliminated,
)


def _unmet(rule: str, *problems: Problem) -> CriterionResult:
    return CriterionResult(rule, False, " ".join(problem.message for problem in problems), problems)


def _result(rule: str, problems: list[Problem], message: str) -> CriterionResult:
    """Met unless a problem blocks; warnings go along."""
    blocking = [problem for problem in problems if problem.blocking]
    return _unmet(rule, *blocking) if blocking else CriterionResult(rule, True, message, tuple(problems))
