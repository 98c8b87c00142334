"""An assistance and a sample, as the tests of the monthly work with entities make them: through the verbs."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

from django.core.files.uploadedfile import SimpleUploadedFile

from tests.territory_world import NOW, Territory
from tests.tracking.proofs import png
from tracking.assistance.log import Said, log_assistance
from tracking.assistance.perception import draw_sample
from tracking.models import Assistance, PerceptionSurvey
from tracking.rules.perception import VARIABLES

ONE, TWO = "52019", "52110"
JUNE = date(2025, 6, 1)
JULY = datetime(2025, 7, 2, 15, tzinfo=UTC)
ALL_FIVE = dict.fromkeys(VARIABLES, 5)
HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>"


def photo(side: int = 8) -> SimpleUploadedFile:
    """A picture; of another side, another file."""
    return SimpleUploadedFile("lista.png", png(side), content_type="image/png")


def question(here: Territory, code: str = ONE, **other: object) -> Assistance:
    """A quick question on 10 June."""
    said = {"held_on": date(2025, 6, 10), "kind": "question", "theme": "Formatos", "summary": "Se envió el enlace."}
    return log_assistance(here.entities[code], Said(**said | other), by=here.asesora, now=NOW)  # type: ignore[arg-type]


def drawn(here: Territory, margin: int = 10) -> PerceptionSurvey:
    """The sample of June, open for long."""
    closes = date(2099, 1, 31)
    return draw_sample(
        here.region, JUNE, margin=Decimal(margin), closes_on=closes, by=here.coordinador, now=JULY, seed="prueba"
    )
