"""Freezing a plan: each act of SM-1 that says something to others keeps, word for word, what it was about."""

from __future__ import annotations

from django.db.models import Max, QuerySet
from django.utils import timezone

from pes.models import User
from plans.content import content_of, digest_of, facts_of
from plans.models import PlanGestion, PlanVersion, VersionEvent


def freeze(plan: PlanGestion, event: VersionEvent, *, by: User, note: str = "") -> PlanVersion:
    """The next version of a held plan, with the SHA-256 of its content; the verb that calls has checked everything."""
    content = content_of(facts_of(plan))
    last = plan.versions.aggregate(last=Max("number"))["last"] or 0
    return PlanVersion.objects.create(
        plan=plan,
        number=last + 1,
        event=event,
        edition=plan.edition,
        content=content,
        digest=digest_of(content),
        note=note[:500],
        at=timezone.now(),
        by=by,
    )


def last_submission(plan: PlanGestion) -> PlanVersion | None:
    """What the OAP has, or had, in its hands: the last version that was sent."""
    return submissions(plan).first()


def submissions(plan: PlanGestion) -> QuerySet[PlanVersion]:
    """Every version that was sent to the OAP, the last one first."""
    return PlanVersion.objects.filter(plan=plan, event=VersionEvent.SUBMITTED).order_by("-number")
