"""The page on which an entity reads a version, observes it and decides."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from pes.approval.files import document_from, version_reading
from pes.approval.reading import ReadChapter, read_chapters
from pes.approval.threads import ShownThread, shown, threads_of
from pes.approval.versions import section_labels, unanswered
from pes.dates import countdown, long_date
from pes.models import EntityDecision, EntityObservation, EntityReading, OrganizationUnit, PesVersion
from pes.permissions import Permission
from pes.plan_frame import plan_url
from pes.rules.approval import approval_problems
from pes.rules.approval_states import OBSERVABLE, ApprovalStatus


@dataclass(frozen=True)
class EntityPage:
    """Everything that the page shows."""

    version: PesVersion
    state: str
    lead: str
    chapters: list[ReadChapter]
    labels: dict[str, str]
    threads: list[ShownThread]
    reading: str  # when it was read; blank: it was not
    decision: str
    decision_tone: str
    may_read: bool
    may_observe: bool
    observe_reason: str
    may_decide: bool
    approve_reason: str
    read_url: str
    observe_url: str
    approve_url: str
    decline_url: str
    observe_page: str


def entity_page(
    version: PesVersion, entity: OrganizationUnit, user: Any, powers: Mapping[Permission, bool], today: date
) -> EntityPage:
    """A version as one entity sees it now; a constant number of queries."""
    state, labels = version.round.state, section_labels(version)
    rows = threads_of(EntityObservation.objects.filter(version__round=version.round_id, entity=entity))
    reading = EntityReading.objects.filter(version=version, entity=entity).select_related("by").first()
    decision = EntityDecision.objects.filter(version=version, entity=entity).select_related("by").last()
    is_open, requested = state in OBSERVABLE, state == ApprovalStatus.APPROVAL_REQUESTED
    late = today > version.respond_by
    own = unanswered(version.round).filter(entity=entity).count()
    problems = approval_problems(own_open=own, is_presenter=version.presented_by_id == user.pk)
    has_approved = decision is not None and decision.approves
    parts = version_reading(version, None)
    counts = Counter(row.section for row in rows if row.version_id == version.pk)
    args = (version.number, entity.code)
    threads = shown(rows, labels)
    for thread in threads:
        if powers[Permission.DOCUMENT_OBSERVE] and is_open:
            thread.url, thread.label = plan_url(version.plan, "pes:approval-insist", thread.pk), "Insistir"
    return EntityPage(
        version=version,
        state=state.label,
        lead=_lead(version, state, today),
        chapters=read_chapters(parts.content, document_from(parts), counts),
        labels=labels,
        threads=threads,
        reading=f"Leída el {long_date(reading.at)} por {reading.by}" if reading else "",
        decision=_decided(decision),
        decision_tone="ok" if has_approved else "risk",
        may_read=powers[Permission.DOCUMENT_OBSERVE] and reading is None and (is_open or requested),
        may_observe=powers[Permission.DOCUMENT_OBSERVE] and is_open and not late,
        observe_reason=f"El plazo para observar terminó el {long_date(version.respond_by)}." if late else "",
        may_decide=powers[Permission.DOCUMENT_APPROVE] and requested and not has_approved,
        approve_reason=" ".join(problem.message for problem in problems),
        read_url=plan_url(version.plan, "pes:approval-read", *args),
        observe_url=plan_url(version.plan, "pes:approval-observe", *args),
        approve_url=plan_url(version.plan, "pes:approval-approve", *args),
        decline_url=plan_url(version.plan, "pes:approval-decline", *args),
        observe_page=plan_url(version.plan, "pes:approval-entity", entity.code),
    )


def _lead(version: PesVersion, state: ApprovalStatus, today: date) -> str:
    words = f"Versión {version.number}, presentada el {long_date(version.presented_at)}. {state.label}."
    if state in OBSERVABLE:
        left = countdown(version.respond_by, today).lower()
        words += f" Puede observar hasta el {long_date(version.respond_by)} ({left})."
    return words


def _decided(decision: EntityDecision | None) -> str:
    if decision is None:
        return ""
    verb = "Aprobó" if decision.approves else "No aprobó"
    return f"{verb} esta versión el {long_date(decision.at)}, por {decision.by}."
