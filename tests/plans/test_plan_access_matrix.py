"""Every route of plans × every role × every place from which it is held: the signed-off table of `matrix_world`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from pes.models import User
from pes.permissions import Role
from tests import matrix, people
from tests.change_makers import MAY
from tests.matrix import differing, quietly
from tests.matrix_templates import blank
from tests.once import once
from tests.plans.matrix_world import OPEN, TABLE, Stage, stage

pytestmark = [pytest.mark.django_db, pytest.mark.exhaustive, pytest.mark.rule("AZ1", "AZ2", "AZ18")]


@pytest.fixture(scope="module")
def stage_of_module(django_db_setup, django_db_blocker) -> Iterator[Stage]:
    yield from once(stage, django_db_blocker, MAY)


@pytest.fixture
def set_up(stage_of_module: Stage, settings: Any) -> Iterator[Stage]:
    settings.ROOT_URLCONF = "tests.matrix_urls"
    settings.TEMPLATES = blank(settings.TEMPLATES)
    with time_machine.travel(MAY, tick=False), quietly():
        yield stage_of_module


def answers(user: User | None, set_up: Stage) -> dict[str, int]:
    """Status of every route of plans for a person."""
    return matrix.answers(user, set_up, TABLE)


ASKED = ("own", "entity", "leading", "advising")  # what the sector adds to the entity is asked of the verbs


@pytest.mark.parametrize("role", list(Role))
def test_a_role_gets_what_the_table_says_from_each_place(set_up: Stage, role: Role) -> None:
    wrong = {
        relation: different
        for relation in ASKED
        if (
            different := differing(
                answers(set_up.somebody(role, relation), set_up),
                {name: row.expected(role, relation) for name, row in TABLE.items()},
            )
        )
    }

    assert wrong == {}


def stranger(set_up: Stage) -> User:
    """Somebody with every role on another sector."""
    return matrix.everything(set_up.found.them.other_sector, "Todo Ajeno")


def test_all_the_roles_of_another_sector_together_find_nothing_of_this_one(set_up: Stage) -> None:
    got = answers(stranger(set_up), set_up)

    assert differing(got, {name: 404 if row.is_about_something else row.status for name, row in TABLE.items()}) == {}


def test_who_only_reads_here_and_holds_every_role_elsewhere_does_nothing_here(set_up: Stage) -> None:
    user = stranger(set_up)
    matrix.grant(user, set_up.found.them.sector, Role.DIRECTIVO)

    got = answers(user, set_up)

    pages = {name: row for name, row in TABLE.items() if row.is_about_something}
    assert {name for name in pages if got[name] < 400} == {
        name for name, row in pages.items() if not row.is_post and Role.DIRECTIVO in row.door
    }
    assert {name: got[name] for name, row in pages.items() if row.is_post and got[name] not in {403, 404}} == {}


def test_without_an_account_every_route_leads_to_the_login(set_up: Stage) -> None:
    assert set(answers(None, set_up).values()) == {401}


def test_a_deactivated_account_is_no_account(set_up: Stage) -> None:
    marta = people.with_second_factor(set_up.found.them.marta)
    User.objects.filter(pk=marta.pk).update(is_active=False)

    assert set(answers(marta, set_up).values()) == {401}


@pytest.mark.rule("AZ17")
def test_a_superuser_without_roles_reads_nothing_and_does_nothing(set_up: Stage) -> None:
    root = people.with_second_factor(User.objects.create_superuser("root@ejemplo.invalid", full_name="Raíz"))

    assert set(answers(root, set_up).values()) == {403}


def test_what_is_open_needs_no_account(set_up: Stage) -> None:
    client = Client()

    assert {name: client.get(reverse(name, args=args)).status_code for name, (args, _) in OPEN.items()} == {
        name: status for name, (_, status) in OPEN.items()
    }
