"""Components that every page composes (registered as template builtins; shown at /componentes/ in DEBUG).

Arguments are Spanish texts unless said otherwise; figures are `Decimal` or None (percentages
0-100); `tone` is ok | warn | risk | over | course | none | off (lights, bars, badges) and, for
blocks and badges, also info | neutral; `state` is reported | pending | missing | not_programmed |
no_demand | no_information. Texts are escaped; block content is template output.

Blocks (`{% x … %}…{% endx %}`)
  card title="" subtitle="" span=12 tone="" level=2 id="" url=""      a section; span 2-9 in `<div class="grid">`
  notice tone="info" title=""                                         advice, warning, refusal
  empty title action_label="" action_url="" icon="inbox"              what to do when there is nothing
  table caption hide_caption=False cards=True dense=False filter=""   `<thead>…<tbody>…`; td carry data-label="Column"
  objectives caption hide_caption=True                                rows made with objective_row
  definitions rows=False                                              term pairs made with term
  timeline / event when title tone="course" who=""                    history, newest first
  cascade / cascade_step title value="" url=""                        "¿De dónde sale?", from the figure to the evidence
  formula / operand value label="" result=False / operator sign       one line of arithmetic (operand, operator: no end tag)
  disclosure summary open=False                                       detail on demand
  confirm label title="" tone="risk" icon=""                          question before an act, without JavaScript
  toolbar label="Filtros" action="" submit="Ver" auto=True            GET form of filters (toolbar_select inside)
  figure caption=""                                                   a chart with its caption
Single
  kpi label value unit="" note="" url="" span=3                       value None → "Sin información"
  badge text tone="neutral" · status tone text="" · light tone text=""
  progress value label="" maximum=100                                 native bar; None = working, length unknown
  job_progress url percent=None label="" done=False                   polls `url` (htmx) until it answers without it
  bullet value title= marker=None state="reported" tone="course" · mini (same, no marker)
  ring value title= caption="" state="reported" tone="course" size=148
  trend points title= percent=True reference="Programado" actual="Ejecutado" · vigencia_bars bars title= unit=""
  objective_bars rows title=                                          all from pes.charts; `title=` by its name
  objective_row code name value weight="" url="" state tone marker=None note=""
  term label value="" wide=False                                      inside definitions; empty → "Sin información"
  th label numeric=False sort="" align=""                             header cell; sort = key of ?orden=
  breadcrumbs items · tabs items label · steps items                  items: dicts label, url, current, count | state
  pagination page                                                     django Page; keeps the query string (?pagina=)
  button label tone="primary" icon="" name="" value="" reason="" kind="submit" small=False action=""
                                                                      reason → disabled and says why; action → formaction
  link_button label url tone="" icon="" small=False reason=""
  post_button url label tone="primary" icon="" reason="" small=False  form with CSRF token, one POST
  download url label format="" detail="" · icon name · problems items (list of Problem)
  field bound unit="" wide=False · form_fields form · form_errors form · file_field bound
  cell_field bound numeric=True                                       a box inside a table (its field has an aria-label)
  toolbar_select name label options selected=""                       options: (value, label) pairs
  weight_sum target="100,00" optional=False                           live sum of the form's data-pes-addend inputs
  legend entries                                                      (tone, words) pairs
  use_htmx                                                            htmx script, in `{% block scripts %}` where needed
Hooks in mark-up (all optional, JavaScript only helps)
  <form data-pes-draft="key"> keeps what is typed until a page with a success message follows its POST
  <input data-pes-addend>     is added by the form's weight_sum
Filters: percent · magnitude · long_date (18 de abril de 2022) · initials
"""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django import template
from django.template.loader import render_to_string
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.timezone import is_aware, localtime

from pes.rules.numbers import format_magnitude, format_percent
from pes.templatetags import actions, fields, figures, navigation

register = template.Library()
for part in (actions, fields, figures, navigation):
    register.tags.update(part.register.tags)
    register.filters.update(part.register.filters)

NO_INFORMATION = "Sin información"


@register.simple_block_tag
def card(
    content: str,
    title: str = "",
    subtitle: str = "",
    span: int = 12,
    tone: str = "",
    level: int = 2,
    id: str = "",
    url: str = "",
) -> SafeString:
    """A section with its own heading; `span` is its width in a 12-column `.grid`."""
    values = {"title": title, "subtitle": subtitle, "span": span, "tone": tone, "level": level, "id": id, "url": url}
    return render_to_string("components/card.html", {"content": content, **values})


@register.simple_block_tag
def notice(content: str, tone: str = "info", title: str = "") -> SafeString:
    """Advice (info), success (ok), warning (warn) or refusal (risk)."""
    mark = actions.icon("info") if tone == "info" else figures.light(tone, " ")
    head = format_html("<b>{}</b>", title) if title else ""
    text = '<div class="notice notice-{}">{}<div class="notice-body">{}{}</div></div>'
    return format_html(text, tone, mark, head, content)


@register.simple_block_tag
def empty(content: str, title: str, action_label: str = "", action_url: str = "", icon: str = "inbox") -> SafeString:
    """There is nothing yet, and what to do next."""
    values = {"title": title, "action_label": action_label, "action_url": action_url, "icon_name": icon}
    return render_to_string("components/empty.html", {"content": content, **values})


@register.simple_block_tag
def table(
    content: str,
    caption: str,
    hide_caption: bool = False,
    cards: bool = True,
    dense: bool = False,
    filter: str = "",
) -> SafeString:
    """A table of rows; `cards` turns each row into a card on a phone, `filter` labels a filter box."""
    classes = " ".join(name for name, on in (("cards", cards), ("dense", dense)) if on)
    values = {"caption": caption, "hide_caption": hide_caption, "classes": classes, "filter": filter}
    return render_to_string("components/table.html", {"content": content, **values})


@register.simple_block_tag
def objectives(content: str, caption: str, hide_caption: bool = True) -> SafeString:
    """The table of objectives: name, weight, bar and figure (rows: `objective_row`)."""
    values = {"content": content, "caption": caption, "hide_caption": hide_caption}
    return render_to_string("components/objectives.html", values)


@register.simple_block_tag
def definitions(content: str, rows: bool = False) -> SafeString:
    """Pairs of term and value, in columns or one pair a row."""
    return format_html('<dl class="terms{}">{}</dl>', " terms-rows" if rows else "", content)


@register.simple_tag
def term(label: str, value: Any = "", wide: bool = False) -> SafeString:
    """One pair of `definitions`; an empty value is said, not left blank."""
    missing = value is None or value == ""
    return format_html(
        "<div{}><dt>{}</dt><dd{}>{}</dd></div>",
        SafeString(' class="wide"') if wide else "",
        label,
        SafeString(' class="is-missing"') if missing else "",
        NO_INFORMATION if missing else value,
    )


@register.simple_block_tag
def timeline(content: str) -> SafeString:
    """A history; the newest event comes first."""
    return format_html('<ol class="timeline">{}</ol>', content)


@register.simple_block_tag
def event(content: str, when: str, title: str, tone: str = "course", who: str = "") -> SafeString:
    """One event of a `timeline`."""
    mark = figures.light(tone, " ")
    by = format_html(" · {}", who) if who else ""
    text = '<li>{}<b>{}</b><p class="when">{}{}</p>{}</li>'
    return format_html(text, mark, title, when, by, content)


@register.simple_block_tag
def cascade(content: str) -> SafeString:
    """Where a figure comes from, one numbered step after another."""
    return format_html('<ol class="cascade">{}</ol>', content)


@register.simple_block_tag
def cascade_step(content: str, title: str, value: str = "", url: str = "") -> SafeString:
    """One step of a `cascade`: what is explained, its value, and the way down to its source."""
    name = format_html('<a href="{}">{}</a>', url, title) if url else title
    figure_ = format_html('<span class="cascade-value">{}</span>', value) if value else ""
    text = '<li><div class="cascade-head"><b>{}</b>{}</div><div class="cascade-body">{}</div></li>'
    return format_html(text, name, figure_, content)


@register.simple_block_tag
def formula(content: str) -> SafeString:
    """One line of arithmetic, made of `operand` and `operator`."""
    return format_html('<div class="formula">{}</div>', content)


@register.simple_tag
def operand(value: str, label: str = "", result: bool = False) -> SafeString:
    """A number of a `formula` with what it is."""
    small = format_html("<small>{}</small>", label) if label else ""
    return format_html('<span class="operand{}"><b>{}</b>{}</span>', " operand-result" if result else "", value, small)


@register.simple_tag
def operator(sign: str) -> SafeString:
    """The sign between two operands: +, −, ×, ÷ or =."""
    return format_html('<span class="operator">{}</span>', sign)


@register.simple_block_tag
def disclosure(content: str, summary: str, open: bool = False) -> SafeString:
    """Detail on demand."""
    text = '<details class="disclosure"{}><summary>{}{}</summary><div>{}</div></details>'
    return format_html(text, SafeString(" open") if open else "", actions.icon("chevron"), summary, content)


@register.simple_block_tag
def figure(content: str, caption: str = "") -> SafeString:
    """A chart with its caption."""
    words = format_html("<figcaption>{}</figcaption>", caption) if caption else ""
    return format_html('<figure class="chart-box">{}{}</figure>', content, words)


@register.inclusion_tag("components/kpi.html")
def kpi(label: str, value: Any, unit: str = "", note: str = "", url: str = "", span: int = 3) -> dict[str, Any]:
    """One figure with its name; a missing one says so."""
    missing = value is None or value == ""
    values = {"label": label, "value": NO_INFORMATION if missing else value, "missing": missing}
    return {**values, "unit": unit, "note": note, "url": url, "span": span}


@register.simple_tag
def badge(text: str, tone: str = "neutral") -> SafeString:
    """A word in a pill."""
    return format_html('<span class="badge badge-{}">{}</span>', tone, text)


@register.inclusion_tag("components/problems.html")
def problems(items: Any) -> dict[str, Any]:
    """What the rules found: blocking ones first, each with what to do."""
    found = list(items)
    return {
        "blocking": [item for item in found if item.blocking],
        "warnings": [item for item in found if not item.blocking],
    }


@register.filter
def percent(value: Decimal | None) -> str:
    """Percentage 0-100 as `24,15 %`; None is "Sin información"."""
    return format_percent(value)


@register.filter
def magnitude(value: Decimal | None) -> str:
    """Magnitude as `1.234,5`; None is "Sin información"."""
    return format_magnitude(value)


@register.filter
def long_date(value: date | datetime | None) -> str:
    """Date as `18 de abril de 2022`; an instant is first taken to Bogotá. None is a dash."""
    if value is None:
        return "–"
    if isinstance(value, datetime) and is_aware(value):
        value = localtime(value)
    return date_format(value, r"j \d\e F \d\e Y").lower()  # Spanish writes months in lower case
