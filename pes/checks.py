"""System checks: production refuses to start half-configured (AU13)."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.checks import Error, register
from django.core.exceptions import ImproperlyConfigured


@register()
def production_is_whole(app_configs: Any, **kwargs: Any) -> list[Error]:
    """List what production lacks."""
    if not settings.PRODUCTION:
        return []
    database = settings.DATABASES["default"]
    wanted = [
        ("pes.E001", len(settings.SECRET_KEY) >= 50, "SECRET_KEY falta o tiene menos de 50 caracteres."),
        ("pes.E002", len(settings.AUDIT_KEY) >= 50, "AUDIT_KEY falta o tiene menos de 50 caracteres."),
        ("pes.E003", settings.AUDIT_KEY != settings.SECRET_KEY, "AUDIT_KEY debe ser distinta de SECRET_KEY."),
        (
            "pes.E004",
            bool(settings.ALLOWED_HOSTS) and "*" not in settings.ALLOWED_HOSTS,
            "ALLOWED_HOSTS debe nombrar los equipos.",
        ),
        ("pes.E005", database["ENGINE"].endswith("postgresql"), "DATABASE_URL debe ser PostgreSQL."),
        ("pes.E006", bool(settings.REDIS_URL), "REDIS_URL (intermediario de trabajos) falta."),
        ("pes.E007", bool(settings.CACHE_URL), "CACHE_URL falta: los límites de intentos necesitan una caché común."),
        ("pes.E008", settings.CACHE_URL != settings.REDIS_URL, "CACHE_URL y REDIS_URL deben ser instancias distintas."),
        ("pes.E009", bool(settings.EMAIL_URL), "EMAIL_URL falta: sin correo no hay invitaciones."),
        ("pes.E010", not settings.PES_DEMO, "PES_DEMO=1 no se permite en producción."),
        (
            "pes.E011",
            settings.PES_BASE_URL.startswith("https://") and not settings.PES_BASE_URL.startswith("https://."),
            "PES_BASE_URL debe ser la dirección https del sitio: los correos la llevan.",
        ),
    ]
    return [Error(message, id=check_id) for check_id, holds, message in wanted if not holds]


def refuse_half_configured() -> None:
    """Stop a web server started without `check`: gunicorn asks nobody before it serves (AU13)."""
    found = production_is_whole(None)
    if found:
        raise ImproperlyConfigured(" ".join(f"{error.id}: {error.msg}" for error in found))
