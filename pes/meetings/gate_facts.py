"""What the meetings of a PES answer to the gates of its road: G1, G2 and G3 (LC-02, LC-03)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from django.urls import reverse
from django.utils import timezone

from pes import registry
from pes.approval.succession import succession
from pes.dates import long_date
from pes.meetings.people import entities_of
from pes.models import AdministrativeAct, Adoption, MeetingAttendee, SectorPlan, TechnicalWorkshop
from pes.rules.gates import GateFact
from pes.rules.technical_workshops import MeetingKind, MeetingPurpose, MeetingStatus, coverage

_P = MeetingPurpose
_WORKING = (_P.TECHNICAL.value, _P.METHODOLOGY.value)  # what the Guía calls «mesa de trabajo»
_NO_MESA = "Falta una mesa con acta cerrada a la que haya asistido: {}."
_NO_ACT = "Se socializa el PES adoptado: falta registrar el acto que lo adopta."
_NOT_PRESENTED = "Falta presentar la metodología (reunión con acta cerrada) a: {}."


def gate_facts(plan: SectorPlan) -> Iterator[GateFact]:
    """Four facts, of meetings whose minutes are closed: before that, what was agreed can still change. Five queries."""
    url = reverse("pes:meetings", args=[plan.sector.code, plan.first_vigencia])
    closed = TechnicalWorkshop.objects.filter(plan=plan, status=MeetingStatus.CLOSED)
    held = set(closed.order_by().values_list("purpose", "kind").distinct())
    rows = MeetingAttendee.objects.filter(meeting__in=closed, entity__isnull=False)
    came = list(rows.order_by().values_list("meeting__purpose", "entity__code").distinct())
    names = {one.code: one.short_name for one in entities_of(plan)}
    worked = {code for purpose, code in came if purpose in _WORKING}
    yield _everybody("workshops_with_every_entity", names, worked, url, _NO_MESA)
    shown = {code for purpose, code in came if purpose == _P.METHODOLOGY}
    yield _everybody("methodology_presented", names, shown, url, _NOT_PRESENTED)
    yield _each_kind(plan, {kind for purpose, kind in held if purpose in (_P.TECHNICAL, _P.FIELD)}, url)
    told = closed.filter(purpose=_P.SOCIALISATION).order_by("-on").values_list("on", flat=True).first()
    missing = _not_socialised(plan, told)
    yield _one("socialised", not missing, missing, url)


def _not_socialised(plan: SectorPlan, told: date | None) -> str:
    """What is socialised is the adopted PES: a meeting (the last: `told`) before its act tells of none (F3.P3)."""
    rows = list(Adoption.objects.filter(plan=plan).select_related("act"))
    if not rows:
        return _NO_ACT
    act = succession(rows, timezone.localdate()).current.act
    day = adopted_on(act)
    if told is not None and told >= day:
        return ""
    since = long_date(day) if act.issued_on or act.valid_from else str(act.year)
    return f"Falta una reunión de socialización con acta cerrada, desde la adopción del PES ({act}, {since})."


def adopted_on(act: AdministrativeAct) -> date:
    """The day of an act; of an old one perhaps only the year is known, and then its first day."""
    return act.issued_on or act.valid_from or date(act.year, 1, 1)


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
