"""What each step of SM-1 needs before it is taken, and what it leaves behind."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, transaction
from django.utils import timezone

from pes.models import AuditEvent, Membership, Workshop
from pes.permissions import Permission, Role
from pes.rules.problems import Refused
from plans import checklist, lifecycle, observations
from plans.coherence import findings_of
from plans.content import content_of, digest_of, facts_of
from plans.editing import CellChange, change_goals
from plans.models import Consultation, Contribution, Goal, PlanVersion, VersionEvent
from plans.rules.plan_states import PlanStatus, ReviewItem
from tests import make, people, plan_makers
from tests.answers import codes

pytestmark = pytest.mark.django_db
CASE = {"hola_case": "HOLA-7", "hola_on": date(2022, 2, 1)}


@pytest.fixture
def them():
    return people.cast()


def plan_in(them, status, **options):
    return make.management_plan(unit=them.process, by=them.luis, status=status, **options)


def rules(refused) -> set[str]:
    return {problem.rule for problem in refused.value.problems}


@pytest.mark.rule("SM-1")
def test_without_a_mesa_de_trabajo_nothing_is_sent(them):
    plan = plan_in(them, "draft")
    Workshop.objects.all().delete()

    with pytest.raises(Refused) as refused:
        lifecycle.submit(plan, by=them.luis)

    assert codes(refused) == ["workshop_missing"]
    assert not plan.versions.exists()


@pytest.mark.rule("SM-1")
def test_the_mesa_of_another_vigencia_or_unit_does_not_count(them):
    plan = plan_in(them, "draft")
    Workshop.objects.all().delete()
    plan_makers.prepare(them.process, 2023)
    plan_makers.prepare(them.alcaldia, 2022)

    with pytest.raises(Refused) as refused:
        lifecycle.submit(plan, by=them.luis)

    assert codes(refused) == ["workshop_missing"]


@pytest.mark.parametrize(
    ("field", "value", "rule"),
    [
        pytest.param("t4", Decimal(15), "PT-02", marks=pytest.mark.rule("PT-02"), id="quarters"),
        pytest.param("weight", Decimal(90), "W-02", marks=pytest.mark.rule("W-02"), id="weights"),
        pytest.param("objective", None, "PG-02", marks=pytest.mark.rule("PG-02"), id="objective"),
    ],
)
def test_what_does_not_cohere_is_not_sent(them, field, value, rule):
    plan = plan_in(them, "draft")
    change_goals(plan, [CellChange(1, field, value)], by=them.luis)

    with pytest.raises(Refused) as refused:
        lifecycle.submit(plan, by=them.luis)

    assert rule in rules(refused)


@pytest.mark.rule("PG-03")
def test_a_plan_without_articulation_is_warned_and_sent(them):
    plan = plan_in(them, "draft")
    type(plan).objects.filter(pk=plan.pk).update(instruments=[])
    plan.refresh_from_db()
    warned = lifecycle.problems_of(plan, "submit", by=them.luis)

    lifecycle.submit(plan, by=them.luis)

    assert "PG-03" in {finding.problem.rule for finding in findings_of(plan)}
    assert warned == []
    assert plan_makers.again(plan).status == PlanStatus.IN_REVIEW


@pytest.mark.rule("SM-1")
def test_observations_are_answered_before_it_is_sent_again(them):
    plan = plan_in(them, "with_observations")

    with pytest.raises(Refused) as refused:
        lifecycle.submit(plan, by=them.luis)
    assert codes(refused) == ["observations_unanswered"]

    observations.answer(plan.observations.get(), "Se precisó el alcance.", by=them.pilar)
    assert lifecycle.submit(plan, by=them.luis).number == 2


@pytest.mark.rule("SM-1")
def test_nothing_goes_back_without_an_observation(them):
    plan = plan_in(them, "in_review")

    with pytest.raises(Refused) as refused:
        lifecycle.send_back(plan, by=them.ana)

    assert codes(refused) == ["observation_missing"]


@pytest.mark.rule("PG-V1")
def test_nothing_is_validated_before_its_checklist_is_complete(them):
    plan = plan_in(them, "in_review")
    asked = [item for item in ReviewItem if not item.is_automatic]

    with pytest.raises(Refused) as refused:
        lifecycle.validate(plan, by=them.ana)
    assert codes(refused) == [f"{item}_unanswered" for item in asked]

    checklist.check(plan, {asked[0]: checklist.Answer(False, "No sirve al objetivo")}, by=them.ana)
    checklist.check(plan, {item: checklist.Answer(True) for item in asked[1:]}, by=them.ana)
    with pytest.raises(Refused) as refused:
        lifecycle.validate(plan, by=them.ana)
    assert codes(refused) == [f"{asked[0]}_not_met"]


@pytest.mark.rule("PG-V1")
def test_the_checklist_is_answered_for_each_version_that_is_sent(them):
    plan = plan_in(them, "in_review")
    plan_makers.checked(plan, by=them.ana)
    observations.raise_observation(plan, None, "", "Otra mesa.", by=them.ana)
    lifecycle.send_back(plan, by=them.ana)
    observations.answer(plan.observations.get(), "Hecha.", by=them.luis)
    lifecycle.submit(plan, by=them.luis)

    with pytest.raises(Refused) as refused:
        lifecycle.validate(plan, by=them.ana)

    assert rules(refused) == {"PG-V1"}


@pytest.mark.rule("AZ4")
def test_who_sent_a_plan_does_not_validate_it(them):
    both = people.person("Ambos Roles", Role.LIDER_PROCESO, them.process)
    Membership.grant(user=both, unit=them.sector, role=Role.JEFE_OAP, starts_on=people.SINCE, by=None)
    plan = make.management_plan(unit=them.process, by=both, status="in_review")
    plan_makers.checked(plan, by=both)

    with pytest.raises(Refused) as refused:
        lifecycle.validate(plan, by=both)
    assert codes(refused) == ["author_is_reviewer"]

    lifecycle.validate(plan, by=them.ana)
    assert plan_makers.again(plan).validated_by == them.ana


@pytest.mark.rule("PG-06")
@pytest.mark.parametrize(
    ("case", "on", "found"),
    [
        ("", date(2022, 2, 1), ["hola_case_missing"]),
        ("   ", date(2022, 2, 1), ["hola_case_missing"]),
        ("HOLA-7", None, ["hola_date_missing"]),
        ("HOLA-7", date(2199, 1, 1), ["hola_date_in_future"]),
    ],
)
def test_nothing_is_official_without_its_case(them, case, on, found):
    plan = plan_in(them, "validated")
    plan_makers.waived(plan)

    with pytest.raises(Refused) as refused:
        lifecycle.make_official(plan, hola_case=case, hola_on=on, by=them.luis)

    assert codes(refused) == found


def consulted(them, plan, *, closes_on: date, answered: bool) -> None:
    now = timezone.now()
    made = Consultation.objects.create(
        plan=plan, opens_on=date(2022, 1, 1), closes_on=closes_on, opened_by=them.ana, opened_at=now
    )
    reply = {"answer": "Se acoge.", "answered_by": them.ana, "answered_at": now} if answered else {}
    Contribution.objects.create(consultation=made, text="Más parques", channel="Web", received_at=now, **reply)


@pytest.mark.rule("PG-07b")
def test_nothing_is_official_without_a_consultation(them):
    plan = plan_in(them, "validated")

    with pytest.raises(Refused) as refused:
        lifecycle.make_official(plan, by=them.luis, **CASE)

    assert codes(refused) == ["consultation_missing"]


@pytest.mark.rule("PG-07b")
@pytest.mark.parametrize(
    ("days", "answered", "found"),
    [(0, True, ["consultation_open"]), (-1, False, ["contributions_unanswered"])],
    ids=["still open", "unanswered"],
)
def test_the_consultation_ends_and_each_contribution_is_answered(them, days, answered, found):
    plan = plan_in(them, "validated")
    consulted(them, plan, closes_on=timezone.localdate() + timedelta(days=days), answered=answered)

    with pytest.raises(Refused) as refused:
        lifecycle.make_official(plan, by=them.luis, **CASE)

    assert codes(refused) == found


@pytest.mark.rule("PG-07b")
def test_a_finished_and_answered_consultation_lets_it_pass(them):
    plan = plan_in(them, "validated")
    consulted(them, plan, closes_on=timezone.localdate() - timedelta(days=1), answered=True)

    version = lifecycle.make_official(plan, by=them.luis, **CASE)

    stored = plan_makers.again(plan)
    assert (version.event, version.note) == (VersionEvent.OFFICIAL, "Caso HOLA HOLA-7")
    assert (stored.status, stored.hola_case, stored.official_by) == (PlanStatus.OFFICIAL, "HOLA-7", them.luis)


@pytest.mark.rule("PG-08")
def test_what_the_leading_area_spoilt_meanwhile_is_not_made_official(them):
    plan = plan_in(them, "validated")
    plan_makers.waived(plan)
    Goal.objects.filter(plan=plan).update(magnitude=Decimal(90))

    with pytest.raises(Refused) as refused:
        lifecycle.make_official(plan, by=them.luis, **CASE)

    assert rules(refused) == {"PT-02"}


@pytest.mark.rule("PG-01")
@pytest.mark.parametrize("status", ["draft", "in_review", "with_observations", "validated"])
def test_only_what_is_validated_and_approved_is_published(them, status):
    plan = plan_in(them, status)

    found = [problem.code for problem in lifecycle.problems_of(plan, "publish", by=them.ana)]
    with pytest.raises(Refused):
        lifecycle.publish(plan, by=them.ana)

    assert found == (["not_approved"] if status == "validated" else ["not_validated", "not_approved"])
    assert plan_makers.again(plan).edition == 0


@pytest.mark.rule("SM-1")
@pytest.mark.parametrize("quarter", [0, 3])
def test_a_plan_is_closed_after_its_fourth_quarter(them, quarter):
    plan = plan_in(them, "published")
    lifecycle.note_consolidated(plan, quarter)

    with pytest.raises(Refused) as refused:
        lifecycle.close(plan_makers.again(plan), by=them.ana)

    assert codes(refused) == ["quarter_not_consolidated"]


@pytest.mark.rule("SM-1")
def test_a_consolidated_quarter_is_not_taken_back(them):
    plan = plan_in(them, "published")
    lifecycle.note_consolidated(plan, 3)
    lifecycle.note_consolidated(plan, 2)

    assert plan_makers.again(plan).consolidated_quarter == 3


@pytest.mark.rule("PG-09j")
def test_an_applied_request_publishes_the_next_edition_and_keeps_the_one_before(them):
    plan = plan_in(them, "published")

    version = lifecycle.renew(plan, note="Solicitud 3", by=them.luis)

    assert (version.event, version.edition, version.note) == (VersionEvent.RENEWED, 2, "Solicitud 3")
    assert plan_makers.again(plan).edition == 2
    assert list(plan.versions.order_by("number").values_list("event", "edition")) == [
        ("submitted", 0),
        ("official", 0),
        ("published", 1),
        ("renewed", 2),
    ]


@pytest.mark.rule("DA5")
def test_a_version_says_what_the_plan_said_and_is_never_changed(them):
    plan = plan_in(them, "in_review", goals=3)
    version = plan.versions.get()
    content = content_of(facts_of(plan))

    assert version.content == content
    assert version.digest == digest_of(version.content)
    with pytest.raises(DatabaseError), transaction.atomic():
        PlanVersion.objects.filter(pk=version.pk).update(note="otra")
    with pytest.raises(DatabaseError), transaction.atomic():
        version.delete()


def test_each_transition_keeps_its_reason_and_its_version(them):
    plan = plan_in(them, "in_review")
    observations.raise_observation(plan, None, "", "Falta una mesa.", by=them.ana)
    lifecycle.send_back(plan, by=them.ana, note="Memorando 12")

    sent = AuditEvent.objects.get(verb="plan_submitted")
    back = AuditEvent.objects.get(verb="plan_sent_back")

    assert (sent.after["version"], sent.after["state"]) == (1, "En revisión")
    assert (back.reason, back.after["state"], back.actor) == ("Memorando 12", "Con observaciones", them.ana)


@pytest.mark.rule("AZ7")
def test_a_role_that_ended_sends_nothing(them):
    plan = plan_in(them, "draft")
    Membership.objects.filter(user=them.luis).update(ends_on=timezone.localdate() - timedelta(days=1))

    assert not type(plan).objects.visible_to(them.luis, Permission.PLAN_SUBMIT).exists()
    with pytest.raises(PermissionDenied):
        lifecycle.submit(plan, by=them.luis)


@pytest.mark.rule("AZ4")
def test_who_wrote_of_a_plan_does_not_validate_it_though_another_sent_it(them):
    both = people.person("Ambos Roles", Role.ANALISTA_OAP, them.sector)
    Membership.grant(user=both, unit=them.process, role=Role.PROMOTOR, starts_on=people.SINCE, by=None)
    plan = plan_in(them, "draft")
    change_goals(plan, [CellChange(1, "source", "Sistema de correspondencia")], by=both)
    lifecycle.submit(plan, by=them.luis)
    plan_makers.checked(plan, by=them.ana)

    with pytest.raises(Refused) as refused:
        lifecycle.validate(plan, by=both)
    assert codes(refused) == ["author_is_reviewer"]

    lifecycle.validate(plan, by=them.ana)
