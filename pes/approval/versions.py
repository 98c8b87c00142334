"""Reading versions and where each entity stands; nothing here changes anything."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, OuterRef, QuerySet, Subquery

from pes import audit
from pes.models import (
    Adoption,
    ApprovalRound,
    EntityDecision,
    EntityObservation,
    EntityObservationTurn,
    EntityReading,
    ObservationSide,
    OrganizationUnit,
    PesVersion,
    SectorPlan,
    UnitKind,
)
from pes.rules.approval import EntityStand
from pes.writing.content import from_json

WHOLE = "Todo el documento"


@dataclass(frozen=True)
class Standing:
    """An entity beside a version: what the rules need of it, and who read and approved when, for screens."""

    entity: OrganizationUnit
    stand: EntityStand
    reading: EntityReading | None
    decision: EntityDecision | None  # the last one
    observations: int  # of this version


def digest_of(content: Mapping[str, Any]) -> str:
    """SHA-256 of a version's content, whatever the order of its keys; that of the file datos.json, too."""
    return hashlib.sha256(audit.canonical(content)).hexdigest()


def entities_of(plan: SectorPlan) -> QuerySet[OrganizationUnit]:
    """The entities that must approve a version, the head of the sector first (LC-08)."""
    return OrganizationUnit.objects.entities_of(plan.sector).filter(is_active=True)


def light_versions() -> QuerySet[PesVersion]:
    """Versions without their contents, which are heavy, with who presented them."""
    return PesVersion.objects.defer("content").select_related("presented_by", "round", "plan__sector")


def latest_version(plan: SectorPlan) -> PesVersion | None:
    """The last version that was presented, without its content."""
    return light_versions().filter(plan=plan).order_by("-number").first()


def latest_of(round_: ApprovalRound) -> PesVersion:
    """The version that a round is about now, without its content."""
    return light_versions().filter(round=round_).order_by("-number")[0]


def latest_of_each(rounds: Iterable[ApprovalRound]) -> dict[int, PesVersion]:
    """Round (id) → the version that it is about now, without its content; one query."""
    rows = light_versions().filter(round__in=list(rounds)).order_by("number")
    return {row.round_id: row for row in rows}


def section_labels(version: PesVersion) -> dict[str, str]:
    """Key of each section of a version → «2.5.1 Misión»; of a part without number, its title."""
    found = {}
    for chapter in from_json(version.content).chapters:
        for section in chapter.sections:
            label = f"{section.number} {section.title}".strip() or chapter.title
            found[section.key or label] = label
    return found


def with_last_side(threads: QuerySet[EntityObservation]) -> QuerySet[EntityObservation]:
    """Observations that know who spoke last: those whose last turn is the entity's await their answer."""
    last = EntityObservationTurn.objects.filter(observation=OuterRef("pk")).order_by("-pk").values("side")[:1]
    return threads.annotate(last_side=Subquery(last))


def unanswered(round_: ApprovalRound) -> QuerySet[EntityObservation]:
    """Observations of a round, of whichever of its versions, that await the head's answer."""
    return with_last_side(EntityObservation.objects.filter(version__round=round_)).filter(
        last_side=ObservationSide.ENTITY
    )


def standings(version: PesVersion) -> list[Standing]:
    """Every entity of the sector before a version; five queries, however many there are."""
    return standings_of([version])[version.pk]


def standings_of(versions: Sequence[PesVersion]) -> dict[int, list[Standing]]:
    """Version (id) → every entity of its sector before it; five queries, however many versions there are."""
    ids, rounds = [one.pk for one in versions], [one.round_id for one in versions]
    open_ = with_last_side(EntityObservation.objects.filter(version__round__in=rounds))
    waiting = _counted(open_.filter(last_side=ObservationSide.ENTITY), "version__round_id")
    said = _counted(EntityObservation.objects.filter(version__in=ids), "version_id")
    read = EntityReading.objects.filter(version__in=ids).select_related("by")
    readings = {(one.version_id, one.entity_id): one for one in read}
    decided = EntityDecision.objects.filter(version__in=ids).select_related("by").order_by("pk")
    decisions = {(one.version_id, one.entity_id): one for one in decided}
    entities: dict[int | None, list[OrganizationUnit]] = {}
    sectors = {one.plan.sector_id for one in versions}
    held = OrganizationUnit.objects.filter(parent__in=sectors, kind=UnitKind.ENTITY, is_active=True)
    for entity in held.order_by("-is_head", "sort_key", "code"):
        entities.setdefault(entity.parent_id, []).append(entity)
    return {
        one.pk: [
            _standing(
                entity,
                waiting=waiting.get((one.round_id, entity.pk), 0),
                said=said.get((one.pk, entity.pk), 0),
                reading=readings.get((one.pk, entity.pk)),
                decision=decisions.get((one.pk, entity.pk)),
            )
            for entity in entities.get(one.plan.sector_id, ())
        ]
        for one in versions
    }


def stands_of(version: PesVersion) -> list[EntityStand]:
    """What the rules need of each entity."""
    return [standing.stand for standing in standings(version)]


def adoptions_of(plan: SectorPlan) -> list[Adoption]:
    """Every adoption of a PES with its act, the last one first."""
    rows = Adoption.objects.filter(plan=plan).select_related("act__repealed_by", "act__file", "act__unit", "by")
    loaded = rows.select_related("version__plan__sector", "version__round").defer("version__content")
    return sorted(loaded, key=lambda one: (one.act.begins_on, one.pk), reverse=True)


def _counted(threads: QuerySet[EntityObservation], by: str) -> dict[tuple[int, int], int]:
    """(Version or round, entity) → how many observations."""
    rows = threads.order_by().values_list(by, "entity_id").annotate(many=Count("pk"))
    return {(place, entity): many for place, entity, many in rows}


def _standing(
    entity: OrganizationUnit,
    *,
    waiting: int,
    said: int,
    reading: EntityReading | None,
    decision: EntityDecision | None,
) -> Standing:
    stand = EntityStand(
        name=entity.short_name,
        has_read=bool(reading or decision or said),
        open_observations=waiting,
        has_approved=bool(decision and decision.approves),
    )
    return Standing(entity, stand, reading, decision, said)
