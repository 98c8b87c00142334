"""What the approval awaits from each person, for «Mi trabajo» (LC-08)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from pes.approval.phase import waiting_of_each
from pes.approval.versions import Standing, latest_of_each, standings_of
from pes.models import Adoption, ApprovalRound, OrganizationUnit, PesVersion, PublicationChannel, UnitKind
from pes.permissions import Permission
from pes.plan_frame import plan_url
from pes.rules.approval import request_problems
from pes.rules.approval_states import OBSERVABLE, UNDER_WAY, ApprovalStatus

_S = ApprovalStatus


def inbox(user: Any) -> Iterator[dict[str, Any]]:
    """To read, to approve, to answer, to take to the committee, to adopt, to publish."""
    yield from _of_entities(user)
    yield from _of_presenters(user)
    yield from _of_adopters(user)
    yield from _of_publishers(user)


def _rounds(user: Any, permission: Permission) -> Any:
    rows = ApprovalRound.objects.visible_to(user, permission).select_related("plan__sector").order_by("pk")
    return rows.filter(status__in=UNDER_WAY)


def _standing_rounds(user: Any, permission: Permission) -> Iterator[tuple[ApprovalRound, PesVersion, list[Standing]]]:
    """Each round under way with its version and its entities; a constant number of queries."""
    rounds = list(_rounds(user, permission))
    if not rounds:
        return
    versions = latest_of_each(rounds)
    found = standings_of(list(versions.values()))
    for round_ in rounds:
        version = versions[round_.pk]
        yield round_, version, found[version.pk]


def _of_entities(user: Any) -> Iterator[dict[str, Any]]:
    """Versions that an entity of the person has not read, or has not approved."""
    held = OrganizationUnit.objects.visible_to(user, Permission.DOCUMENT_OBSERVE)
    mine = set(held.filter(kind=UnitKind.ENTITY).values_list("pk", flat=True))
    if not mine:
        return
    for round_, version, found in _standing_rounds(user, Permission.DOCUMENT_OBSERVE):
        for standing in found:
            if standing.entity.pk in mine:
                yield from _entity_items(round_, version, standing)


def _entity_items(round_: ApprovalRound, version: PesVersion, standing: Standing) -> Iterator[dict[str, Any]]:
    plan, name = round_.plan, standing.entity.short_name
    url = plan_url(plan, "pes:approval-entity", standing.entity.code)
    if round_.state in OBSERVABLE and not standing.stand.has_read:
        title = f"Leer y observar la versión {version.number} del PES por {name}"
        yield _item(title, round_, url, version.presented_at, "pes_read", due_on=version.respond_by)
    if round_.state == _S.APPROVAL_REQUESTED and not standing.stand.has_approved:
        title = f"Aprobar la versión {version.number} del PES por {name}"
        yield _item(title, round_, url, version.presented_at, "pes_approve")


def _of_presenters(user: Any) -> Iterator[dict[str, Any]]:
    """Observations to answer, approval to request, a version to adjust, a session to record."""
    rows = list(_standing_rounds(user, Permission.DOCUMENT_PRESENT))
    waiting_plans = waiting_of_each(round_.plan for round_, _, _ in rows)
    for round_, version, found in rows:
        stands = [one.stand for one in found]
        waiting = sum(stand.open_observations for stand in stands)
        room = plan_url(round_.plan, "pes:approval")
        if waiting:
            count = "1 observación" if waiting == 1 else f"{waiting} observaciones"
            url = plan_url(round_.plan, "pes:approval-observations")
            yield _item(f"Responder {count} de las entidades", round_, url, version.presented_at, "pes_answer")
        elif (step := _next_step(round_.state, stands, version, waits=round_.plan_id in waiting_plans)) is not None:
            yield _item(step, round_, room, version.presented_at, "pes_approval")


def _next_step(state: ApprovalStatus, stands: list[Any], version: PesVersion, *, waits: bool) -> str | None:
    """What moves the round on now; nothing that would be refused while the phase of the approval `waits` (LC-01)."""
    if state == _S.ADJUSTING:
        return "Ajustar el documento y presentar otra versión"
    if waits:
        return None
    if state == _S.APPROVED_BY_ALL:
        return "Registrar la sesión del Comité Sectorial"
    if state in {_S.PRESENTED, _S.UNDER_OBSERVATION}:
        today = timezone.localdate()
        problems = list(request_problems(stands, respond_by=version.respond_by, today=today))
        return None if problems else f"Pedir la aprobación de la versión {version.number}"
    return None


def _of_adopters(user: Any) -> Iterator[dict[str, Any]]:
    rounds = list(_rounds(user, Permission.PES_ADOPT).filter(status=_S.COMMITTEE))
    versions, waiting = latest_of_each(rounds), waiting_of_each(round_.plan for round_ in rounds)
    for round_ in rounds:
        if round_.plan_id in waiting:
            continue
        url, since = plan_url(round_.plan, "pes:approval"), versions[round_.pk].presented_at
        yield _item("Registrar el acto que adopta el PES", round_, url, since, "pes_adopt")


def _of_publishers(user: Any) -> Iterator[dict[str, Any]]:
    rows = Adoption.objects.visible_to(user, Permission.PES_PUBLISH).filter(is_earlier=False)
    rows = rows.exclude(publications__channel=PublicationChannel.WEB).select_related("plan__sector", "act")
    for adoption in rows.order_by("pk"):
        yield {
            "title": f"Publicar el PES que adopta {adoption.act}",
            "detail": f"Sector {adoption.plan.sector.name}",
            "url": plan_url(adoption.plan, "pes:approval"),
            "due_on": None,
            "since": timezone.localtime(adoption.at).date(),
            "kind": "pes_publish",
        }


def _item(
    title: str, round_: ApprovalRound, url: str, since: datetime, kind: str, due_on: date | None = None
) -> dict[str, Any]:
    return {
        "title": title,
        "detail": f"Sector {round_.plan.sector.name} · {round_.state.label}",
        "url": url,
        "due_on": due_on,
        "since": timezone.localtime(since).date(),
        "kind": kind,
    }
