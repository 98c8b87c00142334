"""A section of the document: written, saved as one types, declared ready, compared with what it said before."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.http import require_POST, require_safe

from pes.access import requires
from pes.models import DocumentSection, SectorPlan
from pes.permissions import Permission
from pes.plan_frame import find_plan, frame, plan_url
from pes.rules.problems import Problem, Refused
from pes.rules.rich_text import words_of
from pes.rules.writing import SectionStatus, writing_problems
from pes.writing.content import SectionContent, section_of
from pes.writing.forms import HTML, MARKUP, AnswerForm, CommentForm, TextForm
from pes.writing.outline import outline_of
from pes.writing.pages import TONES, neighbours, part_of, section_row
from pes.writing.powers import NOT_YOURS, Powers, demand_writing, powers_of
from pes.writing.rich import clean
from pes.writing.section_page import (
    comment_rows,
    differences_between,
    live_choices,
    live_titles,
    markup_of,
    text_rows,
    urls_of,
)
from pes.writing.texts import (
    Saved,
    StaleText,
    finish_section,
    problems_to_finish,
    restore_text,
    resume_section,
    write_section,
)

WRITE = Permission.DOCUMENT_WRITE


@require_safe
@requires(Permission.PES_READ)
def section(request: HttpRequest, slug: str, first: int, pk: int) -> HttpResponse:
    """A section with its text, its state and its comments."""
    found = find_section(request, slug, first, pk)
    return show_section(request, found)


@require_POST
@requires(WRITE)
def section_save(request: HttpRequest, slug: str, first: int, pk: int) -> HttpResponse:
    """Save what was written; a page without JavaScript gets pages, the editor gets JSON."""
    found = find_section(request, slug, first, pk)
    form = TextForm(request.POST)
    wants_json = request.headers.get("Accept", "") == "application/json"
    if not form.is_valid():
        demand_writing(request.user, found)
        return _refused(request, found, form, wants_json=wants_json)
    try:
        saved = write_section(found, form.html, read=form.cleaned_data["read"], by=request.user)
    except StaleText as stale:
        return _stale(request, stale, form, wants_json=wants_json)
    except Refused as refused:
        form.refuse(refused)
        return _refused(request, found, form, wants_json=wants_json)
    if wants_json:
        return _saved(saved)
    messages.success(request, "Sección guardada." if saved.has_changed else "No había cambios que guardar.")
    return redirect("pes:section", slug, first, pk)


@require_POST
@requires(WRITE)
def section_clean(request: HttpRequest, slug: str, first: int, pk: int) -> HttpResponse:
    """What is left of pasted HTML, to be put in the editor; nothing is stored."""
    find_section(request, slug, first, pk)
    try:
        html = clean(request.POST.get("text", ""))
    except Refused as refused:
        return JsonResponse({"errors": [_said(problem) for problem in refused.problems]}, status=422)
    return JsonResponse({"html": html, "words": words_of(html)})


@require_POST
@requires(WRITE)
def section_finish(request: HttpRequest, slug: str, first: int, pk: int) -> HttpResponse:
    """Declare the section ready."""
    found = find_section(request, slug, first, pk)
    try:
        finish_section(found, by=request.user)
    except Refused as refused:
        messages.error(request, " ".join(_said(problem) for problem in refused.problems))
    else:
        messages.success(request, f"«{found}» está lista.")
    return redirect("pes:section", slug, first, pk)


@require_POST
@requires(WRITE)
def section_resume(request: HttpRequest, slug: str, first: int, pk: int) -> HttpResponse:
    """Open a ready section again."""
    resume_section(find_section(request, slug, first, pk), by=request.user)
    messages.success(request, "La sección vuelve a estar en redacción.")
    return redirect("pes:section", slug, first, pk)


@require_safe
@requires(Permission.PES_READ)
def section_history(request: HttpRequest, slug: str, first: int, pk: int) -> HttpResponse:
    """Every text of the section; that of `?texto=` beside what it said before, or beside `?con=`."""
    found = find_section(request, slug, first, pk)
    rows, powers = text_rows(found), powers_of(request.user, found.plan)
    texts = {one.number: one.html for one in found.texts.all()}
    chosen = _number(request, "texto", texts, max(texts, default=0))
    base = _number(request, "con", texts, chosen - 1)
    context = _frame(request, found, ("Historia", "")) | {
        "rows": rows,
        "chosen": next((row for row in rows if row.number == chosen), None),
        "base": base if base in texts else 0,
        "changes": differences_between(texts.get(base, ""), texts.get(chosen, ""), live_titles(found)),
        "several": len(rows) > 1,
        "compare_title": f"Qué cambió en el texto {chosen}",
        "options": [(str(row.number), f"Texto {row.number} · {row.who}") for row in rows],
        "picked": {"text": str(chosen), "base": str(base)},
        "may_restore": powers.writes(found) and found.status != SectionStatus.READY,
        "revision": found.revision,
    }
    return render(request, "pes/writing/history.html", context)


@require_POST
@requires(WRITE)
def section_restore(request: HttpRequest, slug: str, first: int, pk: int, number: int) -> HttpResponse:
    """Make an earlier text the section's again."""
    found = find_section(request, slug, first, pk)
    sent = request.POST.get("read", "")
    try:
        restore_text(found, number, read=int(sent) if sent.isdecimal() else -1, by=request.user)
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect("pes:section-history", slug, first, pk)
    messages.success(request, f"El texto {number} es otra vez el de la sección.")
    return redirect("pes:section", slug, first, pk)


def find_section(request: HttpRequest, slug: str, first: int, pk: int) -> DocumentSection:
    """A section of a PES that the person reads; Http404 otherwise."""
    plan: SectorPlan = find_plan(request.user, slug, first)
    rows = DocumentSection.objects.filter(chapter__document__plan=plan)
    return get_object_or_404(rows.select_related("chapter__document__plan__sector", "entity", "responsible"), pk=pk)


def show_section(request: HttpRequest, found: DocumentSection, *, status: int = 200, **given: Any) -> HttpResponse:
    """The page of a section, with the forms that were refused in place of fresh ones."""
    plan, outline = found.plan, outline_of(found.plan)
    part, powers = part_of(outline, found.pk), powers_of(request.user, found.plan)
    if part is None:
        raise Http404("La sección ya no es parte del documento.")
    content = section_of(plan, part)
    row = section_row(part, powers, timezone.localdate(), content)
    around = neighbours(outline, found.pk)
    context = _frame(request, found, (row.name, "")) | _editing(found, powers, content) | around | {
        "row": row,
        "threads": comment_rows(found, powers),
        "comment_form": CommentForm(auto_id="comentar-%s"),
        "answer_form": AnswerForm(auto_id=False),
    }  # fmt: skip
    return render(request, "pes/writing/section.html", context | given, status=status)


def _editing(found: DocumentSection, powers: Powers, content: SectionContent) -> dict[str, Any]:
    problems = list(writing_problems(found.status, found.kind))
    writes = powers.writes(found)
    lock = _said(problems[0]) if problems else "" if writes else NOT_YOURS
    form = TextForm(initial={"text": markup_of(found.html), "form": MARKUP, "read": found.revision})
    return _finishing(problems_to_finish(found, content) if writes else []) | {
        "section": found,
        "powers": powers,
        "writes": writes,
        "is_ready": found.status == SectionStatus.READY,
        "lock": lock,
        "form": form,
        "editable": _trusted(found.html),
        "choices": live_choices(found) if not lock else [],
        "urls": urls_of(found),
    }


def _finishing(problems: list[Problem]) -> dict[str, str]:
    """Why the section cannot be declared ready, and what warns who does it."""
    return {
        "finish_reason": next((_said(one) for one in problems if one.blocking), ""),
        "finish_warning": " ".join(_said(one) for one in problems if not one.blocking),
    }


def _saved(saved: Saved) -> JsonResponse:
    """What the editor needs to go on: the revision, and the panel beside it."""
    at = timezone.localtime().strftime("%H:%M")
    words = "1 palabra" if saved.words == 1 else f"{saved.words} palabras"
    said = {"revision": saved.section.revision, "saved": f"Guardado a las {at} · {words}"}
    return JsonResponse(said | {"panel": _panel(saved.section)})


def _panel(section: DocumentSection) -> dict[str, str]:
    """How far the section is and whether it may be declared ready, as its page says it."""
    status = SectionStatus(section.status)
    state = {"state": status.label, "tone": TONES[status]}
    return {
        "state": render_to_string("pes/writing/state.html", state),
        "finish": render_to_string("pes/writing/finish.html", _finishing(problems_to_finish(section))),
    }


def _stale(request: HttpRequest, stale: StaleText, form: TextForm, *, wants_json: bool) -> HttpResponse:
    """What is stored beside what was typed; the page keeps the typed text and now answers to the stored one (WF3)."""
    changes = differences_between(stale.section.html, stale.typed, live_titles(stale.section))
    if wants_json:
        shown = render_to_string("pes/writing/differences.html", {"changes": changes})
        conflict = {"revision": stale.section.revision, "html": stale.section.html, "differences": shown}
        return JsonResponse(
            {"conflicts": [conflict], "errors": [str(stale)], "panel": _panel(stale.section)}, status=409
        )
    typed = markup_of(stale.typed) if form.cleaned_data["form"] == HTML else form.cleaned_data["text"]
    again = TextForm(initial={"text": typed, "form": MARKUP, "read": stale.section.revision})
    given = {"form": again, "editable": _trusted(stale.typed), "conflict": changes, "lock": ""}
    return show_section(request, stale.section, status=409, **given)


def _refused(request: HttpRequest, found: DocumentSection, form: TextForm, *, wants_json: bool) -> HttpResponse:
    if wants_json:
        said = [str(error) for errors in form.errors.values() for error in errors]
        return JsonResponse({"errors": said}, status=422)
    return show_section(request, found, status=422, form=form, lock="")


def _number(request: HttpRequest, name: str, texts: dict[int, str], default: int) -> int:
    asked = request.GET.get(name, "")
    return int(asked) if asked.isdecimal() and len(asked) < 7 and int(asked) in texts else default


def _frame(request: HttpRequest, found: DocumentSection, *trail: tuple[str, str]) -> dict[str, Any]:
    plan = found.plan
    back = [("Documento", plan_url(plan, "pes:document"))]
    if trail and trail[-1][0] == "Historia":
        back.append((str(found), plan_url(plan, "pes:section", found.pk)))
    return frame(request.user, plan, "document", *back, *trail) | {"document_url": plan_url(plan, "pes:document")}


def _trusted(html: str) -> SafeString:
    """Text that came in through `pes.writing.rich.clean`, for the editor."""
    return mark_safe(html)  # noqa: S308 - cleaned where it came in


def _said(problem: Any) -> str:
    return f"{problem.message} {problem.fix}".strip()
