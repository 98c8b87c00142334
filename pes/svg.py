"""Drawing primitives shared by the charts: colours, numbers, text, hatching and the light's glyphs.

Every mark carries a presentation attribute (read by WeasyPrint) and a class (lets the
browser's style sheets restyle it, for instance in forced colours). There are no ``id``s:
the accessible name is the ``<title>`` child, so a fragment may be cached or repeated on a
page without two elements ever sharing an identifier. ``style=""`` would break the CSP.
"""

from collections.abc import Iterable
from decimal import Decimal
from html import escape
from typing import Final

INK: Final = "#1b2333"
MUTED: Final = "#4c4c4c"
GRID: Final = "#d5dbe6"
BRAND: Final = "#0943b5"
TRACK: Final = "#e5ecf8"
HATCH: Final = "#9aa5ba"
FONT: Final = "Nunito Sans"

#: Tones of a figure: the colour, and the words that always go with it (REP-06: never colour alone).
FILL: Final[dict[str, str]] = {
    "ok": "#158361",
    "warn": "#fdaa29",
    "risk": "#a80521",
    "over": "#b4530a",
    "course": BRAND,
    "none": "#79839a",
    "off": "#79839a",
}
EDGE: Final[dict[str, str]] = {"warn": "#7a5200"}
TONE_LABEL: Final[dict[str, str]] = {
    "ok": "En meta",
    "warn": "En seguimiento",
    "risk": "Crítico",
    "over": "Por encima de lo programado",
    "course": "En curso",
    "none": "Sin información",
    "off": "Sin programación",
}

#: States of a figure (architecture: they never collapse) and what the reader is told.
STATE_LABEL: Final[dict[str, str]] = {
    "reported": "Reportado",
    "pending": "Pendiente de reporte",
    "missing": "Sin reporte",
    "not_programmed": "Sin programación",
    "no_demand": "Sin demanda",
    "no_information": "Sin información",
}


def number(value: Decimal) -> str:
    """Write a coordinate with at most two decimals, without exponent or trailing zeros."""
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text in ("", "-0") else text


def missing_label(state: str) -> str:
    """Say why there is no value; a figure without one is never described as reported."""
    return STATE_LABEL["no_information"] if state == "reported" else STATE_LABEL[state]


def text(
    x: Decimal | int,
    y: Decimal | int,
    words: str,
    *,
    size: str = "12",
    fill: str = INK,
    weight: int = 400,
    anchor: str = "start",
) -> str:
    """One line of text at (x, y) in user units."""
    tone = {MUTED: " t-muted", BRAND: " t-brand"}.get(fill, "")
    return (
        f'<text class="t{tone}" x="{number(Decimal(x))}" y="{number(Decimal(y))}" '
        f'font-family="{FONT}" font-size="{size}" font-weight="{weight}" fill="{fill}" '
        f'text-anchor="{anchor}">{escape(words)}</text>'
    )


def frame(
    kind: str,
    width: int,
    height: int,
    title: str,
    desc: str,
    body: Iterable[str],
    *,
    stretch: bool = False,
    shown: int = 0,
) -> str:
    """Wrap marks in an accessible ``<svg>``; `stretch` fills its cell's width, `shown` is another side."""
    ratio = ' preserveAspectRatio="none"' if stretch else ""
    described = f"<desc>{escape(desc)}</desc>" if desc else ""
    return (
        f'<svg class="{kind}" viewBox="0 0 {width} {height}" width="{shown or width}" height="{shown or height}"{ratio} '
        f'role="img" xmlns="http://www.w3.org/2000/svg"><title>{escape(title)}</title>{described}'
        f"{''.join(body)}</svg>"
    )


def rect(cls: str, x: Decimal, y: Decimal, width: Decimal, height: Decimal, fill: str, extra: str = "") -> str:
    """A filled rectangle; `extra` holds further attributes already written."""
    return (
        f'<rect class="{cls}" x="{number(x)}" y="{number(y)}" width="{number(width)}" '
        f'height="{number(height)}" fill="{fill}"{extra and " " + extra}/>'
    )


def hatch(x: int, y: int, width: int, height: int, step: int = 8) -> str:
    """Diagonal strokes over a box: "there is no figure here", readable without colour."""
    strokes = []
    for offset in range(step, width + height, step):
        left, right = max(0, offset - height), min(width, offset)
        strokes.append(f"M{x + left} {y + offset - left}L{x + right} {y + offset - right}")
    return (
        f'<path class="hatch" d="{"".join(strokes)}" fill="none" stroke="{HATCH}" stroke-width="1" '
        'vector-effect="non-scaling-stroke"/>'
    )


def glyph(tone: str, x: int = 9, y: int = 9) -> str:
    """Light of 16 units centred on (x, y); each tone has its own shape (WCAG 1.4.1)."""
    fill = FILL[tone]
    line = 'fill="none" stroke="#fff" stroke-width="1.8" stroke-linecap="round" stroke-linejoin="round"'
    shapes = {
        "ok": f'<circle class="g-ok" cx="{x}" cy="{y}" r="7.5" fill="{fill}"/>'
        f'<path d="M{x - 3.2:g} {y + 0.2:g}l2.3 2.4 4.2-4.8" {line}/>',
        "warn": f'<path class="g-warn" d="M{x} {y - 7}l7.6 13.6h-15.2z" fill="{fill}" stroke="{EDGE["warn"]}" '
        f'stroke-width="1.2" stroke-linejoin="round"/><path d="M{x} {y - 2}v4M{x} {y + 4.3:g}v.2" '
        f'stroke="{INK}" stroke-width="1.8" stroke-linecap="round"/>',
        "risk": f'<rect class="g-risk" x="{x - 7}" y="{y - 7}" width="14" height="14" rx="2.4" fill="{fill}"/>'
        f'<path d="M{x - 2.8:g} {y - 2.8:g}l5.6 5.6m0-5.6l-5.6 5.6" {line}/>',
        "over": f'<path class="g-over" d="M{x} {y - 8}l8 8-8 8-8-8z" fill="{fill}"/>'
        f'<path d="M{x} {y + 3.4:g}v-6.6m-2.7 2.7l2.7-2.9 2.7 2.9" {line}/>',
        "course": f'<circle cx="{x}" cy="{y}" r="6.6" fill="#fff" stroke="{fill}" stroke-width="1.8"/>'
        f'<path class="g-course" d="M{x} {y - 4}a4 4 0 0 1 0 8z" fill="{fill}"/>',
        "none": f'<circle cx="{x}" cy="{y}" r="6.4" fill="none" stroke="{fill}" stroke-width="1.8" '
        'stroke-dasharray="3 2.03"/>',
        "off": f'<circle cx="{x}" cy="{y}" r="6.4" fill="none" stroke="{fill}" stroke-width="1.8"/>'
        f'<path d="M{x - 3} {y}h6" stroke="{fill}" stroke-width="1.8" stroke-linecap="round"/>',
    }
    return shapes[tone]


def wrap(words: str, width: int, lines: int) -> list[str]:
    """Break a text into at most `lines` lines of about `width` characters, ending in "…" if cut."""
    out: list[str] = []
    line = ""
    for word in words.split():
        if line and len(line) + len(word) + 1 > width:
            out.append(line)
            line = word
        else:
            line = f"{line} {word}".strip()
    out.append(line)
    if len(out) > lines:
        out = [*out[: lines - 1], out[lines - 1].rstrip(",;. ") + "…"]
    return out
