"""How complete a report is, what is missing and where, and the act that comes next for the person who looks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from pes.access import can, people_with
from pes.permissions import Permission
from pes.rules.problems import Problem
from tracking.content import Reading
from tracking.lifecycle import problems_of
from tracking.pages.report_goal import PLACES
from tracking.rules.completeness import Completeness, completeness
from tracking.rules.report_states import ReportStatus

LABELS = {"submit": "Enviar a la OAP", "resubmit": "Enviar otra vez a la OAP"}
TURN = {
    ReportStatus.OPEN: "Le corresponde al equipo: llenar sus metas y, a quien responde por el plan, enviarlo.",
    ReportStatus.FILLING: "Le corresponde al equipo: llenar sus metas y, a quien responde por el plan, enviarlo.",
    ReportStatus.SUBMITTED: "Le corresponde a la oficina asesora de planeación: tomarlo para revisarlo.",
    ReportStatus.IN_REVIEW: "Le corresponde a la oficina asesora de planeación: validarlo o devolverlo.",
    ReportStatus.RETURNED: "Le corresponde al equipo: responder las observaciones y, a quien responde por el plan, volver a enviarlo.",
    ReportStatus.VALIDATED: "Está aceptado: entra en la consolidación del trimestre.",
    ReportStatus.CONSOLIDATED: "Hace parte de los resultados oficiales del trimestre.",
    ReportStatus.PUBLISHED: "Sus resultados son públicos.",
}


@dataclass(frozen=True, slots=True)
class Lacking:
    """A goal with what it lacks: places of the page with their names."""

    number: int
    places: tuple[tuple[str, str], ...]


class ReportBar:
    """The strip of a report that says how far it is; made again with every saving."""

    def __init__(self, reading: Reading, user: Any, *, may_fill: bool) -> None:
        self.reading, self.report, self.user = reading, reading.report, user
        self.may_fill = may_fill
        self.status = ReportStatus(self.report.status)

    @cached_property
    def counted(self) -> Completeness:
        """What is there of what is asked; goals of central areas apart (PG-08)."""
        return completeness(self.reading.measured, self.report.quarter)

    @cached_property
    def waiting(self) -> Completeness:
        """What central areas still owe."""
        return completeness(self.reading.measured, self.report.quarter, central=True)

    @property
    def words(self) -> str:
        """«12 de 20 datos · 3 de 5 metas completas»."""
        found = self.counted
        if not found.total:
            return "Nada que reportar este trimestre"
        return f"{found.done} de {found.total} datos · {found.goals_done} de {found.goals_total} metas completas"

    @property
    def waiting_words(self) -> str:
        """How many goals of central areas lack their figure, which never keeps the plan from being sent (PG-08)."""
        owed = self.waiting.goals_total - self.waiting.goals_done
        if not owed:
            return ""
        count = "1 meta" if owed == 1 else f"{owed} metas"
        rest = "; el reporte se envía sin esperarlas." if self.report.is_editable else "."
        return f"Además, {count} por reportar de áreas centrales{rest}"

    @cached_property
    def lacking(self) -> tuple[Lacking, ...]:
        """What is missing, goal by goal."""
        found: dict[int, list[tuple[str, str]]] = {}
        for one in self.counted.missing:
            found.setdefault(one.goal or 0, []).append((one.field, PLACES[one.field]))
        return tuple(Lacking(number, tuple(places)) for number, places in found.items())

    @property
    def lacking_words(self) -> str:
        """How much is missing."""
        count = len(self.counted.missing)
        return "Falta 1 dato" if count == 1 else f"Faltan {count} datos"

    @property
    def verb(self) -> str:
        """The act of SM-2 that sends it from where it stands."""
        return "resubmit" if self.status is ReportStatus.RETURNED else "submit"

    @property
    def label(self) -> str:
        """What the button says."""
        return LABELS[self.verb]

    @cached_property
    def may_submit(self) -> bool:
        """Whether the person answers for the report, as its leader or as a delegate (PG-R4, AZ5)."""
        return self.report.is_editable and can(self.user, Permission.QUARTER_SUBMIT, self.report)

    @cached_property
    def problems(self) -> list[Problem]:
        """What keeps it from being sent."""
        return [one for one in problems_of(self.reading, self.verb, by=self.user) if one.blocking]

    @property
    def reason(self) -> str:
        """Why who may send it cannot yet; empty when it can be sent."""
        if not self.problems:
            return ""
        rest = "" if len(self.problems) == 1 else f" Y {len(self.problems) - 1} más."
        return f"{self.problems[0].message}{rest}"

    @cached_property
    def who_submits(self) -> str:
        """Who may send it, for a member of the team who may not."""
        if not self.may_fill or self.may_submit or not self.report.is_editable:
            return ""
        names = [str(person) for person in people_with(Permission.QUARTER_SUBMIT, self.report.plan.unit_id)]
        return (
            f"Lo envía {_either(names)}."
            if names
            else "Nadie tiene hoy el poder de enviarlo: avise a quien administra."
        )

    @property
    def turn(self) -> str:
        """Who must act now."""
        return TURN[self.status]


def _either(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} o {names[-1]}"
