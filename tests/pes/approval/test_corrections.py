"""An act that was mistyped is corrected: what it said stays, and nothing that it was asked is dodged (LC-06, REF-01)."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, transaction
from django.utils import timezone

from pes.approval.acts import ActDraft, act_facts, register_act, repeal
from pes.approval.adopting import adopt, publish, record_earlier
from pes.approval.correcting import acts_of, correct_act
from pes.approval.shelf import corrections_of
from pes.edits import StaleEdit, fingerprint
from pes.models import ActCorrection, ActKind, Adoption, AuditEvent, PublicationChannel, Road
from pes.rules.problems import Refused
from tests.answers import codes
from tests.once import once
from tests.pes.approval import worlds
from tests.pes.approval.worlds import act, adopted, upload, write
from tests.tracking.files import pdf

NOW = timezone.localtime().replace(hour=10, minute=0, second=0, microsecond=0)  # of the day it is here


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker):
    yield from once(worlds.world, django_db_blocker, NOW)


@pytest.fixture(autouse=True)
def savepoint(world, db, media_root):
    return world


@pytest.mark.rule("LC-06")
def test_an_act_that_was_mistyped_is_corrected_and_what_it_said_stays(world):
    adoption = worlds.adopted_pes(world)
    first = {"act": str(adoption.act), "issuer": "", "subject": ""}
    right = replace(act(world, "21"), issuer="Secretaría cabeza", subject="Adopta el PES")
    said = {"read": read_of(adoption), "reason": "El número se tecleó mal.", "now": world.now}
    with pytest.raises(PermissionDenied):
        correct_act(adoption.act, right, **said, by=world.who.ana)

    made = correct_act(adoption.act, right, **said, by=world.who.jorge)

    adoption.refresh_from_db()
    assert (adoption.act.number, adoption.act.issuer) == ("21", "Secretaría cabeza")
    assert adoption.act.file.display_name == "acto.pdf"
    assert (made.before, made.renames, made.file) == (first, True, None)
    event = AuditEvent.objects.get(verb="act_corrected")
    assert (event.before["act"], event.after["act"], event.reason) == (first["act"], str(adoption.act), made.reason)
    with pytest.raises(StaleEdit):
        correct_act(adoption.act, right, **said, by=world.who.jorge)
    assert correct_act(adoption.act, right, **said | {"read": read_of(adoption)}, by=world.who.jorge) is None
    with pytest.raises(DatabaseError), transaction.atomic():
        ActCorrection.objects.filter(pk=made.pk).update(reason="Otro")


@pytest.mark.rule("LC-06", "UP14")
def test_the_file_of_an_act_is_replaced_and_the_one_before_stays(world):
    adoption = worlds.adopted_pes(world)
    old, said = adoption.act.file, {"reason": "Se subió otro archivo.", "by": world.who.jorge, "now": world.now}
    signed = pdf(Lang="es")

    def corrected():
        file = SimpleUploadedFile("firmado.pdf", signed)
        return correct_act(adoption.act, act(world), read=read_of(adoption), file=file, **said)

    made, again = corrected(), corrected()

    adoption.refresh_from_db()
    assert adoption.act.file.display_name == "firmado.pdf"
    assert (made.file, made.before, made.renames, again) == (old, {"sha256": old.sha256}, False, None)


@pytest.mark.rule("LC-06", "REF-01")
def test_a_correction_obeys_what_the_act_obeyed(world):
    adoption = worlds.adopted_pes(world)
    by = {"by": world.who.jorge, "now": world.now}
    other = register_act(world.who.sector, act(world, "99"), file=upload(), is_earlier=True, **by)
    later = {"by": world.who.jorge, "now": world.now + timedelta(days=2)}
    write(world, "legal", "<p>Modificado.</p>")
    adopt(worlds.endorsed(world), act(world, "40"), file=upload(), **by)
    yesterday, tomorrow = world.day - timedelta(days=1), world.day + timedelta(days=1)
    cases = {
        "act_before_committee": (replace(act(world), issued_on=yesterday, year=yesterday.year), "Por qué", by),
        "act_after_registration": (replace(act(world), issued_on=tomorrow, year=tomorrow.year), "Por qué", later),
        "adoptions_reordered": (replace(act(world), valid_from=tomorrow), "Por qué", by),
        "act_day_missing": (replace(act(world), issued_on=None), "Por qué", by),
        "act_repeated": (act(world, other.number), "Por qué", by),
        "reason_missing": (act(world, "21"), " ", by),
    }

    for code, (draft, reason, who) in cases.items():
        with pytest.raises(Refused) as refused:
            correct_act(adoption.act, draft, read=read_of(adoption), reason=reason, **who)
        assert code in codes(refused), code

    assert not ActCorrection.objects.exists()
    assert Adoption.objects.get(pk=adoption.pk).act.number == act(world).number


@pytest.mark.rule("REF-01")
def test_a_correction_may_give_back_the_order_of_two_adoptions(world):
    first = worlds.adopted_pes(world)
    write(world, "legal", "<p>Modificado.</p>")
    long_ago = replace(act(world, "40"), valid_from=date(2020, 1, 1))  # mistyped: before the one that it amends
    second = adopt(worlds.endorsed(world), long_ago, file=upload(), by=world.who.jorge, now=world.now)
    assert adopted(world.plan, world.day) == first
    said = {"reason": "Rige desde su fecha.", "by": world.who.jorge, "now": world.now}

    assert correct_act(first.act, act(world, "13"), read=read_of(first), **said) is not None
    correct_act(second.act, act(world, "40"), read=read_of(second), **said)

    assert adopted(world.plan, world.day) == second


@pytest.mark.rule("LC-06")
def test_a_publication_and_a_correction_read_the_act_as_it_is(world):
    known = ActDraft(ActKind.RESOLUCION, "277", 2020, issued_on=date(2020, 6, 1), link="https://sector.invalid/277")
    adoption = record_earlier(world.plan, known, by=world.who.jorge, now=world.now)
    seen = Adoption.objects.select_related("act").get(pk=adoption.pk)  # by another browser, before the correction
    web = {"channel": PublicationChannel.WEB, "url": "https://sector.invalid/pes", "by": world.who.ana}

    def redated(day):
        draft = replace(known, issued_on=day, year=day.year)
        return correct_act(adoption.act, draft, read=read_of(adoption), reason="Se leyó mal.", by=world.who.jorge)

    assert redated(date(2021, 3, 1)).renames
    with pytest.raises(Refused) as refused:
        publish(seen, published_on=date(2020, 7, 1), **web)
    assert codes(refused) == ["published_too_early"]
    publish(seen, published_on=date(2021, 4, 1), **web)
    with pytest.raises(Refused) as refused:
        redated(date(2021, 5, 1))
    assert codes(refused) == ["act_after_publication"]


@pytest.mark.rule("REF-01", "LC-02")
def test_a_repeal_is_corrected_or_undone_and_an_earlier_act_stays_earlier(world):
    known = ActDraft(ActKind.RESOLUCION, "277", 2020, link="https://sector.invalid/277")
    adoption = record_earlier(world.plan, known, by=world.who.jorge, now=world.now)
    later = ActDraft(ActKind.RESOLUCION, "630", 2024, issued_on=date(2024, 12, 9), link="https://sector.invalid/630")
    repealing = register_act(world.who.sector, later, is_earlier=True, by=world.who.jorge, now=world.now)
    repeal(adoption.act, repealed_by=repealing, on=date(2024, 12, 9), by=world.who.jorge)
    with pytest.raises(Refused) as refused:
        repeal(repealing, repealed_by=adoption.act, on=date(2025, 1, 1), by=world.who.jorge)
    assert codes(refused) == ["repealer_not_later"]
    said = {"reason": "Se leyó mal.", "by": world.who.jorge, "now": world.now}

    def corrected(draft, **more):
        return correct_act(adoption.act, draft, read=read_of(adoption), **said, **more)

    for code, draft, on in (
        ("repealed_too_early", known, date(2020, 3, 1)),
        ("act_not_earlier", replace(known, year=world.day.year), None),
    ):
        with pytest.raises(Refused) as refused:
            corrected(draft, repealed_on=on)
        assert codes(refused) == [code]
    corrected(replace(known, issued_on=date(2020, 6, 1)), repealed_on=date(2024, 12, 31))
    shown = corrections_of(Adoption.objects.get(pk=adoption.pk).act, is_public=True)
    assert shown[0].before == (("Fecha del acto", "–"), ("Derogado desde", "9 de diciembre de 2024"))
    assert adopted(world.plan, date(2024, 12, 30)) == adoption
    assert adopted(world.plan, date(2024, 12, 31)) is None
    undone = corrected(known)
    worlds.road(world.plan, world.who.jorge)
    assert Road.objects.filter(plan=world.plan).update(opened_at=datetime(2020, 6, 9, tzinfo=UTC)) == 1
    with pytest.raises(Refused) as refused:
        corrected(replace(known, issued_on=date(2020, 7, 1)))
    assert codes(refused) == ["act_not_earlier"]
    assert corrected(replace(known, subject="Plataforma")).before == {"subject": ""}  # its day was accepted once

    assert adopted(world.plan, date(2025, 1, 1)) == adoption
    assert undone.before == {"issued_on": "2020-06-01", "repealed_by": str(repealing), "repealed_on": "2024-12-31"}


@pytest.mark.rule("REF-01", "AZ13")
def test_the_act_that_repeals_is_corrected_too(world):
    known = ActDraft(ActKind.RESOLUCION, "277", 2020, link="https://sector.invalid/277")
    adoption = record_earlier(world.plan, known, by=world.who.jorge, now=world.now)
    later = ActDraft(ActKind.RESOLUCION, "360", 2024, issued_on=date(2024, 12, 9), link="https://sector.invalid/630")
    repealing = register_act(world.who.sector, later, is_earlier=True, by=world.who.jorge, now=world.now)
    repeal(adoption.act, repealed_by=repealing, on=date(2024, 12, 9), by=world.who.jorge)
    assert list(acts_of(world.plan)) == [repealing, adoption.act]

    read, reason = fingerprint(act_facts(repealing)), "El número se tecleó al revés."
    older = replace(later, number="630", year=2019, issued_on=None)
    with pytest.raises(Refused) as refused:
        correct_act(repealing, older, read=read, reason=reason, by=world.who.jorge)
    assert codes(refused) == ["repealer_not_later"]
    made = correct_act(repealing, replace(later, number="630"), read=read, reason=reason, by=world.who.jorge)

    assert made.before == {"act": "Resolución 360 de 2024"}
    act_now = Adoption.objects.get(pk=adoption.pk).act
    assert str(act_now.repealed_by) == "Resolución 630 de 2024"
    assert corrections_of(act_now)[0].title.startswith("Resolución 630 de 2024: se corrigió el ")


def read_of(adoption: Adoption) -> str:
    """What somebody has read of its act by now."""
    return fingerprint(act_facts(Adoption.objects.get(pk=adoption.pk).act))
