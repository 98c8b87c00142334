"""Chapter 6 of the document of a PES: what its follow-up tool shows."""

from __future__ import annotations

import pytest

from pes.documents.blocks import Figure, Grid
from pes.writing.live import live_tables
from tests import make, people


@pytest.fixture
def measured(db):
    """One objective, one indicator programmed 100 in 2022 and 42,5 done by March."""
    them = people.cast()
    plan = make.plan(sector=them.sector)
    objective = make.objective(plan=plan, text="Acercar la gestión")
    make.methodology(by=them.jorge)
    indicator = make.indicator(goal=make.goal(objective=objective), entity=them.head, key="1")
    make.weights(objective=objective, by=them.ana, k1="100.00")
    return plan, indicator, them


@pytest.mark.rule("PES-10")
def test_the_last_cutoff_fills_the_tables_of_the_follow_up_tool(measured):
    plan, indicator, them = measured
    assert [live_tables(plan)[key].build() for key in ("cumplimiento", "indice-por-vigencia")] == [(), ()]
    make.measurement(indicator=indicator, by=them.elena, achieved="42.5")
    make.cutoff(plan=plan)

    (table,) = live_tables(plan)["cumplimiento"].build()
    (figure,) = live_tables(plan)["indice-por-vigencia"].build()

    assert isinstance(table, Grid)
    assert table.rows == (("1. Acercar la gestión", "1 de 1", "42,50\u00a0%"),)
    assert isinstance(figure, Figure)
    assert figure.bars[2] == ("2022", "100", "42.50")
    assert figure.bars[3] == ("2023", "100", "")
