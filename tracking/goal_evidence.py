"""What proves a goal in a quarter: each file or link on its own, versions in place of replacement (WF21; UP8, UP9).

The team adds while the report is in its hands; the goals that a central area reports are that area's to prove until the
report is validated (PG-08). A file is judged before the report is held, and the rules are asked again while it is: what
counts is the instant at which the whole request had come in (WF16).
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import Q, Sum
from django.utils import timezone

from pes import audit
from pes.access import can
from pes.files import antivirus
from pes.files.keeping import judge, received, settle
from pes.models import User
from pes.permissions import Permission
from pes.rules.files import link_problems
from pes.rules.problems import Problem, Refused, refuse_if_any
from plans.rules.goals import GoalStatus
from tracking.models import Evidence, EvidenceKind, EvidenceWithdrawal, GoalReport, QuarterReport
from tracking.rules.evidence import (
    MAX_LINKS,
    Kept,
    adding_problems,
    quota_problems,
    repeated_problem,
    version_problems,
)
from tracking.rules.report_states import ReportStatus
from tracking.rules.report_steps import withdrawal_problems
from tracking.scans import note
from tracking.storage import facts_of, link_facts

PLACE = "esta meta"


def prove_with_file(
    entry: GoalReport, upload: UploadedFile, *, by: User, replaces: Evidence | None = None, now: datetime | None = None
) -> Evidence:
    """Keep a file as evidence of a goal in a quarter, or as the next version of another evidence of it.

    The same bytes sent again for the same goal are the same evidence (WF1); bytes that the plan has already are not
    stored twice (UP8). Raises PermissionDenied, or Refused; then neither row nor file is left behind.
    """
    _demand_adding(entry, by)
    refuse_if_any(_state_problems(entry, entry.report))
    instant = now or timezone.now()
    with received(upload) as waiting:
        made = Evidence(
            entry=entry, **facts_of(upload, waiting), uploaded_by=by, uploaded_at=instant, replaces=replaces
        )
        again = _the_same(made)
        if again is not None:
            return again
        judge(made.display_name, made.size, waiting)
        scan = antivirus.scan(waiting)
        try:
            return _keep(made, waiting, scan, by)
        except (Refused, PermissionDenied):
            if made.stored_as_id is None:  # else the file is another evidence's
                made.path.unlink(missing_ok=True)
            raise


def prove_with_link(
    entry: GoalReport,
    url: str,
    *,
    by: User,
    name: str = "",
    replaces: Evidence | None = None,
    now: datetime | None = None,
) -> Evidence:
    """Keep an https link as evidence: text that the server never fetches, and not in custody (UP15).

    The same link again is the same evidence (WF1). Raises PermissionDenied or Refused.
    """
    _demand_adding(entry, by)
    refuse_if_any(link_problems(url))
    instant = now or timezone.now()
    made = Evidence(entry=entry, **link_facts(url, name), uploaded_by=by, uploaded_at=instant, replaces=replaces)
    return _keep(made, None, None, by)


@transaction.atomic
def withdraw(evidence: Evidence, *, by: User, now: datetime | None = None) -> None:
    """Take back evidence that was never sent; its row and its file stay (WF21). Doing it twice is doing it once (WF1).

    Raises PermissionDenied, or Refused: it was sent, it has versions, the report is not in the hands of who asks.
    """
    entry = evidence.entry
    if entry is None:
        raise PermissionDenied("La evidencia de una medición no se retira.")
    _demand_adding(entry, by)
    held = QuarterReport.hold(entry.report_id)
    if EvidenceWithdrawal.objects.filter(evidence=evidence).exists():
        return
    is_central = entry.goal.central_area_id is not None
    status, sent = ReportStatus(held.status), was_submitted(evidence, held)
    refuse_if_any(
        [*withdrawal_problems(status=status, was_submitted=sent, is_central=is_central), *_chain_problems(evidence)]
    )
    EvidenceWithdrawal.objects.create(evidence=evidence, by=by, at=now or timezone.now())
    audit.record("evidence_withdrawn", entry, by=by, before=_facts(evidence, held))
    held.touch()


def may_add(entry: GoalReport, user: User) -> bool:
    """Whether a person proves this goal: of the plan's team, or of the central area that reports it (PG-08)."""
    return can(user, _needed(entry), entry)


def was_submitted(evidence: Evidence, report: QuarterReport) -> bool:
    """Whether a sending of the report took the evidence with it, by its instant or by what was frozen."""
    if report.submitted_at is None:
        return False
    if evidence.uploaded_at <= report.submitted_at:
        return True
    number = evidence.entry.goal.number if evidence.entry else None
    frozen = (
        (goal["number"], proof["sha256"], proof["url"])
        for content in report.versions.values_list("content", flat=True)
        for goal in content["goals"]
        for proof in goal["evidence"]
    )
    return (number, evidence.sha256, evidence.url) in set(frozen)


def _chain_problems(evidence: Evidence) -> list[Problem]:
    has_versions = evidence.replaces_id is not None or Evidence.objects.filter(replaces=evidence).exists()
    return version_problems() if has_versions else []


def _needed(entry: GoalReport) -> Permission:
    return Permission.GOAL_REPORT if entry.goal.central_area_id is not None else Permission.QUARTER_FILL


def _demand_adding(entry: GoalReport, by: User) -> None:
    if may_add(entry, by):
        return
    if entry.goal.central_area_id is not None:
        raise PermissionDenied("Esta meta la reporta un área central: solo ella aporta sus evidencias.")
    raise PermissionDenied("Aporta evidencias el equipo que diligencia el reporte.")


def _state_problems(entry: GoalReport, report: QuarterReport) -> list[Problem]:
    return adding_problems(
        ReportStatus(report.status),
        is_central=entry.goal.central_area_id is not None,
        is_eliminated=entry.goal.status == GoalStatus.ELIMINATED,
    )


def _the_same(made: Evidence) -> Evidence | None:
    """What the goal already has with the same bytes, or the same address. Raises Refused when it was meant as a version
    of something else."""
    same = Evidence.objects.current().filter(entry=made.entry, kind=made.kind, sha256=made.sha256, url=made.url).first()
    if same is not None and made.replaces_id not in {None, same.pk, same.replaces_id}:
        raise Refused([repeated_problem(made.display_name, PLACE)])
    return same


@transaction.atomic
def _keep(made: Evidence, waiting: Path | None, scan: antivirus.Scan | None, by: User) -> Evidence:
    """Hold the report, ask the rules again, and write: the file first, then its row, then its trace."""
    entry = made.entry
    assert entry is not None  # the verbs of this module make evidence of goals
    held = QuarterReport.hold(entry.report_id)
    refuse_if_any(_state_problems(entry, held))
    again = _the_same(made)
    if again is not None:
        return again
    twin = _twin(made, held)
    refuse_if_any([*_version_problems(made), *_quota_problems(made, held, is_stored=twin is not None)])
    made.stored_as = twin
    if waiting is not None and twin is None:
        settle(waiting, made.path)
    made.save(force_insert=True)
    if twin is None:
        note(made, scan)
    audit.record("evidence_attached", entry, by=by, after=_facts(made, held))
    if held.status == ReportStatus.OPEN and entry.goal.central_area_id is None:
        held.move("fill")
    else:
        held.touch()
    return made


def _twin(made: Evidence, report: QuarterReport) -> Evidence | None:
    """The row of the plan that has the same bytes in custody, whichever the goal and the quarter (UP8)."""
    if made.kind != EvidenceKind.FILE:
        return None
    stored = Evidence.objects.filter(entry__report__plan=report.plan_id, sha256=made.sha256, stored_as=None)
    return next((one for one in stored if one.path.is_file() and one.path.stat().st_size == made.size), None)


def _version_problems(made: Evidence) -> list[Problem]:
    """A version follows the last one of an evidence of the same goal."""
    if made.replaces is None:
        return []
    if made.replaces.entry_id != made.entry_id:
        message = "La evidencia que se quiere reemplazar no es de esta meta."
        return [Problem("unknown_evidence", "AZ10", message, fix="Vuelva a cargar la página.")]
    if not Evidence.objects.current().filter(pk=made.replaces_id).exists():
        message = "La evidencia que se quiere reemplazar ya tiene otra versión o fue retirada."
        return [Problem("evidence_replaced", "WF3", message, fix="Vuelva a cargar la página.")]
    return []


def _quota_problems(made: Evidence, report: QuarterReport, *, is_stored: bool) -> list[Problem]:
    """Files in force count, and so does every byte that is kept, of versions gone by too (UP9)."""
    current = Evidence.objects.current().filter(entry__report=report, kind=made.kind)
    count = current.count() - (made.replaces is not None and made.replaces.kind == made.kind)
    if made.kind == EvidenceKind.LINK:
        if count < MAX_LINKS:
            return []
        message = f"Un reporte guarda hasta {MAX_LINKS} enlaces."
        return [Problem("quota_reached", "UP9", message, fix="Reúna los enlaces en un documento.")]
    stored = Evidence.objects.filter(stored_as=None, entry__report__plan=report.plan_id).aggregate(
        of_plan=Sum("size"), of_report=Sum("size", filter=Q(entry__report=report.pk))
    )
    kept = Kept(count, stored["of_report"] or 0, stored["of_plan"] or 0)
    return quota_problems(kept, 0 if is_stored else made.size, of="Un reporte")


def _facts(evidence: Evidence, report: QuarterReport) -> dict[str, object]:
    """What the audit keeps of an evidence."""
    said: dict[str, object] = {
        "report": str(report),
        "goal": evidence.entry.goal.number if evidence.entry else None,
        "name": evidence.display_name,
        "evidence": str(evidence.pk),
        "sha256": evidence.sha256,
        "url": evidence.url,
    }
    return said | ({"replaces": str(evidence.replaces_id)} if evidence.replaces_id else {})
