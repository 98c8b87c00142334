"""The pages of one's own account, as tabs."""

from typing import Any, Final

from django import template
from django.urls import reverse

register = template.Library()

PAGES: Final = (
    ("Segundo factor", "mfa_index"),
    ("Contraseña", "account_change_password"),
    ("Sesiones", "usersessions_list"),
)


@register.inclusion_tag("components/tabs.html")
def account_tabs(current: str) -> dict[str, Any]:
    """Tabs of the account; `current` is the URL name of the page itself."""
    items = [{"label": label, "url": reverse(name), "current": name == current} for label, name in PAGES]
    return {"items": items, "label": "Su cuenta"}
