"""Figures as components: lights, bars, rings and lines, all drawn by `pes.charts`."""

from collections.abc import Sequence
from decimal import Decimal
from functools import cache
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from pes import charts, svg
from pes.rules.numbers import format_percent

register = template.Library()

register.simple_tag(charts.bullet, name="bullet")
register.simple_tag(charts.mini, name="mini")
register.simple_tag(charts.ring, name="ring")
register.simple_tag(charts.trend, name="trend")
register.simple_tag(charts.vigencia_bars, name="vigencia_bars")
register.simple_tag(charts.objective_bars, name="objective_bars")

#: Without a value the state chooses the light and the badge.
_TONE_WITHOUT_VALUE = {"not_programmed": "off", "no_demand": "off"}


@register.simple_tag
def light(tone: str, text: str = "") -> SafeString:
    """The light alone; its words are in its title. A blank text makes it decoration (words beside it)."""
    return _bare_light(tone) if text.isspace() else charts.light(tone, text)


@cache
def _bare_light(tone: str) -> SafeString:
    """The same drawing for the whole process: a page shows dozens."""
    text = '<svg class="light" viewBox="0 0 18 18" width="18" height="18" aria-hidden="true">{}</svg>'
    return format_html(text, SafeString(svg.glyph(tone)))


@register.simple_tag
def status(tone: str, text: str = "") -> SafeString:
    """Light and words in a pill."""
    words = text or svg.TONE_LABEL[tone]
    return format_html('<span class="badge badge-{}">{}{}</span>', tone, light(tone, " "), words)


def _missing_badge(state: str) -> SafeString:
    return status(_TONE_WITHOUT_VALUE.get(state, "none"), svg.missing_label(state))


@register.simple_tag
def objective_row(
    code: str,
    name: str,
    value: Decimal | None,
    weight: str = "",
    url: str = "",
    state: str = "reported",
    tone: str = "course",
    marker: Decimal | None = None,
    note: str = "",
) -> SafeString:
    """One row of `objectives`: percentage 0-100 or None; a light only when the tone is one (REP-06b)."""
    label = format_html('<a href="{}">{}</a>', url, name) if url else name
    parts: dict[str, Any] = {
        "code": code,
        "label": label,
        "weight": format_html("Peso {}", weight) if weight else "",
        "bar": charts.bullet(value, title=f"{code} {name}", marker=marker, state=state, tone=tone),
        "figure": _figure(value, state, tone),
        "note": format_html("<small>{}</small>", note) if note else "",
    }
    return format_html(
        '<tr><th scope="row"><span class="code">{code}</span>{label}</th><td class="weight">{weight}</td>'
        '<td class="bar-cell">{bar}</td><td class="figure">{figure}{note}</td></tr>',
        **parts,
    )


def _figure(value: Decimal | None, state: str, tone: str) -> SafeString:
    if value is None:
        return _missing_badge(state)
    mark = light(tone) if tone not in ("course", "none") else ""
    return format_html("{} <b>{}</b>", mark, format_percent(value))


@register.inclusion_tag("components/progress.html")
def progress(value: Decimal | int | None, label: str = "", maximum: int = 100) -> dict[str, Any]:
    """Native bar; None = working, nobody knows how long."""
    if value is None:
        return {"value": None, "label": label, "maximum": maximum, "words": "En curso"}
    share = Decimal(value) * 100 / maximum if maximum else Decimal(0)
    return {"value": str(value), "label": label, "maximum": maximum, "words": f"{share:.0f}\u00a0%"}


@register.inclusion_tag("components/job_progress.html")
def job_progress(url: str, percent: int | None = None, label: str = "", done: bool = False) -> dict[str, Any]:
    """Progress that replaces itself with what `url` answers every two seconds, until `done`."""
    return {"url": url, "percent": percent, "label": label, "done": done}


@register.simple_tag
def legend(entries: Sequence[tuple[str, str]]) -> SafeString:
    """What each light means: (tone, words) pairs."""
    items = [format_html("<li>{}{}</li>", light(tone, " "), words) for tone, words in entries]
    return format_html('<ul class="legend">{}</ul>', SafeString("".join(items)))
