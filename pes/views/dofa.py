"""The DOFA boards of a PES: the list, one board, what has changed on it, and its files (LC-04)."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_http_methods, require_safe

from pes.access import can, demand, requires
from pes.dates import long_date
from pes.documents import store
from pes.downloads import workbook_response
from pes.edits import fingerprint
from pes.models import BoardStatus, DofaBoard, SectorPlan
from pes.participation.boards import TAKE_PART, board_facts, correct_board, open_board
from pes.participation.dofa_files import sheet_of, write_sheet
from pes.participation.dofa_page import board_page, board_url, poll, quadrant_rows, summary
from pes.participation.forms import BoardEditForm, BoardForm, GroupForm, NoteForm
from pes.participation.picture import counts_of, picture_of
from pes.permissions import Permission
from pes.plan_frame import find_plan, frame, plan_url
from pes.rules.dofa import FACILITATE, empty_quadrants
from pes.rules.problems import Refused

READ = Permission.PES_READ
TAB = "dofa"
NO_LEAD = "Abre los talleres DOFA la oficina asesora de planeación del sector."
TONES = {BoardStatus.COLLECTING: "info", BoardStatus.GROUPING: "info", BoardStatus.VOTING: "warn"}


@require_safe
@requires(READ)
def boards(request: HttpRequest, slug: str, first: int) -> HttpResponse:
    """The workshops of a PES, the last one first."""
    plan = find_plan(request.user, slug, first)
    found = list(plan.dofa_boards.all())
    counts = counts_of(found)
    context = {
        "rows": [_row(plan, board, counts[board.pk]) for board in found],
        "new_url": plan_url(plan, "pes:dofa-new"),
        "reason": "" if can(request.user, FACILITATE, plan) else NO_LEAD,
    }
    return render(request, "pes/participation/dofa_list.html", frame(request.user, plan, TAB) | context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(FACILITATE)
def board_new(request: HttpRequest, slug: str, first: int) -> HttpResponse:
    """Open a board."""
    plan = find_plan(request.user, slug, first)
    demand(request.user, FACILITATE, plan)
    form = BoardForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = open_board(plan, form.said(), by=request.user)
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, "Taller abierto: ya se pueden escribir notas.")
            return redirect(board_url(made, "dofa-board"))
    return form_page(request, plan, form, "Abrir taller DOFA", "Abrir taller", plan_url(plan, "pes:dofa"))


@require_http_methods(["GET", "HEAD", "POST"])
@requires(FACILITATE)
def board_edit(request: HttpRequest, slug: str, first: int, pk: int) -> HttpResponse:
    """Correct how a board presents itself."""
    board = find_board(request, slug, first, pk)
    demand(request.user, FACILITATE, board)
    stored = {name: getattr(board, name) for name in board_facts(board)}
    form = BoardEditForm(request.POST or None, initial=stored | {"read": fingerprint(board_facts(board))})
    back = board_url(board, "dofa-board")
    if request.method == "POST" and form.is_valid():
        try:
            changed = correct_board(board, form.said(), read=form.cleaned_data["read"], by=request.user)
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, "Taller corregido." if changed else "No había cambios que guardar.")
            return redirect(back)
    return form_page(request, board.plan, form, "Corregir taller DOFA", "Guardar", back, (board.title, back))


@require_safe
@requires(READ)
def board(request: HttpRequest, slug: str, first: int, pk: int) -> HttpResponse:
    """The board with its four quadrants, as the phase asks."""
    found = find_board(request, slug, first, pk)
    return show_board(request, found, focus=request.GET.get("foco", ""))


def show_board(
    request: HttpRequest,
    found: DofaBoard,
    *,
    note: NoteForm | None = None,
    group: GroupForm | None = None,
    focus: str = "",
    status: int = 200,
) -> HttpResponse:
    """The page of a board, perhaps with a form that was refused."""
    context = board_page(found, request.user, note=note, group=group, focus=focus)
    trail = (("Talleres DOFA", plan_url(found.plan, "pes:dofa")), (found.title, ""))
    shared = frame(request.user, found.plan, TAB, *trail)
    return render(request, "pes/participation/dofa.html", shared | context, status=status)


@require_safe
@requires(READ)
def board_poll(request: HttpRequest, slug: str, first: int, pk: int) -> HttpResponse:
    """What has changed since the page asked last: nothing (204), the quadrants, or that the phase is another."""
    found = find_board(request, slug, first, pk)
    if request.GET.get("fase") != found.status:
        url = board_url(found, "dofa-board")
        context = {"phase": BoardStatus(found.status).label, "url": url}
        return render(request, "pes/participation/dofa_moved.html", context)
    picture = picture_of(found, request.user)
    now = poll(found, picture, request.user)
    if request.GET.get("visto") == now["seen"]:
        return HttpResponse(status=204)
    powers = {"leads": can(request.user, FACILITATE, found), "takes_part": can(request.user, TAKE_PART, found)}
    rows = quadrant_rows(found, picture, **powers)
    context = {"board": found, "quadrants": rows, "poll": now, "summary": summary(found, picture), "swap": True}
    return render(request, "pes/participation/dofa_poll.html", context)


@require_safe
@requires(READ)
def board_xlsx(request: HttpRequest, slug: str, first: int, pk: int) -> HttpResponse:
    """The matrix as a workbook, as it is now."""
    sheet = sheet_of(find_board(request, slug, first, pk))
    return workbook_response(f"dofa-{slug}-{sheet.dated_at:%Y%m%d}", lambda target: write_sheet(sheet, target))


@require_safe
@requires(READ)
def board_pdf(request: HttpRequest, slug: str, first: int, pk: int) -> HttpResponseBase:
    """The picture of a closed board as PDF; 404 until it was laid out."""
    found = find_board(request, slug, first, pk)
    path = store.root() / found.folder / f"{store.NAME}.pdf"
    if not found.folder or not path.is_file():
        raise Http404("El PDF de este taller todavía no está.")
    response = FileResponse(path.open("rb"), content_type="application/pdf")
    name = f"dofa-{slug}-{found.held_on:%Y%m%d}.pdf"
    response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    response["Cache-Control"] = "private, no-store"
    return response


def find_board(request: HttpRequest, slug: str, first: int, pk: int) -> DofaBoard:
    """A board of a PES that the person reads; Http404 otherwise."""
    plan = find_plan(request.user, slug, first)
    found: DofaBoard = get_object_or_404(DofaBoard.objects.filter(plan=plan), pk=pk)
    found.plan = plan
    return found


def form_page(
    request: HttpRequest, plan: SectorPlan, form: Any, title: str, action: str, back: str, *trail: tuple[str, str]
) -> HttpResponse:
    """A page with one form, under the tab of the DOFA."""
    steps = (("Talleres DOFA", plan_url(plan, "pes:dofa")), *trail, (title, ""))
    status = getattr(form, "status", 422 if form.errors else 200)
    context = {"form": form, "title": title, "action": action, "back_url": back}
    shared = frame(request.user, plan, TAB, *steps)
    return render(request, "pes/participation/form.html", shared | context, status=status)


def _row(plan: SectorPlan, board: DofaBoard, counts: dict[str, int]) -> dict[str, Any]:
    missing = empty_quadrants(counts)
    return {
        "title": board.title,
        "url": plan_url(plan, "pes:dofa-board", board.pk),
        "held": long_date(board.held_on),
        "state": BoardStatus(board.status).label,
        "tone": TONES.get(BoardStatus(board.status), "ok"),
        "notes": str(sum(counts.values())),
        "missing": f"Sin notas: {', '.join(missing)}" if missing else "Los cuatro cuadrantes tienen notas",
    }
