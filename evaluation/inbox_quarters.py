"""What the close of the quarters leaves for each person to do: derived from reports and runs, never stored."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from django.urls import reverse
from django.utils import timezone

from evaluation.closing_work import CloseWork, to_consolidate, to_publish, to_record
from pes import registry
from pes.access import holds
from pes.permissions import Permission


def close_items(user: Any) -> Iterator[dict[str, Any]]:
    """Quarters to consolidate and to publish; for who keeps the Comité, the results that it has not received."""
    if holds(user, Permission.QUARTER_CONSOLIDATE):
        yield from _items("Consolidar", to_consolidate(user, timezone.localdate()), "close")
    if holds(user, Permission.QUARTER_PUBLISH):
        yield from _items("Publicar los resultados de", to_publish(user), "close_publication")
    if holds(user, Permission.COMMITTEE_RECORD):
        words = "Presentar al Comité, y registrar su acta, los resultados de"
        yield from _items(words, to_record(user), "committee_record")


def _items(words: str, found: Iterable[CloseWork], kind: str) -> Iterator[dict[str, Any]]:
    for one in found:
        yield {
            "title": f"{words} {one.name}",
            "detail": one.detail,
            "url": one.url,
            "due_on": None,
            "since": one.since,
            "kind": kind,
        }


def home_doors(user: Any) -> Iterator[dict[str, str]]:
    """From one's own work to what everybody owes: the ageing board, for the OAP."""
    if holds(user, Permission.QUARTER_REVIEW):
        yield {"label": "Tablero de espera", "url": reverse("evaluation:ageing")}


registry.provide("inbox", close_items)
registry.provide("home_doors", home_doors)
