"""Whether a PES is viable: DNP's requirements, each answered by the data, by people, or by both.

A check counts things (goals, indicators, resources…) and those that fail it. Thresholds, decided: none fails → met; at
most `TOLERATED` of every hundred fail → partly; more → not met; nothing to count → cannot tell, unless the thing must
exist. A requirement stands where its worst part stands; a question nobody answered is «cannot tell», never met.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from evaluation.rules.viability_terms import Answer, Requirement, Status

TOLERATED = 20  # per cent of the things counted
WORST_FIRST = (Status.NOT_MET, Status.CANNOT_TELL, Status.PARTLY, Status.MET)
NEEDS = Requirement  # short, for the table below


@dataclass(frozen=True, slots=True)
class Check:
    """What is counted for a requirement; `fails` names in Spanish what is wrong with the things that fail.

    `must_exist` says that having none of the things at all fails the check.
    """

    code: str
    requirement: Requirement
    fails: str
    must_exist: str = ""


CHECKS = (
    Check("objectives_without_project", NEEDS.INVESTMENT, "Objetivos sin metas de un proyecto de inversión"),
    Check("goals_without_project", NEEDS.INVESTMENT, "Metas de proyecto sin proyecto", "El plan no tiene metas de proyectos."),
    Check("objectives_without_programme", NEEDS.POLICIES, "Objetivos que no sirven a un programa del plan de desarrollo"),
    Check("entities_without_policy", NEEDS.POLICIES, "Entidades sin políticas públicas registradas"),
    Check("problems_without_objective", NEEDS.COHERENCE, "Problemas a los que ningún objetivo responde", "El plan no registra problemas."),
    Check("objectives_without_problem", NEEDS.COHERENCE, "Objetivos que no responden a un problema registrado"),
    Check("objectives_without_goal", NEEDS.COHERENCE, "Objetivos sin metas", "El plan no tiene objetivos."),
    Check("goals_without_indicator", NEEDS.COHERENCE, "Metas sin indicador"),
    Check("entity_objectives_adrift", NEEDS.COHERENCE, "Objetivos de entidades que no sirven a un objetivo del sector"),
    Check("plan_goals_adrift", NEEDS.COHERENCE, "Metas de planes de gestión que no sirven a un objetivo del sector"),
    Check("objectives_without_indicator", NEEDS.PRECISE_GOALS, "Objetivos sin indicadores", "El plan no tiene objetivos."),
    Check("indicators_undefined", NEEDS.PRECISE_GOALS, "Indicadores sin unidad o sin tipo de programación", "El plan no tiene indicadores."),
    Check("indicators_never_programmed", NEEDS.PRECISE_GOALS, "Indicadores sin programación en ninguna vigencia"),
    Check("weighted_without_programme", NEEDS.PRECISE_GOALS, "Indicadores con ponderación y sin programación"),
    Check("programme_without_weight", NEEDS.PRECISE_GOALS, "Indicadores programados y sin ponderación", "Nada está programado en la vigencia."),
    Check("objectives_unbalanced", NEEDS.PRECISE_GOALS, "Objetivos cuyas ponderaciones no suman 100,00"),
    Check("goals_without_owner", NEEDS.RESPONSIBILITIES, "Metas sin responsable", "El plan no tiene metas."),
    Check("indicators_without_owner", NEEDS.RESPONSIBILITIES, "Indicadores sin responsable", "El plan no tiene indicadores."),
    Check("goals_without_resources", NEEDS.RESOURCES, "Metas de proyecto sin recursos en la vigencia", "El plan no tiene metas de proyectos."),
    Check("resources_without_goal", NEEDS.RESOURCES, "Recursos de proyectos sin metas en el plan", "No hay recursos registrados en la vigencia."),
    Check("resources_overcommitted", NEEDS.BUDGET, "Proyectos con más comprometido que programado", "No hay recursos registrados en la vigencia."),
    Check("resources_without_source", NEEDS.BUDGET, "Recursos sin fuente"),
    Check("indicators_without_source", NEEDS.MONITORING, "Indicadores sin fuente de información", "El plan no tiene indicadores."),
    Check("indicators_without_formula", NEEDS.MONITORING, "Indicadores sin fórmula", "El plan no tiene indicadores."),
    Check("indicators_unmeasured", NEEDS.MONITORING, "Indicadores programados sin medición en la vigencia"),
)  # fmt: skip
BY_CODE = {check.code: check for check in CHECKS}


@dataclass(frozen=True, slots=True)
class Item:
    """A thing that fails a check: its key, how people know it, and the page where it is mended."""

    key: str
    label: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Counted:
    """What a check counted: how many things there are, and those that fail."""

    total: int
    failing: tuple[Item, ...] = ()


@dataclass(frozen=True, slots=True)
class Said:
    """What a person answered: when (ISO day), who (id) and why."""

    answer: Answer
    text: str
    on: str
    by: int | None


@dataclass(frozen=True, slots=True)
class Finding:
    """A check with what it counted."""

    code: str
    counted: Counted
    status: Status

    @property
    def text(self) -> str:
        """What was found, in words."""
        check = BY_CODE.get(self.code)
        if check is None:  # of an older run, from a check that exists no more
            return self.code
        if not self.counted.total and check.must_exist:
            return check.must_exist
        if not self.counted.total:
            return f"{check.fails}: no hay qué revisar"
        return f"{check.fails}: {len(self.counted.failing)} de {self.counted.total}"


@dataclass(frozen=True, slots=True)
class Judged:
    """A requirement with its status, what was counted and what was answered."""

    requirement: Requirement
    status: Status
    findings: tuple[Finding, ...]
    said: Said | None

    @property
    def waits(self) -> bool:
        """Whether it has a question that nobody answered."""
        return bool(self.requirement.question) and self.said is None


@dataclass(frozen=True, slots=True)
class Viability:
    """The whole check of a PES for a vigencia."""

    vigencia: int
    requirements: tuple[Judged, ...]

    def count(self, status: Status) -> int:
        """How many requirements stand there."""
        return sum(one.status is status for one in self.requirements)


@dataclass(frozen=True, slots=True)
class Difference:
    """What changed in a requirement between two runs; `mended` and `new` are things by name."""

    requirement: Requirement
    before: Status
    after: Status
    mended: tuple[str, ...]
    new: tuple[str, ...]


def judge(vigencia: int, counted: Mapping[str, Counted], said: Mapping[Requirement, Said]) -> Viability:
    """The check: `counted` by the code of its check, `said` by requirement. KeyError when a check was not counted."""
    judged = []
    for requirement in Requirement:
        findings = tuple(_finding(check, counted[check.code]) for check in CHECKS if check.requirement is requirement)
        answer = said.get(requirement)
        judged.append(Judged(requirement, _status(requirement, findings, answer), findings, answer))
    return Viability(vigencia, tuple(judged))


def compare(before: Viability, after: Viability) -> tuple[Difference, ...]:
    """What changed from one run to another, requirement by requirement; those that stay the same are left out.

    ValueError when they are of different vigencias: what one programmes and the other does not is no change of the plan.
    """
    if before.vigencia != after.vigencia:
        raise ValueError(f"runs of {before.vigencia} and {after.vigencia} are not compared")
    earlier = {one.requirement: one for one in before.requirements}
    return tuple(found for one in after.requirements for found in _difference(earlier.get(one.requirement), one))


def to_json(found: Viability) -> dict[str, Any]:
    """The check as it is frozen."""
    return {
        "vigencia": found.vigencia,
        "tolerated": TOLERATED,
        "requirements": [
            {
                "code": one.requirement.value,
                "status": one.status.value,
                "findings": [_finding_json(finding) for finding in one.findings],
                "said": _said_json(one.said),
            }
            for one in found.requirements
        ],
    }


def from_json(value: Mapping[str, Any]) -> Viability:
    """A frozen check; nothing is judged again."""
    return Viability(value["vigencia"], tuple(_judged(one) for one in value["requirements"]))


def _finding(check: Check, counted: Counted) -> Finding:
    return Finding(check.code, counted, _counted_status(check, counted))


def _counted_status(check: Check, counted: Counted) -> Status:
    if not counted.total:
        return Status.NOT_MET if check.must_exist else Status.CANNOT_TELL
    if not counted.failing:
        return Status.MET
    return Status.PARTLY if len(counted.failing) * 100 <= counted.total * TOLERATED else Status.NOT_MET


def _status(requirement: Requirement, findings: tuple[Finding, ...], said: Said | None) -> Status:
    parts = {finding.status for finding in findings}
    if requirement.question:
        parts.add(said.answer.status if said else Status.CANNOT_TELL)
    return next(status for status in WORST_FIRST if status in parts)


def _difference(before: Judged | None, after: Judged) -> Iterator[Difference]:
    if before is None:
        return
    old, new = _failing(before), _failing(after)
    mended = tuple(label for key, label in old.items() if key not in new)
    found = tuple(label for key, label in new.items() if key not in old)
    if before.status is not after.status or mended or found:
        yield Difference(after.requirement, before.status, after.status, mended, found)


def _failing(one: Judged) -> dict[tuple[str, str], str]:
    return {(finding.code, item.key): item.label for finding in one.findings for item in finding.counted.failing}


def _finding_json(finding: Finding) -> dict[str, Any]:
    failing = [{"key": item.key, "label": item.label, "url": item.url} for item in finding.counted.failing]
    return {
        "code": finding.code,
        "status": finding.status.value,
        "total": finding.counted.total,
        "failing": failing,
    }


def _said_json(said: Said | None) -> dict[str, Any] | None:
    return None if said is None else {"answer": said.answer.value, "text": said.text, "on": said.on, "by": said.by}


def _judged(value: Mapping[str, Any]) -> Judged:
    findings = tuple(
        Finding(
            one["code"],
            Counted(one["total"], tuple(Item(**item) for item in one["failing"])),
            Status(one["status"]),
        )
        for one in value["findings"]
    )
    said = value["said"]
    answered = None if said is None else Said(Answer(said["answer"]), said["text"], said["on"], said["by"])
    return Judged(Requirement(value["code"]), Status(value["status"]), findings, answered)
