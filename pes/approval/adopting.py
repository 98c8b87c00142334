"""The adoption act, which seals a version, and where the PES was published (LC-06; Guía PES 2018, fase 3)."""

from __future__ import annotations

from datetime import date, datetime

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone

from pes import audit
from pes.access import demand
from pes.approval.acts import ActDraft, register_act
from pes.approval.files import ask_version_files
from pes.approval.phase import problems_of
from pes.approval.steps import hold_adoption, hold_version
from pes.models import (
    Adoption,
    ApprovalRound,
    CommitteeDecision,
    PesVersion,
    PublicationChannel,
    PublicationLink,
    Road,
    SectorPlan,
    User,
)
from pes.permissions import Permission
from pes.rules.acts import adoption_problems, earlier_problems, publication_problems
from pes.rules.approval_states import ApprovalStatus
from pes.rules.problems import refuse_if_any
from pes.rules.texts import tidy

ADOPT, PUBLISH = Permission.PES_ADOPT, Permission.PES_PUBLISH
READY = frozenset({ApprovalStatus.COMMITTEE})


@transaction.atomic
def adopt(
    version: PesVersion, draft: ActDraft, *, file: UploadedFile, by: User, now: datetime | None = None
) -> Adoption:
    """Record the act that adopts a version: from then on it is sealed and public (LC-06).

    Raises PermissionDenied, or Refused: the committee has not endorsed it, the phase of the approval has not opened
    (LC-01), or something of the act.
    """
    demand(by, ADOPT, version)
    SectorPlan.hold(version.plan_id)
    held, instant = hold_version(version, READY), now or timezone.now()
    refuse_if_any(problems_of(held.plan_id))
    refuse_if_any(adoption_problems(issued_on=draft.issued_on, endorsed_on=endorsed_on(held)))
    act = register_act(held.plan.sector, draft, file=file, by=by, now=instant)
    adoption = Adoption.objects.create(plan=held.plan, version=held, act=act, by=by, at=instant)
    held.round.move("adopt")
    said = {"plan": str(held.plan), "act": str(act), "version": held.number, "digest": held.digest}
    audit.record("pes_adopted", adoption, by=by, after=said)
    ask_version_files(held, adoption=adoption, by=by)
    return adoption


@transaction.atomic
def record_earlier(
    plan: SectorPlan,
    draft: ActDraft,
    *,
    file: UploadedFile | None = None,
    note: str = "",
    by: User,
    now: datetime | None = None,
) -> Adoption:
    """Record the act of a PES that was adopted before this tool: the act alone, marked as such.

    Raises PermissionDenied, or Refused: something of the act, it is entered already, or it is no older than the road
    or a version is being approved here: such an act would answer for the gates in its place (LC-02).
    """
    demand(by, ADOPT, plan)
    instant, held = now or timezone.now(), SectorPlan.hold(plan.pk)
    open_rounds = ApprovalRound.objects.filter(plan=held).exclude(status=ApprovalStatus.WITHDRAWN)
    refuse_if_any(
        earlier_problems(
            issued_on=draft.issued_on,
            year=draft.year,
            opened_on=here_since(held, instant),
            is_under_approval=open_rounds.exists(),
        )
    )
    act = register_act(held.sector, draft, file=file, is_earlier=True, by=by, now=instant)
    adoption = Adoption.objects.create(plan=held, act=act, is_earlier=True, note=tidy(note), by=by, at=instant)
    audit.record("pes_adopted_earlier", adoption, by=by, after={"plan": str(held), "act": str(act)})
    return adoption


@transaction.atomic
def publish(
    adoption: Adoption,
    *,
    channel: PublicationChannel,
    url: str,
    published_on: date,
    by: User,
    now: datetime | None = None,
) -> PublicationLink:
    """Say where the adopted PES was published; the first on a web page makes it published. Again, it is the same one.

    Raises PermissionDenied, or Refused: not an https address, or a day that has not come or is before the act.
    """
    demand(by, PUBLISH, adoption)
    instant, address = now or timezone.now(), url.strip()
    held = hold_adoption(adoption)
    refuse_if_any(
        publication_problems(
            address,
            published_on=published_on,
            adopted_on=held.act.earliest_day,
            today=timezone.localdate(instant),
        )
    )
    round_ = held.version.round if held.version else None
    values = {"published_on": published_on, "by": by, "at": instant}
    link, made = PublicationLink.objects.get_or_create(adoption=adoption, channel=channel, url=address, defaults=values)
    if made:
        said = {"channel": link.get_channel_display(), "url": address, "on": published_on.isoformat()}
        audit.record("pes_published", adoption, by=by, after={"act": str(adoption.act)} | said)
    if round_ and channel == PublicationChannel.WEB and round_.state == ApprovalStatus.ADOPTED:
        round_.move("publish")
    return link


def endorsed_on(version: PesVersion) -> date:
    """The day of the session in which the committee endorsed a version."""
    return version.sessions.filter(decision=CommitteeDecision.ENDORSED).order_by("-pk")[0].held_on


def here_since(plan: SectorPlan, otherwise: datetime) -> date:
    """The day since which a PES is kept here: that of its road, or another one while it has none."""
    road = Road.objects.filter(plan=plan).first()
    return timezone.localdate(road.opened_at if road else otherwise)
