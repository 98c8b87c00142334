"""What exists of the reports of a PES, for the agenda of its evaluation and for gate G6."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date

from django.utils import timezone

from evaluation.facts import measured_dates
from evaluation.models import IssuedReport, ReportDraft, ReportPublication
from evaluation.rules.agenda import Made
from evaluation.rules.periods import Kind
from pes.models import Adoption, SectorPlan, TechnicalWorkshop
from pes.rules.technical_workshops import MeetingPurpose, MeetingStatus


def made_of(plan: SectorPlan) -> Made:
    """What exists of the reports of a plan; six queries."""
    issued = IssuedReport.objects.filter(plan=plan).order_by().values_list("kind", "period")
    drafts = ReportDraft.objects.filter(plan=plan).order_by().values_list("kind", "period")
    acts = [one.act for one in Adoption.objects.filter(plan=plan).select_related("act")]
    return Made(
        adopted_on=min((act.issued_on or act.begins_on for act in acts), default=None),
        measured=measured_dates(plan),
        drafts=_by_kind(drafts),
        issued=_by_kind(issued),
        published=published_days(plan),
        meetings=told_days(plan),
    )


def told_days(plan: SectorPlan) -> list[date]:
    """The days on which results were socialised, by minutes that are closed: the agenda and gate G6 count these."""
    told = TechnicalWorkshop.objects.filter(plan=plan, purpose=MeetingPurpose.RESULTS, status=MeetingStatus.CLOSED)
    return list(told.values_list("on", flat=True))


def published_days(plan: SectorPlan) -> dict[Kind, dict[str, date]]:
    """The day on which each period was first made public: an edition that corrects another is told of already."""
    found: dict[Kind, dict[str, date]] = {}
    rows = ReportPublication.objects.filter(report__plan=plan).order_by("-published_at")
    for kind, period, at in rows.values_list("report__kind", "report__period", "published_at"):
        found.setdefault(Kind(kind), {})[period] = timezone.localdate(at)
    return found


def _by_kind(rows: Iterable[tuple[str, str]]) -> dict[Kind, Collection[str]]:
    found: dict[Kind, set[str]] = {}
    for kind, period in rows:
        found.setdefault(Kind(kind), set()).add(period)
    return dict(found)
