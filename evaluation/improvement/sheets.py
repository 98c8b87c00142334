"""The page of a bottleneck and the page of an action: what they say, what may be done, and their history."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils import timezone

from evaluation.improvement.actions import may_follow
from evaluation.improvement.boards import (
    RELATED,
    SEVERITY_TONES,
    STATUS_TONES,
    ActionRow,
    action_rows,
    effect_text,
    holds_text,
)
from evaluation.improvement.effects import effects_of
from evaluation.improvement.forms import FollowUpForm, SolveForm, WordsForm
from evaluation.improvement.history import action_history, bottleneck_history
from evaluation.models import ActionFollowUp, Bottleneck, ImprovementAction
from evaluation.rules.improvement import FULL, age_text, due_tone, finish_problems
from evaluation.rules.improvement_states import (
    RUNNING,
    UNFINISHED,
    ActionKind,
    ActionStatus,
    BottleneckStatus,
    Severity,
)
from pes.dates import countdown, long_date, long_instant
from pes.rules.numbers import NO_BREAK_SPACE


@dataclass(frozen=True, slots=True)
class BottleneckSheet:
    """A bottleneck with its actions."""

    found: Bottleneck
    severity: tuple[str, str]  # tone, words
    status: tuple[str, str]
    facts: tuple[tuple[str, str], ...]
    targets: tuple[tuple[str, str], ...]  # words, address
    actions: list[ActionRow]
    unfinished: list[ActionRow]  # what is told before it is declared solved
    is_open: bool
    forms: Mapping[str, WordsForm]
    urls: Mapping[str, str]
    history: list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class FollowUpRow:
    """An entry of the follow-up."""

    when: str
    who: str
    progress: str
    text: str
    file: str
    file_url: str
    link: str


@dataclass(frozen=True, slots=True)
class ActionSheet:
    """An action with its follow-up, its effect and what may be done now."""

    found: ImprovementAction
    kind: str
    status: tuple[str, str]
    due: tuple[str, str]
    facts: tuple[tuple[str, str], ...]
    progress: int
    effect: str
    effect_notes: tuple[tuple[str, str], ...]
    entries: tuple[FollowUpRow, ...]
    may_follow: bool
    may_manage: bool
    is_running: bool
    is_done: bool
    finish_reason: str
    verify_reason: str
    forms: Mapping[str, Any]
    urls: Mapping[str, str]
    history: list[dict[str, Any]]


def bottleneck_sheet(found: Bottleneck, *, may_manage: bool, bound: Mapping[str, Any]) -> BottleneckSheet:
    """The page of a bottleneck; `bound` has a form that came back."""
    today = timezone.localdate()
    actions = list(found.actions.select_related(*RELATED).prefetch_related("follow_ups").order_by("due_on", "pk"))
    is_open = found.status == BottleneckStatus.OPEN
    rows = action_rows(actions, effects_of(actions, today), today)
    unfinished = [row for one, row in zip(actions, rows, strict=True) if one.status in UNFINISHED]
    return BottleneckSheet(
        found=found,
        severity=(SEVERITY_TONES[Severity(found.severity)], f"Gravedad {Severity(found.severity).label.lower()}"),
        status=("course" if is_open else "ok", BottleneckStatus(found.status).label),
        facts=_bottleneck_facts(found, today),
        targets=_targets(found),
        actions=rows,
        unfinished=unfinished,
        is_open=is_open,
        forms=_acts(bound, len(unfinished)) if may_manage else {},
        urls={n: found.url(f"bottleneck-{n}") for n in ("edit", "solve", "reopen")}
        | {"action": found.url("action-new")},
        history=bottleneck_history(found),
    )


def action_sheet(found: ImprovementAction, user: Any, *, may_manage: bool, bound: Mapping[str, Any]) -> ActionSheet:
    """The page of an action; `bound` has a form that came back."""
    today = timezone.localdate()
    entries = list(found.follow_ups.select_related("file", "written_by").order_by("-pk"))
    last = entries[0].progress if entries else None
    is_open = found.status in RUNNING
    proof = any(one.file_id or one.link for one in entries)
    measured = effects_of([found], today).get(found.pk)
    names = ("follow", "finish", "verify", "send-back", "discard", "edit")
    return ActionSheet(
        found=found,
        kind=ActionKind(found.kind).label,
        status=(STATUS_TONES[ActionStatus(found.status)], ActionStatus(found.status).label),
        due=(due_tone(found.due_on, today, is_open=is_open), countdown(found.due_on, today) if is_open else ""),
        facts=_action_facts(found),
        progress=last or 0,
        effect=effect_text(measured),
        effect_notes=_effect_notes(measured),
        entries=tuple(_entry(one) for one in entries),
        may_follow=may_follow(user, found),
        may_manage=may_manage,
        is_running=found.status in RUNNING,
        is_done=found.status == ActionStatus.DONE,
        finish_reason=" ".join(f"{one.message} {one.fix}" for one in finish_problems(last=last, has_evidence=proof)),
        verify_reason=_verify_reason(found, user),
        forms={
            "follow": bound.get("follow") or FollowUpForm(prefix="follow", initial={"progress": last or 0}),
            "send_back": bound.get("send_back") or WordsForm(prefix="send_back", label="Qué falta"),
            "discard": bound.get("discard") or WordsForm(prefix="discard", label="Por qué se descarta"),
        },
        urls={name.replace("-", "_"): found.url(f"action-{name}") for name in names},
        history=action_history(found, entries),
    )


def _acts(bound: Mapping[str, Any], unfinished: int) -> dict[str, WordsForm]:
    return {
        "solve": bound.get("solve") or SolveForm(prefix="solve", unfinished=unfinished),
        "reopen": bound.get("reopen") or WordsForm(prefix="reopen", label="Por qué se reabre"),
    }


def _bottleneck_facts(found: Bottleneck, today: date) -> tuple[tuple[str, str], ...]:
    facts = [
        ("A cargo de", found.unit.name),
        ("Desde", f"{long_date(found.since)} ({age_text(found.since, today)})"),
        ("Registró", f"{found.registered_by} · {long_instant(found.registered_at)}"),
    ]
    if found.solved_on:
        facts += [("Superado el", long_date(found.solved_on)), ("Cómo se superó", found.solution)]
    return tuple(facts)


def _targets(found: Bottleneck) -> tuple[tuple[str, str], ...]:
    targets = []
    if found.indicator is not None:
        found.indicator.plan = found.plan
        targets.append((f"{found.indicator}: {found.indicator.name}", found.indicator.get_absolute_url()))
    if found.objective is not None:
        found.objective.plan = found.plan
        targets.append((f"{found.objective}: {found.objective.text}", found.objective.get_absolute_url()))
    if found.project is not None:
        targets.append((f"Proyecto {found.project}", ""))
    return tuple(targets)


def _action_facts(found: ImprovementAction) -> tuple[tuple[str, str], ...]:
    facts = [
        ("Responsable", str(found.owner)),
        ("Cuello de botella", found.bottleneck.title),
        ("Frena", holds_text(found.bottleneck)),
        ("Empieza", long_date(found.starts_on)),
        ("Vence", long_date(found.due_on)),
        ("Registró", f"{found.registered_by} · {long_instant(found.registered_at)}"),
    ]
    if found.done_on:
        facts.append(("Terminada", f"{found.done_by} · {long_date(found.done_on)}"))
    if found.verified_on:
        facts.append(("Verificada", f"{found.verified_by} · {long_date(found.verified_on)}"))
    if found.discard_reason:
        facts.append(("Por qué se descartó", found.discard_reason))
    return tuple(facts)


def _effect_notes(measured: Any) -> tuple[tuple[str, str], ...]:
    if measured is None:
        return ()
    ends = (("Corte anterior", measured.before), ("Último corte", measured.after))
    return tuple((label, long_date(one.on)) for label, one in ends if one is not None)


def _verify_reason(found: ImprovementAction, user: Any) -> str:
    if user.pk in (found.owner_id, found.done_by_id):
        return "Usted la hizo o la dio por terminada: la verifica otra persona."
    return ""


def _entry(one: ActionFollowUp) -> FollowUpRow:
    return FollowUpRow(
        when=long_instant(one.written_at),
        who=str(one.written_by),
        progress=f"{min(one.progress, FULL)}{NO_BREAK_SPACE}%",
        text=one.text,
        file=one.file.display_name if one.file else "",
        file_url=one.file.get_absolute_url() if one.file else "",
        link=one.link,
    )
