"""A text that only another sector wrote appears in nothing that this one is shown; citizens see what is published (AZ11, AZ12)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from pes.frameworks import add_objective
from pes.models import Membership, OrganizationUnit, StrategicFramework, StrategicObjective, UnitKind, User
from pes.permissions import ROLES, Permission, Role
from plans import consultations
from plans.models import PlanGestion, PlanUpload
from tests import make, people
from tests.change_makers import MAY, MEMO, WHY, World, request_at, world
from tests.matrix import Row
from tests.pes_books import run
from tests.plan_makers import GOAL
from tests.plans.books import exported
from tests.plans.matrix_world import OPEN, TABLE, Stage, kept, stage

pytestmark = [pytest.mark.django_db, pytest.mark.exhaustive, pytest.mark.rule("AZ11")]
CANARY = "Quetzalcóatl"
MARK = f" {CANARY}"
SEARCHES = {
    "plans:list": ["vigencia=2022", "estado=published", "estado=in_review", "nivel=local", "pagina=2"],
    "plans:requests": ["estado=", "estado=awaiting_opinion", "estado=draft&pide=modify", "vigencia=2022&nivel=local"],
    "plans:review-queue": ["estado=official", "estado=with_observations", "vigencia=2022", "nivel=central"],
    "plans:shared-goals": ["vigencia=2022"],
    "plans:review": ["ver=observations", "meta=1"],
    "plans:goals": ["desde=2"],
    "plans:versions": ["antes=1&despues=2"],
}
ROLL_UP = "/sectores/gestion-publica/objetivos/1/?vigencia=2022"
ELSEWHERE = (
    "/",
    "/sectores/",
    "/sectores/gestion-publica/pes/",
    "/sectores/gobierno/pes/",
    "/sectores/gestion-publica/tablero/?vigencia=2022",
    ROLL_UP,
    "/mesas/",
    "/entidades/secretaria-general/marco/",
    "/entidades/sdg/marco/",
    "/administracion/bitacora/",
    "/administracion/bitacora/?objeto=plans.goal",
)


@pytest.fixture
def sectors() -> Iterator[tuple[Stage, Stage]]:
    """Two sectors with everything; the second is another's, and whatever was written there holds the canary."""
    mine = world()
    theirs = stage(abroad(mine), MARK)
    kept(theirs, theirs.found.them.marta)
    PlanUpload.objects.update(name=f"{CANARY}.xlsx")
    with time_machine.travel(MAY, tick=False):
        more_abroad(theirs)
        here = stage(mine)
        serve_ours(here)
        yield here, theirs


def abroad(mine: World) -> World:
    """The same people in the other sector, where even the units are called after the canary."""
    them = mine.them
    for unit in (them.other_sector, them.other_entity, them.other_alcaldia):
        OrganizationUnit.objects.filter(pk=unit.pk).update(name=f"{unit.name}{MARK}")
        unit.refresh_from_db()
    leading = people.unit("X-GLJ", UnitKind.PROCESS, them.other_entity, f"Gestión Jurídica{MARK}")
    office = people.unit("X-SGL", UnitKind.OFFICE, them.other_entity, f"Gestión Local{MARK}")
    theirs = replace(
        them,
        sector=them.other_sector,
        head=them.other_entity,
        process=leading,
        alcaldia=them.other_alcaldia,
        marta=them.oscar,
        luis=people.person("Lucas Ajeno", Role.LIDER_PROCESO, leading),
        ana=people.person("Analista Ajena", Role.ANALISTA_OAP, them.other_sector),
        jorge=people.person("Jefe Ajeno", Role.JEFE_OAP, them.other_sector),
    )
    return World(
        theirs,
        leading,
        office,
        teresa=people.person("Transversal Ajena", Role.LIDER_TRANSVERSAL, leading),
        lola=people.person("Local Ajena", Role.CONCEPTO_LOCAL, office),
    )


def more_abroad(theirs: Stage) -> None:
    """What waits in each of their queues: a plan in review, a denied request; and a framework and a mesa of theirs."""
    them = theirs.found.them
    framework = StrategicFramework.objects.get(unit=them.head)
    add_objective(framework, number=9, text=f"Objetivo{MARK}", sector_objective=None, by=them.ana)
    make.workshop(units=[them.alcaldia], by=them.ana, topic=f"Mesa{MARK}", minutes=f"Acta{MARK}")
    make.management_plan(unit=them.process, by=them.luis, status="in_review", goals=[{"text": f"Meta{MARK}"}])
    second = theirs.plan.goals.get(number=2)
    request_at("denied", second, by=them.marta, world=theirs.found, justification=f"Otra{MARK}")


def serve_ours(here: Stage) -> None:
    """Our sector has a plan with an objective, which objectives of both entities serve."""
    objective = make.objective(plan=make.plan(sector=here.found.them.sector))
    StrategicObjective.objects.filter(number=1).update(sector_objective=objective)


def shown(answer: HttpResponse) -> str:
    """Everything that an answer says: its text, its headers, and each cell, comment and property of a workbook."""
    said = " ".join(f"{name}: {value}" for name, value in answer.items())
    if "spreadsheet" not in answer.get("Content-Type", ""):
        return said + answer.content.decode()
    book = load_workbook(BytesIO(answer.content))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    return f"{said} {book.properties} {[(cell.value, cell.comment and cell.comment.text) for cell in cells]}"


def args_of(row: Row, where: Stage) -> list[Any]:
    """What the address of a row needs in a sector."""
    own = {"AL-01": where.plan.unit.code}
    return [where.thing(own.get(arg, arg), None) for arg in row.args]


def pages(here: Stage, theirs: Stage) -> list[str]:
    """Every page of plans, about ours and about theirs, with every filter; and the pages around them."""
    found = [reverse(name, args=args_of(row, where)) for where in (here, theirs) for name, row in READ.items()]
    asked = [
        f"{reverse(name, args=args_of(READ[name], here))}?{query}" for name in SEARCHES for query in SEARCHES[name]
    ]
    return [*dict.fromkeys(found), *asked, *ELSEWHERE]


READ = {name: row for name, row in TABLE.items() if not row.is_post}


@pytest.mark.parametrize("roles", [list(Role)[at::3] for at in range(3)], ids=["first", "second", "third"])
def test_nobody_here_is_shown_what_another_sector_wrote(sectors: tuple[Stage, Stage], roles: list[Role]) -> None:
    here, theirs = sectors
    asked = pages(here, theirs)
    told, failed = set(), set()

    for role in roles:
        client = Client(raise_request_exception=False)
        client.force_login(here.somebody(role, "sector"))
        reads_trail = Permission.AUDIT_READ in ROLES[role].permissions  # one trail for the whole site
        for path in asked:
            if not (reads_trail and "bitacora" in path):
                answer = client.get(path)
                told |= {(role, path)} if CANARY in shown(answer) else set()
                failed |= {(role, path)} if answer.status_code not in {200, 302, 403, 404} else set()

    assert (told, failed) == (set(), set())


def test_the_canary_is_where_it_should_be(sectors: tuple[Stage, Stage]) -> None:
    """The test above would pass with no canary at all: whoever may is shown it on every page that says something."""
    _, theirs = sectors
    client = Client()
    client.force_login(people.with_second_factor(theirs.found.them.ana))

    silent = {
        name
        for name, row in READ.items()
        if Role.ANALISTA_OAP in row.door and CANARY not in shown(client.get(reverse(name, args=args_of(row, theirs))))
    }

    assert silent == set()


def test_the_goals_of_our_own_plan_are_rolled_up(sectors: tuple[Stage, Stage]) -> None:
    """The page of the objective that is read above has something to say."""
    here, _ = sectors
    client = Client()
    client.force_login(here.somebody(Role.DIRECTIVO, "sector"))

    assert here.plan.unit.name in shown(client.get(ROLL_UP))


@pytest.mark.rule("AZ2")
def test_an_import_into_another_sectors_plan_tells_nothing_of_it(sectors: tuple[Stage, Stage], tmp_path: Path) -> None:
    here, _ = sectors
    ours = here.plan.unit
    book = exported(tmp_path / "libro.xlsx", ours)

    answer, code = run(
        "import_plan", str(book), unit="AL-02", vigencia=2022, dry_run=True, email=here.found.them.marta.email
    )

    assert (code, [item["code"] for item in answer["errors"]]) == (1, ["forbidden"])
    assert CANARY not in str(answer)


SECRET = "Xochipilli"


@pytest.fixture
def published() -> Iterator[Stage]:
    """A published plan with all that was said inside, and around it what is nobody's to read yet."""
    here = stage()
    them = here.found.them
    Membership.project_all()
    with time_machine.travel(MAY, tick=False):
        goal = here.plan.goals.get(number=2)
        asked = {"justification": SECRET, "proposed": {"deliverable": SECRET}}
        request_at("denied", goal, by=them.marta, world=here.found, **asked)
        written = [dict.fromkeys(("text", "indicator", "responsible"), SECRET)]
        make.management_plan(unit=them.process, by=them.luis, status="draft", goals=written)
        process = here.found.leading
        scheduled = make.management_plan(unit=process, status="in_review", goals=written)
        days = {"opens_on": date(2022, 6, 1), "closes_on": date(2022, 6, 10)}
        consultations.open_consultation(scheduled, **days, channel="Carta", by=them.ana)
        waive_one(here)
        ask_citizens(here)
        yield here


def waive_one(here: Stage) -> None:
    """A plan that was exempted, for a reason that stays inside."""
    them = here.found.them
    unit = people.unit("AL-05", UnitKind.ALCALDIA_LOCAL, them.head)
    Membership.project_all()
    plan = make.management_plan(unit=unit, status="in_review", goals=[{"text": SECRET}])
    consultations.waive(plan, reason=SECRET, by=them.jorge)


def ask_citizens(here: Stage) -> None:
    """An open consultation: one contribution without answer, one whose words are withheld."""
    them = here.found.them
    unit = people.unit("AL-06", UnitKind.ALCALDIA_LOCAL, them.head)
    Membership.project_all()
    plan = make.management_plan(unit=unit, status="in_review", goals=[{"text": "Propuesta a la vista"}])
    days = {"opens_on": date(2022, 5, 1), "closes_on": date(2022, 5, 20)}
    consultations.open_consultation(plan, **days, channel="Carta", by=them.ana)
    consultations.contribute(plan, author_name=SECRET, text=SECRET)
    insult = consultations.contribute(plan, author_name=SECRET, text=SECRET)
    consultations.answer(insult, text="No se publica.", withheld_reason=SECRET, by=them.ana)


def open_pages() -> list[str]:
    """Every public address, about every plan, its files and its editions."""
    units = [*PlanGestion.objects.values_list("unit__code", flat=True), "AL-99"]
    found = {reverse("evaluation:portal")}
    for name, (args, _) in OPEN.items():
        found |= {reverse(name, args=[unit, *args[1:]] if args else []) for unit in units}
    for unit in units:
        found |= {reverse("plans:public-plan-file", args=[unit, 2022, suffix]) for suffix in ("xlsx", "csv", "json")}
    return [*sorted(found), f"{reverse('plans:public-plan', args=['AL-01', 2022])}?version=1"]


@pytest.mark.rule("AZ12")
def test_citizens_read_no_draft_no_observation_no_name_of_staff_and_no_rejected_request(published: Stage) -> None:
    inside = ["Falta precisar.", "Precisado.", WHY, MEMO, "Visto.", "Revisado por la OAP.", "Líder del proceso", SECRET]
    hidden = [*inside, *User.objects.values_list("full_name", flat=True), *User.objects.values_list("email", flat=True)]
    client = Client()

    said = {path: shown(client.get(path)) for path in open_pages()}

    assert {(path, text) for path, page in said.items() for text in hidden if text in page} == set()


@pytest.mark.rule("AZ12")
def test_citizens_read_what_is_published_and_what_is_asked_of_them(published: Stage) -> None:
    client = Client()
    plan, asked = (reverse(name, args=[unit, 2022]) for name, unit in SHOWN)

    assert GOAL["text"] in shown(client.get(plan))
    assert "Propuesta a la vista" in shown(client.get(asked))
    assert "No se publica." in shown(client.get(asked))


SHOWN = (("plans:public-plan", "AL-01"), ("plans:public-consultation", "AL-06"))
