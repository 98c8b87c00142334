"""What differs between two frozen contents of a report (PG-R5; WF19)."""

from __future__ import annotations

from typing import Any

import pytest

from tracking.rules.report_differences import NOTHING, report_differences

FILE = {"name": "acta.pdf", "sha256": "ab" * 32, "url": ""}
LINK = {"name": "Soporte", "sha256": "", "url": "https://ejemplo.invalid/acta"}


def goal(number: int, **said: Any) -> dict[str, Any]:
    """A goal as a version keeps it."""
    empty = dict.fromkeys(("achieved", "numerator", "denominator"))
    words = dict.fromkeys(("analysis", "delay_causes", "accumulated_analysis", "explanation"), "")
    return {"number": number, "text": f"Meta {number}", "programmed": "25", **empty, **words, "evidence": [], **said}


def content(*goals: dict[str, Any]) -> dict[str, Any]:
    return {"plan": "Plan", "quarter": 1, "goals": list(goals)}


@pytest.mark.rule("WF19")
def test_it_names_each_field_with_both_values_as_people_read_them() -> None:
    before = content(goal(1, achieved="1234.50", analysis="Bien"), goal(2, achieved="25"))
    after = content(goal(1, achieved="20", analysis="Mal", evidence=[FILE, LINK]), goal(2, achieved="25.00"))

    [changed] = report_differences(before, after)

    assert (changed.number, changed.text) == (1, "Meta 1")
    assert [(one.label, one.before_text, one.after_text) for one in changed.differences] == [
        ("Ejecutado", "1.234,5", "20"),
        ("Análisis del trimestre", "Bien", "Mal"),
        ("Evidencias", "vacío", f"acta.pdf ({'ab' * 6})\nhttps://ejemplo.invalid/acta"),
    ]


def test_a_goal_of_only_one_of_them_differs_in_everything_it_says() -> None:
    [gone] = report_differences(content(goal(3, achieved="0")), content())
    [new] = report_differences(NOTHING, content(goal(4, numerator="0")))

    assert (gone.number, gone.text) == (3, "Meta 3")
    assert [(one.field, one.before_text, one.after_text) for one in gone.differences] == [
        ("text", "Meta 3", "vacío"),
        ("programmed", "25", "vacío"),
        ("achieved", "0", "vacío"),
    ]
    assert [one.field for one in new.differences] == ["text", "programmed", "numerator"]
