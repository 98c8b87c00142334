"""Reports: drafts replace one another, editions never change, files are whole or absent, each is made once."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import CommandError, call_command
from django.db import DatabaseError, transaction
from django.utils import timezone

from evaluation import report_tasks
from evaluation.documents import files, pdf
from evaluation.models import IssuedReport, ReportDraft, ReportPublication
from evaluation.models.report import RENDER_JOB
from pes import jobs
from pes.documents import store
from pes.documents.pdf import Pdf
from pes.models import AuditEvent, Job, JobState, Membership
from pes.planner import plan_due_work
from pes.rules.problems import Refused
from tests import make, people
from tests.evaluation import reports

pytestmark = [pytest.mark.django_db, pytest.mark.rule("REP-01", "PD3", "PD6", "JB1", "JB5", "JB7", "JB13", "AZ15")]


DRAFT_MARK = '<p class="doc-mark">Borrador'


@pytest.fixture(autouse=True)
def quick(media_root, monkeypatch):
    """Lay documents out once: what they look like is proven in test_documents."""
    made = Pdf(b"%PDF-1.7 un documento", 3)
    monkeypatch.setattr(pdf, "render", lambda context, workbook: made)


@pytest.fixture
def case(media_root) -> reports.Case:
    return reports.case()


def folders(media_root: Path) -> set[str]:
    return {entry.name for entry in (media_root / "informes").iterdir()}


def test_a_draft_replaces_the_one_before_and_its_files(case, media_root, django_capture_on_commit_callbacks):
    first = case.draft()
    with django_capture_on_commit_callbacks(execute=True):
        second = case.draft()

    assert ReportDraft.objects.count() == 1
    assert folders(media_root) == {second.folder}
    assert first.folder != second.folder


def test_the_row_keeps_the_digest_of_each_file(case):
    draft = case.draft()

    for suffix in draft.suffixes:
        assert store.sha256(draft.path(suffix).read_bytes()) == draft.digest_of(suffix)


def test_only_who_may_ask_gets_a_draft(case):
    for name in ("ana", "jorge"):
        ReportDraft.ask(case.plan, reports.MARCH, by=getattr(case.them, name))
    for name in ("elena", "diana", "olga", "alicia", "oscar", "luis"):
        with pytest.raises(PermissionDenied):
            ReportDraft.ask(case.plan, reports.MARCH, by=getattr(case.them, name))


def test_a_period_without_measurements_has_no_report(case):
    with pytest.raises(Refused) as refused:
        ReportDraft.ask(case.plan, reports.parse_period("monthly", "2022-05"), by=case.them.ana)

    assert refused.value.problems[0].code == "nothing_measured"


def test_asking_twice_while_it_waits_is_one_job(case):
    first = ReportDraft.ask(case.plan, reports.MARCH, by=case.them.ana)
    second = ReportDraft.ask(case.plan, reports.MARCH, by=case.them.jorge)

    assert first.pk == second.pk


def test_who_lost_the_permission_meanwhile_gets_nothing(case):
    job = ReportDraft.ask(case.plan, reports.MARCH, by=case.them.ana)
    Membership.objects.filter(user=case.them.ana).update(ends_on=timezone.localdate() - timedelta(days=1))

    jobs.run_now(job)

    assert (job.state, ReportDraft.objects.exists()) == (JobState.FAILED, False)
    assert "permiso" in job.error


def test_who_loses_the_permission_while_it_is_made_gets_nothing(case, monkeypatch):
    job = ReportDraft.ask(case.plan, reports.MARCH, by=case.them.ana)
    context = report_tasks._read_draft(job)
    stored = report_tasks._make(context, lambda percent: None)
    Membership.objects.filter(user=case.them.ana).update(ends_on=timezone.localdate() - timedelta(days=1))

    with pytest.raises(PermissionDenied):
        report_tasks._write_draft(job, context, stored)


def test_what_changes_while_it_is_made_is_not_in_the_report(case):
    job = ReportDraft.ask(case.plan, reports.MARCH, by=case.them.ana)
    context = report_tasks._read_draft(job)
    measurement = case.plan.indicators.get(key="644").measurements.get()
    measurement.correct(achieved=Decimal(1), analysis="", expected_version=1, reason="Error", by=case.them.ana)
    make.run_jobs()

    made = files.make(context, lambda percent: None)

    assert "24,15\u00a0%" in made.contents["html"].decode()
    assert context.digest != report_tasks._read_draft(job).digest


def test_a_worker_that_lost_its_lease_leaves_no_second_draft(case, monkeypatch):
    """The first worker freezes while rendering; the second takes the job and ends it; the first comes back."""
    job = ReportDraft.ask(case.plan, reports.MARCH, by=case.them.ana)
    first = jobs.claim(job.pk)
    context = report_tasks._read_draft(first)
    stored = report_tasks._make(context, lambda percent: None)
    Job.objects.filter(pk=job.pk).update(lease_until=timezone.now() - timedelta(seconds=1))

    assert jobs.run(job.pk)
    with pytest.raises(jobs.LeaseLost):
        jobs._write(jobs.WORK[RENDER_JOB], first, context, stored)

    draft = ReportDraft.objects.get()
    assert draft.folder != stored.folder
    assert AuditEvent.objects.filter(verb="report_drafted").count() == 1


def test_files_that_no_row_knows_are_swept_once_they_are_old(case, media_root, monkeypatch):
    draft = case.draft()
    orphan = store.store({"pdf": b"x"})
    assert store.sweep() == []

    monkeypatch.setattr(store, "ABANDONED_AFTER", timedelta(seconds=-5))

    assert store.sweep() == [orphan]
    assert folders(media_root) == {draft.folder}


def test_a_full_disk_leaves_no_half_file(case, media_root, monkeypatch):
    write = store._write

    def full(path: Path, content: bytes) -> None:
        if path.suffix == ".html":
            raise OSError(28, "No space left on device")
        write(path, content)

    monkeypatch.setattr(store, "_write", full)
    job = jobs.run_now(ReportDraft.ask(case.plan, reports.MARCH, by=case.them.ana))

    assert (job.state, ReportDraft.objects.exists()) == (JobState.QUEUED, False)
    assert folders(media_root) == set()


def test_a_text_that_nests_too_deep_fails_at_once_and_says_why(case, monkeypatch):
    def too_deep(context: object, workbook: bytes) -> None:
        raise RecursionError

    monkeypatch.setattr(pdf, "render", too_deep)
    job = jobs.run_now(ReportDraft.ask(case.plan, reports.MARCH, by=case.them.ana))

    assert job.state == JobState.FAILED
    assert "anidado" in job.error


def test_an_edition_needs_a_consolidated_cutoff_and_the_jefe(case):
    with pytest.raises(Refused) as refused:
        IssuedReport.ask(case.plan, reports.MARCH, reason="", by=case.them.jorge)
    assert refused.value.problems[0].code == "cutoff_open"
    case.cutoff.consolidate(by=case.them.jorge)
    for name in ("ana", "elena", "diana", "olga", "alicia"):
        with pytest.raises(PermissionDenied):
            IssuedReport.ask(case.plan, reports.MARCH, reason="", by=getattr(case.them, name))


def test_an_edition_is_made_once_without_the_mark_and_keeps_its_snapshot(case):
    case.draft()
    report = case.issue()

    text = report.path("html").read_text()
    assert "Edición 1" in text
    assert DRAFT_MARK not in text
    assert report.snapshot == case.cutoff.snapshots.get()
    assert not ReportDraft.objects.exists()


def test_no_statement_changes_an_edition(case):
    report = case.issue()

    with pytest.raises(DatabaseError), transaction.atomic():
        IssuedReport.objects.filter(pk=report.pk).update(reason="otra")
    with pytest.raises(DatabaseError), transaction.atomic():
        report.delete()


def test_a_correction_is_edition_two_with_its_reason_and_edition_one_stays(case):
    first = case.issue()
    before = first.path("pdf").read_bytes()
    with pytest.raises(Refused) as refused:
        IssuedReport.ask(case.plan, reports.MARCH, reason=" ", by=case.them.jorge)

    second = case.issue(reason="Se corrigió el indicador 644")

    assert refused.value.problems[0].code == "reason_missing"
    assert [one.edition for one in IssuedReport.of(case.plan, reports.MARCH)] == [2, 1]
    assert "Se corrigió el indicador 644" in second.path("html").read_text()
    assert first.path("pdf").read_bytes() == before


def test_two_requests_of_the_same_edition_make_one(case):
    case.cutoff.consolidate(by=case.them.jorge)
    first = IssuedReport.ask(case.plan, reports.MARCH, reason="", by=case.them.jorge)
    late = Job.objects.create(
        kind=first.kind,
        key="otra",
        queue_key="otra",
        payload=first.payload,
        requested_by=case.them.jorge,
        run_after=timezone.now(),
    )
    jobs.run_now(first)
    jobs.run_now(late)

    assert IssuedReport.objects.count() == 1
    assert (late.state, late.error.startswith("La edición 1 ya se emitió")) == (JobState.FAILED, True)


def test_publishing_is_once_and_for_who_may(case):
    report = case.issue()
    for name in ("ana", "elena", "olga", "alicia", "oscar"):
        with pytest.raises(PermissionDenied):
            report.publish(by=getattr(case.them, name))
    press = people.person("Carla Comunicaciones", people.Role.COMUNICACIONES, case.them.sector)

    report.publish(by=press)

    assert ReportPublication.objects.get().published_by == press
    with pytest.raises(Refused):
        report.publish(by=press)


def test_every_step_leaves_its_audit_event(case):
    case.draft()
    case.issue().publish(by=case.them.jorge)

    verbs = AuditEvent.objects.filter(verb__startswith="report_").order_by("pk").values_list("verb", flat=True)
    assert list(verbs) == [
        "report_requested", "report_drafted", "report_issue_requested", "report_issued", "report_published",
    ]  # fmt: skip


def due(today: date) -> list[tuple[str, str]]:
    """Kinds and periods of the jobs that the planner asks for on a day, run to their end."""
    keys = [key for key in plan_due_work(today) if key.startswith(RENDER_JOB)]
    make.run_jobs()
    return [tuple(key.split(":")[2:]) for key in keys]  # type: ignore[misc]


def test_the_planner_makes_each_due_period_once_however_long_it_slept(case):
    assert due(date(2022, 3, 31)) == []
    assert due(date(2022, 4, 1)) == [("monthly", "2022-03")]
    assert due(date(2022, 4, 2)) == []
    assert due(date(2023, 1, 9)) == [("semiannual", "2022-S1"), ("annual", "2022")]
    assert due(date(2023, 1, 9)) == []
    assert ReportDraft.objects.count() == 3


def test_two_planners_at_once_ask_for_one_job(case):
    first, second = (list(report_tasks.plan_reports(date(2022, 4, 1))) for _ in range(2))

    assert (len(first), second) == (1, [])
    assert Job.objects.filter(kind=RENDER_JOB).count() == 1


def test_the_planner_leaves_a_period_that_was_issued_alone(case):
    case.issue()

    assert due(date(2022, 4, 9)) == []


def test_the_command_writes_a_draft_and_then_the_issued_file(case, tmp_path, capsys):
    options = {
        "sector": "gestion-publica",
        "kind": "monthly",
        "period": "2022-03",
        "out": tmp_path,
        "format": "pdf,xlsx,html",
    }
    call_command("render_report", **options)
    names = capsys.readouterr().out.split()
    assert [Path(name).name for name in names] == [
        f"gestion-publica-monthly-2022-03.{s}" for s in ("pdf", "xlsx", "html")
    ]
    assert DRAFT_MARK in Path(names[2]).read_text()

    case.issue()
    call_command("render_report", **options)

    assert DRAFT_MARK not in Path(names[2]).read_text()
    assert not ReportDraft.objects.exists()


@pytest.mark.parametrize(
    ("change", "code"),
    [({"sector": "nadie"}, 1), ({"period": "2022-04"}, 1), ({"period": "2022-4"}, 2), ({"format": "docx"}, 2)],
)
def test_the_command_says_with_its_exit_code_what_was_wrong(case, tmp_path, change, code):
    options = {"sector": "gestion-publica", "kind": "monthly", "period": "2022-03", "out": tmp_path, "format": "pdf"}
    with pytest.raises((SystemExit, CommandError)) as stopped:
        call_command("render_report", **options | change)

    assert getattr(stopped.value, "returncode", getattr(stopped.value, "code", None)) == code
