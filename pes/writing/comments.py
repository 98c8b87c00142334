"""Comments in the margin of the document: a thread about a section or a passage of it, until somebody resolves it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import OuterRef, Q, Subquery
from django.utils import timezone

from pes import audit
from pes.models import CommentTurn, DocumentSection, SectionComment, User
from pes.models.writing import CommentQuerySet
from pes.rules.problems import Problem, refuse_if_any
from pes.rules.rich_text import parse, text_of
from pes.rules.threads import text_problems
from pes.rules.writing import MOST_OF_QUOTE
from pes.writing.powers import demand_commenting, powers_of

RULE = "LC-07"


@transaction.atomic
def comment_section(
    section: DocumentSection, text: str, *, quote: str = "", by: User, now: datetime | None = None
) -> SectionComment:
    """Begin a thread about a section, or a passage that it says now; said twice it is one thread (WF1).

    Raises PermissionDenied, or Refused: nothing said, or the section does not say that passage.
    """
    demand_commenting(by, section)
    held = DocumentSection.hold(section.pk)
    passage, said = _one_line(quote), text.strip()
    refuse_if_any([*text_problems(text, RULE), *_quote_problems(held, passage)])
    same = held.comments.open().filter(quote=passage, raised_by=by, turns__text=said, turns__by=by).first()
    if same is not None:
        return same
    instant = now or timezone.now()
    made = SectionComment.objects.create(section=held, quote=passage, raised_by=by, raised_at=instant)
    CommentTurn.objects.create(comment=made, text=said, by=by, at=instant)
    audit.record("section_commented", made, by=by, after=_named(made) | {"quote": passage, "text": said})
    return made


@transaction.atomic
def answer_comment(comment: SectionComment, text: str, *, by: User, now: datetime | None = None) -> CommentTurn:
    """Say something more in an open thread; the same words twice in a row are one turn (WF1).

    Raises PermissionDenied, or Refused: resolved already, nothing said.
    """
    demand_commenting(by, comment.section)
    held = _hold(comment)
    refuse_if_any([*_resolved_problems(held), *text_problems(text, RULE)])
    last, said = held.turns.order_by("pk").last(), text.strip()
    if last is not None and (last.by_id, last.text) == (by.pk, said):
        return last
    made = CommentTurn.objects.create(comment=held, text=said, by=by, at=now or timezone.now())
    audit.record("comment_answered", held, by=by, after=_named(held) | {"text": said})
    return made


@transaction.atomic
def resolve_comment(comment: SectionComment, *, by: User, now: datetime | None = None) -> bool:
    """Close a thread: who began it or who writes the section does. False when it was closed (WF1).

    Raises PermissionDenied.
    """
    _demand_closing(by, comment)
    values = {"resolved_by": by, "resolved_at": now or timezone.now()}
    if SectionComment.objects.open().filter(pk=comment.pk).update(**values) != 1:
        return False
    audit.record("comment_resolved", comment, by=by, after=_named(comment))
    return True


@transaction.atomic
def reopen_comment(comment: SectionComment, *, by: User) -> bool:
    """Open a thread again, by whoever may close it. False when it was open (WF1). Raises PermissionDenied."""
    _demand_closing(by, comment)
    closed = SectionComment.objects.filter(pk=comment.pk).exclude(resolved_at=None)
    if closed.update(resolved_by=None, resolved_at=None) != 1:
        return False
    audit.record("comment_reopened", comment, by=by, after=_named(comment))
    return True


def may_close(user: Any, comment: SectionComment) -> bool:
    """Whether a person may resolve a thread, or open it again."""
    powers = powers_of(user, comment.section.plan)
    return powers.writes(comment.section) or (powers.comments and comment.raised_by_id == user.pk)


def awaiting(user: Any) -> CommentQuerySet:
    """Open threads in which somebody else spoke last and the person writes the section or took part."""
    spoke_last = CommentTurn.objects.filter(comment=OuterRef("pk")).order_by("-pk").values("by")[:1]
    mine = Q(section__responsible=user) | Q(pk__in=CommentTurn.objects.filter(by=user).values("comment"))
    return SectionComment.objects.open().annotate(last_by=Subquery(spoke_last)).filter(mine).exclude(last_by=user.pk)


def says(section: DocumentSection, passage: str) -> bool:
    """Whether a section says a passage now, whatever its lines."""
    return _one_line(passage) in _one_line(text_of(parse(section.html)))


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _hold(comment: SectionComment) -> SectionComment:
    held = SectionComment.objects.select_for_update(no_key=True, of=("self",))
    return held.select_related("section__chapter__document__plan__sector", "section__entity").get(pk=comment.pk)


def _demand_closing(by: User, comment: SectionComment) -> None:
    if not may_close(by, comment):
        raise PermissionDenied("Resuelve un comentario quien lo hizo o quien escribe la sección.")


def _quote_problems(section: DocumentSection, passage: str) -> list[Problem]:
    if len(passage) > MOST_OF_QUOTE:
        message = f"El pasaje tiene {len(passage)} caracteres y caben {MOST_OF_QUOTE}."
        return [Problem("quote_too_long", RULE, message, fix="Cite solo la frase que comenta.")]
    if passage and not says(section, passage):
        message = "La sección no dice ese pasaje."
        fix = "Cópielo como está en el texto guardado, o deje el pasaje vacío."
        return [Problem("quote_unknown", RULE, message, fix=fix)]
    return []


def _resolved_problems(comment: SectionComment) -> list[Problem]:
    if comment.resolved_at is None:
        return []
    message = f"{comment.resolved_by} ya lo dio por resuelto."
    return [Problem("comment_resolved", RULE, message, fix="Ábralo de nuevo para responder.")]


def _named(comment: SectionComment) -> dict[str, Any]:
    return {"plan": str(comment.section.plan), "section": str(comment.section)}
