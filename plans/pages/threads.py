"""Threads of observations as pages show them: what was said, who owes an answer, and whether this person may speak."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Prefetch
from django.urls import reverse

from pes.access import can
from pes.dates import long_instant
from pes.permissions import Permission
from plans.models import Goal, Observation, ObservationTurn, PlanGestion, Side
from plans.observations import PLAN_FIELDS, UNDER_FORMULATION
from plans.review_forms import ObservationForm, TurnForm
from plans.rules.fields import BY_NAME
from plans.rules.plan_states import EDITABLE, PlanStatus
from plans.threads import with_last_side

SIDES = {Side.REVIEWER: "Observación", Side.TEAM: "Respuesta del equipo"}
NOT_NOW = "Se responde cuando la oficina de planeación devuelve el plan."


@dataclass(frozen=True, slots=True)
class Turn:
    """One thing said."""

    side: str
    who: str
    when: str
    text: str
    tone: str


@dataclass(frozen=True, slots=True)
class Thread:
    """An observation with its turns; `form` is there when this person may speak in it, else `reason` may say why not.

    `awaits_me`: it is open and this person answers; who may only insist is not pressed to.
    """

    pk: int
    goal: int | None
    title: str
    is_open: bool
    awaits_me: bool
    turns: tuple[Turn, ...]
    url: str
    form: TurnForm | None
    label: str
    reason: str


class Voice:
    """What a person may say about a plan now: one look at their powers, whatever the number of threads."""

    def __init__(self, plan: PlanGestion, user: Any) -> None:
        self.plan, self.status = plan, PlanStatus(plan.status)
        self.is_team = can(user, Permission.PLAN_EDIT, plan)
        self.is_reviewer = can(user, Permission.PLAN_REVIEW, plan)
        led = Goal.objects.visible_to(user, Permission.GOAL_ANNOTATE).filter(plan=plan)
        self.led = frozenset(led.values_list("pk", flat=True))

    def may_observe(self, goal: int | None = None) -> bool:
        """Whether a thread may be begun about the plan, or about the goal of an id."""
        if self.is_reviewer:
            return self.status == PlanStatus.IN_REVIEW
        return goal in self.led and self.status in UNDER_FORMULATION

    @property
    def may_answer(self) -> bool:
        """Whether it is the team's turn, and the person is of the team."""
        return self.is_team and self.status in EDITABLE

    def speaks(self, goal: int | None) -> str:
        """What the button of a thread says; empty when the person does not speak in it now."""
        if self.may_answer:
            return "Responder"
        return "Insistir" if self.may_observe(goal) else ""


def threads_of(target: PlanGestion | Goal, user: Any, *, back: str = "", voice: Voice | None = None) -> list[Thread]:
    """The threads of a plan, or of one goal, that the person may read, in the order they began.

    `back` tells the answer where to return: "goal" to the goal's sheet, else to the review. Two queries, and three
    more for the person's powers unless `voice` is given.
    """
    plan = target.plan if isinstance(target, Goal) else target
    speaker = voice or Voice(plan, user)
    found = with_last_side(Observation.objects.visible_to(user, Permission.PLAN_READ))
    found = found.filter(goal=target) if isinstance(target, Goal) else found.filter(plan=plan)
    turns = Prefetch("turns", ObservationTurn.objects.select_related("by").order_by("pk"))
    return [_thread(row, speaker, back) for row in found.select_related("goal").prefetch_related(turns).order_by("pk")]


def observation_form(plan: PlanGestion, goal: int | None = None, *, back: str = "") -> ObservationForm:
    """An empty form to observe the plan, or its goal of a number."""
    name = f"m{goal}" if goal is not None else "plan"
    return ObservationForm(on_goal=goal is not None, initial={"goal": goal, "back": back}, auto_id=f"id_{name}_%s")


def place_of(observation: Observation) -> str:
    """«Meta 3 · Indicador», «Plan · Alcance»."""
    if observation.goal is not None:
        field = BY_NAME[observation.field].label if observation.field in BY_NAME else ""
        return f"{observation.goal} · {field}" if field else str(observation.goal)
    return f"Plan · {PLAN_FIELDS[observation.field]}" if observation.field in PLAN_FIELDS else "Plan"


def thread_of(
    row: Any, *, goal: int | None, title: str, url: str, label: str, answers: bool, reason: str, back: str
) -> Thread:
    """A thread of any kind, with its last side and its turns loaded, as a page shows it.

    `label` is what the person may do in it now («Responder», «Insistir»), empty for nothing; `answers` says that they
    answer for the team; `reason` is shown while it is open to who may not speak.
    """
    is_open = row.last_side == Side.REVIEWER
    form = TurnForm(initial={"back": back}, auto_id=f"id_hilo{row.pk}_%s") if label else None
    if form is not None and label == "Insistir":
        form.fields["text"].label = "Insistencia"
    return Thread(
        pk=row.pk,
        goal=goal,
        title=title,
        is_open=is_open,
        awaits_me=is_open and answers,
        turns=tuple(_turn(turn) for turn in row.turns.all()),
        url=url,
        form=form,
        label=label,
        reason=reason if is_open and not label else "",
    )


def _thread(row: Observation, voice: Voice, back: str) -> Thread:
    return thread_of(
        row,
        goal=row.goal.number if row.goal else None,
        title=place_of(row),
        url=reverse("plans:observation-answer", args=[row.pk]),
        label=voice.speaks(row.goal_id),
        answers=voice.may_answer,
        reason=NOT_NOW if voice.is_team else "",
        back=back,
    )


def _turn(turn: Any) -> Turn:
    side = Side(turn.side)
    tone = "course" if side is Side.TEAM else "warn"
    return Turn(SIDES[side], str(turn.by), long_instant(turn.at), turn.text, tone)
