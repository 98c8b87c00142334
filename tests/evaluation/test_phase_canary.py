"""A text that only another sector wrote of its last phases, or of its territory, appears in nothing that one is shown."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import pytest
import time_machine
from django.test import Client

from pes import registry
from pes.models import User
from pes.permissions import Role
from tests import matrix, people
from tests.evaluation import phase_matrix_world as phases
from tests.matrix import Row, address, browser, quietly
from tests.plans.test_canary import CANARY, MARK
from tests.territory_world import NOW, territory
from tests.tracking import territory_matrix_world as lands
from tests.tracking.matrix_world import build
from tests.tracking.test_report_canary import shown

pytestmark = [pytest.mark.django_db, pytest.mark.exhaustive, pytest.mark.rule("AZ11")]
SEARCHES = {
    "evaluation:viability": ["vigencia=2022"],
    "evaluation:bottlenecks": ["estado=todos", "entidad=sdg", "estado=solved", f"entidad={CANARY}"],
    "evaluation:actions": ["estado=todos", "entidad=sdg", "de=mias"],
    "evaluation:bottleneck-new": ["indicador=1"],
    "evaluation:cascade": ["vigencia=2022"],
    "pes:territory": ["region=otra-region", "orden=-avance", "avance=atraso"],
    "pes:territory-export": ["region=otra-region"],
    "tracking:assistances": ["region=otra-region", "mes=2025-05"],
    "tracking:assistances-export": ["region=otra-region"],
    "tracking:assistance-new": ["entidad=54109", "entidad=52019"],
    "evaluation:monitoring": ["region=otra-region&mes=2025-05", "mes=2025-05"],
    "evaluation:monitoring-workbook": ["region=otra-region&mes=2025-05", "mes=2025-05"],
    "evaluation:rating": ["mes=2025-05"],
}
AROUND = ("/", "/sectores/")


@dataclass(frozen=True)
class Pair:
    """Ours and another's, of one kind, with its table; and the codes that tell theirs in an address."""

    ours: Any
    theirs: Any
    table: Mapping[str, Row]
    codes: Mapping[str, str]

    @property
    def read(self) -> dict[str, Row]:
        """The rows that show something."""
        return {name: row for name, row in self.table.items() if not row.is_post}

    def there(self, row: Row) -> Row:
        """The row of a route, about their things."""
        return replace(row, args=tuple(self.codes.get(arg, arg) if isinstance(arg, str) else arg for arg in row.args))

    def pages(self, user: User) -> list[str]:
        """Every page about ours and about theirs, with every filter; and the pages around them."""
        found = [address(name, row, self.ours, user) for name, row in self.read.items()]
        foreign = [address(name, self.there(row), self.theirs, user) for name, row in self.read.items()]
        asked = [
            f"{address(name, self.read[name], self.ours, user)}?{query}"
            for name, some in SEARCHES.items()
            if name in self.read
            for query in some
        ]
        return [*dict.fromkeys([*found, *foreign, *asked, *AROUND])]


@dataclass(frozen=True)
class Pairs:
    """The last phases of two PES, and the territories of the same two sectors."""

    phase: Pair
    land: Pair


def pairs() -> Pairs:
    """Everything of theirs before ours, in June of 2025."""
    mine = territory()
    cast = mine.cast
    their_land = lands.stage(lands.abroad(mine, MARK), MARK, "54109")
    their_phases = phases.stage(phases.abroad(cast, MARK), MARK)
    codes = {"gestion-publica": "gobierno"}
    return Pairs(
        Pair(phases.stage(cast), their_phases, phases.TABLE, codes),
        Pair(lands.stage(mine), their_land, lands.TABLE, {}),
    )


@pytest.fixture(scope="module")
def pairs_of_module(django_db_setup, django_db_blocker, tmp_path_factory) -> Iterator[Pairs]:
    yield from build(django_db_blocker, tmp_path_factory.mktemp("media"), pairs, NOW)


@pytest.fixture
def here(pairs_of_module: Pairs, settings: Any) -> Iterator[Pairs]:
    settings.ROOT_URLCONF = "tests.matrix_urls"
    with time_machine.travel(NOW, tick=False), quietly():
        yield pairs_of_module


def telling(user: User | None, paths: Iterable[str]) -> set[tuple[str, int]]:
    """Pages that show the canary, or fail."""
    client, found = browser(user), set()
    for path in paths:
        answer = client.get(path)
        if CANARY in shown(answer) or answer.status_code not in {200, 302, 403, 404}:
            found.add((path, answer.status_code))
    return found


def somebody(where: Any, roles: Iterable[Role]) -> User:
    """A person with some roles on a sector, and a second factor."""
    user = people.with_second_factor(people.person("Alguien"))
    for role in roles:
        matrix.grant(user, where.places["sector"], role)
    return user


@pytest.mark.rule("GP-05")
def test_nobody_is_shown_what_another_sector_wrote(here: Pairs) -> None:
    """All the roles in one person, who is shown whatever any of them is; the trail is one for the whole site."""
    user = somebody(here.phase.ours, Role)
    asked = [*here.phase.pages(user), *here.land.pages(user)]

    assert telling(user, asked) == set()
    assert CANARY not in str(list(registry.collect("inbox", user)))


# Pages that say nothing of any one's sector.
SILENT = {
    "pes:territory-reference", "pes:territory-preview", "evaluation:monitoring-file", "pes:territory-entity-new",
    "pes:territory-book",
}  # fmt: skip


@pytest.mark.parametrize("which", ["phase", "land"])
def test_the_canary_is_where_it_should_be(here: Pairs, which: str) -> None:
    """The tests above would pass with no canary at all: whoever may is shown it on every page that says something."""
    pair: Pair = getattr(here, which)
    user = somebody(pair.theirs, frozenset(Role))
    paths = {name: address(name, pair.there(row), pair.theirs, user) for name, row in pair.read.items()}

    assert {name for name, path in paths.items() if not telling(user, [path])} - SILENT == set()


@pytest.mark.rule("AZ12", "AZ13")
def test_citizens_read_what_is_announced_and_nobodys_name(here: Pairs) -> None:
    names = [*User.objects.values_list("full_name", flat=True), *User.objects.values_list("email", flat=True)]
    inside = ["Contratación atrasada", "Reforzar", "Otra rendición", "¿Y las obras?", "Se revisó.", "Se avanzó."]
    client, said = Client(), {}
    for pair, routes in ((here.phase, phases.OPEN), (here.land, lands.OPEN)):
        for name, (args, _) in routes.items():
            where = address(name, Row(args, frozenset(), (), {}), pair.ours, None)
            said[name] = shown(client.get(where))

    assert {(name, text) for name, page in said.items() for text in [*names, *inside] if text in page} == set()
    assert "Rendición del semestre" in said["evaluation:public-events"]
    assert "Minga" in said["tracking:public-lessons"]
    assert "Mesas por vereda" not in said["tracking:public-lessons"]
