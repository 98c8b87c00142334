"""Quarters that wait to be consolidated, published or taken to the Comité: read by «Mi trabajo» and the ageing board."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, Max, Q, QuerySet
from django.urls import reverse
from django.utils import timezone

from evaluation.models import QuarterClose
from evaluation.pages.standings import LEVEL_NAMES
from evaluation.quarter_closes import last_runs, outdated_since
from pes.permissions import Permission
from tracking.models import QuarterReport
from tracking.rules.report_states import ReportStatus

_SENT = Q(status__in=(ReportStatus.VALIDATED, ReportStatus.CONSOLIDATED, ReportStatus.PUBLISHED))


@dataclass(frozen=True, slots=True)
class CloseWork:
    """A quarter of a level of an entity at one step of its close; `run` is the one to make, or the one that waits."""

    entity: str
    entity_code: str
    vigencia: int
    quarter: int
    level: str
    run: int
    since: date
    detail: str

    @property
    def place(self) -> str:
        """«T1 de 2022, procesos centrales»."""
        return f"T{self.quarter} de {self.vigencia}, {LEVEL_NAMES[self.level].lower()}"

    @property
    def name(self) -> str:
        """«T1 de 2022, procesos centrales de la Secretaría»."""
        return f"{self.place} de {self.entity}"

    @property
    def url(self) -> str:
        """The close's page."""
        return reverse("evaluation:close", args=[self.entity_code, self.vigencia, self.quarter, self.level])


def to_consolidate(user: Any, today: date) -> Iterator[CloseWork]:
    """Levels whose term has passed and that have no run, or that something moved since (REP-04); two queries.

    Nobody's delay stops a first run: what is missing then rates by PT-17.
    """
    closed = _last_closes(user)
    rows = (
        QuarterReport.objects.visible_to(user, Permission.QUARTER_CONSOLIDATE)
        .values_list(
            "plan__unit__parent", "plan__unit__parent__name", "plan__unit__parent__code",
            "plan__vigencia", "quarter", "plan__level",
        )
        .annotate(
            total=Count("pk"),
            validated=Count("pk", filter=_SENT),
            fresh=Count("pk", filter=Q(status=ReportStatus.VALIDATED)),
            due=Max("legal_due_on"),
            last=Max("validated_at", filter=Q(status=ReportStatus.VALIDATED)),
            ended=Max("due_on", filter=~_SENT & Q(due_on__lt=today)),
        )
        .order_by("plan__vigencia", "quarter", "plan__level")
    )  # fmt: skip
    for entity, name, code, vigencia, quarter, level, total, validated, fresh, due, last, ended in rows:
        runs = closed.get((entity, vigencia, level), {})
        run = runs[quarter][0] if quarter in runs else 0
        outdated = outdated_since(quarter, {number: at for number, (_, at) in runs.items()}, ended)
        if due < today and (fresh or outdated or not run):
            since = due + timedelta(days=1)
            if run:
                since = min(day for day in (last and max(since, timezone.localdate(last)), outdated) if day)
            detail = f"{validated} de {total} reportes validados." + (_again(run, bool(fresh)) if run else "")
            yield CloseWork(name, code, vigencia, quarter, level, run + 1, since, detail)


def _last_closes(user: Any) -> dict[tuple[int, int, str], dict[int, tuple[int, datetime]]]:
    """Entity, vigencia and level → quarter → its last run and when it was made; one query."""
    found: dict[tuple[int, int, str], dict[int, tuple[int, datetime]]] = {}
    closes = QuarterClose.objects.visible_to(user, Permission.QUARTER_CONSOLIDATE).order_by()
    counted = closes.values_list("entity", "vigencia", "level", "quarter").annotate(
        last=Max("run"), at=Max("closed_at")
    )
    for entity, vigencia, level, quarter, run, at in counted:
        found.setdefault((entity, vigencia, level), {})[quarter] = (run, at)
    return found


def _again(run: int, has_new_reports: bool) -> str:
    why = "" if has_new_reports else " Cambió un trimestre anterior o venció una prórroga."
    return f"{why} Sería la corrida {run + 1}: pide un motivo."


def to_publish(user: Any) -> Iterator[CloseWork]:
    """The last run of each close that is not on the public page yet (PG-PUB); one query."""
    found = last_runs().visible_to(user, Permission.QUARTER_PUBLISH).filter(publication=None)
    yield from _works(found, "Consolidado y sin publicar.")


def to_record(user: Any) -> Iterator[CloseWork]:
    """The published results that no act of the Comité has received (act. 13); one query."""
    mine = last_runs().visible_to(user, Permission.COMMITTEE_RECORD)
    found = mine.filter(publication__isnull=False, committee_records=None)
    yield from _works(found, "Publicado y sin acta del Comité.")


def _works(closes: QuerySet[QuarterClose], detail: str) -> Iterator[CloseWork]:
    for one in closes.select_related("entity", "publication").order_by("closed_at"):
        published = getattr(one, "publication", None)
        since = timezone.localdate(published.at if published else one.closed_at)
        said = f"Corrida {one.run}. {detail}"
        yield CloseWork(one.entity.name, one.entity.code, one.vigencia, one.quarter, one.level, one.run, since, said)
