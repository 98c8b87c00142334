"""Every route of the phases of a PES × every role × every place from which it is held: the table of `phase_rows`."""

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
from tests.matrix import differing, quietly
from tests.matrix_templates import blank
from tests.pes.phase_rows import ACTS, AGAIN, BOARD, OPEN, PAGES, TABLE
from tests.pes.phase_world import MARCH, Stage, build

pytestmark = [pytest.mark.django_db, pytest.mark.exhaustive, pytest.mark.rule("AZ1", "AZ2", "AZ18")]


@pytest.fixture(scope="module")
def stage_of_module(django_db_setup, django_db_blocker, tmp_path_factory) -> Iterator[Stage]:
    yield from build(django_db_blocker, tmp_path_factory.mktemp("media"))


@pytest.fixture
def set_up(stage_of_module: Stage, settings: Any) -> Iterator[Stage]:
    settings.ROOT_URLCONF = "tests.matrix_urls"
    settings.TEMPLATES = blank(settings.TEMPLATES)
    with time_machine.travel(MARCH, tick=False), quietly():
        yield stage_of_module


def wrong(set_up: Stage, user: User, role: Role, relation: str, names: set[str]) -> dict[str, tuple[Any, Any]]:
    """What a role gets somewhere that is not what the table says: what it got, what it should."""
    asked = {name: row for name, row in TABLE.items() if name in names}
    wanted = {name: row.expected(role, relation) for name, row in asked.items()}
    return differing(matrix.answers(user, set_up, asked), wanted)


# Every page of a PES opens by one door, which the roles are asked at once; every act is asked of every role.
DOOR = {"pes:road", "pes:file"}
WHOLE = {Role.JEFE_OAP: set(TABLE), Role.ENLACE_ENTIDAD: ACTS | DOOR}


@pytest.mark.parametrize("role", list(Role))
def test_a_role_gets_what_the_table_says(set_up: Stage, role: Role) -> None:
    asked = WHOLE.get(role, ACTS - AGAIN | DOOR)

    assert wrong(set_up, set_up.somebody(role, "sector"), role, "sector", asked) == {}


@pytest.mark.parametrize(
    ("role", "relation", "asked"),
    [
        (Role.JEFE_OAP, "entity", ACTS - AGAIN),
        (Role.ENLACE_ENTIDAD, "entity", ACTS),
        (Role.COORDINADOR_REGIONAL, "entity", ACTS - AGAIN),
        (Role.PROMOTOR, "entity", ACTS),
        (Role.ENLACE_ENTIDAD, "second", ACTS),
        (Role.ENLACE_ENTIDAD, "process", ACTS - AGAIN),
        (Role.PROMOTOR, "process", PAGES | set(BOARD) - AGAIN),
    ],
)
def test_a_role_gets_it_from_each_place(set_up: Stage, role: Role, relation: str, asked: set[str]) -> None:
    assert wrong(set_up, set_up.somebody(role, relation), role, relation, asked) == {}


# Asking for files that are missing, or for text without its odd tags, keeps nothing: who reads may.
FOR_READERS = {"pes:meeting-document", "pes:version-files-ask", "pes:section-clean"}


def stranger(set_up: Stage) -> User:
    """Somebody with every role on another sector."""
    return matrix.everything(set_up.them.other_sector, "Todo Ajeno")


def test_all_the_roles_of_another_sector_together_find_nothing_of_this_one(set_up: Stage) -> None:
    got = matrix.answers(stranger(set_up), set_up, TABLE)

    assert differing(got, {name: 404 if row.is_about_something else row.status for name, row in TABLE.items()}) == {}


def test_who_only_reads_here_and_holds_every_role_elsewhere_does_nothing_here(set_up: Stage) -> None:
    user = stranger(set_up)
    matrix.grant(user, set_up.them.sector, Role.CONTROL_INTERNO)

    acts = {name: row for name, row in TABLE.items() if name in ACTS and row.is_about_something}
    got = matrix.answers(user, set_up, acts)

    assert differing(got, {name: row.status if name in FOR_READERS else 403 for name, row in acts.items()}) == {}


def test_without_an_account_or_with_one_deactivated_every_route_leads_to_the_login(set_up: Stage) -> None:
    ana = people.with_second_factor(set_up.them.ana)
    User.objects.filter(pk=ana.pk).update(is_active=False)

    assert set(matrix.answers(None, set_up, TABLE).values()) == {401}
    assert set(matrix.answers(ana, set_up, TABLE).values()) == {401}


@pytest.mark.rule("AZ17")
def test_a_superuser_without_roles_reads_nothing_and_does_nothing(set_up: Stage) -> None:
    root = people.with_second_factor(User.objects.create_superuser("root@ejemplo.invalid", full_name="Raíz"))

    assert set(matrix.answers(root, set_up, TABLE).values()) == {403}


def test_what_only_changes_something_answers_only_to_post(set_up: Stage) -> None:
    forms = {name for name, row in TABLE.items() if not row.is_post}
    acts = {name: row for name, row in TABLE.items() if name.partition(" ")[0] not in forms}
    client = matrix.browser(set_up.somebody(Role.JEFE_OAP, "sector"))

    got = {
        name: client.get(matrix.address(name, row, set_up, set_up.them.ana)).status_code for name, row in acts.items()
    }

    assert {name: status for name, status in got.items() if status != 405} == {}


def test_what_is_open_needs_no_account(set_up: Stage) -> None:
    client = Client()
    shown = {}
    for name, (args, _) in OPEN.items():
        answer = client.get(reverse(name, args=[set_up.thing(arg, None) for arg in args]))
        shown[name] = answer.status_code
        if answer.streaming:
            b"".join(answer.streaming_content)

    assert shown == {name: status for name, (_, status) in OPEN.items()}
