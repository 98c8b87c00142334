"""What the tables of permissions of the last phases of a PES stand on: one PES that has everything, and the signed-off table.

Viability, who answers for what, bottlenecks and their actions, the agenda, the cascade, and the rendición de cuentas.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from evaluation.accountability import events, questions
from evaluation.improvement import actions
from evaluation.improvement.bottlenecks import Draft, register_bottleneck, solve
from evaluation.improvement.responsibilities import assign
from evaluation.models import (
    AccountabilityCommitment,
    AccountabilityCorrection,
    AccountabilityEvent,
    Bottleneck,
    CitizenQuestion,
    ImprovementAction,
)
from evaluation.rules.improvement_states import ActionKind, Severity
from evaluation.rules.viability_terms import Answer, Requirement
from evaluation.viability.checks import answer_question, run_check
from pes.edits import fingerprint
from pes.models import OrganizationUnit, SectorGoal, SectorPlan, UnitKind, User
from pes.permissions import Role
from tests import make, people
from tests.matrix import OAP, READERS, Row, Who, at
from tracking.demo_evidence import pdf

# Where somebody holds a role: on the sector, on the entity that looks after the bottleneck, on another entity of the
# sector, on a process of the first one.
RELATIONS = ("sector", "entity", "second", "process")
MANAGERS = OAP | {Role.ENLACE_ENTIDAD}
SPEAKERS = OAP | {Role.COMUNICACIONES}
LINK = "https://ejemplo.invalid/acta"


@dataclass(frozen=True)
class Stage:
    """A PES with a bottleneck under attack and another solved, an action under way and one done, and two events."""

    them: people.Cast
    plan: SectorPlan
    goal: SectorGoal
    stuck: Bottleneck
    solved: Bottleneck
    running: ImprovementAction
    done: ImprovementAction
    event: AccountabilityEvent
    draft: AccountabilityEvent
    question: CitizenQuestion
    promise: AccountabilityCommitment
    correction: AccountabilityCorrection

    @property
    def places(self) -> dict[str, OrganizationUnit]:
        """The unit of each relation."""
        them = self.them
        return {"sector": them.sector, "entity": them.head, "second": them.second_entity, "process": them.process}

    def thing(self, name: Any, user: User | None) -> Any:
        """What a name stands for in an address; what names nothing stands for itself."""
        found = getattr(self, name.removeprefix("the "), None) if str(name).startswith("the ") else None
        return found.pk if found is not None else name

    def somebody(self, role: Role, relation: str) -> User:
        """Somebody new with a role there, and a second factor."""
        return people.with_second_factor(people.person(f"{role.value} {relation}", role, self.places[relation]))


def stage(them: people.Cast | None = None, mark: str = "") -> Stage:
    """Everything, made by verbs; every text that somebody writes ends with `mark`."""
    them = them or people.cast()
    plan = make.plan(sector=them.sector, name=f"PES de prueba{mark}")
    objective = make.objective(plan=plan, text=f"Construir la paz{mark}")
    goal = make.goal(objective=objective)
    SectorGoal.objects.filter(pk=goal.pk).update(text=f"Meta{mark}")
    indicator = make.indicator(goal=goal, entity=them.head, key="1")
    indicator.name = f"Convenios firmados{mark}"
    indicator.save()
    answer_question(plan, Requirement.POLICIES, Answer.PARTLY, f"Lo dice el acta.{mark}", by=them.ana)
    run_check(plan, 2022, by=them.ana)
    assign(plan, {("goal", goal.pk): them.pilar.pk}, read=fingerprint({}), by=them.ana)
    improved = improvement(plan, them, mark)
    return Stage(them, plan, goal, *improved, *accounts(plan, them, mark))


def bottleneck_draft(plan: SectorPlan, unit: OrganizationUnit, mark: str = "", **changed: Any) -> Draft:
    """What is written of a bottleneck of an entity."""
    said = {
        "unit": unit, "title": f"Contratación atrasada{mark}", "cause": f"Los estudios se devolvieron.{mark}",
        "severity": Severity.HIGH, "since": date(2022, 2, 1), "indicator": plan.indicators.get(key="1"),
    }  # fmt: skip
    return Draft(**said | changed)


def action_draft(owner: User, mark: str = "", **changed: Any) -> actions.ActionDraft:
    """What is written of an action."""
    said = {
        "kind": ActionKind.SHOCK, "text": f"Reforzar el equipo.{mark}", "expected_effect": f"Llegar a la meta.{mark}",
        "owner": owner, "starts_on": date(2022, 4, 1), "due_on": date(2022, 9, 1),
    }  # fmt: skip
    return actions.ActionDraft(**said | changed)


def improvement(plan: SectorPlan, them: people.Cast, mark: str) -> tuple[Any, ...]:
    """Two bottlenecks of the first entity and two actions, whose owner is of its process."""
    ana, pilar = them.ana, them.pilar
    stuck = register_bottleneck(plan, bottleneck_draft(plan, them.head, mark), by=ana)
    solved = register_bottleneck(plan, bottleneck_draft(plan, them.head, mark, title=f"Sin sede{mark}"), by=ana)
    solve(solved, solution=f"Hay sede.{mark}", by=ana)
    running, done = (
        actions.register_action(stuck, action_draft(pilar, mark, text=f"{text}{mark}"), by=ana)
        for text in ("Reforzar", "Contratar")
    )
    for one in (running, done):
        actions.follow_up(one, progress=100, text=f"Listo.{mark}", link=LINK, by=pilar)
    actions.finish(done, by=pilar)
    for one in (running, done):
        one.refresh_from_db()
    return stuck, solved, running, done


def event_draft(mark: str = "", **changed: Any) -> events.EventDraft:
    """What is written of a rendición de cuentas that is held today."""
    today = timezone.localdate()
    said = events.EventDraft(
        title=f"Rendición del semestre{mark}", held_on=today, starts_at=None, place=f"Auditorio{mark}", link="",
        topics=f"Metas{mark}", invitation=f"Los esperamos.{mark}", questions_until=today + timedelta(days=30),
    )  # fmt: skip
    return replace(said, **changed)


def report(title: str = "Informe") -> SimpleUploadedFile:
    """The report of which the sector gives account."""
    return SimpleUploadedFile("informe.pdf", pdf(title, []))


def accounts(plan: SectorPlan, them: people.Cast, mark: str) -> tuple[Any, ...]:
    """An announced event with a report that replaced another, a question and a commitment; and a draft."""
    ana = them.ana
    event = events.prepare_event(plan, event_draft(mark), by=ana)
    events.publish_report(event, upload=report(), by=ana)
    events.announce(event, by=ana)
    events.publish_report(event, upload=report("Corregido"), reason=f"Una cifra.{mark}", by=ana)
    draft = events.prepare_event(plan, event_draft(mark, title=f"Otra rendición{mark}"), by=ana)
    asked = questions.ask(event, author_name=f"Vecina{mark}", text=f"¿Y las obras?{mark}")
    promised = events.promise(event, text=f"Publicar.{mark}", unit=them.head, due_on=event.held_on, by=ana)
    return event, draft, asked, promised, event.corrections.get()


def abroad(mine: people.Cast, mark: str) -> people.Cast:
    """The same people in the other sector, where even the units are called after the mark."""
    for unit in (mine.other_sector, mine.other_entity, mine.other_alcaldia):
        OrganizationUnit.objects.filter(pk=unit.pk).update(name=f"{unit.name}{mark}")
        unit.refresh_from_db()
    process = people.unit("X-PIN", UnitKind.PROCESS, mine.other_entity, f"Planeación{mark}")
    return replace(
        mine,
        sector=mine.other_sector,
        head=mine.other_entity,
        second_entity=people.unit("x-dadep", UnitKind.ENTITY, mine.other_sector, f"Espacio público{mark}"),
        process=process,
        pilar=people.person(f"Petra Ajena{mark}", Role.PROMOTOR, process),
        ana=people.person(f"Analista Ajena{mark}", Role.ANALISTA_OAP, mine.other_sector),
        jorge=people.person(f"Jefe Ajeno{mark}", Role.JEFE_OAP, mine.other_sector),
    )


P = ("gestion-publica", 2020)
TODAY = "2022-07-21"
ANSWERED = {"policies-answer": "yes", "policies-text": "Lo dice el acta."}
FOLLOWED = {"follow-progress": "100", "follow-text": "Va bien."}
ASKED = {"question-text": "¿Cuándo?", "question-channel": "En el evento", "question-received_on": TODAY}


def page(*args: Any) -> Row:
    """A page of the PES, for every reader of it."""
    return Row((*P, *args), READERS, RELATIONS, at(RELATIONS, READERS))


def act(
    who: Who, places: tuple[str, ...], status: int, sent: Mapping[str, Any] | None, *args: Any, door: Who | None = None
) -> Row:
    """A form (`sent` None) or an act: who passes the door sees it from everywhere, and may from some places."""
    return Row((*P, *args), who if door is None else door, RELATIONS, at(places, who), status, sent)


def edit(status: int, sent: Mapping[str, Any] | None, *args: Any) -> Row:
    """An act of who edits the PES."""
    return act(OAP, ("sector",), status, sent, *args)


def manage(status: int, sent: Mapping[str, Any] | None, *args: Any, door: Who | None = None) -> Row:
    """An act of who manages the improvement of the entity of the bottleneck."""
    return act(MANAGERS, ("sector", "entity"), status, sent, *args, door=door)


def speak(status: int, sent: Mapping[str, Any] | None, *args: Any) -> Row:
    """An act of who prepares the rendición de cuentas."""
    return act(SPEAKERS, ("sector",), status, sent, *args)


STUCK, SOLVED, RUNNING, DONE, EVENT = "the stuck", "the solved", "the running", "the done", "the event"
BEGINS = ("sector", "entity", "second")  # each entity writes down its own
TABLE: dict[str, Row] = {
    "evaluation:cascade": page(),
    "evaluation:resources-progress": page(),
    "evaluation:viability": page(),
    "evaluation:viability-answer": edit(302, ANSWERED, "policies"),
    "evaluation:viability-run": edit(302, {"vigencia": "2022"}),
    "evaluation:viability-check": page(1),
    "evaluation:responsibles": page(),
    "evaluation:responsibles-save": edit(409, {"read": "0" * 16}),
    "evaluation:agenda": page(),
    "evaluation:bottlenecks": page(),
    "evaluation:bottleneck-new": act(MANAGERS, BEGINS, 200, None),
    "evaluation:bottleneck-new (registering)": act(MANAGERS, BEGINS, 422, {"title": "Sin sede"}),
    "evaluation:bottleneck": page(STUCK),
    "evaluation:bottleneck-edit": manage(200, None, STUCK),
    "evaluation:bottleneck-edit (saving)": manage(422, {"title": "Sin sede"}, STUCK),
    "evaluation:bottleneck-solve": manage(302, {"solve-text": "Se firmó.", "solve-confirmed": "on"}, STUCK),
    "evaluation:bottleneck-reopen": manage(302, {"reopen-text": "Volvió."}, SOLVED),
    "evaluation:actions": page(),
    "evaluation:action-new": manage(200, None, STUCK),
    "evaluation:action-new (registering)": manage(422, {"text": "Reforzar"}, STUCK),
    "evaluation:action": page(RUNNING),
    "evaluation:action-edit": manage(200, None, RUNNING),
    "evaluation:action-edit (saving)": manage(422, {"text": "Reforzar"}, RUNNING),
    "evaluation:action-follow": manage(302, FOLLOWED, RUNNING, door=READERS),
    "evaluation:action-finish": manage(302, {}, RUNNING, door=READERS),
    "evaluation:action-verify": manage(302, {}, DONE),
    "evaluation:action-send-back": manage(302, {"send_back-text": "Falta."}, DONE),
    "evaluation:action-discard": manage(302, {"discard-text": "Ya no."}, RUNNING),
    "evaluation:accountability": page(),
    "evaluation:accountability-new": speak(200, None),
    "evaluation:accountability-new (preparing)": speak(422, {"title": "Otra"}),
    "evaluation:accountability-event": page(EVENT),
    "evaluation:accountability-edit": speak(200, None, EVENT),
    "evaluation:accountability-edit (saving)": speak(422, {"title": "Otra"}, EVENT),
    "evaluation:accountability-announce": speak(302, {}, "the draft"),
    "evaluation:accountability-held": speak(302, {"held-attendance": "10"}, EVENT),
    "evaluation:accountability-close": speak(422, {"close-evaluation": "Bien."}, EVENT),
    "evaluation:accountability-report": speak(422, {}, EVENT),
    "evaluation:accountability-question": speak(302, ASKED, EVENT),
    "evaluation:accountability-answer": speak(422, {}, EVENT, "the question"),
    "evaluation:accountability-promise": speak(422, {}, EVENT),
    "evaluation:accountability-outcome": speak(422, {}, EVENT, "the promise"),
}
# Open to everybody, once it is announced: what each address answers to whom has no account.
OPEN: dict[str, tuple[tuple[Any, ...], int]] = {
    "evaluation:public-events": ((), 200),
    "evaluation:public-event": ((EVENT,), 200),
    "evaluation:public-event-report": ((EVENT,), 200),
    "evaluation:public-event-replaced": ((EVENT, "the correction"), 200),
    "evaluation:public-question": ((EVENT, "inventado"), 404),
}
