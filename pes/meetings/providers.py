"""What the meetings offer to the rest: tabs of a PES, work that waits, facts of gates, and their jobs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from pes import registry
from pes.dates import long_date
from pes.meetings.gate_facts import gate_facts
from pes.meetings.mailing import MAIL_JOB
from pes.meetings.moves import REGISTER
from pes.meetings.tasks import MINUTES_JOB
from pes.models import Commitment, Job, SectorPlan, TechnicalWorkshop
from pes.permissions import Permission
from pes.rules.technical_workshops import MeetingStatus, is_past

SHOWN = 25  # of each kind of thing; the pages have the rest


def plan_tabs(user: Any, plan: SectorPlan) -> Iterator[dict[str, Any]]:
    """«Mesas» and «Compromisos»."""
    place = [plan.sector.code, plan.first_vigencia]
    yield {"key": "meetings", "label": "Mesas", "url": reverse("pes:meetings", args=place), "order": 30}
    yield {"key": "commitments", "label": "Compromisos", "url": reverse("pes:commitments", args=place), "order": 35}


def inbox(user: Any) -> Iterator[dict[str, Any]]:
    """Commitments that one owes, meetings to which one is invited, and those whose minutes one has to write."""
    yield from _commitments(user)
    yield from _invitations(user)
    yield from _minutes(user)


def job_scope(job: Job) -> Iterator[tuple[Permission, TechnicalWorkshop]]:
    """Who reads the PES may see how the acta goes; who convenes, how the letters go."""
    if job.kind in (MINUTES_JOB, MAIL_JOB):
        power = Permission.PES_READ if job.kind == MINUTES_JOB else REGISTER
        yield power, TechnicalWorkshop.objects.get(pk=job.payload["meeting"])


def job_title(job: Job) -> Iterator[str]:
    """«Acta de …»."""
    if job.kind in (MINUTES_JOB, MAIL_JOB):
        what = "Acta" if job.kind == MINUTES_JOB else "Convocatoria"
        yield f"{what} · {TechnicalWorkshop.objects.get(pk=job.payload['meeting']).topic}"


def job_links(job: Job) -> Iterator[dict[str, Any]]:
    """Where the files are."""
    if job.kind in (MINUTES_JOB, MAIL_JOB):
        meeting = TechnicalWorkshop.objects.select_related("plan__sector").get(pk=job.payload["meeting"])
        if job.kind == MINUTES_JOB:
            yield {"url": meeting.url("meeting-pdf"), "label": "Acta", "format": "PDF", "detail": _pages(job)}
            yield {"url": meeting.url("meeting-docx"), "label": "Acta", "format": "DOCX", "detail": ""}
        yield {"url": meeting.get_absolute_url(), "label": "Abrir la reunión", "format": "", "detail": ""}


def _pages(job: Job) -> str:
    pages = job.result["pages"]
    return "1 página" if pages == 1 else f"{pages} páginas"


def _commitments(user: Any) -> Iterator[dict[str, Any]]:
    rows = Commitment.objects.visible_to(user).open().answered_by(user)  # type: ignore[attr-defined]
    rows = rows.select_related("meeting__plan__sector", "owner_entity").order_by("due_on", "pk")
    for row in rows[:SHOWN]:
        of = f" a cargo de {row.owner_entity.short_name}" if row.owner_entity else ""
        yield {
            "title": f"Cumplir el compromiso{of}: {row.text[:140]}",
            "detail": f"Quedó en «{row.meeting.topic}», {long_date(row.meeting.on)}.",
            "url": row.get_absolute_url(),
            "due_on": row.due_on,
            "since": None,
            "kind": "commitment",
        }


def _invitations(user: Any) -> Iterator[dict[str, Any]]:
    rows = TechnicalWorkshop.objects.visible_to(user).filter(
        invitations__person=user,
        status=MeetingStatus.SCHEDULED,
        convened_at__isnull=False,
        on__gte=timezone.localdate(),
    )
    for row in rows.select_related("plan__sector").order_by("on", "starts")[:SHOWN]:
        yield {
            "title": f"Asistir: {row.topic}",
            "detail": f"{row.starts:%H:%M} a {row.ends:%H:%M} · {row.place or row.link}",
            "url": row.get_absolute_url(),
            "due_on": row.on,
            "since": None,
            "kind": "meeting",
        }


def _minutes(user: Any) -> Iterator[dict[str, Any]]:
    """Meetings whose day has come and minutes are open, for whoever keeps the meetings of the sector."""
    now = timezone.localtime()
    waiting = Q(status=MeetingStatus.HELD) | Q(status=MeetingStatus.SCHEDULED, on__lte=now.date())
    rows = TechnicalWorkshop.objects.visible_to(user, REGISTER).filter(waiting)
    for row in rows.select_related("plan__sector").order_by("on", "starts")[:SHOWN]:
        is_held = row.status == MeetingStatus.HELD
        if is_held or is_past(row.on, row.ends, now):
            yield {
                "title": f"{'Cerrar el acta' if is_held else 'Registrar la asistencia'}: {row.topic}",
                "detail": f"Reunión del {long_date(row.on)}.",
                "url": row.get_absolute_url(),
                "due_on": None,
                "since": row.on,
                "kind": "meeting",
            }


registry.provide("plan_tabs", plan_tabs)
registry.provide("gate_facts", gate_facts)
registry.provide("meeting_gate_facts", gate_facts)
registry.provide("inbox", inbox)
registry.provide("job_scope", job_scope)
registry.provide("job_title", job_title)
registry.provide("job_links", job_links)
