"""The weights of an objective in a vigencia: what is programmed, what each one weighs, and what a change would do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.forms import BoundField
from django.http import Http404
from django.urls import reverse

from evaluation.facts import indicator_facts
from evaluation.forms import LockForm, ReopenForm, WeightsForm, filled
from evaluation.models import WeightSet, WeightStatus
from evaluation.models.weights import fingerprint_of
from evaluation.pages.dashboard import short, weight_text
from evaluation.pages.names import IndicatorName, indicator_names
from evaluation.pages.reading import percent_text, read
from evaluation.pages.selection import Selection
from evaluation.rules.compliance import objective_result
from evaluation.rules.weight_sets import lock_problems
from pes.access import can
from pes.dates import long_date
from pes.models import IndicatorTarget, Objective
from pes.permissions import Permission
from pes.rules.numbers import format_magnitude

LOCKED = "Las ponderaciones están bloqueadas por un acto; reábralas primero."
NO_EDIT = "Edita ponderaciones la oficina asesora de planeación."
A_FUTURE_ACT = "por escribir"  # the form asks for it; it is not what keeps the button disabled
NO_LOCK = "Bloquea y reabre la jefatura de la oficina asesora de planeación."


@dataclass(frozen=True)
class WeightRow:
    """An indicator programmed in the vigencia and its box."""

    code: str
    name: str
    url: str
    programmed: str
    current: str
    result: str
    box: BoundField


@dataclass(frozen=True)
class Preview:
    """The objective at the vigencia's last cut-off, before and after the weights in the boxes."""

    cutoff: str
    before: str
    after: str


@dataclass(frozen=True)
class WeightsPage:
    """The editor."""

    objective: Objective
    status: str
    tone: str
    is_locked: bool
    act: str
    rows: tuple[WeightRow, ...]
    form: WeightsForm
    preview: Preview | None
    is_filled: bool
    tabs: tuple[dict[str, Any], ...]
    edit_reason: str
    lock_reason: str
    reopen_reason: str
    lock_form: LockForm
    reopen_form: ReopenForm
    urls: dict[str, str]


class Editor:
    """What the views of one editor share: the set, the programmed indicators and their names."""

    def __init__(self, selection: Selection, number: int) -> None:
        found = Objective.objects.filter(plan=selection.plan, number=number).select_related("plan__sector").first()
        if found is None:
            raise Http404
        self.selection, self.objective = selection, found
        stored = WeightSet.objects.filter(objective=found, vigencia=selection.vigencia).first()
        self.weight_set = stored or WeightSet(objective=found, vigencia_id=selection.vigencia)
        self.weights = self.weight_set.by_key() if stored else {}
        self.read = fingerprint_of(self.weights)
        names = indicator_names(selection.plan)
        self.names: dict[str, IndicatorName] = {key: names[key] for key in self.weight_set.programmed_keys()}
        self.labels = {key: f"{name.code} · {short(name.name, 60)}" for key, name in self.names.items()}

    @property
    def is_locked(self) -> bool:
        """Whether an act has frozen the weights."""
        return bool(self.weight_set.status == WeightStatus.LOCKED)

    def url(self, name: str) -> str:
        """Address of a page or act of this editor."""
        return reverse(f"evaluation:{name}", args=[self.selection.slug, self.selection.vigencia, self.objective.number])


def weights_page(
    editor: Editor,
    user: Any,
    *,
    form: WeightsForm | None = None,
    proposed: Mapping[str, Decimal] | None = None,
    lock_form: LockForm | None = None,
    reopen_form: ReopenForm | None = None,
) -> WeightsPage:
    """Build the page; `proposed` are the weights whose effect is shown."""
    weight_set, locked = editor.weight_set, editor.is_locked
    edit_reason = _edit_reason(editor, user)
    shown = form or filled(editor.labels, editor.weights, editor.read, disabled=bool(edit_reason))
    may_lock = can(user, Permission.WEIGHTS_LOCK, editor.objective)
    return WeightsPage(
        objective=editor.objective,
        status="Bloqueadas" if locked else "En edición",
        tone="ok" if locked else "course",
        is_locked=locked,
        act=f"{weight_set.act}{f' del {long_date(weight_set.act_on)}' if weight_set.act_on else ''}",
        rows=_rows(editor, shown),
        form=shown,
        preview=None if proposed is None else preview_of(editor, proposed),
        is_filled=form is not None and not form.is_bound,
        tabs=_tabs(editor),
        edit_reason=edit_reason,
        lock_reason=_lock_reason(editor, user) if may_lock else NO_LOCK,
        reopen_reason="" if may_lock else NO_LOCK,
        lock_form=lock_form or LockForm(),
        reopen_form=reopen_form or ReopenForm(),
        urls={name: editor.url(f"weights-{name}") for name in ("preview", "save", "lock", "reopen")}
        | {
            "objectives": reverse(
                "evaluation:objective-weights", args=[editor.selection.slug, editor.selection.vigencia]
            )
        },
    )


def preview_of(editor: Editor, proposed: Mapping[str, Decimal]) -> Preview | None:
    """What the vigencia's last cut-off would say with the proposed weights; None while nothing was measured."""
    row = editor.selection.chosen
    if row is None:
        return None
    reading, number = read(row), editor.objective.number
    facts = [
        fact._replace(weight=proposed.get(fact.key))
        for fact in indicator_facts(editor.objective.plan, row.on)
        if fact.objective == number
    ]
    after = objective_result(number, facts, reading.policy, closed=row.is_consolidated)
    before = reading.objective(number)
    return Preview(
        long_date(row.on), percent_text(before.compliance if before else None), percent_text(after.compliance)
    )


def _rows(editor: Editor, form: WeightsForm) -> tuple[WeightRow, ...]:
    selection = editor.selection
    targets = dict(
        IndicatorTarget.objects.filter(
            indicator__goal__objective=editor.objective, vigencia=selection.vigencia
        ).values_list("indicator__key", "programmed")
    )
    reading = read(selection.chosen) if selection.chosen else None
    found = reading.objective(editor.objective.number) if reading else None
    results = {one.key: one for one in found.indicators} if found else {}
    return tuple(
        WeightRow(
            code=name.code,
            name=name.name,
            url=selection.url("indicator", key),
            programmed=format_magnitude(targets.get(key)),
            current=weight_text(editor.weights.get(key)) or "Sin peso",
            result=percent_text(results[key].progress) if key in results and results[key].progress is not None else "–",
            box=box,
        )
        for (key, name), box in zip(editor.names.items(), form.boxes(), strict=True)
    )


def _edit_reason(editor: Editor, user: Any) -> str:
    if not can(user, Permission.WEIGHTS_EDIT, editor.objective):
        return NO_EDIT
    if not editor.names:
        return "Ningún indicador del objetivo está programado en la vigencia."
    return LOCKED if editor.is_locked else ""


def _lock_reason(editor: Editor, user: Any) -> str:
    edited = editor.weight_set.edited_by_id == user.pk
    problems = lock_problems(editor.weights, programmed=editor.names.keys(), act=A_FUTURE_ACT, actor_edited=edited)
    return " ".join(f"{problem.message} {problem.fix}".strip() for problem in problems)


def _tabs(editor: Editor) -> tuple[dict[str, Any], ...]:
    selection = editor.selection
    year, here = [selection.slug, selection.vigencia], editor.objective.number
    numbers = Objective.objects.filter(plan=selection.plan).order_by("number").values_list("number", flat=True)
    between = {"label": "Entre objetivos", "url": reverse("evaluation:objective-weights", args=year), "current": False}
    one_by_one = [
        {"label": f"O{number}", "url": reverse("evaluation:weights", args=[*year, number]), "current": number == here}
        for number in numbers
    ]
    return (*one_by_one, between)
