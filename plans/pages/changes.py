"""A request as its page shows it: what changes, what it meets of policy 9, where it stands, and who may act."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any

from django.db.models import Q, QuerySet
from django.forms import BaseForm
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone

from pes.access import can
from pes.dates import long_date, long_instant
from pes.permissions import Permission
from pes.rules.problems import Problem
from pes.rules.transitions import transition_for
from plans.change_checks import application_checks, decision_checks, has_asked, opinions_needed
from plans.change_facts import base_facts, current_facts, local_offices, readable
from plans.change_forms import ApprovalForm, ChangeForm, DenialForm, HolaForm, OpinionForm, WithdrawForm
from plans.models import ChangeRequest, Opinion
from plans.models.plan import PlanLevel
from plans.pages.change_criteria import UNMET, Criterion, criteria_rows, ended_quarters
from plans.pages.change_events import Event, events_of
from plans.pages.change_states import TONES, TURN, road
from plans.pages.grid import Grid, crumbs_of
from plans.rules.change_states import TRANSITIONS, ChangeStatus
from plans.rules.changes import ChangeKind, Ground, OpinionKind
from plans.rules.differences import Difference, goal_differences
from plans.rules.fields import GOAL_FIELDS
from plans.rules.goals import GoalFacts
from plans.rules.values import spoken, value_of

NO_STUDY = "Estudia las solicitudes la oficina asesora de planeación."
NO_DECISION = "Decide la jefatura de la oficina asesora de planeación."
NO_APPLICATION = "La aplica quien lidera el plan, con su caso HOLA."
NO_FILING = "La prepara y radica quien lidera el proceso o la alcaldía."
BEFORE_DECISION = frozenset(
    {ChangeStatus.DRAFT, ChangeStatus.FILED, ChangeStatus.AWAITING_OPINION, ChangeStatus.UNDER_STUDY}
)
_RELATED = (
    "goal__plan__unit__parent",
    "goal__strategic_objective",
    "goal__central_area",
    "goal__template__owner",
    "local_office",
    "made_by",
    "filed_by",
    "decided_by",
    "applied_by",
)
_WHO = {
    "study": (Permission.CHANGE_STUDY, NO_STUDY),
    "approve": (Permission.CHANGE_DECIDE, NO_DECISION),
    "deny": (Permission.CHANGE_DECIDE, NO_DECISION),
    "apply": (Permission.PLAN_SUBMIT, NO_APPLICATION),
}


class RequestPage:
    """A request for one person; `forms` are those that came back with errors, by the name of their act."""

    def __init__(
        self,
        request: ChangeRequest,
        user: Any,
        *,
        forms: Mapping[str, BaseForm] | None = None,
        is_fragment: bool = False,
    ) -> None:
        self.request, self.goal, self.plan, self.user = request, request.goal, request.goal.plan, user
        self.today, self.is_fragment = timezone.localdate(), is_fragment
        self._forms = dict(forms or {})
        self.status = ChangeStatus(request.status)
        self.tone, self.turn = TONES[self.status], TURN[self.status]

    @property
    def title(self) -> str:
        """What is asked about which goal."""
        return f"{ChangeKind(self.request.kind).label} {self.goal.number}"

    @property
    def crumbs(self) -> list[dict[str, str]]:
        """The path to the page: through the goal for who may read it, else through the list of requests."""
        here = (str(self.request), "")
        if self.sees_goal and can(self.user, Permission.PLAN_READ, self.plan):
            return crumbs_of(self.plan, (str(self.goal), self.goal.get_absolute_url()), here)
        return [{"label": "Solicitudes", "url": reverse("plans:requests")}, {"label": here[0], "url": ""}]

    @property
    def returned(self) -> list[BaseForm]:
        """Forms that came back, for the summary of what is wrong."""
        return list(self._forms.values())

    @property
    def summary(self) -> str:
        """How many criteria are not met, in a sentence."""
        unmet = [one for one in self.criteria if one.word == UNMET]
        if not unmet:
            return "No incumple ningún criterio."
        return "1 criterio no se cumple." if len(unmet) == 1 else f"{len(unmet)} criterios no se cumplen."

    @property
    def elimination(self) -> str:
        """What an elimination would do, or did (PG-09h); empty for a modification."""
        if self.request.kind != ChangeKind.ELIMINATE:
            return ""
        if self.goal.first_reported_at is not None:
            return "La meta tiene seguimiento: queda a la vista como «Meta eliminada» y no cuenta en la calificación."
        return "La meta no tiene seguimiento: se retira del plan y las demás reciben su ponderación."

    @property
    def before_label(self) -> str:
        """How the column of what the goal says is called."""
        return "Hoy" if self.status in BEFORE_DECISION else "Antes"

    @property
    def sides_note(self) -> str:
        """What is asked, in words."""
        return f"{ChangeKind(self.request.kind).label}: {self.base.text}"

    @property
    def goal_fields(self) -> list[tuple[str, str]]:
        """Every field of the goal as it was asked about."""
        return [(field.label, spoken(field.name, value_of(self.base, field.name))) for field in GOAL_FIELDS]

    @property
    def hola(self) -> str:
        """The HOLA case with its date."""
        return f"{self.request.hola_case} del {long_date(self.request.hola_on)}"

    @property
    def urls(self) -> dict[str, str]:
        """Addresses of the acts on the draft and of the opinion."""
        names = {"save": "request-save", "file": "request-file", "check": "request-check", "opinion": "opinion-give"}
        return {name: self.request.url(address) for name, address in names.items()}

    @property
    def road(self) -> list[dict[str, str]]:
        """The steps of SM-3, for the component `steps`."""
        return road(self.status, asks_opinions=bool(opinions_needed(self.request)))

    @cached_property
    def base(self) -> GoalFacts:
        """The goal as it was asked about."""
        return base_facts(self.request)

    @cached_property
    def _read(self) -> tuple[Any, tuple[Problem, ...]]:
        return readable(self.request, self.base)

    @property
    def differences(self) -> list[Difference]:
        """Every field that would change, today and as proposed."""
        return goal_differences(self.base, self._read[0].proposed)

    @property
    def unread(self) -> tuple[Problem, ...]:
        """Texts of the proposal that cannot be read."""
        return self._read[1]

    @cached_property
    def criteria(self) -> list[Criterion]:
        """Policy 9, criterion by criterion; nothing once it was decided."""
        if self.status not in BEFORE_DECISION:
            return []
        return criteria_rows(self.request, self._read[0], self.unread, today=self.today)

    @property
    def ground(self) -> str:
        """Why it is asked, in a word."""
        return Ground(self.request.ground).label

    @cached_property
    def may_file(self) -> bool:
        """Whether the person asks for changes of this plan."""
        return can(self.user, Permission.CHANGE_FILE, self.request)

    @cached_property
    def form(self) -> ChangeForm | None:
        """The proposal as a form, while it is a draft and the person may write it."""
        if self.status is not ChangeStatus.DRAFT or not self.may_file:
            return None
        return self._forms.get("save") or change_form(self.request)  # type: ignore[return-value]

    @cached_property
    def opinions(self) -> list[Opinion]:
        """The prior opinions that were asked for."""
        return list(self.request.opinions.select_related("unit", "by").order_by("pk"))

    @property
    def opinion_rows(self) -> list[dict[str, Any]]:
        """Each opinion: who gives it, what was said, and its form for who may say it."""
        return [self._opinion(opinion) for opinion in self.opinions]

    @cached_property
    def acts(self) -> dict[str, dict[str, Any]]:
        """The acts of SM-3 that begin where the request stands: verb → its address, its form, why it is disabled."""
        return {
            verb: {"url": self.request.url(f"request-{verb}"), "reason": self._why_not(verb), "form": self._form(verb)}
            for verb in ("study", "approve", "deny", "apply", "withdraw")
            if self.request.status in transition_for(TRANSITIONS, verb).sources
        }

    @property
    def may_withdraw(self) -> bool:
        """Whether the person may give it up now."""
        return "withdraw" in self.acts and self.may_file

    @property
    def has_acts(self) -> bool:
        """Whether there is anything that is done here, by this person or by another."""
        return self.may_withdraw or bool(self.acts.keys() - {"withdraw"})

    @property
    def history(self) -> list[Event]:
        """Who did what with the request, when and why; the last first."""
        return events_of([self.request.pk])[::-1]

    @cached_property
    def sees_goal(self) -> bool:
        """Whether the person may open the goal's sheet: who only opines may not."""
        return can(self.user, Permission.PLAN_READ, self.goal)

    def _opinion(self, opinion: Opinion) -> dict[str, Any]:
        waits = opinion.is_favourable is None and self.status is ChangeStatus.AWAITING_OPINION
        reason = ""
        if waits and not can(self.user, Permission.OPINION_GIVE, opinion.unit):
            reason = f"Lo emite {opinion.unit}."
        elif waits and has_asked(self.request, self.user):
            reason = "Usted presentó esta solicitud; quien solicita no conceptúa."
        given = opinion.is_favourable
        return {
            "kind": opinion.kind,
            "title": OpinionKind(opinion.kind).label,
            "unit": opinion.unit.name,
            "tone": "none" if given is None else "ok" if given else "risk",
            "word": "Sin emitir" if given is None else "Favorable" if given else "Desfavorable",
            "text": opinion.text,
            "memo": opinion.memo,
            "who": f"{opinion.by} · {long_instant(opinion.at)}" if opinion.by else "",
            "form": self._forms.get(f"opinion-{opinion.kind}") or OpinionForm(prefix=opinion.kind),
            "waits": waits,
            "reason": reason,
        }

    def _why_not(self, verb: str) -> str:
        if verb == "withdraw":
            return "" if self.may_file else NO_FILING
        permission, words = _WHO[verb]
        if not can(self.user, permission, self.request):
            return words
        return " ".join(f"{problem.message} {problem.fix}".strip() for problem in self._problems(verb))

    def _problems(self, verb: str) -> list[Problem]:
        """What would refuse the act even if its form were filled in."""
        if verb == "study":
            return []
        if verb == "apply":
            on = self.today
            return application_checks(self.request, hola_case="por escribir", hola_on=on, today=self.today)
        found = decision_checks(
            self.request, approve=verb == "approve", reason="por escribir", by=self.user, today=self.today
        )
        return [problem for problem in found if problem.blocking]

    def _form(self, verb: str) -> BaseForm | None:
        kinds = {"approve": ApprovalForm, "deny": DenialForm, "apply": HolaForm, "withdraw": WithdrawForm}
        return self._forms.get(verb) or (kinds[verb](prefix=verb) if verb in kinds else None)


def requests_of(user: Any) -> QuerySet[ChangeRequest]:
    """Requests that a person may see: those of what they read; drafts only with who writes the plan."""
    seen = ChangeRequest.objects.visible_to(user, Permission.PLAN_READ)
    own = ChangeRequest.objects.visible_to(user, Permission.PLAN_EDIT).order_by().values("pk")
    return seen.filter(~Q(status=ChangeStatus.DRAFT) | Q(pk__in=own))


def request_or_404(user: Any, pk: int) -> ChangeRequest:
    """A request that the person may see; any other is as if it were not there (AZ2)."""
    return get_object_or_404(requests_of(user).select_related(*_RELATED), pk=pk)


def change_form(request: ChangeRequest, data: Any = None) -> ChangeForm:
    """The form of a draft, bound if there is data."""
    plan, today = request.goal.plan, timezone.localdate()
    return ChangeForm(
        data,
        request=request,
        facts=current_facts(request.goal),
        options=Grid(plan, request.made_by).options(),
        offices=local_offices(plan.unit.parent, today) if plan.level == PlanLevel.LOCAL else None,
        ended=ended_quarters(plan.vigencia_id, today),
    )
