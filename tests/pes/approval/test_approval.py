"""From the first presentation of a document to the act that adopts it (LC-06, LC-08; REF-01)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from pes.approval.acts import ActDraft, register_act, repeal
from pes.approval.adopting import adopt, publish, record_earlier
from pes.approval.deciding import approve, decline, record_session, request_approval
from pes.approval.gate_facts import gate_facts
from pes.approval.inbox import inbox
from pes.approval.observing import acknowledge, answer, insist, observe
from pes.approval.presenting import present, preview_of, withdraw
from pes.approval.versions import digest_of, standings, unanswered
from pes.models import (
    ActKind,
    ApprovalRound,
    AuditEvent,
    CommitteeDecision,
    EntityDecision,
    Job,
    PesVersion,
    PublicationChannel,
    Verdict,
    VersionKind,
)
from pes.permissions import Role
from pes.rules.approval_states import ApprovalStatus
from pes.rules.problems import Refused
from pes.writing.structure import open_document
from tests import make
from tests.answers import codes
from tests.once import once
from tests.people import person
from tests.pes.approval import worlds
from tests.pes.approval.worlds import World, act, adopted, presented, requested, upload, write

NOW = timezone.localtime().replace(hour=10, minute=0, second=0, microsecond=0)  # of the day it is here


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker):
    yield from once(worlds.world, django_db_blocker, NOW)


@pytest.fixture(autouse=True)
def savepoint(world, db, media_root):
    return world


def status(made: World) -> ApprovalStatus:
    return ApprovalRound.objects.filter(plan=made.plan).order_by("-number")[0].state


def observed(made: World, version: PesVersion, text: str = "Falta el dato de 2021"):
    return observe(version, made.who.head, section="background", text=text, by=made.who.elena, now=made.now)


@pytest.mark.rule("LC-08")
def test_a_version_keeps_the_document_word_for_word_whatever_is_written_later(world):
    version = presented(world)
    write(world, "background", "<p>Otra cosa.</p>")

    kept = PesVersion.objects.get(pk=version.pk)

    assert (kept.number, kept.kind, status(world)) == (1, VersionKind.INITIAL, ApprovalStatus.PRESENTED)
    assert "nació para coordinar" in str(kept.content)
    assert digest_of(kept.content) == kept.digest != preview_of(world.plan).digest
    assert Job.objects.filter(kind="render_pes_version", payload__pes_version=version.pk).count() == 1


@pytest.mark.rule("LC-08")
def test_presenting_twice_is_one_version_and_the_same_words_are_no_other(world):
    first = presented(world)

    assert presented(world).pk == first.pk
    with pytest.raises(Refused) as refused:
        presented(world, respond_by=world.day + timedelta(days=20))
    assert codes(refused) == ["version_unchanged"]


@pytest.mark.rule("LC-08")
def test_what_changed_since_its_preview_is_not_presented(world):
    seen = preview_of(world.plan).digest
    write(world, "legal", "<p>Se escribió mientras leía.</p>")

    with pytest.raises(Refused) as refused:
        presented(world, seen=seen)

    assert codes(refused) == ["document_moved"]


@pytest.mark.rule("LC-08")
def test_only_the_head_of_the_sector_presents(world):
    for who in (world.who.elena, world.who.diana, world.who.oscar):
        with pytest.raises(PermissionDenied):
            present(world.plan, respond_by=world.day + timedelta(days=5), by=who)


@pytest.mark.rule("LC-08")
def test_an_observation_is_answered_and_saying_it_twice_is_once(world):
    version = presented(world)
    thread = observed(world, version)
    assert observed(world, version).pk == thread.pk
    assert status(world) == ApprovalStatus.UNDER_OBSERVATION

    with pytest.raises(Refused) as refused:
        request_approval(version, by=world.who.ana, now=world.now)
    assert codes(refused)[0] == "observations_unanswered"

    answer(thread, verdict=Verdict.DECLINED, text="El dato no existe", by=world.who.ana, now=world.now)
    assert unanswered(version.round).count() == 0
    insist(thread, text="Sí existe, en el informe", by=world.who.elena, now=world.now)
    assert unanswered(version.round).count() == 1
    assert [turn.text for turn in thread.turns.all()][-1] == "Sí existe, en el informe"


@pytest.mark.rule("LC-08")
def test_an_accepted_observation_needs_another_version_before_approval(world):
    version = presented(world)
    thread = observed(world, version)
    with pytest.raises(Refused) as refused:
        answer(thread, verdict=Verdict.ACCEPTED, text="Sí", adjusted="nada", by=world.who.ana)
    assert codes(refused) == ["adjusted_missing"]

    answer(thread, verdict=Verdict.ACCEPTED, text="Se agrega", adjusted="background", by=world.who.ana, now=world.now)

    assert status(world) == ApprovalStatus.ADJUSTING
    with pytest.raises(Refused) as refused:
        request_approval(version, by=world.who.ana, now=world.now)
    assert codes(refused) == ["not_now"]
    write(world, "background", "<p>El sector nació en 2006. En 2021 creció.</p>")
    second = presented(world)
    assert (second.number, second.kind, status(world)) == (2, VersionKind.ADJUSTED, ApprovalStatus.PRESENTED)


@pytest.mark.rule("LC-08")
def test_what_is_accepted_after_another_version_needs_one_more(world):
    thread = observed(world, presented(world))
    write(world, "legal", "<p>Se cambia otra cosa.</p>")
    second = presented(world)
    assert status(world) == ApprovalStatus.PRESENTED

    answer(thread, verdict=Verdict.ACCEPTED, text="Se agrega", adjusted="background", by=world.who.ana, now=world.now)

    assert status(world) == ApprovalStatus.ADJUSTING
    with pytest.raises(Refused) as refused:
        request_approval(second, by=world.who.ana, now=world.now + timedelta(days=11))
    assert codes(refused) == ["not_now"]


@pytest.mark.rule("LC-08")
def test_who_insists_puts_the_version_that_is_presented_under_observation_again(world):
    thread = observed(world, presented(world))
    answer(thread, verdict=Verdict.DECLINED, text="No existe", by=world.who.ana, now=world.now)
    write(world, "legal", "<p>Se cambia otra cosa.</p>")
    presented(world)
    assert status(world) == ApprovalStatus.PRESENTED

    for _ in range(2):
        insist(thread, text="Sí existe", by=world.who.elena, now=world.now)

    assert (status(world), thread.turns.count()) == (ApprovalStatus.UNDER_OBSERVATION, 3)


@pytest.mark.rule("LC-08")
def test_who_acts_for_an_entity_is_of_that_entity(world):
    version, (head, second) = presented(world), world.entities

    for verb, extra in ((acknowledge, {}), (observe, {"section": "", "text": "x"}), (approve, {})):
        with pytest.raises(PermissionDenied):
            verb(version, second, by=world.who.elena, **extra)
        with pytest.raises(PermissionDenied):
            verb(version, head, by=world.who.ana, **extra)
    with pytest.raises(Refused) as refused:
        acknowledge(version, world.who.other_entity, by=world.who.elena)
    assert codes(refused) == ["entity_of_other_sector"]


@pytest.mark.rule("LC-08")
def test_every_entity_approves_the_same_version_and_the_last_one_completes_it(world):
    version, (head, second) = requested(world), world.entities

    first = approve(version, head, by=world.who.elena, now=world.now)
    assert approve(version, head, by=world.who.elena, now=world.now).pk == first.pk
    assert status(world) == ApprovalStatus.APPROVAL_REQUESTED
    facts = {fact.code: fact for fact in gate_facts(world.plan)}
    assert second.short_name in facts["entities_approved_same_version"].missing

    approve(version, second, by=world.second_link, now=world.now)
    assert status(world) == ApprovalStatus.APPROVED_BY_ALL
    assert {fact.code: fact.is_met for fact in gate_facts(world.plan)}["entities_approved_same_version"]
    assert AuditEvent.objects.filter(verb="pes_approved").count() == 2


@pytest.mark.rule("LC-08")
def test_a_new_version_needs_every_approval_again_and_the_old_one_is_refused_by_its_name(world):
    old, (head, _) = requested(world), world.entities
    approve(old, head, by=world.who.elena, now=world.now)
    write(world, "legal", "<p>Se agrega el marco legal.</p>")
    new = presented(world)

    with pytest.raises(Refused) as refused:
        approve(old, world.who.second_entity, by=world.second_link, now=world.now)

    assert codes(refused) == ["version_replaced"]
    assert "versión 2" in refused.value.problems[0].message
    assert not any(one.stand.has_approved for one in standings(new))
    assert EntityDecision.objects.filter(version=old, approves=True).count() == 1


@pytest.mark.rule("LC-08")
def test_an_entity_that_does_not_approve_says_why_and_gets_an_answer(world):
    version, (head, _) = requested(world), world.entities

    decline(version, head, reason="El capítulo 4 no trae recursos", by=world.who.elena, now=world.now)

    assert status(world) == ApprovalStatus.UNDER_OBSERVATION
    thread = unanswered(version.round).get()
    with pytest.raises(Refused) as refused:
        request_approval(version, by=world.who.ana, now=world.now)
    assert codes(refused) == ["observations_unanswered"]
    answer(thread, verdict=Verdict.DECLINED, text="Están en el anexo", by=world.who.ana, now=world.now)
    request_approval(version, by=world.who.ana, now=world.now)
    assert approve(version, head, by=world.who.elena, now=world.now).approves


@pytest.mark.rule("LC-08")
def test_the_term_protects_whoever_has_not_read(world):
    version = presented(world)
    acknowledge(version, world.who.head, by=world.who.elena, now=world.now)

    with pytest.raises(Refused) as refused:
        request_approval(version, by=world.who.ana, now=world.now)
    assert codes(refused) == ["term_running"]
    with pytest.raises(Refused) as refused:
        observe(
            version, world.who.head, section="", text="Tarde", by=world.who.elena, now=world.now + timedelta(days=11)
        )
    assert codes(refused) == ["term_over"]
    request_approval(version, by=world.who.ana, now=world.now + timedelta(days=11))
    assert status(world) == ApprovalStatus.APPROVAL_REQUESTED


@pytest.mark.rule("LC-06")
def test_the_committee_may_return_what_every_entity_approved(world):
    version = worlds.approved(world)
    said = {"held_on": world.day, "minutes": upload("acta.pdf"), "by": world.who.ana, "now": world.now}

    record_session(version, decision=CommitteeDecision.RETURNED, note="Precisar la visión", **said)

    assert status(world) == ApprovalStatus.ADJUSTING
    with pytest.raises(Refused) as refused:
        adopt(version, act(world), file=upload(), by=world.who.jorge, now=world.now)
    assert codes(refused) == ["not_now"]


@pytest.mark.rule("LC-06")
def test_the_act_seals_the_version_and_the_web_makes_it_published(world):
    version = worlds.endorsed(world)
    with pytest.raises(PermissionDenied):
        adopt(version, act(world), file=upload(), by=world.who.ana, now=world.now)
    yesterday = world.day - timedelta(days=1)
    early = ActDraft(ActKind.RESOLUCION, "12", yesterday.year, issued_on=yesterday)
    with pytest.raises(Refused) as refused:
        adopt(version, early, file=upload(), by=world.who.jorge, now=world.now)
    assert codes(refused) == ["act_before_committee"]

    adoption = adopt(version, act(world), file=upload(), by=world.who.jorge, now=world.now)

    assert (status(world), adoption.act.file.display_name) == (ApprovalStatus.ADOPTED, "acto.pdf")
    assert adopted(world.plan, world.day) == adoption
    assert adopted(world.plan, world.day - timedelta(days=1)) is None
    link = {"channel": PublicationChannel.WEB, "url": "https://sector.invalid/pes", "published_on": world.day}
    made = publish(adoption, **link, by=world.who.ana, now=world.now)
    assert publish(adoption, **link, by=world.who.ana, now=world.now).pk == made.pk
    assert status(world) == ApprovalStatus.PUBLISHED
    assert all(fact.is_met for fact in gate_facts(world.plan))


@pytest.mark.rule("LC-06")
def test_an_amendment_is_another_version_with_its_own_act(world):
    first = worlds.adopted_pes(world)
    write(world, "legal", "<p>Modificado.</p>")
    version = worlds.endorsed(world)

    assert version.kind == VersionKind.AMENDMENT
    assert version.round.number == 2
    assert adopted(world.plan, world.day) == first
    second = adopt(version, act(world, "40"), file=upload(), by=world.who.jorge, now=world.now)
    assert adopted(world.plan, world.day) == second
    with pytest.raises(Refused) as refused:
        adopt(version, act(world, "41"), file=upload(), by=world.who.jorge, now=world.now)
    assert codes(refused) == ["not_now"]


@pytest.mark.rule("REF-01", "LC-06")
def test_an_earlier_adoption_is_its_act_alone_until_another_repeals_it(world):
    known = ActDraft(ActKind.RESOLUCION, "277", 2020, link="https://sector.invalid/277")
    adoption = record_earlier(world.plan, known, by=world.who.jorge, now=world.now)
    later = ActDraft(ActKind.RESOLUCION, "630", 2024, issued_on=date(2024, 12, 9), link="https://sector.invalid/630")
    repealing = register_act(world.who.sector, later, is_earlier=True, by=world.who.jorge, now=world.now)

    repeal(adoption.act, repealed_by=repealing, on=date(2024, 12, 9), by=world.who.jorge)

    assert adopted(world.plan, date(2020, 12, 30)) is None
    assert adopted(world.plan, date(2024, 12, 8)) == adoption
    assert adopted(world.plan, date(2024, 12, 9)) is None
    with pytest.raises(Refused) as refused:
        record_earlier(world.plan, known, by=world.who.jorge, now=world.now)
    assert codes(refused) == ["act_repeated"]


@pytest.mark.rule("LC-02", "LC-06")
def test_an_earlier_act_does_not_stand_for_a_version_that_is_being_approved(world):
    version = presented(world)
    known = ActDraft(ActKind.RESOLUCION, "277", 2020, link="https://sector.invalid/277")
    with pytest.raises(Refused) as refused:
        record_earlier(world.plan, known, by=world.who.jorge, now=world.now)
    assert codes(refused) == ["earlier_under_approval"]

    withdraw(version.round, reason="Ya se había adoptado", by=world.who.ana)

    assert record_earlier(world.plan, known, by=world.who.jorge, now=world.now).is_earlier


@pytest.mark.rule("LC-02", "LC-06")
def test_an_act_that_is_no_older_than_the_plan_is_here_goes_through_its_gates(world):
    def earlier(number, year, issued_on=None):
        draft = ActDraft(ActKind.RESOLUCION, number, year, issued_on=issued_on, link="https://sector.invalid/8")
        return record_earlier(world.plan, draft, by=world.who.jorge, now=world.now)

    before = world.day - timedelta(1)

    for number, year, issued_on in (("8", world.day.year, world.day), ("9", world.day.year, None)):
        with pytest.raises(Refused) as refused:
            earlier(number, year, issued_on)
        assert codes(refused) == ["act_not_earlier"]
    assert earlier("8", before.year, before).is_earlier
    assert earlier("9", world.day.year - 1).is_earlier


@pytest.mark.rule("LC-08")
def test_a_version_may_be_withdrawn_with_why_and_presented_again(world):
    version = presented(world)
    with pytest.raises(Refused) as refused:
        withdraw(version.round, reason=" ", by=world.who.ana)
    assert codes(refused) == ["reason_missing"]

    withdraw(version.round, reason="Se presentó por error", by=world.who.ana)

    assert status(world) == ApprovalStatus.WITHDRAWN
    again = presented(world)
    assert (again.number, again.round.number) == (2, 2)


def test_each_person_finds_in_mi_trabajo_what_is_awaited(world):
    def kinds(user):
        return {item["kind"] for item in inbox(user)}

    version = presented(world)
    assert (kinds(world.who.elena), kinds(world.who.ana)) == ({"pes_read"}, set())
    thread = observed(world, version)
    assert (kinds(world.who.elena), kinds(world.who.ana)) == (set(), {"pes_answer"})
    answer(thread, verdict=Verdict.DECLINED, text="No", by=world.who.ana, now=world.now)
    acknowledge(version, world.who.second_entity, by=world.second_link, now=world.now)
    assert kinds(world.who.ana) == {"pes_approval"}
    request_approval(version, by=world.who.ana, now=world.now)
    assert kinds(world.second_link) == {"pes_approve"}
    assert kinds(world.who.oscar) == set()


def test_mi_trabajo_asks_the_same_number_of_questions_however_many_sectors_approve(world):
    chief = person("Carla Jefa", Role.JEFE_OAP, world.who.district)

    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            assert list(inbox(chief)) == []
        return len(seen)

    presented(world)
    few = queries()
    other = make.plan(sector=world.who.other_sector)
    open_document(other, by=chief)
    write(replace(world, plan=other), "legal", "<p>Otro sector.</p>", by=chief)
    present(other, respond_by=world.day + timedelta(days=5), by=chief, now=world.now)

    assert queries() == few
