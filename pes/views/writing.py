"""The document of a PES: read whole, opened, kept in step with its sector, shared out."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from pes.access import demand, requires
from pes.edits import StaleEdit, fingerprint
from pes.models import PlanDocument, SectorPlan
from pes.permissions import Permission
from pes.plan_frame import find_plan, frame, plan_url
from pes.rules.problems import Refused
from pes.writing.assignment import assign_sections, read_of, sections_of, writers_of
from pes.writing.forms import TasksForm, TitleForm
from pes.writing.outline import outline_of
from pes.writing.pages import document_page
from pes.writing.powers import powers_of
from pes.writing.structure import LEAD, chapter_facts, open_document, pending_of, rename_chapter, renew_structure


@require_safe
@requires(Permission.PES_READ)
def document(request: HttpRequest, slug: str, first: int) -> HttpResponse:
    """The document as one page, with its index, the state of each section and what is missing."""
    plan = find_plan(request.user, slug, first)
    found = PlanDocument.objects.filter(plan=plan).select_related("plan__sector").first()
    powers = powers_of(request.user, plan)
    context = frame(request.user, plan, "document", ("Documento", "")) | {"powers": powers, "urls": _urls(plan)}
    if found is None:
        return render(request, "pes/writing/unopened.html", context)
    page = document_page(plan, powers, timezone.localdate())
    pending = pending_of(found) if powers.leads else None
    return render(request, "pes/writing/document.html", context | {"page": page, "pending": pending})


@require_POST
@requires(LEAD)
def document_open(request: HttpRequest, slug: str, first: int) -> HttpResponse:
    """Open the document with the chapters of the Guía and a section for each entity and line."""
    plan = find_plan(request.user, slug, first)
    open_document(plan, by=request.user)
    messages.success(request, "Documento abierto. Reparta ahora sus secciones.")
    return redirect("pes:document-assign", slug, first)


@require_POST
@requires(LEAD)
def document_renew(request: HttpRequest, slug: str, first: int) -> HttpResponse:
    """Add the sections that the sector lacks and give the others today's titles."""
    found = _document(find_plan(request.user, slug, first))
    done = renew_structure(found, by=request.user)
    messages.success(request, "Secciones al día." if done else "Las secciones ya estaban al día.")
    return redirect("pes:document", slug, first)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(LEAD)
def document_assign(request: HttpRequest, slug: str, first: int) -> HttpResponse:
    """Who writes each section and until when, in one table."""
    plan = find_plan(request.user, slug, first)
    demand(request.user, LEAD, plan)
    found = _document(plan)
    rows = sections_of(found)
    form = TasksForm(request.POST or None, sections=rows, writers=writers_of(found), read=read_of(rows))
    if request.method == "POST" and form.is_valid():
        try:
            count = assign_sections(found, form.tasks, read=form.cleaned_data["read"], by=request.user)
        except Refused as refused:
            form.refuse(refused)
            status = 409 if isinstance(refused, StaleEdit) else 422
            return _assignment(request, plan, found, form, status=status)
        said = {0: "No había cambios que guardar.", 1: "Una sección asignada."}.get(
            count, f"{count} secciones asignadas."
        )
        messages.success(request, said)
        return redirect("pes:document-assign", slug, first)
    return _assignment(request, plan, found, form, status=422 if form.errors else 200)


@require_POST
@requires(LEAD)
def chapter_rename(request: HttpRequest, slug: str, first: int, pk: int) -> HttpResponse:
    """Give a chapter another title."""
    plan = find_plan(request.user, slug, first)
    demand(request.user, LEAD, plan)
    chapter = get_object_or_404(_document(plan).chapters.select_related("document"), pk=pk)
    form = TitleForm(request.POST)
    if not form.is_valid():
        messages.error(request, "Escriba un título de hasta 250 caracteres.")
        return redirect("pes:document-assign", slug, first)
    try:
        changed = rename_chapter(chapter, **form.cleaned_data, by=request.user)
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, "Título cambiado." if changed else "El capítulo ya se llamaba así.")
    return redirect("pes:document-assign", slug, first)


def _assignment(
    request: HttpRequest, plan: SectorPlan, found: PlanDocument, form: TasksForm, *, status: int
) -> HttpResponse:
    lines = [
        {
            "chapter": chapter,
            "parts": [
                (part, form[f"who-{part.section.pk}"], form[f"due-{part.section.pk}"]) for part in chapter.sections
            ],
            "title_form": TitleForm(
                initial={"title": chapter.title, "read": fingerprint(chapter_facts(chapter.chapter))},
                auto_id=f"capitulo-{chapter.key}-%s",
            ),
            "rename_url": plan_url(plan, "pes:chapter-rename", chapter.chapter.pk),
        }
        for chapter in outline_of(plan)
    ]
    trail = (("Documento", plan_url(plan, "pes:document")), ("Responsables", ""))
    context = frame(request.user, plan, "document", *trail) | {"form": form, "lines": lines, "urls": _urls(plan)}
    return render(request, "pes/writing/assign.html", context, status=status)


def _document(plan: SectorPlan) -> PlanDocument:
    found = PlanDocument.objects.filter(plan=plan).select_related("plan__sector").first()
    if found is None:
        raise Http404("Este PES todavía no tiene documento.")
    return found


def _urls(plan: SectorPlan) -> dict[str, Any]:
    names = ("document", "document-open", "document-renew", "document-assign")
    return {name.removeprefix("document-"): plan_url(plan, f"pes:{name}") for name in names}
