"""Charts along time: an indicator's trend and its programme by vigencia (see `pes.charts`).

Values are percentages 0-100 or magnitudes in the indicator's unit, as ``Decimal``; ``None``
is a gap in a line and a hatched column with its words, never a zero.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal
from html import escape
from itertools import pairwise

from django.utils.safestring import SafeString, mark_safe

from pes import svg
from pes.rules.numbers import format_magnitude, format_percent

D = Decimal
Format = Callable[[Decimal | None], str]
Place = tuple[Decimal, Decimal] | None

#: Margins (left, right, top, bottom) around the plot, in user units.
TREND_BOX = (54, 88, 16, 30)
BARS_BOX = (54, 6, 26, 46)


@dataclass(frozen=True, slots=True)
class TrendPoint:
    """One moment of `trend`; a series without a figure at that moment holds None and leaves a gap."""

    label: str
    programmed: Decimal | None
    achieved: Decimal | None


@dataclass(frozen=True, slots=True)
class VigenciaBar:
    """One vigencia of an indicator's sheet, in its unit; None = not programmed / not measured."""

    label: str
    programmed: Decimal | None
    achieved: Decimal | None
    is_current: bool = False


@dataclass(frozen=True, slots=True)
class _Series:
    name: str
    colour: str
    places: Sequence[Place]
    values: Sequence[Decimal | None]


def _safe(markup: str) -> SafeString:
    return mark_safe(markup)  # noqa: S308 - every text that enters is escaped by pes.svg


def _scale(values: Sequence[Decimal]) -> tuple[Decimal, Decimal]:
    """Top of an axis and its step: at most five round intervals that hold the largest value."""
    largest = max(values)
    if largest <= 0:
        return D(1), D(1)
    size = D(10) ** (largest.adjusted() - 1)
    steps = (size * factor for factor in (D(1), D(2), D("2.5"), D(5), D(10), D(20)))
    step = next(step for step in steps if largest <= step * 5)
    return step * (largest / step).to_integral_value(ROUND_CEILING), step


def _axis(box: tuple[int, int, int, int], size: tuple[int, int], top: Decimal, step: Decimal, unit: str) -> list[str]:
    left, right, above, below = box
    plot, out, mark = size[1] - above - below, [], D(0)
    while mark <= top:
        y = D(above) + D(plot) * (1 - mark / top)
        words = svg.number(mark).replace(".", ",") + unit if unit else format_magnitude(mark, 0 if step >= 1 else None)
        out.append(f'<path class="grid" d="M{left} {svg.number(y)}H{size[0] - right}" stroke="{svg.GRID}"/>')
        out.append(svg.text(left - 8, y + 4, words, size="11.5", fill=svg.MUTED, anchor="end"))
        mark += step
    return out


def _line(places: Sequence[Place]) -> str:
    """Path through the known points; a gap lifts the pen."""
    path, down = "", False
    for place in places:
        if place is not None:
            path += f"{'L' if down else 'M'}{svg.number(place[0])} {svg.number(place[1])}"
        down = place is not None
    return path


def _draw(series: _Series, labels: Sequence[str], show: Format) -> list[str]:
    solid = series.colour == svg.BRAND
    dashes = (
        'stroke-width="3" stroke-linejoin="round" stroke-linecap="round"'
        if solid
        else ('stroke-width="2" stroke-dasharray="5 4"')
    )
    line = f'<path class="line" d="{_line(series.places)}" fill="none" stroke="{series.colour}" {dashes}/>'
    dots = [
        f'<circle class="dot" cx="{svg.number(place[0])}" cy="{svg.number(place[1])}" r="{"4.2" if solid else "2.8"}" '
        f'fill="{series.colour}" stroke="#fff" stroke-width="1.4">'
        f"<title>{escape(label)}, {series.name.lower()}: {show(value)}</title></circle>"
        for place, value, label in zip(series.places, series.values, labels, strict=True)
        if place is not None
    ]
    return [line, *dots] if any(series.places) else []


def _end_labels(all_series: Sequence[_Series], x: int, show: Format) -> list[str]:
    """Name and last figure of each series at the right edge, kept 36 units apart."""
    ends = []
    for series in all_series:
        known = [(p[1], v) for p, v in zip(series.places, series.values, strict=True) if p is not None]
        if known:
            ends.append((known[-1][0], series, known[-1][1]))
    ends.sort(key=lambda end: end[0])
    heights = [end[0] for end in ends]
    for upper, lower in pairwise(range(len(heights))):
        short = max(D(36) - (heights[lower] - heights[upper]), D(0))
        heights[upper] -= short / 2
        heights[lower] += short / 2
    drop = max(D(14) - min(heights, default=D(14)), D(0))  # all of them: what stood apart stays apart
    out = []
    for y, (_, series, value) in zip((height + drop for height in heights), ends, strict=True):
        out.append(svg.text(x, y - 1, series.name, size="11.5", fill=series.colour, weight=600))
        out.append(svg.text(x, y + 14, show(value), size="13", fill=series.colour, weight=800))
    return out


def _empty(title: str, width: int, height: int) -> SafeString:
    words = svg.text(
        width // 2, height // 2 + 5, "Sin información", size="14", weight=700, fill=svg.MUTED, anchor="middle"
    )
    plate = svg.rect("plate", D(width // 2 - 72), D(height // 2 - 16), D(144), D(32), "#fff", 'rx="6"')
    body = [svg.hatch(0, 0, width, height, 14), plate, words]
    return _safe(svg.frame("chart chart-time", width, height, f"{title}: sin información", "", body))


def _positions(count: int, left: int, right: int) -> list[Decimal]:
    """Places along the axis, from edge to edge; a single moment stands in the middle."""
    if count == 1:
        return [D(left + right) / 2]
    return [left + D(right - left) * i / (count - 1) for i in range(count)]


def trend(
    points: Sequence[TrendPoint],
    *,
    title: str,
    percent: bool = True,
    width: int = 420,
    height: int = 262,
    reference: str = "Programado",
    actual: str = "Ejecutado",
) -> SafeString:
    """Programmed (dashed, named `reference`) against achieved (solid, `actual`) over time; a gap for None, a dot for one."""
    show: Format = format_percent if percent else format_magnitude
    known = [v for p in points for v in (p.programmed, p.achieved) if v is not None]
    if not known:
        return _empty(title, width, height)
    left, right, above, below = TREND_BOX
    top, step = _scale([*known, D(20)] if percent else known)
    across = _positions(len(points), left, width - right)

    def series(name: str, colour: str, values: Sequence[Decimal | None]) -> _Series:
        plot = height - above - below
        places = [
            None if v is None else (x, above + plot * (1 - max(v, D(0)) / top))
            for x, v in zip(across, values, strict=True)
        ]
        return _Series(name, colour, places, values)

    both = (
        series(reference, svg.MUTED, [p.programmed for p in points]),
        series(actual, svg.BRAND, [p.achieved for p in points]),
    )
    labels = [p.label for p in points]
    body = _axis(TREND_BOX, (width, height), top, step, "\u00a0%" if percent else "")
    body += [
        svg.text(x, height - 9, label, size="11.5", fill=svg.MUTED, anchor="middle")
        for x, label in zip(across, labels, strict=True)
    ]
    for one in both:
        body += _draw(one, labels, show)
    body += _end_labels(both, width - right + 12, show)
    desc = "; ".join(
        f"{p.label}: {reference.lower()} {show(p.programmed)}, {actual.lower()} {show(p.achieved)}" for p in points
    )
    return _safe(svg.frame("chart chart-time", width, height, title, desc, body))


def _programmed_words(bar: VigenciaBar) -> str:
    return "sin programación" if bar.programmed is None else f"programado {format_magnitude(bar.programmed)}"


def _columns(bar: VigenciaBar, x: Decimal, half: Decimal, foot: int, unit: Decimal) -> list[str]:
    """Pale column = programmed; inner solid column = achieved; hatched plinth = not measured."""
    title = f"<title>{escape(bar.label)}: {_programmed_words(bar)}, ejecutado {format_magnitude(bar.achieved)}</title>"
    out = ["<g>", title]
    top = D(foot)
    if bar.programmed is None:
        out.append(svg.text(x, foot - 8, "NP", size="11.5", fill=svg.MUTED, anchor="middle", weight=700))
    else:
        tall = max(bar.programmed, D(0)) * unit
        top = foot - tall
        edge = f'stroke="{svg.BRAND if bar.is_current else "#9db3dc"}" stroke-width="1.2"'
        out.append(svg.rect("programmed", x - half, top, half * 2, tall, svg.TRACK, edge))
    if bar.achieved is not None:
        tall = max(bar.achieved, D(0)) * unit
        out.append(
            svg.rect(
                "bar bar-course", x - half * D("0.56"), foot - tall, half * D("1.12"), max(tall, D("1.6")), svg.BRAND
            )
        )
        top = min(top, foot - tall)
    if bar.programmed is not None:
        out.append(
            svg.text(
                x, top - 7, format_magnitude(bar.programmed), size="11.5", fill=svg.MUTED, anchor="middle", weight=700
            )
        )
    return [*out, "</g>"]


def vigencia_bars(
    bars: Sequence[VigenciaBar], *, title: str, unit: str = "", width: int = 480, height: int = 262
) -> SafeString:
    """Programme of each vigencia with what was achieved inside it, in the indicator's unit."""
    known = [v for b in bars for v in (b.programmed, b.achieved) if v is not None]
    if not known:
        return _empty(title, width, height)
    left, right, above, below = BARS_BOX
    top, step = _scale(known)
    foot, slot = height - below, D(width - left - right) / len(bars)
    body = _axis(BARS_BOX, (width, height), top, step, "")
    for index, bar in enumerate(bars):
        x = left + slot * index + slot / 2
        weight, colour = (800, svg.BRAND) if bar.is_current else (600, svg.MUTED)
        body += _columns(bar, x, min(slot * D("0.32"), D(34)), foot, D(foot - above) / top)
        body.append(svg.text(x, foot + 18, bar.label, size="12", weight=weight, fill=colour, anchor="middle"))
        words = format_magnitude(bar.achieved) if bar.achieved is not None else "sin dato"
        body.append(
            svg.text(
                x,
                foot + 34,
                words,
                size="11.5",
                weight=700 if bar.achieved is not None else 400,
                fill=svg.BRAND if bar.achieved is not None else svg.MUTED,
                anchor="middle",
            )
        )
    desc = "; ".join(f"{b.label}: {_programmed_words(b)}, ejecutado {format_magnitude(b.achieved)}" for b in bars)
    return _safe(svg.frame("chart chart-time", width, height, f"{title} ({unit})" if unit else title, desc, body))
