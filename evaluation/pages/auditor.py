"""The documents for the control offices of a year: what is made, what is missing, and one of them to read (act. 14, 15)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from evaluation.auditor_acts import editions_of, issue_problems, jobs_of, publication_problems, told_closes
from evaluation.models import AuditorDraft, AuditorKind, AuditorReport, QuarterClose
from evaluation.models.auditor_report import AuditorDocument
from evaluation.pages.reports import Edition, FileLink, links
from pes.access import can
from pes.asked import whole_number
from pes.dates import long_date, long_instant
from pes.documents.serving import preview
from pes.models import JobState, OrganizationUnit
from pes.permissions import Permission

PURPOSES = {
    AuditorKind.CB0404: "Indicadores de gestión para la Contraloría de Bogotá, en Excel con las columnas definidas.",
    AuditorKind.CB1090: "Informe de gestión y resultados para la Contraloría, por proceso y alcaldía.",
    AuditorKind.GESTION: "Resultados agregados del año; se publica en la página web.",
}
FILE = "evaluation:auditor-report-file"


@dataclass(frozen=True, slots=True)
class KindRow:
    """A document of the year in the list."""

    label: str
    purpose: str
    url: str
    tone: str
    state: str
    detail: str


@dataclass(frozen=True)
class AuditorPage:
    """Everything that the page of a document shows."""

    title: str
    lead: str
    url: str
    shown: str
    preview: str
    files: tuple[FileLink, ...]
    context_digest: str
    stale: str
    job_url: str
    editions: tuple[Edition, ...]
    can_request: bool
    can_issue: bool
    next_edition: int
    issue_reason: str
    columns_url: str
    request_url: str
    issue_url: str


def vigencias_of(entity: OrganizationUnit) -> list[int]:
    """Vigencias of an entity with a consolidated quarter, the last one first."""
    years = QuarterClose.objects.filter(entity=entity).order_by("-vigencia").values_list("vigencia", flat=True)
    return list(years.distinct())


def kind_rows(entity: OrganizationUnit, vigencia: int) -> list[KindRow]:
    """The three documents of a year; two queries."""
    drafts = {one.kind: one for one in AuditorDraft.objects.filter(entity=entity, vigencia=vigencia)}
    reports = AuditorReport.objects.filter(entity=entity, vigencia=vigencia).select_related("publication")
    issued = {one.kind: one for one in reports.order_by("edition")}
    return [_row(entity, vigencia, kind, drafts.get(kind), issued.get(kind)) for kind in AuditorKind]


def _row(
    entity: OrganizationUnit, vigencia: int, kind: AuditorKind, draft: AuditorDraft | None, issued: AuditorReport | None
) -> KindRow:
    url = reverse("evaluation:auditor-report", args=[entity.code, vigencia, kind.value])
    return KindRow(kind.label, PURPOSES[kind], url, *_state(draft, issued))


def _state(draft: AuditorDraft | None, issued: AuditorReport | None) -> tuple[str, str, str]:
    if issued is not None:
        pending = f" · borrador del {long_date(draft.made_at)}" if draft else ""
        if hasattr(issued, "publication"):
            return "ok", f"Publicado, edición {issued.edition}", f"{long_date(issued.publication.at)}{pending}"
        return "course", f"Emitido, edición {issued.edition}", f"{long_date(issued.issued_at)}{pending}"
    if draft is not None:
        return "warn", "Borrador", long_instant(draft.made_at)
    return "off", "Sin generar", ""


def auditor_page(user: Any, entity: OrganizationUnit, vigencia: int, kind: AuditorKind, wanted: str) -> AuditorPage:
    """A document: the draft or edition to read, its files, its history and what this person may do."""
    editions = list(editions_of(entity, vigencia, kind).select_related("publication", "issued_by", "entity"))
    draft = AuditorDraft.objects.filter(entity=entity, vigencia=vigencia, kind=kind).first()
    shown = _shown(draft, editions, whole_number(wanted))
    may_issue, args = can(user, Permission.REPORT_ISSUE, entity), [entity.code, vigencia, kind.value]
    problems = issue_problems(entity, vigencia, kind, "·") if may_issue else []  # its form asks for the reason
    busy = jobs_of(entity, vigencia, kind).filter(state__in=(JobState.QUEUED, JobState.RUNNING)).first()
    return AuditorPage(
        title=f"{kind.label} {vigencia}",
        lead=f"{entity.name}. {PURPOSES[kind]}",
        url=reverse("evaluation:auditor-report", args=args),
        shown=_named(shown),
        preview=preview(shown),
        files=links(shown, FILE, args),
        context_digest=shown.context_sha256 if shown else "",
        stale=_stale(editions, shown, told_closes(entity, vigencia)),
        job_url=reverse("pes:job", args=[busy.pk]) if busy else "",
        editions=_history(user, editions, args),
        can_request=can(user, Permission.REPORT_REQUEST, entity),
        can_issue=may_issue,
        next_edition=len(editions) + 1,
        issue_reason=" ".join(f"{problem.message} {problem.fix}" for problem in problems),
        columns_url=reverse("evaluation:auditor-columns") if kind is AuditorKind.CB0404 and may_issue else "",
        request_url=reverse("evaluation:auditor-report-request", args=args),
        issue_url=reverse("evaluation:auditor-report-issue", args=args),
    )


def _shown(draft: AuditorDraft | None, editions: Sequence[AuditorReport], asked: int | None) -> AuditorDocument | None:
    wanted = next((one for one in editions if one.edition == asked), None)
    return wanted or draft or (editions[0] if editions else None)


def _named(document: AuditorDocument | None) -> str:
    if isinstance(document, AuditorReport):
        return f"Edición {document.edition}, emitida el {long_date(document.issued_at)}"
    return f"Borrador del {long_instant(document.made_at)}" if isinstance(document, AuditorDraft) else ""


def _stale(editions: Sequence[AuditorReport], shown: AuditorDocument | None, closes: list[int]) -> str:
    """Whether the runs moved on since the last edition was issued."""
    if not isinstance(shown, AuditorReport) or shown != editions[0] or shown.closes == closes:
        return ""
    return "Un trimestre se consolidó de nuevo después de esta edición: si las cifras cambian, emita una corrección."


def _history(user: Any, editions: Sequence[AuditorReport], args: list[Any]) -> tuple[Edition, ...]:
    may_publish = bool(editions) and can(user, Permission.REPORT_PUBLISH, editions[0])
    return tuple(_edition(one, args, may_publish, is_last=one == editions[0]) for one in editions)


def _edition(report: AuditorReport, args: list[Any], may_publish: bool, *, is_last: bool) -> Edition:
    is_public = hasattr(report, "publication")
    state, tone = "Emitida", "course" if is_last else "off"
    if is_public:
        state, tone = f"Publicada el {long_date(report.publication.at)}", "ok" if is_last else "off"
    offers = may_publish and is_last and not publication_problems(report)
    return Edition(
        label=f"Edición {report.edition}",
        when=long_instant(report.issued_at),
        who=str(report.issued_by),
        reason=report.reason,
        tone=tone,
        state=state if is_last else f"{state}; la reemplazó otra edición",
        url=f"{report.get_absolute_url()}?edicion={report.edition}",
        publish_url=reverse("evaluation:auditor-report-publish", args=[*args, report.edition]) if offers else "",
        files=links(report, FILE, args),
        snapshot=report.context_sha256,
    )
