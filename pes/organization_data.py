"""The published organisation of the District, loaded from `fixtures/organizacion.json`.

Only what has a cited source is in the file. Loading adds what is missing by its code and touches nothing that is
there: what an administrator changed stays changed, and loading twice is loading once.
"""

from __future__ import annotations

import json
from typing import Any

from django.conf import settings
from django.db import transaction

from pes import audit
from pes.models import Membership, OrganizationUnit, UnitKind, User

FIXTURE = settings.BASE_DIR / "fixtures" / "organizacion.json"
FIELDS = ("name", "acronym", "kind", "process_class", "is_head", "mission", "vision", "platform_act", "sort_key")


def published_units() -> list[dict[str, Any]]:
    """The units of the fixture, each after the one it depends on."""
    units: list[dict[str, Any]] = json.loads(FIXTURE.read_text(encoding="utf-8"))["units"]
    return units


@transaction.atomic
def load_organization(*, by: User) -> list[str]:
    """Add the units that are missing and return their codes; the audit trail keeps one event for all of them."""
    known = {unit.code: unit for unit in OrganizationUnit.objects.all()}
    added = []
    for entry in published_units():
        if entry["code"] in known:
            continue
        known[entry["code"]] = _create(entry, known)
        added.append(entry["code"])
    if added:
        Membership.project_all()
        audit.record("organization_loaded", None, by=by, after={"added": added})
    return added


def district(*, by: User) -> OrganizationUnit:
    """The root of the tree, created from the fixture where there is none yet."""
    found = OrganizationUnit.objects.filter(kind=UnitKind.DISTRICT).first()
    if found is not None:
        return found
    entry = published_units()[0]
    values = {name: entry[name] for name in FIELDS if name in entry}
    root, created = OrganizationUnit.objects.get_or_create(code=entry["code"], defaults=values)
    if created:
        audit.record("organization_loaded", root, by=by, after={"added": [root.code]})
    return root


def _create(entry: dict[str, Any], known: dict[str, OrganizationUnit]) -> OrganizationUnit:
    """One unit; a sector that already has a head keeps it."""
    values = {name: entry[name] for name in FIELDS if name in entry}
    parent = known.get(entry["parent"])
    if values.get("is_head") and OrganizationUnit.objects.filter(parent=parent, is_head=True).exists():
        values["is_head"] = False
    return OrganizationUnit.objects.create(code=entry["code"], parent=parent, **values)
