"""App configuration."""

from django.apps import AppConfig


class EvaluationConfig(AppConfig):
    """Evaluación."""

    name = "evaluation"
    verbose_name = "Evaluación"

    def ready(self) -> None:
        """Register this app's providers."""
        from evaluation import providers  # noqa: F401
        from evaluation.territory import providers as territory  # noqa: F401
