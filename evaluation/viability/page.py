"""The page of viability: each requirement as a light with words, what was found, what was answered, and the runs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from evaluation.models import ViabilityAnswer, ViabilityCheck
from evaluation.rules.viability import Difference, Finding, Item, Judged, Viability, compare
from evaluation.rules.viability_terms import Requirement, Status
from evaluation.viability.checks import frozen
from evaluation.viability.forms import AnswerForm
from pes.dates import long_date, long_instant
from pes.models import SectorPlan, User
from pes.plan_frame import plan_url

TONES = {Status.MET: "ok", Status.PARTLY: "warn", Status.NOT_MET: "risk", Status.CANNOT_TELL: "none"}
SHOWN_ITEMS = 40
SHOWN_RUNS = 12
SHOWN_NAMES = 8


@dataclass(frozen=True, slots=True)
class FindingRow:
    """A check: its light, its words, and the things that fail it."""

    tone: str
    state: str
    text: str
    items: tuple[Item, ...]
    left: int


@dataclass(frozen=True, slots=True)
class Told:
    """An answer somebody gave."""

    tone: str
    answer: str
    text: str
    who: str


@dataclass(frozen=True, slots=True)
class RequirementRow:
    """A requirement with its findings and its question."""

    code: str
    title: str
    tone: str
    state: str
    summary: str
    findings: tuple[FindingRow, ...]
    question: str
    told: Told | None
    earlier: tuple[Told, ...]
    url: str
    form: AnswerForm | None


@dataclass(frozen=True, slots=True)
class Change:
    """What is different in a requirement since another run."""

    title: str
    text: str
    mended: tuple[str, ...]
    new: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RunRow:
    """A run that was kept."""

    title: str
    when: str
    who: str
    summary: str
    url: str


@dataclass(frozen=True, slots=True)
class Totals:
    """How many requirements stand at each status: tone, label, count."""

    rows: tuple[tuple[str, str, int], ...]
    summary: str


def totals(found: Viability) -> Totals:
    """The counts, the worst first."""
    order = (Status.NOT_MET, Status.CANNOT_TELL, Status.PARTLY, Status.MET)
    rows = tuple((TONES[status], status.label, found.count(status)) for status in order)
    met = found.count(Status.MET)
    return Totals(rows, f"Cumple {met} de {len(found.requirements)} requisitos")


def requirement_rows(
    plan: SectorPlan, found: Viability, *, people: Mapping[int | None, str], earlier: Mapping[str, Sequence[Told]],
    may_answer: bool, bound: Mapping[str, AnswerForm],
) -> list[RequirementRow]:  # fmt: skip
    """The requirements in DNP's order; `bound` has a form that came back, by requirement."""
    return [_row(plan, one, people, earlier, may_answer, bound) for one in found.requirements]


def told_of(plan: SectorPlan) -> dict[str, list[Told]]:
    """Every answer by requirement, the newest first; one query."""
    found: dict[str, list[Told]] = {}
    rows = ViabilityAnswer.objects.filter(plan=plan).select_related("answered_by").order_by("-pk")
    for row in rows:
        tone = _answer_tone(row.answer)
        who = f"{row.answered_by} · {long_instant(row.answered_at)}"
        found.setdefault(row.requirement, []).append(Told(tone, row.get_answer_display(), row.text, who))
    return found


def answer_form(code: str, data: Any = None) -> AnswerForm:
    """The form that answers a requirement; several share a page."""
    return AnswerForm(data, prefix=code, auto_id=f"id_{code}_%s")


def changes(before: Viability, after: Viability) -> list[Change]:
    """What changed between two runs, in words."""
    return [_change(one) for one in compare(before, after)]


def run_rows(plan: SectorPlan) -> list[RunRow]:
    """The last runs; one query."""
    rows = ViabilityCheck.objects.filter(plan=plan).select_related("checked_by").order_by("-run")
    return [_run(plan, row) for row in rows[:SHOWN_RUNS]]


def names_of(found: Viability) -> dict[int | None, str]:
    """The names of who answered, by id; one query."""
    ids = {one.said.by for one in found.requirements if one.said}
    return {person.pk: str(person) for person in User.objects.filter(pk__in=ids)}


def _row(
    plan: SectorPlan, one: Judged, people: Mapping[int | None, str], earlier: Mapping[str, Sequence[Told]],
    may_answer: bool, bound: Mapping[str, AnswerForm],
) -> RequirementRow:  # fmt: skip
    code, question = one.requirement.value, one.requirement.question
    return RequirementRow(
        code=code,
        title=one.requirement.label,
        tone=TONES[one.status],
        state=one.status.label,
        summary=_summary(one),
        findings=tuple(_finding(finding) for finding in one.findings),
        question=question,
        told=_told(one, people),
        earlier=tuple(earlier.get(code, ()))[1:],
        url=plan_url(plan, "evaluation:viability-answer", code),
        form=(bound.get(code) or answer_form(code)) if question and may_answer else None,
    )


def _summary(one: Judged) -> str:
    wrong = sum(finding.status in (Status.PARTLY, Status.NOT_MET) for finding in one.findings)
    parts = []
    if one.findings:
        parts.append("sin hallazgos" if not wrong else "1 hallazgo" if wrong == 1 else f"{wrong} hallazgos")
    if one.requirement.question:
        parts.append("falta responder" if one.waits else "respondido")
    return ", ".join(parts).capitalize()


def _finding(finding: Finding) -> FindingRow:
    items = finding.counted.failing
    return FindingRow(
        tone=TONES[finding.status],
        state=finding.status.label,
        text=finding.text,
        items=items[:SHOWN_ITEMS],
        left=max(len(items) - SHOWN_ITEMS, 0),
    )


def _told(one: Judged, people: Mapping[int | None, str]) -> Told | None:
    said = one.said
    if said is None:
        return None
    who = f"{people.get(said.by, 'Una persona')} · {long_date(date.fromisoformat(said.on))}"
    return Told(_answer_tone(said.answer.value), said.answer.label, said.text, who)


def _answer_tone(answer: str) -> str:
    return {"yes": "ok", "partly": "warn", "no": "risk"}[answer]


def _change(one: Difference) -> Change:
    moved = "" if one.before is one.after else f"Pasa de «{one.before.label}» a «{one.after.label}»."
    return Change(one.requirement.label, moved, _named(one.mended), _named(one.new))


def _named(labels: Iterable[str]) -> tuple[str, ...]:
    found = tuple(labels)
    left = len(found) - SHOWN_NAMES
    return (*found[:SHOWN_NAMES], f"y {left} más") if left > 0 else found


def _run(plan: SectorPlan, row: ViabilityCheck) -> RunRow:
    return RunRow(
        title=f"Revisión {row.run} · vigencia {row.vigencia_id}",
        when=long_instant(row.checked_at),
        who=str(row.checked_by),
        summary=totals(frozen(row)).summary,
        url=plan_url(plan, "evaluation:viability-check", row.run),
    )


def requirement_of(code: str) -> Requirement | None:
    """The requirement of an address; None for an unknown one."""
    return Requirement(code) if code in set(Requirement) else None
