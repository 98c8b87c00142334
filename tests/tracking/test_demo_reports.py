"""What the demonstration reports is plausible: complete, coherent, and out of the ordinary only on purpose."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from io import BytesIO

import pytest
from PIL import Image

from pes.files.inspection import inspect
from pes.rules.numbers import HUNDRED, ratio_to_percent
from pes.rules.quarters import QuarterPolicy
from pes.rules.report_checks import quarter_warnings
from pes.rules.states import FigureState
from pes.workbooks.cells import Kind, RawCell, read_cell
from plans.demo_plans import demo_plans
from tracking import demo_evidence, demo_reports
from tracking.demo_reports import DemoEntry, entries_of, in_progress, sent_after, threads
from tracking.rules.completeness import missing_of
from tracking.rules.entry_checks import entry_problems
from tracking.rules.goal_reports import ENTRY_FIELDS, EVIDENCE, GoalYear, results_of
from tracking.rules.report_states import ReportStatus

POLICY = QuarterPolicy()
QUARTERS = (1, 2, 3, 4)
PLANS = {plan.unit: plan for plan in demo_plans() if plan.vigencia_offset == -1}


@pytest.fixture(scope="module")
def reported() -> dict[tuple[str, int], dict[int, DemoEntry]]:
    """Unit and quarter → what each goal reports."""
    return {
        (unit, quarter): {one.goal: one for one in entries_of(plan, quarter, POLICY)}
        for unit, plan in PLANS.items()
        for quarter in QUARTERS
    }


@pytest.fixture(scope="module")
def years(reported) -> dict[tuple[str, str], GoalYear]:
    """Unit and goal → its year, every entry proved."""
    found = {}
    for unit, plan in PLANS.items():
        for facts in plan.facts.goals:
            said = [reported[unit, quarter].get(facts.number) for quarter in QUARTERS]
            found[unit, plan.keys[facts.number]] = GoalYear(
                number=facts.number, text=facts.text, kind=facts.programming_type, magnitude=facts.magnitude,
                weight=facts.weight, baseline=facts.baseline, unit=facts.unit, programmed=facts.quarters,
                entries=tuple(None if one is None else replace(one.entry, evidence=1) for one in said),
                is_central=bool(facts.central_area),
            )  # fmt: skip
    return found


def test_the_data_say_that_they_are_invented():
    about = json.loads(demo_reports.FIXTURE.read_text(encoding="utf-8"))["about"]

    assert about == "Resultados inventados de la demostración; no son cifras oficiales."


@pytest.mark.rule("PG-R1", "PG-R2", "PT-13", "PT-14", "PT-15", "PT-16", "PT-16b")
def test_every_report_is_complete_and_could_be_sent(years):
    wrong = [
        (key, quarter, finding.problem.message)
        for key, year in years.items()
        for quarter in QUARTERS
        for finding in (
            *entry_problems(year, year.entry(quarter)),
            *missing_of(year, quarter, results_of(year, POLICY, [True] * quarter)),
        )
    ]

    assert wrong == []


def test_texts_fit_and_leave_no_blank_to_fill(reported):
    limits = {field.name: field.limit for field in ENTRY_FIELDS if field.limit}
    texts = [
        (name, value)
        for entries in reported.values()
        for one in entries.values()
        for name, value in one.values.items()
        if isinstance(value, str)
    ]

    assert [text for name, text in texts if len(text) > limits[name] or "{" in text or "Sin información" in text] == []


@pytest.mark.rule("IM13", "IM14")
def test_texts_come_back_from_a_workbook_without_a_warning(reported):
    values = [value for entries in reported.values() for one in entries.values() for value in one.values.values()]
    texts = [value for value in values if isinstance(value, str)]

    assert any(" %" in text for text in texts)
    assert [text for text in texts if read_cell(Kind.PROSE, RawCell("s", text)) != (text, [])] == []


def test_most_goals_do_well_some_do_badly_and_few_are_extraordinary(years):
    results = [results_of(year, POLICY, [True] * 4) for year in years.values()]
    shown = Counter()
    for result in (one for four in results for one in four):
        percent = ratio_to_percent(result.result)
        if percent is not None:
            shown["low" if percent < 70 else "high" if percent > 125 else "usual"] += 1
    states = Counter(one.state for four in results for one in four)

    assert shown["usual"] > 0.85 * shown.total()
    assert shown["low"] > 10
    assert 3 <= shown["high"] <= 10
    assert states[FigureState.NOT_PROGRAMMED] > 20
    assert states[FigureState.NO_DEMAND] == 1
    assert not states[FigureState.MISSING]


@pytest.mark.rule("PT-14", "PT-15", "PT-19")
def test_the_extraordinary_is_there_on_purpose(years):
    codes = {
        (*key, quarter): {warning.code for warning in _warnings(year, quarter)}
        for key, year in years.items()
        for quarter in QUARTERS
    }

    assert "over_execution" in codes["AL-07", "POLICIA", 2]
    assert "level_goes_back" in codes["AL-16", "OBLIGACIONES", 3]
    assert "no_demand" in codes["AL-20", "TIEMPOS", 2]
    assert "executed_without_programme" in codes["AL-05", "DIALOGOS", 3]
    bulletins = years["relaciones-estrategicas", "REL-OBSERVATORIO"]
    assert results_of(bulletins, POLICY, [True] * 3)[-1].accumulated > bulletins.magnitude


def _warnings(year: GoalYear, quarter: int):
    results = results_of(year, POLICY, [True] * quarter)
    return quarter_warnings(year.kind, year.figures([True] * quarter), results, quarter, percentage=year.is_percentage)


def test_parts_of_a_whole_never_exceed_it(years):
    for year in years.values():
        if year.kind == "SUMA" and year.is_percentage:
            assert results_of(year, POLICY, [True] * 4)[-1].accumulated <= HUNDRED


def test_the_last_quarter_is_in_every_state_of_work():
    told = in_progress()

    assert set(told) == set(PLANS)
    assert {one.stage for one in told.values()} == set(ReportStatus) - {
        ReportStatus.CONSOLIDATED,
        ReportStatus.PUBLISHED,
    }
    assert {one.due for one in told.values()} >= {6, 1, -1}
    assert all(one.supplied for one in told.values() if one.stage == "validated")
    assert {unit for unit, one in told.items() if one.stage == "returned"} <= {
        thread.unit for thread in threads() if thread.quarter == 4
    }


def test_observations_are_about_what_is_reported():
    for thread in threads():
        assert thread.goal in PLANS[thread.unit].keys.values()
        assert thread.field in {EVIDENCE, *(field.name for field in ENTRY_FIELDS)}


def test_one_report_misses_its_close_and_the_rest_arrive_before():
    late = {(unit, quarter): sent_after(unit, quarter) for unit in PLANS for quarter in (1, 2, 3)}

    assert [place for place, days in late.items() if days > 9] == [("AL-17", 2)]
    assert sum(days > 0 for days in late.values()) == 9
    assert min(late.values()) == -5


@pytest.mark.rule("UP1")
def test_the_supports_are_real_files_that_say_that_they_are_invented(tmp_path):
    facts = [demo_evidence.Fact("Responder (a tiempo) el 95 %\\", "95", "92,5")]
    title = "Alcaldía Local de Usaquén, T1 de 2025"
    made = {
        "a.pdf": demo_evidence.pdf(title, facts),
        "a.xlsx": demo_evidence.xlsx(title, facts, datetime(2025, 4, 3, tzinfo=UTC)),
        "a.png": demo_evidence.png([Decimal("0.9"), Decimal("1.4")]),
    }

    for name, content in made.items():
        path = tmp_path / name
        path.write_bytes(content)
        inspect(path, path.suffix)
        assert len(content) < 20_000
    assert made["a.pdf"] == demo_evidence.pdf(title, facts)
    assert Image.open(BytesIO(made["a.png"])).size == (480, 96)
