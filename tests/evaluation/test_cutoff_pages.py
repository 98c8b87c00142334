"""Cortes: the list, the reasons of a disabled button, consolidating and correcting."""

from datetime import date
from decimal import Decimal

import pytest

from evaluation.models import Snapshot, WeightSet
from evaluation.pages.cutoffs import NO_POWER, cutoff_lines
from evaluation.pages.selection import select
from tests import make, people
from tests.evaluation.sector import ON, Sector, sector

pytestmark = pytest.mark.django_db
TODAY = date(2022, 5, 2)


@pytest.fixture
def ours(settings) -> Sector:
    settings.PES_DEMO = True
    return sector()


def lines_of(ours: Sector, user, today: date = TODAY):
    return cutoff_lines(select(user, ours.plan.sector.code, {}), user, today)


def test_a_cutoff_says_what_is_measured_and_how_it_stands(ours):
    line = lines_of(ours, ours.them.jorge)[0]

    assert (line.measured, line.index, line.status, line.reason) == ("2 de 2", "42,50\u00a0%", "En curso", "")


def test_the_button_says_why_it_is_disabled(ours):
    assert lines_of(ours, ours.them.ana)[0].reason == NO_POWER
    assert "todavía no llega" in lines_of(ours, ours.them.jorge, today=date(2022, 3, 1))[0].reason


def test_who_measured_does_not_consolidate_and_is_told(ours):
    """AZ4."""
    make.measurement(indicator=ours.plan.indicators.get(key="1"), by=ours.them.jorge, achieved=51, on=date(2022, 3, 30))
    make.run_jobs()

    reasons = {line.iso: line.reason for line in lines_of(ours, ours.them.jorge)}

    assert "quien registra no aprueba" in reasons["2022-03-31"]


def test_who_edited_the_weights_does_not_freeze_them_and_is_told(ours):
    """AZ4."""
    WeightSet.objects.get().change({"1": Decimal("60.00"), "2": Decimal("40.00")}, by=ours.them.jorge)

    assert "quien edita no aprueba" in lines_of(ours, ours.them.jorge)[0].reason


def test_the_jefe_consolidates_with_a_post(ours, client):
    client.force_login(ours.them.jorge)

    answer = client.post(ours.url("cortes/2022-03-31/consolidar/"), follow=True)

    assert "Corrida 1" in answer.content.decode()
    assert ours.cutoff.is_consolidated


def test_a_correction_needs_its_reason_and_makes_another_run(ours, client):
    """WF18."""
    ours.cutoff.consolidate(by=ours.them.jorge)
    found = ours.plan.indicators.get(key="1").measurements.get()
    found.correct(achieved=Decimal(60), analysis="", expected_version=1, reason="Error", by=ours.them.jorge)
    client.force_login(people.person("Julia Jefa", people.Role.JEFE_OAP, ours.them.sector))

    client.post(ours.url("cortes/2022-03-31/consolidar/"))
    assert Snapshot.objects.count() == 1
    client.post(ours.url("cortes/2022-03-31/consolidar/"), {"reason": "Corrección aprobada en comité"})

    runs = lines_of(ours, ours.them.diana)[0].runs
    assert [(run.number, run.reason, run.verdict) for run in runs] == [
        ("Corrida 2", "Corrección aprobada en comité", "Íntegra"), ("Corrida 1", "", "Íntegra"),
    ]  # fmt: skip


def test_a_get_never_consolidates(ours, client):
    client.force_login(ours.them.jorge)

    assert client.get(ours.url("cortes/2022-03-31/consolidar/")).status_code == 405
    assert not Snapshot.objects.exists()


@pytest.mark.parametrize("name", ["ana", "diana", "elena", "olga"])
def test_only_the_jefe_consolidates(ours, client, name):
    client.force_login(getattr(ours.them, name))

    assert client.post(ours.url("cortes/2022-03-31/consolidar/")).status_code == 403
    assert not Snapshot.objects.exists()


def test_the_cutoffs_of_another_sector_are_404(ours, client):
    """AZ2: also for a jefe of another sector."""
    client.force_login(people.person("Otra Jefa", people.Role.JEFE_OAP, ours.them.other_sector))

    assert client.get(ours.url("cortes/")).status_code == 404
    assert client.post(ours.url("cortes/2022-03-31/consolidar/")).status_code == 404
    assert ours.cutoff.on == ON


@pytest.mark.parametrize("on", ["2022-03-30", "ayer", "2022-13-01"])
def test_a_date_without_a_cutoff_is_404(ours, client, on):
    client.force_login(ours.them.jorge)

    assert client.post(ours.url(f"cortes/{on}/consolidar/")).status_code == 404


def test_a_sector_without_measurements_says_what_to_do(settings, client):
    settings.PES_DEMO = True
    ours = sector(measured=0)
    client.force_login(ours.them.diana)

    assert "Aún no hay cortes" in client.get(ours.url("cortes/")).content.decode()


def test_the_index_is_that_of_the_stored_result(ours):
    assert ours.cutoff.sector_result.index == Decimal("0.425")
