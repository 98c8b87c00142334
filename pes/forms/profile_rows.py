"""Tables that are edited whole: DNP's matrix of actors, and the resources of the projects of a vigencia."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django import forms
from django.db import transaction

from pes.edits import fingerprint
from pes.forms.base import DateInput, PlainTextarea
from pes.forms.edits import EditForm
from pes.forms.numbers import PesosField
from pes.models import SectorActor
from pes.profile.kinds import ACTOR
from pes.profile.records import change_record, facts_of, written
from pes.profile.resources import ProjectLine, money_facts, record_resources
from pes.rules.problems import Refused
from pes.rules.resources import Money

FUNCTIONS = ("planning", "execution", "follow_up")
AMOUNTS = ("programmed", "committed", "paid")
LONGEST = 4000


class RowForm(EditForm):
    """One row of a table; each box says which it is, for its column's head is far away."""

    title = ""

    def name_boxes(self) -> None:
        """Name every box after its column and its row."""
        for name, box in self.fields.items():
            if name != "read":
                box.widget.attrs["aria-label"] = f"{box.label} · {self.title}"

    def save(self, *, by: Any, now: datetime | None = None) -> bool:
        """Write the row through its verb; False when nothing changed."""
        raise NotImplementedError

    @property
    def is_touched(self) -> bool:
        """Whether what was sent is not what the person had read; what is stored may be a third thing by now."""
        return fingerprint(self.facts()) != self.cleaned_data["read"]

    @property
    def cells(self) -> list[Any]:
        """The bound boxes, in the order of the columns."""
        return [self[name] for name in self.fields if name != "read"]


class ActorRow(RowForm):
    """What an actor does in planning, execution and follow-up."""

    planning = forms.CharField(label="Planeación", required=False, max_length=LONGEST, widget=PlainTextarea())
    execution = forms.CharField(label="Ejecución", required=False, max_length=LONGEST, widget=PlainTextarea())
    follow_up = forms.CharField(
        label="Seguimiento y evaluación", required=False, max_length=LONGEST, widget=PlainTextarea()
    )

    def __init__(self, data: Any, actor: SectorActor) -> None:
        stored = {name: getattr(actor, name) for name in FUNCTIONS}
        read = {"read": fingerprint(facts_of(actor))}
        super().__init__(data, prefix=f"a{actor.pk}", initial=stored | read)
        self.actor, self.title = actor, actor.name
        self.name_boxes()
        for name in FUNCTIONS:
            self.fields[name].widget.attrs["rows"] = 4

    def said(self) -> dict[str, Any]:
        """The whole actor, with what was typed in its three boxes."""
        stored = {name: getattr(self.actor, name) for name in ACTOR.fields}
        return stored | {name: self.cleaned_data.get(name, "") for name in FUNCTIONS}

    def facts(self) -> Mapping[str, Any]:
        """What was typed, named as the audit names it."""
        return written(ACTOR, self.said())

    def save(self, *, by: Any, now: datetime | None = None) -> bool:
        """Correct the actor; a row that the person left as it was is left alone, whatever others did to it."""
        if not self.is_touched:
            return False
        return change_record(self.actor, self.said(), read=self.cleaned_data["read"], by=by, now=now)


class ResourceRow(RowForm):
    """The resources of a project in a vigencia."""

    programmed = PesosField(label="Programado", required=False)
    committed = PesosField(label="Comprometido", required=False)
    paid = PesosField(label="Pagado", required=False)
    cutoff_on = forms.DateField(label="Corte", required=False, widget=DateInput())
    source = forms.CharField(label="Fuente", required=False, max_length=250, widget=PlainTextarea(attrs={"rows": 2}))

    def __init__(self, data: Any, line: ProjectLine, vigencia: int) -> None:
        money = line.money
        stored = {name: getattr(money, name) for name in (*AMOUNTS, "cutoff_on", "source")}
        read = {"read": fingerprint(money_facts(money))}
        super().__init__(data, prefix=f"r{line.project.pk}", initial=stored | read)
        self.line, self.vigencia, self.title = line, vigencia, line.project.code
        self.name_boxes()

    def said(self) -> Money:
        """What was typed."""
        values = [self.cleaned_data.get(name) for name in (*AMOUNTS, "cutoff_on")]
        return Money(*values, source=" ".join(self.cleaned_data.get("source", "").split()))

    def facts(self) -> Mapping[str, Any]:
        """What was typed, named as the audit names it."""
        return money_facts(self.said())

    def save(self, *, by: Any, now: datetime | None = None) -> bool:
        """Write the resources; a row that the person left as it was is left alone."""
        if not self.is_touched:
            return False
        project, read = self.line.project, self.cleaned_data["read"]
        return record_resources(project, self.vigencia, self.said(), read=read, by=by, now=now)


def save_rows(rows: Sequence[RowForm], *, by: Any) -> int | None:
    """Write the rows, all or none: how many changed, or None when some was refused (its form says why)."""
    valid = [row.is_valid() for row in rows]  # all of them: every row tells what is wrong with it
    if not all(valid):
        return None
    with transaction.atomic():
        changed = 0
        for row in rows:
            try:
                changed += row.save(by=by)
            except Refused as refused:
                row.refuse(refused)
        if any(row.errors for row in rows):
            transaction.set_rollback(True)
            return None
    return changed
