"""A text that only another sector wrote in the making of its PES appears in nothing that this one is shown (AZ11)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import time_machine

from tests import matrix, people
from tests.matrix import address, browser, quietly
from tests.pes.phase_rows import OPEN, TABLE
from tests.pes.phase_world import MARCH, Stage, abroad, build, stage
from tests.plans.test_canary import CANARY, MARK
from tests.tracking.test_report_canary import shown

pytestmark = [pytest.mark.django_db, pytest.mark.exhaustive, pytest.mark.rule("AZ11")]
READ = {name: row for name, row in TABLE.items() if not row.is_post}
SEARCHES = {
    "pes:dofa-poll": ("fase=collecting",),
    "pes:road": ("fase=F2",),
    "pes:meetings": ("estado=closed", "pagina=2"),
    "pes:commitments": ("estado=open", "responsable=sdg"),
    "pes:approval-observations": ("entidad=sdg", "estado=abiertas"),
    "pes:resources": ("vigencia=2025",),
    "pes:section-history": ("texto=1&con=0",),
    "pes:plan-open": ("sector=gobierno",),
}
ELSEWHERE = (
    "/",
    "/sectores/",
    "/sectores/gestion-publica/pes/",
    "/sectores/gestion-publica/proyectos/",
    "/sectores/gestion-publica/tablero/",
    "/sectores/gobierno/proyectos/",
    "/mesas/",
    "/entidades/secretaria-general/marco/",
    "/entidades/sdg/marco/",
)
# Small files stand for rendered ones; a note that is not one's own, and a phase that has passed, lead to the board.
SAYS_NOTHING = {"pes:meeting-pdf", "pes:meeting-docx", "pes:version-draft-file", "pes:version-file", "pes:dofa-pdf"}
NO_TEXT_OF_THEIRS = SAYS_NOTHING | {"pes:dofa-note-edit", "pes:dofa-poll"}


@pytest.fixture(scope="module")
def of_module(django_db_setup, django_db_blocker, tmp_path_factory) -> Iterator[tuple[Stage, Stage]]:
    def both() -> tuple[Stage, Stage]:
        them = people.cast()
        theirs = stage(abroad(them, MARK), MARK)
        return stage(them), theirs

    yield from build(django_db_blocker, tmp_path_factory.mktemp("media"), both)


@pytest.fixture
def sectors(of_module: tuple[Stage, Stage], settings: Any) -> Iterator[tuple[Stage, Stage]]:
    settings.ROOT_URLCONF = "tests.matrix_urls"
    with time_machine.travel(MARCH, tick=False), quietly():
        yield of_module


def test_nobody_here_is_shown_what_another_sector_wrote(sectors: tuple[Stage, Stage]) -> None:
    """Somebody with every role on our sector reads all that anybody here reads."""
    here, theirs = sectors
    user = matrix.everything(here.them.sector, "Todo Propio")
    client, told, failed = browser(user), set(), set()
    asked = [address(name, row, where, user) for where in (here, theirs) for name, row in READ.items()]
    asked += [f"{address(name, READ[name], here, user)}?{query}" for name in SEARCHES for query in SEARCHES[name]]

    for path in dict.fromkeys([*asked, *ELSEWHERE]):
        answer = client.get(path)
        told |= {path} if CANARY in shown(answer) else set()
        failed |= {(path, answer.status_code)} if answer.status_code not in {200, 302, 404} else set()

    assert (told, failed) == (set(), set())


def test_the_canary_is_where_it_should_be(sectors: tuple[Stage, Stage]) -> None:
    """The test above would pass with no canary at all: whoever may is shown it on every page that says something."""
    _, theirs = sectors
    user = people.with_second_factor(theirs.them.jorge)
    client = browser(user)

    silent = {name for name, row in READ.items() if CANARY not in shown(client.get(address(name, row, theirs, user)))}

    assert silent == NO_TEXT_OF_THEIRS


@pytest.mark.rule("AZ12")
def test_citizens_read_nothing_of_what_is_still_being_made(sectors: tuple[Stage, Stage]) -> None:
    here, theirs = sectors
    client, inside = browser(None), set()
    hidden = [
        "Falta una cifra.",
        "Falta la fuente.",
        "La entidad orienta.",
        "Más árboles",
        "Equipo unido",
        "Enviar las",
    ]

    for where in (here, theirs):
        for name, (args, _) in OPEN.items():
            said = shown(client.get(matrix.reverse(name, args=[where.thing(arg, None) for arg in args])))
            inside |= {(name, text) for text in hidden if text in said}

    assert inside == set()
