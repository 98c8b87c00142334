"""The audit trail: one signed event per verb, sealed in chained batches.

An event carries an HMAC under a key that lives outside the database, so a row changed by hand shows. The sweeper
chains batches of events into seals, so a row removed or inserted shows too. Triggers refuse UPDATE and DELETE.

What it cannot show by itself is a tail cut off: the last seals together with their events. Each seal is therefore
also written to the log, which lives elsewhere; `verify(anchor=…)` looks for a digest copied from there.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import logging
import secrets
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, timedelta
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import IntegrityError, models, transaction
from django.utils import timezone

log = logging.getLogger(__name__)

SEAL_AFTER = timedelta(minutes=15)  # longer than any transaction, so no event can appear behind a seal
GENESIS = "0" * 64
NONCE_DIGITS = 16


@dataclass(frozen=True)
class Finding:
    """What `audit_verify` found: `changed`, `missing_or_inserted`, `chain_broken` or `tail_missing`."""

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
        before=_storable(before),
        after=_storable(after),
        reason=_storable(reason),
    )
    event.mac = sign(event, secrets.token_hex(NONCE_DIGITS // 2))
    event.save(force_insert=True)
    return event


def differences(before: dict[str, Any], after: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Both sides of a change, with only the fields that differ."""
    changed = [name for name in after if after[name] != before.get(name)]
    return {name: before.get(name) for name in changed}, {name: after[name] for name in changed}


def sign(event: Any, nonce: str) -> str:
    """The event's signature: a nonce, then HMAC-SHA-256 (192 bits) over it and everything the event says.

    Signatures are unique in the database, so an event copied to another row is refused.
    """
    said = [
        nonce,
        event.at.astimezone(UTC).isoformat(),
        event.actor_id,
        event.verb,
        event.object_type,
        event.object_id,
        event.before,
        event.after,
        event.reason,
    ]
    return nonce + hmac.new(settings.AUDIT_KEY.encode(), canonical(said), hashlib.sha256).hexdigest()[NONCE_DIGITS:]


def canonical(value: Any) -> bytes:
    """One byte string for one value, whatever the order of its keys."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=str).encode()


def _storable(value: Any) -> Any:
    """The value as both databases give it back, so that it is signed as it will be read.

    Numbers that are not whole become text, other things their `str`; NUL and lone surrogates, which PostgreSQL
    refuses, are replaced: no input may keep an act from being recorded.
    """
    if value is None or isinstance(value, int):
        return value
    if isinstance(value, dict):
        return {_storable(str(key)): _storable(found) for key, found in value.items()}
    if isinstance(value, list | tuple):
        return [_storable(found) for found in value]
    return str(value).replace("\0", "\ufffd").encode("utf-8", "replace").decode()


def seal() -> Any | None:
    """Chain the events that are old enough into the next seal; None when there are none or somebody else did it."""
    seals, events = apps.get_model("pes", "AuditSeal").objects, apps.get_model("pes", "AuditEvent").objects
    last = seals.order_by("-last").first()
    after, previous = (last.last, last.digest) if last else (0, GENESIS)
    young = events.filter(pk__gt=after, at__gte=timezone.now() - SEAL_AFTER).order_by("pk").first()
    # Up to the first young event, not all old ones: ids and instants of two transactions may cross.
    old = events.filter(pk__gt=after, **({"pk__lt": young.pk} if young else {}))
    batch = list(old.order_by("pk").values_list("pk", "mac"))
    if not batch:
        return None
    try:
        with transaction.atomic():
            made = seals.create(
                first=batch[0][0],
                last=batch[-1][0],
                count=len(batch),
                previous=previous,
                digest=chain(previous, batch),
                sealed_at=timezone.now(),
            )
    except IntegrityError:  # two sealers: the chain has one next link
        return None
    log.info("Sello de auditoría %s: eventos %s a %s, huella %s.", made.pk, made.first, made.last, made.digest)
    return made


def chain(previous: str, batch: Iterable[tuple[int, str]]) -> str:
    """Digest of a batch on top of the previous digest, signed with the key."""
    return hmac.new(settings.AUDIT_KEY.encode(), canonical([previous, list(batch)]), hashlib.sha256).hexdigest()


def verify(anchor: str = "") -> Iterator[Finding]:
    """Yield every event or seal that does not match what was signed; `anchor` is the digest of a seal from the log."""
    events = apps.get_model("pes", "AuditEvent").objects
    for event in events.order_by("pk").iterator(2000):
        if not hmac.compare_digest(event.mac, sign(event, event.mac[:NONCE_DIGITS])):
            yield Finding("changed", f"evento {event.pk}", "El contenido no corresponde a su firma.")
    yield from _verify_chain(anchor)


def _verify_chain(anchor: str) -> Iterator[Finding]:
    seals, events = apps.get_model("pes", "AuditSeal").objects, apps.get_model("pes", "AuditEvent").objects
    previous, reached, digests = GENESIS, 0, set()
    for row in seals.order_by("pk"):
        batch = list(events.filter(pk__gt=reached, pk__lte=row.last).order_by("pk").values_list("pk", "mac"))
        if row.previous != previous:
            yield Finding("chain_broken", f"sello {row.pk}", "No continúa el sello anterior.")
        if row.count != len(batch) or row.digest != chain(row.previous, batch):
            message = f"Selló {row.count} eventos hasta el {row.last}; hoy hay {len(batch)} o no son los mismos."
            yield Finding("missing_or_inserted", f"sello {row.pk}", message)
        previous, reached = row.digest, row.last
        digests.add(row.digest)
    if anchor and anchor not in digests:
        yield Finding("tail_missing", "cadena", "El sello que se busca ya no está: falta el final de la bitácora.")
