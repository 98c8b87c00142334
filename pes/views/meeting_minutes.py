"""What a meeting leaves written: attendance, minutes, their closing, addenda, files, and the acta as a document."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from pes.access import requires
from pes.documents.store import sha256
from pes.edits import fingerprint
from pes.files.stored import HEADERS
from pes.forms.meetings import AddendumForm, AttendanceForm, MeetingFileForm, MinutesForm
from pes.meetings.commitments import add_commitment
from pes.meetings.document import BEFORE_CLOSING, PENDING, edition_of
from pes.meetings.facts import Presence, attendance_facts, minutes_of, presences_of
from pes.meetings.minutes import add_file, amend_minutes, close_minutes, record_attendance, write_minutes
from pes.meetings.moves import REGISTER
from pes.meetings.people import entities_of
from pes.meetings.tasks import request_minutes
from pes.models import TechnicalWorkshop
from pes.permissions import Permission
from pes.rules.files import MEDIA_TYPES
from pes.rules.problems import Refused
from pes.views.meeting_pieces import acted, commitment_form, find_meeting, form_page, meeting_page, meeting_to_keep

CLOSED = "Acta cerrada: ya no cambia. Sus archivos se están preparando."


@require_http_methods(["GET", "HEAD", "POST"])
@requires(REGISTER)
def attendance(request: HttpRequest, slug: str, first: int, pk: int) -> HttpResponse:
    """Write down who came; the meeting is then held."""
    found = meeting_to_keep(request, slug, first, pk)
    stored = presences_of(found)
    initial = _by_entity(stored) | {"read": fingerprint(attendance_facts(stored))}
    form = AttendanceForm(request.POST or None, entities=entities_of(found.plan), initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            changed = record_attendance(found, form.presences(), read=form.cleaned_data["read"], by=request.user)
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, "Asistencia registrada." if changed else "No había cambios que guardar.")
            return redirect(found)
    back = found.get_absolute_url()
    return form_page(request, found.plan, form, "Registrar asistencia", "Guardar asistencia", back, about=found.topic)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(REGISTER)
def minutes(request: HttpRequest, slug: str, first: int, pk: int) -> HttpResponse:
    """Write the minutes of a meeting that was held."""
    found = meeting_to_keep(request, slug, first, pk)
    form = MinutesForm(request.POST or None, meeting=found, initial=_written(found))
    if request.method == "POST" and form.is_valid():
        try:
            changed = write_minutes(found, form.minutes(), read=form.cleaned_data["read"], by=request.user)
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, "Acta guardada." if changed else "No había cambios que guardar.")
            return redirect(found)
    back = found.get_absolute_url()
    return form_page(request, found.plan, form, "Escribir el acta", "Guardar acta", back, about=found.topic)


@require_POST
@requires(REGISTER)
def close(request: HttpRequest, slug: str, first: int, pk: int) -> HttpResponse:
    """Close the minutes for good."""
    found = meeting_to_keep(request, slug, first, pk)
    return acted(request, found, lambda: close_minutes(found, by=request.user), CLOSED)


@require_POST
@requires(REGISTER)
def addendum(request: HttpRequest, slug: str, first: int, pk: int) -> HttpResponse:
    """Add a dated addendum to closed minutes."""
    found = meeting_to_keep(request, slug, first, pk)
    form = AddendumForm(request.POST)
    if form.is_valid():
        text = form.cleaned_data["text"]
        return acted(request, found, lambda: amend_minutes(found, text=text, by=request.user), "Adenda agregada.")
    return meeting_page(request, found, status=422, addendum_form=form)


@require_POST
@requires(REGISTER)
def file(request: HttpRequest, slug: str, first: int, pk: int) -> HttpResponse:
    """Add a file to a meeting; a refused one says why beside its box."""
    found = meeting_to_keep(request, slug, first, pk)
    form = MeetingFileForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            add_file(found, form.cleaned_data["file"], note=form.cleaned_data["note"], by=request.user)
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, "Archivo agregado.")
            return redirect(found)
    return meeting_page(request, found, status=422, file_form=form)


@require_POST
@requires(REGISTER)
def commit(request: HttpRequest, slug: str, first: int, pk: int) -> HttpResponse:
    """Add a commitment to the minutes."""
    found = meeting_to_keep(request, slug, first, pk)
    form = commitment_form(found.plan, request.POST)
    if form.is_valid():
        try:
            add_commitment(found, form.undertaking(), by=request.user)
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, "Compromiso agregado.")
            return redirect(found)
    return meeting_page(request, found, status=422, commitment_form=form)


@require_POST
@requires(Permission.PES_READ)
def document(request: HttpRequest, slug: str, first: int, pk: int) -> HttpResponse:
    """Ask for the acta as PDF and DOCX and go to its job."""
    found = find_meeting(request, slug, first, pk)
    try:
        job = request_minutes(found, by=request.user)
    except Refused as refused:
        for problem in refused.problems:
            messages.error(request, f"{problem.message} {problem.fix}".strip())
        return redirect(found)
    return redirect("pes:job", job.pk)


@require_safe
@requires(Permission.PES_READ)
def acta_pdf(request: HttpRequest, slug: str, first: int, pk: int) -> HttpResponseBase:
    """The acta as PDF."""
    return _hand_over(find_meeting(request, slug, first, pk), "pdf")


@require_safe
@requires(Permission.PES_READ)
def acta_docx(request: HttpRequest, slug: str, first: int, pk: int) -> HttpResponseBase:
    """The acta as DOCX."""
    return _hand_over(find_meeting(request, slug, first, pk), "docx")


def _hand_over(found: TechnicalWorkshop, suffix: str) -> HttpResponseBase:
    """A stored file as a download; one that lost its digest is not handed over."""
    made = getattr(found, "document", None)
    if made is None or not made.path(suffix).is_file():
        raise Http404("El acta no se ha generado.")
    content = made.path(suffix).read_bytes()
    if sha256(content) != made.digest_of(suffix):
        raise Http404("El archivo guardado no es el que se generó; vuelva a generarlo.")
    answer = HttpResponse(content, content_type=MEDIA_TYPES[f".{suffix}"], headers=HEADERS)
    name = "borrador-acta" if edition_of(found, made.made_at) in (PENDING, BEFORE_CLOSING) else "acta"
    answer["Content-Disposition"] = f'attachment; filename="{name}-{found.on:%Y-%m-%d}-{found.pk}.{suffix}"'
    return answer


def _by_entity(presences: Sequence[Presence]) -> dict[str, Any]:
    lines: dict[str, list[str]] = {}
    for one in presences:
        name = f"entity_{one.entity.pk}" if one.entity else "others"
        lines.setdefault(name, []).append(str(one.person))
    return {name: "\n".join(people) for name, people in lines.items()}


def _written(found: TechnicalWorkshop) -> dict[str, Any]:
    stored = minutes_of(found)
    points = {f"point_{number}": text for number, text in stored.points.items()}
    observed = [f"{theme}; {text}" for theme, text in stored.observations]
    lists = {"decisions": "\n".join(stored.decisions), "observations": "\n".join(observed)}
    return points | lists | {"read": fingerprint(stored.facts())}
