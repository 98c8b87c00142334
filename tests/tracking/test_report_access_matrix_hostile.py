"""What is tried against reports from outside their pages: other methods, other fields, other people's ids, old rights."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from pes.models import AuditEvent, Membership, OrganizationUnit, UnitKind, User
from pes.permissions import Role
from pes.rules.problems import Refused
from tests import matrix, people
from tests.answers import codes
from tests.matrix import address, ask, browser, quietly
from tests.matrix_templates import blank
from tests.tracking.matrix_rows import answered, put, rows
from tests.tracking.matrix_world import BY_AREA, JULY, TABLE, Stage, build, kept, picture
from tracking import delegations, goal_evidence, inbox, lifecycle
from tracking.filling import EntryChange, write_entries
from tracking.models import Evidence, QuarterReport

pytestmark = [pytest.mark.django_db, pytest.mark.exhaustive]


@pytest.fixture(scope="module")
def stage_of_module(django_db_setup, django_db_blocker, tmp_path_factory) -> Iterator[Stage]:
    yield from build(django_db_blocker, tmp_path_factory.mktemp("media"))


@pytest.fixture
def here(stage_of_module: Stage) -> Iterator[Stage]:
    with time_machine.travel(JULY, tick=False), quietly():
        yield stage_of_module


@pytest.fixture
def bare(here: Stage, settings: Any) -> Stage:
    """The same, where only the status of an answer matters."""
    settings.ROOT_URLCONF = "tests.matrix_urls"
    settings.TEMPLATES = blank(settings.TEMPLATES)
    return here


def stranger(here: Stage) -> User:
    """Somebody with every role on another sector."""
    return matrix.everything(here.found.them.other_sector, "Todo Ajeno")


def everything(here: Stage) -> User:
    """Somebody with every role on our sector."""
    return matrix.everything(here.found.them.sector, "Todo Propio")


@pytest.mark.rule("AZ16")
def test_a_fragment_and_a_head_obey_the_same_policy(bare: Stage) -> None:
    wrong = []
    for user in (stranger(bare), bare.somebody(Role.EQUIPO, "leading")):
        client = browser(user)
        for name, row in TABLE.items():
            with transaction.atomic():
                plain = ask(client, name, row, bare, user).status_code
                by_htmx = ask(client, name, row, bare, user, **{"HX-Request": "true"}).status_code
                head = ask(client, name, row, bare, user, head=True).status_code
                transaction.set_rollback(True)
            if len({plain, by_htmx, head}) > 1:
                wrong.append((user.full_name, name, plain, by_htmx, head))

    assert wrong == []


BOTH = {"tracking:report-submit", "tracking:report-extend", "tracking:goal-evidence"}  # pages with a form


@pytest.mark.rule("AZ16")
def test_no_other_method_and_no_trailing_newline_is_answered(bare: Stage) -> None:
    user = everything(bare)
    client = browser(user)
    answered_to = set()
    for name, row in TABLE.items():
        wbare = address(name, row, bare, user)
        other = client.get if row.is_post else client.post
        asked = {method: getattr(client, method) for method in ("options", "put", "patch", "delete")}
        if name.partition(" ")[0] not in BOTH:
            asked["the other"] = other
        answered_to |= {(name, method) for method, call in asked.items() if call(wbare).status_code != 405}
        answered_to |= {(name, "newline")} if client.get(f"{wbare}%0A").status_code != 404 else set()

    assert answered_to == set()


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
    "report": "1",
    "entry": "1",
    "aprobado_por": "1",
    "ponderacion": "99",
    "validated_by": "1",
    "by": "1",
    "is_late": "0",
    "due_on": "2030-01-01",
    "supplied_at": "2022-01-01",
    "achieved": "1",
}


@pytest.mark.rule("AZ9")
@pytest.mark.parametrize("state", ["in_review", "returned"])
def test_a_field_that_an_act_does_not_ask_for_changes_nothing(bare: Stage, state: str) -> None:
    put(bare.report, state)
    user = everything(bare)
    client, changed = browser(user), set()
    for name, row in TABLE.items():
        if not isinstance(row.sent, dict):
            continue
        found = []
        for extra in ({}, EXTRA):
            with transaction.atomic():
                for file in row.sent.values():
                    if hasattr(file, "seek"):
                        file.seek(0)
                known = {key: value for key, value in extra.items() if key != "achieved" or "save" not in name}
                status = client.post(address(name, row, bare, user), {**known, **row.sent}).status_code
                found.append((status, rows()))
                transaction.set_rollback(True)
        changed |= {name} if found[0] != found[1] else set()

    assert changed == set()


def body(answer: HttpResponse, typed: str) -> tuple[int, str]:
    """An answer without what changes with each page, and without what was typed."""
    text = re.sub(r'name="csrfmiddlewaretoken" value="[^"]*"|nonce="[^"]*"', "", answer.content.decode())
    return answer.status_code, text.replace(typed, "…")


@pytest.mark.rule("AZ2", "AZ10")
def test_a_foreign_address_is_answered_as_one_that_does_not_exist(here: Stage) -> None:
    client, marta = browser(stranger(here)), here.found.them.marta
    nobody = uuid.uuid4()
    pairs = [
        (here.report.url("report"), "/planes/AL-77/2022/trimestres/2/"),
        (here.report.url("report-review"), "/planes/AL-77/2022/trimestres/2/revision/"),
        (here.report.url("goal-evidence", 1), "/planes/AL-77/2022/trimestres/2/metas/1/evidencias/"),
        (here.report.url("report-workbook-preview", kept(here, marta)), here.report.url("report-workbook-preview", nobody)),
        (here.proof.get_absolute_url(), reverse("tracking:evidence", args=[nobody])),
        ("/metas-centrales/GLJ/2022/2/", "/metas-centrales/GLX/2022/2/"),
        ("/cierres/secretaria-general/2022/1/local/", "/cierres/secretaria-xx/2022/1/local/"),
    ]  # fmt: skip

    answers = [[body(client.get(path), path) for path in pair] for pair in pairs]

    assert {answer[0] for pair in answers for answer in pair} == {404}
    assert [one == other for one, other in answers] == [True] * len(pairs)


@pytest.mark.rule("AZ2", "AZ10")
def test_an_id_of_another_sector_is_answered_as_one_that_does_not_exist(here: Stage) -> None:
    them, report = here.found.them, here.report
    foreign = people.unit("X-987654322", UnitKind.ALCALDIA_LOCAL, them.other_entity, "Alcaldía Ajena")
    client = browser(everything(here))
    days = {"email": them.pilar.email, "starts_on": "2022-07-01", "ends_on": "2022-08-01", "document": "M"}
    link = {"link": "https://ejemplo.invalid/nueva", "name": "Nueva"}
    tried = [
        (reverse("tracking:delegation-new"), days, "unit", foreign.code),
        (report.url("goal-evidence", 1), link, "replaces", str(here.proof.pk)),
        (report.url("report-observation-new"), {"text": "Falta"}, "goal", "99"),
        (report.url("report-save"), {}, "goal", "99"),
        (reverse("tracking:central-save", args=["GLJ", 2022, 2]), {}, "e987654321-achieved", "98765"),
    ]

    different = {}
    for where, sent, name, value in tried:
        unknown = str(uuid.uuid4()) if len(value) == 36 else "9" * len(value)
        answers = []
        for typed in (value, unknown):
            with transaction.atomic():
                answers.append(body(client.post(where, {**sent, name: typed}, follow=True), typed))
                transaction.set_rollback(True)
        if answers[0] != answers[1] or answers[0][0] >= 500:
            different[where, name] = answers[0][0], answers[1][0]

    assert different == {}


@pytest.mark.rule("AZ10")
def test_nobody_opens_what_another_person_sent(here: Stage) -> None:
    of_report, of_table = kept(here, here.found.them.marta), kept(here, here.found.teresa, area=here.found.leading)
    client = browser(everything(here))
    names = [("workbook-preview", "get"), ("workbook-apply", "post"), ("workbook-annotated", "get")]

    asked = [getattr(client, method)(here.report.url(f"report-{name}", of_report)) for name, method in names]
    table = [reverse(f"tracking:central-{name}", args=["GLJ", 2022, 2, of_table]) for name, _ in names]
    asked += [getattr(client, method)(path) for path, (_, method) in zip(table, names, strict=True)]

    assert {answer.status_code for answer in asked} == {404}


@pytest.mark.rule("AZ3", "PG-08")
def test_a_leader_does_not_write_the_goal_of_a_central_area(here: Stage) -> None:
    put(here.report, "returned")
    marta, before = browser(here.found.them.marta), rows()
    goal = {"goal": "1", "was_analysis": BY_AREA["analysis"], "analysis": "Otro"}

    statuses = [
        marta.post(here.report.url("report-save"), goal).status_code,
        marta.post(here.report.url("goal-evidence", 1), {"link": "https://ejemplo.invalid/x"}).status_code,
        marta.post(reverse("tracking:evidence-withdraw", args=[here.central_proof.pk])).status_code,
    ]

    assert statuses == [403, 403, 403]
    assert rows() == before


@pytest.mark.rule("AZ4", "PG-R5")
@pytest.mark.parametrize("how", ["sent", "wrote"])
def test_who_sent_or_wrote_a_report_does_not_validate_it(here: Stage, how: str) -> None:
    them = here.found.them
    both = them.marta if how == "sent" else people.person("Petra Promotora", Role.PROMOTOR, them.alcaldia)
    matrix.grant(both, them.sector, Role.JEFE_OAP)
    put(here.report, "returned")
    if how == "wrote":
        write_entries(here.report, [EntryChange(2, {"analysis": "Otro"})], by=both)
    answered(here)
    lifecycle.submit(here.report, by=both if how == "sent" else them.marta)
    lifecycle.take(here.report, by=them.ana)

    with pytest.raises(Refused) as refused:
        lifecycle.validate(here.report, by=both)

    assert codes(refused) == ["author_is_reviewer"]
    lifecycle.validate(here.report, by=them.jorge)


@pytest.mark.rule("AZ5", "AZ6", "AZ7")
def test_a_delegate_sends_between_two_days_and_not_once_it_is_over(here: Stage) -> None:
    put(here.report, "returned")
    answered(here)
    dora = here.delegation.membership.user
    client = browser(dora)
    address_of = here.report.url("report-submit")

    assert client.get(address_of).status_code == 200
    delegations.end(here.delegation, by=here.found.them.marta, reason="Volvió el titular")
    assert client.post(address_of).status_code == 403
    assert QuarterReport.objects.get(pk=here.report.pk).status == "returned"


@pytest.mark.rule("AZ8", "WF21")
def test_evidence_is_served_to_who_may_now_and_not_once_it_is_taken_back(here: Stage) -> None:
    put(here.report, "returned")
    them = here.found.them
    made = goal_evidence.prove_with_file(here.entry(2), picture("", 11), by=them.marta)
    second = goal_evidence.prove_with_file(here.entry(2), picture("", 12), by=them.marta, replaces=here.proof)
    asked = {"marta": browser(them.marta), "stranger": browser(them.oscar), "area": browser(here.found.teresa)}

    def status(evidence: Evidence) -> dict[str, int]:
        return {name: client.get(evidence.get_absolute_url()).status_code for name, client in asked.items()}

    assert status(made) == status(second) == status(here.proof) == {"marta": 200, "stranger": 404, "area": 404}
    goal_evidence.withdraw(made, by=them.marta)
    assert status(made) == {"marta": 404, "stranger": 404, "area": 404}
    Membership.objects.get(user=them.marta).end(on=JULY.date() - timedelta(days=1), by=them.alicia, reason="Traslado")
    assert status(second)["marta"] == 403


@pytest.mark.rule("AZ20")
def test_who_moves_to_another_alcaldia_loses_this_one_at_once_and_stays_in_its_history(here: Stage) -> None:
    them = here.found.them
    client = browser(them.marta)
    before = client.get(here.report.get_absolute_url()).status_code
    Membership.objects.get(user=them.marta).end(on=JULY.date() - timedelta(days=1), by=them.alicia, reason="Traslado")
    there = OrganizationUnit.objects.create(
        code="AL-10", name="Alcaldía Local de Engativá", kind=UnitKind.ALCALDIA_LOCAL, parent=them.head
    )
    Membership.grant(user=them.marta, unit=there, role=Role.ALCALDE_LOCAL, starts_on=JULY.date(), by=them.alicia)

    answers = {
        name: ask(client, name, row, here, them.marta).status_code
        for name, row in TABLE.items()
        if row.is_about_something and name not in {"evaluation:standing", "evaluation:standing-export"}
    }
    items = [item["url"] for item in inbox.report_items(them.marta)]

    assert before == 200
    assert {name: status for name, status in answers.items() if status not in {403, 404}} == {}
    assert not any("AL-01" in url for url in items)
    reader = browser(here.somebody(Role.CONTROL_INTERNO, "sector"))
    assert "Marta Alcaldesa" in reader.get(here.report.url("report-history")).content.decode()


@pytest.mark.rule("AZ18")
def test_control_interno_reads_everything_and_leaves_no_trace(here: Stage) -> None:
    user = here.somebody(Role.CONTROL_INTERNO, "sector")
    client, before, events = browser(user), rows(), AuditEvent.objects.count()

    read = {name: row for name, row in TABLE.items() if not row.is_post and Role.CONTROL_INTERNO in row.door}
    got = {name: ask(client, name, row, here, user).status_code for name, row in read.items()}
    refused = {ask(client, name, row, here, user).status_code for name, row in TABLE.items() if row.is_post}

    assert {name: status for name, status in got.items() if status != 200} == {}
    assert refused == {403}
    assert rows() == before
    assert AuditEvent.objects.filter(actor=user).count() == AuditEvent.objects.count() - events
