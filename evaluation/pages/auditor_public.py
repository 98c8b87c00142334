"""The published informes de gestión for everybody: the last edition of each year, the others labelled (AZ12, AZ13)."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby

from django.db.models import QuerySet
from django.urls import reverse

from evaluation.models import AuditorReport
from evaluation.pages.portal import OldEdition
from evaluation.pages.reports import FileLink, links
from pes.dates import long_date
from pes.documents.serving import preview

FILE = "evaluation:public-management-file"


@dataclass(frozen=True)
class PublicManagement:
    """A year of an entity, by its newest public edition."""

    title: str
    url: str
    edition: str
    published: str
    correction: str
    files: tuple[FileLink, ...]
    older: tuple[OldEdition, ...]
    preview: str = ""


def published() -> QuerySet[AuditorReport]:
    """Every public edition, the last year first and its newest edition first."""
    rows = AuditorReport.objects.filter(publication__isnull=False).select_related("entity", "publication")
    return rows.order_by("-vigencia", "entity__sort_key", "entity__code", "-edition")


def public_years() -> list[PublicManagement]:
    """The list."""
    by_year = groupby(published(), key=lambda one: (one.vigencia, one.entity_id))
    return [public_year(list(editions)) for _, editions in by_year]


def public_year(editions: list[AuditorReport], *, whole: bool = False) -> PublicManagement:
    """A year from its public editions, the newest first; `whole` adds the text of the document."""
    newest, *older = editions
    return PublicManagement(
        title=f"Informe de gestión {newest.vigencia} · {newest.entity.name}",
        url=reverse("evaluation:public-management-report", args=[newest.entity.code, newest.vigencia]),
        edition=f"Edición {newest.edition}",
        published=long_date(newest.publication.at),
        correction=newest.reason,
        files=_files(newest),
        older=tuple(
            OldEdition(
                f"Edición {one.edition}, publicada el {long_date(one.publication.at)}. "
                f"La reemplazó la edición {newest.edition}.",
                _files(one),
            )
            for one in older
        ),
        preview=preview(newest) if whole else "",
    )


def _files(report: AuditorReport) -> tuple[FileLink, ...]:
    return links(report, FILE, [report.entity.code, report.vigencia])
