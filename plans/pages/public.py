"""The published plans for everybody: the list, one plan with its editions. Only what was published, word for word (AZ12)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import F, OuterRef, QuerySet, Subquery
from django.utils import timezone

from pes.asked import whole_number
from pes.dates import long_date
from pes.models import OrganizationUnit
from plans.content import facts_from
from plans.models import ChangeRequest, PlanGestion, PlanVersion, VersionEvent
from plans.pages.public_goals import Datum, PublicGoal, names_for, public_goals
from plans.rules.change_states import ChangeStatus
from plans.rules.differences import Difference, plan_differences
from plans.rules.goals import PlanFacts
from plans.rules.plan_states import PlanStatus

PUBLIC = (PlanStatus.PUBLISHED, PlanStatus.CLOSED)
EDITIONS = (VersionEvent.PUBLISHED, VersionEvent.RENEWED)
HIDDEN = frozenset({"leader"})  # of the identification: who leads is staff


@dataclass(frozen=True, slots=True)
class PlanRow:
    """A published plan in the list."""

    code: str
    unit: str
    url: str
    entity: str
    vigencia: str
    level: str
    edition: str
    published: str


@dataclass(frozen=True, slots=True)
class GoalChanges:
    """What an edition changed in a goal."""

    caption: str
    differences: tuple[Difference, ...]


@dataclass(frozen=True, slots=True)
class PublicEdition:
    """An edition in the history: why there is another, and what it changed."""

    title: str
    published: str
    reason: str
    url: str
    is_shown: bool
    more: str
    plan_changes: tuple[Difference, ...]
    changes: tuple[GoalChanges, ...]
    others: tuple[str, ...]

    @property
    def has_changes(self) -> bool:
        """Whether there is anything to tell: the first edition changes nothing."""
        return bool(self.plan_changes or self.changes or self.others)


@dataclass(frozen=True, slots=True)
class PublicPlan:
    """One edition of a plan."""

    code: str
    unit: str
    entity: str
    vigencia: int
    edition: int
    published: str
    version: PlanVersion
    keys: tuple[Datum, ...]
    texts: tuple[Datum, ...]
    goals: tuple[PublicGoal, ...]
    summary: str
    replaced: str
    newest_url: str
    history: tuple[PublicEdition, ...]

    @property
    def identification(self) -> tuple[Datum, ...]:
        """The whole identification block, the codes first."""
        return self.keys + self.texts


def public_plans() -> QuerySet[PlanGestion]:
    """Every plan that is published, the last vigencia first; what is not published is in none of these pages."""
    found = PlanGestion.objects.filter(status__in=PUBLIC).select_related("unit__parent")
    return found.order_by("-vigencia_id", "unit__parent__sort_key", "unit__sort_key", "unit__code")


def chosen_plans(entity: str, vigencia: str) -> QuerySet[PlanGestion]:
    """The published plans of an entity (code) and vigencia; blank is all of them."""
    found = public_plans()
    year = whole_number(vigencia)
    if year is not None:
        found = found.filter(vigencia=year)
    if entity:
        found = found.filter(unit__parent__code=entity)
    last = PlanVersion.objects.filter(plan=OuterRef("pk"), event__in=EDITIONS).order_by("-number")
    return found.annotate(edition_at=Subquery(last.values("at")[:1]))


def choices() -> dict[str, list[tuple[Any, str]]]:
    """The options of the filters: entities and vigencias with published plans; two queries."""
    plans = PlanGestion.objects.filter(status__in=PUBLIC)
    years = plans.order_by("-vigencia_id").values_list("vigencia_id", flat=True).distinct()
    entities = OrganizationUnit.objects.filter(pk__in=plans.values("unit__parent")).order_by("sort_key", "code")
    return {
        "vigencias": [("", "Todas"), *((year, str(year)) for year in years)],
        "entities": [("", "Todas"), *((one.code, one.name) for one in entities)],
    }


def plan_row(plan: Any) -> PlanRow:
    """A row of the list, from a plan of `chosen_plans`."""
    return PlanRow(
        code=plan.unit.code,
        unit=plan.unit.name,
        url=plan.url("public-plan"),
        entity=plan.unit.parent.name,
        vigencia=str(plan.vigencia_id),
        level="Proceso" if plan.level == "central" else "Alcaldía local",
        edition=str(plan.edition),
        published=long_date(plan.edition_at),
    )


def editions_of(plan: PlanGestion) -> list[PlanVersion]:
    """Every published edition of a plan, the first one first."""
    return list(PlanVersion.objects.filter(plan=plan, event__in=EDITIONS).order_by("number"))


def public_plan(plan: PlanGestion, editions: Sequence[PlanVersion], number: int, *, history: bool = True) -> PublicPlan:
    """An edition as everybody reads it. Raises StopIteration when there is none with that number."""
    version = next(one for one in editions if one.edition == number)
    contents = {one.pk: facts_from(one.content) for one in (editions if history else [version])}
    facts, newest = contents[version.pk], editions[-1]
    return PublicPlan(
        code=plan.unit.code,
        unit=plan.unit.name,
        entity=plan.unit.parent.name if plan.unit.parent else "",
        vigencia=plan.vigencia_id,
        edition=version.edition,
        published=long_date(version.at),
        version=version,
        keys=tuple(_keys(plan, version)),
        texts=tuple(_texts(facts)),
        goals=public_goals(facts, names_for(plan, facts)),
        summary=count_words(facts),
        replaced="" if version is newest else f"La reemplazó la edición {newest.edition}, del {long_date(newest.at)}.",
        newest_url=plan.url("public-plan"),
        history=tuple(_history(plan, editions, contents, version)) if history else (),
    )


def count_words(facts: PlanFacts) -> str:
    """How many goals, eliminated ones apart."""
    total = len(facts.goals)
    gone = sum(goal.status == "eliminated" for goal in facts.goals)
    words = "1 meta" if total == 1 else f"{total} metas"
    return f"{words}, {gone} eliminada{'s' if gone > 1 else ''}" if gone else words


def proposal(plan: PlanGestion, version: PlanVersion) -> tuple[tuple[Datum, ...], tuple[PublicGoal, ...], str]:
    """What a plan that was sent to review proposes: its identification, its goals, how many."""
    facts = facts_from(version.content)
    return tuple(_texts(facts)), public_goals(facts, names_for(plan, facts)), count_words(facts)


def _keys(plan: PlanGestion, version: PlanVersion) -> Iterator[Datum]:
    entity, on = plan.unit.parent, timezone.localdate(version.at)
    yield Datum("entidad_codigo", "Código de la entidad", entity.code, entity.code)
    yield Datum("unidad_codigo", "Código", plan.unit.code, plan.unit.code)
    yield Datum("vigencia", "Vigencia", plan.vigencia_id, str(plan.vigencia_id))
    yield Datum("edicion", "Edición", version.edition, str(version.edition))
    yield Datum("publicada", "Publicada el", on.isoformat(), long_date(version.at))
    yield Datum("entidad", "Entidad", entity.name, entity.name)
    yield Datum("unidad", "Proceso o alcaldía local", plan.unit.name, plan.unit.name)
    yield Datum("nivel", "Formato", plan.level, plan.get_level_display())


def _texts(facts: PlanFacts) -> Iterator[Datum]:
    instruments = ", ".join(one.label for one in facts.instruments)
    for header, label, text in (
        ("objetivo_proceso", "Objetivo", facts.process_objective),
        ("alcance", "Alcance", facts.scope),
        ("instrumentos", "Otros planes con que se articula", instruments),
        ("articulacion_detalle", "Cómo se articula", facts.articulation_detail),
    ):
        yield Datum(header, label, text, text)


def _history(
    plan: PlanGestion, editions: Sequence[PlanVersion], contents: dict[int, PlanFacts], shown: PlanVersion
) -> Iterator[PublicEdition]:
    """Every edition, the newest first."""
    reasons = _reasons(plan, editions)
    for at in range(len(editions) - 1, -1, -1):
        version, is_newest = editions[at], at == len(editions) - 1
        before = contents[editions[at - 1].pk] if at else contents[version.pk]
        found = plan_differences(before, contents[version.pk])
        url = plan.url("public-plan")
        yield PublicEdition(
            title=f"Edición {version.edition}",
            published=long_date(version.at),
            reason=reasons[version.pk],
            url=url if is_newest else f"{url}?version={version.edition}",
            is_shown=version is shown,
            more=f"Qué cambió en la edición {version.edition}",
            plan_changes=tuple(one for one in found.identification if one.field not in HIDDEN),
            changes=tuple(GoalChanges(f"Meta {one.number}", one.differences) for one in found.changed),
            others=(
                *(f"Se agregó la meta {goal.number}: {goal.text}" for goal in found.added),
                *(f"Se retiró la meta {goal.number}: {goal.text}" for goal in found.removed),
            ),
        )


def _reasons(plan: PlanGestion, editions: Sequence[PlanVersion]) -> dict[int, str]:
    """Why each edition was published. Each request that is applied makes one edition, in that order (PG-09j)."""
    renewed = [one for one in editions if one.event == VersionEvent.RENEWED]
    requests: list[ChangeRequest] = []
    if renewed:
        applied = ChangeRequest.objects.filter(goal__plan=plan, status=ChangeStatus.APPLIED)
        requests = list(applied.order_by(F("applied_at").asc(), "pk"))
    words = {one.pk: "Primera publicación del plan." for one in editions}
    words |= {one.pk: "Ajustada por una solicitud aprobada." for one in renewed}
    for version, request in zip(renewed, requests, strict=False):
        filed = long_date(request.filed_at)
        words[version.pk] = f"Ajustada por la solicitud n.º {request.pk}, radicada el {filed}."
    return words
