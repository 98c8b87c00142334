"""The table of ratios: what was measured beside its floor, and whether it keeps its promise."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """One ratio. Seconds of ours and of its floor; `target` is the largest ratio, or the smallest of a speed-up."""

    name: str
    ours: float
    floor: float
    target: float | None = None
    is_speed_up: bool = False
    peak: float | None = None
    peak_target: float | None = None
    note: str = ""

    @property
    def ratio(self) -> float:
        """How many times the floor; of a speed-up, how many times faster than the floor."""
        return self.floor / self.ours if self.is_speed_up else self.ours / self.floor

    @property
    def keeps(self) -> bool | None:
        """Whether time and memory stay within what was promised; None when nothing was."""
        kept = []
        if self.target is not None:
            kept.append(self.ratio >= self.target if self.is_speed_up else self.ratio <= self.target)
        if self.peak is not None and self.peak_target is not None:
            kept.append(self.peak <= self.peak_target)
        return all(kept) if kept else None

    @property
    def verdict(self) -> str:
        """«cumple», «NO cumple», or nothing."""
        return {True: "cumple", False: "NO cumple", None: "–"}[self.keeps]

    def cells(self) -> list[str]:
        """Texts of the row."""
        sign = "≥" if self.is_speed_up else "≤"
        peak = "–" if self.peak is None else f"{self.peak:.0f}"
        limit = "" if self.peak_target is None else f" (≤ {self.peak_target:.0f})"
        target = "–" if self.target is None else f"{sign} {self.target:g}"
        return [
            self.name,
            milliseconds(self.ours),
            milliseconds(self.floor),
            f"{self.ratio:.2f}",
            target,
            peak + limit,
            self.verdict,
        ]


HEADERS = ["medida", "nuestro ms", "piso ms", "razón", "meta", "pico MB", "veredicto"]


def milliseconds(seconds: float) -> str:
    """Three figures, in milliseconds."""
    value = seconds * 1000
    return f"{value:.2f}" if value < 10 else f"{value:.1f}" if value < 100 else f"{value:.0f}"


def render(rows: Iterable[Row]) -> str:
    """The table as aligned text, its notes, and loudly what is missed."""
    rows = list(rows)
    cells = [HEADERS, *(row.cells() for row in rows)]
    widths = [max(len(line[at]) for line in cells) for at in range(len(HEADERS))]
    lines = [
        "  ".join(
            text.ljust(width) if at == 0 else text.rjust(width)
            for at, (text, width) in enumerate(zip(line, widths, strict=True))
        )
        for line in cells
    ]
    lines.insert(1, "  ".join("─" * width for width in widths))
    lines += [f"  · {row.name}: {row.note}" for row in rows if row.note]
    missed = [row.name for row in rows if row.keeps is False]
    if missed:
        lines += ["", f"*** NO SE CUMPLEN {len(missed)}: {'; '.join(missed)} ***"]
    return "\n".join(lines)
