"""Every verb of the last phases of a PES: who may call it, from where, and what comes of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from django.utils import timezone

from evaluation.accountability import events, questions
from evaluation.improvement import actions, bottlenecks, responsibilities
from evaluation.rules.viability_terms import Answer, Requirement
from evaluation.viability import checks
from pes.edits import fingerprint
from pes.models import User
from tests.evaluation.phase_matrix_world import (
    LINK,
    MANAGERS,
    SPEAKERS,
    Stage,
    action_draft,
    bottleneck_draft,
    event_draft,
    report,
)
from tests.matrix import OAP
from tests.matrix_walk import Act

Call = Callable[[Stage, User], Any]


def edit(call: Call) -> Act:
    """A verb of who edits the PES."""
    return Act(call, OAP, ("sector",))


def manage(call: Call, code: str = "done") -> Act:
    """A verb of who manages the improvement of the bottleneck's entity."""
    return Act(call, MANAGERS, ("sector", "entity"), code)


def speak(call: Call, code: str = "done") -> Act:
    """A verb of who prepares the rendición de cuentas."""
    return Act(call, SPEAKERS, ("sector",), code)


def assigned(stage: Stage, by: User) -> int:
    """The goal, to somebody else."""
    read = fingerprint(responsibilities.facts_of(responsibilities.owners_of(stage.plan)))
    return responsibilities.assign(stage.plan, {("goal", stage.goal.pk): stage.them.luis.pk}, read=read, by=by)


def registered(stage: Stage, by: User) -> object:
    """Another bottleneck of the first entity."""
    draft = bottleneck_draft(stage.plan, stage.them.head, title="Otro")
    return bottlenecks.register_bottleneck(stage.plan, draft, by=by)


def corrected_bottleneck(stage: Stage, by: User) -> bool:
    """The same bottleneck with another title."""
    draft = bottleneck_draft(stage.plan, stage.them.head, title="Otro")
    read = fingerprint(bottlenecks.facts_of(stage.stuck))
    return bottlenecks.correct_bottleneck(stage.stuck, draft, read=read, by=by)


def moved_bottleneck(stage: Stage, by: User) -> bool:
    """The same bottleneck, handed to the other entity: which takes the power there too."""
    draft = bottleneck_draft(stage.plan, stage.them.second_entity, indicator=None, objective=stage.goal.objective)
    read = fingerprint(bottlenecks.facts_of(stage.stuck))
    return bottlenecks.correct_bottleneck(stage.stuck, draft, read=read, by=by)


def corrected_action(stage: Stage, by: User) -> bool:
    """The same action with other words."""
    read = fingerprint(actions.facts_of(stage.running))
    return actions.correct_action(stage.running, action_draft(stage.them.pilar, text="Otra."), read=read, by=by)


def followed(stage: Stage, by: User) -> object:
    """Another entry of the follow-up."""
    return actions.follow_up(stage.running, progress=100, text="Sigue.", link=LINK, by=by)


def corrected_event(stage: Stage, by: User) -> bool:
    """The same event elsewhere."""
    read = fingerprint(events.facts_of(stage.event))
    return events.correct_event(stage.event, event_draft(place="Otro auditorio"), read=read, by=by)


def promised(stage: Stage, by: User) -> object:
    """Another commitment."""
    due = timezone.localdate()
    return events.promise(stage.event, text="Otro.", unit=stage.them.head, due_on=due, by=by)


def recorded(stage: Stage, by: User) -> object:
    """A question that came on paper."""
    said = {"author_name": "", "text": "¿Cuándo?", "channel": "Carta", "received_on": date(2022, 7, 21)}
    return questions.record_question(stage.event, **said, by=by)


VERBS: dict[str, Act] = {
    "viability.checks.answer_question": edit(
        lambda stage, by: checks.answer_question(stage.plan, Requirement.BUDGET, Answer.NO, "No hay acta.", by=by)
    ),
    "viability.checks.run_check": edit(lambda stage, by: checks.run_check(stage.plan, 2023, by=by)),
    "improvement.responsibilities.assign": edit(assigned),
    "improvement.bottlenecks.register_bottleneck": manage(registered),
    "improvement.bottlenecks.correct_bottleneck": manage(corrected_bottleneck),
    "improvement.bottlenecks.correct_bottleneck (to another entity)": Act(moved_bottleneck, MANAGERS, ("sector",)),
    "improvement.bottlenecks.solve": manage(
        lambda stage, by: bottlenecks.solve(stage.stuck, solution="Se firmó.", by=by)
    ),
    "improvement.bottlenecks.reopen": manage(
        lambda stage, by: bottlenecks.reopen(stage.solved, reason="Volvió.", by=by)
    ),
    "improvement.actions.register_action": manage(
        lambda stage, by: actions.register_action(stage.stuck, action_draft(stage.them.pilar), by=by)
    ),
    "improvement.actions.correct_action": manage(corrected_action),
    "improvement.actions.follow_up": manage(followed),
    "improvement.actions.finish": manage(lambda stage, by: actions.finish(stage.running, by=by)),
    "improvement.actions.verify": manage(lambda stage, by: actions.verify(stage.done, by=by)),
    "improvement.actions.send_back": manage(lambda stage, by: actions.send_back(stage.done, reason="Falta.", by=by)),
    "improvement.actions.discard": manage(lambda stage, by: actions.discard(stage.running, reason="Ya no.", by=by)),
    "accountability.events.prepare_event": speak(
        lambda stage, by: events.prepare_event(stage.plan, event_draft(title="Una más"), by=by)
    ),
    "accountability.events.correct_event": speak(corrected_event),
    "accountability.events.announce": speak(lambda stage, by: events.announce(stage.draft, by=by)),
    "accountability.events.mark_held": speak(lambda stage, by: events.mark_held(stage.event, attendance=9, by=by)),
    "accountability.events.close": speak(
        lambda stage, by: events.close(stage.event, evaluation="Bien.", by=by), "wrong_state"
    ),
    "accountability.events.publish_report": speak(
        lambda stage, by: events.publish_report(stage.event, upload=report("Otro"), reason="Una cifra.", by=by)
    ),
    "accountability.events.promise": speak(promised),
    "accountability.events.keep_promise": speak(
        lambda stage, by: events.keep_promise(stage.promise, outcome="Se publica.", by=by)
    ),
    "accountability.questions.record_question": speak(recorded),
    "accountability.questions.answer": speak(
        lambda stage, by: questions.answer(stage.question, text="Van bien.", office=stage.them.head, by=by)
    ),
}
# Called by the verbs above once they have asked.
INSIDE = {"changes.save_changes"}
