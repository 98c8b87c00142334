"""The signed-off table of the phases of a PES: every route of road, meetings, participation, writing, approval, profile."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from pes.permissions import Role
from tests.matrix import HEAD, LEADERS, OAP, READERS, Row, Sent, Who, at
from tests.pes.phase_world import RELATIONS

LINKS = OAP | {Role.ENLACE_ENTIDAD}  # who writes for an entity, and the head of sector
OBSERVERS = frozenset({Role.ENLACE_ENTIDAD})
VOICES = LINKS | LEADERS | {Role.PROMOTOR, Role.EQUIPO, Role.DIRECTIVO}
PUBLISHERS = OAP | {Role.COMUNICACIONES}
SECTOR = ("sector",)
OWN = ("sector", "entity")  # of what the head entity answers for
ENTITIES = (*OWN, "second")  # of what each entity has its own
P = ("slug", 2024)
WHY = {"reason": "Fue un error"}
WORDS = {"text": "Falta la fuente."}
ODD = {"x": "1"}  # a body that says nothing a form asks for
BOOK = {"file": SimpleUploadedFile("libro.xlsx", b"no soy un libro")}


def page(*args: Any) -> Row:
    """A page of the PES, for every reader of it."""
    return Row((*P, *args), READERS, RELATIONS, at(RELATIONS, READERS))


def led(who: Who, *args: Any, places: tuple[str, ...] = SECTOR) -> Row:
    """A page with a form, for who may send it."""
    return Row((*P, *args), who, RELATIONS, at(places, who))


def act(
    who: Who, status: int, sent: Sent, *args: Any, places: tuple[str, ...] = SECTOR, door: Who | None = None
) -> Row:
    """An act of who may, from the sector unless said otherwise; `door` lets pass who reads and may not."""
    return Row((*P, *args), door or who, RELATIONS, at(places, who), status, sent)


ROAD: dict[str, Row] = {
    "pes:plan-open": Row((), OAP, RELATIONS, at(SECTOR, OAP)),
    "pes:plan-open (opening)": Row((), OAP, RELATIONS, at(SECTOR, OAP), 422, ODD),
    "pes:plan-of": page(),
    "pes:road": page(),
    "pes:road-trace": act(OAP, 302, {}),
    "pes:road-phase-close": act(HEAD, 302, {}, "F1"),
    "pes:road-schedule": led(OAP, "F1"),
    "pes:road-schedule (saving)": act(OAP, 409, ODD, "F1"),
    "pes:road-timeline": page(),
    "pes:road-activity": page("activity"),
    "pes:road-activity-report": act(
        LINKS, 302, {"percentage": "50", "on": "2026-03-11"}, "activity", places=OWN, door=READERS
    ),
    "pes:road-activity-report (saying nothing)": act(LINKS, 422, {}, "activity", places=OWN, door=READERS),
    "pes:road-activity-evidence": act(
        LINKS, 302, {"link": "https://ejemplo.invalid/b"}, "activity", places=OWN, door=READERS
    ),
    "pes:road-evidence-withdraw": act(LINKS, 302, WHY, "activity", "proof", places=OWN, door=READERS),
    "pes:road-evidence-withdraw (saying nothing)": act(LINKS, 422, {}, "activity", "proof", places=OWN, door=READERS),
    "pes:road-activity-aside": act(OAP, 302, WHY, "activity"),
    "pes:road-activity-aside (saying nothing)": act(OAP, 422, {}, "activity"),
    "pes:road-activity-again": act(OAP, 302, WHY, "activity"),
}
ANSWERING = at(SECTOR, LINKS) | at(("entity",), OBSERVERS)  # who owes the commitment of the head entity, or keeps it
MEETINGS: dict[str, Row] = {
    "pes:meetings": page(),
    "pes:meeting-new": led(OAP),
    "pes:meeting-new (scheduling)": act(OAP, 422, ODD),
    "pes:meeting": page("planned"),
    "pes:meeting-edit": led(OAP, "planned"),
    "pes:meeting-edit (changing)": act(OAP, 422, ODD, "planned"),
    "pes:meeting-guests": led(OAP, "planned"),
    "pes:meeting-guests (inviting)": act(OAP, 302, {"guests": "Veeduría; ciudadana"}, "planned"),
    "pes:meeting-convene": act(OAP, 302, {}, "planned"),
    "pes:meeting-cancel": act(OAP, 302, WHY, "planned"),
    "pes:meeting-calendar": page("planned"),
    "pes:meeting-attendance": led(OAP, "held"),
    "pes:meeting-attendance (saving)": act(OAP, 422, ODD, "held"),
    "pes:meeting-minutes": led(OAP, "held"),
    "pes:meeting-minutes (saving)": act(OAP, 409, ODD, "held"),
    "pes:meeting-close": act(OAP, 302, {}, "held"),
    "pes:meeting-addendum": act(OAP, 302, WORDS, "closed"),
    "pes:meeting-file": act(OAP, 422, {"note": "Lista"}, "held"),
    "pes:meeting-commit": act(OAP, 422, ODD, "held"),
    "pes:meeting-document": act(READERS, 302, {}, "closed", places=RELATIONS),
    "pes:meeting-pdf": page("closed"),
    "pes:meeting-docx": page("closed"),
    "pes:commitments": page(),
    "pes:commitment": page("commitment"),
    "pes:commitment-note": Row((*P, "commitment"), READERS, RELATIONS, ANSWERING, 302, WORDS),
    "pes:commitment-fulfil": Row((*P, "commitment"), READERS, RELATIONS, ANSWERING, 422, WORDS),
    "pes:commitment-reopen": act(OAP, 302, WHY, "commitment"),
    "pes:commitment-withdraw": act(OAP, 302, WHY, "commitment"),
    "pes:commitment-reschedule": act(OAP, 302, {**WHY, "due_on": "2026-05-30"}, "commitment"),
    "pes:commitment-remove": act(OAP, 302, {}, "commitment"),
}
NOTE = {"quadrant": "amenaza", "text": "Menos recursos"}
BOARD: dict[str, Row] = {
    "pes:dofa": page(),
    "pes:dofa-new": led(OAP),
    "pes:dofa-new (opening)": act(OAP, 422, ODD),
    "pes:dofa-board": page("board"),
    "pes:dofa-edit": led(OAP, "board"),
    "pes:dofa-edit (correcting)": act(OAP, 422, ODD, "board"),
    "pes:dofa-poll": page("board"),
    "pes:dofa-xlsx": page("board"),
    "pes:dofa-pdf": page("board"),
    "pes:dofa-pdf-make": act(OAP, 302, {}, "board"),
    "pes:dofa-note-new": act(VOICES, 302, NOTE, "board", places=RELATIONS),
    "pes:dofa-notes-move": act(OAP, 302, ODD, "board"),
    "pes:dofa-note-edit": replace(led(VOICES, "board", "note", places=RELATIONS), status=302),  # it is Elena's
    "pes:dofa-note-edit (correcting)": act(VOICES, 302, {"text": "Otra"}, "board", "note", places=RELATIONS),
    "pes:dofa-note-withdraw": act(VOICES, 302, {}, "board", "note", places=RELATIONS),
    "pes:dofa-group-new": act(OAP, 302, {"quadrant": "amenaza", "name": "Recursos"}, "board"),
    "pes:dofa-group-edit": led(OAP, "board", "group"),
    "pes:dofa-group-edit (naming)": act(OAP, 422, {"name": ""}, "board", "group"),
    "pes:dofa-group-dissolve": act(OAP, 302, {}, "board", "group"),
    "pes:dofa-vote": act(VOICES, 302, {}, "board", places=RELATIONS),
    "pes:dofa-vote-back": act(VOICES, 302, {}, "board", places=RELATIONS),
    "pes:dofa-group-phase": act(OAP, 302, {}, "board"),
    "pes:dofa-collect-again": act(OAP, 302, {}, "board"),
    "pes:dofa-call-vote": act(OAP, 302, {}, "board"),
    "pes:dofa-group-again": act(OAP, 302, {}, "board"),
    "pes:dofa-close": act(OAP, 302, {}, "board"),
}
SURVEYS: dict[str, Row] = {
    "pes:surveys": page(),
    "pes:survey-new": led(OAP),
    "pes:survey-new (preparing)": act(OAP, 422, ODD),
    "pes:survey": page("survey"),
    "pes:survey-edit": led(OAP, "survey"),
    "pes:survey-edit (correcting)": act(OAP, 422, ODD, "survey"),
    "pes:survey-open": act(OAP, 302, {}, "survey"),
    "pes:survey-close": act(OAP, 302, {}, "survey"),
    "pes:survey-reopen": led(OAP, "survey"),
    "pes:survey-reopen (opening)": act(OAP, 422, ODD, "survey"),
    "pes:survey-publish": act(OAP, 302, {}, "survey"),
    "pes:survey-text-show": act(OAP, 302, {}, "survey", "text"),
    "pes:survey-text-hide": led(OAP, "survey", "text"),
    "pes:survey-text-hide (hiding)": act(OAP, 302, WHY, "survey", "text"),
    "pes:survey-count-new": led(OAP, "survey"),
    "pes:survey-count-new (counting)": act(OAP, 422, ODD, "survey"),
    "pes:survey-count-edit": led(OAP, "survey", "batch"),
    "pes:survey-count-edit (correcting)": act(OAP, 422, ODD, "survey", "batch"),
    "pes:survey-count-withdraw": led(OAP, "survey", "batch"),
    "pes:survey-count-withdraw (withdrawing)": act(OAP, 302, WHY, "survey", "batch"),
    "pes:survey-xlsx": page("survey"),
}
TEXT = {"text": "Otro texto", "form": "markup", "read": "1"}
STALE = {**TEXT, "read": "0"}
WRITING: dict[str, Row] = {
    "pes:document": page(),
    "pes:document-open": act(OAP, 302, {}),
    "pes:document-renew": act(OAP, 302, {}),
    "pes:document-assign": led(OAP),
    "pes:document-assign (sharing out)": act(OAP, 422, ODD),
    "pes:chapter-rename": act(OAP, 302, ODD, "chapter"),
    "pes:section": page("own"),
    "pes:section-save": act(LINKS, 302, TEXT, "own", places=OWN),
    "pes:section-save (saying nothing)": act(LINKS, 422, {}, "own", places=OWN),
    "pes:section-save (nobody's own)": act(LINKS, 409, STALE, "common"),
    "pes:section-clean": act(LINKS, 200, {"text": "<p>Hola</p>"}, "own", places=RELATIONS),  # keeps nothing
    "pes:section-finish": act(LINKS, 302, {}, "own", places=OWN),
    "pes:section-resume": act(LINKS, 302, {}, "own", places=OWN),
    "pes:section-history": page("own"),
    "pes:section-restore": act(LINKS, 302, {"read": "1"}, "own", 1, places=OWN),
    "pes:section-comment": act(LINKS, 302, WORDS, "own", places=ENTITIES),
    "pes:section-comment (saying nothing)": act(LINKS, 422, {}, "own", places=ENTITIES),
    "pes:comment-answer": act(LINKS, 302, WORDS, "own", "comment", places=ENTITIES),
    "pes:comment-resolve": act(LINKS, 302, {}, "own", "comment", places=OWN),
    "pes:comment-reopen": act(LINKS, 302, {}, "own", "comment", places=OWN),
}
APPROVAL: dict[str, Row] = {
    "pes:approval": page(),
    "pes:approval-present": led(OAP),
    "pes:approval-present (presenting)": act(OAP, 422, ODD),
    "pes:approval-withdraw": act(OAP, 302, WORDS),
    "pes:approval-observations": page(),
    "pes:approval-answer": act(OAP, 422, ODD, "observation"),
    "pes:approval-insist": act(OBSERVERS, 302, WORDS, "observation", places=OWN),
    "pes:approval-entity": page("head"),
    "pes:approval-read": act(OBSERVERS, 302, {}, 2, "head", places=OWN),
    "pes:approval-observe": act(OBSERVERS, 302, WORDS, 2, "head", places=OWN),
    "pes:approval-observe (saying nothing)": act(OBSERVERS, 422, ODD, 2, "head", places=OWN),
    "pes:approval-approve": act(OBSERVERS, 302, {}, 2, "head", places=OWN),
    "pes:approval-decline": act(OBSERVERS, 302, WORDS, 2, "head", places=OWN),
    "pes:approval-decline (saying nothing)": act(OBSERVERS, 422, ODD, 2, "head", places=OWN),
    "pes:approval-request": act(OAP, 302, {}, 2),
    "pes:approval-session": led(OAP, 2),
    "pes:approval-session (recording)": act(OAP, 422, ODD, 2),
    "pes:approval-adopt": led(HEAD, 2),
    "pes:approval-adopt (adopting)": act(HEAD, 422, ODD, 2),
    "pes:approval-earlier": led(HEAD),
    "pes:approval-earlier (recording)": act(HEAD, 422, ODD),
    "pes:approval-correct": led(HEAD, "act"),
    "pes:approval-correct (correcting)": act(HEAD, 422, ODD, "act"),
    "pes:approval-repeal": led(HEAD, "adoption"),
    "pes:approval-repeal (repealing)": act(HEAD, 422, ODD, "adoption"),
    "pes:approval-publish": act(PUBLISHERS, 422, ODD, "adoption"),
    "pes:versions": page(),
    "pes:version-draft": page(),
    "pes:version-draft-ask": act(LINKS, 302, {}, places=ENTITIES),
    "pes:version-draft-file": page("pdf"),
    "pes:version": page(1),
    "pes:version-diff": page(1, 2),
    "pes:version-files-ask": act(READERS, 302, {}, 1, places=RELATIONS),
    "pes:version-file": page(1, "presentada", "pdf"),
}
PROFILE: dict[str, Row] = {
    "pes:profile": page(),
    "pes:profile-entities": page(),
    "pes:profile-actors": page(),
    "pes:profile-actors-edit": led(LINKS, places=OWN),
    "pes:profile-actors-edit (saving)": act(LINKS, 409, ODD, places=OWN),
    "pes:profile-new": led(LINKS, "marco"),
    "pes:profile-new (adding)": act(LINKS, 422, ODD, "marco"),
    "pes:profile-new (of an entity)": act(LINKS, 422, ODD, "problemas", places=ENTITIES),
    "pes:profile-edit": led(LINKS, "problemas", "problem", places=OWN),
    "pes:profile-edit (correcting)": act(LINKS, 422, ODD, "problemas", "problem", places=OWN),
    "pes:profile-edit (the sector's)": act(LINKS, 422, ODD, "marco", "statement"),
    "pes:profile-remove": led(LINKS, "problemas", "problem", places=OWN),
    "pes:profile-remove (removing)": act(LINKS, 302, WHY, "problemas", "problem", places=OWN),
    "pes:profile-remove (the sector's)": act(LINKS, 302, WHY, "marco", "statement"),
    "pes:resources": page(),
    "pes:action-plan": page(),
    "pes:resources-edit": led(LINKS, 2026, places=ENTITIES),
    "pes:resources-edit (saving)": act(LINKS, 409, ODD, 2026, places=ENTITIES),
    "pes:resources-export": page(2026),
    "pes:resources-book": page(2026),
    "pes:resources-book (sending)": act(LINKS, 302, BOOK, 2026, places=ENTITIES, door=READERS),
    "pes:resources-book (sending nothing)": act(LINKS, 422, {}, 2026, places=ENTITIES, door=READERS),
    "pes:resources-preview": led(LINKS, 2026, "upload", places=ENTITIES),
    "pes:resources-apply": act(LINKS, 409, {}, 2026, "upload", places=ENTITIES),
    "pes:file": Row(("file",), READERS, RELATIONS, at(RELATIONS, READERS)),
}
TABLE: dict[str, Row] = {**ROAD, **MEETINGS, **BOARD, **SURVEYS, **WRITING, **APPROVAL, **PROFILE}
# Open to everybody: what each address answers to whom has no account.
OPEN: dict[str, tuple[tuple[Any, ...], int]] = {
    "pes:public-surveys": ((), 200),
    "pes:public-survey": (("token",), 200),
    "pes:public-pes-list": ((), 200),
    "pes:public-pes": (P, 200),
    "pes:public-pes-act": ((*P, "adoption"), 200),
    "pes:public-pes-file": ((*P, "adoption", "pdf"), 404),  # of an act of before the tool there is no document
}

PAGES = {name for name, row in TABLE.items() if not row.is_post and row.door == READERS}
ACTS = set(TABLE) - PAGES
# The second request of a form, which the table gives to the same people as the first.
AGAIN = {
    name
    for name, row in TABLE.items()
    if (first := TABLE.get(name.partition(" ")[0])) is not row and first is not None
    if (first.door, first.may) == (row.door, row.may)
}


def routes() -> set[str]:
    """The routes of the rows."""
    return {name.partition(" ")[0] for name in TABLE} | set(OPEN)
