"""Server-rendered SVG charts: no JavaScript, the same mark-up in the browser and in WeasyPrint.

Values are percentages (0-100) or magnitudes as ``Decimal``; ``None`` is "no value" and is
drawn as a hatched or dashed mark with the state's words, never as a bar of length zero
(PT-12, PT-17, W-06). A percentage above 100 is cut at the end of its track, marked with an
arrow, and written in full in the title (PT-14). Texts are escaped here; the results are
safe mark-up.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.safestring import SafeString, mark_safe

from pes import svg
from pes.rules.numbers import format_percent
from pes.timecharts import TrendPoint, VigenciaBar, trend, vigencia_bars

__all__ = [
    "ObjectiveBar",
    "TrendPoint",
    "VigenciaBar",
    "bullet",
    "light",
    "mini",
    "objective_bars",
    "ring",
    "trend",
    "vigencia_bars",
]

D = Decimal
HUNDRED = D(100)
TURN = D("6.283185307179586")  # geometry only: no domain figure is multiplied by it
RING, RING_BOX = 15, 148  # thickness and side, in user units


@dataclass(frozen=True, slots=True)
class ObjectiveBar:
    """One row of `objective_bars`: percentages 0-100, `code` as printed ("O2")."""

    code: str
    name: str
    value: Decimal | None
    note: str = ""
    state: str = "reported"
    tone: str = "course"
    marker: Decimal | None = None


def _safe(markup: str) -> SafeString:
    return mark_safe(markup)  # noqa: S308 - every text that enters is escaped by pes.svg


def _share(value: Decimal) -> Decimal:
    """Length on a track of 100: a result under zero or over 100 stays inside the drawing."""
    return min(max(value, D(0)), HUNDRED)


def _reading(value: Decimal | None, state: str) -> str:
    return svg.missing_label(state) if value is None else format_percent(value)


def light(tone: str, label: str = "") -> SafeString:
    """Traffic light of one figure; the label replaces the tone's own words."""
    return _safe(svg.frame("light", 18, 18, label or svg.TONE_LABEL[tone], "", [svg.glyph(tone)]))


def _bar(value: Decimal, tone: str, x: int, y: int, width: int, height: int) -> list[str]:
    """A filled bar on a track of `width`; zero is a visible tick and over 100 ends in an arrow."""
    length = D(width) * _share(value) / HUNDRED
    edge = f'stroke="{svg.EDGE[tone]}" stroke-width=".8"' if tone in svg.EDGE else ""
    if not length:
        return [svg.rect("ink zero", D(x), D(y), D("1.6"), D(height), svg.INK)]
    marks = [svg.rect(f"bar bar-{tone}", D(x), D(y), length, D(height), svg.FILL[tone], edge)]
    if value > HUNDRED:
        tip, middle = x + width - 3, y + height // 2
        marks.append(f'<path class="over-mark" d="M{tip - 5} {middle - 4}l5 4-5 4z" fill="#fff"/>')
    return marks


def _bullet_body(
    value: Decimal | None, marker: Decimal | None, state: str, tone: str, box: tuple[int, int, int, int]
) -> list[str]:
    x, y, width, height = box
    if value is None and state == "not_programmed":
        middle = y + height // 2
        line = f'd="M{x} {middle}H{x + width}" stroke="{svg.HATCH}" stroke-width="1.4" stroke-dasharray="2 4"'
        return [f'<path class="off-line" {line}/>']
    body = [svg.rect("track", D(x), D(y), D(width), D(height), svg.TRACK if value is not None else "#fff")]
    if value is None:
        body.append(svg.hatch(x, y, width, height))
    else:
        ticks = "".join(
            f"M{number} {y}V{y + height}" for number in (x + width // 4, x + width // 2, x + 3 * width // 4)
        )
        body.append(f'<path class="grid" d="{ticks}" stroke="#cdd6e6" stroke-width=".8"/>')
        body += _bar(value, tone, x, y, width, height)
    if marker is not None:
        at = D(x) + D(width) * _share(marker) / HUNDRED - 1
        body.append(svg.rect("ink", at, D(y - 3), D(2), D(height + 6), svg.INK))
    return body


def bullet(
    value: Decimal | None,
    *,
    title: str,
    marker: Decimal | None = None,
    state: str = "reported",
    tone: str = "course",
) -> SafeString:
    """Bar that stretches to its cell; `marker` is the programmed percentage, drawn only if given."""
    reading = f"{title}: {_reading(value, state)}"
    if marker is not None:
        reading += f" (programado {format_percent(marker)})"
    body = _bullet_body(value, marker, state, tone, (0, 3, 200, 14))
    return _safe(svg.frame("bullet", 200, 20, reading, "", body, stretch=True))


def mini(value: Decimal | None, *, title: str, state: str = "reported", tone: str = "course") -> SafeString:
    """Thin bar for a dense table; its figure stands beside it in HTML."""
    body = _bullet_body(value, None, state, tone, (0, 0, 150, 10))
    return _safe(svg.frame("mini", 150, 10, f"{title}: {_reading(value, state)}", "", body, stretch=True))


def _ring_text(value: Decimal | None, state: str, caption: str, centre: Decimal) -> list[str]:
    if value is None:
        first, _, rest = svg.missing_label(state).partition(" ")
        return [
            svg.text(centre, centre, first, size="15", weight=700, anchor="middle", fill=svg.MUTED),
            svg.text(centre, centre + 18, rest, size="13", weight=600, anchor="middle", fill=svg.MUTED),
        ]
    drop, large = (3 if caption else 8), ("23" if abs(value) < HUNDRED else "19.5")
    lines = [svg.text(centre, centre + drop, format_percent(value), size=large, weight=800, anchor="middle")]
    if caption:
        small = svg.text(centre, centre + 22, caption, size="11.5", weight=600, anchor="middle", fill=svg.MUTED)
        lines.append(small)
    return lines


def _ring_arc(value: Decimal, tone: str, circle: str, centre: Decimal, radius: Decimal) -> list[str]:
    around = TURN * radius
    arc = around * _share(value) / HUNDRED
    top = centre - radius
    marks = [svg.rect("ink zero", centre - 1, top - 8, D(2), D(16), svg.INK)] if not arc else []
    if arc:
        marks.append(
            f'<circle class="bar-s bar-{tone}-s" {circle} stroke="{svg.FILL[tone]}" stroke-width="{RING}" '
            f'stroke-dasharray="{svg.number(arc)} {svg.number(around)}" '
            f'transform="rotate(-90 {svg.number(centre)} {svg.number(centre)})"/>'
        )
    if value > HUNDRED:
        x, y = svg.number(centre - 3), svg.number(top - 5)
        marks.append(f'<path class="over-mark" d="M{x} {y}l7 5-7 5z" fill="#fff"/>')
    return marks


def ring(
    value: Decimal | None,
    *,
    title: str,
    caption: str = "",
    state: str = "reported",
    tone: str = "course",
    size: int = 148,
) -> SafeString:
    """Share of a whole with the figure inside; without a value the ring is dashed and says so."""
    centre, radius = D(RING_BOX) / 2, D(RING_BOX) / 2 - 12
    circle = f'cx="{svg.number(centre)}" cy="{svg.number(centre)}" r="{svg.number(radius)}" fill="none"'
    if value is None:
        dashes = f'stroke="{svg.HATCH}" stroke-width="{RING}" stroke-dasharray="1.6 4.4"'
        body = [f'<circle class="hatch" {circle} {dashes}/>']
    else:
        body = [f'<circle class="track-s" {circle} stroke="{svg.TRACK}" stroke-width="{RING}"/>']
        body += _ring_arc(value, tone, circle, centre, radius)
    body += _ring_text(value, state, caption, centre)
    reading = f"{title}: {_reading(value, state)}"
    return _safe(svg.frame("chart ring", RING_BOX, RING_BOX, reading, caption, body, shown=size))


def _objective_row(row: ObjectiveBar, y: int, left: int, plot: int, width: int) -> list[str]:
    lines = svg.wrap(row.name, 38, 2)
    out = [svg.text(0, y + 17, row.code, weight=800, fill=svg.BRAND)]
    out += [svg.text(28, y + 17 + 14 * n, line, weight=600) for n, line in enumerate(lines)]
    if row.note:
        out.append(svg.text(28, y + 17 + 14 * len(lines), row.note, size="11", fill=svg.MUTED))
    out += _bullet_body(row.value, row.marker, row.state, row.tone, (left, y + 9, plot, 20))
    weight, fill = (800, svg.INK) if row.value is not None else (600, svg.MUTED)
    reading = _reading(row.value, row.state)
    out.append(svg.text(width, y + 23, reading, size="12.5", weight=weight, fill=fill, anchor="end"))
    return out


def objective_bars(rows: Sequence[ObjectiveBar], *, title: str, width: int = 680) -> SafeString:
    """Objectives under one another with name, note and figure, for a figure that stands alone."""
    left, right, step, top = 262, 118, 56, 26
    plot, height = width - left - right, top + step * len(rows) + 4
    body = []
    for mark in (0, 25, 50, 75, 100):
        x = left + plot * mark // 100
        body.append(f'<path class="grid" d="M{x} {top - 4}V{height - 6}" stroke="{svg.GRID}"/>')
        body.append(svg.text(x, top - 10, f"{mark}\u00a0%", size="11", fill=svg.MUTED, anchor="middle"))
    for index, row in enumerate(rows):
        body += _objective_row(row, top + index * step, left, plot, width)
    desc = "; ".join(f"{row.code} {row.name}: {_reading(row.value, row.state)}" for row in rows)
    return _safe(svg.frame("chart", width, height, title, desc, body))
