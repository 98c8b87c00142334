"""The first app is also the site package."""

from django.apps import AppConfig


class PesConfig(AppConfig):
    """Organisation, people, access, audit, jobs, and the PES itself."""

    name = "pes"
    verbose_name = "Planeación estratégica sectorial"

    def ready(self) -> None:
        """Load Celery, the system checks and the providers of this app."""
        from pes import celery, checks, providers  # noqa: F401
        from pes.approval import providers as approval  # noqa: F401
        from pes.meetings import providers as meetings  # noqa: F401
        from pes.participation import providers as participation  # noqa: F401
        from pes.roads import providers as roads  # noqa: F401
        from pes.territory import providers as territory  # noqa: F401
        from pes.writing import providers as writing  # noqa: F401
