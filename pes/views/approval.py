"""The approval room of a PES, and what the head of the sector does there (LC-08)."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.db.models import prefetch_related_objects
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from pes.access import can, demand, requires
from pes.approval.deciding import request_approval
from pes.approval.phase import waiting_of
from pes.approval.presenting import PRESENT, present, preview_of, round_under_way, withdraw
from pes.approval.room import room_of
from pes.approval.room_actions import counted
from pes.approval.shelf import corrections_of, missing_channels, publications_of, shown_act
from pes.approval.succession import amending_acts, succession
from pes.approval.versions import adoptions_of, unanswered
from pes.forms.approval import PresentForm, PublicationForm, WordsForm
from pes.models import AdministrativeAct, Adoption, SectorPlan
from pes.permissions import Permission
from pes.plan_frame import find_plan, frame, plan_url
from pes.rules.problems import Problem, Refused
from pes.views.approval_pieces import ROOM, TAB, act_and_return, form_page, room_url, tell, version_of
from pes.writing.content import has_content, word_count

WITHDRAW_HELP = "Queda en la historia. Las entidades dejan de observar y aprobar esta versión."


@require_safe
@requires(Permission.PES_READ)
def room(request: HttpRequest, slug: str, first: int) -> HttpResponse:
    """Where the document stands, what is awaited from whom, and the act that adopts it."""
    return room_page(request, find_plan(request.user, slug, first))


@require_http_methods(["GET", "HEAD", "POST"])
@requires(PRESENT)
def present_version(request: HttpRequest, slug: str, first: int) -> HttpResponse:
    """See what would be presented, and present it with its term."""
    plan = find_plan(request.user, slug, first)
    demand(request.user, PRESENT, plan)
    preview = preview_of(plan)
    form = PresentForm(request.POST or None, initial={"seen": preview.digest})
    if request.method == "POST" and form.is_valid():
        try:
            made = present(plan, **form.cleaned_data, by=request.user)
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, f"Versión {made.number} presentada a todas las entidades del sector.")
            return redirect(room_url(plan))
    blank = [f"{one.number} {one.title}".strip() for one in preview.content.sections if not has_content(one)]
    more = _standing_round(plan) | {
        "words": word_count(preview.content),
        "blank": [label for label in blank if label],
        "digest": preview.digest,
        "document_url": plan_url(plan, "pes:version-draft"),
        "submit": "Presentar a las entidades",
        "submit_icon": "send",
    }
    return form_page(request, plan, form, "Presentar a las entidades", **more)


def _standing_round(plan: SectorPlan) -> dict[str, Any]:
    """What another version would find: one that it replaces, observations without answer, a phase still shut."""
    round_ = round_under_way(plan)
    count = unanswered(round_).count() if round_ else 0
    return {
        "replaces": round_ is not None,
        "unanswered": f"{counted(count)} sin respuesta" if count else "",
        "observations_url": plan_url(plan, "pes:approval-observations"),
        "waiting": waiting_of(plan),
    }


@require_POST
@requires(PRESENT)
def request_it(request: HttpRequest, slug: str, first: int, number: int) -> HttpResponse:
    """Ask every entity to approve the version."""
    version = version_of(request, slug, first, number)
    done = "Se pidió la aprobación: le aparece a cada entidad en «Mi trabajo»."
    back = room_url(version.plan)
    return act_and_return(request, lambda: request_approval(version, by=request.user), done, back)


@require_POST
@requires(PRESENT)
def withdraw_it(request: HttpRequest, slug: str, first: int) -> HttpResponse:
    """Take the version back, with why."""
    plan = find_plan(request.user, slug, first)
    demand(request.user, PRESENT, plan)
    form, round_ = WordsForm(request.POST, label="Motivo", help_text=WITHDRAW_HELP), round_under_way(plan)
    if round_ is None:
        tell(request, Refused([Problem("no_round", "LC-08", "No hay ninguna versión en aprobación.")]))
    elif form.is_valid():
        reason = form.cleaned_data["text"]
        done = "Versión retirada."
        return act_and_return(request, lambda: withdraw(round_, reason=reason, by=request.user), done, room_url(plan))
    return room_page(request, plan, withdraw_form=form)


def room_page(
    request: HttpRequest,
    plan: SectorPlan,
    *,
    withdraw_form: WordsForm | None = None,
    publication_form: PublicationForm | None = None,
) -> HttpResponse:
    """The room, perhaps with a form that came back."""
    found = room_of(request.user, plan)
    bound = [form for form in (withdraw_form, publication_form) if form is not None and form.errors]
    context = frame(request.user, plan, TAB, (ROOM, "")) | {
        "room": found,
        "withdraw_form": withdraw_form or WordsForm(label="Motivo", help_text=WITHDRAW_HELP),
        "withdraw_url": plan_url(plan, "pes:approval-withdraw"),
        "open_withdraw": bool(withdraw_form),
        **_adoption(request, plan, publication_form),
    }
    return render(request, "pes/approval/room.html", context, status=422 if bound else 200)


def _adoption(request: HttpRequest, plan: SectorPlan, form: PublicationForm | None) -> dict[str, Any]:
    """The acts that adopt the PES, which of them is in force today, and where it was published."""
    adoptions = adoptions_of(plan)
    acts = ("act", "act__repealed_by")
    prefetch_related_objects(adoptions, *(f"{act}__corrections__{of}" for act in acts for of in ("made_by", "file")))
    last = adoptions[0] if adoptions else None
    may_adopt = can(request.user, Permission.PES_ADOPT, plan)
    may_publish = last is not None and can(request.user, Permission.PES_PUBLISH, plan)
    return {
        "adoptions": _shown_adoptions(adoptions, may_adopt=may_adopt) if adoptions else None,
        "published_act": f"De lo que adopta {last.act}." if len(adoptions) > 1 and last else "",
        "publications": publications_of(last) if last else [],
        "missing_channels": ", ".join(missing_channels(last)) if last else "",
        "publication_form": (form or PublicationForm()) if may_publish else None,
        "publish_url": plan_url(plan, "pes:approval-publish", last.pk) if last else "",
        "earlier_url": plan_url(plan, "pes:approval-earlier") if may_adopt and not adoptions else "",
        "public_url": plan_public_url(plan) if adoptions else "",
    }


def plan_public_url(plan: SectorPlan) -> str:
    """Its page for everybody."""
    return plan_url(plan, "pes:public-pes")


def _shown_adoptions(rows: list[Adoption], *, may_adopt: bool) -> dict[str, Any]:
    """The adoption in force, those to come and the earlier ones."""
    today = timezone.localdate()
    found = succession(rows, today)
    shown = {one.pk: _shown_adoption(one, amending_acts(one, rows), today, may_adopt=may_adopt) for one in rows}
    return {
        "current": shown[found.current.pk],
        "upcoming": [shown[one.pk] for one in found.upcoming],
        "past": [shown[one.pk] for one in found.past],
    }


def _shown_adoption(
    adoption: Adoption, amended_by: list[AdministrativeAct], today: date, *, may_adopt: bool
) -> dict[str, Any]:
    plan, act = adoption.plan, adoption.act
    may_repeal = may_adopt and act.repealed_by_id is None
    return {
        "act": shown_act(act, today, amended_by=amended_by),
        "corrections": corrections_of(act),
        "is_earlier": adoption.is_earlier,
        "note": adoption.note,
        "version": f"Versión {adoption.version.number}" if adoption.version else "",
        "version_url": plan_url(plan, "pes:version", adoption.version.number) if adoption.version else "",
        "correct_urls": [
            (f"Corregir {one}", plan_url(plan, "pes:approval-correct", one.pk))
            for one in (act, act.repealed_by)
            if one is not None and may_adopt
        ],
        "repeal_url": plan_url(plan, "pes:approval-repeal", adoption.pk) if may_repeal else "",
    }
