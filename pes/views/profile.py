"""The «Marco» of a PES: the framework of the sector, and the problems and policies of its entities."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from pes.access import requires
from pes.models import OrganizationUnit, SectorPlan
from pes.permissions import Permission
from pes.plan_frame import find_plan, frame, plan_url
from pes.profile import shown
from pes.profile.kinds import LINE, PDD, POLICY, PROBLEM, PROGRAMME, STATEMENT
from pes.views.frameworks import framework_links

EDIT = Permission.PROFILE_EDIT
NO_SECTOR = "El marco del sector lo escribe la oficina asesora de planeación de la cabeza de sector."
NO_ENTITY = "Lo escribe el enlace de planeación de la entidad o la oficina asesora de planeación."
SUBPAGES = (
    ("profile", "Marco del sector"),
    ("profile-entities", "Problemas y políticas"),
    ("profile-actors", "Actores"),
)


@require_safe
@requires(Permission.PES_READ)
def profile(request: HttpRequest, slug: str, first: int) -> HttpResponse:
    """Mission, vision, values, strategic lines and PDD of the sector, each with its act; entities' platforms."""
    plan = find_plan(request.user, slug, first)
    writer, today = writer_of(request.user, plan), timezone.localdate()
    entities = list(OrganizationUnit.objects.entities_of(plan.sector))
    statements = shown.framework_rows(plan, writer, today)
    lines, loose = shown.line_rows(plan, writer, today)
    context = {
        "statements": statements,
        "sector_platform": _platform(plan, statements),
        "lines": lines,
        "loose": loose,
        "pdds": shown.pdd_rows(plan, writer, today),
        "platforms": shown.platform_rows(entities),
        "frameworks": framework_links(request.user, entities),
        "reason": "" if writer.may(plan.sector_id) else NO_SECTOR,
        "add": {kind.slug: writer.new_url(kind) for kind in (STATEMENT, LINE, PDD, PROGRAMME)},
    }
    return render(request, "pes/profile/framework.html", marco(request.user, plan, "profile") | context)


@require_safe
@requires(Permission.PES_READ)
def entities(request: HttpRequest, slug: str, first: int) -> HttpResponse:
    """Entity by entity: its problems with causes and effects, and the policies in its charge."""
    plan = find_plan(request.user, slug, first)
    writer = writer_of(request.user, plan)
    problems = shown.problem_rows(plan, writer)
    policies = shown.policy_rows(plan, writer, timezone.localdate())
    rows = [
        {
            "name": entity.name,
            "code": entity.code,
            "problems": problems.get(entity.pk, []),
            "policies": policies.get(entity.pk, []),
            "policies_caption": f"Políticas públicas de {entity.short_name}",
            "may_edit": writer.may(entity.pk),
            "reason": "" if writer.may(entity.pk) else NO_ENTITY,
            "problem_url": writer.new_url(PROBLEM, entity=entity.pk),
            "policy_url": writer.new_url(POLICY, entity=entity.pk),
        }
        for entity in OrganizationUnit.objects.entities_of(plan.sector).filter(is_active=True)
    ]
    context = marco(request.user, plan, "profile-entities") | {"entities": rows}
    return render(request, "pes/profile/entities.html", context)


def writer_of(user: Any, plan: SectorPlan) -> shown.Writer:
    """Where a person may write in a PES: the sector, its entities or some of them; one query."""
    ours = Q(pk=plan.sector_id) | Q(parent=plan.sector_id)
    held = OrganizationUnit.objects.visible_to(user, EDIT).filter(ours).values_list("pk", flat=True)
    return shown.Writer(plan, held)


def marco(user: Any, plan: SectorPlan, current: str, *trail: tuple[str, str]) -> dict[str, Any]:
    """The frame of a page under the tab «Marco», with its own navigation."""
    subpages = [
        {"label": label, "url": plan_url(plan, f"pes:{name}"), "current": name == current} for name, label in SUBPAGES
    ]
    return frame(user, plan, "profile", *trail) | {"subpages": subpages}


def _platform(plan: SectorPlan, statements: dict[str, list[shown.Shown]]) -> list[tuple[str, str]]:
    """What the sector's own sheet says where this PES says nothing yet: shown, never copied."""
    sector = plan.sector
    said = (("mission", "Misión", sector.mission), ("vision", "Visión", sector.vision))
    found = [(label, text) for kind, label, text in said if text and not statements[kind]]
    return [*found, ("Acto", sector.platform_act)] if found and sector.platform_act else found
