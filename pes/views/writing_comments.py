"""The comments in the margin of a section."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from pes.access import requires
from pes.models import DocumentSection, SectionComment
from pes.permissions import Permission
from pes.rules.problems import Refused
from pes.views.writing_section import find_section, show_section
from pes.writing.comments import answer_comment, comment_section, reopen_comment, resolve_comment
from pes.writing.forms import AnswerForm, CommentForm
from pes.writing.powers import demand_commenting

WRITE = Permission.DOCUMENT_WRITE


@require_POST
@requires(WRITE)
def section_comment(request: HttpRequest, slug: str, first: int, pk: int) -> HttpResponse:
    """Begin a thread about the section or a passage of it."""
    found = find_section(request, slug, first, pk)
    form = CommentForm(request.POST, auto_id="comentar-%s")
    if form.is_valid():
        try:
            comment_section(found, form.cleaned_data["text"], quote=form.cleaned_data["quote"], by=request.user)
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, "Comentario agregado.")
            return _back(found)
    else:
        demand_commenting(request.user, found)
    return show_section(request, found, status=422, comment_form=form)


@require_POST
@requires(WRITE)
def comment_answer(request: HttpRequest, slug: str, first: int, pk: int, comment: int) -> HttpResponse:
    """Say something more in a thread."""
    found = _comment(request, slug, first, pk, comment)
    form = AnswerForm(request.POST)
    said = form.cleaned_data["text"] if form.is_valid() else ""
    try:
        answer_comment(found, said, by=request.user)
    except Refused as refused:
        messages.error(request, " ".join(f"{one.message} {one.fix}".strip() for one in refused.problems))
    else:
        messages.success(request, "Respuesta agregada.")
    return _back(found.section)


@require_POST
@requires(WRITE)
def comment_resolve(request: HttpRequest, slug: str, first: int, pk: int, comment: int) -> HttpResponse:
    """Close a thread."""
    resolve_comment(found := _comment(request, slug, first, pk, comment), by=request.user)
    return _done(request, found, "Comentario resuelto.")


@require_POST
@requires(WRITE)
def comment_reopen(request: HttpRequest, slug: str, first: int, pk: int, comment: int) -> HttpResponse:
    """Open a thread again."""
    reopen_comment(found := _comment(request, slug, first, pk, comment), by=request.user)
    return _done(request, found, "Comentario abierto otra vez.")


def _done(request: HttpRequest, comment: SectionComment, words: str) -> HttpResponse:
    messages.success(request, words)
    return _back(comment.section)


def _comment(request: HttpRequest, slug: str, first: int, pk: int, comment: int) -> SectionComment:
    found = find_section(request, slug, first, pk)
    rows = SectionComment.objects.filter(section=found)
    return get_object_or_404(
        rows.select_related("section__chapter__document__plan__sector", "section__entity"), pk=comment
    )


def _back(section: DocumentSection) -> HttpResponse:
    return redirect(f"{section.get_absolute_url()}#comentarios")
