"""The evidence of goals as pages show it: what there is, what one may do with it, and whether one may add more.

`evidence_boxes` prepares the boxes of a whole page with a constant number of queries; `tracking/evidence_box.html` shows
one. Inside it there are forms: a page includes it beside its own form, never within.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils.timezone import localdate

from pes.dates import long_instant
from pes.files import antivirus
from pes.permissions import Permission
from pes.rules.files import ACCEPTED
from plans.rules.goals import GoalStatus
from tracking.evidence_forms import ACCEPT
from tracking.models import Evidence, EvidenceKind, EvidenceScan, GoalReport, QuarterReport, ScanVerdict
from tracking.rules.evidence import adding_problems
from tracking.rules.report_states import ReportStatus
from tracking.rules.report_steps import withdrawal_problems

MEBIBYTE = 1024**2
SENT = "Ya fue enviada: no se retira, se sigue con otra versión."


@dataclass(frozen=True, slots=True)
class Version:
    """One version of an evidence; without `url` it is not handed over to who looks."""

    pk: str
    name: str
    url: str
    is_file: bool
    detail: str
    sha256: str
    added: str
    state: str
    tone: str
    is_picture: bool


@dataclass(frozen=True, slots=True)
class EvidenceRow:
    """An evidence of a goal: its last version, those before, and what may be done with it.

    `shared` tells the analyst that the same bytes prove something else in the plan (UP8); `summary` is what the fold-out
    with the rest is called, empty when there is no rest.
    """

    last: Version
    summary: str
    earlier: tuple[Version, ...]
    shared: str
    withdraw_url: str
    note: str


@dataclass(frozen=True, slots=True)
class EvidenceBox:
    """The evidence of one goal in one quarter, for one person; `reason` says why that person adds none, if it is odd."""

    anchor: str
    label: str
    url: str
    rows: tuple[EvidenceRow, ...]
    can_add: bool
    reason: str
    back: str
    limit: int
    accept: str
    help: str

    @property
    def count(self) -> str:
        """«Sin evidencias», «3 evidencias»."""
        count = len(self.rows)
        return "Sin evidencias" if not count else f"{count} evidencia{'' if count == 1 else 's'}"


def entry_or_404(request: HttpRequest, unit: str, vigencia: int, quarter: int, number: int) -> GoalReport:
    """What a goal reports of a quarter, if the person may read it; 404 for any other (AZ2)."""
    rows = GoalReport.objects.visible_to(request.user, Permission.PLAN_READ).select_related(
        "report__plan__unit__parent", "goal__central_area"
    )
    return get_object_or_404(
        rows,
        report__plan__unit__code=unit,
        report__plan__vigencia=vigencia,
        report__quarter=quarter,
        goal__number=number,
    )


def anchor_of(entry: GoalReport) -> str:
    """The id of a goal's box in any page."""
    return f"evidencias-{entry.pk}"


def evidence_box(entry: GoalReport, user: Any, *, back: str = "") -> EvidenceBox:
    """The box of one goal."""
    return evidence_boxes([entry], user, back=back)[entry.pk]


def evidence_boxes(entries: Iterable[GoalReport], user: Any, *, back: str = "") -> dict[int, EvidenceBox]:
    """Boxes by id of entry, for entries that the person may read; seven queries at most.

    `back` is the path to which the forms return without JavaScript; by default, the page of the goal's evidence.
    """
    asked = [entry.pk for entry in entries]
    found = GoalReport.objects.filter(pk__in=asked).select_related("report__plan__unit", "goal__central_area")
    proofs = _Proofs(list(found), user)
    return {entry.pk: _box(entry, proofs, back) for entry in proofs.entries}


def late_upload_words(report: QuarterReport, began: datetime | None, received: datetime) -> str:
    """Both instants of an upload that began within the term and ended after it; empty for any other (WF16).

    `began` may be what a browser says: longer than a day ago is not believed.
    """
    if began is None or report.first_submitted_at is not None or received - began > timedelta(days=1):
        return ""
    if not localdate(began) <= report.due_on < localdate(received):
        return ""
    return (
        f"Empezó a subirlo el {long_instant(began)}, dentro del plazo, y llegó completo el {long_instant(received)}. El archivo "
        "quedó guardado; la puntualidad del reporte la da el instante en que se envía."
    )


class _Proofs:
    """What was fetched for the boxes of a page."""

    def __init__(self, entries: list[GoalReport], user: Any) -> None:
        self.entries, self.user = entries, user
        ids = [entry.pk for entry in entries]
        rows = Evidence.objects.filter(entry__in=ids, withdrawal__isnull=True).select_related("uploaded_by")
        self.by_entry: dict[int, list[Evidence]] = {}
        for row in rows.order_by("uploaded_at", "pk"):
            self.by_entry.setdefault(row.entry_id, []).append(row)
        self.team = self._reached(ids, Permission.QUARTER_FILL)
        self.area = self._reached(ids, Permission.GOAL_REPORT)
        self.verdicts = self._verdicts()
        self.places = self._places()

    def adds(self, entry: GoalReport) -> bool:
        """Whether the person is who proves this goal."""
        return entry.pk in (self.area if entry.goal.central_area_id is not None else self.team)

    def state(self, row: Evidence, *, mine: bool) -> tuple[str, str, bool]:
        """Label, tone, and whether the file is handed over to this person (UP10)."""
        if row.kind == EvidenceKind.LINK:
            return "No custodiado", "warn", True
        verdict = self.verdicts.get(row.stored_as_id or row.pk)
        if verdict == ScanVerdict.INFECTED:
            return "En cuarentena", "risk", False
        if verdict is None and antivirus.is_on():
            return "Pendiente de análisis", "warn", mine or row.uploaded_by_id == self.user.pk
        return "", "", True

    def _reached(self, ids: list[int], power: Permission) -> frozenset[int]:
        reached = GoalReport.objects.filter(pk__in=ids).visible_to(self.user, power)
        return frozenset(reached.values_list("pk", flat=True))

    def _verdicts(self) -> Mapping[Any, str]:
        """The last word of the antivirus on each file."""
        kept = {row.stored_as_id or row.pk for rows in self.by_entry.values() for row in rows}
        looks = EvidenceScan.objects.filter(evidence__in=kept).order_by("pk")
        return dict(looks.values_list("evidence", "verdict"))

    def _places(self) -> dict[tuple[int, str], list[tuple[int, int, int]]]:
        """Plan and digest → entry, goal and quarter of every evidence with those bytes that the person may read (AZ11)."""
        digests = {row.sha256 for rows in self.by_entry.values() for row in rows if row.sha256}
        plans = {entry.report.plan_id for entry in self.entries}
        same = Evidence.objects.current().filter(sha256__in=digests, entry__report__plan__in=plans)
        same = same.visible_to(self.user, Permission.PLAN_READ)
        found: dict[tuple[int, str], list[tuple[int, int, int]]] = {}
        columns = ("entry__report__plan", "sha256", "entry", "entry__goal__number", "entry__quarter")
        for plan, sha256, *place in same.order_by("entry__quarter", "entry__goal__number").values_list(*columns):
            found.setdefault((plan, sha256), []).append(tuple(place))
        return found


def _box(entry: GoalReport, proofs: _Proofs, back: str) -> EvidenceBox:
    report, goal = entry.report, entry.goal
    adds, is_central = proofs.adds(entry), goal.central_area_id is not None
    is_eliminated = goal.status == GoalStatus.ELIMINATED
    problems = adding_problems(ReportStatus(report.status), is_central=is_central, is_eliminated=is_eliminated)
    reason = problems[0].message if adds and problems else ""
    if is_central and entry.pk in proofs.team and not adds:
        reason = f"Las aporta {goal.central_area}, que reporta esta meta."
    url = report.url("goal-evidence", goal.number)
    return EvidenceBox(
        anchor=anchor_of(entry),
        label=f"Evidencias de la meta {goal.number} de {report.plan.unit.code}",
        url=url,
        rows=tuple(_rows(entry, proofs, adds=adds, can_add=adds and not problems)),
        can_add=adds and not problems,
        reason=reason,
        back=back or url,
        limit=settings.EVIDENCE_MAX_BYTES,
        accept=ACCEPT,
        help=f"{ACCEPTED}; hasta {settings.EVIDENCE_MAX_BYTES // MEBIBYTE} MB cada uno.",
    )


def _rows(entry: GoalReport, proofs: _Proofs, *, adds: bool, can_add: bool) -> Iterable[EvidenceRow]:
    own = {row.pk: row for row in proofs.by_entry.get(entry.pk, [])}
    followed = {row.replaces_id for row in own.values()}
    for row in own.values():
        if row.pk in followed:
            continue
        before = []
        step = own.get(row.replaces_id)
        while step is not None:
            before.append(_version(step, proofs, adds=adds))
            step = own.get(step.replaces_id)
        withdraw_url, note = _withdrawal(row, entry) if can_add else ("", "")
        last, shared = _version(row, proofs, adds=adds), _shared(row, entry, proofs)
        yield EvidenceRow(last, _summary(last, len(before), can_add), tuple(before), shared, withdraw_url, note)


def _version(row: Evidence, proofs: _Proofs, *, adds: bool) -> Version:
    is_file = row.kind == EvidenceKind.FILE
    state, tone, is_open = proofs.state(row, mine=adds)
    return Version(
        pk=str(row.pk),
        name=row.display_name,
        url=(row.get_absolute_url() if is_file else row.url) if is_open else "",
        is_file=is_file,
        detail=filesizeformat(row.size) if is_file else "Enlace",
        sha256=row.sha256,
        added=f"{row.uploaded_by}, {long_instant(row.uploaded_at)}",
        state=state,
        tone=tone,
        is_picture=row.content_type.startswith("image/"),
    )


def _summary(last: Version, before: int, can_add: bool) -> str:
    """«Versión 2 · huella · cambiar»."""
    version = f"Versión {before + 1}" if before else ""
    return " · ".join(
        part for part in (version, "Huella" if last.is_file else "", "Cambiar" if can_add else "") if part
    )


def _withdrawal(row: Evidence, entry: GoalReport) -> tuple[str, str]:
    """The address that withdraws an evidence, or why it is not withdrawn (WF21)."""
    sent_at = entry.report.submitted_at
    was_sent = sent_at is not None and row.uploaded_at <= sent_at
    is_central = entry.goal.central_area_id is not None
    status = ReportStatus(entry.report.status)
    if row.replaces_id is not None or withdrawal_problems(status=status, was_submitted=was_sent, is_central=is_central):
        return "", SENT if was_sent else ""
    return reverse("tracking:evidence-withdraw", args=[row.pk]), ""


def _shared(row: Evidence, entry: GoalReport, proofs: _Proofs) -> str:
    """«El mismo archivo respalda también la meta 3»: for who reviews, and not a fault by itself (UP8)."""
    others = [
        f"la meta {goal}" + ("" if quarter == entry.quarter else f" en T{quarter}")
        for place, goal, quarter in proofs.places.get((entry.report.plan_id, row.sha256), ())
        if place != entry.pk
    ]
    return f"El mismo archivo respalda también {', '.join(dict.fromkeys(others))}." if others else ""
