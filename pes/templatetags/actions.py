"""Buttons, links that act, downloads and icons."""

from functools import cache
from hashlib import blake2b
from typing import Any, Final

from django import template
from django.template import Context
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()

#: Outlines on a 20-unit square, drawn with `currentColor`.
ICONS: Final[dict[str, str]] = {
    "alert": "M10 6v5m0 3v.2M10 2.5a7.5 7.5 0 1 0 0 15 7.5 7.5 0 0 0 0-15z",
    "arrow-down": "M10 4v12m-4.5-4.5L10 16l4.5-4.5",
    "arrow-up": "M10 16V4m-4.5 4.5L10 4l4.5 4.5",
    "back": "M16 10H4m4.5-4.5L4 10l4.5 4.5",
    "calendar": "M3.5 5.5h13v11h-13zM3.5 9h13M7 3.5v3m6-3v3",
    "check": "M4 10.5l4 4 8-9",
    "chevron": "M7.5 4.5L13 10l-5.5 5.5",
    "clock": "M10 5.5V10l3 2M10 2.5a7.5 7.5 0 1 0 0 15 7.5 7.5 0 0 0 0-15z",
    "download": "M10 3v10m0 0l-4-4m4 4l4-4M3.5 16.5h13",
    "edit": "M4 16l.8-3.6L13.6 3.6a1.4 1.4 0 0 1 2 0l.8.8a1.4 1.4 0 0 1 0 2L7.6 15.2 4 16z",
    "file": "M5 2.5h6.5L15 6v11.5H5zM11 2.5V6.5h4",
    "inbox": "M3 11.5L5.5 4h9L17 11.5V16H3zM3 11.5h4l1.2 2h3.6l1.2-2h4",
    "info": "M10 9.5V14m0-7.8v.2M10 2.5a7.5 7.5 0 1 0 0 15 7.5 7.5 0 0 0 0-15z",
    "lock": "M5 9h10v7.5H5zM7 9V6.5a3 3 0 0 1 6 0V9",
    "logout": "M8 3.5H4v13h4M13 6.5l3.5 3.5-3.5 3.5M16.5 10H8",
    "menu": "M3 5.5h14M3 10h14M3 14.5h14",
    "next": "M4 10h12m-4.5-4.5L16 10l-4.5 4.5",
    "plus": "M10 4v12M4 10h12",
    "search": "M9 3.5a5.5 5.5 0 1 0 0 11 5.5 5.5 0 0 0 0-11zM13 13l4 4",
    "send": "M17 3L9 11M17 3l-5 14-3-6-6-3z",
    "shield": "M10 2.5l6 2v5c0 4-2.6 6.6-6 8-3.4-1.4-6-4-6-8v-5z",
    "sort": "M10 3.5v13M6 7.5l4-4 4 4",
    "trash": "M4 6h12M8 6V3.5h4V6M5.5 6l.8 10.5h7.4L14.5 6",
    "undo": "M4 8h8a4 4 0 0 1 0 8H8M4 8l3.5-3.5M4 8l3.5 3.5",
    "upload": "M10 13V3m0 0L6 7m4-4l4 4M3.5 16.5h13",
    "user": "M10 10a3.2 3.2 0 1 0 0-6.4 3.2 3.2 0 0 0 0 6.4zM3.8 16.8c.8-3 3.2-4.6 6.2-4.6s5.4 1.6 6.2 4.6",
}


@register.simple_tag
@cache
def icon(name: str) -> SafeString:
    """A decorative outline; the words beside it carry the meaning. KeyError for an unknown name."""
    return format_html('<svg class="icon" viewBox="0 0 20 20" aria-hidden="true"><path d="{}"/></svg>', ICONS[name])


def _classes(tone: str, small: bool) -> str:
    return " ".join(part for part in ("btn", f"btn-{tone}" if tone else "", "btn-small" if small else "") if part)


def _blocked(label: str, reason: str, tone: str, small: bool, icon_name: str) -> SafeString:
    """A button that cannot act now: focusable, announced as disabled, with its reason in sight."""
    why = f"why-{blake2b(f'{label}|{reason}'.encode(), digest_size=5).hexdigest()}"
    values = {"label": label, "reason": reason, "classes": _classes(tone, small), "icon_name": icon_name, "why": why}
    return render_to_string("components/blocked.html", values)


@register.simple_tag
def button(
    label: str,
    tone: str = "primary",
    icon: str = "",
    name: str = "",
    value: str = "",
    reason: str = "",
    kind: str = "submit",
    small: bool = False,
    action: str = "",
) -> SafeString:
    """A button of the surrounding form, sent to `action` if given; with a `reason` it is disabled and says why."""
    if reason:
        return _blocked(label, reason, tone, small, icon)
    named = format_html(' name="{}" value="{}"', name, value) if name else ""
    sent = format_html(' formaction="{}"', action) if action else ""
    mark = draw(icon) if icon else ""
    return format_html(
        '<button type="{}" class="{}"{}{}>{}{}</button>', kind, _classes(tone, small), named, sent, mark, label
    )


@register.simple_tag
def link_button(
    label: str, url: str, tone: str = "", icon: str = "", small: bool = False, reason: str = ""
) -> SafeString:
    """A link that looks like a button, for what only reads."""
    if reason:
        return _blocked(label, reason, tone, small, icon)
    mark = draw(icon) if icon else ""
    return format_html('<a class="{}" href="{}">{}{}</a>', _classes(tone, small), url, mark, label)


@register.simple_tag(takes_context=True)
def post_button(
    context: Context,
    url: str,
    label: str,
    tone: str = "primary",
    icon: str = "",
    reason: str = "",
    small: bool = False,
) -> SafeString:
    """One act, one POST: a form with the CSRF token and a button."""
    inner = button(label, tone=tone, icon=icon, reason=reason, small=small)
    if reason:
        return inner
    token = context.get("csrf_token", "")
    hidden = format_html('<input type="hidden" name="csrfmiddlewaretoken" value="{}">', token) if token else ""
    return format_html('<form method="post" action="{}">{}{}</form>', url, hidden, inner)


@register.simple_block_tag
def confirm(content: str, label: str, title: str = "", tone: str = "risk", icon: str = "") -> SafeString:
    """A button that opens a question; the content holds the form that acts. Works without JavaScript."""
    values = {"content": content, "label": label, "title": title, "tone": tone, "icon_name": icon}
    return render_to_string("components/confirm.html", values)


@register.inclusion_tag("components/download.html")
def download(url: str, label: str, format: str = "", detail: str = "") -> dict[str, Any]:
    """A file to take away: its name, its format (PDF, XLSX) and size or date."""
    return {"url": url, "label": label, "format": format, "detail": detail}


draw = icon
