"""A measurement and its evidence as pages show them: strings ready to be read."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.template.defaultfilters import filesizeformat

from pes.dates import long_date, long_instant
from pes.rules.numbers import format_magnitude
from tracking.models import Evidence, EvidenceKind, Measurement


@dataclass(frozen=True)
class EvidenceItem:
    """A file in custody with its digest, or a link that is not."""

    name: str
    url: str
    is_file: bool
    detail: str
    sha256: str
    added: str


@dataclass(frozen=True)
class MeasurementCard:
    """What was reached at a date, who said so, and with what proof."""

    pk: int
    on: date
    date_text: str
    achieved: Decimal
    achieved_text: str
    analysis: str
    recorded: str
    url: str
    version: int
    evidence: tuple[EvidenceItem, ...]

    @property
    def evidence_text(self) -> str:
        """How many pieces of evidence, in words."""
        count = len(self.evidence)
        return "Sin evidencia" if not count else f"{count} evidencia{'' if count == 1 else 's'}"


def measurement_cards(measurements: Iterable[Measurement], unit: str = "") -> list[MeasurementCard]:
    """Cards of measurements, in their order; two queries more at most."""
    found = list(measurements)
    by_measurement: dict[int, list[EvidenceItem]] = {}
    for evidence in Evidence.objects.filter(measurement__in=[m.pk for m in found]).select_related("uploaded_by"):
        by_measurement.setdefault(evidence.measurement_id, []).append(evidence_item(evidence))
    return [_card(measurement, unit, by_measurement.get(measurement.pk, [])) for measurement in found]


def with_words(indicator_pk: int | None = None) -> Iterable[Measurement]:
    """Measurements of an indicator, newest first, with author and analysis in the same query."""
    rows = Measurement.objects.select_related("recorded_by", "analysis", "indicator__plan__sector").order_by("-on")
    return rows if indicator_pk is None else rows.filter(indicator_id=indicator_pk)


def _card(measurement: Measurement, unit: str, evidence: list[EvidenceItem]) -> MeasurementCard:
    analysis = getattr(measurement, "analysis", None)
    return MeasurementCard(
        pk=measurement.pk,
        on=measurement.on,
        date_text=long_date(measurement.on),
        achieved=measurement.achieved,
        achieved_text=" ".join(part for part in (format_magnitude(measurement.achieved), unit) if part),
        analysis=analysis.text if analysis else "",
        recorded=f"{measurement.recorded_by}, {long_instant(measurement.recorded_at)}",
        url=measurement.get_absolute_url(),
        version=measurement.version,
        evidence=tuple(evidence),
    )


def evidence_item(evidence: Evidence) -> EvidenceItem:
    """A file or a link as pages show it; who added it must be loaded."""
    is_file = evidence.kind == EvidenceKind.FILE
    return EvidenceItem(
        name=evidence.display_name,
        url=evidence.get_absolute_url() if is_file else evidence.url,
        is_file=is_file,
        detail=filesizeformat(evidence.size) if is_file else "Enlace no custodiado",
        sha256=evidence.sha256,
        added=f"{evidence.uploaded_by}, {long_instant(evidence.uploaded_at)}",
    )
