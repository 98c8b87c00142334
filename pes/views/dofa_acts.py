"""What is done on a DOFA board, each act at an address of its own (LC-04)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods, require_POST

from pes.access import demand, requires
from pes.models import DofaBoard, DofaGroup, DofaNote
from pes.participation.boards import TAKE_PART, ask_picture, move_board, voices
from pes.participation.dofa_page import board_url
from pes.participation.forms import GroupEditForm, GroupForm, MoveForm, NoteEditForm, NoteForm, VoteForm
from pes.participation.notes import (
    add_group,
    add_note,
    correct_note,
    dissolve_group,
    give_vote,
    move_notes,
    rename_group,
    take_vote,
    withdraw_note,
)
from pes.rules.dofa import COLLECTING, FACILITATE, GROUPING, QUADRANTS, ownership_problems, phase_problems
from pes.rules.problems import Refused, refuse_if_any
from pes.views.dofa import find_board, form_page, show_board

STALE = "El tablero cambió mientras usted lo miraba. Intente otra vez."


@require_POST
@requires(TAKE_PART)
def note_new(request: HttpRequest, slug: str, first: int, pk: int) -> HttpResponse:
    """Put a note on the board; what was typed comes back if it does not fit."""
    found = find_board(request, slug, first, pk)
    demand(request.user, TAKE_PART, found)
    key = request.POST.get("quadrant", "")
    form = NoteForm(request.POST, voices=voices(request.user, found.plan), auto_id=f"{key}_%s")
    if form.is_valid():
        said = {name: form.cleaned_data.get(name, "") for name in ("quadrant", "text", "unit")}
        try:
            add_note(found, **said, by=request.user)
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, f"Nota agregada en {QUADRANTS[key]}.")
            return _back(found, key, focus=True)
    if found.status != COLLECTING:  # there is no box any more to give the words back in
        words = f"Su nota no entró: el taller ya no recoge notas. Esto escribió: «{request.POST.get('text', '')[:280]}»"
        messages.error(request, words)
        return _back(found, key)
    return show_board(request, found, note=form, status=422)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(TAKE_PART)
def note_edit(request: HttpRequest, slug: str, first: int, pk: int, note: int) -> HttpResponse:
    """Say one's own note better."""
    found = find_board(request, slug, first, pk)
    mine = _note(found, note)
    demand(request.user, TAKE_PART, found)
    try:
        refuse_if_any(ownership_problems(is_own=mine.author_id == request.user.pk))
        refuse_if_any(phase_problems(found.status, COLLECTING))
    except Refused as refused:
        return _refused(request, found, refused, mine.quadrant)
    form = NoteEditForm(request.POST or None, initial={"text": mine.text})
    return _say_better(request, found, mine, form, correct_note, "Corregir nota")


@require_POST
@requires(TAKE_PART)
def note_withdraw(request: HttpRequest, slug: str, first: int, pk: int, note: int) -> HttpResponse:
    """Take one's own note off the board."""
    found = find_board(request, slug, first, pk)
    mine = get_object_or_404(found.notes.select_related("board"), pk=note)
    return _act(request, found, mine.quadrant, lambda: withdraw_note(mine, by=request.user), "Nota retirada.")


@require_POST
@requires(FACILITATE)
def group_new(request: HttpRequest, slug: str, first: int, pk: int) -> HttpResponse:
    """Make a group."""
    found = find_board(request, slug, first, pk)
    demand(request.user, FACILITATE, found)
    key = request.POST.get("quadrant", "")
    form = GroupForm(request.POST, auto_id=f"{key}_%s")
    if form.is_valid():
        try:
            add_group(found, **form.cleaned_data, by=request.user)
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, f"Grupo listo en {QUADRANTS[key]}: marque sus notas y muévalas.")
            return _back(found, key)
    if found.status != GROUPING:
        messages.error(request, STALE)
        return _back(found, key)
    return show_board(request, found, group=form, status=422)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(FACILITATE)
def group_edit(request: HttpRequest, slug: str, first: int, pk: int, group: int) -> HttpResponse:
    """Name a group better."""
    found = find_board(request, slug, first, pk)
    named = get_object_or_404(found.groups.select_related("board"), pk=group)
    demand(request.user, FACILITATE, found)
    form = GroupEditForm(request.POST or None, initial={"name": named.name})
    return _say_better(request, found, named, form, rename_group, "Nombrar grupo")


@require_POST
@requires(FACILITATE)
def group_dissolve(request: HttpRequest, slug: str, first: int, pk: int, group: int) -> HttpResponse:
    """Undo a group; its notes stand alone again."""
    found = find_board(request, slug, first, pk)
    named = get_object_or_404(found.groups.select_related("board"), pk=group)
    return _act(request, found, named.quadrant, lambda: dissolve_group(named, by=request.user), "Grupo deshecho.")


@require_POST
@requires(FACILITATE)
def notes_move(request: HttpRequest, slug: str, first: int, pk: int) -> HttpResponse:
    """Put the marked notes in a group, or let them stand alone."""
    found = find_board(request, slug, first, pk)
    demand(request.user, FACILITATE, found)
    form = MoveForm(request.POST, board=found)
    if not form.is_valid():
        messages.error(request, STALE)
        return _back(found, request.POST.get("quadrant", ""))
    asked = form.cleaned_data
    group = DofaGroup.objects.filter(board=found, pk=asked["group"]).first() if asked["group"] else None

    def move() -> None:
        move_notes(found, notes=asked["notes"], group=group, quadrant=asked["quadrant"], by=request.user)

    return _act(request, found, asked["quadrant"], move)


@require_POST
@requires(TAKE_PART)
def vote(request: HttpRequest, slug: str, first: int, pk: int) -> HttpResponse:
    """Give a vote."""
    return _vote(request, find_board(request, slug, first, pk), give_vote)


@require_POST
@requires(TAKE_PART)
def vote_back(request: HttpRequest, slug: str, first: int, pk: int) -> HttpResponse:
    """Take a vote back."""
    return _vote(request, find_board(request, slug, first, pk), take_vote)


def phase(verb: str, said: str) -> Callable[..., HttpResponse]:
    """The view of a step of the board."""

    @require_POST
    @requires(FACILITATE)
    def view(request: HttpRequest, slug: str, first: int, pk: int) -> HttpResponse:
        found = find_board(request, slug, first, pk)
        return _act(request, found, "", lambda: move_board(found, verb, by=request.user), said)

    return view


group_phase = phase("group", "Ahora se agrupan las notas.")
collect_again = phase("collect_again", "El taller vuelve a recoger notas.")
call_vote = phase("call_vote", "La votación está abierta.")
group_again = phase("group_again", "El taller vuelve a agrupar.")
close = phase("close", "Taller cerrado. El PDF se está preparando.")


@require_POST
@requires(FACILITATE)
def pdf_make(request: HttpRequest, slug: str, first: int, pk: int) -> HttpResponse:
    """Have the PDF of a closed board made, when it was not."""
    found = find_board(request, slug, first, pk)
    return _act(request, found, "", lambda: ask_picture(found, by=request.user), "El PDF se está preparando.")


def _vote(request: HttpRequest, found: DofaBoard, verb: Callable[..., Any]) -> HttpResponse:
    form = VoteForm(request.POST)
    if not form.is_valid():
        messages.error(request, STALE)
        return _back(found)
    group, note = form.cleaned_data["group"], form.cleaned_data["note"]
    chosen = {
        "group": get_object_or_404(found.groups.all(), pk=group) if group else None,
        "note": get_object_or_404(found.notes.all(), pk=note) if note else None,
    }
    quadrant = next((one.quadrant for one in chosen.values() if one), "")
    return _act(request, found, quadrant, lambda: verb(found, by=request.user, **chosen))


def _act(request: HttpRequest, found: DofaBoard, quadrant: str, act: Callable[[], Any], said: str = "") -> HttpResponse:
    """Do one thing, say how it went, and show the board where it was done."""
    try:
        act()
    except Refused as refused:
        return _refused(request, found, refused, quadrant)
    if said:
        messages.success(request, said)
    return _back(found, quadrant)


def _refused(request: HttpRequest, found: DofaBoard, refused: Refused, quadrant: str) -> HttpResponse:
    for problem in refused.problems:
        messages.error(request, f"{problem.message} {problem.fix}".strip())
    return _back(found, quadrant)


def _back(found: DofaBoard, quadrant: str = "", *, focus: bool = False) -> HttpResponse:
    """The board, where something was done: its box ready to write in, or (an anchor would keep it from that) in sight."""
    place = (f"?foco={quadrant}" if focus else f"#cuadrante-{quadrant}") if quadrant in QUADRANTS else ""
    return redirect(f"{board_url(found, 'dofa-board')}{place}")


def _note(found: DofaBoard, pk: int) -> DofaNote:
    note: DofaNote = get_object_or_404(found.notes.filter(withdrawn_at=None).select_related("board"), pk=pk)
    return note


def _say_better(
    request: HttpRequest, found: DofaBoard, said: DofaNote | DofaGroup, form: Any, verb: Callable[..., bool], title: str
) -> HttpResponse:
    """The page of a form with what was said, until the verb takes what the form says now."""
    if request.method == "POST" and form.is_valid():
        try:
            changed = verb(said, **form.cleaned_data, by=request.user)
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, "Corrección guardada." if changed else "No había cambios que guardar.")
            return _back(found, said.quadrant)
    back = board_url(found, "dofa-board")
    return form_page(request, found.plan, form, title, "Guardar", back, (found.title, back))
