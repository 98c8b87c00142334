"""DNP's matrix of actors × planning, execution and follow-up: read, and edited as one table."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from pes.access import demand, requires
from pes.forms.profile_rows import ActorRow, save_rows
from pes.models import SectorActor, SectorPlan
from pes.permissions import Permission
from pes.plan_frame import find_plan, plan_url
from pes.profile import shown
from pes.profile.kinds import ACTOR
from pes.views.profile import EDIT, NO_ENTITY, marco, writer_of


@require_safe
@requires(Permission.PES_READ)
def actors(request: HttpRequest, slug: str, first: int) -> HttpResponse:
    """Who the sector deals with, and what each does in the three functions of management."""
    plan = find_plan(request.user, slug, first)
    writer = writer_of(request.user, plan)
    rows = shown.actor_rows(plan, writer)
    may = any(row.edit_url for row in rows)
    context = {
        "rows": rows,
        "may_edit": may,
        "reason": "" if writer.units else NO_ENTITY,
        "new_url": writer.new_url(ACTOR),
        "matrix_url": plan_url(plan, "pes:profile-actors-edit"),
        "matrix_reason": "" if may else NO_ENTITY if rows else "Agregue primero un actor.",
    }
    return render(request, "pes/profile/actors.html", marco(request.user, plan, "profile-actors") | context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(EDIT)
def actors_edit(request: HttpRequest, slug: str, first: int) -> HttpResponse:
    """The three boxes of every actor that the person writes for, saved together or not at all."""
    plan = find_plan(request.user, slug, first)
    found = _editable(request, plan)
    if not found:
        demand(request.user, EDIT, plan.sector)
    rows = [ActorRow(request.POST or None, actor) for actor in found]
    status = 200
    if request.method == "POST":
        changed = save_rows(rows, by=request.user)
        if changed is not None:
            told = f"Matriz guardada; actores con cambios: {changed}." if changed else "No había cambios que guardar."
            messages.success(request, told)
            return redirect(plan_url(plan, "pes:profile-actors"))
        status = 409 if any(row.is_stale for row in rows) else 422
    back = plan_url(plan, "pes:profile-actors")
    context = marco(request.user, plan, "profile-actors", ("Actores", back), ("Editar la matriz", ""))
    context |= {"rows": rows, "back_url": back, "failed": status != 200}
    return render(request, "pes/profile/actors_edit.html", context, status=status)


def _editable(request: HttpRequest, plan: SectorPlan) -> list[SectorActor]:
    writer = writer_of(request.user, plan)
    rows = SectorActor.objects.filter(plan=plan).select_related("entity", "plan__sector").order_by("pk")
    return [row for row in rows if writer.may(row.entity_id or plan.sector_id)]
