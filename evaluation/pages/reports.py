"""The series of reports of a sector, and one period of it: what was made, issued, published, and what is missing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import Http404
from django.template.defaultfilters import filesizeformat
from django.urls import reverse

from evaluation.facts import measured_dates
from evaluation.models import Cutoff, IssuedReport, ReportDraft, ReportKind
from evaluation.models.auditor_report import AuditorDocument
from evaluation.models.report import SectorReport, issuing_problems
from evaluation.pages.selection import visible_plans
from evaluation.rules.periods import Kind, Period, PeriodError, cutoff_of, parse_period
from pes.access import can
from pes.asked import whole_number
from pes.dates import long_date, long_instant
from pes.documents.serving import preview
from pes.models import Job, JobState, SectorPlan
from pes.permissions import Permission

KIND_TITLES = {
    Kind.MONTHLY: "Informes mensuales",
    Kind.SEMIANNUAL: "Informes semestrales",
    Kind.ANNUAL: "Informe anual",
}
DRAFT = 0  # the edition of a draft in addresses


@dataclass(frozen=True)
class PeriodRow:
    """One period of the series."""

    label: str
    url: str
    cutoff: str
    tone: str
    state: str
    detail: str
    make_url: str


@dataclass(frozen=True)
class Series:
    """The periods of one kind in a vigencia; `missing` names those that are due and unmade."""

    title: str
    rows: tuple[PeriodRow, ...]
    missing: str


@dataclass(frozen=True)
class FileLink:
    """A file to take away, with the digest that proves it."""

    url: str
    label: str
    format: str
    detail: str
    digest: str


@dataclass(frozen=True)
class Edition:
    """An issued edition in the history."""

    label: str
    when: str
    who: str
    reason: str
    tone: str
    state: str
    url: str
    publish_url: str
    files: tuple[FileLink, ...]
    snapshot: str


@dataclass(frozen=True)
class ReportPage:
    """Everything that the page of a period shows."""

    title: str
    lead: str
    plan: SectorPlan
    url: str
    shown: str
    tone: str
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


def period_or_404(kind: str, text: str) -> Period:
    """The period of an address."""
    try:
        return parse_period(kind, text)
    except PeriodError as error:
        raise Http404(str(error)) from error


def plan_or_404(user: Any, slug: str, period: Period) -> SectorPlan:
    """The plan of the sector that the person may see and that covers the period; where two do, the one measured in it.

    The last vigencia of a plan is the first of the next (PES-06).
    """
    plans = [plan for plan in visible_plans(user, slug) if period.vigencia in plan.vigencias]
    if not plans:
        raise Http404
    return next((plan for plan in plans if cutoff_of(period, measured_dates(plan))), plans[0])


def series(plan: SectorPlan, vigencia: int, today: date, *, may_request: bool) -> tuple[Series, ...]:
    """The three series of a vigencia, with every period that has begun."""
    dates = measured_dates(plan)
    drafts = {(d.kind, d.period): d for d in ReportDraft.objects.filter(plan=plan)}
    issued: dict[tuple[str, str], list[IssuedReport]] = {}
    for one in IssuedReport.objects.filter(plan=plan).select_related("publication").order_by("-edition"):
        issued.setdefault((one.kind, one.period), []).append(one)
    found = []
    for kind in Kind:
        rows, missing = [], []
        for period in periods_of(kind, vigencia, today):
            place = (kind.value, period.code)
            row = _row(plan, period, dates, drafts.get(place), issued.get(place, []), today, may_request)
            rows.append(row)
            if row.state == "Sin generar":
                missing.append(period.label)
        found.append(Series(KIND_TITLES[kind], tuple(rows), ", ".join(missing)))
    return tuple(found)


def periods_of(kind: Kind, vigencia: int, today: date) -> list[Period]:
    """The periods of a vigencia that have begun."""
    count = {Kind.MONTHLY: 12, Kind.SEMIANNUAL: 2, Kind.ANNUAL: 1}[kind]
    every = (Period(vigencia, number, kind) for number in range(1, count + 1))
    return [period for period in every if period.starts_on <= today]


def _row(
    plan: SectorPlan, period: Period, dates: list[date], draft: ReportDraft | None, issued: list[IssuedReport],
    today: date, may_request: bool,
) -> PeriodRow:  # fmt: skip
    on = cutoff_of(period, dates)
    tone, state, detail = _state(period, on, draft, issued, today)
    args = [plan.sector.code, period.kind.value, period.code]
    return PeriodRow(
        label=period.label,
        url=reverse("evaluation:report", args=args) if on else "",
        cutoff=long_date(on) if on else "–",
        tone=tone,
        state=state,
        detail=detail,
        make_url=reverse("evaluation:report-request", args=args)
        if may_request and on and not (draft or issued)
        else "",
    )


def _state(
    period: Period, on: date | None, draft: ReportDraft | None, issued: list[IssuedReport], today: date
) -> tuple[str, str, str]:
    if issued:
        last = issued[0]
        pending = f" · borrador del {long_date(draft.made_at)}" if draft else ""
        if hasattr(last, "publication"):
            return "ok", f"Publicado, edición {last.edition}", f"{long_date(last.publication.published_at)}{pending}"
        return "course", f"Emitido, edición {last.edition}", f"{long_date(last.issued_at)}{pending}"
    if draft:
        return "warn", "Borrador", long_instant(draft.made_at)
    if on is None:
        return "off", "Sin mediciones", "No hay nada que informar"
    if period.ends_on >= today:
        return "none", "En curso", f"Termina el {long_date(period.ends_on)}"
    return "risk", "Sin generar", "El periodo terminó y tiene mediciones"


def report_page(user: Any, plan: SectorPlan, period: Period, wanted: str, today: date) -> ReportPage:
    """One period: the draft or edition to read, its files, its history and what this person may do."""
    editions = list(IssuedReport.of(plan, period).select_related("publication", "snapshot", "issued_by"))
    draft = ReportDraft.objects.filter(plan=plan, kind=period.kind.value, period=period.code).first()
    shown: SectorReport | None = draft or (editions[0] if editions else None)
    asked = whole_number(wanted)
    shown = next((one for one in editions if one.edition == asked), shown)
    on = cutoff_of(period, measured_dates(plan))
    may_issue, args = can(user, Permission.REPORT_ISSUE, plan), [plan.sector.code, period.kind.value, period.code]
    reason = issuing_problems(plan, period, 0, "", today) if may_issue else []
    return ReportPage(
        title=f"Informe {ReportKind(period.kind.value).label.lower()} · {period.label}",
        lead=f"Sector {plan.sector.name} · " + (f"corte al {long_date(on)}" if on else "sin mediciones en el periodo"),
        plan=plan,
        url=reverse("evaluation:report", args=args),
        shown=_named(shown),
        tone="warn" if isinstance(shown, ReportDraft) else "ok",
        preview=preview(shown),
        files=links(shown, "evaluation:report-file", args),
        context_digest=shown.context_sha256 if shown else "",
        stale=_stale(plan, on, draft) if shown is draft else "",
        job_url=_job_url(plan, period),
        editions=_history(user, editions, args),
        can_request=bool(on) and can(user, Permission.REPORT_REQUEST, plan),
        can_issue=may_issue,
        next_edition=len(editions) + 1,
        issue_reason=" ".join(f"{problem.message} {problem.fix}" for problem in reason),
    )


def _named(report: SectorReport | None) -> str:
    if isinstance(report, IssuedReport):
        return f"Edición {report.edition}, emitida el {long_date(report.issued_at)}"
    return f"Borrador del {long_instant(report.made_at)}" if isinstance(report, ReportDraft) else ""


def _stale(plan: SectorPlan, on: date | None, draft: ReportDraft | None) -> str:
    cutoff = Cutoff.objects.filter(plan=plan, on=on).first()
    if draft is None or cutoff is None or cutoff.computed_at <= draft.made_at:
        return ""
    return "Las cifras del corte cambiaron después de este borrador: genérelo de nuevo."


def _job_url(plan: SectorPlan, period: Period) -> str:
    busy = Job.objects.filter(
        payload__plan=plan.pk, payload__kind=period.kind.value, payload__period=period.code,
        state__in=(JobState.QUEUED, JobState.RUNNING),
    )  # fmt: skip
    found = busy.order_by("-pk").first()
    return reverse("pes:job", args=[found.pk]) if found else ""


def _history(user: Any, editions: list[IssuedReport], args: list[str]) -> tuple[Edition, ...]:
    found, published_newer = [], False
    for one in editions:
        is_public = hasattr(one, "publication")
        state, tone = _publicity(one, is_public, published_newer)
        may_publish = not is_public and can(user, Permission.REPORT_PUBLISH, one)
        found.append(
            Edition(
                label=f"Edición {one.edition}",
                when=long_instant(one.issued_at),
                who=str(one.issued_by),
                reason=one.reason,
                tone=tone,
                state=state,
                url=reverse("evaluation:report", args=args) + f"?edicion={one.edition}",
                publish_url=reverse("evaluation:report-publish", args=[*args, one.edition]) if may_publish else "",
                files=links(one, "evaluation:report-file", args),
                snapshot=f"Corrida {one.snapshot.run} · {one.snapshot.digest}",
            )
        )
        published_newer = published_newer or is_public
    return tuple(found)


def _publicity(report: IssuedReport, is_public: bool, published_newer: bool) -> tuple[str, str]:
    if not is_public:
        return "Emitida, sin publicar", "course"
    when = long_date(report.publication.published_at)
    return (
        (f"Publicada el {when}; la reemplazó otra edición", "off")
        if published_newer
        else (f"Publicada el {when}", "ok")
    )


def links(report: SectorReport | AuditorDocument | None, name: str, args: Iterable[str]) -> tuple[FileLink, ...]:
    """The files of a draft or an edition that are on disk, through the view of that name."""
    if report is None:
        return ()
    edition = getattr(report, "edition", DRAFT)
    labels = {"pdf": "Informe", "xlsx": "Libro de datos", "docx": "Texto editable", "zip": "Un documento por entidad"}
    return tuple(
        FileLink(
            url=reverse(name, args=[*args, edition, suffix]),
            label=labels[suffix],
            format=suffix.upper(),
            detail=_detail(report, suffix),
            digest=report.digest_of(suffix),
        )
        for suffix in report.suffixes
        if report.path(suffix).is_file()
    )


def _detail(report: SectorReport | AuditorDocument, suffix: str) -> str:
    size = filesizeformat(report.path(suffix).stat().st_size)
    return f"{report.pages} páginas · {size}" if suffix == "pdf" else size
