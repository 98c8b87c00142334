"""The invented follow-up and evaluation of the demonstration: responsible people, bottlenecks, actions, one run, one event.

Everything walks the real verbs, at the instants at which it would have; a plan that has some keeps what a visitor did.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from evaluation.accountability.events import (
    EventDraft,
    announce,
    keep_promise,
    mark_held,
    prepare_event,
    promise,
    publish_report,
)
from evaluation.accountability.questions import answer, ask
from evaluation.improvement.actions import ActionDraft, finish, follow_up, register_action, verify
from evaluation.improvement.bottlenecks import Draft, register_bottleneck, solve
from evaluation.improvement.responsibilities import assign, candidates, facts_of, owners_of
from evaluation.models import AccountabilityEvent, Bottleneck, Cutoff, Responsibility, ViabilityCheck
from evaluation.rules.improvement_states import ActionKind, Severity
from evaluation.rules.viability_terms import Answer, Requirement
from evaluation.viability.checks import answer_question, run_check
from evaluation.vigencias import current_vigencia
from pes.edits import fingerprint
from pes.models import Indicator, Membership, OrganizationUnit, SectorPlan, User
from tracking.demo_evidence import Fact, pdf

LISTED = settings.BASE_DIR / "fixtures" / "demo_mejora.json"
MORNING = time(10)
Told = Mapping[str, Any]


def load(*, now: datetime) -> None:
    """Phases 5 and 6 of both sectors' PES, once each."""
    listed = json.loads(LISTED.read_text(encoding="utf-8"))
    for told in listed["sectors"]:
        plans = SectorPlan.objects.filter(sector__code=told["sector"]).select_related("sector")
        plan = plans.order_by("-first_vigencia").first()
        by = User.objects.filter(email=told["by"]).first()
        if plan is not None and by is not None:
            _Phase(plan, told, by, now, listed["notice"]).walk()


class _Phase:
    """What the demonstration tells of one PES."""

    def __init__(self, plan: SectorPlan, told: Told, by: User, now: datetime, notice: str) -> None:
        self.plan, self.told, self.by, self.now, self.notice = plan, told, by, now, notice
        self.people = {one.email: one for one in User.objects.filter(email__endswith="@demo.invalid")}

    def walk(self) -> None:
        """Each part looks before it acts."""
        if not Responsibility.objects.filter(plan=self.plan).exists():
            self._assign()
        if not Bottleneck.objects.filter(plan=self.plan).exists():
            for told, low in zip(self.told["bottlenecks"], self._lowest(), strict=False):
                self._bottleneck(told, low)
        if not ViabilityCheck.objects.filter(plan=self.plan).exists():
            self._check()
        if "event" in self.told and not AccountabilityEvent.objects.filter(plan=self.plan).exists():
            self._event(self.told["event"])

    def _assign(self) -> None:
        """Each to the link of its entity, else to the first who may; the last ones stay without, so that it shows."""
        able = {one.email: one.pk for one in candidates(self.plan)}
        owners = [able[email] for email in self.told["owners"] if email in able]
        of_unit = dict(Membership.objects.filter(user__in=owners).values_list("unit_id", "user_id"))
        rows = Indicator.objects.filter(plan=self.plan).order_by("pk").values_list("pk", "goal_id", "entity_id")
        units = {("goal", goal): entity for _, goal, entity in rows}
        units |= {("indicator", pk): entity for pk, _, entity in rows}
        given = list(units)[: len(units) - self.told["unowned"]] if owners else []
        chosen = {key: of_unit.get(units[key], owners[0]) for key in given}
        assign(self.plan, chosen, read=fingerprint(facts_of(owners_of(self.plan))), by=self.by, now=self._at(-30))

    def _lowest(self) -> list[Indicator]:
        """The indicators with the lowest result at the last cut-off, or simply the first ones."""
        every = {
            one.key: one for one in Indicator.objects.filter(plan=self.plan).select_related("entity").order_by("key")
        }
        last = Cutoff.objects.filter(plan=self.plan).order_by("-on").first()
        measured = [i for o in last.sector_result.objectives for i in o.indicators] if last else []
        known = [(one.progress, one.key) for one in measured if one.progress is not None]
        return [every[key] for _, key in sorted(known)] or list(every.values())

    def _bottleneck(self, told: Told, indicator: Indicator) -> None:
        draft = Draft(
            unit=indicator.entity, title=told["title"], cause=f"{told['cause']} {self.notice}",
            severity=Severity(told["severity"]), since=self._day(told["since"]), indicator=indicator,
        )  # fmt: skip
        made = register_bottleneck(self.plan, draft, by=self.by, now=self._at(told["since"], 3))
        for action in told.get("actions", ()):
            self._action(made, action)
        if "solved" in told:
            solve(made, solution=told["solution"], by=self.by, now=self._at(told["solved"]))

    def _action(self, bottleneck: Bottleneck, told: Told) -> None:
        owner = self.people[told["owner"]]
        draft = ActionDraft(
            kind=ActionKind(told["kind"]), text=told["text"], expected_effect=told["effect"], owner=owner,
            starts_on=self._day(told["starts"]), due_on=self._day(told["due"]),
        )  # fmt: skip
        made = register_action(bottleneck, draft, by=self.by, now=self._at(told["starts"]))
        for days, progress, text, link in told["follow"]:
            follow_up(made, progress=progress, text=text, link=link, by=owner, now=self._at(days))
        last = told["follow"][-1][0]
        if told.get("end") in ("done", "verified"):
            finish(made, by=owner, now=self._at(last))
        if told.get("end") == "verified":
            verify(made, by=self.people[self.told["verifier"]], now=self._at(last, 2))

    def _check(self) -> None:
        for code, said, text in self.told["answers"]:
            words = f"{text} {self.notice}"
            answer_question(self.plan, Requirement(code), Answer(said), words, by=self.by, now=self._at(-7))
        run_check(self.plan, current_vigencia(self.plan, self._day(0)), by=self.by, now=self._at(-6))

    def _event(self, told: Told) -> None:
        draft = EventDraft(
            title=told["title"], held_on=self._day(told["day"]), starts_at=None, place=told["place"], link="",
            topics=told["topics"], invitation=told["invitation"], questions_until=self._day(told["until"]),
        )  # fmt: skip
        event = prepare_event(self.plan, draft, by=self.by, now=self._at(told["announced"]))
        announce(event, by=self.by, now=self._at(told["announced"]))
        facts = [Fact("Avance del sector", "100", "72"), Fact("Espacio público recuperado", "40", "31")]
        report = pdf("Informe para la rendición de cuentas", facts)
        publish_report(event, upload=SimpleUploadedFile("informe-demostracion.pdf", report), by=self.by)
        self._asked(event, told["questions"])
        mark_held(event, attendance=told["attendance"], by=self.by, now=self._at(told["day"]))
        for text, code, days, outcome in told["promises"]:
            unit, due = OrganizationUnit.objects.get(code=code), self._day(max(days, told["day"]))
            made = promise(event, text=text, unit=unit, due_on=due, by=self.by, now=self._at(told["day"]))
            if outcome:
                keep_promise(made, outcome=outcome, by=self.by, now=self._at(days))

    def _asked(self, event: AccountabilityEvent, told: Sequence[Any]) -> None:
        for days, name, text, code, said in told:
            made = ask(event, author_name=name, text=text, received_at=self._at(days))
            if said:
                office = OrganizationUnit.objects.get(code=code)
                answer(made, text=said, office=office, by=self.by, now=self._at(days + 2))

    def _at(self, when: int | str, later: int = 0) -> datetime:
        """Mid-morning of a day that is told, or so many days from now."""
        if isinstance(when, int):
            return self.now + timedelta(days=when + later)
        told = datetime.combine(date.fromisoformat(when), MORNING)
        return timezone.make_aware(told) + timedelta(days=later)

    def _day(self, when: int | str) -> date:
        return timezone.localdate(self._at(when))
