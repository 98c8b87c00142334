"""A measurement with its evidence: both are kept, or neither."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from pes.models import Indicator, User
from pes.rules.problems import Refused
from tracking.models import Evidence, Measurement
from tracking.storage import attach_file, attach_link


def record(
    indicator: Indicator,
    *,
    on: date,
    achieved: Decimal,
    analysis: str,
    files: Iterable[UploadedFile],
    link: str,
    by: User,
) -> Measurement:
    """Register a measurement and keep its evidence; Refused leaves neither rows nor files."""
    kept: list[Evidence] = []
    try:
        with transaction.atomic():
            measurement = Measurement.register(indicator=indicator, on=on, achieved=achieved, analysis=analysis, by=by)
            _attach(measurement, files, link, by, kept)
    except BaseException:
        _drop(kept)
        raise
    return measurement


def add_evidence(measurement: Measurement, *, files: Iterable[UploadedFile], link: str, by: User) -> int:
    """Keep more evidence, all or nothing; return how many pieces."""
    kept: list[Evidence] = []
    try:
        with transaction.atomic():
            _attach(measurement, files, link, by, kept)
    except BaseException:
        _drop(kept)
        raise
    return len(kept)


def same_again(indicator: Indicator, refused: Refused, *, on: date, achieved: Decimal, by: User) -> Measurement | None:
    """The measurement that this person has just registered with the same figure: a double click, not a mistake (WF1)."""
    if "measured_already" not in {problem.code for problem in refused.problems}:
        return None
    return Measurement.objects.filter(indicator=indicator, on=on, achieved=achieved, recorded_by=by, version=1).first()


def _attach(measurement: Measurement, files: Iterable[UploadedFile], link: str, by: User, kept: list[Evidence]) -> None:
    for file in files:
        kept.append(attach_file(measurement, file, by=by))
    if link:
        kept.append(attach_link(measurement, link, by=by))


def _drop(kept: Iterable[Evidence]) -> None:
    for evidence in kept:
        evidence.path.unlink(missing_ok=True)
