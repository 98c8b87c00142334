"""A month of work in the invented region: its log, a checked product, a survey with answers, and the reports."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cache
from typing import Any

from django.conf import settings
from django.utils import timezone

from pes.models import OrganizationUnit, RoadActivity, TerritorialEntity, User
from pes.roads.templates import GOVERNMENT_TO_PLAN
from pes.territory.demo import told as territory_told
from tracking.assistance.checks import check_product, write_checklist
from tracking.assistance.log import Said, log_assistance
from tracking.assistance.perception import answer_by_link, draw_sample
from tracking.assistance.reports import open_reports, send_report
from tracking.models import AdvisorReport, Assistance, SampledEntity
from tracking.rules.assistance import month_after, month_before
from tracking.rules.perception import VARIABLES

FIXTURE = settings.BASE_DIR / "fixtures" / "demo_asistencia.json"
MARGIN, TERM = Decimal(10), timedelta(days=7)  # the term counts from the first day after the month
SENT_AFTER = timedelta(days=4)  # of the first day: within the term


@cache
def told() -> Mapping[str, Any]:
    """The file of the demonstration."""
    return json.loads(FIXTURE.read_text(encoding="utf-8"))  # type: ignore[no-any-return]


def load(*, now: datetime) -> None:
    """Last month, once; after `tracking.territory.demo`."""
    region = OrganizationUnit.objects.filter(code=territory_told()["region"]["code"]).first()
    if region is None or Assistance.objects.filter(entity__region=region).exists():
        return
    month = month_before(timezone.localdate(now))
    coordinator = User.objects.get(email=territory_told()["coordinator"])
    entities = {one.dane_code: one for one in TerritorialEntity.objects.filter(region=region).select_related("region")}
    for one in told()["log"]:
        _log(entities[one["entity"]], one, month)
    _check(region, entities[told()["checklist"]["entity"]], coordinator, month)
    _ask(region, month, coordinator, now)
    _report(region, month, now)


def advisor_of(entity: TerritorialEntity) -> User:
    """Who advises an entity today."""
    return User.objects.get(advised__entity=entity, advised__until__isnull=True)


def _noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 12, tzinfo=timezone.get_current_timezone())


def _hito(entity: TerritorialEntity, code: str) -> RoadActivity:
    return RoadActivity.objects.get(
        phase__road__entity_road__entity=entity, phase__road__entity_road__stage=1, code=code
    )


def _log(entity: TerritorialEntity, one: Mapping[str, Any], month: date) -> None:
    day = month.replace(day=one["day"])
    said = Said(
        day, one["kind"], one.get("theme", ""), [_hito(entity, one["hito"])] if "hito" in one else [],
        one.get("minutes"), one.get("participants"), one["summary"], one.get("agreements", ""),
    )  # fmt: skip
    log_assistance(entity, said, by=advisor_of(entity), now=_noon(day))


def _check(region: OrganizationUnit, entity: TerritorialEntity, by: User, month: date) -> None:
    """One product, left for the coordinator to decide."""
    said, at = told()["checklist"], _noon(month.replace(day=20))
    checklist = write_checklist(
        region, template_code=GOVERNMENT_TO_PLAN[0], code=said["code"], product=said["product"],
        items="\n".join(said["items"]), by=by, now=at,
    )  # fmt: skip
    answers = dict(enumerate(said["answers"], 1))
    words = {"quality": said["quality"], "link": said["link"]}
    check_product(entity, _hito(entity, said["code"]), checklist, answers, **words, by=advisor_of(entity), now=at)


def _ask(region: OrganizationUnit, month: date, by: User, now: datetime) -> None:
    """The sample of the month, drawn when it is over; not everybody answers. Means are told once it closes."""
    over = month_after(month)
    at = min(now, _noon(over))
    survey = draw_sample(region, month, margin=MARGIN, closes_on=over + TERM, by=by, now=at)
    for sampled, scores in zip(
        SampledEntity.objects.filter(survey=survey).order_by("place"), told()["answers"], strict=False
    ):
        answer_by_link(sampled, dict(zip(VARIABLES, scores, strict=True)), now=at)


def _report(region: OrganizationUnit, month: date, now: datetime) -> None:
    """Both reports open when the month is over; one is sent in its term, the other is left for a visitor."""
    over = month_after(month)
    open_reports(month, now=min(now, _noon(over)))
    first = User.objects.get(email=territory_told()["advisors"][0])
    for report in AdvisorReport.objects.filter(unit=region, month=month, advisor=first):
        send_report(report, narrative=told()["narrative"], by=first, now=min(now, _noon(over + SENT_AFTER)))
