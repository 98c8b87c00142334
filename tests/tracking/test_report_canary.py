"""A text that only others wrote about their quarter appears in nothing that one is shown, sent or told (AZ11, AZ12).

Three stages: ours; another alcaldía's of the same entity, which the people of ours may not read; another sector's.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from html import unescape
from io import BytesIO
from typing import Any
from urllib.parse import unquote
from zipfile import ZipFile

import pytest
import time_machine
from django.core import mail
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from pes.models import UnitKind, User
from pes.permissions import Role
from plans.models import Goal
from tests import matrix, people
from tests.change_makers import World, world
from tests.matrix import Row, address, browser, quietly
from tests.plans.test_canary import CANARY, MARK, abroad
from tests.tracking.matrix_world import FILLERS, JULY, OPEN, T2, TABLE, P, Stage, build, make_public, stage
from tracking import comments, corrections
from tracking.mailing import people_to_write, send_digest
from tracking.models import GoalNarrative
from tracking.report_observations import raise_observation

pytestmark = [pytest.mark.django_db, pytest.mark.exhaustive, pytest.mark.rule("AZ11")]
BESIDE, SECRET = "Tlahuizcalpan", "Xochipilli"
READ = {name: row for name, row in TABLE.items() if not row.is_post}
# What tells one stage from another in an address.
ELSEWHERE_CODES = {
    "theirs": {"AL-01": "AL-02", "GLJ": "X-GLJ", "secretaria-general": "sdg", "gestion-publica": "gobierno"},
    "beside": {"AL-01": "AL-03", "GLJ": "GLK"},
    "ours": {},
}
SEARCHES = {
    "tracking:report-queue": ["estado=", "estado=in_review", "estado=validated", "vigencia=2022&trimestre=2"],
    "tracking:report-history": ["version=1", "antes=1&despues=1"],
    "tracking:report-review": ["meta=1", "ver=observations"],
    "evaluation:closes": ["entidad=sdg", "vigencia=2022"],
    "evaluation:ranking": ["nivel=local", "nivel=local&entidad=sdg", "vigencia=2022&trimestre=1"],
    "evaluation:ageing": ["orden=unidad", "quien=oap", "pagina=2"],
    "evaluation:standing": ["nivel=local", "vigencia=2022"],
    "evaluation:standing-export": ["vigencia=2022"],
}
AROUND = (
    "/",
    "/sectores/",
    "/sectores/gestion-publica/tablero/?vigencia=2022",
    "/planes/",
    "/administracion/bitacora/",
)


@dataclass(frozen=True)
class Places:
    """The three stages."""

    ours: Stage
    beside: Stage
    theirs: Stage


def places() -> Places:
    """Another sector's first, then the neighbour's, then ours: the last run of our level has the two alcaldías."""
    mine = world()
    theirs = stage(abroad(mine), MARK)
    beside = stage(neighbour(mine), f" {BESIDE}")
    return Places(stage(mine), beside, theirs)


def neighbour(mine: World) -> World:
    """Another alcaldía of our entity, whose first goal another process reports."""
    them = mine.them
    alcaldia = people.unit("AL-03", UnitKind.ALCALDIA_LOCAL, them.head, "Alcaldía Local de Santa Fe")
    leading = people.unit("GLK", UnitKind.PROCESS, them.head, "Gestión Contractual")
    nora = people.person("Nora Vecina", Role.ALCALDE_LOCAL, alcaldia)
    teresa = people.person("Tomás Transversal", Role.LIDER_TRANSVERSAL, leading)
    for membership in (*them.ana.memberships.all(), *them.jorge.memberships.all()):
        membership.project()  # the units are new to their grants
    return replace(mine, them=replace(them, alcaldia=alcaldia, marta=nora), leading=leading, teresa=teresa)


@pytest.fixture(scope="module")
def places_of_module(django_db_setup, django_db_blocker, tmp_path_factory) -> Iterator[Places]:
    yield from build(django_db_blocker, tmp_path_factory.mktemp("media"), places)


@pytest.fixture
def here(places_of_module: Places, settings: Any) -> Iterator[Places]:
    settings.ROOT_URLCONF = "tests.matrix_urls"
    with time_machine.travel(JULY, tick=False), quietly():
        yield places_of_module


def shown(answer: HttpResponse) -> str:
    """Everything that an answer says: its headers, its text, and the parts of a workbook."""
    said = unquote(" ".join(f"{name}: {value}" for name, value in answer.items()))
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    if "spreadsheet" not in answer.get("Content-Type", ""):
        return said + content.decode(errors="replace")
    with ZipFile(BytesIO(content)) as parts:
        return said + unescape("".join(parts.read(name).decode(errors="replace") for name in parts.namelist()))


def there(row: Row, which: str) -> Row:
    """The row of a route, about the things of a stage."""
    codes = ELSEWHERE_CODES[which]
    return replace(row, args=tuple(codes.get(arg, arg) if isinstance(arg, str) else arg for arg in row.args))


def pages(here: Places, user: User) -> set[str]:
    """Every page of reports about each stage, with every filter; and the pages around them."""
    stages = {"ours": here.ours, "beside": here.beside, "theirs": here.theirs}
    found = {
        address(name, there(row, which), where, user) for which, where in stages.items() for name, row in READ.items()
    }
    asked = {
        f"{address(name, READ[name], here.ours, user)}?{query}" for name, some in SEARCHES.items() for query in some
    }
    public = {
        reverse(name, args=there(Row(args, *NO_ROW), which).args)
        for which in stages
        for name, (args, _) in OPEN.items()
    }
    return {*found, *asked, *public, *AROUND}


NO_ROW: tuple[Any, ...] = (frozenset(), (), {})


def told(user: User | None, paths: Iterable[str], *texts: str) -> set[tuple[str, str | int]]:
    """Pages on which a person is shown one of the texts, or which fail."""
    client, found = browser(user), set()
    for path in paths:
        answer = client.get(path)
        said = shown(answer)
        found |= {(path, text) for text in texts if text in said}
        found |= {(path, answer.status_code)} if answer.status_code not in {200, 302, 403, 404, 409} else set()
    return found


TOGETHER = frozenset(Role) - {Role.CONTROL_INTERNO, Role.ADMINISTRADOR, Role.JEFE_OAP}  # one trail for the whole site


@pytest.mark.parametrize("roles", [TOGETHER, {Role.JEFE_OAP}, {Role.CONTROL_INTERNO}], ids=["together", "jefe", "oci"])
def test_nobody_of_our_sector_is_shown_what_another_wrote(here: Places, roles: frozenset[Role]) -> None:
    user = somebody(here.ours, "sector", roles)
    trail = Role.JEFE_OAP in roles or Role.CONTROL_INTERNO in roles
    asked = {path for path in pages(here, user) if not (trail and "bitacora" in path)}

    assert told(user, asked, CANARY) == set()


@pytest.mark.parametrize("roles", [TOGETHER, {Role.EQUIPO}, {Role.DIRECTIVO}], ids=["together", "team", "reader"])
def test_nobody_of_our_alcaldia_is_shown_what_its_neighbour_wrote(here: Places, roles: frozenset[Role]) -> None:
    user = somebody(here.ours, "own", roles)

    assert told(user, pages(here, user), CANARY, BESIDE) == set()


def test_nobody_of_our_area_is_shown_what_its_neighbour_wrote(here: Places) -> None:
    user = somebody(here.ours, "leading", TOGETHER)

    assert told(user, pages(here, user), CANARY, BESIDE) == set()


def somebody(where: Stage, relation: str, roles: Iterable[Role]) -> User:
    """A person with some roles in a place, and a second factor."""
    user = people.with_second_factor(people.person(f"Alguien en {relation}"))
    for role in roles:
        matrix.grant(user, where.places[relation], role)
    return user


# What another sector wrote is on every page about it, units and all; only two tell of no unit.
OF_NO_UNIT = {"evaluation:auditor-columns", "evaluation:auditor-report-file"}
# Of the neighbour, whose unit is no secret, the texts: on the pages that show texts of reports.
TEXTS = {
    *("tracking:report", "tracking:report-review", "tracking:report-history", "tracking:goal-evidence (the team's)"),
    *("tracking:goal-evidence", "tracking:evidence (of a goal)", "tracking:evidence (of an area's goal)"),
    *("tracking:central-table", "tracking:report-workbook-export", "tracking:central-workbook-export"),
    *("tracking:delegations", "evaluation:score-goal", "tracking:report-submit"),
}


@pytest.mark.parametrize(
    ("which", "mark", "telling"),
    [("theirs", CANARY, set(READ) - OF_NO_UNIT), ("beside", BESIDE, TEXTS)],
    ids=["theirs", "beside"],
)
def test_the_canary_is_where_it_should_be(here: Places, which: str, mark: str, telling: set[str]) -> None:
    """The tests above would pass with no canary at all: whoever may is shown it on every page that says something."""
    where: Stage = getattr(here, which)
    user = somebody(where, "sector", frozenset(Role))
    year = "?vigencia=2022"  # the sector's plan goes on after it
    paths = {name: address(name, there(READ[name], which), where, user) + year for name in telling}

    assert {name for name, path in paths.items() if not told(user, [path], mark)} == set()


@pytest.mark.rule("PG-08", "AZ2")
def test_an_area_is_shown_its_goal_and_nothing_else_of_the_report(here: Places) -> None:
    ours, them = here.ours, here.ours.found.them
    second = ours.entry(2)
    Goal.objects.filter(pk=second.goal_id).update(text=SECRET)
    GoalNarrative.objects.filter(pk=second.pk).update(accumulated_analysis=SECRET, delay_causes=SECRET)
    corrections.correct(second, "analysis", SECRET, reason=SECRET, by=them.ana)
    for entry in (second, None):
        raise_observation(ours.report, entry, "", SECRET, by=them.ana)
    comments.comment(ours.entry(1), SECRET, by=them.marta)
    user = somebody(ours, "leading", TOGETHER)

    assert told(user, pages(here, user), SECRET) == set()


@pytest.mark.rule("AZ1")
def test_only_the_team_reads_what_it_tells_itself(here: Places) -> None:
    ours = here.ours
    comments.comment(ours.entry(2), SECRET, by=ours.found.them.marta)
    user = somebody(ours, "sector", TOGETHER - FILLERS)
    team = somebody(ours, "own", {Role.EQUIPO})

    assert told(user, pages(here, user), SECRET) == set()
    assert told(team, [ours.report.get_absolute_url()], SECRET) != set()


@pytest.mark.rule("AZ15", "AU6")
def test_messages_tell_nobody_what_another_wrote(here: Places, django_capture_on_commit_callbacks: Any) -> None:
    with time_machine.travel(T2, tick=False), django_capture_on_commit_callbacks(execute=True):
        for person in people_to_write(T2.date()):
            send_digest(person, now=T2)
    written = {to: f"{one.body} {one.alternatives}" for one in mail.outbox for to in one.to}
    them, nora = here.theirs.found.them, here.beside.found.them.marta
    ours = {here.ours.found.them.marta.email, here.ours.found.teresa.email} & set(written)

    assert ours
    assert {to for to in ours if CANARY in written[to] or BESIDE in written[to]} == set()
    assert CANARY in written[them.marta.email]
    assert BESIDE in written[nora.email]
    assert CANARY not in written[nora.email]


@pytest.mark.rule("AZ12", "AZ13")
def test_citizens_read_the_published_results_and_nothing_that_was_said_inside(here: Places) -> None:
    make_public(here.ours)
    client = Client()
    inside = ["Revisen la cifra.", "Falta el anexo.", "Redacción.", "Fallas.", "Memorando 7", SECRET]
    hidden = [*inside, *User.objects.values_list("full_name", flat=True), *User.objects.values_list("email", flat=True)]

    said = {name: shown(client.get(reverse(name, args=args))) for name, (args, _) in OPEN.items()}

    assert {(name, text) for name, page in said.items() for text in hidden if text in page} == set()
    assert here.ours.plan.unit.name in said["evaluation:public-result"]
    assert "25" in shown(client.get(reverse("evaluation:public-unit-results", args=P)))
