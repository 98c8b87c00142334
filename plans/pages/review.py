"""The review side by side: each goal with its programme, what does not cohere, what changed and what was observed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.core.paginator import Page, Paginator

from pes.rules.problems import Problem
from plans.checklist import automatic_checks
from plans.content import context_of, facts_from, facts_of
from plans.lifecycle import problems_of
from plans.models import PlanGestion, PlanVersion, ReviewCheck
from plans.pages.marks import MarkedDifference, marked
from plans.pages.states import TONES, TURN, tabs_of
from plans.pages.threads import Thread, Voice, observation_form, threads_of
from plans.review_forms import ChecklistForm, NoteForm, ObservationForm
from plans.rules.differences import PlanDifferences, plan_differences
from plans.rules.fields import GOAL_FIELDS, QUARTER_NAMES
from plans.rules.findings import Finding, plan_findings
from plans.rules.goals import GoalFacts, GoalStatus, PlanFacts
from plans.rules.plan_states import PlanStatus, ReviewItem
from plans.rules.values import spoken, value_of
from plans.versions import submissions

PER_PAGE = 20
_HEADING = 110  # characters of a goal's text in its heading
ONLY = (
    ("", "Todas las metas"),
    ("observaciones", "Con observaciones"),
    ("hallazgos", "Con hallazgos"),
    ("cambios", "Cambiadas desde el envío anterior"),
)
NO_REVIEW = "Lo hace un analista de la oficina asesora de planeación."
NOT_NOW = "El plan no está en revisión."
_BESIDE = ("programming_type", *QUARTER_NAMES, "magnitude")  # shown as a row of figures, not among the fields


@dataclass(frozen=True, slots=True)
class GoalReview:
    """A goal as its reviewer reads it."""

    number: int
    text: str
    summary: str
    kind: str
    is_eliminated: bool
    key: tuple[tuple[str, str], ...]
    figures: tuple[tuple[str, str], ...]
    fields: tuple[tuple[str, str], ...]
    findings: tuple[Problem, ...]
    changes: tuple[MarkedDifference, ...]
    is_new: bool
    threads: tuple[Thread, ...]
    open_threads: int
    form: ObservationForm | None
    url: str

    @property
    def place(self) -> str:
        """Where it stands in the page."""
        return f"meta-{self.number}"

    @property
    def is_cut(self) -> bool:
        """Whether its heading leaves out part of its text."""
        return len(self.text) > _HEADING

    @property
    def is_blocked(self) -> bool:
        """Whether something in it keeps the plan from being validated."""
        return any(problem.blocking for problem in self.findings)

    @property
    def tone(self) -> str:
        """The colour of its card: what is wrong first, then what is open."""
        return "risk" if self.is_blocked else "warn" if self.open_threads else ""

    @property
    def programme(self) -> str:
        """What names the table of its figures."""
        return f"Programación de la meta {self.number}"

    @property
    def changed(self) -> str:
        """What names the table of its changes."""
        return f"Lo que cambió en la meta {self.number} desde el envío anterior"


class Review:
    """The page of the review, for who reviews and for who answers."""

    def __init__(self, plan: PlanGestion, user: Any, *, only: str = "", page: str | None = None) -> None:
        self.plan, self.user, self.only, self._number = plan, user, only, page
        self.status = PlanStatus(plan.status)
        self.tone, self.turn = TONES[self.status], TURN[self.status]
        self.facts: PlanFacts = facts_of(plan)
        context = context_of(plan)
        self.objectives: dict[int, str] = context["objectives"]
        self.findings: list[Finding] = plan_findings(self.facts, **context)
        self.sent: list[PlanVersion] = list(submissions(plan).select_related("by")[:2])
        self.voice = Voice(plan, user)
        self.threads = threads_of(plan, user, voice=self.voice)

    @property
    def reason(self) -> str:
        """Why this person neither checks, returns nor validates; empty when they may."""
        if not self.voice.is_reviewer:
            return NO_REVIEW
        return "" if self.status is PlanStatus.IN_REVIEW else NOT_NOW

    @cached_property
    def send_back_reason(self) -> str:
        """Why the plan cannot be returned now."""
        return self.reason or first_of(problems_of(self.plan, "send_back", by=self.user))

    @cached_property
    def validate_problems(self) -> list[Problem]:
        """What is missing before it is validated."""
        if self.reason:
            return []
        return problems_of(self.plan, "validate", by=self.user, findings=self.findings)

    @property
    def validate_reason(self) -> str:
        """Why the plan cannot be validated now."""
        return self.reason or first_of(self.validate_problems)

    @cached_property
    def differences(self) -> PlanDifferences:
        """What the plan says now against what was sent before; nothing after the first submission."""
        before = self.sent[1] if self.status is PlanStatus.IN_REVIEW and len(self.sent) > 1 else None
        before = before or (self.sent[0] if self.sent and self.plan.is_editable else None)
        return plan_differences(facts_from(before.content), self.facts) if before else PlanDifferences()

    @cached_property
    def page(self) -> Page[GoalFacts]:
        """The goals of this page, filtered."""
        return Paginator(self._filtered(), PER_PAGE).get_page(self._number)

    @cached_property
    def goals(self) -> list[GoalReview]:
        """The goals of this page, each with what belongs to it."""
        ids = dict(self.plan.goals.in_force().values_list("number", "pk"))
        return [self._goal(goal, ids) for goal in self.page]

    @property
    def identification(self) -> tuple[MarkedDifference, ...]:
        """What changed in the identification since the previous submission."""
        return marked(self.differences.identification)

    @property
    def plan_threads(self) -> list[Thread]:
        """Observations about the plan as a whole, and about goals taken out since: they too await their answer."""
        shown = {goal.number for goal in self.facts.goals}
        return [thread for thread in self.threads if thread.goal not in shown]

    @property
    def plan_findings(self) -> list[Problem]:
        """What does not cohere in the plan as a whole."""
        return [found.problem for found in self.findings if found.goal is None]

    @property
    def plan_form(self) -> ObservationForm | None:
        """To observe the plan as a whole."""
        return observation_form(self.plan) if self.voice.may_observe() else None

    @property
    def open_threads(self) -> int:
        """Observations that await the team."""
        return sum(1 for thread in self.threads if thread.is_open)

    @property
    def note_form(self) -> NoteForm:
        """With which memo it goes back."""
        return NoteForm(auto_id="id_nota_%s")

    @property
    def tabs(self) -> list[dict[str, Any]]:
        """The pages of the plan."""
        active = sum(1 for goal in self.facts.goals if goal.status is GoalStatus.ACTIVE)
        blocking = sum(1 for found in self.findings if found.problem.blocking)
        return tabs_of(self.plan, "review", goals=active, coherence=blocking, review=self.open_threads)

    @cached_property
    def checks(self) -> dict[str, ReviewCheck]:
        """What was answered about the version in review, by question."""
        if not self.sent:
            return {}
        return {row.item: row for row in ReviewCheck.objects.filter(version=self.sent[0]).select_related("by")}

    @property
    def checklist(self) -> list[dict[str, str]]:
        """The four questions of PG-V1 with their answers."""
        automatic = automatic_checks(self.findings)
        return [self._check(item, automatic.get(item)) for item in ReviewItem]

    @property
    def checklist_form(self) -> ChecklistForm | None:
        """To answer them."""
        if self.reason:
            return None
        given = {item: "si" if row.passed else "no" for item, row in self.checks.items()}
        notes = {f"{item}_note": row.note for item, row in self.checks.items()}
        return ChecklistForm(initial=given | notes, auto_id="id_lista_%s")

    def _check(self, item: ReviewItem, automatic: bool | None) -> dict[str, str]:
        row = self.checks.get(item.value)
        passed = automatic if item.is_automatic else row.passed if row else None
        who = "Lo responde el sistema con PT-02 a PT-04." if item.is_automatic else f"{row.by}" if row else ""
        tone, word = {True: ("ok", "Cumple"), False: ("risk", "No cumple"), None: ("none", "Sin responder")}[passed]
        note = row.note if row else ""
        return {"question": item.question, "norm": item.norm, "tone": tone, "word": word, "who": who, "note": note}

    def _filtered(self) -> Sequence[GoalFacts]:
        wanted = {
            "observaciones": {thread.goal for thread in self.threads},
            "hallazgos": {found.goal for found in self.findings},
            "cambios": {goal.number for goal in (*self.differences.added, *self.differences.changed)},
        }.get(self.only)
        return self.facts.goals if wanted is None else [goal for goal in self.facts.goals if goal.number in wanted]

    def _goal(self, goal: GoalFacts, ids: dict[int, int]) -> GoalReview:
        changes = next((one.differences for one in self.differences.changed if one.number == goal.number), ())
        threads = tuple(thread for thread in self.threads if thread.goal == goal.number)
        open_threads = sum(1 for thread in threads if thread.is_open)
        observes = self.voice.may_observe(ids.get(goal.number))
        return GoalReview(
            number=goal.number,
            text=goal.text,
            summary=f"Meta {goal.number} · {goal.text[:_HEADING]}{'…' if len(goal.text) > _HEADING else ''}",
            kind=goal.kind.label,
            is_eliminated=goal.status is GoalStatus.ELIMINATED,
            key=self._key(goal),
            figures=tuple((_short(name), spoken(name, value_of(goal, name))) for name in _BESIDE),
            fields=tuple(
                (f.label, spoken(f.name, value_of(goal, f.name))) for f in GOAL_FIELDS if f.name not in _BESIDE
            ),
            findings=tuple(found.problem for found in self.findings if found.goal == goal.number),
            changes=marked(changes),
            is_new=any(goal.number == one.number for one in self.differences.added),
            threads=threads,
            open_threads=open_threads,
            form=observation_form(self.plan, goal.number) if observes else None,
            url=self.plan.url("goal", goal.number),
        )

    def _key(self, goal: GoalFacts) -> tuple[tuple[str, str], ...]:
        """What the questions of PG-V1 are about: the objective it serves, and how it is measured."""
        objective = self.objectives.get(goal.objective or 0, "")
        return (
            ("Objetivo estratégico", f"{goal.objective}. {objective}" if objective else ""),
            ("Indicador", goal.indicator),
            ("Fórmula", " ÷ ".join(term for term in (goal.numerator, goal.denominator) if term)),
            ("Unidad", goal.unit),
            ("Ponderación", f"{spoken('weight', goal.weight)} %" if goal.weight is not None else ""),
        )


def review_url(plan: PlanGestion, number: int | None, place: str = "") -> str:
    """The page of the review that holds a goal; the first one for the plan as a whole."""
    if number is None:
        return f"{plan.url('review')}{place}"
    numbers = list(plan.goals.in_force().values_list("number", flat=True))
    page = numbers.index(number) // PER_PAGE + 1 if number in numbers else 1
    return f"{plan.url('review')}?pagina={page}{place}"


def first_of(problems: Sequence[Problem]) -> str:
    """The first blocking problem in words, and how many more there are; empty without one."""
    blocking = [problem for problem in problems if problem.blocking]
    if not blocking:
        return ""
    rest = "" if len(blocking) == 1 else f" Y {len(blocking) - 1} más."
    return f"{blocking[0].message}{rest}"


def _short(name: str) -> str:
    return {"programming_type": "Tipo", "magnitude": "Magnitud"}.get(name, name.upper())
