"""Every verb of plans that the tables of SM-1 and SM-3 leave out: who may, from where, and what each state answers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from io import BytesIO
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from pes.edits import fingerprint
from pes.models import Membership, User
from pes.permissions import Role
from pes.workbooks.writer import write_workbook
from plans import change_requests, checklist, consultations, editing, identification, observations, shared_goals
from plans.models import (
    Consultation,
    Contribution,
    Goal,
    GoalTemplate,
    Observation,
    ObservationTurn,
    PlanGestion,
    PlanUpload,
)
from plans.pages import cells
from plans.rules.changes import ChangeKind
from plans.rules.goals import GoalKind, GoalStatus
from plans.rules.plan_states import ReviewItem
from plans.workbook import apply, uploads
from plans.workbook.export import sheets_of
from plans.workbook.reading import read_plan_workbook
from tests import make, people
from tests.change_makers import World, world
from tests.matrix import ABOVE, ANNOTATORS, HEAD, LEADERS, NEAR, OAP, TEAM, May, always, at, only_in
from tests.plans.matrix_world import ANSWER, SHARED, VOICE

WRITTEN = {"draft", "with_observations"}
FORMULATED = WRITTEN | {"in_review"}
DAYS = {"opens_on": date(2022, 5, 1), "closes_on": date(2022, 5, 20)}


@dataclass(frozen=True)
class Scene:
    """A plan in a state, with what the verbs are about; and a person for each role and place."""

    found: World
    plan: PlanGestion
    template: GoalTemplate
    book: Any
    people: Mapping[tuple[Role | str, str], User]

    @property
    def goal(self) -> Goal:
        """Its first goal, which another process leads."""
        return self.plan.goals.get(number=1)


Act = Callable[[Scene, User], Any]


@dataclass(frozen=True)
class Verb:
    """Who has the power from where, what it does to a person who has it in each state, and how it is called."""

    may: May
    outcome: Callable[[str, Role | str, str], str]
    call: Act


def observing(state: str, role: Role | str, relation: str) -> str:
    """The OAP observes what it reviews; the leading area, what is formulated (PG-04)."""
    return "done" if state in ({"in_review"} if role in OAP else FORMULATED) else "not_under_review"


def answering(state: str, role: Role | str, relation: str) -> str:
    """The team answers what it has in its hands; who observes may insist."""
    if role in TEAM:
        return "done" if state in WRITTEN else "not_your_turn"
    return observing(state, role, relation)


def consulting(state: str, role: Role | str, relation: str) -> str:
    """Citizens are asked about what was sent and is not official yet (PG-07b)."""
    if state == "draft":
        return "proposal_not_sent"
    return "done" if state in {"in_review", "with_observations", "validated"} else "plan_is_official"


def asked(state: str, role: Role | str, relation: str) -> str:
    """Only a published plan changes by request (SM-3)."""
    return "done" if state == "published" else "plan_not_published"


def change(scene: Scene, by: User) -> None:
    editing.change_goals(scene.plan, [editing.CellChange(2, "text", "Otra")], by=by)


def restore(scene: Scene, by: User) -> None:
    Goal.objects.filter(pk=scene.goal.pk).update(status=GoalStatus.REMOVED)
    editing.restore_goal(scene.goal, by=by)


def correct(scene: Scene, by: User) -> None:
    read = fingerprint(editing.identification_facts(scene.plan))
    identification.correct_identification(scene.plan, read=read, by=by, scope="Otro")


def check(scene: Scene, by: User) -> None:
    checklist.check(scene.plan, {ReviewItem.PROGRAMME_COHERENCE: checklist.Answer(passed=True)}, by=by)


def answer_thread(scene: Scene, by: User) -> None:
    ana, now = scene.found.them.ana, timezone.now()
    thread = Observation.objects.create(plan=scene.plan, goal=scene.goal, raised_by=ana, raised_at=now)
    ObservationTurn.objects.create(observation=thread, side="reviewer", text="Falta.", by=ana, at=now)
    observations.answer(thread, "Hecho.", by=by)


def begun(scene: Scene) -> Consultation:
    """A consultation that is open today, whatever the plan's state."""
    Consultation.objects.filter(plan=scene.plan).delete()
    ana, now = scene.found.them.ana, timezone.now()
    return Consultation.objects.create(plan=scene.plan, **DAYS, channel="Web", opened_by=ana, opened_at=now)


def open_consultation(scene: Scene, by: User) -> None:
    Consultation.objects.filter(plan=scene.plan).delete()
    consultations.open_consultation(scene.plan, **DAYS, channel="Web", by=by)


def waive(scene: Scene, by: User) -> None:
    Consultation.objects.filter(plan=scene.plan).delete()
    consultations.waive(scene.plan, reason="Urgencia", by=by)


def record(scene: Scene, by: User) -> None:
    consultations.record_contribution(begun(scene), author_name="", text="Árboles", channel="Carta", by=by)


def answer_citizen(scene: Scene, by: User) -> None:
    said = {"text": "Árboles", "channel": "Carta", "received_at": timezone.now()}
    made = Contribution.objects.create(consultation=begun(scene), **said)
    consultations.answer(made, text="Se acoge.", by=by)


def write_shared(scene: Scene, by: User) -> None:
    shared_goals.write(scene.found.leading, 2022, by=by, values=SHARED)


def assign(scene: Scene, by: User) -> None:
    shared_goals.assign(scene.template, [scene.plan.unit], by=by)


def withdraw_shared(scene: Scene, by: User) -> None:
    shared_goals.withdraw(scene.template, [scene.plan.unit], by=by, reason="Ya no")


def keep(scene: Scene, by: User) -> None:
    uploads.keep_upload(scene.plan, SimpleUploadedFile("libro.xlsx", b"no soy un libro"), by=by)


def apply_kept(scene: Scene, by: User) -> str:
    own = {"name": "libro.xlsx", "content": b"no soy un libro", "sha256": "0" * 64, "base_revision": 0}
    upload = PlanUpload.objects.create(plan=scene.plan, by=by, at=timezone.now(), **own)
    return uploads.apply_upload(upload, by=by).errors[0].code


def bring(scene: Scene, by: User) -> str:
    """An import says that it may not as it says everything: in its answer."""
    answer = apply.import_plan(scene.book, scene.plan.unit, 2022, by=by)
    return "denied" if [item.code for item in answer.errors] == ["forbidden"] else "done" if answer.plan else "?"


TEAMS, SHARERS = at(NEAR, TEAM), at((*ABOVE, "leading"), OAP | ANNOTATORS)
KEEPERS = at(NEAR, OAP | LEADERS)
editable = only_in(WRITTEN, "plan_not_editable")
VERBS: dict[str, Verb] = {
    "editing.change_goals": Verb(TEAMS, editable, change),
    "editing.add_goal": Verb(TEAMS, editable, lambda scene, by: editing.add_goal(scene.plan, by=by)),
    "editing.remove_goal": Verb(TEAMS, editable, lambda scene, by: editing.remove_goal(scene.goal, by=by)),
    "editing.restore_goal": Verb(TEAMS, editable, restore),
    "editing.reorder": Verb(TEAMS, editable, lambda scene, by: editing.reorder(scene.plan, [2, 1], by=by)),
    "editing.change_identification": Verb(
        TEAMS, editable, lambda scene, by: editing.change_identification(scene.plan, by=by, scope="Otro")
    ),
    "identification.correct_identification": Verb(TEAMS, editable, correct),
    "pages.cells.write": Verb(
        TEAMS,
        editable,
        lambda scene, by: cells.write(scene.plan, cells.Block(0, (cells.Typed(2, "text", None, "Otra"),)), by=by),
    ),
    "observations.raise_observation": Verb(
        VOICE,
        observing,
        lambda scene, by: observations.raise_observation(scene.plan, scene.goal, "text", "Falta.", by=by),
    ),
    "observations.answer": Verb(ANSWER, answering, answer_thread),
    "checklist.check": Verb(at(NEAR, OAP), only_in({"in_review"}, "not_under_review"), check),
    "consultations.open_consultation": Verb(KEEPERS, consulting, open_consultation),
    "consultations.waive": Verb(at(NEAR, HEAD), only_in({*FORMULATED, "validated"}, "plan_is_official"), waive),
    "consultations.record_contribution": Verb(KEEPERS, consulting, record),
    "consultations.answer": Verb(KEEPERS, always, answer_citizen),
    "shared_goals.write": Verb(SHARERS, always, write_shared),
    "shared_goals.change": Verb(
        SHARERS, always, lambda scene, by: shared_goals.change(scene.template, by=by, values={"text": "Otra"})
    ),
    "shared_goals.assign": Verb(SHARERS, editable, assign),
    "shared_goals.withdraw": Verb(SHARERS, always, withdraw_shared),
    "workbook.uploads.keep_upload": Verb(TEAMS, always, keep),
    "workbook.uploads.apply_upload": Verb(TEAMS, lambda *_: "not_a_workbook", apply_kept),
    "workbook.apply.import_plan": Verb(TEAMS, always, bring),
    "models.plan.PlanGestion.open_own": Verb(
        at(NEAR, HEAD | LEADERS), always, lambda scene, by: PlanGestion.open_own(scene.plan.unit, 2022, by=by)
    ),
    "models.plan.PlanGestion.open_all": Verb(
        at(ABOVE, HEAD | LEADERS), always, lambda scene, by: PlanGestion.open_all(scene.found.them.head, 2022, by=by)
    ),
    "change_requests.draft": Verb(
        at(NEAR, LEADERS), asked, lambda scene, by: change_requests.draft(scene.goal, ChangeKind.MODIFY, by=by)
    ),
}


def scene(state: str) -> Scene:
    """A plan of the alcaldía in a state, and everybody around it."""
    found = world()
    led = {"kind": GoalKind.TRANSVERSAL, "central_area": found.leading.code}
    plan = make.management_plan(unit=found.them.alcaldia, by=found.them.marta, status=state, goals=[led, {}])
    template = shared_goals.write(found.leading, 2022, by=found.teresa, values=SHARED)
    target = BytesIO()
    write_workbook(target, sheets_of(plan), created=timezone.localtime(), title="Plan")
    return Scene(found, plan, template, read_plan_workbook(BytesIO(target.getvalue())), everybody(found))


def everybody(found: World) -> dict[tuple[Role | str, str], User]:
    """A person for each role and place; where no role does anything, one person has them all."""
    them = found.them
    places = {"own": them.alcaldia, "sector": them.sector, "leading": found.leading}
    named: dict[tuple[Role | str, str], User] = {
        (role, relation): people.person(f"{role.value} {relation}", role, place)
        for role in Role
        for relation, place in places.items()
    }
    for relation, place in (("advising", found.office), ("foreign", them.other_sector)):
        user = named["every role", relation] = people.person(f"Todo {relation}")
        for role in Role:
            Membership.grant(user=user, unit=place, role=role, starts_on=people.SINCE, by=None)
    return named
