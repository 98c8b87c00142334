"""Named providers: each app adds what it knows, nobody imports to the right."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

_PROVIDERS: dict[str, list[Callable[..., Any]]] = {}


def provide(name: str, provider: Callable[..., Any]) -> None:
    """Add a provider (called from AppConfig.ready): `menu`, `inbox`, `home_doors`, `planner`."""
    providers = _PROVIDERS.setdefault(name, [])
    if provider not in providers:
        providers.append(provider)


def collect(name: str, *args: Any, **kwargs: Any) -> Iterator[Any]:
    """Yield everything the providers of a name yield, in the order of registration."""
    for provider in _PROVIDERS.get(name, ()):
        yield from provider(*args, **kwargs)
