"""Verb and readings of the rating of advisory teams: only who rates reads all of it, each advisor the own score."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from django.db.models import Exists, OuterRef
from django.utils import timezone

from evaluation.models import AdvisorScore, TeamAssessment
from evaluation.rules.advisor_rating import WORDS, assessment_problems
from pes import audit
from pes.access import demand
from pes.duplicates import once
from pes.edits import refuse_if_stale
from pes.models import OrganizationUnit, User
from pes.permissions import Permission
from pes.rules.problems import refuse_if_any
from pes.rules.texts import one_line, tidy
from tracking.assistance.reports import advisors_of

RATE = Permission.ADVISOR_RATE


@once("Otra persona calificó ese mes al mismo tiempo.")
def assess_team(
    unit: OrganizationUnit, month: date, *, scales: Mapping[str, int], scores: Mapping[int, int],
    words: Mapping[str, str], reason: str = "", read: str, by: User, now: datetime | None = None,
) -> TeamAssessment:  # fmt: skip
    """Rate the team of a region on a month: questions 1–3, a `score` per advisor (id), and the qualitative `words`.

    A second time is another edition that says why; the same again is the last one (WF1). `read` is the fingerprint of
    the edition that the person had before. Raises PermissionDenied, StaleEdit or Refused.
    """
    demand(by, RATE, unit)
    OrganizationUnit.objects.select_for_update(no_key=True).get(pk=unit.pk)
    last, at = last_of(unit, month), now or timezone.now()
    said = {name: tidy(words.get(name, "")) for name in WORDS}
    wanted = {"scales": dict(scales), "scores": {str(pk): score for pk, score in scores.items()}, "words": said}
    if last is not None and facts_of(last) == wanted:
        return last
    refuse_if_stale(facts_of(last), read)
    edition = last.edition + 1 if last else 1
    problems = assessment_problems(
        month=month, today=timezone.localdate(at), scales=scales, scores=scores, edition=edition,
        advisors=[one.pk for one in advisors_of(unit, month)], reason=one_line(reason), by=by.pk,
    )  # fmt: skip
    refuse_if_any(problems)
    made = TeamAssessment.objects.create(
        unit=unit, month=month, edition=edition, **scales, **said, reason=one_line(reason) if last else "", by=by, at=at
    )
    AdvisorScore.objects.bulk_create(
        AdvisorScore(assessment=made, advisor_id=pk, score=score) for pk, score in sorted(scores.items())
    )
    verb = "team_reassessed" if last else "team_assessed"
    after = {"unit": unit.code, "month": month.isoformat(), "edition": edition, "scores": len(scores)}
    audit.record(verb, made, by=by, after=after, reason=made.reason)
    return made


def last_of(unit: OrganizationUnit, month: date) -> TeamAssessment | None:
    """The edition in force of a region and month."""
    rows = TeamAssessment.objects.filter(unit=unit, month=month).prefetch_related("scores")
    return rows.order_by("-edition").first()


def facts_of(one: TeamAssessment | None) -> dict[str, Any]:
    """What an edition says; empty before the first one."""
    if one is None:
        return {}
    return {
        "scales": {name: getattr(one, name) for name in ("communication", "training", "punctuality")},
        "scores": {str(row.advisor_id): row.score for row in one.scores.all()},
        "words": {name: getattr(one, name) for name in WORDS},
    }


def in_force(rows: Iterable[TeamAssessment]) -> list[TeamAssessment]:
    """The last edition of each region and month."""
    last = {(one.unit_id, one.month): one for one in sorted(rows, key=lambda one: one.edition)}
    return list(last.values())


def own_scores(user: Any) -> list[AdvisorScore]:
    """The scores that a person was given, the last edition of each month, the latest first; nobody else's."""
    rows = AdvisorScore.objects.filter(advisor=user).select_related("assessment__unit")
    later = TeamAssessment.objects.filter(
        unit=OuterRef("assessment__unit"),
        month=OuterRef("assessment__month"),
        edition__gt=OuterRef("assessment__edition"),
    )
    return list(rows.exclude(Exists(later)).order_by("-assessment__month"))
