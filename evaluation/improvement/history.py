"""The history of a bottleneck or an action: what the trail tells, at the instants that the record itself keeps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db import models
from django.utils import timezone

from evaluation.models import ActionFollowUp, Bottleneck, ImprovementAction
from pes.dates import long_date, long_instant
from pes.models import AuditEvent
from pes.views.audit import rows

SHOWN = 30
Kept = Mapping[str, Sequence[datetime | date | None]]


def bottleneck_history(found: Bottleneck) -> list[dict[str, Any]]:
    """What was done to a bottleneck, the newest first."""
    return _history(found, {"bottleneck_registered": [found.registered_at], "bottleneck_solved": [found.solved_on]})


def action_history(found: ImprovementAction, entries: Sequence[ActionFollowUp]) -> list[dict[str, Any]]:
    """What was done about an action, the newest first; `entries` is its follow-up, the newest first."""
    written = [one.written_at for one in entries]
    kept: Kept = {
        "action_registered": [found.registered_at],
        "action_started": written[-1:],
        "action_followed": written,
        "action_finished": [found.done_on],
        "action_verified": [found.verified_on],
    }
    return _history(found, kept)


def _history(found: models.Model, kept: Kept) -> list[dict[str, Any]]:
    """The last events of a record. `kept`: what it says of when each verb was done, the newest first.

    The trail tells when something was written down; what was done on another day is told on its day, as the rest of
    the page does.
    """
    events = AuditEvent.objects.filter(object_type=found._meta.label_lower, object_id=str(found.pk))
    listed = list(events.select_related("actor").order_by("-pk")[:SHOWN])
    left = {verb: iter(whens) for verb, whens in kept.items()}
    told = [next(left.get(one.verb, iter(())), None) for one in listed]
    return [row | _when(own, one) for row, own, one in zip(rows(listed), told, listed, strict=True)]


def _when(own: datetime | date | None, event: AuditEvent) -> dict[str, str]:
    """Nothing to correct where the record says nothing, or the same day."""
    if own is None:
        return {}
    day = timezone.localdate(own) if isinstance(own, datetime) else own
    if day == timezone.localdate(event.at):
        return {}
    return {"when": long_instant(own) if isinstance(own, datetime) else long_date(own)}
