"""Every observation of the round, and the answer of the head of the sector to each (LC-08)."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from pes.access import can, demand, requires
from pes.approval.observing import answer
from pes.approval.threads import ShownThread, shown, threads_of
from pes.approval.versions import entities_of, latest_version, section_labels, with_last_side
from pes.forms.approval import AnswerForm
from pes.models import EntityObservation, ObservationSide, PesVersion, SectorPlan, Verdict
from pes.permissions import Permission
from pes.plan_frame import find_plan, frame, plan_url
from pes.rules.approval_states import OBSERVABLE
from pes.rules.problems import Refused
from pes.views.approval_pieces import ROOM, TAB, room_url

PRESENT = Permission.DOCUMENT_PRESENT
PER_PAGE = 25
OPEN, ANSWERED = "abiertas", "respondidas"
STATES = [("", "Todas"), (OPEN, "Sin respuesta"), (ANSWERED, "Respondidas")]
TITLE = "Observaciones de las entidades"


@require_safe
@requires(Permission.PES_READ)
def observations(request: HttpRequest, slug: str, first: int) -> HttpResponse:
    """The observations of the last round, those without answer first; twenty-five a page."""
    plan = find_plan(request.user, slug, first)
    return _page(request, plan)


@require_POST
@requires(PRESENT)
def answer_it(request: HttpRequest, slug: str, first: int, pk: int) -> HttpResponse:
    """Answer one; a refused form comes back as it was typed."""
    plan = find_plan(request.user, slug, first)
    rows = EntityObservation.objects.filter(version__plan=plan)
    found = get_object_or_404(rows.select_related("entity", "version__round", "version__plan__sector"), pk=pk)
    form = AnswerForm(request.POST, labels=section_labels(found.version), prefix=f"o{pk}")
    if form.is_valid():
        try:
            answer(found, **form.cleaned_data | {"verdict": Verdict(form.cleaned_data["verdict"])}, by=request.user)
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, f"Respondida: {Verdict(form.cleaned_data['verdict']).label.lower()}.")
            return redirect(f"{plan_url(plan, 'pes:approval-observations')}#hilo-{pk}")
    else:
        demand(request.user, PRESENT, plan)
    return _page(request, plan, bound=(pk, form))


def _page(request: HttpRequest, plan: SectorPlan, bound: tuple[int, AnswerForm] | None = None) -> HttpResponse:
    last = latest_version(plan)
    if last is None:
        return redirect(room_url(plan))
    version = PesVersion.objects.select_related("round").get(pk=last.pk)
    chosen = {name: request.GET.get(name, "").strip() for name in ("entidad", "estado")}
    every = with_last_side(EntityObservation.objects.filter(version__round=version.round_id))
    rows, labels = threads_of(_filtered(every, chosen)), section_labels(version)
    rows.sort(key=lambda row: (row.last_side != ObservationSide.ENTITY, row.pk))  # type: ignore[attr-defined]
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("pagina"))
    may = can(request.user, PRESENT, plan) and version.round.state in OBSERVABLE
    threads = shown(page, labels)
    if may:
        _give_forms(plan, threads, labels, bound)
    context = frame(request.user, plan, TAB, (ROOM, room_url(plan)), (TITLE, "")) | {
        "page": page,
        "threads": threads,
        "chosen": chosen,
        "is_filtered": any(chosen.values()),
        "states": STATES,
        "entities": [("", "Todas"), *((one.code, one.short_name) for one in entities_of(plan))],
        "may_answer": may,
    }
    return render(request, "pes/approval/observations.html", context, status=422 if bound else 200)


def _filtered(rows: Any, chosen: dict[str, str]) -> Any:
    if chosen["entidad"]:
        rows = rows.filter(entity__code=chosen["entidad"])
    if chosen["estado"] == OPEN:
        rows = rows.filter(last_side=ObservationSide.ENTITY)
    elif chosen["estado"] == ANSWERED:
        rows = rows.filter(last_side=ObservationSide.HEAD)
    return rows


def _give_forms(
    plan: SectorPlan, threads: list[ShownThread], labels: dict[str, str], bound: tuple[int, AnswerForm] | None
) -> None:
    """The box of each observation that awaits its answer; the one that came back is that of its thread."""
    by_title = {label: key for key, label in labels.items()}
    for thread in threads:
        if thread.is_open:
            start = {"adjusted": by_title.get(thread.title, "")}
            blank = AnswerForm(labels=labels, initial=start, prefix=f"o{thread.pk}")
            thread.form = bound[1] if bound and bound[0] == thread.pk else blank
            thread.awaits_me = bool(bound and bound[0] == thread.pk)
            thread.url, thread.label = plan_url(plan, "pes:approval-answer", thread.pk), "Responder"
