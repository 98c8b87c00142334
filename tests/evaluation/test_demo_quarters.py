"""The demonstration as `manage.py demo` leaves it: quarters consolidated, one in progress, and once is enough."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime
from decimal import Decimal
from io import BytesIO, StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.utils import timezone

from evaluation import demo_data
from evaluation.improvement.history import action_history
from evaluation.management.commands.demo import QUICK
from evaluation.models import (
    AdvisorScore,
    Cutoff,
    ImprovementAction,
    QuarterClose,
    QuarterProgress,
    Snapshot,
    TeamAssessment,
    UnitResult,
)
from evaluation.rules.advisor_rating import HIGHEST
from pes.models import AuditEvent, Membership, Metodologia, TerritorialEntity, User
from pes.permissions import Role
from pes.territory.reference import beneficiaries
from pes.workbooks.names import fold
from pes.workbooks.writer import write_workbook
from plans.models import ChangeRequest, PlanGestion
from plans.rules.change_states import ChangeStatus
from plans.rules.plan_states import PlanStatus
from plans.workbook.apply import import_plan
from plans.workbook.export import sheets_of
from plans.workbook.reading import read_plan_workbook
from tests.once import once
from tracking.assistance.report_page import was_late
from tracking.models import (
    AdvisorReport,
    Evidence,
    EvidenceKind,
    GoalReport,
    Measurement,
    QuarterReport,
    ReportObservation,
    TechnicalCorrection,
    TerritoryLesson,
)

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 21, 15, tzinfo=UTC)
LAST = 2025


@pytest.fixture(scope="module")
def printed(django_db_setup, django_db_blocker, tmp_path_factory):
    """What the command says; six units report, because the others do the same."""
    folder = tmp_path_factory.mktemp("demo")
    before = settings.PES_DEMO, settings.PES_VAR_DIR, settings.MEDIA_ROOT
    settings.PES_DEMO, settings.PES_VAR_DIR, settings.MEDIA_ROOT = True, folder, folder / "media"

    def prepare() -> str:
        said = StringIO()
        call_command("demo", no_serve=True, quick=True, stdout=said)
        return said.getvalue()

    try:
        yield from once(prepare, django_db_blocker, NOW)
    finally:
        settings.PES_DEMO, settings.PES_VAR_DIR, settings.MEDIA_ROOT = before


def answers(plan: PlanGestion) -> tuple[int, int, tuple[str, ...]]:
    """What importing a plan's own export creates, changes and refuses (IM14)."""
    file = BytesIO()
    write_workbook(file, sheets_of(plan), created=timezone.now())
    file.seek(0)
    answer = import_plan(read_plan_workbook(file), plan.unit, plan.vigencia_id, by=User.objects.console())
    return answer.created, answer.updated, tuple(item.message for item in answer.errors)


def report(unit: str, quarter: int) -> QuarterReport:
    return QuarterReport.objects.get(plan__unit__code=unit, plan__vigencia=LAST, quarter=quarter)


def score(unit: str, quarter: int, run: int) -> Decimal | None:
    result = UnitResult.objects.get(
        close__vigencia=LAST, close__quarter=quarter, close__run=run, plan__unit__code=unit, close__level="local"
    )
    return result.score


# WeasyPrint leaves its colour profile to the garbage collector.
@pytest.mark.filterwarnings("ignore:Exception ignored in.*sRGB2014:pytest.PytestUnraisableExceptionWarning")
def test_the_demo_prints_figures_and_addresses_and_leaves_the_reports(printed):
    assert "50,24\u00a0%" in printed
    assert "24,15\u00a0%" in printed
    assert "http://127.0.0.1:8000/" in printed
    assert f"/planes/AL-08/{LAST}/trimestres/4/" in printed
    assert "/sectores/gobierno/pes/2024/camino/" in printed
    assert "/territorio/monitoreo/" in printed
    made = {path.name for path in (Path(settings.PES_VAR_DIR) / "informes").iterdir()}
    assert {
        f"gestion-publica-{period}.pdf" for period in ("monthly-2022-03", "semiannual-2022-S1", "annual-2022")
    } <= made


@pytest.mark.rule("REP-04", "REP-05")
def test_three_quarters_are_consolidated_and_one_of_them_twice(printed):
    runs = QuarterClose.objects.filter(vigencia=LAST).order_by("quarter", "level", "run")

    assert [(one.quarter, one.level, one.run, hasattr(one, "publication")) for one in runs] == [
        (1, "central", 1, True), (1, "local", 1, True),
        (2, "central", 1, True), (2, "local", 1, True), (2, "local", 2, True),
        (3, "central", 1, False), (3, "local", 1, False),
    ]  # fmt: skip
    assert all(one.units.count() == {"central": 7, "local": 20}[one.level] for one in runs)
    assert all(one.closed_at < NOW for one in runs)
    assert all(one.committee_records.exists() for one in runs if one.quarter < 3)


@pytest.mark.rule("PT-17", "PG-R5")
def test_what_came_late_and_what_was_corrected_enters_in_the_second_run(printed):
    late, corrected = report("AL-17", 2), TechnicalCorrection.objects.get()

    assert late.is_late
    assert score("AL-17", 2, 1) == 0
    assert score("AL-17", 2, 2) > Decimal("0.8")
    assert (corrected.entry.report, corrected.before, corrected.after) == (report("AL-12", 2), "158", "141")


def test_the_fourth_quarter_is_in_progress_with_work_for_everybody(printed):
    of_quarter = QuarterReport.objects.filter(plan__vigencia=LAST, quarter=4)

    assert {one.plan.unit.code: one.status for one in of_quarter if one.plan.unit.code in QUICK} == {
        "PLE-PIN": "filling", "acompanamiento-a-la-gestion-local": "validated", "AL-01": "returned",
        "AL-08": "filling", "AL-12": "filling", "AL-17": "open",
    }  # fmt: skip
    assert {(report(unit, 4).due_on - NOW.date()).days for unit in QUICK} == {6, 2, -3}  # tomorrow is a Sunday
    assert ReportObservation.objects.filter(report=report("AL-01", 4)).count() == 2
    assert QuarterProgress.objects.filter(vigencia=LAST, quarter=4).count() == 2
    supplied = GoalReport.objects.filter(report=report("AL-08", 4), goal__central_area__isnull=False)
    assert all(row.supplied_at is not None for row in supplied)
    roles = set(Membership.objects.filter(user__email__endswith="@demo.invalid").values_list("role", flat=True))
    assert roles == {role.value for role in Role}


@pytest.mark.rule("PG-R3", "UP8")
def test_what_is_reported_is_proved_by_real_files_and_links(printed):
    kinds = Counter(Evidence.objects.filter(entry__isnull=False).values_list("kind", flat=True))

    assert kinds[EvidenceKind.FILE] >= 12
    assert kinds[EvidenceKind.LINK] > kinds[EvidenceKind.FILE]
    for one in Evidence.objects.filter(kind=EvidenceKind.FILE, entry__isnull=False):
        assert one.path.stat().st_size == one.size


@pytest.mark.rule("SM-1", "SM-3")
def test_plans_and_requests_are_in_every_state_and_their_workbooks_change_nothing(printed):
    plans = PlanGestion.objects.select_related("unit").order_by("pk")
    coming = plans.filter(vigencia=LAST + 2)

    assert Counter(plans.values_list("vigencia", flat=True)) == {LAST - 1: 1, LAST: 27, LAST + 2: 27}
    assert set(coming.values_list("status", flat=True)) == set(PlanStatus) - {PlanStatus.CLOSED}
    assert set(plans.filter(vigencia=LAST).values_list("status", flat=True)) == {PlanStatus.PUBLISHED}
    assert set(ChangeRequest.objects.values_list("status", flat=True)) == {status.value for status in ChangeStatus}
    assert coming.filter(level="local").count() == 20
    assert {answers(plan) for plan in coming} == {(0, 0, ())}


def test_a_plan_of_the_year_before_is_closed_after_its_fourth_quarter(printed):
    closed = PlanGestion.objects.get(status="closed")

    assert (closed.unit.code, closed.vigencia_id, closed.consolidated_quarter) == ("PLE-PIN", LAST - 1, 4)


@pytest.mark.rule("GP-06", "REP-03")
def test_the_territory_exists_nowhere_and_its_month_agrees_with_itself(printed):
    entities, reports = TerritorialEntity.objects.all(), AdvisorReport.objects.order_by("first_sent_at")
    quoted = {fold(name) for names in beneficiaries().values() for name in names}
    told = TerritoryLesson.objects.filter(published_at__isnull=False)

    assert {one.dane_code[:2] for one in entities} == {"98"}  # no department of the country has it
    assert not quoted & {fold(one.name) for one in entities}
    assert told.exists()
    assert all(one.text.endswith("Ejemplo inventado de la demostración.") for one in told)
    assert sorted(was_late(one, NOW.date()) for one in reports) == [False, True]
    assert TeamAssessment.objects.get().punctuality < HIGHEST
    best = AdvisorScore.objects.order_by("-score").first()
    assert best.advisor == AdvisorReport.objects.get(first_sent_at__isnull=False).advisor
    action = ImprovementAction.objects.get(status="verified")
    whens = [row["when"] for row in action_history(action, list(action.follow_ups.order_by("-pk")))]
    assert all("de 2022" in when for when in whens)


def test_doing_it_again_changes_nothing_and_keeps_what_a_visitor_did(printed):
    cutoff = Cutoff.objects.get(on=date(2022, 3, 31))
    assert cutoff.is_consolidated
    assert [str(o.compliance)[:6] for o in cutoff.sector_result.objectives[1:3]] == ["0.5024", "0.2415"]
    one = cutoff.plan.indicators.get(key="321")
    analyst = User.objects.get(email="analista.oap@demo.invalid")
    Measurement.register(indicator=one, on=date(2022, 6, 30), achieved=Decimal(30), analysis="", by=analyst)
    analyst.full_name = "Otro Nombre"
    analyst.save()
    counted = (AuditEvent, Membership, Metodologia, Snapshot, Measurement, QuarterReport, QuarterClose, Evidence)
    before = [model.objects.count() for model in counted]

    demo_data.prepare(QUICK)

    assert [model.objects.count() for model in counted] == before
    assert User.objects.filter(full_name="Otro Nombre").exists()
