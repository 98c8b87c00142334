"""Writing a section: its text, its history, and how far it is (LC-07; WF3).

What a person had read travels with each save: somebody else's text is never overwritten. A sitting of one person is one
row of the history, however often it saved itself.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from pes import audit
from pes.models import DocumentSection, SectionText, User
from pes.rules.problems import Problem, Refused, refuse_if_any
from pes.rules.rich_text import LIVE, parse, walk, words_of
from pes.rules.transitions import transition_for
from pes.rules.writing import (
    TRANSITIONS,
    SectionStatus,
    finish_problems,
    writing_problems,
)
from pes.writing.content import SectionContent, has_content, section_of
from pes.writing.live import live_tables
from pes.writing.outline import Part
from pes.writing.powers import demand_writing
from pes.writing.rich import clean

SITTING = timedelta(minutes=30)  # without saving; later it is another row of the history
TRACES = {"finish": "section_finished", "resume": "section_resumed"}


class StaleText(Refused):
    """Somebody else wrote in the section meanwhile; `section` is as it stands, `typed` what was not saved (WF3)."""

    def __init__(self, section: DocumentSection, typed: str) -> None:
        message = "Otra persona escribió en esta sección mientras usted la editaba; nada se ha sobrescrito."
        fix = "Compare los dos textos y guarde el que debe quedar."
        super().__init__([Problem("stale_edit", "WF3", message, fix=fix)])
        self.section, self.typed = section, typed


@dataclass(frozen=True, slots=True)
class Saved:
    """How a section stands after a save; `has_changed` is false when it said that already."""

    section: DocumentSection
    words: int
    has_changed: bool


@transaction.atomic
def write_section(section: DocumentSection, html: str, *, read: int, by: User, now: datetime | None = None) -> Saved:
    """Write what a section says; `read` is the revision that the person was editing.

    Raises PermissionDenied; StaleText; Refused: ready or of data only, beyond the limits (PD3), a live table unknown.
    """
    held = _begin(section, by)
    refuse_if_any(writing_problems(held.status, held.kind))
    text = clean(html)
    if text == held.html:
        return Saved(held, words_of(text), has_changed=False)
    _refuse_unknown(held, text)
    if read != held.revision:
        raise StaleText(held, text)
    return _store(held, text, by=by, now=now or timezone.now(), restored=None)


@transaction.atomic
def restore_text(section: DocumentSection, number: int, *, read: int, by: User, now: datetime | None = None) -> Saved:
    """Make an earlier text of the history the section's again, as a new one; nothing of the history is lost.

    Raises as `write_section`, and Refused when the history has no such text.
    """
    held = _begin(section, by)
    refuse_if_any(writing_problems(held.status, held.kind))
    found = held.texts.filter(number=number).first()
    if found is None:
        message = f"La historia de la sección no tiene un texto {number}."
        raise Refused([Problem("text_unknown", "AZ10", message, fix="Elija uno de la lista.")])
    if found.html == held.html:
        return Saved(held, found.words, has_changed=False)
    if read != held.revision:
        raise StaleText(held, found.html)
    return _store(held, found.html, by=by, now=now or timezone.now(), restored=number)


@transaction.atomic
def finish_section(section: DocumentSection, *, by: User) -> bool:
    """Declare a section ready; False when it was. Raises PermissionDenied, or Refused: it has neither words nor data."""
    held = _begin(section, by)
    if held.status == SectionStatus.READY:
        return False
    refuse_if_any(problems_to_finish(held))
    return _step(held, "finish", by=by)


@transaction.atomic
def resume_section(section: DocumentSection, *, by: User) -> bool:
    """Open a ready section again; False when it was open. Raises PermissionDenied."""
    held = _begin(section, by)
    if held.status != SectionStatus.READY:
        return False
    return _step(held, "resume", by=by)


def problems_to_finish(section: DocumentSection, content: SectionContent | None = None) -> list[Problem]:
    """What keeps a section from being ready, and what warns; the button shows it too.

    Who has read what the section says gives it; otherwise it is read, in a constant number of queries.
    """
    said = content or section_of(section.plan, Part("", section))
    open_comments = section.comments.open().count()
    return list(finish_problems(section.kind, has_content=has_content(said), open_comments=open_comments))


def live_keys(html: str) -> list[str]:
    """The live tables that a text places, in order."""
    return [node.value for node in walk(parse(html)) if node.tag == LIVE]


def _begin(section: DocumentSection, by: User) -> DocumentSection:
    """The section as it is stored, held: who writes it may have changed since it was read."""
    held = DocumentSection.hold(section.pk)
    demand_writing(by, held)
    return held


def _step(held: DocumentSection, verb: str, *, by: User) -> bool:
    before = held.status
    held.move(verb)
    audit.record(
        TRACES[verb],
        held,
        by=by,
        before={"section_status": before},
        after=_named(held) | {"section_status": held.status},
    )
    return True


def _refuse_unknown(held: DocumentSection, text: str) -> None:
    """A place is one of a table that exists, and each table has one place in a section."""
    keys = live_keys(text)
    known = live_tables(held.plan) if keys else {}
    problems = []
    if lost := sorted({key for key in keys if key not in known}):
        message = f"No hay una tabla de datos «{lost[0]}»."
        problems.append(Problem("live_unknown", "LC-07", message, fix="Inserte las tablas de datos desde la lista."))
    if twice := sorted({key for key in keys if keys.count(key) > 1 and key in known}):
        message = f"«{known[twice[0]].title}» está dos veces en esta sección."
        problems.append(Problem("live_repeated", "LC-07", message, fix="Deje una sola."))
    refuse_if_any(problems)


def _store(held: DocumentSection, text: str, *, by: User, now: datetime, restored: int | None) -> Saved:
    before, words = _facts(held), words_of(text)
    target = transition_for(TRANSITIONS, "write").target
    DocumentSection.objects.filter(pk=held.pk).update(html=text, revision=held.revision + 1, status=target)
    held.html, held.revision, held.status = text, held.revision + 1, target
    _remember(held, words, by=by, now=now, restored=restored)
    verb = "section_written" if restored is None else "section_restored"
    after = _named(held) | _facts(held) | ({"text": restored} if restored is not None else {})
    audit.record(verb, held, by=by, before=before, after=after)
    return Saved(held, words, has_changed=True)


def _remember(held: DocumentSection, words: int, *, by: User, now: datetime, restored: int | None) -> None:
    last = held.texts.order_by("number").last()
    goes_on = last is not None and restored is None and last.restored is None
    if last is not None and goes_on and last.by_id == by.pk and timedelta(0) <= now - last.at <= SITTING:
        last.html, last.words, last.at = held.html, words, now
        last.save(update_fields=["html", "words", "at"])
        return
    number = last.number + 1 if last else 1
    SectionText.objects.create(
        section=held, number=number, html=held.html, words=words, by=by, began_at=now, at=now, restored=restored
    )


def _facts(section: DocumentSection) -> dict[str, Any]:
    """What the audit keeps of a text: the history has its words, the digest says which they were."""
    digest = hashlib.sha256(section.html.encode()).hexdigest()
    return {"revision": section.revision, "words": words_of(section.html), "sha256": digest}


def _named(section: DocumentSection) -> dict[str, Any]:
    return {"plan": str(section.plan), "section": str(section)}
