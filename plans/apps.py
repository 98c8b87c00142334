"""App configuration."""

from django.apps import AppConfig


class PlansConfig(AppConfig):
    """Planes de gestión."""

    name = "plans"
    verbose_name = "Planes de gestión"

    def ready(self) -> None:
        """Register this app's providers."""
        from plans import providers  # noqa: F401
