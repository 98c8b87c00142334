"""The ranking de gestión on screen and on the command line (REP-05)."""

from __future__ import annotations

import json
from io import StringIO

import pytest
import time_machine
from django.core.management import call_command

from evaluation.quarter_publications import publish_close
from pes.rules.programming import ProgrammingType
from tests import people
from tests.answers import page_of
from tests.evaluation.quarters import AFTER_TERM, closed, opened, plan, reported

pytestmark = [pytest.mark.django_db, pytest.mark.rule("REP-05")]


@pytest.fixture(autouse=True)
def in_april():
    with time_machine.travel(AFTER_TERM, tick=False):
        yield


@pytest.fixture
def them():
    return people.cast()


@pytest.fixture
def close(them):
    """Two plans that tie, a third below, one without goals for the quarter."""
    late = [{"t1": None, "t2": 50, "t3": 25, "t4": 25, "programming_type": ProgrammingType.SUMA}]
    plans = [
        plan(them, code, name=name) for code, name in (("P-01", "Compras"), ("P-02", "Atención"), ("P-03", "Datos"))
    ]
    opened(plan(them, "P-04", late, name="Bienes"))
    for found, share in zip(plans, (80, 80, 60), strict=True):
        reported(found, share)
    return closed(them.head, by=them.ana)


def ranking(**options: str) -> dict:
    out = StringIO()
    call_command(
        "ranking", "--vigencia", "2022", "--quarter", "1", "--format", "json", level="central", stdout=out, **options
    )
    return json.loads(out.getvalue())


def test_the_command_answers_one_document_with_two_decimals(close):
    document = ranking()

    assert {name: document[name] for name in ("vigencia", "quarter", "level", "run")} == {
        "vigencia": 2022, "quarter": 1, "level": "central", "run": 1,
    }  # fmt: skip
    assert document["rows"][0] == {
        "rank": 1, "unit": "P-02", "score": "80.00", "to_date": "80.00", "on_time": "100.00", "goals_rated": 1,
    }  # fmt: skip
    assert [(row["rank"], row["unit"]) for row in document["rows"]] == [(1, "P-02"), (1, "P-01"), (3, "P-03")]
    assert document["unranked"] == [{"unit": "P-04", "reason": "not_programmed"}]


def test_without_a_close_the_command_refuses(close):
    for options in ({"level": "local"}, {"level": "central", "entity": "no"}):
        out = StringIO()
        with pytest.raises(SystemExit) as left:
            call_command("ranking", "--vigencia", "2022", "--quarter", "1", "--format", "json", stdout=out, **options)

        assert left.value.code == 1
        assert json.loads(out.getvalue())["errors"][0]["code"] == "not_consolidated"


def test_the_table_of_the_command_is_the_ranking(close):
    out = StringIO()
    call_command("ranking", "--vigencia", "2022", "--quarter", "1", level="central", stdout=out)

    lines = out.getvalue().splitlines()
    assert lines[2].split()[:3] == ["1", "P-02", "Atención"]
    assert "80,00" in lines[2]


@pytest.mark.rule("AZ11", "AZ12")
def test_who_reads_one_unit_sees_the_ranking_once_it_is_public(them, close):
    leader = page_of(people.person("Lidera otra", "lider_proceso", close.units.first().plan.unit))
    assert "Atención" not in leader.get("/ranking/").content.decode()

    publish_close(close, by=them.jorge)

    assert "Atención" in leader.get("/ranking/").content.decode()
    assert "Atención" not in page_of(them.oscar).get("/ranking/").content.decode()


def test_what_is_on_screen_can_be_taken_to_a_workbook(them, close):
    client = page_of(them.diana)

    answer = client.get("/ranking/tabla.xlsx?nivel=central&orden=unidad")

    assert answer.status_code == 200
    assert "ranking-secretaria-general-2022-T1-central.xlsx" in answer["Content-Disposition"]
