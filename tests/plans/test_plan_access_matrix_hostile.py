"""What is tried against plans from outside their pages: other methods, other fields, other people's ids, old rights."""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import models, transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from pes.models import Membership, OrganizationUnit, UnitKind, User
from pes.permissions import Role
from plans import shared_goals
from plans.inbox import lifecycle_items
from plans.models import ChangeRequest, Contribution, Goal, GoalTemplate, Observation, PlanGestion
from plans.rules.changes import ChangeKind
from tests import make, matrix, people
from tests.change_makers import MAY, drafted
from tests.matrix import address, ask, browser
from tests.once import once
from tests.plans.matrix_world import TABLE, Stage, kept, stage
from tests.plans.test_plan_access_matrix import stranger

pytestmark = [pytest.mark.django_db, pytest.mark.exhaustive]


@pytest.fixture(scope="module")
def stage_of_module(django_db_setup, django_db_blocker) -> Iterator[Stage]:
    yield from once(stage, django_db_blocker, MAY)


@pytest.fixture
def here(stage_of_module: Stage) -> Iterator[Stage]:
    with time_machine.travel(MAY, tick=False):
        yield stage_of_module


def everything(here: Stage) -> User:
    """Somebody with every role on our sector."""
    return matrix.everything(here.found.them.sector, "Todo Propio")


@pytest.mark.rule("AZ16")
def test_a_fragment_and_a_head_obey_the_same_policy(here: Stage) -> None:
    outsiders = (stranger(here), here.somebody(Role.EQUIPO, "leading"))
    wrong = []
    for user in outsiders:
        client = browser(user)
        for name, row in TABLE.items():
            with transaction.atomic():
                plain = ask(client, name, row, here, user).status_code
                by_htmx = ask(client, name, row, here, user, **{"HX-Request": "true"}).status_code
                head = plain if row.is_post else client.head(address(name, row, here, user)).status_code
                transaction.set_rollback(True)
            if len({plain, by_htmx, head}) > 1:
                wrong.append((user.full_name, name, plain, by_htmx, head))

    assert wrong == []


@pytest.mark.rule("AZ16")
def test_no_other_method_and_no_trailing_newline_is_answered(here: Stage) -> None:
    user = everything(here)
    client = browser(user)
    answered = set()
    for name, row in TABLE.items():
        where = address(name, row, here, user)
        other = client.get if row.is_post else client.post
        asked = {"the other": other, **{method: getattr(client, method) for method in ("options", "put", "delete")}}
        answered |= {(name, method) for method, call in asked.items() if call(where).status_code != 405}
        answered |= {(name, "newline")} if client.get(f"{where}%0A").status_code != 404 else set()

    assert answered == {("plans:shared-goal-new", "the other"), ("plans:request-new", "the other")}  # pages with a form


@pytest.mark.rule("AZ16")
def test_without_an_account_a_fragment_sends_the_whole_page_to_the_login(here: Stage) -> None:
    answers = [ask(Client(), name, row, here, None, **{"HX-Request": "true"}) for name, row in TABLE.items()]

    assert {(answer.status_code, answer.content) for answer in answers} == {(204, b"")}
    assert all(answer["HX-Redirect"].startswith("/cuenta/login/") for answer in answers)


EXTRA = {
    "status": "published",
    "estado": "published",
    "proceso": "PLE-PIN",
    "plan": "1",
    "goal_id": "1",
    "owner_id": "1",
    "edition": "99",
    "consolidated_quarter": "4",
    "aprobado_por": "1",
    "decided_by": "1",
    "validated_by": "1",
    "by": "1",
    "first_reported_at": "2022-01-01",
}
# Acts that ask for nothing, and read nothing.
BARE = {
    *("goal-new", "goals-order", "goal-remove", "goal-restore", "fix", "submit", "publish", "close", "validate"),
    *("request-study", "workbook-apply", "contribution-answer", "cells"),
}


def rows() -> dict[str, list[Any]]:
    """Every row that an act could have changed, without its own key."""
    kinds: tuple[type[models.Model], ...] = (
        PlanGestion,
        Goal,
        GoalTemplate,
        ChangeRequest,
        Observation,
        Contribution,
    )
    return {
        kind.__name__: [
            {name: value for name, value in row.items() if name != "id"}
            for row in kind._default_manager.order_by("pk").values()
        ]
        for kind in kinds
    }


@pytest.mark.rule("AZ9")
def test_a_field_that_an_act_does_not_ask_for_is_ignored_and_logged(
    here: Stage, caplog: pytest.LogCaptureFixture
) -> None:
    user = everything(here)
    client = browser(user)
    changed, silent = set(), set()
    for name, row in TABLE.items():
        if not isinstance(row.sent, dict):
            continue
        found = []
        for extra in ({}, EXTRA):
            with transaction.atomic():
                caplog.clear()
                for file in row.sent.values():
                    if isinstance(file, SimpleUploadedFile):
                        file.seek(0)
                status = client.post(address(name, row, here, user), {**extra, **row.sent}).status_code
                found.append((status, rows()))
                transaction.set_rollback(True)
        changed |= {name} if found[0] != found[1] else set()
        silent |= {name} if not any("aprobado_por" in record.getMessage() for record in caplog.records) else set()

    assert changed == set()
    assert silent == {f"plans:{name}" for name in BARE - {"cells"}}


def body(answer: HttpResponse, typed: str) -> tuple[int, str]:
    """An answer without what changes with each page, and without what was typed."""
    text = re.sub(r'name="csrfmiddlewaretoken" value="[^"]*"|nonce="[^"]*"', "", answer.content.decode())
    return answer.status_code, text.replace(typed, "…")


def units_of(parent: OrganizationUnit, kind: UnitKind, pk: int) -> OrganizationUnit:
    """A unit whose id is not found by chance in a page."""
    return OrganizationUnit.objects.create(pk=pk, code=f"X-{pk}", name=f"Unidad {pk}", kind=kind, parent=parent)


@pytest.mark.rule("AZ2", "AZ10")
def test_an_id_of_another_sector_is_answered_as_one_that_does_not_exist(here: Stage) -> None:
    them = here.found.them
    request = drafted(here.plan.goals.get(number=2), by=them.marta)
    entity = units_of(them.other_sector, UnitKind.ENTITY, 987_654_321)
    unit = units_of(entity, UnitKind.ALCALDIA_LOCAL, 987_654_322)
    foreign = {"unit": str(unit.pk), "entity": str(entity.pk), "code": unit.code}
    client = browser(everything(here))
    new = {"text": "Jornadas", "kind": "Transversal", "vigencia": "2022"}
    template, own = [here.template.pk], here.plan
    tried: list[tuple[str, dict[str, str], str, str]] = [
        (reverse("plans:open-all"), {"vigencia": "2022"}, "entity", foreign["entity"]),
        (reverse("plans:open-own"), {"vigencia": "2022"}, "unit", foreign["unit"]),
        (reverse("plans:shared-goal-new"), new, "owner", foreign["entity"]),
        (reverse("plans:shared-goal-assign", args=template), {}, "units", foreign["unit"]),
        (reverse("plans:shared-goal-withdraw", args=template), {"reason": "No"}, "unit", foreign["code"]),
        (reverse("plans:shared-goal-save", args=template), {"text": "Otra"}, "central_area", foreign["code"]),
        (request.url("request-save"), {"ground": "ordinary"}, "local_office", foreign["unit"]),
        (request.url("request-save"), {"ground": "ordinary"}, "central_area", foreign["code"]),
        (own.url("observation-new"), {"text": "Hola"}, "goal", "123456"),
        (own.url("goals-order"), {"direction": "up"}, "goal", "123456"),
    ]

    different = {}
    for where, sent, name, value in tried:
        answers = []
        for typed in (value, "9" * len(value)):
            with transaction.atomic():
                answers.append(body(client.post(where, {**sent, name: typed}, follow=True), typed))
                transaction.set_rollback(True)
        if answers[0] != answers[1] or answers[0][0] >= 500:
            different[where, name] = answers[0][0], answers[1][0]

    assert different == {}


@pytest.mark.rule("AZ2", "AZ10")
def test_a_foreign_address_is_answered_as_one_that_does_not_exist(here: Stage) -> None:
    client, user = browser(stranger(here)), here.found.them.marta
    pairs = [
        (here.plan.get_absolute_url(), "/planes/AL-77/2022/"),
        (here.plan.url("goal", 1), "/planes/AL-77/2022/metas/1/"),
        (here.request.get_absolute_url(), "/planes/solicitudes/987654/"),
        (reverse("plans:shared-goal", args=[here.template.pk]), "/planes/metas-compartidas/987654/"),
        (here.plan.url("workbook-preview", kept(here, user).pk), here.plan.url("workbook-preview", uuid.uuid4())),
    ]

    answers = [[body(client.get(path), path) for path in pair] for pair in pairs]

    assert {answer[0] for pair in answers for answer in pair} == {404}
    assert [one == other for one, other in answers] == [True] * len(pairs)


@pytest.mark.rule("AZ10")
def test_nobody_opens_what_another_person_sent(here: Stage) -> None:
    upload = kept(here, here.found.them.marta)
    client = browser(here.somebody(Role.ALCALDE_LOCAL, "own"))
    names = ("workbook-preview", "workbook-apply", "workbook-annotated")

    asked = [
        getattr(client, "post" if name == "workbook-apply" else "get")(here.plan.url(name, upload.pk)) for name in names
    ]

    assert [answer.status_code for answer in asked] == [404, 404, 404]


@pytest.mark.rule("AZ3", "AZ14")
def test_fifty_cells_with_one_forbidden_change_nothing_and_name_it(here: Stage) -> None:
    them = here.found.them
    unit = people.unit("AL-08", UnitKind.ALCALDIA_LOCAL, them.head, "Alcaldía Local de Kennedy")
    leader = people.with_second_factor(people.person("Kiara Kennedy", Role.ALCALDE_LOCAL, unit))
    plan = make.management_plan(unit=unit, by=leader, status="draft", goals=50)
    shared_goals.assign(here.template, [unit], by=here.found.teresa)
    cells = [{"goal": n, "field": "text", "was": None, "value": "Otra"} for n in range(2, 52)]

    answer = browser(leader).post(plan.url("cells"), json.dumps({"changes": cells}), content_type="application/json")

    assert answer.status_code == 403
    assert [error["goal"] for error in answer.json()["errors"]] == [51]
    assert not plan.goals.filter(text="Otra").exists()


@pytest.mark.rule("AZ14")
def test_plans_are_assigned_a_goal_all_or_none(here: Stage) -> None:
    them = here.found.them
    free = people.unit("AL-09", UnitKind.ALCALDIA_LOCAL, them.head, "Alcaldía Local de Fontibón")
    make.management_plan(unit=free, status="draft")
    page = browser(people.with_second_factor(here.found.teresa))

    units = [str(free.pk), str(here.plan.unit_id)]
    answer = page.post(reverse("plans:shared-goal-assign", args=[here.template.pk]), {"units": units})

    assert answer.status_code == 422
    assert not here.template.goals.exists()


@pytest.mark.rule("AZ20")
def test_who_moves_to_another_alcaldia_loses_this_one_at_once_and_stays_in_its_history(here: Stage) -> None:
    them = here.found.them
    marta = people.with_second_factor(them.marta)
    client = browser(marta)
    before = client.get(here.plan.get_absolute_url()).status_code
    drafted(here.plan.goals.get(number=2), by=marta, kind=ChangeKind.ELIMINATE)
    role = Membership.objects.get(user=marta)
    role.end(on=MAY.date() - timedelta(days=1), by=them.alicia, reason="Se traslada")
    there = OrganizationUnit.objects.create(
        code="AL-10", name="Alcaldía Local de Engativá", kind=UnitKind.ALCALDIA_LOCAL, parent=them.head
    )
    Membership.grant(user=marta, unit=there, role=Role.ALCALDE_LOCAL, starts_on=MAY.date(), by=them.alicia)
    new = make.management_plan(unit=there, by=marta, status="draft")

    answers = {
        name: ask(client, name, row, here, marta).status_code for name, row in TABLE.items() if row.is_about_something
    }
    work = [item["url"] for item in lifecycle_items(marta)]

    assert before == 200
    assert set(answers.values()) <= {403, 404}
    assert work == [new.get_absolute_url()]
    assert here.plan.get_absolute_url() not in client.get(reverse("plans:list")).content.decode()
    analyst = browser(people.with_second_factor(them.ana))
    assert "Marta Alcaldesa" in analyst.get(here.plan.get_absolute_url()).content.decode()
