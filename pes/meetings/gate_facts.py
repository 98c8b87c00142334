"""What the meetings of a PES answer to the gates of its road: G1, G2, G3 and G6 (LC-02, LC-03)."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse

from pes import registry
from pes.meetings.people import entities_of
from pes.models import MeetingAttendee, SectorPlan, TechnicalWorkshop
from pes.rules.gates import GateFact
from pes.rules.technical_workshops import MeetingKind, MeetingPurpose, MeetingStatus, coverage

_P = MeetingPurpose
_WORKING = (_P.TECHNICAL.value, _P.METHODOLOGY.value)  # what the Guía calls «mesa de trabajo»
_NO_MESA = "Falta una mesa con acta cerrada a la que haya asistido: {}."
_NOT_PRESENTED = "Falta presentar la metodología (reunión con acta cerrada) a: {}."


def gate_facts(plan: SectorPlan) -> Iterator[GateFact]:
    """Five facts, of meetings whose minutes are closed: before that, what was agreed can still change. Three queries."""
    url = reverse("pes:meetings", args=[plan.sector.code, plan.first_vigencia])
    closed = TechnicalWorkshop.objects.filter(plan=plan, status=MeetingStatus.CLOSED)
    held = set(closed.order_by().values_list("purpose", "kind").distinct())
    rows = MeetingAttendee.objects.filter(meeting__in=closed, entity__isnull=False)
    came = list(rows.order_by().values_list("meeting__purpose", "entity__code").distinct())
    names = {one.code: one.short_name for one in entities_of(plan)}
    worked = {code for purpose, code in came if purpose in _WORKING}
    yield _everybody("workshops_with_every_entity", names, worked, url, _NO_MESA)
    told = {code for purpose, code in came if purpose == _P.METHODOLOGY}
    yield _everybody("methodology_presented", names, told, url, _NOT_PRESENTED)
    yield _each_kind(plan, {kind for purpose, kind in held if purpose in (_P.TECHNICAL, _P.FIELD)}, url)
    purposes = {purpose for purpose, _ in held}
    yield _one("socialised", _P.SOCIALISATION in purposes, "Falta una reunión de socialización con acta cerrada.", url)
    said = "Falta una reunión de socialización de resultados con acta cerrada."
    yield _one("evaluation_socialised", _P.RESULTS in purposes, said, url)


def _everybody(code: str, names: dict[str, str], came: set[str], url: str, words: str) -> GateFact:
    lacking = coverage(came, list(names))
    missing = words.format(", ".join(names[one] for one in lacking)) if lacking else ""
    if not names:
        missing = "El sector no tiene entidades."
    return _one(code, not missing, missing, url)


def _each_kind(plan: SectorPlan, held: set[str], url: str) -> GateFact:
    """One mesa of each kind; the community may also have answered a survey, which another part knows of."""
    lacking = [kind for kind in MeetingKind if kind.value not in held]
    if MeetingKind.COMUNIDAD in lacking and any(registry.collect("community_validation", plan)):
        lacking.remove(MeetingKind.COMUNIDAD)
    named = ", ".join(kind.label.lower() for kind in lacking)
    missing = f"Falta una mesa técnica con acta cerrada de: {named}." if named else ""
    if MeetingKind.COMUNIDAD in lacking:
        missing += " Con la comunidad también vale una encuesta ciudadana cerrada."
    return _one("workshops_of_each_kind", not lacking, missing, url)


def _one(code: str, is_met: bool, missing: str, url: str) -> GateFact:
    return GateFact(code, is_met, "" if is_met else missing, url)
