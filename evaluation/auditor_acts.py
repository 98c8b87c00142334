"""Acts on the documents for the control offices: ask for a draft, issue, publish, define the columns (act. 14 and 15)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from evaluation.auditor.columns import Column, column_problems, in_force
from evaluation.models import AuditorColumns, AuditorKind, AuditorPublication, AuditorReport, QuarterClose
from evaluation.quarter_closes import last_runs
from pes import audit, jobs
from pes.access import demand, holds
from pes.models import Job, OrganizationUnit, User
from pes.permissions import Permission
from pes.rules.problems import Problem, Refused, refuse_if_any
from plans.models.plan import PlanLevel

RENDER_JOB, ISSUE_JOB = "render_auditor_report", "issue_auditor_report"
LAST_QUARTER = 4


@transaction.atomic
def request_draft(entity: OrganizationUnit, vigencia: int, kind: str, *, by: User) -> Job:
    """Ask for the draft of a year's document; waiting requests for the same one are one job.

    Raises PermissionDenied, or Refused: no quarter of the year is consolidated.
    """
    demand(by, Permission.REPORT_REQUEST, entity)
    refuse_if_any(draft_problems(entity, vigencia))
    said = {"kind": kind, "vigencia": vigencia}
    audit.record("auditor_report_requested", entity, by=by, after=said)
    return jobs.enqueue(RENDER_JOB, _key(RENDER_JOB, entity, vigencia, kind), _payload(entity, vigencia, kind), by=by)


@transaction.atomic
def request_issue(entity: OrganizationUnit, vigencia: int, kind: str, *, by: User, reason: str = "") -> Job:
    """Ask for the next edition of a year's document: it is rendered once, without «Borrador», and never changes.

    Raises PermissionDenied, or Refused: the fourth quarter is not consolidated, a correction without its reason.
    """
    demand(by, Permission.REPORT_ISSUE, entity)
    OrganizationUnit.objects.select_for_update(of=("self",), no_key=True).get(pk=entity.pk)
    edition = editions_of(entity, vigencia, kind).count() + 1
    refuse_if_any(issue_problems(entity, vigencia, kind, reason))
    said = {"kind": kind, "vigencia": vigencia, "edition": edition}
    audit.record("auditor_report_issue_requested", entity, by=by, after=said, reason=reason.strip())
    payload = _payload(entity, vigencia, kind) | {"edition": edition, "reason": reason.strip()}
    return jobs.enqueue(ISSUE_JOB, _key(ISSUE_JOB, entity, vigencia, kind), payload, by=by)


@transaction.atomic
def publish_report(report: AuditorReport, *, by: User, now: datetime | None = None) -> AuditorPublication:
    """Put an edition of the informe de gestión on the public page (act. 15); older ones stay, labelled (AZ13).

    Raises PermissionDenied, or Refused: another kind of document, public already, not the last edition.
    """
    demand(by, Permission.REPORT_PUBLISH, report)
    OrganizationUnit.objects.select_for_update(of=("self",), no_key=True).get(pk=report.entity_id)
    refuse_if_any(publication_problems(report))
    publication = AuditorPublication.objects.create(report=report, by=by, at=now or timezone.now())
    said = {"report": str(report), "edition": report.edition, "pdf": report.digests["pdf"]}
    audit.record("auditor_report_published", report, by=by, after=said)
    return publication


@transaction.atomic
def define_columns(columns: Sequence[Column], *, base: int, by: User) -> AuditorColumns:
    """Write the next version of the columns of CB-0404; drafts made from now on have them (REP-08).

    `base` is the version that was edited. Raises PermissionDenied, or Refused: somebody wrote another version since,
    columns that are not valid, nothing changed.
    """
    if not holds(by, Permission.REPORT_ISSUE):
        raise PermissionDenied(f"Necesita el permiso «{Permission.REPORT_ISSUE.label}».")
    before = in_force()
    if before.version != base:
        message = f"Otra persona guardó la versión {before.version} mientras usted editaba."
        fix = "Vuelva a cargar la página y repita el cambio."
        raise Refused([Problem("columns_moved", "WF8", message, fix=fix)])
    problems = column_problems(columns)
    if not problems and tuple(columns) == before.columns:
        problems = [Problem("columns_same", "REP-08", "Las columnas no cambiaron.", fix="Cambie algo y guarde.")]
    refuse_if_any(problems)
    said = [column.as_json() for column in columns]
    made = AuditorColumns.objects.create(version=base + 1, columns=said, by=by, at=timezone.now())
    after = {"version": made.version, "columns": _named(columns)}
    audit.record("auditor_columns_defined", made, by=by, before={"columns": _named(before.columns)}, after=after)
    return made


def draft_problems(entity: OrganizationUnit, vigencia: int) -> list[Problem]:
    """Why there is nothing to tell of a year."""
    if QuarterClose.objects.filter(entity=entity, vigencia=vigencia).exists():
        return []
    message = f"La vigencia {vigencia} no tiene trimestres consolidados."
    return [Problem("nothing_consolidated", "REP-04", message, fix="Consolide un trimestre.")]


def issue_problems(entity: OrganizationUnit, vigencia: int, kind: str, reason: str) -> list[Problem]:
    """Why the next edition cannot be issued now."""
    found = draft_problems(entity, vigencia) or _unfinished(entity, vigencia)
    if editions_of(entity, vigencia, kind).exists() and not reason.strip():
        message = "Ya hay una edición: la siguiente debe decir qué corrige y por qué."
        found.append(Problem("reason_missing", "AZ13", message, fix="Escriba el motivo; se imprime en la portada."))
    return found


def _unfinished(entity: OrganizationUnit, vigencia: int) -> list[Problem]:
    closes = QuarterClose.objects.filter(entity=entity, vigencia=vigencia)
    levels = set(closes.values_list("level", flat=True))
    done = set(closes.filter(quarter=LAST_QUARTER).values_list("level", flat=True))
    names = ", ".join(PlanLevel(level).label.lower() for level in sorted(levels - done))
    if not names:
        return []
    message = f"El cuarto trimestre de {vigencia} no está consolidado: {names}."
    return [Problem("year_not_consolidated", "REP-04", message, fix="Consolídelo; mientras tanto hay borrador.")]


def publication_problems(report: AuditorReport) -> list[Problem]:
    """Why an edition cannot be published now."""
    if report.kind != AuditorKind.GESTION:
        message = "Solo el informe de gestión institucional se publica; los formatos se entregan a la Contraloría."
        return [Problem("kind_not_public", "REP-04", message, fix="Descárguelo y entréguelo por su canal.")]
    if AuditorPublication.objects.filter(report=report).exists():
        message = f"La edición {report.edition} ya está publicada."
        return [Problem("published_already", "AZ13", message, fix="Vuelva a cargar la página.")]
    later = editions_of(report.entity, report.vigencia, report.kind).filter(edition__gt=report.edition)
    if later.exists():
        message = f"La edición {report.edition} fue corregida por otra."
        return [Problem("edition_replaced", "AZ13", message, fix="Publique la última.")]
    return []


def editions_of(entity: OrganizationUnit, vigencia: int, kind: str) -> QuerySet[AuditorReport]:
    """The issued editions of a document, the newest first."""
    return AuditorReport.objects.filter(entity=entity, vigencia=vigencia, kind=kind).order_by("-edition")


def jobs_of(entity: OrganizationUnit, vigencia: int, kind: str) -> QuerySet[Job]:
    """The jobs that were asked to make a document, the newest first."""
    keys = [_key(job, entity, vigencia, kind) for job in (RENDER_JOB, ISSUE_JOB)]
    return Job.objects.filter(key__in=keys).order_by("-pk")


def told_closes(entity: OrganizationUnit, vigencia: int) -> list[int]:
    """Ids of the runs that a document of the year would tell now."""
    closes = last_runs(QuarterClose.objects.filter(entity=entity, vigencia=vigencia))
    return list(closes.order_by("quarter", "level").values_list("pk", flat=True))


def _named(columns: Iterable[Column]) -> str:
    return ", ".join(column.title for column in columns)


def _key(job: str, entity: OrganizationUnit, vigencia: int, kind: str) -> str:
    return f"{job}:{entity.pk}:{vigencia}:{kind}"


def _payload(entity: OrganizationUnit, vigencia: int, kind: str) -> dict[str, Any]:
    """Ids and the version of this shape (JB11)."""
    return {"version": 1, "entity": entity.pk, "vigencia": vigencia, "kind": kind}
