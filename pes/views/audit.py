"""The audit browser: who did what, to what, when and why; read only (AZ18)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, timedelta
from itertools import islice
from typing import Any

from django.apps import apps
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.views.decorators.http import require_safe

from pes import audit
from pes.access import requires
from pes.asked import words
from pes.audit_sentences import SENTENCES, changes, sentence
from pes.dates import long_instant
from pes.models import AuditEvent, AuditSeal, Membership, User
from pes.permissions import Permission
from pes.views.pieces import crumbs

PAGE = 50
FINDINGS_SHOWN = 100
HISTORY_SHOWN = 50
_FILTERS = ("quien", "verbo", "objeto", "numero", "desde", "hasta")


@require_safe
@requires(Permission.AUDIT_READ)
def browser(request: HttpRequest) -> HttpResponse:
    """Events, newest first, filtered by person, verb, object and dates."""
    chosen = {name: request.GET.get(name, "").strip() for name in _FILTERS}
    page = Paginator(_filtered(chosen), PAGE).get_page(request.GET.get("pagina"))
    context = {
        "page": page,
        "rows": rows(page),
        "chosen": chosen,
        "verbs": [
            ("", "Todos"),
            *sorted(((verb, text.capitalize()) for verb, text in SENTENCES.items()), key=lambda v: v[1]),
        ],
        "kinds": [("", "Todos"), *sorted(_kinds(), key=lambda kind: kind[1])],
        "crumbs": crumbs("Bitácora"),
    }
    return render(request, "pes/administration/audit.html", context)


@require_safe
@requires(Permission.AUDIT_READ)
def verification(request: HttpRequest) -> HttpResponse:
    """Recompute every signature and seal, and show what does not match."""
    found = list(islice(audit.verify(), FINDINGS_SHOWN))
    context = {
        "findings": found,
        "is_cut": len(found) == FINDINGS_SHOWN,
        "events": AuditEvent.objects.count(),
        "seals": AuditSeal.objects.count(),
        "at": long_instant(timezone.now()),
        "crumbs": crumbs("Bitácora", "Verificación"),
    }
    return render(request, "pes/administration/audit_verification.html", context)


def history_of(person: User, memberships: Iterable[Membership]) -> list[dict[str, Any]]:
    """The last events about a person: the account and the roles shown."""
    account = Q(object_type="pes.user", object_id=str(person.pk))
    roles = Q(object_type="pes.membership", object_id__in=[str(m.pk) for m in memberships])
    return rows(AuditEvent.objects.filter(account | roles).select_related("actor").order_by("-pk")[:HISTORY_SHOWN])


def rows(events: Iterable[AuditEvent]) -> list[dict[str, Any]]:
    """Events as a page shows them: two queries for people's names, whatever their number."""
    listed = list(events)
    names = _names(listed)
    return [_row(event, names) for event in listed]


def _row(event: AuditEvent, names: Mapping[str, str]) -> dict[str, Any]:
    return {
        "pk": event.pk,
        "when": long_instant(event.at),
        "who": str(event.actor) if event.actor else "Alguien sin identificar",
        "what": sentence(event.verb),
        "object": _object(event, names),
        "reason": event.reason,
        "changes": changes(event.before, event.after, names),
    }


def _object(event: AuditEvent, names: Mapping[str, str]) -> str:
    """«Persona: Ana Pérez», «Unidad PLE-PIN» or «Medición 12»."""
    facts = event.after or event.before or {}
    if not event.object_type:
        return str(facts.get("path", ""))
    if event.object_type == "pes.user":
        return names.get(event.object_id, f"Persona {event.object_id}")
    if facts.get("user"):
        return f"{_kind(event.object_type)} de {names.get(str(facts['user']), facts['user'])}"
    return f"{_kind(event.object_type)} {facts.get('code') or facts.get('label') or event.object_id}"


def _kind(object_type: str) -> str:
    """A model's name in Spanish; the stored word for a model that no longer exists."""
    try:
        return str(apps.get_model(object_type)._meta.verbose_name).capitalize()
    except LookupError:
        return object_type


def _kinds() -> list[tuple[str, str]]:
    stored = AuditEvent.objects.exclude(object_type="").order_by().values_list("object_type", flat=True).distinct()
    return [(object_type, _kind(object_type)) for object_type in stored]


def _names(events: Iterable[AuditEvent]) -> dict[str, str]:
    """Names of the people whom the events mention, by id."""
    wanted = {e.object_id for e in events if e.object_type == "pes.user"}
    wanted |= {str(facts["user"]) for e in events for facts in (e.before, e.after) if facts and facts.get("user")}
    found = User.objects.filter(pk__in=[pk for pk in wanted if pk.isdigit()])
    return {str(person.pk): str(person) for person in found}


def _filtered(chosen: Mapping[str, str]) -> QuerySet[AuditEvent]:
    events = AuditEvent.objects.select_related("actor").order_by("-pk")
    for word in words(chosen["quien"]):
        events = events.filter(Q(actor__full_name__icontains=word) | Q(actor__email__icontains=word))
    if chosen["verbo"]:
        events = events.filter(verb=chosen["verbo"])
    if chosen["objeto"]:
        events = events.filter(object_type=chosen["objeto"])
    if chosen["numero"]:
        events = events.filter(object_id=chosen["numero"])
    first, last = (_day(chosen[name]) for name in ("desde", "hasta"))
    if first:
        events = events.filter(at__gte=_midnight(first))
    if last and last < date.max:
        events = events.filter(at__lt=_midnight(last + timedelta(days=1)))
    return events


def _day(text: str) -> date | None:
    """A day typed in the address; what is not one filters nothing."""
    try:
        return parse_date(text)
    except ValueError:
        return None


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
