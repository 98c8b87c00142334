"""The demonstration's planes de gestión: invented goals, walked through the real verbs by invented people.

Everything is marked as demonstration on each page and document. A vigencia that has plans already is left as it is.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import fields
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from pes import frameworks
from pes.access import can, holds
from pes.demo import DOMAIN
from pes.models import Membership, Metodologia, OrganizationUnit, StrategicFramework, User, Vigencia, Workshop
from pes.permissions import Permission
from pes.rules.workshops import Attendee
from pes.workshops import Meeting, register_workshop
from plans import change_requests, checklist, consultations, editing, lifecycle, observations, shared_goals
from plans.demo_plans import (
    MAIN_OFFSET,
    DemoConsultation,
    DemoObservation,
    DemoPlan,
    DemoRequest,
    demo_framework,
    demo_plans,
    demo_requests,
    demo_templates,
    demo_workshops,
)
from plans.models import ChangeRequest, GoalTemplate, PlanGestion
from plans.rules.change_states import ChangeStatus
from plans.rules.fields import BY_NAME, COMMON
from plans.rules.goals import GoalFacts
from plans.rules.plan_states import PlanStatus, ReviewItem
from plans.rules.values import value_of

P = Permission
WAY = (PlanStatus.IN_REVIEW, PlanStatus.VALIDATED, PlanStatus.OFFICIAL, PlanStatus.PUBLISHED)


class People:
    """Invented people by what they may do; the first one who may and is not left out."""

    def __init__(self) -> None:
        self.everybody = list(User.objects.filter(email__endswith=DOMAIN, is_active=True).order_by("pk"))
        self._holders: dict[Permission, list[User]] = {}
        self._nearest: dict[tuple[Permission, int], User] = {}

    def who(self, permission: Permission, obj: Any, *, but: Iterable[User | None] = ()) -> User:
        """Somebody who holds a permission on an object. Raises StopIteration when nobody does."""
        left_out = set(but)
        return next(user for user in self._those(permission) if user not in left_out and can(user, permission, obj))

    def all_who(self, permission: Permission, obj: Any) -> list[User]:
        """Everybody who holds a permission on an object."""
        return [user for user in self._those(permission) if can(user, permission, obj)]

    def of_unit(self, permission: Permission, unit: OrganizationUnit) -> User:
        """Somebody who holds a permission on a unit, and if there is anybody, by a role in that unit itself."""
        key = permission, unit.pk
        if key not in self._nearest:
            near = set(Membership.objects.filter(unit=unit).values_list("user", flat=True))
            self._nearest[key] = min(self.all_who(permission, unit), key=lambda user: user.pk not in near)
        return self._nearest[key]

    def _those(self, permission: Permission) -> list[User]:
        """Who holds a permission anywhere: the others need not be asked about each object."""
        if permission not in self._holders:
            self._holders[permission] = [user for user in self.everybody if holds(user, permission)]
        return self._holders[permission]


def load(today: date | None = None) -> None:
    """Load the plans of each vigencia of the demonstration, once.

    One that ends up closed stays published: it is closed once its quarters are consolidated.
    """
    day, people = today or timezone.localdate(), People()
    for offset in dict.fromkeys(plan.vigencia_offset for plan in demo_plans()):
        vigencia = day.year + offset
        if PlanGestion.objects.filter(vigencia=vigencia).exists():
            continue
        with transaction.atomic():  # all of a vigencia, or nothing that would keep it from being loaded again
            _load(vigencia, offset, day, people)


def _load(vigencia: int, offset: int, day: date, people: People) -> None:
    _prepare(vigencia, offset, day, people)
    templates = _shared_goals(vigencia, offset, people)
    plans = [plan for plan in demo_plans() if plan.vigencia_offset == offset]
    for plan in plans:
        _write(plan, vigencia, templates, people)
    for plan in plans:
        _walk(plan, _stored(plan.unit, vigencia), day, people)
    if offset == MAIN_OFFSET:
        for request in demo_requests():
            _request(request, vigencia, day, people)


def _prepare(vigencia: int, offset: int, day: date, people: People) -> None:
    """Methodology, framework, mesas de trabajo and open plans of a vigencia (SM-1, act. 1 and 2)."""
    framework = demo_framework()
    entity = OrganizationUnit.objects.get(code=framework.unit)
    chief, analyst = people.who(P.PLAN_OPEN, entity), people.who(P.WORKSHOP_REGISTER, entity)
    Vigencia.objects.get_or_create(year=vigencia)
    if not Metodologia.objects.filter(vigencia=vigencia, published_at__isnull=False).exists():
        draft = Metodologia.next_draft(vigencia)
        draft.memo = "Memorando de demostración"
        draft.publish(by=chief)
    if not StrategicFramework.objects.filter(unit=entity).exists():
        made = frameworks.register_framework(
            entity, act=framework.act, valid_from=framework.valid_from, valid_until=None, by=analyst
        )
        for number, text in framework.objectives.items():
            frameworks.add_objective(made, number=number, text=text, sector_objective=None, by=analyst)
    units = {unit.code: unit for unit in OrganizationUnit.objects.filter(parent=entity)}
    for workshop in demo_workshops():
        if (
            workshop.vigencia_offset == offset
            and not Workshop.objects.filter(topic=workshop.topic, vigencia=vigencia).exists()
        ):
            meeting = Meeting(
                Vigencia.objects.get(year=vigencia),
                day - timedelta(days=workshop.held_days_ago),
                workshop.topic,
                [units[code] for code in workshop.units],
                [Attendee("", position) for position in workshop.attendees],
                workshop.minutes,
            )
            register_workshop(entity, meeting, by=analyst)
    for plan in demo_plans():
        if plan.vigencia_offset == offset:
            PlanGestion.open_own(units[plan.unit], vigencia, by=chief)


def _shared_goals(vigencia: int, offset: int, people: People) -> dict[str, GoalTemplate]:
    """Goals that an area leads, written once (PG-04, PG-08)."""
    made = {}
    for template in demo_templates():
        if template.vigencia_offset == offset:
            owner = OrganizationUnit.objects.get(code=template.owner)
            by = people.who(P.GOAL_TEMPLATE_EDIT, owner)
            made[template.key] = shared_goals.write(owner, vigencia, by=by, values=_values(template.goal, COMMON))
    return made


def _write(plan: DemoPlan, vigencia: int, templates: Mapping[str, GoalTemplate], people: People) -> None:
    """The identification and the goals of a plan, in their numbers."""
    stored = _stored(plan.unit, vigencia)
    by = people.who(P.PLAN_EDIT, stored)
    block = {field.name: getattr(plan.facts, field.name) for field in fields(plan.facts) if field.name != "goals"}
    editing.change_identification(stored, by=by, **block)
    for facts in plan.facts.goals:
        own = _values(facts, BY_NAME.keys() - COMMON)
        key = plan.templates.get(facts.number)
        if key is None:
            editing.add_goal(stored, by=by, values=_values(facts, BY_NAME.keys()))
        else:
            lead = people.who(P.GOAL_TEMPLATE_EDIT, templates[key])
            shared_goals.assign(templates[key], [stored.unit], by=lead, values=own)


def _values(facts: GoalFacts, names: Iterable[str]) -> dict[str, Any]:
    return {name: value for name in names if (value := value_of(facts, name)) not in (None, "")}


def _walk(plan: DemoPlan, stored: PlanGestion, day: date, people: People) -> None:
    """Take a plan to its state, as its people would."""
    if plan.state == PlanStatus.DRAFT:
        return
    leader = people.who(P.PLAN_SUBMIT, stored)
    analyst = people.who(P.PLAN_REVIEW, stored, but=[leader])
    lifecycle.submit(stored, by=leader)
    if plan.observations:
        _observe(plan.observations, stored, analyst)
        lifecycle.send_back(stored, by=analyst)
        _answer(plan.observations, stored, leader)
        if plan.state == PlanStatus.WITH_OBSERVATIONS:
            return
        lifecycle.submit(stored, by=leader)
    if plan.consultation is not None:
        _consult(plan.consultation, stored, day, people)
    last = WAY.index(plan.state) if plan.state in WAY else len(WAY) - 1
    for state in WAY[1 : last + 1]:
        _advance(state, plan, stored, day, leader, analyst, people)


def _advance(
    state: PlanStatus, plan: DemoPlan, stored: PlanGestion, day: date, leader: User, analyst: User, people: People
) -> None:
    if state == PlanStatus.VALIDATED:
        answers = {item: checklist.Answer(passed=True) for item in ReviewItem if not item.is_automatic}
        checklist.check(stored, answers, by=analyst)
        lifecycle.validate(stored, by=analyst)
    elif state == PlanStatus.OFFICIAL:
        lifecycle.make_official(stored, hola_case=plan.hola_case, hola_on=day, by=leader)
    else:
        lifecycle.publish(stored, by=people.who(P.PLAN_PUBLISH, stored, but=[leader]))


def _observe(threads: Iterable[DemoObservation], stored: PlanGestion, analyst: User) -> None:
    for thread in threads:
        goal = stored.goals.get(number=thread.goal) if thread.goal is not None else None
        observations.raise_observation(stored, goal, thread.field, thread.turns[0][1], by=analyst)


def _answer(threads: Iterable[DemoObservation], stored: PlanGestion, leader: User) -> None:
    for thread, raised in zip(threads, stored.observations.order_by("pk"), strict=True):
        for _side, text in thread.turns[1:]:
            observations.answer(raised, text, by=leader)


def _consult(told: DemoConsultation, stored: PlanGestion, day: date, people: People) -> None:
    if told.waiver_reason:
        consultations.waive(stored, reason=told.waiver_reason, by=people.who(P.CONSULTATION_WAIVE, stored))
        return
    by = people.who(P.CONSULTATION_MANAGE, stored)
    opens, closes = (day - timedelta(days=days) for days in (told.opens_days_ago, told.closes_days_ago))
    opened = consultations.open_consultation(stored, opens_on=opens, closes_on=closes, channel=told.channel, by=by)
    for said in told.contributions:
        made = consultations.record_contribution(
            opened, author_name=said.author, text=said.text, channel=said.channel, by=by
        )
        if said.answer:
            consultations.answer(made, text=said.answer, by=by)


def _request(told: DemoRequest, vigencia: int, day: date, people: People) -> None:
    """A request about a goal, as far as the demonstration takes it (SM-3)."""
    plan = _stored(told.unit, vigencia)
    leader, goal = people.who(P.CHANGE_FILE, plan), plan.goals.get(number=told.goal)
    request = change_requests.draft(goal, told.kind, by=leader)
    office = OrganizationUnit.objects.filter(code=told.local_office).first() if told.local_office else None
    change_requests.save(
        request, ground=told.ground, justification=told.justification, memo=told.memo, proposed=told.proposed,
        local_office=office, by=leader,
    )  # fmt: skip
    if told.state == ChangeStatus.DRAFT:
        return
    change_requests.file(request, by=leader)
    for opinion in told.opinions:
        if opinion.favourable is not None:
            asked = request.opinions.get(kind=opinion.kind)
            change_requests.give_opinion(
                request, opinion.kind, is_favourable=opinion.favourable, text=opinion.text, memo=opinion.memo,
                by=people.who(P.OPINION_GIVE, asked.unit),
            )  # fmt: skip
    _decide(told, ChangeRequest.objects.get(pk=request.pk), plan, day, leader, people)


def _decide(
    told: DemoRequest, request: ChangeRequest, plan: PlanGestion, day: date, leader: User, people: People
) -> None:
    if told.state == ChangeStatus.WITHDRAWN:
        change_requests.withdraw(request, by=leader, reason="La necesidad desapareció (demostración).")
    if told.state not in {ChangeStatus.UNDER_STUDY, ChangeStatus.APPROVED, ChangeStatus.DENIED, ChangeStatus.APPLIED}:
        return
    if request.status == ChangeStatus.FILED:
        change_requests.study(request, by=people.who(P.CHANGE_STUDY, plan))
    chief = people.who(P.CHANGE_DECIDE, plan)
    if told.state in {ChangeStatus.APPROVED, ChangeStatus.APPLIED}:
        change_requests.approve(request, reason=told.decision_reason, by=chief)
    if told.state == ChangeStatus.DENIED:
        change_requests.deny(request, reason=told.decision_reason, by=chief)
    if told.state == ChangeStatus.APPLIED:
        change_requests.apply(request, hola_case=told.hola_case, hola_on=day, by=leader)


def _stored(unit: str, vigencia: int) -> PlanGestion:
    return PlanGestion.objects.select_related("unit").get(unit__code=unit, vigencia=vigencia)
