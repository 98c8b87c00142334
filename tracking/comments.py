"""What the members of a team tell each other about a goal of a report; it is only added to, and stays among them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from pes import audit
from pes.access import demand
from pes.dates import long_instant
from pes.models import User
from pes.permissions import Permission
from pes.rules.problems import Problem, refuse_if_any
from plans.rules.values import tidy
from tracking.models import GoalReport, QuarterReport, TeamComment

COMMENT_LIMIT = 2000  # characters


@dataclass(frozen=True, slots=True)
class Comment:
    """A comment as it is read."""

    text: str
    who: str
    when: str


@transaction.atomic
def comment(entry: GoalReport, text: str, *, by: User, now: datetime | None = None) -> TeamComment:
    """Say something to the team about a goal, in any state of the report. Raises PermissionDenied or Refused."""
    demand(by, Permission.QUARTER_FILL, entry.report)
    words = tidy(text)
    refuse_if_any(_problems(words))
    said = TeamComment.objects.create(entry=entry, text=words, by=by, at=now or timezone.now())
    audit.record("team_commented", said, by=by, after={"report": str(entry.report), "goal": entry.goal.number})
    return said


def comments_of(report: QuarterReport, *, by: User) -> dict[int, list[Comment]]:
    """Row of a goal → what the team said about it, the first thing first; one query. Nobody else reads any."""
    found: dict[int, list[Comment]] = {}
    rows = TeamComment.objects.visible_to(by, Permission.QUARTER_FILL).filter(entry__report=report)
    for said in rows.select_related("by").order_by("pk"):
        found.setdefault(said.entry_id, []).append(Comment(said.text, str(said.by), long_instant(said.at)))
    return found


def _problems(text: str) -> list[Problem]:
    if not text:
        return [Problem("comment_empty", "PG-R3", "El comentario está vacío.", fix="Escriba algo, o no lo envíe.")]
    if len(text) > COMMENT_LIMIT:
        message = f"El comentario tiene {len(text)} caracteres y caben {COMMENT_LIMIT}."
        return [Problem("comment_too_long", "PG-R3", message, fix=f"Acórtelo a {COMMENT_LIMIT} caracteres.")]
    return []
