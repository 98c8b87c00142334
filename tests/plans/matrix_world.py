"""What the tables of permissions stand on: one plan that has everything, people around it, and the signed-off table."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from pes.models import OrganizationUnit, User
from pes.permissions import Role
from plans import change_requests, checklist, consultations, editing, lifecycle, observations, shared_goals
from plans.models import ChangeRequest, Contribution, GoalTemplate, Observation, PlanGestion, PlanUpload
from plans.rules.changes import OpinionKind
from plans.rules.goals import GoalKind
from plans.rules.plan_states import ReviewItem
from plans.rules.values import show
from tests import people, plan_makers
from tests.change_makers import MAY, MEMO, WHY, World, request_at, world
from tests.matrix import ABOVE, ANNOTATORS, HEAD, LEADERS, NEAR, OAP, OPINERS, READERS, TEAM, Row, Who, at

# Where somebody holds a role, besides: on the process that leads its first goal, on the office whose local opinion is
# asked.
RELATIONS = (*NEAR, "leading", "advising")


@dataclass(frozen=True)
class Stage:
    """A published plan of an alcaldía with a thread, a consultation, two submissions, a request that awaits opinions."""

    found: World
    plan: PlanGestion
    thread: Observation
    contribution: Contribution
    request: ChangeRequest
    template: GoalTemplate

    @property
    def places(self) -> dict[str, OrganizationUnit]:
        """The unit of each relation."""
        them = self.found.them
        near = {"own": them.alcaldia, "entity": them.head, "sector": them.sector}
        return near | {"leading": self.found.leading, "advising": self.found.office}

    def thing(self, name: Any, user: User | None) -> Any:
        """What a name stands for in an address; what names nothing stands for itself."""
        return THINGS[name](self, user) if name in THINGS else name

    def somebody(self, role: Role, relation: str) -> User:
        """Somebody new with a role there, and a second factor."""
        return people.with_second_factor(people.person(f"{role.value} {relation}", role, self.places[relation]))


def stage(found: World | None = None, mark: str = "") -> Stage:
    """Everything, made by verbs in May of its vigencia; every text that somebody writes ends with `mark`."""
    with time_machine.travel(MAY, tick=False):
        found = found or world()
        plan = drafted_plan(found, mark)
        thread = discussed(plan, found, mark)
        contribution = consulted(plan, found, mark)
        case = {"hola_case": f"HOLA-1{mark}", "hola_on": date(2022, 5, 1)}
        lifecycle.make_official(plan, **case, by=found.them.marta)
        lifecycle.publish(plan, by=found.them.ana)
        return Stage(found, plan_makers.again(plan), thread, contribution, *asked(plan, found, mark))


def drafted_plan(found: World, mark: str) -> PlanGestion:
    """A draft whose first goal another process leads, and whose last one was taken out."""
    them = found.them
    texts = {name: f"{value}{mark}" for name, value in plan_makers.GOAL.items() if type(value) is str}
    led = {**texts, "kind": GoalKind.TRANSVERSAL, "central_area": found.leading.code}
    plan = plan_makers.draft(unit=them.alcaldia, by=them.marta, goals=[led, texts])
    block = {name: f"{value}{mark}" for name, value in plan_makers.IDENTIFICATION.items() if type(value) is str}
    editing.change_identification(plan, by=them.marta, **block)
    editing.remove_goal(editing.add_goal(plan, by=them.marta, values={"text": f"Otra{mark}"}), by=them.marta)
    return plan


def discussed(plan: PlanGestion, found: World, mark: str) -> Observation:
    """Sent, observed, returned, answered, sent again and validated; the thread is about the first goal."""
    them = found.them
    lifecycle.submit(plan, by=them.marta)
    goal = plan.goals.get(number=1)
    thread = observations.raise_observation(plan, goal, "text", f"Falta precisar.{mark}", by=them.ana)
    lifecycle.send_back(plan, by=them.ana, note=f"Memorando 1{mark}")
    observations.answer(thread, f"Precisado.{mark}", by=them.marta)
    lifecycle.submit(plan, by=them.marta)
    asked = [item for item in ReviewItem if not item.is_automatic]
    checklist.check(plan, {item: checklist.Answer(passed=True, note=f"Sí{mark}") for item in asked}, by=them.ana)
    lifecycle.validate(plan, by=them.ana)
    return thread


def consulted(plan: PlanGestion, found: World, mark: str) -> Contribution:
    """A consultation that has ended, with one contribution and its answer."""
    them = found.them
    days = {"opens_on": date(2022, 4, 1), "closes_on": date(2022, 4, 20)}
    record = consultations.open_consultation(plan, **days, channel=f"Carta{mark}", by=them.marta)
    said = {"author_name": f"Vecina{mark}", "text": f"Más árboles.{mark}", "channel": f"Carta{mark}"}
    contribution = consultations.record_contribution(record, **said, by=them.marta)
    consultations.answer(contribution, text=f"Se acoge.{mark}", by=them.marta)
    return contribution


def asked(plan: PlanGestion, found: World, mark: str) -> tuple[ChangeRequest, GoalTemplate]:
    """A request that awaits one of its opinions, and a goal that the leading process shares."""
    goal = plan_makers.again(plan).goals.get(number=1)
    words = {"justification": f"{WHY}{mark}", "memo": f"{MEMO}{mark}", "proposed": {"deliverable": f"Acta{mark}"}}
    request = request_at("filed", goal, by=found.them.marta, world=found, **words)
    said = {"is_favourable": True, "text": f"Visto.{mark}", "memo": f"{MEMO}{mark}"}
    change_requests.give_opinion(request, OpinionKind.LOCAL, **said, by=found.lola)
    values = SHARED | {"text": f"{SHARED['text']}{mark}"}
    return request, shared_goals.write(found.leading, 2022, by=found.teresa, values=values)


SHARED: dict[str, Any] = {"text": "Hacer las jornadas", "kind": GoalKind.TRANSVERSAL, "indicator": "Jornadas hechas"}


def kept(stage: Stage, user: User) -> PlanUpload:
    """A workbook that the person sent to the plan."""
    own = {"name": "libro.xlsx", "content": b"no soy un libro", "sha256": "0" * 64}
    return PlanUpload.objects.create(
        plan=stage.plan, base_revision=stage.plan.revision, by=user, at=timezone.now(), **own
    )


# What a route needs in its address beside the plan, by name.
THINGS: dict[str, Callable[[Stage, User | None], Any]] = {
    "thread": lambda stage, user: stage.thread.pk,
    "contribution": lambda stage, user: stage.contribution.pk,
    "request": lambda stage, user: stage.request.pk,
    "template": lambda stage, user: stage.template.pk,
    "upload": lambda stage, user: kept(stage, user or stage.found.them.marta).pk,
}


P = ("AL-01", 2022)
FILE = {"file": SimpleUploadedFile("libro.xlsx", b"no soy un libro")}
CELL = json.dumps({"changes": [{"goal": 2, "field": "text", "was": None, "value": "Otra"}]})
GOAL_TEXTS = {name: show(name, value) for name, value in plan_makers.GOAL.items()} | {"text": "Otra", "weight": "50,00"}
OPINION = {"kind": "transversal", "transversal-is_favourable": "si", "transversal-text": "Sí", "transversal-memo": MEMO}
TURN = {"text": "Hecho.", "goal": "1"}
WORDS = {"text": "Hacer las jornadas del año", "kind": "Transversal", "indicator": "Jornadas hechas"}
DAYS = {"fechas-opens_on": "2022-06-01", "fechas-closes_on": "2022-06-05", "fechas-channel": "Página web"}
SAID = {"nuevo-text": "Árboles", "nuevo-channel": "Carta", "nuevo-received_on": "2022-04-02"}


def listing(who: Who) -> Row:
    """A page that is about nobody's object: each one sees their own there."""
    return Row((), who, RELATIONS, at(RELATIONS, who))


def page(*args: Any) -> Row:
    """A page of the plan, for every reader of it."""
    return Row((*P, *args), READERS, NEAR, at(NEAR, READERS))


def act(who: Who, status: int, sent: Mapping[str, Any] | str | None = None, *args: Any) -> Row:
    """An act upon the plan."""
    return Row((*P, *args), who, NEAR, at(NEAR, who), status, {} if sent is None else sent)


def asking(who: Who, status: int, sent: Mapping[str, Any] | None = None) -> Row:
    """An act upon the request: those who only opine see it and do nothing else with it."""
    return Row(("request",), who, RELATIONS, at(NEAR, who), status, sent or {})


def shared(status: int = 200, sent: Mapping[str, Any] | None = None) -> Row:
    """A page or an act about a goal that the leading process shares."""
    places = (*ABOVE, "leading")
    return Row(("template",), OAP | ANNOTATORS, places, at(places, OAP | ANNOTATORS), status, sent)


LED = (*NEAR, "leading")  # from where the first goal is read (PG-04, PG-08)
VOICE = at(ABOVE, OAP | ANNOTATORS) | {"own": OAP, "leading": ANNOTATORS}
ANSWER = at(ABOVE, OAP | ANNOTATORS | TEAM) | {"own": OAP | TEAM, "leading": ANNOTATORS}
TABLE: dict[str, Row] = {
    "plans:list": listing(READERS),
    "plans:open-all": Row((), HEAD | LEADERS, RELATIONS, at(ABOVE, HEAD | LEADERS), 302, {}),
    "plans:open-own": Row((), HEAD | LEADERS, RELATIONS, at(RELATIONS, HEAD | LEADERS), 302, {}),
    "plans:shared-goals": listing(OAP | ANNOTATORS),
    "plans:shared-goal-new": listing(OAP | ANNOTATORS),
    "plans:shared-goal": shared(),
    "plans:shared-goal-save": shared(302, WORDS),
    "plans:shared-goal-assign": shared(422, {}),
    "plans:shared-goal-withdraw": shared(422, {"unit": "AL-01", "reason": "Ya no se hace"}),
    "plans:goals": page(),
    "plans:cells": act(TEAM, 422, CELL),
    "plans:goal-new": act(TEAM, 302),
    "plans:goals-order": act(TEAM, 302, {"goal": "1", "direction": "down"}),
    "plans:goal": Row((*P, 1), READERS, LED, at(LED, READERS)),
    "plans:goal-save": Row((*P, 1), TEAM, LED, at(NEAR, TEAM), 422, GOAL_TEXTS),
    "plans:goal-remove": act(TEAM, 302, None, 1),
    "plans:goal-restore": act(TEAM, 302, None, 3),
    "plans:coherence": page(),
    "plans:fix": act(TEAM, 302),
    "plans:review-queue": listing(OAP),
    "plans:observation-answer": Row(("thread",), READERS, LED, ANSWER, 422, {"text": "Hecho."}),
    "plans:plan": page(),
    "plans:identification": act(TEAM, 422, {"scope": "Otro alcance"}),
    "plans:submit": act(LEADERS, 302),
    "plans:make-official": act(LEADERS, 422, {"hola_case": "HOLA-2", "hola_on": "2022-05-01"}),
    "plans:publish": act(OAP | {Role.COMUNICACIONES}, 302),
    "plans:close": act(OAP, 302),
    "plans:review": page(),
    "plans:send-back": act(OAP, 302),
    "plans:validate": act(OAP, 302),
    "plans:check": act(OAP, 302),
    "plans:observation-new": Row(P, READERS, LED, VOICE, 422, TURN),
    "plans:versions": page(),
    "plans:version": page(1),
    "plans:version-diff": page(1, 2),
    "plans:consultation": page(),
    "plans:consultation-open": act(OAP | LEADERS, 422, DAYS),
    "plans:consultation-waive": act(HEAD, 422, {"eximir-reason": "Urgencia"}),
    "plans:contribution-record": act(OAP | LEADERS, 422, SAID),
    "plans:contribution-answer": Row(("contribution",), OAP | LEADERS, NEAR, at(NEAR, OAP | LEADERS), 302, {}),
    "plans:workbook": page(),
    "plans:workbook-export": page(),
    "plans:workbook-upload": act(TEAM, 302, FILE),
    "plans:workbook-preview": Row((*P, "upload"), TEAM, NEAR, at(NEAR, TEAM)),
    "plans:workbook-apply": act(TEAM, 422, None, "upload"),
    "plans:workbook-annotated": Row((*P, "upload"), TEAM, NEAR, at(NEAR, TEAM)),
    "plans:request-new": Row((*P, 1), LEADERS, LED, at(NEAR, LEADERS)),
    "plans:requests": listing(READERS),
    "plans:request": Row(("request",), READERS, RELATIONS, at(RELATIONS, READERS)),
    "plans:request-check": asking(LEADERS, 200),
    "plans:request-save": asking(LEADERS, 422, {"ground": "ordinary", "justification": WHY}),
    "plans:request-file": asking(LEADERS, 422),
    "plans:opinion-give": Row(("request",), OPINERS, RELATIONS, at((*ABOVE, "leading"), OPINERS), 302, OPINION),
    "plans:request-study": asking(OAP, 302),
    "plans:request-approve": asking(HEAD, 422),
    "plans:request-deny": asking(HEAD, 422, {"deny-reason": "No procede."}),
    "plans:request-apply": asking(LEADERS, 422, {"apply-hola_case": "HOLA-3", "apply-hola_on": "2022-05-09"}),
    "plans:request-withdraw": asking(LEADERS, 302, {"withdraw-reason": "Ya no"}),
}
# Open to everybody: what each address answers to whom has no account.
OPEN: dict[str, tuple[tuple[Any, ...], int]] = {
    "plans:public-plans": ((), 200),
    "plans:public-plan": (P, 200),
    "plans:public-plan-file": ((*P, "json"), 200),
    "plans:public-consultations": ((), 200),
    "plans:public-consultation": (P, 200),
    "plans:public-receipt": ((*P, "inventado"), 404),
}
