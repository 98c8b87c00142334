"""What the pages of meetings show: rows and words prepared, nothing asked of the database by a template."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils import timezone

from pes.dates import long_date, long_instant
from pes.meetings.document import BEFORE_ADDENDUM, BEFORE_CLOSING, PENDING, edition_of
from pes.meetings.facts import what_it_is
from pes.meetings.minutes import closing_findings, holding_findings
from pes.meetings.tasks import making
from pes.models import Commitment, SectorPlan, TechnicalWorkshop
from pes.roads.phases import facts_of
from pes.rules.commitments import CommitmentStatus, is_overdue
from pes.rules.gates import GateCondition, condition_states
from pes.rules.technical_workshops import MeetingStatus, coverage, is_in_field

Row = dict[str, Any]
TONES = {
    MeetingStatus.SCHEDULED: "info",
    MeetingStatus.HELD: "warn",
    MeetingStatus.CLOSED: "ok",
    MeetingStatus.CANCELLED: "neutral",
}
SINCE = {
    PENDING: "Puede haber cambios después.",
    BEFORE_CLOSING: "Después se cerró el acta.",
    BEFORE_ADDENDUM: "Después se agregó una adenda.",
}
_ASKED = (
    GateCondition("workshops_with_every_entity", "Mesa de trabajo con cada entidad (fase 1)"),
    GateCondition("methodology_presented", "Metodología presentada a las entidades (fase 1)"),
    GateCondition("workshops_of_each_kind", "Una mesa de cada clase (fase 2)"),
    GateCondition("socialised", "PES socializado (fase 3)"),
    GateCondition("evaluation_socialised", "Evaluación socializada (fase 6)"),
)


def list_row(meeting: Any) -> Row:
    """A meeting in the list; its counts are annotated, its entities at hand."""
    return {
        "topic": meeting.topic,
        "url": meeting.get_absolute_url(),
        "what": what_it_is(meeting),
        "when": long_date(meeting.on),
        "hours": f"{meeting.starts:%H:%M}–{meeting.ends:%H:%M}",
        "entities": ", ".join(one.short_name for one in meeting.entities.all()) or "–",
        "status": status_words(meeting),
        "tone": TONES[MeetingStatus(meeting.status)],
        "commitments": f"{meeting.done} de {meeting.promised} cumplidos" if meeting.promised else "–",
    }


def status_words(meeting: TechnicalWorkshop) -> str:
    """The state; a meeting to come says whether it is convened."""
    if meeting.status == MeetingStatus.SCHEDULED and meeting.convened_at is not None:
        return "Convocada"
    return str(meeting.get_status_display())


def gate_rows(plan: SectorPlan) -> list[Row]:
    """What the gates of the road ask of the meetings, met or missing: what the road itself says of them."""
    return [
        {
            "label": state.text,
            "words": "Cumplido" if state.is_met else state.missing,
            "tone": "ok" if state.is_met else "none",
        }
        for state in condition_states(_ASKED, facts_of(plan, "meeting_gate_facts"))
    ]


def road_of(meeting: TechnicalWorkshop) -> list[Row]:
    """Scheduled, convened, held, closed: where the meeting is."""
    reached = {
        "Programada": True,
        "Convocada": meeting.convened_at is not None,
        "Celebrada": meeting.held_at is not None,
        "Acta cerrada": meeting.closed_at is not None,
    }
    if reached["Celebrada"] and not reached["Convocada"]:
        del reached["Convocada"]  # it was held without an invitation of ours
    last = max(place for place, is_reached in enumerate(reached.values()) if is_reached)
    states = ["done" if place < last else "current" if place == last else "todo" for place in range(len(reached))]
    return [{"label": label, "state": state} for label, state in zip(reached, states, strict=True)]


def meeting_context(meeting: TechnicalWorkshop) -> Row:
    """Everything that the page of a meeting tells, but what the person may do."""
    return {
        "meeting": meeting,
        "what": what_it_is(meeting),
        "when": f"{long_date(meeting.on)}, de {meeting.starts:%H:%M} a {meeting.ends:%H:%M}",
        "status": status_words(meeting),
        "tone": TONES[MeetingStatus(meeting.status)],
        "road": road_of(meeting),
        "about": _about(meeting),
        "invited": [_invited(row) for row in meeting.invitations.all()],
        "untold": sum(1 for row in meeting.invitations.all() if row.person_id and row.mailed_at is None),
        "files": [_file(row) for row in meeting.files.select_related("file__uploaded_by")],
        "document": _document(meeting),
        "making": _making(meeting),
        **_written(meeting),
        **_next(meeting),
    }


def _written(meeting: TechnicalWorkshop) -> Row:
    """Agenda, attendance and minutes."""
    people, addenda = list(meeting.attendees.all()), meeting.addenda.select_related("by")
    return {
        "agenda": [_point(item) for item in meeting.agenda.all()],
        "is_held": meeting.status in (MeetingStatus.HELD, MeetingStatus.CLOSED),
        "is_field": is_in_field(meeting.method),
        "decisions": [row.text for row in meeting.decisions.all()],
        "observations": [(row.theme, row.text) for row in meeting.observations.all()],
        "attendance": [_attendee(row) for row in people],
        "absent": _absent(meeting, people),
        "commitments": [commitment_row(row) for row in _commitments(meeting)],
        "addenda": [(str(row), f"{long_instant(row.at)} · {row.by}", row.text) for row in addenda],
    }


def _next(meeting: TechnicalWorkshop) -> Row:
    """What stands between the meeting and its next state; only the act that comes first has the primary tone."""
    today = timezone.localdate()
    findings = closing_findings(meeting) if meeting.status == MeetingStatus.HELD else []
    is_past = meeting.on < today
    return {
        "is_past": is_past,
        "attendance_tone": "primary" if is_past else "",
        "minutes_tone": "primary" if findings else "",
        "attendance_reason": next((one.message for one in holding_findings(meeting, today)), ""),
        "findings": findings,
        "closing_reason": next((one.message for one in findings if one.blocking), ""),
    }


def commitment_row(row: Commitment) -> Row:
    """A commitment in a list; its meeting, plan and owners are at hand."""
    today = timezone.localdate()
    overdue = is_overdue(row.status, row.due_on, today)
    tones = {CommitmentStatus.FULFILLED: "ok", CommitmentStatus.WITHDRAWN: "neutral"}
    return {
        "pk": row.pk,
        "text": row.text,
        "url": row.get_absolute_url(),
        "owner": row.owner_name,
        "due": long_date(row.due_on),
        "status": "Vencido" if overdue else row.get_status_display(),
        "tone": "risk" if overdue else tones.get(CommitmentStatus(row.status), "info"),
        "meeting": row.meeting.topic,
        "meeting_url": row.meeting.get_absolute_url(),
        "remove_url": row.url("commitment-remove"),
    }


def note_row(row: Any) -> Row:
    """What was told of a commitment."""
    tones = {"fulfilled": "ok", "reopened": "warn", "rescheduled": "warn", "withdrawn": "none"}
    return {
        "title": row.get_event_display(),
        "when": long_instant(row.at),
        "who": str(row.by),
        "tone": tones.get(row.event, "course"),
        "text": row.text,
        "link": row.link,
        "file": row.file,
    }


def _commitments(meeting: TechnicalWorkshop) -> Any:
    rows = meeting.commitments.select_related("meeting__plan__sector", "owner", "owner_entity")
    return rows.order_by("number")


def _about(meeting: TechnicalWorkshop) -> list[tuple[str, str]]:
    found = [
        ("Evento observado", f"{meeting.get_event_display()}: {meeting.event_name}" if meeting.event else ""),
        ("Lugar", meeting.place),
        ("Entidades convocadas", ", ".join(one.short_name for one in meeting.entities.all())),
        ("Programó", f"{meeting.registered_by}, {long_instant(meeting.registered_at)}"),
        ("Convocó", f"{meeting.convened_by}, {long_instant(meeting.convened_at)}" if meeting.convened_by else ""),
        ("Registró la asistencia", f"{meeting.held_by}, {long_instant(meeting.held_at)}" if meeting.held_by else ""),
        ("Cerró el acta", f"{meeting.closed_by}, {long_instant(meeting.closed_at)}" if meeting.closed_by else ""),
    ]
    return [(label, value) for label, value in found if value]


def _point(item: Any) -> Row:
    return {
        "hours": f"{item.starts:%H:%M}–{item.ends:%H:%M}",
        "topic": str(item),
        "name": item.topic,
        "minutes": item.minutes,
    }


def _attendee(row: Any) -> tuple[str, str, str]:
    return row.entity.short_name if row.entity else "Otros", row.name or "Nombre reservado", row.position


def _absent(meeting: TechnicalWorkshop, people: list[Any]) -> str:
    came = [row.entity.short_name for row in people if row.entity is not None]
    return ", ".join(coverage(came, [one.short_name for one in meeting.entities.all()])) if people else ""


def _invited(row: Any) -> Row:
    if row.person_id is None:
        name, post = row.guest_name, row.guest_position
        return {"name": name or post, "detail": f"{post} · sin cuenta" if name else "Sin cuenta"}
    sent = f"Convocatoria enviada el {long_instant(row.mailed_at)}" if row.mailed_at else "Convocatoria sin enviar"
    return {"name": str(row.person), "detail": sent}


def _file(row: Any) -> Row:
    kept = row.file
    suffix = kept.display_name.rpartition(".")[2].upper()
    detail = f"{kept.display_name} · {long_date(kept.uploaded_at)} · {kept.uploaded_by}"
    return {"url": kept.get_absolute_url(), "label": row.note, "format": suffix, "detail": detail}


def _document(meeting: TechnicalWorkshop) -> Row:
    """The rendered acta, if there is one, called what it is today."""
    made = getattr(meeting, "document", None)
    if made is None:
        return {}
    edition = edition_of(meeting, made.made_at)
    return {
        "label": edition,
        "made": f"Generada el {long_instant(made.made_at)}. {SINCE.get(edition, '')}".rstrip(),
        "pdf": meeting.url("meeting-pdf"),
        "docx": meeting.url("meeting-docx"),
        "pages": "1 página" if made.pages == 1 else f"{made.pages} páginas",
    }


def _making(meeting: TechnicalWorkshop) -> Row:
    """The files that are on their way, and where to see how they go."""
    job = making(meeting)
    if job is None:
        return {}
    is_closed = meeting.status == MeetingStatus.CLOSED
    words = "El acta cerrada se está preparando." if is_closed else "El acta se está preparando."
    return {"words": words, "url": reverse("pes:job", args=[job.pk])}
