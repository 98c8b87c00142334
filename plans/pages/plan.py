"""A plan at a glance: where it stands, what is missing, who must act, and how it came here."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.urls import reverse
from django.utils import timezone

from pes import registry
from pes.access import can
from pes.dates import long_date, long_instant
from pes.edits import fingerprint
from pes.models import AuditEvent
from pes.permissions import Permission
from pes.rules.problems import Problem
from plans.coherence import findings_of
from plans.content import facts_of
from plans.editing import identification_facts
from plans.lifecycle import PERMISSION_OF, last_acts, problems_of
from plans.models import PlanGestion
from plans.observations import unanswered
from plans.pages.states import TONES, TURN, road, tabs_of
from plans.review_forms import IdentificationForm, OfficialForm
from plans.rules.goals import GoalStatus
from plans.rules.plan_states import PlanStatus

MOST_PROBLEMS = 12
_WRITTEN = (PlanStatus.DRAFT, PlanStatus.WITH_OBSERVATIONS)
TITLES = {
    "plan_opened": ("Abierto", "off"),
    "plan_submitted": ("Enviado a revisión", "course"),
    "plan_resubmitted": ("Enviado otra vez", "course"),
    "plan_sent_back": ("Devuelto con observaciones", "warn"),
    "plan_validated": ("Validado", "ok"),
    "plan_made_official": ("Oficializado", "ok"),
    "plan_published": ("Publicado", "ok"),
    "plan_renewed": ("Nueva versión publicada", "over"),
    "plan_closed": ("Cerrado", "off"),
}


@dataclass(frozen=True, slots=True)
class Step:
    """The next act of a state: its verb, its words, and who takes it when this person may not."""

    verb: str
    label: str
    question: str
    elsewhere: str
    icon: str = "send"


NEXT = {
    PlanStatus.DRAFT: Step(
        "submit",
        "Enviar a revisión",
        "El plan queda en manos de la oficina asesora de planeación y no se escribe mientras lo revisa.",
        "Lo envía quien lidera el proceso o la alcaldía local.",
    ),
    PlanStatus.WITH_OBSERVATIONS: Step(
        "resubmit",
        "Enviar otra vez",
        "El plan vuelve a la oficina asesora de planeación con las respuestas del equipo.",
        "Lo envía quien lidera el proceso o la alcaldía local.",
    ),
    PlanStatus.IN_REVIEW: Step(
        "validate", "Revisar", "", "Lo revisa un analista de la oficina asesora de planeación.", "check"
    ),
    PlanStatus.VALIDATED: Step(
        "make_official",
        "Oficializar",
        "Escriba el caso HOLA con que queda oficializado.",
        "Lo oficializa quien lidera el proceso o la alcaldía local.",
        "check",
    ),
    PlanStatus.OFFICIAL: Step(
        "publish",
        "Publicar",
        "Cualquier persona podrá consultarlo y descargarlo, sin ingresar.",
        "Lo publica la oficina asesora de planeación o la de comunicaciones.",
    ),
    PlanStatus.PUBLISHED: Step(
        "close", "Cerrar", "Un plan cerrado ya no cambia.", "Lo cierra la oficina asesora de planeación.", "lock"
    ),
}
_URLS = {
    "submit": "submit",
    "resubmit": "submit",
    "validate": "review",
    "make_official": "make-official",
    "publish": "publish",
    "close": "close",
}


class Overview:
    """The page of a plan; forms that were refused come bound."""

    def __init__(
        self,
        plan: PlanGestion,
        user: Any,
        *,
        form: IdentificationForm | None = None,
        official_form: OfficialForm | None = None,
    ) -> None:
        self.plan, self.user, self.status = plan, user, PlanStatus(plan.status)
        self.step = NEXT.get(self.status)
        self.may_edit = plan.is_editable and can(user, Permission.PLAN_EDIT, plan)
        self.form = form if form is not None or not self.may_edit else identification_form(plan)
        self.official_form = official_form or OfficialForm(initial={"hola_on": timezone.localdate()})
        self.turn, self.tone = TURN[self.status], TONES[self.status]
        self.road = road(self.status)

    @cached_property
    def facts(self) -> Any:
        """The plan as the rules read it."""
        return facts_of(self.plan)

    @cached_property
    def findings(self) -> list[Any]:
        """What does not cohere in it."""
        return findings_of(self.plan, self.facts)

    @cached_property
    def open_threads(self) -> int:
        """Observations that await the team."""
        return unanswered(self.plan)

    @cached_property
    def problems(self) -> list[Problem]:
        """What is missing for the next act, whoever takes it; the case is asked for in its form."""
        if self.step is None or self.status is PlanStatus.IN_REVIEW:
            return []
        case = {"hola_case": "…", "hola_on": timezone.localdate()}
        return problems_of(self.plan, self.step.verb, by=self.user, findings=self.findings, **case)

    @property
    def doors(self) -> list[dict[str, str]]:
        """The pages where what is missing is mended, and those of a plan in force."""
        rules = {problem.rule for problem in self.problems}
        codes = {problem.code for problem in self.problems}
        offered = (
            (
                self.status in _WRITTEN and len(self.findings) > 0,
                "Ver la coherencia y sus arreglos",
                self._url("coherence"),
            ),
            (self.open_threads > 0, "Ver las observaciones", self._url("review")),
            ("PG-07b" in rules, "Ir a la consulta ciudadana", self._url("consultation")),
            ("workshop_missing" in codes, "Ver las mesas de trabajo", reverse("pes:workshops")),
            (self.plan.edition > 0, "Ver lo publicado", self._url("public-plan")),
            (self.plan.edition > 0, "Solicitudes de cambio", reverse("plans:requests")),
        )
        doors = [{"label": label, "url": url} for is_there, label, url in offered if is_there]
        return [*doors, *registry.collect("plan_links", self.plan)]

    @property
    def shown_problems(self) -> list[Problem]:
        """The first of them: a page of two hundred goals stays a page. A plan in force lacks nothing but decisions."""
        if self.status is PlanStatus.PUBLISHED:
            return [problem for problem in self.problems if not problem.blocking]
        return self.problems[:MOST_PROBLEMS]

    @property
    def more_problems(self) -> int:
        """How many are left for the page of coherence."""
        return max(len(self.problems) - MOST_PROBLEMS, 0)

    @property
    def warnings(self) -> int:
        """Findings that stop nothing."""
        return sum(1 for found in self.findings if not found.problem.blocking)

    @cached_property
    def reason(self) -> str:
        """Why this person cannot take the next act now; empty when they can."""
        if self.step is None:
            return ""
        permission = PERMISSION_OF[self.step.verb]
        if permission is None or not can(self.user, permission, self.plan):
            return self.step.elsewhere
        blocking = [problem for problem in self.problems if problem.blocking]
        if not blocking:
            return ""
        rest = "" if len(blocking) == 1 else f" Y {len(blocking) - 1} más."
        return f"{blocking[0].message}{rest}"

    @property
    def asks_case(self) -> bool:
        """Whether the page holds the form of the HOLA case."""
        return self.status is PlanStatus.VALIDATED and not self.reason

    @property
    def act_url(self) -> str:
        """Where the next act is taken."""
        return self.plan.url(_URLS[self.step.verb]) if self.step else ""

    @property
    def tabs(self) -> list[dict[str, Any]]:
        """The pages of the plan, with what waits in each."""
        active = sum(1 for goal in self.facts.goals if goal.status is GoalStatus.ACTIVE)
        blocking = len(self.findings) - self.warnings
        return tabs_of(self.plan, "plan", goals=active, coherence=blocking, review=self.open_threads)

    @property
    def instruments(self) -> str:
        """The instruments it is articulated with, in words."""
        return ", ".join(instrument.label for instrument in self.plan.chosen_instruments)

    @property
    def case(self) -> str:
        """The HOLA case with which it is official."""
        return f"{self.plan.hola_case}, del {long_date(self.plan.hola_on)}" if self.plan.hola_case else ""

    @property
    def edition(self) -> str:
        """Which edition the public reads."""
        return f"{self.plan.edition}, desde el {long_date(self.plan.published_at)}" if self.plan.edition else ""

    @cached_property
    def history(self) -> list[dict[str, Any]]:
        """Every transition, the last one first: who, when, why."""
        return [_event(self.plan, event) for event in last_acts(self.plan)]

    def _url(self, name: str) -> str:
        return self.plan.url(name)


def identification_form(plan: PlanGestion, data: Any = None) -> IdentificationForm:
    """The form of the identification block, as it stands or as it was sent."""
    facts = identification_facts(plan)
    return IdentificationForm(data, initial=facts | {"read": fingerprint(facts)})


def words(problems: Iterable[Problem]) -> list[str]:
    """Problems as sentences, for messages."""
    return [f"{problem.message} {problem.fix}".strip() for problem in problems]


def _event(plan: PlanGestion, event: AuditEvent) -> dict[str, Any]:
    title, tone = TITLES[event.verb]
    after = event.after or {}
    number = after.get("version")
    return {
        "title": title,
        "tone": tone,
        "when": long_instant(event.at),
        "who": str(event.actor) if event.actor else "Alguien sin identificar",
        "why": event.reason or (f"Caso HOLA {after['hola_case']}" if after.get("hola_case") else ""),
        "version": f"Versión {number}" if number else "",
        "version_url": plan.url("version", number) if number else "",
    }
