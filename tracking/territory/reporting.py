"""Verb of who walks with an entity: report a hito with its proof, or correct what was reported (GP-04)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone

from pes.access import demand
from pes.models import AdvisorAssignment, EntityRoad, Road, RoadActivity, User
from pes.permissions import Permission
from pes.roads.reporting import report_progress
from pes.rules.problems import Problem, refuse_if_any
from pes.rules.roads import goes_back
from tracking.models import TerritoryReport


@transaction.atomic
def report_hito(
    hito: RoadActivity,
    percentage: Decimal,
    *,
    on: date,
    note: str = "",
    is_correction: bool = False,
    files: Sequence[UploadedFile] = (),
    links: Sequence[str] = (),
    by: User,
    now: datetime | None = None,
) -> TerritoryReport:
    """Say how far (0–100) a hito of a territorial entity was on a day, with its proof.

    A correction names the last report and says why; both stay. One dated before the last report, or that moves the day
    on which the hito was complete, is a correction whether or not it says so. The same again by the same person, with no
    proof that is not there already, is the first one (WF1). Raises PermissionDenied: no power to report in the region; or Refused.
    """
    road = EntityRoad.objects.select_related("entity__region").get(road__phases__activities=hito)
    demand(by, Permission.TERRITORY_READ, road)
    demand(by, Permission.HITO_REPORT, road)
    Road.objects.select_for_update(no_key=True).get(pk=road.road_id)  # so that `last` is the last one
    at = now or timezone.now()
    last = TerritoryReport.objects.filter(report__activity=hito).select_related("report").order_by("-pk").first()
    refuse_if_any(_correction_problems(last, is_correction, note))
    done_on = RoadActivity.objects.values_list("done_on", flat=True).get(pk=hito.pk)
    last_on = last.report.on if last else None
    is_correction = is_correction or goes_back(on, percentage, last_on=last_on, done_on=done_on)
    report = report_progress(hito, percentage, note=note, by=by, on=on, files=files, links=links, now=at)
    if last is not None and last.report_id == report.pk:
        return last
    advisor = AdvisorAssignment.objects.filter(entity=road.entity).on(on).values_list("advisor_id", flat=True).first()  # type: ignore[attr-defined]
    return TerritoryReport.objects.create(
        report=report, entity=road.entity, advisor_id=advisor, corrects=last if is_correction else None
    )


def _correction_problems(last: TerritoryReport | None, is_correction: bool, note: str) -> Iterator[Problem]:
    if is_correction and last is None:
        message = "Este hito no tiene un reporte que corregir."
        yield Problem("nothing_to_correct", "GP-04", message, fix="Repórtelo sin marcar que es una corrección.")
    elif is_correction and not note.strip():
        yield Problem("reason_missing", "GP-04", "Una corrección dice por qué.", fix="Escríbalo en la nota.")
