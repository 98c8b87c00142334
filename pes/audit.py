"""The audit trail: one signed event per verb, sealed in chained batches.

An event carries an HMAC under a key that lives outside the database, so a row changed by hand shows. The sweeper
chains batches of events into seals, so a row removed or inserted shows too. Triggers refuse UPDATE and DELETE.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, timedelta
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import models, transaction
from django.utils import timezone

SEAL_AFTER = timedelta(minutes=15)  # longer than any transaction, so no event can appear behind a seal
GENESIS = "0" * 64


@dataclass(frozen=True)
class Finding:
    """What `audit_verify` found: `changed`, `missing_or_inserted` or `chain_broken`."""

    kind: str
    where: str
    message: str


def record(
    verb: str,
    obj: models.Model | None,
    *,
    by: Any,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
    reason: str = "",
) -> Any:
    """Write what happened, in the caller's transaction. `by` is a user or None (nobody was logged in)."""
    event = apps.get_model("pes", "AuditEvent")(
        at=timezone.now(),
        actor_id=getattr(by, "pk", None),
        verb=verb,
        object_type=obj._meta.label_lower if obj is not None else "",
        object_id=str(obj.pk) if obj is not None else "",
        before=before,
        after=after,
        reason=reason,
    )
    event.mac = sign(event)
    event.save(force_insert=True)
    return event


def sign(event: Any) -> str:
    """The event's HMAC-SHA-256 in hexadecimal, over everything it says."""
    said = [
        event.at.astimezone(UTC).isoformat(),
        event.actor_id,
        event.verb,
        event.object_type,
        event.object_id,
        event.before,
        event.after,
        event.reason,
    ]
    return hmac.new(settings.AUDIT_KEY.encode(), canonical(said), hashlib.sha256).hexdigest()


def canonical(value: Any) -> bytes:
    """One byte string for one value, whatever the order of its keys."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=str).encode()


@transaction.atomic
def seal() -> Any | None:
    """Chain the events that are old enough into the next seal; None when there are none."""
    seals, events = apps.get_model("pes", "AuditSeal").objects, apps.get_model("pes", "AuditEvent").objects
    last = seals.select_for_update().order_by("-last").first()
    batch = list(
        events.filter(pk__gt=last.last if last else 0, at__lt=timezone.now() - SEAL_AFTER).order_by("pk").values_list("pk", "mac")
    )
    if not batch:
        return None
    previous = last.digest if last else GENESIS
    return seals.create(
        first=batch[0][0],
        last=batch[-1][0],
        count=len(batch),
        previous=previous,
        digest=chain(previous, batch),
        sealed_at=timezone.now(),
    )


def chain(previous: str, batch: Iterable[tuple[int, str]]) -> str:
    """Digest of a batch on top of the previous digest, signed with the key."""
    return hmac.new(settings.AUDIT_KEY.encode(), canonical([previous, list(batch)]), hashlib.sha256).hexdigest()


def verify() -> Iterator[Finding]:
    """Yield every event or seal that does not match what was signed."""
    seals, events = apps.get_model("pes", "AuditSeal").objects, apps.get_model("pes", "AuditEvent").objects
    for event in events.order_by("pk").iterator(2000):
        if not hmac.compare_digest(event.mac, sign(event)):
            yield Finding("changed", f"evento {event.pk}", "El contenido no corresponde a su firma.")
    previous, reached = GENESIS, 0
    for seal_row in seals.order_by("first"):
        batch = list(events.filter(pk__gt=reached, pk__lte=seal_row.last).order_by("pk").values_list("pk", "mac"))
        if seal_row.previous != previous:
            yield Finding("chain_broken", f"sello {seal_row.pk}", "No continúa el sello anterior.")
        if seal_row.count != len(batch) or seal_row.digest != chain(seal_row.previous, batch):
            yield Finding(
                "missing_or_inserted",
                f"sello {seal_row.pk}",
                f"Selló {seal_row.count} eventos hasta el {seal_row.last}; hoy hay {len(batch)} o no son los mismos.",
            )
        previous, reached = seal_row.digest, seal_row.last
