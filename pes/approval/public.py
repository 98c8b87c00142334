"""The adopted PES for everybody: by sector, with their act and its validity (LC-06, REF-01, AZ12)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet
from django.urls import reverse

from pes.approval.shelf import (
    FileLink,
    ShownAct,
    ShownCorrection,
    corrections_of,
    file_links,
    publications_of,
    shown_act,
)
from pes.approval.succession import amending_acts, succession
from pes.dates import long_date
from pes.models import AdministrativeAct, Adoption, SectorPlan, VersionFiles

FILE, ACT_FILE = "pes:public-pes-file", "pes:public-pes-act"


@dataclass(frozen=True)
class PublicAdoption:
    """An adoption as everybody sees it."""

    pk: int
    act: ShownAct
    corrections: tuple[ShownCorrection, ...]
    version: str
    is_earlier: bool
    note: str
    files: tuple[FileLink, ...]
    publications: list[tuple[str, str, str]]


@dataclass(frozen=True)
class PublicPes:
    """A PES with the adoption in force, the ones to come and the earlier ones, each labelled."""

    name: str
    sector: str
    period: str
    url: str
    current: PublicAdoption
    upcoming: list[PublicAdoption]
    older: list[PublicAdoption]


def public_adoptions() -> QuerySet[Adoption]:
    """Every adoption, all of them public: the last one of each PES first. Without contents."""
    rows = Adoption.objects.select_related("plan__sector", "act__file", "act__repealed_by", "version")
    return rows.prefetch_related("publications", "act__corrections", "act__repealed_by__corrections").defer(
        "version__content"
    )


def public_plans(on: date) -> list[tuple[str, list[PublicPes]]]:
    """Sector → its adopted PES, the last period first; a constant number of queries."""
    by_plan: dict[int, list[Adoption]] = {}
    for adoption in public_adoptions().order_by(
        "plan__sector__sort_key", "plan__sector__code", "-plan__first_vigencia"
    ):
        by_plan.setdefault(adoption.plan_id, []).append(adoption)
    files = files_by_adoption(pk for rows in by_plan.values() for pk in (one.pk for one in rows))
    sectors: dict[str, list[PublicPes]] = {}
    for rows in by_plan.values():
        shown = public_pes(rows, on, files)
        sectors.setdefault(shown.sector, []).append(shown)
    return list(sectors.items())


def files_by_adoption(adoptions: Iterable[int]) -> dict[int, VersionFiles]:
    """The sealed files of some adoptions, by its id."""
    rows = VersionFiles.objects.standing().filter(adoption__in=list(adoptions))
    return {one.adoption_id: one for one in rows if one.adoption_id}


def public_pes(rows: list[Adoption], on: date, files: dict[int, VersionFiles]) -> PublicPes:
    """A PES from its adoptions, as of a day."""
    found, plan = succession(rows, on), rows[0].plan
    shown = {one.pk: _adoption(one, on, files.get(one.pk), amending_acts(one, rows)) for one in rows}
    return PublicPes(
        name=plan.name,
        sector=plan.sector.name,
        period=plan.period,
        url=reverse("pes:public-pes", args=[plan.sector.code, plan.first_vigencia]),
        current=shown[found.current.pk],
        upcoming=[shown[one.pk] for one in found.upcoming],
        older=[shown[one.pk] for one in found.past],
    )


def _adoption(
    one: Adoption, on: date, files: VersionFiles | None, amended_by: list[AdministrativeAct]
) -> PublicAdoption:
    plan: SectorPlan = one.plan
    place = (plan.sector.code, plan.first_vigencia)
    act_url = reverse(ACT_FILE, args=[*place, one.pk]) if one.act.file_id else ""
    said = f"Versión {one.version.number}, presentada el {long_date(one.version.presented_at)}" if one.version else ""
    return PublicAdoption(
        pk=one.pk,
        act=shown_act(one.act, on, amended_by=amended_by, file_url=act_url),
        corrections=corrections_of(one.act, is_public=True),
        version=said,
        is_earlier=one.is_earlier,
        note=one.note,
        files=file_links(files, FILE, *place, one.pk),
        publications=publications_of(one, is_public=True),
    )
