"""What a citizen is told of each act of a PES: in force, to come, amended, repealed (REF-01, LC-06)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.test import Client, override_settings
from django.utils import timezone

from pes.approval.acts import register_act, repeal
from pes.approval.adopting import adopt
from pes.approval.public import public_adoptions, public_pes
from pes.approval.shelf import shown_act
from pes.approval.succession import amending_acts, succession
from pes.models import ActKind, AdministrativeAct, Adoption
from tests.answers import page_of
from tests.once import once
from tests.pes.approval import worlds
from tests.pes.approval.worlds import World, act, upload, write

NOW = timezone.localtime().replace(hour=10, minute=0, second=0, microsecond=0)  # of the day it is here
MONTH = timedelta(days=30)
PUBLIC = "/publico/pes/"
pytestmark = pytest.mark.rule("REF-01", "LC-06")


@pytest.fixture(scope="module")
def adoptions(django_db_setup, django_db_blocker, tmp_path_factory):
    with override_settings(MEDIA_ROOT=tmp_path_factory.mktemp("acts")):
        yield from once(in_a_row, django_db_blocker, NOW)


@pytest.fixture(autouse=True)
def savepoint(adoptions, db, media_root):
    return adoptions


def in_a_row() -> tuple[World, Adoption, Adoption]:
    """A PES adopted today, and an amendment whose act begins in a month."""
    world = worlds.world()
    first = worlds.adopted_pes(world)
    write(world, "legal", "<p>Modificado.</p>")
    later = replace(act(world, "40"), valid_from=world.day + MONTH)
    second = adopt(worlds.endorsed(world), later, file=upload(), by=world.who.jorge, now=world.now)
    return world, first, second


def shown(on: date):
    return public_pes(list(public_adoptions()), on, {})


def state(adoption) -> str:
    return adoption.act.state


def test_an_amendment_to_come_is_announced_apart_and_the_one_in_force_says_so(adoptions):
    world, first, second = adoptions
    found = shown(world.day)

    assert (found.current.pk, state(found.current)) == (first.pk, "Vigente")
    assert [(one.pk, state(one)) for one in found.upcoming] == [(second.pk, "Por empezar")]
    assert found.older == []
    assert f"la modifica {second.act} desde el " in found.current.act.validity


def test_an_act_that_another_amended_says_so_from_that_day_and_is_in_force_no_more(adoptions):
    world, first, second = adoptions
    begins = world.day + MONTH

    assert state(shown(begins - timedelta(days=1)).current) == "Vigente"
    found = shown(begins)
    assert (found.current.pk, state(found.current)) == (second.pk, "Vigente")
    assert [(one.pk, state(one), one.act.tone) for one in found.older] == [
        (first.pk, f"Modificada por {second.act}", "neutral")
    ]
    assert found.upcoming == []


def test_when_the_amendment_is_repealed_the_act_before_it_is_in_force_again(adoptions):
    world, first, second = adoptions
    begins, ends = world.day + MONTH, world.day + 2 * MONTH
    other = register_act(world.who.sector, act(world, "50"), file=upload(), by=world.who.jorge, now=world.now)
    repeal(second.act, repealed_by=other, on=ends, by=world.who.jorge)

    assert state(shown(begins).current) == "Vigente"
    found = shown(ends)
    assert (found.current.pk, state(found.current)) == (first.pk, "Vigente")
    assert [state(one) for one in found.older] == [f"Derogada por {other}"]


def test_what_was_repealed_outright_says_that_and_what_is_to_come_does_not_take_its_place(adoptions):
    world, first, second = adoptions
    other = register_act(world.who.sector, act(world, "50"), file=upload(), by=world.who.jorge, now=world.now)
    repeal(first.act, repealed_by=other, on=world.day + timedelta(days=2), by=world.who.jorge)

    found = shown(world.day + timedelta(days=3))
    assert (found.current.pk, state(found.current)) == (first.pk, f"Derogada por {other}")
    assert [one.pk for one in found.upcoming] == [second.pk]
    found = shown(world.day + MONTH)
    assert (found.current.pk, [state(one) for one in found.older]) == (second.pk, [f"Derogada por {other}"])


def test_of_three_in_a_row_each_is_amended_by_the_next_and_before_any_the_first_is_told(adoptions):
    day = date(2026, 3, 2)
    kinds = (ActKind.ACUERDO, ActKind.RESOLUCION, ActKind.DECRETO)
    acts = [
        AdministrativeAct(kind=kind, number=str(at), year=2026, issued_on=day + at * MONTH)
        for at, kind in enumerate(kinds)
    ]
    rows = [Adoption(pk=at, act=one) for at, one in enumerate(acts)]

    labels = [shown_act(one.act, day + 3 * MONTH, amended_by=amending_acts(one, rows)) for one in rows]
    assert [one.state for one in labels] == [
        "Modificado por Resolución 1 de 2026", "Modificada por Decreto 2 de 2026", "Vigente",
    ]  # fmt: skip
    assert "; lo modifica Resolución 1 de 2026 desde el 1 de abril de 2026" in labels[0].validity
    early = succession(rows, day - timedelta(days=1))
    assert (early.current, early.upcoming, early.past) == (rows[0], rows[1:], [])
    last = succession(rows, day + 3 * MONTH)
    assert (last.current, last.past) == (rows[2], [rows[1], rows[0]])


def test_the_citizens_pages_and_the_room_keep_what_is_to_come_apart(adoptions):
    world, _, second = adoptions
    citizen, jorge = Client(), page_of(world.who.jorge)
    place = f"{PUBLIC}gestion-publica/2020/"

    page = citizen.get(place).content.decode()
    assert ("Próxima adopción" in page, "Adopciones anteriores" in page) == (True, False)
    assert f"Próxima: {second.act} " in citizen.get(PUBLIC).content.decode()
    room = jorge.get("/sectores/gestion-publica/pes/2020/aprobacion/").content.decode()
    assert ("Próxima adopción" in room, "Adopciones anteriores" in room) == (True, False)
    AdministrativeAct.objects.filter(pk=second.act_id).update(valid_from=world.day)
    for page in (citizen.get(place), jorge.get("/sectores/gestion-publica/pes/2020/aprobacion/")):
        text = page.content.decode()
        assert ("Próxima adopción" in text, "Adopciones anteriores" in text) == (False, True)
        assert f"Modificada por {second.act}" in text
        assert text.count(">Vigente<") == 1
