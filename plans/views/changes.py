"""Requests to change goals: the list, one request, and the acts of SM-3."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from pes.access import demand, requires
from pes.models import Vigencia
from pes.permissions import Permission
from pes.rules.problems import Refused
from plans import change_requests
from plans.change_checks import drafting_problems
from plans.change_forms import ApprovalForm, ChangeForm, DenialForm, HolaForm, OpinionForm, WithdrawForm
from plans.lifecycle import AlreadyDone
from plans.models import ChangeRequest
from plans.pages.change_criteria import prospects
from plans.pages.change_list import KINDS, LEVELS, STATES, asked, listed, row
from plans.pages.changes import RequestPage, change_form, request_or_404
from plans.pages.goal import goal_or_404
from plans.pages.grid import crumbs_of
from plans.rules.changes import ChangeKind, OpinionKind
from plans.views.plan import done

PER_PAGE = 50
CHOICES = (
    {
        "kind": ChangeKind.MODIFY.value,
        "title": "Modificar",
        "detail": "Proponer otros valores: texto, magnitud, trimestres que no han terminado, entregables.",
        "label": "Preparar una modificación",
    },
    {
        "kind": ChangeKind.ELIMINATE.value,
        "title": "Eliminar",
        "detail": "Con seguimiento queda a la vista como «Meta eliminada»; sin él, sale del plan.",
        "label": "Preparar una eliminación",
    },
)


@require_safe
@requires(Permission.PLAN_READ)
def requests(request: HttpRequest) -> HttpResponse:
    """The requests that the person sees, those that wait longest first."""
    filters = asked(request.GET)
    page = Paginator(listed(request.user, filters), PER_PAGE).get_page(request.GET.get("pagina"))
    today = timezone.localdate()
    years = Vigencia.objects.order_by("-year").values_list("year", flat=True)
    context = {
        "page": page,
        "rows": [row(found, today) for found in page],
        "filters": filters,
        "states": STATES,
        "kinds": KINDS,
        "levels": LEVELS,
        "vigencias": [("", "Todas"), *((year, str(year)) for year in years)],
        "crumbs": [{"label": "Planes de gestión", "url": reverse("plans:list")}, {"label": "Solicitudes", "url": ""}],
    }
    return render(request, "plans/requests.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.CHANGE_FILE)
def request_new(request: HttpRequest, unit: str, vigencia: int, number: int) -> HttpResponse:
    """What may be asked about a goal today, before anything is typed; then begin a request."""
    goal = goal_or_404(request.user, unit, vigencia, number)
    demand(request.user, Permission.CHANGE_FILE, goal)
    if request.method == "POST" and request.POST.get("kind") in set(ChangeKind):
        try:
            return redirect(change_requests.draft(goal, ChangeKind(request.POST["kind"]), by=request.user))
        except Refused as refused:
            for problem in refused.problems:
                messages.error(request, f"{problem.message} {problem.fix}".strip())
    today = timezone.localdate()
    rows = zip(*(prospects(goal, kind, by=request.user, today=today) for kind in ChangeKind), strict=True)
    problems = drafting_problems(goal)
    crumbs = crumbs_of(goal.plan, (str(goal), goal.get_absolute_url()), ("Solicitar un cambio", ""))
    reason = " ".join(f"{problem.message} {problem.fix}".strip() for problem in problems)
    context = {
        "goal": goal,
        "plan": goal.plan,
        "rows": list(rows),
        "reason": reason,
        "crumbs": crumbs,
        "choices": CHOICES,
    }
    return render(request, "plans/request_new.html", context, status=422 if request.method == "POST" else 200)


@require_safe
@requires(Permission.PLAN_READ)
def change_request(request: HttpRequest, pk: int) -> HttpResponse:
    """What would change, what it meets of policy 9, where it stands, and what the person may do."""
    return _show(request, request_or_404(request.user, pk))


@require_POST
@requires(Permission.CHANGE_FILE)
def request_check(request: HttpRequest, pk: int) -> HttpResponse:
    """What the typed proposal would meet; nothing is saved."""
    found = request_or_404(request.user, pk)
    demand(request.user, Permission.CHANGE_FILE, found)
    form = change_form(found, request.POST)
    typed = form.as_typed() if form.is_valid() else found
    return render(request, "plans/request_criteria.html", {"page": RequestPage(typed, request.user, is_fragment=True)})


@require_POST
@requires(Permission.CHANGE_FILE)
def request_save(request: HttpRequest, pk: int) -> HttpResponse:
    """Save the draft; another's change is shown, never overwritten (WF3)."""
    found = request_or_404(request.user, pk)
    form = change_form(found, request.POST)
    changed = _save(request, found, form)
    if changed is None:
        return _show(request, request_or_404(request.user, pk), {"save": form}, status=form.status)
    messages.success(request, "Borrador guardado." if changed else "No había cambios que guardar.")
    return redirect(found)


@require_POST
@requires(Permission.CHANGE_FILE)
def request_file(request: HttpRequest, pk: int) -> HttpResponse:
    """Save what was typed and file it; what policy 9 refuses is said, and the draft stays saved."""
    found = request_or_404(request.user, pk)
    form = change_form(found, request.POST)
    if found.status == "draft" and _save(request, found, form) is None:
        return _show(request, request_or_404(request.user, pk), {"save": form}, status=form.status)
    try:
        change_requests.file(found, by=request.user)
    except AlreadyDone as again:
        messages.info(request, again.problems[0].message)
    except Refused as refused:
        return _show(request, found, {"save": _refused_filing(found, request, refused)}, status=422)
    else:
        messages.success(request, f"Solicitud {found.pk} radicada.")
    return redirect(found)


@require_POST
@requires(Permission.OPINION_GIVE)
def opinion_give(request: HttpRequest, pk: int) -> HttpResponse:
    """Give one of the prior opinions."""
    found = request_or_404(request.user, pk)
    asked = request.POST.get("kind", "")
    kind = get_object_or_404(found.opinions, kind=asked if asked in set(OpinionKind) else "").kind
    form = OpinionForm(_without(request, "kind"), prefix=kind)
    words = "Concepto registrado."
    return _act(
        request,
        found,
        f"opinion-{kind}",
        form,
        words,
        lambda **said: change_requests.give_opinion(found, OpinionKind(kind), **said),
    )


@require_POST
@requires(Permission.CHANGE_STUDY)
def request_study(request: HttpRequest, pk: int) -> HttpResponse:
    """Take up a request that needs no opinion."""
    found = request_or_404(request.user, pk)

    def act() -> str:
        change_requests.study(found, by=request.user)
        return "Solicitud en estudio: sigue que la jefatura de la OAP decida."

    return done(request, act, found.get_absolute_url())


@require_POST
@requires(Permission.CHANGE_DECIDE)
def request_approve(request: HttpRequest, pk: int) -> HttpResponse:
    """Approve what was asked."""
    found = request_or_404(request.user, pk)
    form = ApprovalForm(request.POST, prefix="approve")
    words = "Solicitud aprobada: rige cuando se remita la versión ajustada con su caso HOLA."
    return _act(request, found, "approve", form, words, lambda **said: change_requests.approve(found, **said))


@require_POST
@requires(Permission.CHANGE_DECIDE)
def request_deny(request: HttpRequest, pk: int) -> HttpResponse:
    """Deny what was asked, with its reason."""
    found = request_or_404(request.user, pk)
    form = DenialForm(request.POST, prefix="deny")
    return _act(request, found, "deny", form, "Solicitud negada.", lambda **said: change_requests.deny(found, **said))


@require_POST
@requires(Permission.PLAN_SUBMIT)
def request_apply(request: HttpRequest, pk: int) -> HttpResponse:
    """Make the adjusted version official."""
    found = request_or_404(request.user, pk)
    form = HolaForm(request.POST, prefix="apply")
    words = "Cambio aplicado: el plan tiene otra versión publicada."
    return _act(request, found, "apply", form, words, lambda **said: change_requests.apply(found, **said))


@require_POST
@requires(Permission.CHANGE_FILE)
def request_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Give the request up."""
    found = request_or_404(request.user, pk)
    form = WithdrawForm(request.POST, prefix="withdraw")
    words = "Solicitud desistida: la meta queda como estaba."
    return _act(request, found, "withdraw", form, words, lambda **said: change_requests.withdraw(found, **said))


def _save(request: HttpRequest, found: ChangeRequest, form: ChangeForm) -> bool | None:
    """Whether the draft changed; None when it was not saved, and the form says why."""
    if not form.is_valid():
        return None
    try:
        return change_requests.save(
            found, **form.words(), by=request.user, read_print=form.cleaned_data["read"] or None
        )
    except Refused as refused:
        form.refuse(refused)
        return None


def _refused_filing(found: ChangeRequest, request: HttpRequest, refused: Refused) -> ChangeForm:
    """The form of a draft that was saved and not filed, with what policy 9 refuses."""
    found.refresh_from_db()
    data = request.POST.copy()
    data["read"] = change_requests.print_of(found)
    form = change_form(found, data)
    form.is_valid()
    form.refuse(refused)
    return form


def _act(
    request: HttpRequest, found: ChangeRequest, name: str, form: BaseForm, words: str, act: Callable[..., Any]
) -> HttpResponse:
    """Take an act with the words of its form; refused, the page comes back with what was typed."""
    if form.is_valid():
        try:
            act(**form.cleaned_data, by=request.user)
        except AlreadyDone as again:
            messages.info(request, again.problems[0].message)
            return redirect(found)
        except Refused as refused:
            form.refuse(refused)  # type: ignore[attr-defined]
        else:
            messages.success(request, words)
            return redirect(found)
    return _show(request, request_or_404(request.user, found.pk), {name: form}, status=422)


def _without(request: HttpRequest, name: str) -> Any:
    """What was posted but for one name, which the view has read."""
    data = request.POST.copy()
    data.pop(name, None)
    return data


def _show(
    request: HttpRequest, found: ChangeRequest, forms: Mapping[str, BaseForm] | None = None, status: int = 200
) -> HttpResponse:
    page = RequestPage(found, request.user, forms=forms)
    return render(request, "plans/request.html", {"page": page, "plan": page.plan, "goal": page.goal}, status=status)
