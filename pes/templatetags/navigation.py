"""Where one is and where one may go: paths, tabs, pages, steps, sortable headers, filters."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django import template
from django.core.paginator import Page
from django.http import QueryDict
from django.template import Context
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django_htmx.jinja import htmx_script

from pes.templatetags.actions import icon

register = template.Library()

Item = Mapping[str, Any]


@register.inclusion_tag("components/breadcrumbs.html")
def breadcrumbs(items: Sequence[Item]) -> dict[str, Any]:
    """The path to this page: dicts with `label` and `url`; the last one is the page itself."""
    return {"items": items}


@register.inclusion_tag("components/tabs.html")
def tabs(items: Iterable[Item], label: str = "Secciones") -> dict[str, Any]:
    """Views of one thing, as links: dicts with `label`, `url`, `current` and optional `count`."""
    return {"items": items, "label": label}


@register.inclusion_tag("components/steps.html")
def steps(items: Iterable[Item]) -> dict[str, Any]:
    """A road: dicts with `label` and `state` (done | current | todo) and optional `url`."""
    return {"items": items}


def _query(context: Context, **changes: Any) -> str:
    request = context.get("request")
    query = request.GET.copy() if request else QueryDict(mutable=True)
    for key, value in changes.items():
        query[key] = str(value)
    return f"?{query.urlencode()}"


@register.inclusion_tag("components/pagination.html", takes_context=True)
def pagination(context: Context, page: Page[Any]) -> dict[str, Any]:
    """Links to the other pages (`?pagina=`), with the rest of the query kept."""
    numbers = page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)
    links = [
        {"number": number, "url": _query(context, pagina=number) if isinstance(number, int) else ""}
        for number in numbers
    ]
    before = _query(context, pagina=page.previous_page_number()) if page.has_previous() else ""
    after = _query(context, pagina=page.next_page_number()) if page.has_next() else ""
    return {"page": page, "links": links, "before": before, "after": after}


@register.simple_tag(takes_context=True)
def th(context: Context, label: str, numeric: bool = False, sort: str = "", align: str = "") -> SafeString:
    """Header cell; `sort` makes it a link to `?orden=key`, or `-key` when it already orders upwards."""
    classes = "num" if numeric else align
    attributes = format_html(' class="{}"', classes) if classes else ""
    if not sort:
        return format_html('<th scope="col"{}>{}</th>', attributes, label)
    request = context.get("request")
    current = request.GET.get("orden", "") if request else ""
    direction = {sort: "ascending", f"-{sort}": "descending"}.get(current, "none")
    url = _query(context, orden=f"-{sort}" if direction == "ascending" else sort)
    text = '<th scope="col"{} aria-sort="{}"><a class="sort" href="{}">{}{}</a></th>'
    return format_html(text, attributes, direction, url, label, icon("sort"))


@register.simple_block_tag
def toolbar(
    content: str, label: str = "Filtros", action: str = "", submit: str = "Ver", auto: bool = True
) -> SafeString:
    """Filters sent by GET with a button; `auto` also sends them when a select changes, if there is JavaScript."""
    values = {"content": content, "label": label, "action": action, "submit": submit, "auto": auto}
    return render_to_string("components/toolbar.html", values)


@register.inclusion_tag("components/toolbar_select.html")
def toolbar_select(name: str, label: str, options: Iterable[tuple[Any, str]], selected: Any = "") -> dict[str, Any]:
    """A select of a `toolbar`: (value, label) pairs."""
    chosen = [(value, text, str(value) == str(selected)) for value, text in options]
    return {"name": name, "label": label, "options": chosen}


@register.simple_tag
def use_htmx() -> SafeString:
    """The htmx script, for `{% block scripts %}` of the pages that poll or swap."""
    return htmx_script()
