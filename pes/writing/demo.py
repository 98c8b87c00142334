"""The documents of the demonstration: an invented one for Gobierno, half written; what is published for Gestión Pública."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.utils import timezone

from pes.models import DocumentSection, PlanDocument, SectorPlan, StrategicLine, User
from pes.permissions import Role
from pes.rules.rich_markup import from_markup
from pes.writing.assignment import Task, assign_sections, read_of, sections_of
from pes.writing.comments import answer_comment, comment_section, resolve_comment
from pes.writing.structure import open_document
from pes.writing.texts import finish_section, write_section

FIXTURE = settings.BASE_DIR / "fixtures" / "demo_documento.json"
SPAN = timedelta(days=40)  # over which the texts were written


def load(*, now: datetime) -> None:
    """Open and write the documents that nobody opened; a second time changes nothing."""
    for plan in SectorPlan.objects.filter(sector__code__in=_read("", "")).select_related("sector"):
        if not PlanDocument.objects.filter(plan=plan).exists():
            said = _read(str(plan.first_vigencia), str(plan.last_vigencia))[plan.sector.code]
            _Loader(plan, now).load(said)


def _read(first: str, last: str) -> dict[str, Any]:
    text = FIXTURE.read_text(encoding="utf-8").replace("{y0}", first).replace("{y4}", last)
    return {name: value for name, value in json.loads(text).items() if name != "about"}


class _Loader:
    """Writes the document of one plan with the verbs, each person at their moment."""

    def __init__(self, plan: SectorPlan, now: datetime) -> None:
        self.plan, self.now = plan, now
        self.lines = {str(line.number): line.pk for line in StrategicLine.objects.filter(plan=plan)}
        self.head = self._head()
        self.document = open_document(plan, by=self.head, now=now - SPAN)
        self.sections = {row.key: row for row in sections_of(self.document)}

    def load(self, said: Mapping[str, Any]) -> None:
        """Who writes what, then the texts, then the comments."""
        self.assign([{"key": row["key"], "to": row["by"], "days": None} for row in said["sections"]] + said["tasks"])
        rows = [row for row in said["sections"] if self.section(row["key"]) is not None]
        for place, row in enumerate(rows):
            self.write(row, self.now - SPAN + SPAN * (place + 1) / (len(rows) + 3))
        for row in said["comments"]:
            self.comment(row)

    def section(self, key: str) -> DocumentSection | None:
        """A section by its key; of a line, by the line's number."""
        name, _, number = key.partition(":")
        return self.sections.get(f"line:{self.lines.get(number)}" if name == "line" else key)

    def assign(self, rows: Iterable[Mapping[str, Any]]) -> None:
        """All at once, as the form does."""
        today = timezone.localdate(self.now)
        tasks = {
            section.pk: Task(
                _person(row["to"]).pk, None if row["days"] is None else today + timedelta(days=row["days"])
            )
            for row in rows
            if (section := self.section(row["key"])) is not None
        }
        assign_sections(self.document, tasks, read=read_of(sections_of(self.document)), by=self.head)

    def write(self, row: Mapping[str, Any], at: datetime) -> None:
        """A text of a person at a moment, perhaps declared ready."""
        section, by = self.section(row["key"]), _person(row["by"])
        assert section is not None  # load has looked
        write_section(section, from_markup(row["text"]), read=0, by=by, now=at)
        if row.get("ready"):
            finish_section(section, by=by)

    def comment(self, row: Mapping[str, Any]) -> None:
        """A thread with its answers."""
        section = self.section(row["key"])
        if section is None:
            return
        at = self.now - timedelta(days=2)
        thread = comment_section(section, row["text"], quote=row["quote"], by=_person(row["by"]), now=at)
        for hours, (who, text) in enumerate(row["answers"], 5):
            answer_comment(thread, text, by=_person(who), now=at + timedelta(hours=hours))
        if row.get("resolved"):
            resolve_comment(thread, by=_person(row["by"]), now=at + timedelta(hours=20))

    def _head(self) -> User:
        """Who plans the sector: its own analyst."""
        people = User.objects.filter(memberships__unit=self.plan.sector, memberships__role=Role.ANALISTA_OAP)
        return people.order_by("pk")[0]


def _person(name: str) -> User:
    return User.objects.get(email=f"{name}@demo.invalid")
