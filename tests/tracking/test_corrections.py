"""Technical corrections of the OAP: both values stay, with author and reason, and the team hears (PG-R5, WF19)."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied

from pes.models import AuditEvent, Job, UnitKind
from pes.permissions import Role
from pes.rules.problems import Refused
from tests import people, plan_makers, report_makers
from tests.answers import codes
from tracking import lifecycle
from tracking.corrections import correct
from tracking.models import GoalReport, Notice, QuarterReport, TechnicalCorrection
from tracking.pages.report_threads import corrections_of

pytestmark = pytest.mark.django_db
WHY = "El acta dice 20"


@pytest.fixture
def them() -> people.Cast:
    return people.cast()


@pytest.fixture
def report(them: people.Cast) -> QuarterReport:
    """A report in review, of a plan with two goals."""
    plan = plan_makers.management_plan(unit=them.process, by=them.luis, goals=2)
    return report_makers.report(plan, status="in_review")


def entry(report: QuarterReport, number: int = 1) -> GoalReport:
    return report.entries.select_related("goal", "narrative").get(goal__number=number)


@pytest.mark.rule("WF19", "PG-R5")
def test_both_values_stay_with_author_and_reason_and_the_team_hears(report: QuarterReport, them: people.Cast) -> None:
    revision = report.revision
    Job.objects.all().delete()
    correct(entry(report), "achieved", Decimal("24.5"), reason=WHY, by=them.ana)
    correct(entry(report), "analysis", "Se atendieron 24,5.", reason="Concuerda con la cifra", by=them.ana)

    [row, words] = corrections_of(report)[entry(report).pk]
    assert (row.label, row.before, row.after, row.reason, row.who) == ("Ejecutado", "25", "24,5", WHY, "Ana Analista")
    assert (words.before, words.after) == ("Se atendieron las solicitudes del trimestre.", "Se atendieron 24,5.")
    assert entry(report).achieved == Decimal("24.5")
    assert {one.user for one in Notice.objects.filter(kind="corrected")} == {them.luis, them.pilar}
    (told,) = Notice.objects.filter(kind="corrected", user=them.luis).values_list("detail", flat=True)
    assert WHY in told
    assert "Concuerda con la cifra" in told  # one notice a day, and nothing of the second is lost
    event = AuditEvent.objects.get(verb="entry_corrected", before={"achieved": "25"})
    assert (event.actor, event.reason, event.after["achieved"]) == (them.ana, WHY, "24,5")
    assert Job.objects.filter(kind=lifecycle.PROGRESS_JOB).count() == 1
    assert QuarterReport.objects.get(pk=report.pk).revision == revision + 2


@pytest.mark.rule("AZ4", "PG-R5")
def test_who_corrects_may_validate_and_a_gap_it_left_is_found(report: QuarterReport, them: people.Cast) -> None:
    correct(entry(report), "achieved", Decimal(20), reason=WHY, by=them.ana)
    with pytest.raises(Refused) as refused:
        lifecycle.validate(report, by=them.ana)
    assert codes(refused) == ["delay_causes_missing"]
    correct(entry(report), "delay_causes", "Faltó personal.", reason="Lo dice el acta", by=them.ana)

    version = lifecycle.validate(report, by=them.ana)

    assert (version.content["goals"][0]["achieved"], version.content["goals"][1]["achieved"]) == ("20", "25")
    sent = report.versions.get(number=1)
    assert sent.content["goals"][0]["achieved"] == "25"


@pytest.mark.rule("WF18", "SM-2")
def test_only_in_review_with_reason_and_only_the_oap(report: QuarterReport, them: people.Cast) -> None:
    for who in (them.luis, them.diana, them.oscar):
        with pytest.raises(PermissionDenied):
            correct(entry(report), "achieved", Decimal(1), reason=WHY, by=who)
    for field, value, reason, code in (
        ("achieved", Decimal(20), " ", "reason_missing"),
        ("achieved", Decimal(25), WHY, "nothing_changes"),
        ("achieved", Decimal(-1), WHY, "achieved_not_valid"),
        ("status", "validated", WHY, "field_unknown"),
    ):
        with pytest.raises(Refused) as refused:
            correct(entry(report), field, value, reason=reason, by=them.ana)
        assert codes(refused) == [code]
    lifecycle.validate(report, by=them.ana)
    with pytest.raises(Refused) as refused:
        correct(entry(report), "achieved", Decimal(20), reason=WHY, by=them.ana)
    assert codes(refused) == ["not_editable"]
    assert not TechnicalCorrection.objects.exists()


@pytest.mark.rule("PG-08", "PG-09h")
def test_a_central_areas_figure_is_corrected_too_and_the_area_hears(report: QuarterReport, them: people.Cast) -> None:
    area = people.unit("SUBGL", UnitKind.OFFICE, them.head, "Subsecretaría de Gestión Local")
    rosa = people.person("Rosa Área", Role.AREA_CENTRAL, area)
    report.plan.goals.filter(number=2).update(central_area=area)
    report.plan.goals.filter(number=1).update(status="eliminated")

    correct(entry(report, 2), "achieved", Decimal(30), reason=WHY, by=them.ana)
    with pytest.raises(Refused) as refused:
        correct(entry(report, 1), "achieved", Decimal(20), reason=WHY, by=them.ana)

    assert codes(refused) == ["goal_eliminated"]
    assert Notice.objects.filter(kind="corrected", user=rosa).exists()
    assert entry(report, 2).supplied_at is None
