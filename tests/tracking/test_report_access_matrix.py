"""Every route of quarterly reports × every role × every place from which it is held: the table of `matrix_world`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.db import transaction
from django.test import Client
from django.urls import reverse

from pes.models import User
from pes.permissions import Role
from tests import matrix, people
from tests.matrix import ask, browser, differing, quietly
from tests.matrix_templates import blank
from tests.tracking.matrix_rows import put, rows
from tests.tracking.matrix_world import JULY, OPEN, TABLE, Stage, build, make_public
from tracking.rules.report_states import CENTRAL_EDITABLE, EDITABLE, OFFICIAL, ReportStatus

pytestmark = [pytest.mark.django_db, pytest.mark.exhaustive, pytest.mark.rule("AZ1", "AZ2", "AZ18")]


@pytest.fixture(scope="module")
def stage_of_module(django_db_setup, django_db_blocker, tmp_path_factory) -> Iterator[Stage]:
    yield from build(django_db_blocker, tmp_path_factory.mktemp("media"))


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


# One role of those that the table treats alike; of the others, and from the sector, the verbs and powers are asked.
UNLIKE = list({tuple(sorted(wanted(role, "entity").items())): role for role in reversed(Role)}.values())


@pytest.mark.parametrize("role", list(Role))
def test_a_role_gets_what_the_table_says(set_up: Stage, role: Role) -> None:
    assert differing(answers(set_up.somebody(role, "own"), set_up), wanted(role, "own")) == {}


@pytest.mark.parametrize("relation", ["entity", "leading"])
@pytest.mark.parametrize("role", UNLIKE)
def test_a_role_gets_it_from_each_place(set_up: Stage, role: Role, relation: str) -> None:
    assert differing(answers(set_up.somebody(role, relation), set_up), wanted(role, relation)) == {}


def stranger(set_up: Stage) -> User:
    """Somebody with every role on another sector."""
    return matrix.everything(set_up.found.them.other_sector, "Todo Ajeno")


def test_all_the_roles_of_another_sector_together_find_nothing_of_this_one(set_up: Stage) -> None:
    got = answers(stranger(set_up), set_up)

    nothing = {name: 404 if row.is_about_something else row.status for name, row in TABLE.items()}
    assert differing(got, nothing | {"evaluation:ranking-export": 404}) == {}


def test_who_only_reads_here_and_holds_every_role_elsewhere_does_nothing_here(set_up: Stage) -> None:
    user = stranger(set_up)
    matrix.grant(user, set_up.found.them.sector, Role.CONTROL_INTERNO)

    got = answers(user, set_up)

    pages = {name: row for name, row in TABLE.items() if row.is_about_something}
    assert {name for name in pages if got[name] < 400} == {
        name for name, row in pages.items() if not row.is_post and Role.CONTROL_INTERNO in row.door
    }
    assert {name: got[name] for name, row in pages.items() if row.is_post and got[name] not in {403, 404}} == {}


def test_without_an_account_or_with_one_deactivated_every_route_leads_to_the_login(set_up: Stage) -> None:
    marta = set_up.found.them.marta
    User.objects.filter(pk=marta.pk).update(is_active=False)

    assert set(answers(None, set_up).values()) == {401}
    assert set(answers(marta, set_up).values()) == {401}


EDITING, CENTRAL, REVIEW = EDITABLE, CENTRAL_EDITABLE, frozenset({ReportStatus.IN_REVIEW})
NEW = frozenset({ReportStatus.OPEN, ReportStatus.FILLING})
ANY = frozenset(ReportStatus)
# In which states of the report each act upon it, or upon what hangs from it, leaves something changed (SM-2).
CHANGES: dict[str, frozenset[ReportStatus]] = {
    "tracking:report-save": EDITING,
    "tracking:report-submit (sending)": NEW,  # once returned, its observation waits for an answer
    "tracking:comment-add": ANY,
    "tracking:goal-evidence (adding)": EDITING,
    "tracking:goal-evidence (the area adding)": CENTRAL,
    "tracking:report-extend (extending)": NEW,
    "tracking:report-take": frozenset({ReportStatus.SUBMITTED}),
    "tracking:report-send-back": REVIEW,
    "tracking:report-validate": frozenset(),  # for the same reason
    "tracking:report-reopen": OFFICIAL,
    "tracking:entry-correct": REVIEW,
    "tracking:report-observation-new": REVIEW,
    "tracking:report-observation-answer": CENTRAL,
}


@pytest.mark.rule("SM-2", "WF4")
@pytest.mark.parametrize("state", list(ReportStatus))
def test_an_act_changes_a_report_only_in_its_states(set_up: Stage, state: ReportStatus) -> None:
    put(set_up.report, state)
    user = matrix.everything(set_up.found.them.sector, "Todo Propio")
    client, before, changing = browser(user), rows(), set()

    for name in CHANGES:
        with transaction.atomic():
            status = ask(client, name, TABLE[name], set_up, user).status_code
            changing |= {name} if rows() != before else set()
            changing |= {f"{name}: {status}"} if status not in {200, 302, 422} else set()
            transaction.set_rollback(True)

    assert changing == {name for name, states in CHANGES.items() if state in states}


@pytest.mark.rule("AU9")
def test_without_a_second_factor_who_decides_is_sent_to_set_it_up(set_up: Stage) -> None:
    client = browser(set_up.found.them.ana)

    led = {name: ask(client, name, row, set_up, None).headers.get("Location") for name, row in TABLE.items()}

    assert {name: where for name, where in led.items() if where != reverse("pes:second-factor")} == {}


@pytest.mark.rule("AZ17")
def test_a_superuser_without_roles_reads_nothing_and_does_nothing(set_up: Stage) -> None:
    root = people.with_second_factor(User.objects.create_superuser("root@ejemplo.invalid", full_name="Raíz"))

    assert set(answers(root, set_up).values()) == {403}


@pytest.mark.rule("AZ12")
def test_what_is_open_needs_no_account_and_shows_nothing_before_it_is_published(set_up: Stage) -> None:
    client = Client(raise_request_exception=False)
    paths = {name: reverse(name, args=args) for name, (args, _) in OPEN.items()}

    def statuses() -> dict[str, int]:
        found = {}
        for name, path in paths.items():
            answer = client.get(path)
            b"".join(answer.streaming_content if answer.streaming else ())
            found[name] = answer.status_code
        return found

    before = statuses()
    make_public(set_up)
    after = statuses()

    assert before == {name: status for name, (_, status) in OPEN.items()}
    assert set(after.values()) == {200}
