"""The command line as operators and tests use it: one JSON document, numbers as text, unknown as null."""

import json
import os
import subprocess
import sys
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import CommandError

from evaluation import demo_data
from evaluation.management.commands import state_diagrams
from evaluation.models import Cutoff
from evaluation.pes_workbook.apply import compute_cutoffs_now, import_workbook
from evaluation.pes_workbook.fixture import read_fixture
from pes.models import AuditEvent, Membership, User
from pes.permissions import Role
from pes.rules.transitions import reachable
from tests import make, people
from tests.pes_books import run

pytestmark = pytest.mark.django_db

# PES-04: the published percentages.
SOURCE = {
    "321": "50.00", "P4": "52.27", "464": "50.00", "465": "0.00", "466": "0.00", "644": "19.00", "543": "25.00",
    "554": "50.29", "555": "0.00",
}  # fmt: skip


@pytest.fixture
def published():
    """The published plan, imported and computed."""
    answer = import_workbook(read_fixture(), by=User.objects.console())
    compute_cutoffs_now(answer.plan)
    return answer.plan


def compliance(**options):
    return run("compliance", sector="gestion-publica", vigencia=2022, **options)


@pytest.mark.rule("PES-04", "PES-05", "PES-11")
def test_compliance_prints_every_published_percentage(published):
    answer, code = compliance()

    assert code == 0
    assert {k: answer[k] for k in ("sector", "vigencia", "cutoff", "methodology", "index")} == {
        "sector": "gestion-publica", "vigencia": 2022, "cutoff": "2022-03-31", "methodology": "2022-v0", "index": "37.20",
    }  # fmt: skip
    figures = {one["number"]: (one["weight"], one["compliance"], one["state"]) for one in answer["objectives"]}
    assert figures == {
        1: (None, None, "no_information"),
        2: (None, "50.24", "reported"),
        3: (None, "24.15", "reported"),
        4: (None, None, "no_information"),
        5: (None, None, "no_information"),
    }
    indicators = {one["key"]: one for objective in answer["objectives"] for one in objective["indicators"]}
    assert {key: one["progress"] for key, one in indicators.items()} == SOURCE
    assert indicators["554"] == {
        "key": "554", "type": "CRECIENTE", "weight": "28.33", "programmed": "70.0000", "achieved": "35.2000",
        "progress": "50.29", "rating": "50.29", "state": "reported",
    }  # fmt: skip


def test_a_stored_result_is_read_and_a_stale_one_is_not(published):
    Cutoff.objects.update(result={"index": "0.5", "objectives": []})
    assert compliance()[0]["index"] == "50.00"

    make.methodology(by=people.person("Jorge Jefe", Role.JEFE_OAP, published.sector.parent), year=2022)

    assert compliance()[0]["index"] == "37.20"


def test_a_measurement_that_waits_for_its_computation_shows_at_once(published):
    one = published.indicators.get(key="321")
    make.measurement(indicator=one, by=User.objects.console(), achieved="55", on=date(2022, 6, 30))

    answer, _code = compliance()

    assert (answer["cutoff"], answer["objectives"][1]["indicators"][0]["progress"]) == ("2022-06-30", "100.00")
    assert compliance(cutoff=date(2022, 3, 31))[0]["objectives"][1]["compliance"] == "50.24"


def test_a_consolidated_cutoff_answers_with_its_snapshot(published):
    chief = people.person("Jorge Jefe", Role.JEFE_OAP, published.sector)
    Cutoff.objects.get().consolidate(by=chief)
    make.methodology(by=chief, year=2022, cap_percent=Decimal("120.00"))

    answer, _code = compliance()

    assert (answer["methodology"], answer["index"]) == ("2022-v0", "37.20")


def test_a_vigencia_without_measurements_has_no_cutoff_and_no_figures(published):
    answer, code = run("compliance", sector="gestion-publica", vigencia=2023)

    assert (code, answer["cutoff"], answer["index"]) == (0, None, None)


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ({"sector": "ninguno", "vigencia": 2022}, "sector_unknown"),
        ({"sector": "gestion-publica", "vigencia": 2031}, "vigencia_unknown"),
        ({"sector": "gestion-publica", "vigencia": 2022, "cutoff": date(2023, 3, 31)}, "cutoff_outside_vigencia"),
    ],
)
def test_compliance_of_what_does_not_exist_is_refused(published, options, code):
    answer, ended = run("compliance", **options)

    assert (ended, [item["code"] for item in answer["errors"]]) == (1, [code])


def test_compliance_as_a_table_speaks_spanish(published, capsys):
    call_command("compliance", sector="gestion-publica", vigencia=2022)

    printed = capsys.readouterr().out
    assert "24,15\u00a0%" in printed
    assert "Sin información" in printed


@pytest.mark.rule("CAL-01", "CAL-03", "CAL-05")
def test_deadlines_follow_the_calendar():
    answer, code = run("deadlines", vigencia=2022)

    assert (code, answer) == (
        0,
        [
            {"quarter": 1, "cutoff": "2022-03-31", "due_on": "2022-04-18"},
            {"quarter": 2, "cutoff": "2022-06-30", "due_on": "2022-07-15"},
            {"quarter": 3, "cutoff": "2022-09-30", "due_on": "2022-10-18"},
            {"quarter": 4, "cutoff": "2022-12-31", "due_on": "2023-01-16"},
        ],
    )
    assert run("deadlines", vigencia=2030)[0][1]["due_on"] == "2030-07-16"


def test_units_are_listed_by_kind():
    them = people.cast()

    answer, code = run("units", kind="alcaldia_local")

    assert code == 0
    assert [(one["code"], one["parent"]) for one in answer] == [
        ("AL-01", them.head.code),
        ("AL-02", them.other_entity.code),
    ]


def test_audit_verify_ends_with_one_when_an_event_was_changed():
    people.cast()
    assert run("audit_verify")[1] == 0
    forged = AuditEvent(at=AuditEvent.objects.first().at, verb="membership_granted", mac="0" * 64)
    forged.save()

    answer, code = run("audit_verify")

    assert (code, [one["kind"] for one in answer["findings"]]) == (1, ["changed"])


def test_the_committed_state_diagrams_are_those_of_the_code(tmp_path):
    run("state_diagrams", out=tmp_path)

    committed = settings.BASE_DIR / "docs" / "estados"
    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == {
        path.name: path.read_text() for path in committed.iterdir()
    }


# What follows from somebody's act: a request goes to its opinions, an applied one makes the next edition (SM-3);
# the approval of the last entity completes the round (LC-08).
BY_THE_SYSTEM = {"route", "renew", "complete", "expire"}


@pytest.mark.parametrize("name", state_diagrams.MACHINES)
def test_every_state_is_reachable_and_every_step_has_a_power(name):
    _title, states, table = state_diagrams.MACHINES[name]
    values = [state.value for state in states]

    assert reachable(table, values[0]) == set(values)
    assert {row.name for row in table if row.permission is None} <= BY_THE_SYSTEM


def test_the_first_administrator_gets_a_link_that_works_once(client):
    answer, code = run("first_admin", "ana@ejemplo.invalid", name="Ana Primera", base_url="https://pes.invalid")
    assert (code, answer["email"]) == (0, "ana@ejemplo.invalid")
    membership = Membership.objects.get()
    assert (membership.role, membership.unit.kind) == (Role.ADMINISTRADOR, "district")
    assert client.get(answer["url"].removeprefix("https://pes.invalid")).status_code == 200

    refused, code = run("first_admin", "otra@ejemplo.invalid", name="Otra")

    assert (code, refused["errors"][0]["code"]) == (1, "administrator_exists")


def test_a_person_without_account_may_still_become_the_first_administrator():
    people.person("Ana Analista")

    answer, code = run("first_admin", "ana.analista@ejemplo.invalid", name="Ana")

    assert (code, Membership.objects.get().user.email) == (0, answer["email"])


def test_the_demo_is_refused_in_production_and_when_switched_off(settings):
    settings.PES_DEMO = False
    with pytest.raises(CommandError) as off:
        call_command("demo", no_serve=True)
    settings.PRODUCTION = True
    with pytest.raises(SystemExit) as production:
        call_command("demo", no_serve=True)

    assert (off.value.returncode, production.value.code) == (2, 1)
    assert not User.objects.exists()


def test_the_demo_fixture_names_nobody_real():
    listed = json.loads(Path(demo_data.PERSONAS).read_text(encoding="utf-8"))["people"]

    assert all(person["email"].endswith("@demo.invalid") for person in listed)


@pytest.mark.parametrize(("environment", "code"), [({"PES_ENV": "production"}, 1), ({"PES_DEMO": "0"}, 2)])
def test_manage_py_refuses_the_demo_before_anything_is_touched(environment, code, tmp_path):
    database = {"DATABASE_URL": f"sqlite:///{tmp_path / 'none.sqlite3'}"}
    command = [sys.executable, "manage.py", "demo", "--no-serve"]

    ended = subprocess.run(
        command, cwd=settings.BASE_DIR, env=os.environ | database | environment, capture_output=True, text=True
    )

    assert (ended.returncode, ended.stdout) == (code, "")
    assert "demostración" in ended.stderr.casefold()
    assert not (tmp_path / "none.sqlite3").exists()
