"""App configuration."""

from django.apps import AppConfig


class TrackingConfig(AppConfig):
    """Seguimiento."""

    name = "tracking"
    verbose_name = "Seguimiento"

    def ready(self) -> None:
        """Register this app's providers."""
        from tracking import providers  # noqa: F401
        from tracking.assistance import providers as assistance  # noqa: F401
        from tracking.territory import providers as territory  # noqa: F401
