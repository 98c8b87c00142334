"""The picture of a DOFA board to take away: a workbook at any moment, a PDF once it is closed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from typing import IO, Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone

from pes import audit
from pes.dates import long_date, long_instant
from pes.demo_mark import demo_mark
from pes.documents import store
from pes.documents.pdf import Blocked, render_html
from pes.jobs import Hopeless, Progress, register
from pes.models import DofaBoard, Job
from pes.participation.boards import PICTURE_JOB, hold
from pes.participation.picture import Item, Picture, picture_of
from pes.rules.dofa import CLOSED, phase_problems
from pes.rules.problems import refuse_if_any
from pes.workbooks.writer import Cell, SheetData, write_workbook

MATRIX = (("De adentro", ("fortaleza", "debilidad")), ("De afuera", ("oportunidad", "amenaza")))


@dataclass(frozen=True, slots=True)
class Sheet:
    """Everything that the files of a board say, without the database."""

    title: str
    sector: str
    plan: str
    held: str
    closed: str
    prompt: str
    votes_each: str
    picture: Picture
    institution: str
    dated_at: datetime
    is_closed: bool
    mark: str


def sheet_of(board: DofaBoard) -> Sheet:
    """The files' content, of a board whose plan and sector are at hand."""
    plan = board.plan
    rule = "puede dar varios a la misma idea" if board.may_repeat else "uno por idea"
    return Sheet(
        title=board.title,
        sector=plan.sector.name,
        plan=f"{plan.name} · vigencias {plan.period}",
        held=long_date(board.held_on),
        closed=long_instant(board.closed_at) if board.closed_at else "",
        prompt=board.prompt,
        votes_each=f"{board.votes_each} por persona, {rule}",
        picture=picture_of(board),
        institution=settings.PES_INSTITUTION,
        dated_at=board.closed_at or timezone.now(),
        is_closed=board.status == CLOSED,
        mark=demo_mark(),
    )


def write_sheet(sheet: Sheet, target: IO[bytes]) -> None:
    """The workbook: a row a note, and a row an item; votes only once they are final."""
    notes = SheetData(
        "Notas",
        ("Cuadrante", "Grupo", "Nota", "En nombre de"),
        _note_rows(sheet.picture),
        widths={"Cuadrante": 16, "Grupo": 34, "Nota": 70, "En nombre de": 24},
        wrap=frozenset({"Nota"}),
        mark=sheet.mark,
    )
    headers = ("Cuadrante", "Grupo o nota", "Notas", "Votos")
    results = SheetData(
        "Matriz", headers, _item_rows(sheet), widths={"Cuadrante": 16, "Grupo o nota": 70}, mark=sheet.mark
    )
    write_workbook(target, [results, notes], created=sheet.dated_at, title=f"DOFA · {sheet.title}")


def html_of_sheet(sheet: Sheet) -> str:
    """The picture as one page: the matrix in two by two, then who took part."""
    by_key = {quadrant.key: quadrant for quadrant in sheet.picture.quadrants}
    rows = [(label, [_quadrant_row(by_key[key], sheet) for key in keys]) for label, keys in MATRIX]
    values = {
        "sheet": sheet,
        "rows": rows,
        "entities": ", ".join(sheet.picture.entities) or "ninguna",
        "poll": f"{poll_said(sheet.picture)} ({sheet.votes_each})",
    }
    return render_to_string("pes/participation/dofa_document.html", values)


def _quadrant_row(quadrant: Any, sheet: Sheet) -> dict[str, Any]:
    items = [
        {
            "title": item.title,
            "votes": votes_said(item.votes) if sheet.is_closed else "",
            "notes": [f"{note.text} ({note.entity})" for note in item.notes] if item.group else [],
            "entity": "" if item.group else item.notes[0].entity,
        }
        for item in quadrant.items
    ]
    return {"name": quadrant.name, "hint": quadrant.hint, "items": items}


def votes_said(votes: int) -> str:
    """«3 votos»."""
    return "1 voto" if votes == 1 else f"{votes} votos"


def poll_said(picture: Picture) -> str:
    """«3 votos de 2 personas»."""
    return f"{votes_said(picture.votes)} de {'1 persona' if picture.voters == 1 else f'{picture.voters} personas'}"


def _note_rows(picture: Picture) -> Iterator[tuple[Cell, ...]]:
    for quadrant in picture.quadrants:
        for item in quadrant.items:
            for note in item.notes:
                yield quadrant.name, item.name, note.text, note.entity


def _item_rows(sheet: Sheet) -> Iterator[tuple[Cell, ...]]:
    for quadrant in sheet.picture.quadrants:
        for item in quadrant.items:
            yield quadrant.name, item.title, len(item.notes), _votes(item, sheet)


def _votes(item: Item, sheet: Sheet) -> int | None:
    return item.votes if sheet.is_closed else None


def _read(job: Job) -> Sheet:
    board = DofaBoard.objects.select_related("plan__sector").get(pk=job.payload["board"])
    refuse_if_any(phase_problems(board.status, CLOSED))
    return sheet_of(board)


def _make(sheet: Sheet, progress: Progress) -> str:
    data = BytesIO()
    write_sheet(sheet, data)
    progress(20)
    html = html_of_sheet(sheet)
    try:
        made = render_html(html, data.getvalue(), dated_at=sheet.dated_at, description=f"Datos: DOFA {sheet.title}")
    except Blocked as error:
        raise Hopeless(str(error)) from error
    progress(95)
    return store.store({"pdf": made.content})


def _write(job: Job, sheet: Sheet, folder: str) -> dict[str, Any]:
    board = hold(DofaBoard.objects.get(pk=job.payload["board"]))
    before, board.folder = board.folder, folder
    board.save(update_fields=["folder"])
    audit.record("dofa_picture_made", board, by=job.requested_by, after={"folder": folder})
    if before:
        store.remove(before)
    return {}


register(PICTURE_JOB, read=_read, make=_make, write=_write, queue="reports")
