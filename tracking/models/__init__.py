"""Models of `tracking`, one concept a module."""

from tracking.models.evidence import Evidence, EvidenceKind
from tracking.models.measurement import Measurement, MeasurementAnalysis

__all__ = ["Evidence", "EvidenceKind", "Measurement", "MeasurementAnalysis"]
