"""Every route × every role: a signed-off table, so that a new route without a line here fails (AZ1).

The table names roles, not permissions: a permission given to one role too many shows here. Who is not listed and has
an account gets 403; who is listed, but for another sector, gets 404 where the route is about a sector's object; who
has no account goes to the login page. Every answer is rolled back.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone

from pes.models import (
    InvestmentProject,
    Job,
    Membership,
    NonWorkingDay,
    OrganizationUnit,
    StrategicFramework,
    User,
    Workshop,
)
from pes.permissions import Role
from tests import make, people
from tests.evaluation import phase_matrix_world as last_phases
from tests.evaluation.sector import Sector, sector
from tests.matrix_templates import blank
from tests.once import once
from tests.pes import phase_rows as phases
from tests.plans import matrix_world as plans
from tests.repository.tree import APPS
from tests.tracking import matrix_world as reports
from tests.tracking import territory_matrix_world as territories
from tracking.models import Measurement

pytestmark = [pytest.mark.django_db, pytest.mark.rule("AZ1", "AZ2", "AZ16", "AZ17", "AZ18")]

ADMIN = frozenset({Role.ADMINISTRADOR})
HEADS = frozenset({Role.JEFE_OAP})
EDITORS = HEADS | {Role.ANALISTA_OAP}
INDICATORS = EDITORS | {Role.ENLACE_ENTIDAD}
MEASURERS = INDICATORS | {Role.GERENTE_PROYECTO}
READERS = frozenset(Role) - ADMIN
PUBLISHERS = HEADS | {Role.COMUNICACIONES}
CALENDAR = HEADS | ADMIN
AUDITORS = HEADS | ADMIN | {Role.CONTROL_INTERNO}


@dataclass(frozen=True)
class Line:
    """Who may, what they get, and what who may elsewhere gets (None: the route is about nobody's sector)."""

    who: frozenset[Role]
    status: int = 200
    elsewhere: int | None = 404
    post: bool = False
    partly: tuple[frozenset[Role], int] = (frozenset(), 403)  # listed by the view, refused by the verb


S, E, V = "gestion-publica", "secretaria-general", 2022
REPORT = (S, "monthly", "2022-03")
TABLE: dict[str, tuple[tuple[Any, ...], Line]] = {
    "pes:sectors": ((), Line(READERS, elsewhere=None)),
    "pes:plan": ((S,), Line(READERS)),
    "pes:projects": ((S,), Line(READERS)),
    "pes:project-new": ((S,), Line(EDITORS)),
    "pes:project-edit": ((S, "project"), Line(EDITORS)),
    "pes:framework": ((E,), Line(READERS)),
    "pes:framework-new": ((E,), Line(EDITORS)),
    "pes:framework-edit": ((E, "framework"), Line(EDITORS)),
    "pes:framework-objective-new": ((E, "framework"), Line(EDITORS)),
    "pes:framework-objective-edit": ((E, "framework", 1), Line(EDITORS)),
    "pes:workshops": ((), Line(READERS, elsewhere=None)),
    "pes:workshop-new": ((), Line(EDITORS, elsewhere=None)),
    "pes:workshop": (("workshop",), Line(READERS)),
    "pes:workshop-correct": (("workshop",), Line(EDITORS)),
    "administration:people": ((), Line(ADMIN, elsewhere=None)),
    "administration:person-invite": ((), Line(ADMIN, elsewhere=None)),
    "administration:person": (("person",), Line(ADMIN)),
    "administration:membership-grant": (("person",), Line(ADMIN, 422, post=True)),
    "administration:person-deactivate": (("person",), Line(ADMIN, 422, post=True)),
    "administration:person-reactivate": (("person",), Line(ADMIN, 422, post=True)),
    "administration:invitation-resend": (("person",), Line(ADMIN, 302, post=True)),
    "administration:membership-end": (("membership",), Line(ADMIN)),
    "administration:units": ((), Line(ADMIN, elsewhere=None)),
    "administration:unit-new": ((), Line(ADMIN, elsewhere=None)),
    "administration:unit": ((S,), Line(ADMIN)),
    "administration:unit-deactivate": ((S,), Line(ADMIN, 422, post=True)),
    "administration:unit-reactivate": ((S,), Line(ADMIN, 422, post=True)),
    "administration:calendar": ((), Line(CALENDAR, elsewhere=None)),
    "administration:day-new": ((), Line(CALENDAR, 422, elsewhere=None, post=True)),
    "administration:day-remove": (("day",), Line(CALENDAR, elsewhere=None)),
    "administration:methodology": ((), Line(HEADS, elsewhere=None)),
    "administration:vigencia-new": ((), Line(HEADS, 422, elsewhere=None, post=True)),
    "administration:methodology-year": ((V,), Line(HEADS, elsewhere=None)),
    "administration:methodology-draft": ((V,), Line(HEADS, 422, elsewhere=None, post=True)),
    "administration:methodology-publish": ((V,), Line(HEADS, 302, elsewhere=None, post=True)),
    "administration:audit": ((), Line(AUDITORS, elsewhere=None)),
    "administration:audit-verification": ((), Line(AUDITORS, elsewhere=None)),
    "tracking:measurement-new": ((S, "1"), Line(MEASURERS, partly=(frozenset({Role.GERENTE_PROYECTO}), 403))),
    "tracking:measurement": (("measurement",), Line(READERS)),
    "tracking:measurement-correct": (
        ("measurement",),
        Line(MEASURERS, partly=(frozenset({Role.GERENTE_PROYECTO}), 403)),
    ),
    "tracking:evidence-add": (("measurement",), Line(MEASURERS, 422, post=True)),
    "tracking:evidence": ((uuid.UUID(int=1),), Line(READERS, 404)),
    "evaluation:dashboard": ((S,), Line(READERS)),
    "evaluation:objective": ((S, 1), Line(READERS)),
    "evaluation:objective-export": ((S, 1), Line(READERS)),
    "evaluation:indicator": ((S, "1"), Line(READERS)),
    "evaluation:measurements-export": ((S, "1"), Line(READERS)),
    "evaluation:explanation": ((S,), Line(READERS)),
    "evaluation:weights-home": ((S,), Line(READERS, 302)),
    "evaluation:objective-weights": ((S, V), Line(READERS)),
    "evaluation:objective-weights-preview": ((S, V), Line(EDITORS, post=True)),
    "evaluation:objective-weights-save": ((S, V), Line(EDITORS, 422, post=True)),
    "evaluation:weights": ((S, V, 1), Line(READERS)),
    "evaluation:weights-preview": ((S, V, 1), Line(EDITORS, post=True)),
    "evaluation:weights-save": ((S, V, 1), Line(EDITORS, 409, post=True)),
    "evaluation:weights-lock": ((S, V, 1), Line(HEADS, 422, post=True)),
    "evaluation:weights-reopen": ((S, V, 1), Line(HEADS, 422, post=True)),
    "evaluation:cutoffs": ((S,), Line(READERS)),
    "evaluation:cutoff-consolidate": ((S, "2022-03-31"), Line(HEADS, 302, post=True)),
    "evaluation:project": ((S, "project"), Line(READERS)),
    "evaluation:project-goal-new": ((S, "project"), Line(EDITORS)),
    "evaluation:project-goal-link": ((S, "project"), Line(EDITORS)),
    "evaluation:project-goal-edit": ((S, "project", "nada"), Line(EDITORS, 404)),
    "evaluation:plan-export": ((S,), Line(READERS)),
    "evaluation:reports": ((S,), Line(READERS)),
    "evaluation:report": (REPORT, Line(READERS)),
    "evaluation:report-request": (REPORT, Line(EDITORS, 302, post=True)),
    "evaluation:report-issue": (REPORT, Line(HEADS, 422, post=True)),
    "evaluation:report-publish": ((*REPORT, 1), Line(PUBLISHERS, 404, post=True)),
    "evaluation:report-file": ((*REPORT, 0, "pdf"), Line(READERS, 404)),
}
# Open to everybody, or to every account; what they show is tested with each of them.
OPEN = {
    "pes:demo-door": 404,  # without PES_DEMO the demonstration has no door
    "pes:demo-login": 405,
    "administration:invitation": 410,
    "evaluation:portal": 200,
    "evaluation:portal-report": 404,
    "evaluation:portal-file": 404,
}
ACCOUNTS = {"pes:home": 200, "pes:second-factor": 200}
OWN = {"pes:job", "administration:index"}  # whoever asked for it; whoever administers something
SAMPLES = {
    "administration:invitation": ("x",),
    "evaluation:portal-report": REPORT,
    "evaluation:portal-file": (*REPORT, 1, "pdf"),
}


@pytest.fixture(scope="module")
def made_once(django_db_setup, django_db_blocker) -> Iterator[Sector]:
    yield from once(furnished, django_db_blocker, timezone.now())


@pytest.fixture
def made(made_once: Sector, settings: Any) -> Sector:
    """The sector, with blank pages: what they say is tested elsewhere."""
    settings.TEMPLATES = blank(settings.TEMPLATES)
    return made_once


def furnished() -> Sector:
    """A sector with one of each thing that a route is about."""
    found = sector()
    InvestmentProject.objects.create(entity=found.them.head, code="7800", name="Proyecto de prueba")
    NonWorkingDay.objects.create(on=date(2099, 1, 2), reason="Día cívico")
    make.vigencia(V)
    make.strategic_objective(framework=make.framework(entity=found.them.head, by=found.them.ana), by=found.them.ana)
    make.workshop(units=[found.them.process], by=found.them.ana)
    return found


def address(name: str, made: Sector) -> str:
    """The address of a route about the sector's things."""
    things = {
        "project": lambda: InvestmentProject.objects.get().pk,
        "person": lambda: made.them.luis.pk,
        "membership": lambda: Membership.objects.get(user=made.them.luis).pk,
        "day": lambda: NonWorkingDay.objects.get().pk,
        "framework": lambda: StrategicFramework.objects.get().pk,
        "workshop": lambda: Workshop.objects.get().pk,
        "measurement": lambda: Measurement.objects.filter(indicator__key="1").get().pk,
    }
    return reverse(name, args=[things[arg]() if arg in things else arg for arg in TABLE[name][0]])


def somebody(role: Role, unit: OrganizationUnit, *more: Role) -> User:
    """Somebody with roles on a unit and a second factor."""
    user = people.with_second_factor(people.person(f"Prueba {role.value}", role, unit))
    for another in more:
        Membership.grant(user=user, unit=unit, role=another, starts_on=people.SINCE, by=None)
    return user


def answers(user: User | None, made: Sector, *, get: bool = False) -> dict[str, int]:
    """Status of every route of the table for a person, each asked in a transaction that is undone."""
    client = Client(raise_request_exception=False)
    if user:
        client.force_login(user)
    found = {}
    for name, (_, line) in TABLE.items():
        with transaction.atomic():
            ask = client.post if line.post and not get else client.get
            answer = ask(address(name, made))
            found[name] = answer.status_code
            if answer.status_code == 302 and answer["Location"].startswith("/cuenta/login/"):
                found[name] = 401
            transaction.set_rollback(True)
    return found


def expected(role: Role) -> dict[str, int]:
    """What the table says of a role on the sector."""
    said = {}
    for name, (_, line) in TABLE.items():
        few, refused = line.partly
        said[name] = refused if role in few else line.status if role in line.who else 403
    return said


@pytest.mark.parametrize("role", list(Role))
def test_a_role_on_the_sector_gets_what_the_table_says(made: Sector, role: Role) -> None:
    assert answers(somebody(role, made.them.sector), made) == expected(role)


def test_all_the_roles_of_another_sector_together_find_nothing_of_this_one(made: Sector) -> None:
    stranger = somebody(Role.JEFE_OAP, made.them.other_sector, *(frozenset(Role) - {Role.JEFE_OAP}))

    wanted = {name: line.status if line.elsewhere is None else line.elsewhere for name, (_, line) in TABLE.items()}

    assert answers(stranger, made) == wanted


def test_without_an_account_every_route_leads_to_the_login(made: Sector) -> None:
    assert set(answers(None, made).values()) == {401}


def test_a_deactivated_account_is_no_account(made: Sector) -> None:
    User.objects.filter(pk=made.them.jorge.pk).update(is_active=False)

    assert set(answers(made.them.jorge, made).values()) == {401}


def test_a_superuser_without_roles_approves_nothing_and_reads_nothing(made: Sector) -> None:
    root = people.with_second_factor(User.objects.create_superuser("root@ejemplo.invalid", full_name="Raíz"))

    assert set(answers(root, made).values()) == {403}


def test_what_changes_something_answers_only_to_post(made: Sector) -> None:
    everything = somebody(Role.JEFE_OAP, made.them.sector, Role.ADMINISTRADOR)
    by_get = answers(everything, made, get=True)

    assert {by_get[name] for name, (_, line) in TABLE.items() if line.post} == {405}


def test_what_is_open_is_listed_with_what_it_shows(made: Sector) -> None:
    client = Client()

    assert {name: client.get(reverse(name, args=SAMPLES.get(name, ()))).status_code for name in OPEN} == OPEN


def test_every_account_reaches_its_own_pages_and_nobody_elses_job(made: Sector) -> None:
    stranger = somebody(Role.ALCALDE_LOCAL, made.them.other_alcaldia)
    client = Client()
    client.force_login(stranger)
    job = Job.objects.order_by("pk").last()
    assert job is not None

    assert {name: client.get(reverse(name)).status_code for name in ACCOUNTS} == ACCOUNTS
    assert client.get(reverse("pes:job", args=[job.pk])).status_code == 404
    assert client.get(reverse("administration:index")).status_code == 403


def test_every_route_of_ours_is_in_the_table() -> None:
    declared = set(TABLE) | set(OPEN) | set(ACCOUNTS) | OWN
    declared |= set(plans.TABLE) | set(plans.OPEN)  # asked in tests/plans/test_plan_access_matrix.py
    declared |= reports.routes(reports.TABLE) | set(
        reports.OPEN
    )  # asked in tests/tracking/test_report_access_matrix.py
    declared |= phases.routes()  # asked in tests/pes/test_phase_access_matrix.py
    for half in (last_phases, territories):  # asked in the test_*_access_matrix.py beside each of them
        declared |= reports.routes(half.TABLE) | reports.routes(half.OPEN)

    assert set(ours()) == declared


def ours() -> list[str]:
    """Names of the routes whose views are ours."""

    def walk(patterns: list[Any], space: str) -> list[str]:
        found = []
        for entry in patterns:
            if isinstance(entry, URLResolver):
                found += walk(entry.url_patterns, f"{space}{entry.namespace}:" if entry.namespace else space)
            elif isinstance(entry, URLPattern) and entry.callback.__module__.split(".")[0] in APPS:
                found.append(f"{space}{entry.name}")
        return found

    return walk(get_resolver().url_patterns, "")
