"""Every route of the territory × every role × every place: the table of `territory_matrix_world`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import pytest
import time_machine
from django.test import Client

from pes.models import User
from pes.permissions import Role
from tests import matrix, people
from tests.matrix import browser, differing, quietly
from tests.matrix_templates import blank
from tests.territory_world import NOW
from tests.tracking.matrix_world import build
from tests.tracking.territory_matrix_world import OPEN, READERS, TABLE, Stage, stage

pytestmark = [pytest.mark.django_db, pytest.mark.exhaustive, pytest.mark.rule("AZ1", "AZ2", "AZ18", "GP-05")]
OUTSIDE = [role for role in Role if role not in READERS]  # no door of the territory opens to them


@pytest.fixture(scope="module")
def stage_of_module(django_db_setup, django_db_blocker, tmp_path_factory) -> Iterator[Stage]:
    yield from build(django_db_blocker, tmp_path_factory.mktemp("media"), stage, NOW)


@pytest.fixture
def set_up(stage_of_module: Stage, settings: Any) -> Iterator[Stage]:
    settings.ROOT_URLCONF = "tests.matrix_urls"
    settings.TEMPLATES = blank(settings.TEMPLATES)
    with time_machine.travel(NOW, tick=False), quietly():
        yield stage_of_module


def answers(user: User | None, set_up: Stage) -> dict[str, int]:
    """Status of every route for a person."""
    return matrix.answers(user, set_up, TABLE)


def together(set_up: Stage, relation: str, roles: Iterable[Role]) -> User:
    """Somebody with several roles in a place."""
    user = people.with_second_factor(people.person(f"Varios {relation}"))
    for role in roles:
        matrix.grant(user, set_up.places[relation], role)
    return user


@pytest.mark.parametrize("role", sorted(READERS))
def test_a_role_gets_what_the_table_says(set_up: Stage, role: Role) -> None:
    got = answers(set_up.somebody(role, "region"), set_up)

    assert differing(got, {name: row.expected(role, "region") for name, row in TABLE.items()}) == {}


def test_those_who_do_not_walk_with_the_territory_enter_nowhere(set_up: Stage) -> None:
    assert set(answers(together(set_up, "region", OUTSIDE), set_up).values()) == {403}


@pytest.mark.parametrize("relation", ["entity", "beside"])
def test_every_power_reaches_the_regions_below_and_not_the_one_beside(set_up: Stage, relation: str) -> None:
    got = answers(together(set_up, relation, Role), set_up)

    inside = {name: row.status for name, row in TABLE.items() if relation in row.sees}
    assert differing(got, dict.fromkeys(TABLE, 404) | inside) == {}


def test_all_the_roles_of_another_sector_together_find_nothing_of_this_one(set_up: Stage) -> None:
    stranger = matrix.everything(set_up.here.cast.other_sector, "Todo Ajeno")

    got = answers(stranger, set_up)

    assert differing(got, {name: row.status if "beside" in row.sees else 404 for name, row in TABLE.items()}) == {}


def test_who_only_reads_here_and_holds_every_role_elsewhere_does_nothing_here(set_up: Stage) -> None:
    user = matrix.everything(set_up.here.cast.other_sector, "Todo Ajeno")
    matrix.grant(user, set_up.here.region, Role.CONTROL_INTERNO)

    got = answers(user, set_up)

    about = {name: row for name, row in TABLE.items() if "beside" not in row.sees}
    assert {name for name in about if got[name] < 400} == {
        name for name, row in about.items() if not row.is_post and row.expected(Role.CONTROL_INTERNO, "region") == 200
    }
    assert {name: got[name] for name, row in about.items() if row.is_post and got[name] not in {403, 404}} == {}


def test_without_an_account_or_with_one_deactivated_every_route_leads_to_the_login(set_up: Stage) -> None:
    coordinador = set_up.here.coordinador
    User.objects.filter(pk=coordinador.pk).update(is_active=False)

    assert set(answers(None, set_up).values()) == {401}
    assert set(answers(coordinador, set_up).values()) == {401}


@pytest.mark.rule("AZ17")
def test_a_superuser_without_roles_reads_nothing_and_does_nothing(set_up: Stage) -> None:
    root = people.with_second_factor(User.objects.create_superuser("root@ejemplo.invalid", full_name="Raíz"))

    assert set(answers(root, set_up).values()) == {403}


def test_what_changes_something_answers_only_to_post(set_up: Stage) -> None:
    user = matrix.everything(set_up.here.cast.sector, "Todo Propio")
    forms = {name.partition(" ")[0] for name, row in TABLE.items() if not row.is_post}
    acts = {name: row for name, row in TABLE.items() if row.is_post and name.partition(" ")[0] not in forms}
    client = browser(user)

    got = {name: client.get(matrix.address(name, row, set_up, user)).status_code for name, row in acts.items()}

    assert set(got.values()) == {405}


@pytest.mark.rule("GP-06")
def test_an_advisor_has_the_own_report_and_answers_for_the_own_assistance(set_up: Stage) -> None:
    names = ("advisor-report", "advisor-report-send", "advisor-report-receive", "assistance-void")
    rows = {name: TABLE[f"tracking:{name}"] for name in names}

    got = matrix.answers(set_up.here.asesora, set_up, {f"tracking:{name}": row for name, row in rows.items()})

    assert list(got.values()) == [200, 302, 403, 302]


@pytest.mark.rule("AZ12")
def test_what_is_open_needs_no_account_and_shows_only_what_is_published(set_up: Stage) -> None:
    client, got = Client(raise_request_exception=False), {}

    for name, (args, _) in OPEN.items():
        answer = client.get(matrix.address(name, matrix.Row(args, frozenset(), (), {}), set_up, None))
        b"".join(answer.streaming_content if answer.streaming else ())
        got[name] = answer.status_code

    assert got == {name: status for name, (_, status) in OPEN.items()}
