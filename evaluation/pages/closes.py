"""The closes of quarters for who makes them: what each needs, and a run with its results and its history."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from django.db.models import Count, Max, Q, QuerySet
from django.urls import reverse

from evaluation.models import QuarterClose
from evaluation.pages.standings import LEVEL_NAMES
from evaluation.plan_facts import IN_FORCE, Place, PlanFact, ReportFact, report_states
from evaluation.quarter_closes import close_facts, close_jobs, closes_of, outdated_since
from evaluation.quarter_publications import problems_of_publication
from evaluation.rules.quarter_close import CloseFacts, consolidation_problems
from pes.access import can
from pes.dates import long_date, long_instant
from pes.models import JobState, OrganizationUnit, UnitKind
from pes.permissions import Permission
from pes.rules.problems import Problem
from plans.models import ChangeRequest
from plans.rules.change_states import ChangeStatus
from tracking.models import QuarterReport
from tracking.pages.report import TONES
from tracking.rules.report_states import OFFICIAL, ReportStatus

NO_POWER = "Consolida la oficina asesora de planeación."
NO_PUBLISH = "Publica la oficina asesora de planeación o la de comunicaciones."


@dataclass(frozen=True, slots=True)
class CloseLine:
    """A quarter and level in the list."""

    label: str
    level: str
    url: str
    tone: str
    state: str
    reports: str
    run: str


@dataclass(frozen=True, slots=True)
class WaitingRow:
    """A plan whose report is not official."""

    code: str
    name: str
    url: str
    tone: str
    state: str
    due: str


@dataclass(frozen=True, slots=True)
class RunRow:
    """A run in the history."""

    label: str
    url: str
    when: str
    who: str
    reason: str
    digest: str
    is_shown: bool
    tone: str
    state: str


class ClosePage:
    """A quarter of a level: what it needs to be consolidated, the run that is shown, and the others."""

    def __init__(
        self, entity: OrganizationUnit, place: Place, quarter: int, user: Any, today: date, run: int | None
    ) -> None:
        self.entity, self.place, self.quarter, self.user, self.today = entity, place, quarter, user, today
        self.states = report_states(place, quarter, today)
        self.facts: CloseFacts = close_facts(place, quarter, today, self.states)
        self.closes = list(closes_of(place, quarter).select_related("entity", "closed_by", "publication"))
        self.close = next((one for one in self.closes if run in (None, one.run)), None)
        self.job = close_jobs(place, quarter).filter(state__in=(JobState.QUEUED, JobState.RUNNING)).first()
        self.may_close = can(user, Permission.QUARTER_CONSOLIDATE, entity)
        self.may_record = can(user, Permission.COMMITTEE_RECORD, entity)
        self.may_publish = can(user, Permission.QUARTER_PUBLISH, entity)

    @property
    def title(self) -> str:
        """«Cierre de T1 2022»."""
        return f"Cierre de T{self.quarter} {self.place.vigencia}"

    @property
    def level(self) -> str:
        """«Procesos centrales»."""
        return LEVEL_NAMES[self.place.level]

    @property
    def next_run(self) -> int:
        """Number of the run that consolidating would make."""
        return self.facts.last_run + 1

    @property
    def problems(self) -> list[Problem]:
        """Warnings of consolidating now."""
        return [one for one in self._problems if not one.blocking]

    @property
    def reason(self) -> str:
        """Why it cannot be consolidated now by this person; empty when it can."""
        if not self.may_close:
            return NO_POWER
        return " ".join(f"{one.message} {one.fix}".strip() for one in self._problems if one.blocking)

    @property
    def _problems(self) -> list[Problem]:
        return consolidation_problems(self.facts, today=self.today, reason="·")  # its form asks for the reason

    @property
    def is_due(self) -> bool:
        """Whether there is anything to consolidate: before the first run, or when something moved since the last."""
        return not self.facts.last_run or self.facts.fresh > 0 or self.facts.is_outdated

    @property
    def counts(self) -> dict[str, str]:
        """How the level stands, in figures."""
        official = sum(report is not None and report.counts for _, report in self.states.of_quarter(self.quarter))
        return {
            "plans": str(len(self.states.plans)),
            "official": f"{official} de {len(self.states.plans)}",
            "waiting": str(len(self.facts.waiting)),
            "extended": str(len(self.facts.extended)),
            "due": long_date(self.facts.due_on),
        }

    @property
    def waiting(self) -> list[WaitingRow]:
        """Plans without an official report, in the order of the organisation."""
        found = self.states.of_quarter(self.quarter)
        return [self._waiting(plan, report) for plan, report in found if not (report is not None and report.counts)]

    def _waiting(self, plan: PlanFact, report: ReportFact | None) -> WaitingRow:
        if report is None:
            return WaitingRow(plan.code, plan.name, "", "off", "Sin abrir", "–")
        status = ReportStatus(report.status)
        url = reverse("tracking:report", args=[plan.code, self.place.vigencia, self.quarter])
        return WaitingRow(plan.code, plan.name, url, TONES[status], status.label, long_date(report.due_on))

    @property
    def changes(self) -> list[str]:
        """Plans with a change request that was approved and not applied: the old goal is what would be rated (PG-09j)."""
        found = ChangeRequest.objects.filter(goal__plan__in=[plan.pk for plan in self.states.plans])
        names = found.filter(status=ChangeStatus.APPROVED).order_by("goal__plan__unit__sort_key", "pk")
        return [
            f"{name}, meta {number}" for name, number in names.values_list("goal__plan__unit__name", "goal__number")
        ]

    @property
    def runs(self) -> list[RunRow]:
        """Every run, the last one first; those before it are labelled."""
        return [self._run(close) for close in self.closes]

    def _run(self, close: QuarterClose) -> RunRow:
        is_last = close.run == self.closes[0].run
        public = hasattr(close, "publication")
        state = "Publicada" if public else "Oficial"
        return RunRow(
            label=run_label(close, is_last=is_last),
            url=f"{close.get_absolute_url()}?corrida={close.run}",
            when=long_instant(close.closed_at),
            who=str(close.closed_by),
            reason=close.reason,
            digest=close.digest,
            is_shown=close == self.close,
            tone=("ok" if public else "course") if is_last else "off",
            state=state if is_last else "Sustituida",
        )

    @property
    def is_last_shown(self) -> bool:
        """Whether the run that is shown is the official one."""
        return self.close is not None and self.close == self.closes[0]

    @property
    def is_public(self) -> bool:
        """Whether the run that is shown is on the public page."""
        return self.close is not None and hasattr(self.close, "publication")

    @property
    def publish_reason(self) -> str:
        """Why the run that is shown cannot be published by this person; a note is asked for by its form."""
        if not self.may_publish:
            return NO_PUBLISH
        return " ".join(f"{one.message} {one.fix}".strip() for one in self._of_publication if one.blocking)

    @property
    def publish_warnings(self) -> list[Problem]:
        """What to know before publishing the run that is shown: whose report is reopened (WF18)."""
        return [one for one in self._of_publication if not one.blocking]

    @cached_property
    def _of_publication(self) -> list[Problem]:
        return problems_of_publication(self.close, "·") if self.close else []

    @property
    def corrects_public(self) -> bool:
        """Whether an earlier run is public, so that this one must say what it corrects (AZ13)."""
        return any(hasattr(one, "publication") for one in self.closes[1:])


def run_label(close: QuarterClose, *, is_last: bool) -> str:
    """«Corrida 2», or «Corrida 1, sustituida»."""
    return f"Corrida {close.run}" if is_last else f"Corrida {close.run}, sustituida"


def seen_entities(user: Any) -> QuerySet[OrganizationUnit]:
    """Entities with plans that a person may read whole."""
    held = OrganizationUnit.objects.visible_to(user, Permission.PLAN_READ).filter(kind=UnitKind.ENTITY)
    return held.filter(children__management_plans__status__in=IN_FORCE).distinct().order_by("sort_key", "code")


def close_lines(entity: OrganizationUnit, vigencia: int, today: date) -> list[CloseLine]:
    """The quarters of an entity and vigencia that have reports, the last one first; two queries."""
    counted: dict[tuple[int, str], dict[str, int]] = {}
    reports = QuarterReport.objects.filter(**Place(entity.pk, vigencia).where("plan__")).order_by()
    dues: dict[tuple[int, str], date] = {}
    ended: dict[tuple[int, str], date] = {}
    found = reports.values_list("quarter", "plan__level", "status", "legal_due_on")
    passed = Max("due_on", filter=Q(due_on__lt=today) & ~Q(status__in=OFFICIAL))
    for quarter, level, status, due_on, count, past in found.annotate(Count("pk"), ended=passed):
        states = counted.setdefault((quarter, level), {})
        states[status] = states.get(status, 0) + count
        dues[quarter, level] = max(due_on, dues.get((quarter, level), due_on))
        if past is not None:
            ended[quarter, level] = max(past, ended.get((quarter, level), past))
    closes: dict[tuple[int, str], QuarterClose] = {}
    for close in (
        QuarterClose.objects.filter(entity=entity, vigencia=vigencia).select_related("publication").order_by("run")
    ):
        closes[close.quarter, close.level] = close
    places = sorted(counted, key=lambda place: (-place[0], place[1]))
    return [
        _line(entity, vigencia, place, counted[place], dues[place], _standing(place, closes, ended.get(place)), today)
        for place in places
    ]


def _standing(
    place: tuple[int, str], closes: Mapping[tuple[int, str], QuarterClose], ended: date | None
) -> tuple[QuarterClose | None, bool]:
    """The last run of a quarter and level, and whether what it used has moved since."""
    closed_at = {quarter: close.closed_at for (quarter, level), close in closes.items() if level == place[1]}
    return closes.get(place), outdated_since(place[0], closed_at, ended) is not None


def vigencias_of(entities: Iterable[OrganizationUnit]) -> list[int]:
    """Vigencias with reports, the last one first."""
    found = QuarterReport.objects.filter(plan__unit__parent__in=list(entities)).order_by("-plan__vigencia")
    return list(found.values_list("plan__vigencia", flat=True).distinct())


def _line(
    entity: OrganizationUnit,
    vigencia: int,
    place: tuple[int, str],
    states: dict[str, int],
    due_on: date,
    standing: tuple[QuarterClose | None, bool],
    today: date,
) -> CloseLine:
    (quarter, level), (close, is_outdated) = place, standing
    total, official = sum(states.values()), sum(count for status, count in states.items() if status in OFFICIAL)
    has_new = states.get(ReportStatus.VALIDATED, 0) > 0
    tone, state = _state(close, has_new, is_outdated, due_on, today)
    return CloseLine(
        label=f"T{quarter} {vigencia}",
        level=LEVEL_NAMES[level],
        url=reverse("evaluation:close", args=[entity.code, vigencia, quarter, level]),
        tone=tone,
        state=state,
        reports=f"{official} de {total}",
        run=f"Corrida {close.run}" if close else "–",
    )


def _state(close: QuarterClose | None, has_new: bool, is_outdated: bool, due_on: date, today: date) -> tuple[str, str]:
    if close is None:
        waits = today <= due_on
        return ("off", f"En plazo hasta el {long_date(due_on)}") if waits else ("warn", "Por consolidar")
    if has_new:
        return "warn", "Hay reportes nuevos: otra corrida"
    if is_outdated:
        return "warn", "Desactualizado: otra corrida"
    return ("ok", "Publicado") if hasattr(close, "publication") else ("course", "Consolidado, sin publicar")
