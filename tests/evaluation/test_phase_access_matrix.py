"""Every route of the last phases of a PES × every role × every place: the table of `phase_matrix_world`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from pes.models import User
from pes.permissions import Role
from tests import matrix, people
from tests.evaluation.phase_matrix_world import OPEN, RELATIONS, TABLE, Stage, stage
from tests.matrix import READERS, browser, differing, quietly
from tests.matrix_templates import blank
from tests.tracking.matrix_world import JULY, build

pytestmark = [pytest.mark.django_db, pytest.mark.exhaustive, pytest.mark.rule("AZ1", "AZ2", "AZ18")]


@pytest.fixture(scope="module")
def stage_of_module(django_db_setup, django_db_blocker, tmp_path_factory) -> Iterator[Stage]:
    yield from build(django_db_blocker, tmp_path_factory.mktemp("media"), stage)


@pytest.fixture
def set_up(stage_of_module: Stage, settings: Any) -> Iterator[Stage]:
    settings.ROOT_URLCONF = "tests.matrix_urls"
    settings.TEMPLATES = blank(settings.TEMPLATES)
    with time_machine.travel(JULY, tick=False), quietly():
        yield stage_of_module


def answers(user: User | None, set_up: Stage) -> dict[str, int]:
    """Status of every route for a person."""
    return matrix.answers(user, set_up, TABLE)


def wanted(role: Role, relation: str) -> dict[str, int]:
    """What the table says."""
    return {name: row.expected(role, relation) for name, row in TABLE.items()}


# Roles that only read: together they show what none of them may, and alone that each of them reads.
READING = [role for role in Role if wanted(role, "sector") == wanted(Role.DIRECTIVO, "sector")]
PAGES = {name: row for name, row in TABLE.items() if row.door == READERS and not row.is_post}
ACTS = {name: row for name, row in TABLE.items() if name not in PAGES}


def together(set_up: Stage, relation: str, roles: Iterable[Role]) -> User:
    """Somebody with several roles in a place."""
    user = people.with_second_factor(people.person(f"Varios {relation}"))
    for role in roles:
        matrix.grant(user, set_up.places[relation], role)
    return user


@pytest.mark.parametrize("role", [role for role in Role if role not in READING])
def test_a_role_gets_what_the_table_says(set_up: Stage, role: Role) -> None:
    assert differing(answers(set_up.somebody(role, "sector"), set_up), wanted(role, "sector")) == {}


@pytest.mark.parametrize("role", READING)
def test_who_reads_is_shown_the_pages(set_up: Stage, role: Role) -> None:
    """A third of them each: one power opens them all, and together they ask for every page."""
    third = dict(list(PAGES.items())[READING.index(role) % 3 :: 3])

    assert set(matrix.answers(set_up.somebody(role, "process"), set_up, third).values()) == {200}


@pytest.mark.parametrize("relation", RELATIONS)
def test_those_who_read_do_nothing(set_up: Stage, relation: str) -> None:
    got = matrix.answers(together(set_up, relation, READING), set_up, ACTS)

    assert set(got.values()) == {403}


@pytest.mark.parametrize("relation", RELATIONS[1:])
def test_from_below_the_sector_one_acts_only_on_what_is_of_ones_entity(set_up: Stage, relation: str) -> None:
    got = matrix.answers(together(set_up, relation, Role), set_up, ACTS)

    assert differing(got, {name: row.status if row.may.get(relation) else 403 for name, row in ACTS.items()}) == {}


def test_all_the_roles_of_another_sector_together_find_nothing_of_this_one(set_up: Stage) -> None:
    stranger = matrix.everything(set_up.them.other_sector, "Todo Ajeno")

    assert set(answers(stranger, set_up).values()) == {404}


def test_who_only_reads_here_and_holds_every_role_elsewhere_does_nothing_here(set_up: Stage) -> None:
    user = matrix.everything(set_up.them.other_sector, "Todo Ajeno")
    matrix.grant(user, set_up.them.sector, Role.DIRECTIVO)

    got = answers(user, set_up)

    assert differing(got, {name: row.expected(Role.DIRECTIVO, "sector") for name, row in TABLE.items()}) == {}


def test_without_an_account_or_with_one_deactivated_every_route_leads_to_the_login(set_up: Stage) -> None:
    jorge = people.with_second_factor(set_up.them.jorge)
    User.objects.filter(pk=jorge.pk).update(is_active=False)

    assert set(answers(None, set_up).values()) == {401}
    assert set(answers(jorge, set_up).values()) == {401}


@pytest.mark.rule("AZ17")
def test_a_superuser_without_roles_reads_nothing_and_does_nothing(set_up: Stage) -> None:
    root = people.with_second_factor(User.objects.create_superuser("root@ejemplo.invalid", full_name="Raíz"))

    assert set(answers(root, set_up).values()) == {403}


@pytest.mark.rule("AU9")
def test_without_a_second_factor_who_decides_is_sent_to_set_it_up(set_up: Stage) -> None:
    client = browser(set_up.them.ana)

    led = {name: matrix.ask(client, name, row, set_up, None).headers.get("Location") for name, row in TABLE.items()}

    assert set(led.values()) == {reverse("pes:second-factor")}


def test_what_changes_something_answers_only_to_post(set_up: Stage) -> None:
    client = browser(matrix.everything(set_up.them.sector, "Todo Propio"))
    forms = {name.partition(" ")[0] for name, row in TABLE.items() if not row.is_post}
    acts = {name: row for name, row in TABLE.items() if row.is_post and name.partition(" ")[0] not in forms}

    got = {name: client.get(matrix.address(name, row, set_up, None)).status_code for name, row in acts.items()}

    assert set(got.values()) == {405}


def test_who_answers_for_an_action_writes_its_follow_up_and_nobody_else_of_its_process(set_up: Stage) -> None:
    them = set_up.them
    names = ("evaluation:action-follow", "evaluation:action-finish", "evaluation:action-verify")
    rows = {name: TABLE[name] for name in names}

    assert list(matrix.answers(them.pilar, set_up, rows).values()) == [302, 302, 403]
    assert list(matrix.answers(them.luis, set_up, rows).values()) == [403, 403, 403]


@pytest.mark.rule("AZ12")
def test_what_is_open_needs_no_account_and_a_draft_is_not_there(set_up: Stage) -> None:
    client, event, draft = Client(raise_request_exception=False), set_up.event.pk, set_up.draft.pk

    def statuses(pk: int) -> dict[str, int]:
        found = {}
        for name, (args, _) in OPEN.items():
            answer = client.get(
                reverse(name, args=[pk, *(set_up.thing(arg, None) for arg in args[1:])] if args else [])
            )
            b"".join(answer.streaming_content if answer.streaming else ())
            found[name] = answer.status_code
        return found

    assert statuses(event) == {name: status for name, (_, status) in OPEN.items()}
    assert set(statuses(draft).values()) == {200, 404}
    assert statuses(draft)["evaluation:public-events"] == 200
    assert {status for name, status in statuses(draft).items() if name != "evaluation:public-events"} == {404}
