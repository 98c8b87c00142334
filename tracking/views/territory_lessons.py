"""Lessons and success cases: those of the regions one sees, and the published ones for everybody."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from pes.access import demand, public, requires
from pes.dates import long_date
from pes.files.stored import download, is_whole
from pes.forms.base import ReasonForm
from pes.models import OrganizationUnit
from pes.permissions import Permission
from pes.public_pages import for_everybody, public_crumbs
from pes.rules.problems import Refused
from pes.territory.frame import READ, find_entity, frame
from tracking.models import TerritoryLesson
from tracking.territory.forms import LessonForm
from tracking.territory.lessons import publish_lesson, withdraw_lesson, write_lesson

PER_PAGE = 20
MANAGE = Permission.TERRITORY_MANAGE


@require_safe
@requires(READ)
def lessons(request: HttpRequest) -> HttpResponse:
    """What was learnt in the regions that the person sees."""
    rows: Any = TerritoryLesson.objects.visible_to(request.user, READ)
    rows = rows.select_related("entity__region", "hito", "file", "written_by", "published_by")
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("pagina"))
    managed = set(OrganizationUnit.objects.visible_to(request.user, MANAGE).values_list("pk", flat=True))
    context = frame(request.user, "lessons", ("Lecciones", "")) | {
        "page": page,
        "rows": [_row(one, request.user, one.entity.region_id in managed) for one in page],
    }
    return render(request, "tracking/territory/lessons.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.HITO_REPORT)
def write(request: HttpRequest, dane: str) -> HttpResponse:
    """Tell what an entity taught."""
    entity = find_entity(request.user, dane)
    demand(request.user, Permission.HITO_REPORT, entity)
    form = LessonForm(request.POST or None, request.FILES or None, entity=entity)
    if request.method == "POST" and form.is_valid():
        try:
            write_lesson(entity, **form.cleaned_data, by=request.user)
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, "Guardada. La publica quien coordina la región, si no la escribió.")
            return redirect("tracking:territory-lessons")
    context = frame(request.user, "lessons", (str(entity), entity.get_absolute_url()), ("Contar una lección", ""))
    context |= {"entity": entity, "form": form}
    return render(request, "tracking/territory/lesson.html", context, status=422 if form.errors else 200)


@require_POST
@requires(MANAGE)
def publish(request: HttpRequest, pk: int) -> HttpResponse:
    """Let everybody read it."""
    try:
        publish_lesson(_find(request, pk), by=request.user)
    except Refused as refused:
        messages.error(request, f"{refused.problems[0].message} {refused.problems[0].fix}")
    else:
        messages.success(request, "Publicada.")
    return redirect("tracking:territory-lessons")


@require_POST
@requires(MANAGE)
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take it back."""
    found = _find(request, pk)
    form = ReasonForm(request.POST)
    if form.is_valid():
        withdraw_lesson(found, **form.cleaned_data, by=request.user)
        messages.success(request, "Retirada de la vista pública.")
    else:
        messages.error(request, "Escriba por qué la retira.")
    return redirect("tracking:territory-lessons")


@public
@require_safe
def public_lessons(request: HttpRequest) -> HttpResponse:
    """The published ones, without an account; nobody's name."""
    rows = _published().select_related("entity", "hito", "file")
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("pagina"))
    context = {"page": page, "rows": [_shown(one) for one in page], "crumbs": public_crumbs(("Lecciones", ""))}
    return for_everybody(request, render(request, "tracking/territory/public_lessons.html", context))


@public
@require_safe
def public_file(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The file of a published one; what is not as it came is not handed over (UP14)."""
    found = get_object_or_404(_published().select_related("file"), pk=pk)
    if found.file is None or not is_whole(found.file):
        raise Http404("No tiene archivo.")
    return download(found.file)


def _published() -> Any:
    return TerritoryLesson.objects.filter(published_at__isnull=False).order_by("-published_at", "-pk")


def _find(request: HttpRequest, pk: int) -> TerritoryLesson:
    rows: Any = TerritoryLesson.objects.visible_to(request.user, READ)
    found: TerritoryLesson = get_object_or_404(rows, pk=pk)
    demand(request.user, MANAGE, found)
    return found


def _shown(one: TerritoryLesson) -> dict[str, Any]:
    return {
        "pk": one.pk,
        "kind": one.get_kind_display(),
        "tone": "ok" if one.kind == "success" else "info",
        "title": one.title,
        "text": one.text,
        "entity": str(one.entity),
        "hito": f"Hito {one.hito.code}: {one.hito.title}" if one.hito else "",
        "file": str(one.file) if one.file else "",
        "day": long_date(one.published_at) if one.published_at else "",
    }


def _row(one: TerritoryLesson, user: Any, may: bool) -> dict[str, Any]:
    return _shown(one) | {
        "entity_url": one.entity.get_absolute_url(),
        "file_url": one.file.get_absolute_url() if one.file else "",
        "who": f"{one.written_by} · {long_date(one.written_at)}",
        "is_published": one.published_at is not None,
        "published": f"Publicada por {one.published_by} el {long_date(one.published_at)}" if one.published_at else "",
        "may": may,
        "reason": "Quien la escribió no la publica." if one.written_by_id == user.pk else "",
    }
