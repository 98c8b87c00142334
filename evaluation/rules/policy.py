"""What the methodology of a vigencia decides about compliance, and its lights (REP-06, REP-09)."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from pes.rules.numbers import ratio_to_percent


@dataclass(frozen=True, slots=True)
class Policy:
    """The decisions of a vigencia's `Metodologia` that compute; the defaults are the decided ones.

    `cap` is the largest ratio that rates (PT-14), `lights` the upper percentages of red, yellow and
    green (REP-06) or `None` for no lights, `version` the label stored with every result. The rule
    of CONSTANTE (PT-11) is not here: a vigencia of the PES has one level, its last measurement, so
    the mean and the last report are the same number.
    """

    cap: Decimal = Decimal(1)
    discount_baseline: bool = False
    missing_rates_zero: bool = True
    lights: tuple[Decimal, Decimal, Decimal] | None = (Decimal(50), Decimal(75), Decimal(125))
    version: str = ""


class Light(StrEnum):
    """Traffic light of a figure; shown with shape and text as well as colour (REP-06)."""

    RED = "red"
    YELLOW = "yellow"
    GREEN = "green"
    ORANGE = "orange"
    NONE = "none"

    @property
    def label(self) -> str:
        """Spanish name of the light."""
        return _LABELS[self]


_LABELS = {
    Light.RED: "Rojo",
    Light.YELLOW: "Amarillo",
    Light.GREEN: "Verde",
    Light.ORANGE: "Naranja",
    Light.NONE: "Sin semáforo",
}


def light(ratio: Decimal | None, policy: Policy, *, last_cutoff: bool) -> Light:
    """Light of a ratio (0–1; raw, or over-execution cannot show), by its displayed percentage.

    The two decimals that are shown decide, so that nobody sees 50,00 % in yellow. The PES has no
    programme to date and therefore no light before the vigencia's last cut-off (REP-06b).
    """
    percent = ratio_to_percent(ratio)
    if percent is None or policy.lights is None or not last_cutoff:
        return Light.NONE
    red, yellow, green = policy.lights
    if percent <= red:
        return Light.RED
    if percent <= yellow:
        return Light.YELLOW
    return Light.GREEN if percent <= green else Light.ORANGE
