"""The committee's session, the acts that adopt and repeal, and where the PES was published (LC-06, REF-01)."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods, require_POST

from pes.access import demand, requires
from pes.approval.acts import ADOPT, known_act, register_act, repeal
from pes.approval.adopting import PUBLISH, adopt, publish, record_earlier
from pes.approval.correcting import acts_of, correct_act
from pes.approval.deciding import record_session
from pes.forms.approval import ActForm, CorrectActForm, EarlierActForm, PublicationForm, RepealForm, SessionForm
from pes.models import ActCorrection, Adoption, CommitteeDecision, PesVersion, PublicationChannel, User
from pes.permissions import Permission
from pes.plan_frame import find_plan
from pes.rules.problems import Refused
from pes.views.approval import room_page
from pes.views.approval_pieces import form_page, room_url, version_of

PRESENT = Permission.DOCUMENT_PRESENT
METHODS = ["GET", "HEAD", "POST"]


@require_http_methods(METHODS)
@requires(PRESENT)
def session(request: HttpRequest, slug: str, first: int, number: int) -> HttpResponse:
    """Record what the committee decided of a version that every entity approved."""
    version = version_of(request, slug, first, number)
    demand(request.user, PRESENT, version)
    form = SessionForm(request.POST or None, request.FILES or None)
    if form.is_valid():
        said = form.cleaned_data | {"decision": CommitteeDecision(form.cleaned_data["decision"])}
        try:
            made = record_session(version, **said, by=request.user)
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, f"Sesión registrada: {made.get_decision_display().lower()}.")
            return redirect(room_url(version.plan))
    lead = f"Versión {number}, aprobada por todas las entidades. El acta queda guardada con su huella."
    return _form(request, version, form, "Registrar la sesión del Comité Sectorial", lead, "minutes")


@require_http_methods(METHODS)
@requires(ADOPT)
def adopt_it(request: HttpRequest, slug: str, first: int, number: int) -> HttpResponse:
    """Record the act that adopts a version, which is sealed from then on."""
    version = version_of(request, slug, first, number)
    demand(request.user, ADOPT, version)
    form = ActForm(request.POST or None, request.FILES or None)
    if form.is_valid():
        try:
            made = adopt(version, form.draft(), file=form.cleaned_data["file"], by=request.user)
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, f"{made.act} adopta la versión {number}. El documento ya es público.")
            return redirect(room_url(version.plan))
    lead = f"La versión {number} queda sellada y se publica en el portal con este acto."
    return _form(request, version, form, "Registrar el acto de adopción", lead, "file")


@require_http_methods(METHODS)
@requires(ADOPT)
def earlier(request: HttpRequest, slug: str, first: int) -> HttpResponse:
    """Record the act of a PES that was adopted before this tool."""
    plan = find_plan(request.user, slug, first)
    demand(request.user, ADOPT, plan)
    form = EarlierActForm(request.POST or None, request.FILES or None)
    if form.is_valid():
        said = {"file": form.cleaned_data["file"], "note": form.cleaned_data["note"]}
        try:
            made = record_earlier(plan, form.draft(), **said, by=request.user)
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, f"{made.act} registrada como adopción anterior a la herramienta.")
            return redirect(room_url(plan))
    lead = "Solo el acto: el documento no se reconstruye. Se muestra como adopción anterior a la herramienta."
    return form_page(request, plan, form, "Registrar una adopción anterior", lead=lead, **_file_form("file"))


@require_http_methods(METHODS)
@requires(ADOPT)
def correct_it(request: HttpRequest, slug: str, first: int, pk: int) -> HttpResponse:
    """Write down of an act that adopts the PES, or repeals the one that does, what it really says."""
    plan = find_plan(request.user, slug, first)
    demand(request.user, ADOPT, plan)
    found = get_object_or_404(acts_of(plan), pk=pk)
    form = CorrectActForm(request.POST or None, request.FILES or None, act=found)
    if form.is_valid():
        said = {name: form.cleaned_data.get(name) for name in ("repealed_on", "file", "reason", "read")}
        try:
            made = correct_act(found, form.draft(), **said, by=request.user)
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, _corrected(made))
            return redirect(room_url(plan))
    lead = f"Lo que se registró de «{found}». Lo que decía antes y el motivo quedan a la vista de la ciudadanía."
    said = _file_form("file") | {"submit": "Guardar la corrección"}
    return form_page(request, plan, form, "Corregir el acto", lead=lead, **said)


@require_http_methods(METHODS)
@requires(ADOPT)
def repeal_it(request: HttpRequest, slug: str, first: int, pk: int) -> HttpResponse:
    """Record the later act that repeals the one of an adoption."""
    plan = find_plan(request.user, slug, first)
    demand(request.user, ADOPT, plan)
    rows = Adoption.objects.filter(plan=plan, act__repealed_by__isnull=True).select_related("act", "plan__sector")
    found = get_object_or_404(rows, pk=pk)
    form = RepealForm(request.POST or None, request.FILES or None)
    if form.is_valid():
        try:
            _repeal(found, form, request.user)
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, f"Registrado: {found.act} está derogado.")
            return redirect(room_url(plan))
    lead = (
        f"El acto posterior que deroga «{found.act}». El portal dirá desde cuándo. "
        "De un acto que ya está registrado bastan su tipo, su número y su año."
    )
    return form_page(request, plan, form, "Registrar la derogatoria", lead=lead, **_file_form("file"))


@require_POST
@requires(PUBLISH)
def publish_it(request: HttpRequest, slug: str, first: int, pk: int) -> HttpResponse:
    """Record where the adopted PES was published; a refused form comes back as it was typed."""
    plan = find_plan(request.user, slug, first)
    demand(request.user, PUBLISH, plan)
    rows = Adoption.objects.filter(plan=plan).select_related("act", "version__round", "plan__sector")
    found = get_object_or_404(rows.defer("version__content"), pk=pk)
    form = PublicationForm(request.POST)
    if form.is_valid():
        said = form.cleaned_data | {"channel": PublicationChannel(form.cleaned_data["channel"])}
        try:
            made = publish(found, **said, by=request.user)
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, f"Publicación registrada: {made.get_channel_display().lower()}.")
            return redirect(room_url(plan))
    return room_page(request, plan, publication_form=form)


def _corrected(made: ActCorrection | None) -> str:
    if made is None:
        return "No había nada que corregir: quedó como estaba."
    is_named = made.renames and Adoption.objects.filter(act=made.act, version__isnull=False).exists()
    again = " Los archivos del documento se están haciendo de nuevo, con el acto corregido."
    return f"Corregido: {made.act}.{again if is_named else ''}"


@transaction.atomic
def _repeal(found: Adoption, form: RepealForm, by: User) -> None:
    """Enter the later act, unless it is here already, and what it repeals; or neither."""
    unit, draft, file = found.act.unit, form.draft(), form.cleaned_data["file"]
    later = known_act(unit, draft, file) or register_act(unit, draft, file=file, is_earlier=True, by=by)
    repeal(found.act, repealed_by=later, on=form.cleaned_data["repealed_on"], by=by)


def _form(request: HttpRequest, version: PesVersion, form: Any, title: str, lead: str, file_field: str) -> HttpResponse:
    return form_page(request, version.plan, form, title, lead=lead, **_file_form(file_field))


def _file_form(name: str) -> dict[str, Any]:
    return {"file_name": name, "is_multipart": True, "submit": "Registrar", "submit_icon": "check"}
