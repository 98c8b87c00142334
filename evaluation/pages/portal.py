"""What anybody may read: published editions, the newest first, with what each one corrects. Never a name of staff."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby

from django.urls import reverse

from evaluation.models import IssuedReport, ReportKind
from evaluation.pages.reports import FileLink, links
from evaluation.rules.periods import parse_period
from pes.access import ScopedQuerySet
from pes.dates import long_date
from pes.documents.serving import preview


@dataclass(frozen=True)
class OldEdition:
    """An edition that a newer public one replaced; it stays readable, labelled (AZ13)."""

    label: str
    files: tuple[FileLink, ...]


@dataclass(frozen=True)
class PublicReport:
    """The newest public edition of a period."""

    title: str
    url: str
    edition: str
    published: str
    cutoff: str
    correction: str
    files: tuple[FileLink, ...]
    older: tuple[OldEdition, ...]
    preview: str = ""


@dataclass(frozen=True)
class PublicSector:
    """A sector with its published reports, the latest period first."""

    name: str
    code: str
    reports: tuple[PublicReport, ...]


def published() -> ScopedQuerySet[IssuedReport]:
    """Every public edition, by sector and period, the newest edition of each period first."""
    rows = IssuedReport.objects.filter(publication__isnull=False)
    return rows.select_related("plan__sector", "publication", "snapshot__cutoff").order_by(
        "plan__sector__sort_key", "plan__sector__code", "kind", "period", "-edition"
    )


def sectors() -> tuple[PublicSector, ...]:
    """The portal's list."""
    found = []
    for (code, name), rows in groupby(published(), key=lambda one: (one.plan.sector.code, one.plan.sector.name)):
        by_period = [
            list(editions) for _, editions in groupby(rows, key=lambda one: (one.plan_id, one.kind, one.period))
        ]
        by_period.sort(key=lambda editions: editions[0].slot.ends_on, reverse=True)
        found.append(PublicSector(name, code, tuple(public_report(editions) for editions in by_period)))
    return tuple(found)


def public_report(editions: list[IssuedReport], *, whole: bool = False) -> PublicReport:
    """A period from its public editions, the newest first; `whole` adds the text of the report."""
    newest, *older = editions
    args = [newest.plan.sector.code, newest.kind, newest.period]
    label = parse_period(newest.kind, newest.period).label
    return PublicReport(
        title=f"Informe {ReportKind(newest.kind).label.lower()} · {label}",
        url=reverse("evaluation:portal-report", args=args),
        edition=f"Edición {newest.edition}",
        published=long_date(newest.publication.published_at),
        cutoff=long_date(newest.snapshot.cutoff.on),
        correction=newest.reason,
        files=links(newest, "evaluation:portal-file", args),
        older=tuple(
            OldEdition(
                f"Edición {one.edition}, publicada el {long_date(one.publication.published_at)}. "
                f"La reemplazó la edición {newest.edition}.",
                links(one, "evaluation:portal-file", args),
            )
            for one in older
        ),
        preview=preview(newest) if whole else "",
    )
