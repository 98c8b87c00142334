"""The versions of a PES: the list, one to be read, two compared, their files (LC-08)."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from pes.access import can, requires
from pes.approval.comparison import Comparison, compared
from pes.approval.files import ask_draft, ask_version_files, document_from, draft_reading, jobs_of, version_reading
from pes.approval.reading import read_chapters
from pes.approval.shelf import ADOPTED, PRESENTED, choices, file_links, files_of, version_rows
from pes.approval.threads import shown, threads_of
from pes.approval.versions import digest_of, section_labels
from pes.asked import whole_number
from pes.dates import long_date, long_instant
from pes.documents.serving import HEADERS, hand_over
from pes.models import Adoption, DraftFiles, EntityDecision, PesVersion, SectorPlan
from pes.permissions import Permission
from pes.plan_frame import find_plan, frame, plan_url
from pes.rules.problems import Refused
from pes.views.approval_pieces import VERSIONS_TAB, tell

READ = Permission.PES_READ
LIST = "Versiones"


@require_safe
@requires(READ)
def versions(request: HttpRequest, slug: str, first: int) -> HttpResponse:
    """What was presented, word for word; the draft's files; two versions chosen to be compared."""
    plan = find_plan(request.user, slug, first)
    before, after = (whole_number(request.GET.get(name, "")) for name in ("antes", "despues"))
    if before and after and before != after:
        return redirect(plan_url(plan, "pes:version-diff", *sorted((before, after))))
    rows = version_rows(plan)
    draft = DraftFiles.objects.filter(plan=plan).first()
    busy = jobs_of(plan).first()
    context = frame(request.user, plan, VERSIONS_TAB, (LIST, "")) | {
        "rows": rows,
        "choices": choices(rows),
        "files": file_links(draft, "pes:version-draft-file", plan.sector.code, plan.first_vigencia),
        "draft_made": f"Del {long_instant(draft.made_at)}" if draft else "",
        "draft_url": plan_url(plan, "pes:version-draft-ask"),
        "draft_page": plan_url(plan, "pes:version-draft"),
        "may_draft": can(request.user, Permission.DOCUMENT_WRITE, plan),
        "job": busy,
        "present_url": plan_url(plan, "pes:approval"),
    }
    return render(request, "pes/approval/versions.html", context)


@require_safe
@requires(READ)
def version(request: HttpRequest, slug: str, first: int, number: int) -> HttpResponse:
    """One version to be read, with its files and its proof."""
    plan = find_plan(request.user, slug, first)
    rows = PesVersion.objects.filter(plan=plan).select_related("round", "plan__sector", "presented_by")
    found = get_object_or_404(rows, number=number)
    adoption = Adoption.objects.filter(version=found).select_related("act").first()
    parts = version_reading(found, adoption)
    stage = ADOPTED if adoption else PRESENTED
    files = files_of(found.pk, adoption)
    args = (plan.sector.code, plan.first_vigencia, number, stage)
    title = f"Versión {number}"
    context = frame(request.user, plan, VERSIONS_TAB, (LIST, plan_url(plan, "pes:versions")), (title, "")) | {
        "title": title,
        "version": found,
        "chapters": read_chapters(parts.content, document_from(parts), {}),
        "files": file_links(files, "pes:version-file", *args),
        "files_url": "" if files else plan_url(plan, "pes:version-files-ask", number),
        "facts": _facts(found, adoption),
        "decisions": [_decision(one) for one in found.decisions.select_related("entity", "by").order_by("pk")],
        "threads": shown(threads_of(found.observations.all()), section_labels(found)),
        "is_intact": digest_of(found.content) == found.digest,
        "is_adopted": adoption is not None,
        "job": jobs_of(plan).first(),
        "diff_url": plan_url(plan, "pes:version-diff", number - 1, number) if number > 1 else "",
    }
    return render(request, "pes/approval/version.html", context)


@require_safe
@requires(READ)
def draft(request: HttpRequest, slug: str, first: int) -> HttpResponse:
    """What is written now, as it would be presented."""
    plan = find_plan(request.user, slug, first)
    parts = draft_reading(plan)
    context = frame(request.user, plan, VERSIONS_TAB, (LIST, plan_url(plan, "pes:versions")), ("Borrador", "")) | {
        "title": "Borrador del documento",
        "chapters": read_chapters(parts.content, document_from(parts), {}),
        "is_draft": True,
        "is_intact": True,
    }
    return render(request, "pes/approval/version.html", context)


@require_safe
@requires(READ)
def version_diff(request: HttpRequest, slug: str, first: int, before: int, after: int) -> HttpResponse:
    """Two versions beside each other, every difference marked."""
    plan = find_plan(request.user, slug, first)
    rows = PesVersion.objects.filter(plan=plan, number__in=(before, after)).select_related("presented_by")
    found = {row.number: row for row in rows}
    if set(found) != {before, after} or before == after:
        raise Http404
    comparison: Comparison = compared(found[before], found[after], request.GET.get("pagina"))
    title = f"Versión {before} frente a versión {after}"
    context = frame(request.user, plan, VERSIONS_TAB, (LIST, plan_url(plan, "pes:versions")), (title, "")) | {
        "title": title,
        "comparison": comparison,
        "columns": [
            {
                "label": f"Versión {one.number}",
                "detail": f"Presentada el {long_date(one.presented_at)}",
                "url": plan_url(plan, "pes:version", one.number),
            }
            for one in (found[before], found[after])
        ],
    }
    return render(request, "pes/approval/version_diff.html", context)


@require_POST
@requires(Permission.DOCUMENT_WRITE)
def draft_ask(request: HttpRequest, slug: str, first: int) -> HttpResponse:
    """Ask for the draft's files and go to the job."""
    plan = find_plan(request.user, slug, first)
    return redirect("pes:job", ask_draft(plan, by=request.user).pk)


@require_POST
@requires(READ)
def files_ask(request: HttpRequest, slug: str, first: int, number: int) -> HttpResponse:
    """Ask again for the files of a version that has none, and go to the job."""
    found = _light(request, slug, first, number)
    adoption = Adoption.objects.filter(version=found).first()
    try:
        job = ask_version_files(found, adoption=adoption, by=request.user)
    except Refused as refused:
        tell(request, refused)
        return redirect(plan_url(found.plan, "pes:version", number))
    messages.info(request, "Los archivos se están haciendo.")
    return redirect("pes:job", job.pk)


@require_safe
@requires(READ)
def version_file(request: HttpRequest, slug: str, first: int, number: int, stage: str, suffix: str) -> HttpResponseBase:
    """A file of a version as it was presented or as it was adopted, for whoever reads the PES now."""
    found = _light(request, slug, first, number)
    adoption = Adoption.objects.filter(version=found).first() if stage == ADOPTED else None
    files = files_of(found.pk, adoption)
    if files is None or stage not in {PRESENTED, ADOPTED} or (stage == ADOPTED) != (adoption is not None):
        raise Http404
    return hand_over(files, suffix, f"{_name(found.plan)}-version-{number}-{stage}", HEADERS)


@require_safe
@requires(READ)
def draft_file(request: HttpRequest, slug: str, first: int, suffix: str) -> HttpResponseBase:
    """A file of the draft, for whoever reads the PES now."""
    plan = find_plan(request.user, slug, first)
    return hand_over(get_object_or_404(DraftFiles, plan=plan), suffix, f"{_name(plan)}-borrador", HEADERS)


def _light(request: HttpRequest, slug: str, first: int, number: int) -> PesVersion:
    plan = find_plan(request.user, slug, first)
    rows = PesVersion.objects.filter(plan=plan).select_related("plan__sector").defer("content")
    return get_object_or_404(rows, number=number)


def _facts(found: PesVersion, adoption: Adoption | None) -> list[tuple[str, Any]]:
    facts = [
        ("Clase", found.get_kind_display()),
        ("Presentada", f"{long_instant(found.presented_at)}, por {found.presented_by}"),
        ("Nota", found.note or "Sin nota"),
        ("Huella SHA-256 del contenido", found.digest),
    ]
    return [("Acto que la adopta", str(adoption.act)), *facts] if adoption else facts


def _decision(one: EntityDecision) -> dict[str, Any]:
    """What an entity decided of a version."""
    said = ("Aprobó", "ok") if one.approves else ("No aprobó", "risk")
    return {
        "entity": one.entity.name,
        "said": said,
        "detail": f"{long_instant(one.at)} · {one.by}",
        "reason": one.reason,
    }


def _name(plan: SectorPlan) -> str:
    return f"pes-{plan.sector.code}-{plan.period.replace('–', '-')}"
