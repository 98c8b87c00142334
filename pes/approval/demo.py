"""The approval of the demonstration: Gobierno's document under observation, Gestión Pública's earlier act (REF-01)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.utils import timezone

from pes.approval.acts import ActDraft, register_act, repeal
from pes.approval.adopting import publish, record_earlier
from pes.approval.observing import acknowledge, answer, insist, observe
from pes.approval.presenting import present
from pes.approval.versions import section_labels
from pes.models import (
    ActKind,
    OrganizationUnit,
    PesVersion,
    PlanDocument,
    PublicationChannel,
    SectorPlan,
    User,
    Verdict,
)

FIXTURE = settings.BASE_DIR / "fixtures" / "demo_aprobacion.json"
Said = Mapping[str, Any]


def load(*, now: datetime) -> None:
    """Present one document and record the act of another, once; what a visitor did stays.

    Comes after the documents are written (pes/writing/demo.py).
    """
    said = json.loads(FIXTURE.read_text(encoding="utf-8"))
    _load_presented(said["presented"], now)
    _load_earlier(said["earlier"], now)


def _load_presented(said: Said, now: datetime) -> None:
    plan = SectorPlan.objects.filter(sector__code=said["sector"]).order_by("-first_vigencia").first()
    if plan is None or plan.versions.exists() or not PlanDocument.objects.filter(plan=plan).exists():
        return
    by, presented_at = _person(said["by"]), now - timedelta(days=said["days_ago"])
    respond_by = timezone.localdate(presented_at) + timedelta(days=said["days_to_observe"])
    version = present(plan, respond_by=respond_by, note=said["note"], by=by, now=presented_at)
    for code, email, days in said["read"]:
        acknowledge(version, _unit(code), by=_person(email), now=now - timedelta(days=days))
    known = section_labels(version)
    for told in said["observations"]:
        _observe(version, told, by, now, section=told["section"] if told["section"] in known else "")


def _observe(version: PesVersion, told: Said, head: User, now: datetime, *, section: str) -> None:
    """One observation with what followed."""
    by, at = _person(told["by"]), now - timedelta(days=told["days_ago"])
    thread = observe(version, _unit(told["entity"]), section=section, text=told["text"], by=by, now=at)
    if answered := told.get("answer"):
        at = now - timedelta(days=answered["days_ago"])
        answer(thread, verdict=Verdict(answered["verdict"]), text=answered["text"], by=head, now=at)
    if insisted := told.get("insists"):
        insist(thread, text=insisted["text"], by=by, now=now - timedelta(days=insisted["days_ago"]))


def _load_earlier(said: Said, now: datetime) -> None:
    plans = SectorPlan.objects.filter(sector__code=said["sector"], first_vigencia=said["first"])
    plan = plans.select_related("sector").first()
    if plan is None or plan.adoptions.exists():
        return
    by, later = _person(said["by"]), said["repealed_by"]
    adoption = record_earlier(plan, _draft(said["act"], said["issuer"]), note=said["note"], by=by, now=now)
    repealing = register_act(plan.sector, _draft(later, said["issuer"]), is_earlier=True, by=by, now=now)
    repeal(adoption.act, repealed_by=repealing, on=date.fromisoformat(later["issued_on"]), by=by)
    web, published_on = said["web"]["url"], date.fromisoformat(said["web"]["on"])
    publish(adoption, channel=PublicationChannel.WEB, url=web, published_on=published_on, by=by, now=now)


def _draft(said: Said, issuer: str) -> ActDraft:
    day = date.fromisoformat(said["issued_on"]) if "issued_on" in said else None
    return ActDraft(
        kind=ActKind.RESOLUCION, number=said["number"], year=said["year"], issued_on=day, issuer=issuer,
        subject=said["subject"], link=said["link"],
    )  # fmt: skip


def _person(email: str) -> User:
    return User.objects.get(email=email)


def _unit(code: str) -> OrganizationUnit:
    return OrganizationUnit.objects.get(code=code)
