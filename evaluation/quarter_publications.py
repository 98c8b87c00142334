"""What follows a close: its results go public, and the Comité receives them (PG-PUB, AZ13; act. 13)."""

from __future__ import annotations

from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from evaluation.models import CommitteeRecord, QuarterClose, QuarterPublication
from evaluation.plan_facts import Place
from evaluation.quarter_closes import closes_of
from evaluation.quarter_progress import ask_for_quarter
from evaluation.rules.quarter_close import publication_problems
from pes import audit
from pes.access import demand
from pes.dates import long_date
from pes.models import OrganizationUnit, User
from pes.permissions import Permission
from pes.rules.problems import Problem, Refused, refuse_if_any
from pes.rules.transitions import transition_for
from tracking.lifecycle import TRACES
from tracking.models import QuarterReport
from tracking.rules.report_states import OFFICIAL, TRANSITIONS, ReportStatus


@transaction.atomic
def publish_close(close: QuarterClose, *, by: User, note: str = "", now: datetime | None = None) -> QuarterPublication:
    """Put a run on the public page; a later one carries the note that says what it corrects (AZ13).

    Raises PermissionDenied, or Refused: not the last run, public already, a correction without its note.
    """
    demand(by, Permission.QUARTER_PUBLISH, close)
    instant = now or timezone.now()
    OrganizationUnit.objects.select_for_update(of=("self",), no_key=True).get(pk=close.entity_id)
    refuse_if_any(problems_of_publication(close, note))
    publication = QuarterPublication.objects.create(close=close, note=note.strip(), by=by, at=instant)
    audit.record(
        "quarter_published", close, by=by, reason=note.strip(), after={"close": str(close), "digest": close.digest}
    )
    _make_public(close, by, instant)
    ask_for_quarter(close.entity_id, close.vigencia, close.quarter, by=by)
    return publication


@transaction.atomic
def record_committee(
    close: QuarterClose, *, act: str, held_on: date, conclusions: str = "", by: User, now: datetime | None = None
) -> CommitteeRecord:
    """Keep the acta (GDI-GPD-F030) of the session in which the Comité received the results (act. 13).

    Raises PermissionDenied, or Refused: no acta, a session before the run was made or that has not been held, a later
    run, the same acta twice.
    """
    demand(by, Permission.COMMITTEE_RECORD, close)
    instant = now or timezone.now()
    refuse_if_any(committee_problems(close, act, held_on, timezone.localdate(instant)))
    try:
        with transaction.atomic():
            record = CommitteeRecord.objects.create(
                close=close, act=act.strip(), held_on=held_on, conclusions=conclusions.strip(), by=by, at=instant
            )
    except IntegrityError as error:
        message = f"El acta {act.strip()} ya está registrada para esta corrida."
        raise Refused([Problem("act_repeated", "WF1", message, fix="No hace falta repetirla.")]) from error
    said = {"close": str(close), "act": record.act, "held_on": held_on.isoformat()}
    audit.record("quarter_received", close, by=by, after=said)
    return record


def problems_of_publication(close: QuarterClose, note: str) -> list[Problem]:
    """What keeps a run from being published now, warnings included; two queries."""
    runs = list(closes_of(place_of(close), close.quarter).values_list("run", "publication__pk"))
    return publication_problems(
        is_latest=runs[0][0] == close.run,
        is_published=any(run == close.run and public for run, public in runs),
        published_before=any(run < close.run and public for run, public in runs),
        note=note,
        reopened=reopened_units(place_of(close), close.quarter),
    )


def reopened_units(place: Place, quarter: int) -> list[str]:
    """The units whose report of a quarter was accepted once and is under correction, in the order of the organisation."""
    accepted = QuarterReport.objects.filter(**place.where("plan__"), quarter=quarter, validated_at__isnull=False)
    names = accepted.exclude(status__in=OFFICIAL).order_by("plan__unit__sort_key", "plan__unit__code")
    return list(names.values_list("plan__unit__name", flat=True))


def committee_problems(close: QuarterClose, act: str, held_on: date, today: date) -> list[Problem]:
    """What is wrong with the record of a session."""
    found = []
    if not act.strip():
        message = "Falta el número del acta GDI-GPD-F030."
        found.append(Problem("act_missing", "REP-04", message, fix="Escríbalo como está en el acta."))
    made_on = timezone.localdate(close.closed_at)
    if not made_on <= held_on <= today:
        message = f"La sesión no pudo recibir estos resultados el {long_date(held_on)}: son del {long_date(made_on)}."
        fix = "Escriba el día en que sesionó, desde que se consolidaron hasta hoy."
        found.append(Problem("session_date_not_valid", "REP-04", message, fix=fix))
    if closes_of(place_of(close), close.quarter).filter(run__gt=close.run).exists():
        message = "Hay una corrida posterior de este trimestre."
        found.append(Problem("not_the_latest", "REP-04", message, fix="Registre el acta sobre la última."))
    return found


def place_of(close: QuarterClose) -> Place:
    """Where the plans of a close are."""
    return Place(close.entity_id, close.vigencia, close.level)


def _make_public(close: QuarterClose, by: User, now: datetime) -> None:
    """Every consolidated report of the level is made public with the run (SM-2); reopened ones wait for the next."""
    step = transition_for(TRANSITIONS, "publish")
    level = QuarterReport.objects.filter(**place_of(close).where("plan__"), quarter=close.quarter)
    rows = level.filter(status__in=step.sources).order_by("pk").only("pk")
    held = [report.pk for report in rows.select_for_update(of=("self",), no_key=True)]
    QuarterReport.objects.filter(pk__in=held, status__in=step.sources).update(
        status=step.target, revision=F("revision") + 1, published_at=now
    )
    for pk in held:
        state = {"state": ReportStatus.PUBLISHED.label, "run": close.run, "digest": close.digest}
        audit.record(TRACES["publish"], QuarterReport(pk=pk), by=by, after=state)
