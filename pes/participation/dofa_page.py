"""What the page of a DOFA board shows to somebody: the four quadrants with what they may do in each phase."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from pes.access import can
from pes.dates import long_date, long_instant
from pes.edits import fingerprint
from pes.models import BoardStatus, DofaBoard, DofaVote, User
from pes.participation.boards import TAKE_PART, voices
from pes.participation.dofa_files import poll_said, votes_said
from pes.participation.forms import GroupForm, NoteForm
from pes.participation.picture import Item, NoteView, Picture, QuadrantView, picture_of
from pes.plan_frame import plan_url
from pes.rules.dofa import FACILITATE

STEPS = (
    (BoardStatus.COLLECTING, "Recoger notas"),
    (BoardStatus.GROUPING, "Agrupar"),
    (BoardStatus.VOTING, "Votar"),
    (BoardStatus.CLOSED, "Resultado"),
)
WHAT_NOW = {
    BoardStatus.COLLECTING: "Escriba una idea por nota, en el cuadrante que corresponda. Se muestra su entidad, no su nombre.",
    BoardStatus.GROUPING: "Quien facilita reúne las notas que dicen lo mismo y le pone nombre a cada grupo.",
    BoardStatus.VOTING: "Dé sus votos a lo que el sector debe atender primero. El conteo se ve al cerrar.",
    BoardStatus.CLOSED: "El taller terminó: en cada cuadrante va primero lo más votado.",
}
# What the facilitator may do next: verb, button, what is asked before, tone; the first goes forward.
NEXT: dict[str, tuple[tuple[str, str, str], ...]] = {
    BoardStatus.COLLECTING: (
        ("group", "Pasar a agrupar", "Ya no se podrán escribir notas, salvo que vuelva a recogerlas."),
    ),
    BoardStatus.GROUPING: (
        ("call_vote", "Abrir la votación", "Los grupos quedan como están y los que no tienen notas se quitan."),
        ("collect_again", "Volver a recoger notas", "Los grupos que ya hizo se conservan."),
    ),
    BoardStatus.VOTING: (
        ("close", "Cerrar el taller", "La votación termina, el conteo se muestra a todas las personas y no se reabre."),
        ("group_again", "Volver a agrupar", "Solo mientras nadie haya votado."),
    ),
    BoardStatus.CLOSED: (),
}
ADDRESSES = {
    "group": "pes:dofa-group-phase",
    "collect_again": "pes:dofa-collect-again",
    "call_vote": "pes:dofa-call-vote",
    "group_again": "pes:dofa-group-again",
    "close": "pes:dofa-close",
}
WATCHING = "Aportan y votan las personas de las entidades del sector que participan en el taller."


def board_url(board: DofaBoard, name: str, *args: Any) -> str:
    """A page or an act of a board, by the name of its address."""
    return plan_url(board.plan, f"pes:{name}", board.pk, *args)


def board_page(
    board: DofaBoard, user: User, *, note: NoteForm | None = None, group: GroupForm | None = None, focus: str = ""
) -> dict[str, Any]:
    """Context of the board's page; `note` or `group` is a form that was refused, `focus` the quadrant to write in."""
    leads, takes_part = can(user, FACILITATE, board), can(user, TAKE_PART, board)
    picture = picture_of(board, user)
    writes = takes_part and board.status == BoardStatus.COLLECTING
    mine = voices(user, board.plan) if writes else []
    groups = leads and board.status == BoardStatus.GROUPING
    quadrants = quadrant_rows(board, picture, leads=leads, takes_part=takes_part)
    for row in quadrants:
        key = row["key"]
        asked = {"auto_id": f"{key}_%s", "initial": {"quadrant": key}}
        refused_note, refused_group = _of(note, key), _of(group, key)
        row["note_form"] = (refused_note or NoteForm(voices=mine, **asked)) if writes else None
        row["group_form"] = (refused_group or GroupForm(**asked)) if groups else None
        row["focus"] = row["key"] == focus
    return {
        "board": board,
        "quadrants": quadrants,
        "steps": _steps(board),
        "what_now": WHAT_NOW[BoardStatus(board.status)],
        "summary": summary(board, picture),
        "votes": _my_votes(board, user) if takes_part and board.status == BoardStatus.VOTING else "",
        "watching": "" if takes_part or board.status == BoardStatus.CLOSED else WATCHING,
        "is_open": board.status != BoardStatus.CLOSED,
        "next": _next(board) if leads else [],
        "edit_url": board_url(board, "dofa-edit") if leads else "",
        "poll": poll(board, picture, user),
        "files": _files(board, leads=leads),
        "held": long_date(board.held_on),
    }


def quadrant_rows(board: DofaBoard, picture: Picture, *, leads: bool, takes_part: bool) -> list[dict[str, Any]]:
    """The quadrants as the template shows them, with the acts that the phase allows."""
    status = board.status
    may = {
        "write": takes_part and status == BoardStatus.COLLECTING,
        "group": leads and status == BoardStatus.GROUPING,
        "vote": takes_part and status == BoardStatus.VOTING,
        "count": status == BoardStatus.CLOSED,
    }
    return [_quadrant(board, quadrant, may) for quadrant in picture.quadrants]


def summary(board: DofaBoard, picture: Picture) -> str:
    """«12 notas de 3 entidades y del sector», and the votes once they are final."""
    many = len(picture.entities)
    voices = [f"de {many} {'entidad' if many == 1 else 'entidades'}"] if many else []
    voices += ["del sector"] if picture.has_sector else []
    notes = "1 nota" if picture.notes == 1 else f"{picture.notes} notas"
    said = f"{notes} {' y '.join(voices)}" if voices else "Todavía no hay notas"
    return f"{said} · {poll_said(picture)}" if board.status == BoardStatus.CLOSED else said


def poll(board: DofaBoard, picture: Picture, user: User) -> dict[str, str]:
    """What the page asks for every few seconds, and what it has seen already."""
    seen = fingerprint({"picture": repr(picture.quadrants), "user": user.pk})
    return {"url": board_url(board, "dofa-poll"), "seen": seen, "phase": board.status}


def _of(form: Any, key: str) -> Any:
    """The form, if it was refused in this quadrant."""
    return form if form is not None and form.data.get("quadrant") == key else None


def _quadrant(board: DofaBoard, quadrant: QuadrantView, may: dict[str, bool]) -> dict[str, Any]:
    groups = [(item.group, item.name) for item in quadrant.items if item.group]
    return {
        "key": quadrant.key,
        "name": quadrant.name,
        "hint": quadrant.hint,
        "count": str(quadrant.notes),
        "items": [_item(board, item, may) for item in quadrant.items],
        "groups": groups,
        "may": may,
        "empty": "Nadie ha escrito aquí todavía." if board.status == BoardStatus.COLLECTING else "Quedó sin notas.",
    }


def _item(board: DofaBoard, item: Item, may: dict[str, bool]) -> dict[str, Any]:
    return {
        "anchor": item.anchor,
        "group": item.group,
        "name": item.name,
        "title": item.title,
        "notes": [_note(board, note, may) for note in item.notes],
        "votes": votes_said(item.votes) if may["count"] else "",
        "mine": f"Usted le dio {votes_said(item.mine)}" if item.mine and may["vote"] else "",
        "vote_name": "group" if item.group else "note",
        "vote_value": str(item.group or item.notes[0].pk) if item.group or item.notes else "",
        "edit_url": board_url(board, "dofa-group-edit", item.group) if item.group and may["group"] else "",
        "dissolve_url": board_url(board, "dofa-group-dissolve", item.group) if item.group and may["group"] else "",
    }


def _note(board: DofaBoard, note: NoteView, may: dict[str, bool]) -> dict[str, Any]:
    own = note.is_mine and may["write"]
    return {
        "pk": str(note.pk),
        "text": note.text,
        "entity": note.entity,
        "is_mine": note.is_mine,
        "edit_url": board_url(board, "dofa-note-edit", note.pk) if own else "",
        "withdraw_url": board_url(board, "dofa-note-withdraw", note.pk) if own else "",
    }


def _steps(board: DofaBoard) -> list[dict[str, str]]:
    at = [status for status, _ in STEPS].index(BoardStatus(board.status))
    is_over = board.status == BoardStatus.CLOSED
    return [
        {"label": label, "state": "done" if place < at or is_over else "current" if place == at else ""}
        for place, (_, label) in enumerate(STEPS)
    ]


def _my_votes(board: DofaBoard, user: User) -> str:
    given = DofaVote.objects.filter(board=board, person=user).count()
    left = board.votes_each - given
    rule = "puede dar varios a la misma idea" if board.may_repeat else "uno por idea"
    if not left:
        return f"Ya dio sus {board.votes_each} votos; puede retirar alguno para darlo a otra idea."
    return f"Le {'queda' if left == 1 else 'quedan'} {votes_said(left)} de {board.votes_each}; {rule}."


def _next(board: DofaBoard) -> list[dict[str, str]]:
    found = []
    for place, (verb, label, detail) in enumerate(NEXT[BoardStatus(board.status)]):
        url = plan_url(board.plan, ADDRESSES[verb], board.pk)
        found.append({"label": label, "detail": detail, "url": url, "tone": "ok" if place == 0 else "warn"})
    return found


def _files(board: DofaBoard, *, leads: bool) -> dict[str, str]:
    job = reverse("pes:job", args=[board.job_id]) if board.job_id and not board.folder else ""
    is_closed = board.status == BoardStatus.CLOSED
    return {
        "xlsx": board_url(board, "dofa-xlsx"),
        "pdf": board_url(board, "dofa-pdf") if board.folder else "",
        "making": job if leads else "",
        "again": board_url(board, "dofa-pdf-make") if leads and is_closed and not board.folder else "",
        "why": ""
        if board.folder
        else "El PDF se está preparando."
        if is_closed
        else "El PDF se hace al cerrar el taller.",
        "closed": long_instant(board.closed_at) if board.closed_at else "",
    }
