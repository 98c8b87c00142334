"""The type that a published series must have."""

import json
from decimal import Decimal
from pathlib import Path

import pytest

from pes.rules.inference import infer_type
from pes.rules.programming import ProgrammingType

PUBLISHED = json.loads((Path(__file__).parent / "data/pes_2022Q1.json").read_text())
INDICATORS = [indicator for objective in PUBLISHED["objetivos"] for indicator in objective["indicadores"]]


def amounts(values):
    return [None if value is None else Decimal(value) for value in values]


@pytest.mark.rule("PT-20", "PES-04")
@pytest.mark.parametrize("indicator", INDICATORS, ids=lambda indicator: indicator["clave"])
def test_the_types_of_the_published_plan_are_inferred(indicator):
    found = infer_type(amounts(indicator["programacion"].values()), Decimal(indicator["total"]))

    assert found == ProgrammingType(indicator["tipo"])


@pytest.mark.rule("PT-20")
@pytest.mark.parametrize(
    ("series", "total", "expected"),
    [
        ([25, 25, 25, 25], 100, "SUMA"),
        ([None, 5, 0, 5], 10, "SUMA"),
        ([10, 10, 10], 10, "CONSTANTE"),
        ([0, 10, 10, 0], 10, "CONSTANTE"),
        ([10, 10, 20], 20, "CRECIENTE"),
        ([None, 0, 50, 100], 100, "CRECIENTE"),
        ([90, 80, 70, 60], 60, "DECRECIENTE"),
        ([8, 4, 0], 0, "DECRECIENTE"),
        ([8, 4, 4], 4, "DECRECIENTE"),
    ],
)
def test_a_series_says_its_type(series, total, expected):
    assert infer_type(amounts(series), Decimal(total)) == ProgrammingType(expected)


@pytest.mark.rule("PT-20")
@pytest.mark.parametrize(
    ("series", "total"),
    [
        ([100], 100),
        ([0, 100, 0], 100),
        ([0, 0], 0),
        ([], 10),
        ([10, 30, 20], 20),
        ([10, 20, 30], 40),
        ([10, 20, 30], None),
    ],
)
def test_what_several_types_or_none_explain_is_left_to_a_person(series, total):
    assert infer_type(amounts(series), None if total is None else Decimal(total)) is None
