"""The viability of a PES: the check as it stands, the answers to its questions, and the runs that were kept."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from evaluation.models import ViabilityCheck
from evaluation.rules.viability import TOLERATED
from evaluation.rules.viability_terms import Answer
from evaluation.viability import page
from evaluation.viability.checks import EDIT, answer_question, current, frozen, last_check, run_check
from evaluation.views.acting import attempt
from evaluation.vigencias import asked_vigencia
from pes.access import can, demand, requires
from pes.dates import long_date, long_instant
from pes.models import SectorPlan
from pes.permissions import Permission
from pes.plan_frame import find_plan, frame, plan_url
from pes.rules.problems import Refused

READ = Permission.PES_READ
NO_EDIT = "Revisa la viabilidad quien edita el PES."


@require_safe
@requires(READ)
def viability(request: HttpRequest, slug: str, first: int) -> HttpResponse:
    """How viable the PES is now, and what changed since the last run of the same vigencia."""
    return _show(request, find_plan(request.user, slug, first), {})


@require_POST
@requires(EDIT)
def viability_answer(request: HttpRequest, slug: str, first: int, code: str) -> HttpResponse:
    """Answer the question of a requirement."""
    plan = _editable(request, slug, first)
    requirement = page.requirement_of(code)
    if requirement is None:
        raise Http404
    form = page.answer_form(code, request.POST)

    def act() -> Any:
        said = form.cleaned_data
        return answer_question(plan, requirement, Answer(said["answer"]), said["text"], by=request.user)

    if attempt(request, form, act, "Respuesta guardada.") is not None:
        return redirect(f"{plan_url(plan, 'evaluation:viability')}#{code}")
    return _show(request, plan, {code: form}, status=422)


@require_POST
@requires(EDIT)
def viability_run(request: HttpRequest, slug: str, first: int) -> HttpResponse:
    """Keep the check as it stands."""
    plan = _editable(request, slug, first)
    vigencia = asked_vigencia(plan, request.POST.get("vigencia", ""), timezone.localdate())
    try:
        made = run_check(plan, vigencia, by=request.user)
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect(plan_url(plan, "evaluation:viability"))
    messages.success(request, f"Revisión {made.run} guardada: no cambia y va en el documento del PES.")
    return redirect(plan_url(plan, "evaluation:viability-check", made.run))


@require_safe
@requires(READ)
def viability_check(request: HttpRequest, slug: str, first: int, run: int) -> HttpResponse:
    """A run as it was kept, and what it changed from the one before of its vigencia."""
    plan = find_plan(request.user, slug, first)
    runs = ViabilityCheck.objects.filter(plan=plan).select_related("checked_by")
    check = get_object_or_404(runs, run=run)
    before = last_check(plan, check.vigencia_id, before=run)
    found = frozen(check)
    context = frame(
        request.user, plan, "viability", ("Viabilidad", plan_url(plan, "evaluation:viability")), (f"Revisión {run}", "")
    )
    context |= {
        "check": check,
        "kept": f"Guardada el {long_instant(check.checked_at)} por {check.checked_by}.",
        "totals": page.totals(found),
        "rows": _rows(plan, found, {}, may_answer=False, earlier={}),
        "changes": page.changes(frozen(before), found) if before else [],
        "before": before,
        "before_day": long_date(before.checked_at) if before else "",
    }
    return render(request, "evaluation/viability/check.html", context)


def _editable(request: HttpRequest, slug: str, first: int) -> SectorPlan:
    plan = find_plan(request.user, slug, first)
    demand(request.user, EDIT, plan)
    return plan


def _show(request: HttpRequest, plan: SectorPlan, bound: dict[str, Any], status: int = 200) -> HttpResponse:
    vigencia = asked_vigencia(plan, request.GET.get("vigencia", ""), timezone.localdate())
    found, may = current(plan, vigencia), can(request.user, EDIT, plan)
    last = last_check(plan, vigencia)
    context = frame(request.user, plan, "viability", ("Viabilidad", ""))
    context |= {
        "vigencia": vigencia,
        "vigencias": [(year, str(year)) for year in reversed(plan.vigencias)],
        "totals": page.totals(found),
        "tolerated": TOLERATED,
        "rows": _rows(plan, found, bound, may_answer=may, earlier=page.told_of(plan)),
        "runs": page.run_rows(plan),
        "changes": page.changes(frozen(last), found) if last else [],
        "last": last,
        "last_day": long_date(last.checked_at) if last else "",
        "run_url": plan_url(plan, "evaluation:viability-run"),
        "reason": "" if may else NO_EDIT,
    }
    return render(request, "evaluation/viability/page.html", context, status=status)


def _rows(plan: SectorPlan, found: Any, bound: Any, *, may_answer: bool, earlier: Any) -> list[page.RequirementRow]:
    people = page.names_of(found)
    return page.requirement_rows(plan, found, people=people, earlier=earlier, may_answer=may_answer, bound=bound)
