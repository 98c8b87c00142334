"""The evidence of a goal in a quarter: its page, one file or link more, and taking one back."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods, require_POST

from pes.access import requires
from pes.files.uploads import began_at
from pes.permissions import Permission
from pes.rules.problems import Refused
from plans.pages.grid import crumbs_of
from tracking import goal_evidence as verbs
from tracking.evidence_forms import GoalEvidenceForm
from tracking.models import Evidence, GoalReport
from tracking.pages.evidence import anchor_of, entry_or_404, evidence_box, late_upload_words

TOO_LARGE = "file_too_large"


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.PLAN_READ)
def goal_evidence(request: HttpRequest, unit: str, vigencia: int, quarter: int, number: int) -> HttpResponse:
    """What proves a goal; a POST brings one file or one link, so that what was finished stays and the rest is retried.

    From the page's script (which asks as htmx does) the answer is the list, or the problems as JSON.
    """
    entry = entry_or_404(request, unit, vigencia, quarter, number)
    if request.method != "POST":
        return _show(request, entry, GoalEvidenceForm())
    form = GoalEvidenceForm(request.POST, request.FILES)
    status = 422
    if form.is_valid():
        try:
            made = _add(request, entry, form)
        except Refused as refused:
            form.refuse(refused)
            status = 413 if TOO_LARGE in {problem.code for problem in refused.problems} else 422
        else:
            words = f"«{made.display_name}» quedó en la meta {entry.goal.number}."
            late = late_upload_words(entry.report, form.cleaned_data["began"] or began_at(request), made.uploaded_at)
            return _done(request, entry, words, form.cleaned_data["back"], late)
    if request.htmx:
        return JsonResponse(
            {"problems": [str(error) for errors in form.errors.values() for error in errors]}, status=status
        )
    return _show(request, entry, form, status)


@require_POST
@requires(Permission.PLAN_READ)
def evidence_withdraw(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take back evidence that was never sent (WF21)."""
    rows = Evidence.objects.visible_to(request.user, Permission.PLAN_READ).select_related(
        "entry__report__plan__unit__parent", "entry__goal__central_area"
    )
    found = get_object_or_404(rows, pk=pk, entry__isnull=False)
    entry = found.entry
    assert entry is not None  # asked for in the query
    try:
        verbs.withdraw(found, by=request.user)
    except Refused as refused:
        if request.htmx:
            return JsonResponse({"problems": [str(refused)]}, status=422)
        messages.error(request, str(refused))
        return redirect(entry.report.url("goal-evidence", entry.goal.number))
    words = f"«{found.display_name}» se retiró; nunca se había enviado."
    return _done(request, entry, words, request.POST.get("back", ""))


def _add(request: HttpRequest, entry: GoalReport, form: GoalEvidenceForm) -> Evidence:
    given = form.cleaned_data
    followed = None
    if given["replaces"]:
        followed = get_object_or_404(Evidence, pk=given["replaces"], entry=entry)
    if given["file"] is not None:
        return verbs.prove_with_file(entry, given["file"], by=request.user, replaces=followed)
    return verbs.prove_with_link(entry, given["link"], name=given["name"], by=request.user, replaces=followed)


def _done(request: HttpRequest, entry: GoalReport, words: str, back: str, late: str = "") -> HttpResponse:
    """The list as it is now; without JavaScript, the page that held the form."""
    if request.htmx:
        context = {"box": evidence_box(entry, request.user, back=_safe(request, back)), "words": late}
        return render(request, "tracking/evidence_list.html", context)
    messages.success(request, f"{words} {late}".strip())
    page = _safe(request, back) or entry.report.url("goal-evidence", entry.goal.number)
    return redirect(f"{page}#{anchor_of(entry)}")


def _safe(request: HttpRequest, back: str) -> str:
    """A path of this site, or nothing."""
    return back if url_has_allowed_host_and_scheme(back, None, require_https=request.is_secure()) else ""


def _show(request: HttpRequest, entry: GoalReport, form: GoalEvidenceForm, status: int = 200) -> HttpResponse:
    report = entry.report
    box = evidence_box(entry, request.user)
    if request.htmx:
        return render(request, "tracking/evidence_list.html", {"box": box})
    place = (f"T{report.quarter}", report.get_absolute_url())
    context = {
        "entry": entry,
        "report": report,
        "box": box,
        "form": form,
        "crumbs": crumbs_of(report.plan, place, (f"Evidencias de la meta {entry.goal.number}", "")),
    }
    return render(request, "tracking/evidence.html", context, status=status)
