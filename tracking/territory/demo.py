"""What happened in the invented territory: reports of hitos, a graduation, a lesson and a success case."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

from pes.models import EntityRoad, RoadActivity, User
from pes.territory.demo import told
from pes.territory.graduation import graduate, schedules_for
from tracking.models import TerritoryReport
from tracking.territory.lessons import publish_lesson, write_lesson
from tracking.territory.reporting import report_hito

COMPLETE, HALF = Decimal(100), Decimal(40)
FORTNIGHT, FIRST_REPORT = timedelta(days=7), timedelta(days=170)


def load(*, now: datetime) -> None:
    """Walk each municipality as far as the file says, once; after `pes.territory.demo`."""
    said = told()
    roads = EntityRoad.objects.filter(entity__region__code=said["region"]["code"], stage=1)
    by_code = {one.entity.dane_code: one for one in roads.select_related("entity__region", "road")}
    if not by_code or TerritoryReport.objects.filter(entity__region__code=said["region"]["code"]).exists():
        return
    for one in said["entities"]:
        _walk(by_code[one["code"]], one, now)
    coordinator = User.objects.get(email=said["coordinator"])
    graduate(_first(by_code), schedules_for(_first(by_code))[0], by=coordinator, now=now)
    for lesson in said["lessons"]:
        _tell(by_code[lesson["entity"]], lesson, now)


def _first(by_code: Mapping[str, EntityRoad]) -> EntityRoad:
    """The road of the first municipality, which is complete."""
    return by_code[told()["entities"][0]["code"]]


def _walk(road: EntityRoad, one: Mapping[str, Any], now: datetime) -> None:
    """The first hitos complete, the next one begun."""
    if one["advisor"] is None:
        return
    advisor = User.objects.get(email=told()["advisors"][one["advisor"]])
    hitos = list(RoadActivity.objects.filter(phase__road=road.road).order_by("phase__number", "number"))
    for place, hito in enumerate(hitos[: one["progress"] + 1]):
        at = now - FIRST_REPORT + FORTNIGHT * place
        done = COMPLETE if place < one["progress"] else HALF
        note = "" if done == COMPLETE else "Falta la firma del acta."
        report_hito(hito, done, on=timezone.localdate(at), note=note, by=advisor, now=at)


def _tell(road: EntityRoad, lesson: Mapping[str, Any], now: datetime) -> None:
    """A lesson by the advisor that says it is invented, published by the office where the file says so."""
    advisor = User.objects.get(email=told()["advisors"][0])
    hito = RoadActivity.objects.get(phase__road=road.road, code=lesson["hito"])
    words = {name: lesson[name] for name in ("kind", "title")} | {"text": f"{lesson['text']} {told()['notice']}"}
    made = write_lesson(road.entity, **words, hito=hito, by=advisor, now=now - FORTNIGHT)
    if lesson["publish"]:
        publish_lesson(made, by=User.objects.get(email=told()["publisher"]), now=now - FORTNIGHT)
