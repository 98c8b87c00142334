"""Administration of vigencias and of the methodology that the OAP sets for each (REP-09)."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from pes import vigencias
from pes.access import requires
from pes.audit_sentences import changes
from pes.dates import long_instant
from pes.forms.vigencias import MethodologyForm, VigenciaForm
from pes.models import Metodologia, Vigencia
from pes.permissions import Permission
from pes.rules.numbers import format_percent
from pes.rules.problems import Refused
from pes.views.pieces import crumbs

_MANAGE = Permission.METHODOLOGY_MANAGE


@require_safe
@requires(_MANAGE)
def methodologies(request: HttpRequest) -> HttpResponse:
    """Every vigencia with the methodology in force."""
    return _list(request, VigenciaForm())


@require_POST
@requires(_MANAGE)
def open_vigencia(request: HttpRequest) -> HttpResponse:
    """Create a plan year."""
    form = VigenciaForm(request.POST)
    if not form.is_valid():
        return _list(request, form)
    vigencia = vigencias.open_vigencia(form.cleaned_data["year"], by=request.user)
    messages.success(
        request, f"La vigencia {vigencia} está abierta; rige la metodología por defecto hasta que publique otra."
    )
    return redirect("administration:methodology-year", vigencia.year)


@require_safe
@requires(_MANAGE)
def methodology(request: HttpRequest, year: int) -> HttpResponse:
    """The rules of a vigencia: in force, being drafted, and before."""
    return _page(request, get_object_or_404(Vigencia, pk=year))


@require_POST
@requires(_MANAGE)
def save_draft(request: HttpRequest, year: int) -> HttpResponse:
    """Keep the draft."""
    vigencia = get_object_or_404(Vigencia, pk=year)
    form = MethodologyForm(request.POST, instance=Metodologia.next_draft(year))
    if not form.is_valid():
        return _page(request, vigencia, form)
    vigencias.save_draft(year, by=request.user, **form.cleaned_data)
    messages.success(request, "El borrador quedó guardado. Todavía no rige: revise la comparación y publíquelo.")
    return redirect("administration:methodology-year", year)


@require_POST
@requires(_MANAGE)
def publish(request: HttpRequest, year: int) -> HttpResponse:
    """Put the draft in force."""
    get_object_or_404(Vigencia, pk=year)
    try:
        published = vigencias.publish_methodology(year, by=request.user)
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(
            request,
            f"Rige la metodología {published.label}. Los cortes abiertos se calculan con ella; los consolidados no cambian.",
        )
    return redirect("administration:methodology-year", year)


def _list(request: HttpRequest, form: VigenciaForm) -> HttpResponse:
    latest = {m.vigencia_id: m for m in Metodologia.objects.filter(published_at__isnull=False).order_by("version")}
    drafts = set(Metodologia.objects.filter(published_at__isnull=True).values_list("vigencia_id", flat=True))
    rows = [_list_row(v.year, latest.get(v.year), v.year in drafts) for v in Vigencia.objects.all()]
    context = {"rows": rows, "form": form, "crumbs": crumbs("Metodología")}
    return render(request, "pes/administration/methodologies.html", context, status=422 if form.errors else 200)


def _list_row(year: int, current: Metodologia | None, has_draft: bool) -> dict[str, Any]:
    lights = "Con semáforo" if current is None or current.lights_enabled else "Sin semáforo"
    return {
        "year": year,
        "label": current.label if current else "Por defecto",
        "published": long_instant(current.published_at) if current and current.published_at else "",
        "memo": current.memo if current else "",
        "rules": f"Tope {format_percent(current.cap_percent if current else Metodologia().cap_percent)} · {lights}",
        "has_draft": has_draft,
    }


def _page(request: HttpRequest, vigencia: Vigencia, form: MethodologyForm | None = None) -> HttpResponse:
    current, draft = Metodologia.in_force(vigencia.year), vigencias.draft_of(vigencia.year)
    published = Metodologia.objects.filter(vigencia=vigencia, published_at__isnull=False).select_related("published_by")
    context = {
        "vigencia": vigencia,
        "current": current,
        "rules": _rules(current),
        "draft": draft,
        "form": form or MethodologyForm(instance=draft),
        "changes": _differences(current, draft) if draft.pk else [],
        "refusal": " ".join(f"{p.message} {p.fix}" for p in vigencias.publication_problems(draft)),
        "versions": [_version(m) for m in published],
        "crumbs": crumbs("Metodología", f"Vigencia {vigencia}"),
    }
    return render(request, "pes/administration/methodology.html", context, status=422 if form else 200)


def _version(methodology: Metodologia) -> dict[str, str]:
    when = long_instant(methodology.published_at) if methodology.published_at else ""
    return {"label": methodology.label, "when": when, "who": str(methodology.published_by), "memo": methodology.memo}


def _rules(methodology: Metodologia) -> list[tuple[str, str]]:
    """The rules with their names and readable values."""
    names = {name: str(Metodologia._meta.get_field(name).verbose_name) for name in Metodologia.RULE_FIELDS}
    return [(label[:1].upper() + label[1:], _value(methodology, name)) for name, label in names.items()]


def _value(methodology: Metodologia, name: str) -> str:
    value = getattr(methodology, name)
    if hasattr(methodology, f"get_{name}_display"):
        return str(getattr(methodology, f"get_{name}_display")())
    if isinstance(value, bool):
        return "Sí" if value else "No"
    return "Sin grupos" if value is None else format_percent(value)


def _differences(current: Metodologia, draft: Metodologia) -> list[tuple[str, str, str]]:
    """Rules that the draft changes."""
    return changes(dict(_rules(current)), dict(_rules(draft)))
