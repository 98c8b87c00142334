"""Everything that happened to a report, in one line of time: who, when and what (SM-2, WF19, WF21)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pes.dates import long_date, long_instant
from pes.models import AuditEvent
from plans.models import Side
from plans.pages.threads import SIDES
from tracking.lifecycle import TRACES, last_acts
from tracking.models import (
    Evidence,
    EvidenceWithdrawal,
    QuarterReport,
    ReportObservationTurn,
    ReportVersion,
    TechnicalCorrection,
)
from tracking.pages.report_threads import NOTHING, place_of
from tracking.rules.goal_reports import ENTRY_BY_NAME

KINDS = (
    ("", "Todo"),
    ("pasos", "Pasos y versiones"),
    ("observaciones", "Observaciones"),
    ("correcciones", "Correcciones"),
    ("evidencias", "Evidencias"),
)
_EXTENDED = "report_extended"
_SAID = {
    "report_opened": ("Se abrió", "none"),
    _EXTENDED: ("Se prorrogó el plazo", "warn"),
    TRACES["submit"]: ("Enviado", "course"),
    TRACES["resubmit"]: ("Enviado otra vez, con las observaciones respondidas", "course"),
    TRACES["take"]: ("Tomado para revisar", "course"),
    TRACES["send_back"]: ("Devuelto con observaciones", "warn"),
    TRACES["validate"]: ("Validado", "ok"),
    TRACES["reopen"]: ("Reabierto", "warn"),
    TRACES["consolidate"]: ("Consolidado", "ok"),
    TRACES["publish"]: ("Socializado", "ok"),
}


@dataclass(frozen=True, slots=True)
class Happening:
    """One thing that happened; `before` and `after` are there when something took the place of something."""

    kind: str
    at: datetime
    title: str
    tone: str
    who: str
    text: str = ""
    url: str = ""
    link: str = ""
    before: str = ""
    after: str = ""

    @property
    def when(self) -> str:
        """The instant, in words."""
        return long_instant(self.at)


def happenings_of(report: QuarterReport) -> list[Happening]:
    """Everything, the last one first; seven queries whatever its goals."""
    found = [*_steps(report), *_turns(report), *_corrections(report), *_evidence(report), *_withdrawals(report)]
    return sorted(found, key=lambda one: one.at, reverse=True)


def _steps(report: QuarterReport) -> Iterator[Happening]:
    instants = _instants(report)
    for event in last_acts(report):
        title, tone = _SAID[event.verb]
        after = event.after or {}
        version = after.get("version")
        which = after.get("due_on") if event.verb == _EXTENDED else version
        yield Happening(
            "pasos",
            instants.pop((event.verb, which), event.at),
            title,
            tone,
            str(event.actor) if event.actor else "El sistema",
            text=" ".join(_step_words(event, after)),
            url=f"{report.url('report-history')}?version={version}" if version else "",
            link=f"Versión {version}, huella {after['digest'][:12]}…" if version else "",
        )


def _instants(report: QuarterReport) -> dict[tuple[str, Any], datetime]:
    """Verb and version, or new due date → when the act counts as done: the instant kept, for the last of each verb."""
    known: dict[tuple[str, Any], datetime | None] = {
        ("report_opened", None): report.opened_at,
        (TRACES["take"], None): report.taken_at,
        (TRACES["send_back"], None): report.returned_at,
        (TRACES["consolidate"], None): report.consolidated_at,
        (TRACES["publish"], None): report.published_at,
    }
    for number, event, at in report.versions.values_list("number", "event", "at"):
        verbs = ("validate",) if event == ReportVersion.Event.VALIDATED else ("submit", "resubmit")
        known |= {(TRACES[verb], number): at for verb in verbs}
    for due_on, at in report.extensions.values_list("to_due_on", "at"):
        known[_EXTENDED, due_on.isoformat()] = at
    return {key: at for key, at in known.items() if at is not None}


def _step_words(event: AuditEvent, after: dict[str, Any]) -> Iterator[str]:
    if after.get("late"):
        yield "Extemporáneo."
    if due := after.get("due_on"):
        yield f"Vence el {long_date(datetime.fromisoformat(due).date())}."
    if event.reason:
        yield f"Motivo: {event.reason}"


def _turns(report: QuarterReport) -> Iterator[Happening]:
    turns = ReportObservationTurn.objects.filter(observation__report=report)
    for turn in turns.select_related("observation__entry__goal", "by").order_by("pk"):
        side = Side(turn.side)
        tone = "course" if side is Side.TEAM else "warn"
        title = f"{SIDES[side]} · {place_of(turn.observation)}"
        yield Happening("observaciones", turn.at, title, tone, str(turn.by), text=turn.text)


def _corrections(report: QuarterReport) -> Iterator[Happening]:
    rows = TechnicalCorrection.objects.filter(entry__report=report).select_related("entry__goal", "by").order_by("pk")
    for row in rows:
        yield Happening(
            "correcciones",
            row.at,
            f"Corrección de la OAP · Meta {row.entry.goal.number} · {ENTRY_BY_NAME[row.field].label}",
            "over",
            str(row.by),
            text=f"Motivo: {row.reason}",
            before=row.before or NOTHING,
            after=row.after or NOTHING,
        )


def _evidence(report: QuarterReport) -> Iterator[Happening]:
    rows = Evidence.objects.filter(entry__report=report).select_related("entry__goal", "uploaded_by", "replaces")
    for row in rows.order_by("uploaded_at"):
        title = f"{'Versión nueva de una evidencia' if row.replaces else 'Evidencia'} · Meta {row.entry.goal.number}"
        words = f"{row.get_kind_display()}. " + (f"Huella {row.sha256[:12]}…" if row.sha256 else row.url)
        if row.replaces:
            words += f" Toma el lugar de «{row.replaces}», que se conserva."
        yield Happening(
            "evidencias",
            row.uploaded_at,
            title,
            "course",
            str(row.uploaded_by),
            text=words,
            url=row.get_absolute_url(),
            link=row.display_name,
        )


def _withdrawals(report: QuarterReport) -> Iterator[Happening]:
    rows = EvidenceWithdrawal.objects.filter(evidence__entry__report=report)
    for row in rows.select_related("evidence__entry__goal", "by").order_by("at"):
        title = f"Evidencia retirada antes de enviar · Meta {row.evidence.entry.goal.number}"
        yield Happening("evidencias", row.at, title, "none", str(row.by), text=f"«{row.evidence}»")
