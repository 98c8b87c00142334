"""Administration of people: list, invite, roles, open and close accounts."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.core.mail import BadHeaderError
from django.core.paginator import Paginator
from django.db.models import Prefetch, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from pes import demo, invitations, people
from pes.access import holds, requires
from pes.asked import words
from pes.dates import long_date
from pes.forms.base import ReasonForm
from pes.forms.people import EndForm, GrantForm, InviteForm, manageable_units
from pes.models import Membership, User
from pes.permissions import ROLES, Permission, Role
from pes.rules.problems import Refused
from pes.views.audit import history_of
from pes.views.pieces import crumbs

PAGE = 50
STATES = (("", "Todas"), ("activa", "Activas"), ("invitada", "Por aceptar"), ("desactivada", "Desactivadas"))
_UNACCEPTED = Q(password__startswith=UNUSABLE_PASSWORD_PREFIX)


@require_safe
@requires(Permission.PEOPLE_MANAGE)
def people_list(request: HttpRequest) -> HttpResponse:
    """Everybody this person administers, searched and filtered."""
    mine = people.visible_memberships(request.user).order_by("unit__code", "role")
    found = _filtered(people.visible_people(request.user), request)
    page = Paginator(found.prefetch_related(Prefetch("memberships", queryset=mine)).order_by("full_name", "pk"), PAGE)
    shown = page.get_page(request.GET.get("pagina"))
    units = manageable_units(request.user).values_list("code", "name")
    context = {
        "page": shown,
        "rows": [_row(person) for person in shown],
        "roles": [("", "Todos"), *Role.choices()],
        "units": [("", "Todas"), *((code, f"{code} · {name}") for code, name in units)],
        "states": STATES,
        "chosen": {name: request.GET.get(name, "") for name in ("q", "rol", "unidad", "estado")},
        "crumbs": crumbs("Personas"),
    }
    return render(request, "pes/administration/people.html", context)


@requires(Permission.PEOPLE_MANAGE)
def invite(request: HttpRequest) -> HttpResponse:
    """Invite a person with their first role."""
    form = InviteForm(request.POST or None, by=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            person, is_new = people.invite(by=request.user, **form.cleaned_data)
        except Refused as refused:
            form.refuse(refused)
        else:
            _write_to(person, is_new, request)
            return redirect("administration:person", person.pk)
    context = {"form": form, "roles": ROLES.values(), "crumbs": crumbs("Personas", "Invitar")}
    return render(request, "pes/administration/person_invite.html", context, status=422 if form.errors else 200)


@require_safe
@requires(Permission.PEOPLE_MANAGE)
def person(request: HttpRequest, pk: int) -> HttpResponse:
    """A person's roles and account."""
    return _page(request, _person(request, pk))


@require_POST
@requires(Permission.PEOPLE_MANAGE)
def grant(request: HttpRequest, pk: int) -> HttpResponse:
    """Give another role."""
    who = _person(request, pk)
    form = GrantForm(request.POST, by=request.user)
    if not form.is_valid():
        return _page(request, who, grant_form=form)
    try:
        people.grant(user=who, by=request.user, **form.cleaned_data)
    except Refused as refused:
        form.refuse(refused)
        return _page(request, who, grant_form=form)
    messages.success(request, f"{who} tiene ahora el rol {form.cleaned_data['role'].label}.")
    return redirect("administration:person", who.pk)


@requires(Permission.PEOPLE_MANAGE)
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """Let a role end with a day."""
    membership = get_object_or_404(people.visible_memberships(request.user), pk=pk)
    form = EndForm(request.POST or None, initial={"on": timezone.localdate()})
    if request.method == "POST" and form.is_valid():
        try:
            people.end(membership, by=request.user, **form.cleaned_data)
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, f"El rol {membership.get_role_display()} {_ending(membership, form)}.")
            is_known = people.visible_people(request.user).filter(pk=membership.user_id).exists()
            return redirect(*("administration:person", membership.user_id) if is_known else ("administration:people",))
    context = {
        "form": form,
        "question": "¿Terminar este rol?",
        "about": f"{membership.user} · {membership.get_role_display()} · {membership.unit}",
        "label": "Terminar el rol",
        "back": reverse("administration:person", args=[membership.user_id]),
        "crumbs": crumbs("Personas", str(membership.user), "Terminar un rol"),
    }
    return render(request, "pes/administration/decide.html", context, status=422 if form.errors else 200)


@require_POST
@requires(Permission.PEOPLE_MANAGE)
def deactivate(request: HttpRequest, pk: int) -> HttpResponse:
    """Close an account."""
    return _decide(request, pk, people.deactivate, "La cuenta quedó desactivada y sus sesiones, cerradas.")


@require_POST
@requires(Permission.PEOPLE_MANAGE)
def reactivate(request: HttpRequest, pk: int) -> HttpResponse:
    """Open an account again."""
    return _decide(request, pk, people.reactivate, "La cuenta quedó activa otra vez.")


@require_POST
@requires(Permission.PEOPLE_MANAGE)
def resend(request: HttpRequest, pk: int) -> HttpResponse:
    """Send another invitation; the earlier links stop working."""
    who = _person(request, pk)
    try:
        people.renew_invitation(who, by=request.user)
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        _write_to(who, True, request)
    return redirect("administration:person", who.pk)


def _decide(request: HttpRequest, pk: int, verb: Any, done: str) -> HttpResponse:
    who = _person(request, pk)
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return _page(request, who, reason_form=form)
    try:
        verb(who, by=request.user, reason=form.cleaned_data["reason"])
    except Refused as refused:
        form.refuse(refused)
        return _page(request, who, reason_form=form)
    messages.success(request, done)
    return redirect("administration:person", who.pk)


def _person(request: HttpRequest, pk: int) -> User:
    return get_object_or_404(people.visible_people(request.user), pk=pk)


def _page(request: HttpRequest, who: User, **forms: Any) -> HttpResponse:
    """The person's page; with a bound form when something has to be corrected."""
    mine = list(people.visible_memberships(request.user).filter(user=who).order_by("-starts_on", "unit__code"))
    refusal = people.account_refusal(who, request.user)
    context = {
        "person": who,
        "state": _state(who),
        "is_self": who.pk == request.user.pk,
        "roles": [_role_row(m) for m in mine],
        "grant_form": forms.get("grant_form") or GrantForm(by=request.user),
        "reason_form": forms.get("reason_form") or ReasonForm(),
        "refusal": refusal,
        "is_waiting": who.is_active and not who.has_usable_password(),
        "history": history_of(who, mine) if holds(request.user, Permission.AUDIT_READ) else None,
        "crumbs": crumbs("Personas", str(who)),
    }
    return render(request, "pes/administration/person.html", context, status=422 if forms else 200)


def _role_row(membership: Membership) -> dict[str, Any]:
    today = timezone.localdate()
    is_over = membership.ends_on is not None and membership.ends_on < today
    return {
        "pk": membership.pk,
        "role": membership.get_role_display(),
        "unit": f"{membership.unit.code} · {membership.unit.name}",
        "starts_on": long_date(membership.starts_on),
        "ends_on": long_date(membership.ends_on) if membership.ends_on else "Sin fecha final",
        "state": "Terminado" if is_over else "Vigente" if membership.starts_on <= today else "Por empezar",
        "tone": "neutral" if is_over else "ok",
        "is_over": is_over,
    }


def _ending(membership: Membership, form: EndForm) -> str:
    on = form.cleaned_data["on"]
    return "quedó retirado" if on < membership.starts_on else f"termina el {long_date(on)}"


def _row(who: User) -> dict[str, Any]:
    today = timezone.localdate()
    running = [m for m in who.memberships.all() if m.ends_on is None or m.ends_on >= today]
    return {
        "person": who,
        "state": _state(who),
        "roles": [f"{m.get_role_display()} · {m.unit.short_name}" for m in running] or ["Sin roles vigentes"],
    }


def _state(who: User) -> tuple[str, str]:
    if not who.is_active:
        return "Desactivada", "risk"
    if who.email.endswith(demo.DOMAIN):
        return "De la demostración", "info"
    return ("Activa", "ok") if who.has_usable_password() else ("Por aceptar la invitación", "warn")


def _filtered(found: QuerySet[User], request: HttpRequest) -> QuerySet[User]:
    typed, role, unit, state = (request.GET.get(name, "").strip() for name in ("q", "rol", "unidad", "estado"))
    for word in words(typed):
        found = found.filter(Q(full_name__icontains=word) | Q(email__icontains=word))
    if role or unit:
        wanted = {key: value for key, value in (("role", role), ("unit__code", unit)) if value}
        mine = people.visible_memberships(request.user).filter(**wanted)
        found = found.filter(pk__in=mine.values("user_id"))
    by_state = {
        "activa": Q(is_active=True) & ~_UNACCEPTED,
        "invitada": Q(is_active=True) & _UNACCEPTED,
        "desactivada": Q(is_active=False),
    }
    return found.filter(by_state.get(state, Q()))


def _write_to(who: User, is_new: bool, request: HttpRequest) -> None:
    """Send the invitation, and say so; a mail server that fails does not undo the account."""
    if not is_new:
        messages.success(request, f"{who} ya tenía cuenta: recibió el rol y no hace falta invitación.")
        return
    try:
        invitations.send(who, request=request)
    except (OSError, BadHeaderError) as error:
        messages.warning(
            request, f"La cuenta quedó creada, pero el correo no salió ({type(error).__name__}). Reenvíe la invitación."
        )
    else:
        messages.success(request, f"La invitación salió para {who.email}; vale {invitations.VALID_FOR.days} días.")
