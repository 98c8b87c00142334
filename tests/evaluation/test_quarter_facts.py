"""The fold of a quarter beside one statement written by hand, small: what `make bench` compares at its full size."""

from __future__ import annotations

import pytest
from django.db import connection

from benchmarks import quarter_close
from benchmarks.nation import TINY, build_units
from benchmarks.quarter_data import Year, build_year
from pes.models import User

pytestmark = pytest.mark.django_db
PLANS, QUARTERS = 6, 4


@pytest.mark.rule("REP-05", "PT-05", "PT-08", "PT-11", "PT-16b", "PT-17")
def test_the_fold_and_the_statement_agree_on_every_score_and_place():
    build_units(TINY)
    User.objects.get_or_create(pk=1, defaults={"email": "registra@ejemplo.invalid", "full_name": "Quien registra"})
    build_year(Year(plans=PLANS, goals=12))

    compared = quarter_close.check_ranking() if connection.vendor == "postgresql" else len(quarter_close.computed())

    assert compared == PLANS * QUARTERS
