"""Verbs of the perception survey: draw the sample of a month, take an answer by link or by telephone (GP-05)."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.core import signing
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from pes import audit
from pes.access import can, demand
from pes.duplicates import once
from pes.models import AdvisorAssignment, OrganizationUnit, TerritorialEntity, User
from pes.participation.pacing import Network
from pes.permissions import Permission
from pes.rules.problems import Problem, Refused, refuse_if_any
from pes.rules.texts import tidy
from tracking.models import Assistance, PerceptionResponse, PerceptionSurvey, SampledEntity
from tracking.rules.perception import Channel, answer_problems, draw_order, draw_problems, sample_size

SALT = "tracking.perception-link"
OWN = "Usted asistió a esta entidad ese mes o la asesora."


@once("Otra persona sorteó la muestra de ese mes al mismo tiempo.")
def draw_sample(
    unit: OrganizationUnit, month: date, *, margin: Decimal, closes_on: date, by: User, now: datetime | None = None,
    seed: str = "",
) -> PerceptionSurvey:  # fmt: skip
    """Draw whom to ask among the entities assisted in a month; the whole order is kept, with its seed.

    A month that was drawn stays as it was (WF1): nobody draws until they like it. Raises PermissionDenied, or Refused.
    """
    demand(by, Permission.TERRITORY_MANAGE, unit)
    OrganizationUnit.objects.select_for_update(no_key=True).get(pk=unit.pk)
    drawn = PerceptionSurvey.objects.filter(unit=unit, month=month).first()
    if drawn is not None:
        return drawn
    at = now or timezone.now()
    entities = {one.dane_code: one for one in assisted_in(unit, month)}
    today, many = timezone.localdate(at), len(entities)
    refuse_if_any(draw_problems(month=month, today=today, population=many, margin=margin, closes_on=closes_on))
    made = PerceptionSurvey.objects.create(
        unit=unit, month=month, margin=margin, population=many, size=sample_size(many, margin),
        seed=seed or secrets.token_hex(16), closes_on=closes_on, drawn_by=by, drawn_at=at,
    )  # fmt: skip
    order = draw_order(entities, made.seed)
    SampledEntity.objects.bulk_create(
        SampledEntity(survey=made, entity=entities[code], place=place) for place, code in enumerate(order, 1)
    )
    after = {"unit": unit.code, "month": month.isoformat(), "population": many, "size": made.size, "seed": made.seed}
    audit.record("perception_drawn", made, by=by, after=after)
    return made


def answer_by_link(
    sampled: SampledEntity, scores: Mapping[str, int], *, comment: str = "", visitor: Any = None,
    now: datetime | None = None,
) -> bool:  # fmt: skip
    """Keep the answer of an entity given with its link; False when it had answered: the first answer stays.

    `visitor` is whose session sends it. Raises Refused: out of time, something without its 1 to 5, or a visitor who
    does not answer for the entity.
    """
    problem = visitor_problem(sampled, visitor)
    refuse_if_any([problem] if problem else ())
    return _keep(sampled, scores, Channel.LINK, comment, None, now or timezone.now())


def record_interview(
    sampled: SampledEntity, scores: Mapping[str, int], *, comment: str = "", by: User, now: datetime | None = None
) -> bool:
    """Type what an entity answered by telephone. False when it had answered.

    Raises PermissionDenied, or Refused: also when the person assists that entity, who would be asking about themselves.
    """
    demand(by, Permission.TERRITORY_MANAGE, sampled)
    if sampled.entity_id in own_entities(sampled.survey, by):
        refuse_if_any([Problem("own_interview", "AZ4", OWN, fix="La entrevista la hace otra persona.")])
    return _keep(sampled, scores, Channel.PHONE, comment, by, now or timezone.now())


def own_entities(survey: PerceptionSurvey, user: Any) -> frozenset[int]:
    """The drawn entities (ids) that a person assisted in the month, or has advised since: they neither ask nor answer.

    An assistance that was taken back after the draw still counts: nobody gets the link by correcting the log.
    """
    if user is None or not user.is_authenticated:
        return frozenset()
    drawn = SampledEntity.objects.filter(survey=survey).order_by().values("entity")
    stood = Q(correction__isnull=True) | Q(correction__recorded_at__gte=survey.drawn_at)
    logged = Assistance.objects.of_month(survey.month).filter(stood, advisor=user, is_void=False, entity__in=drawn)  # type: ignore[attr-defined]
    since = Q(until__isnull=True) | Q(until__gt=survey.month)
    advised = AdvisorAssignment.objects.filter(since, advisor=user, entity__in=drawn)
    return frozenset(logged.order_by().values_list("entity", flat=True).union(advised.order_by().values_list("entity")))


def visitor_problem(sampled: SampledEntity, visitor: Any) -> Problem | None:
    """Why a session does not answer for an entity: of who assisted it, or of who works in the region."""
    if sampled.entity_id in own_entities(sampled.survey, visitor):
        return Problem("own_answer", "AZ4", OWN, fix="Responde el contacto de la entidad.")
    if visitor is not None and can(visitor, Permission.TERRITORY_READ, sampled):
        message = "Usted trabaja en la región de esta entidad y no responde por ella."
        return Problem("own_answer", "AZ4", message, fix="Lo que le digan por teléfono se registra como entrevista.")
    return None


def assisted_in(unit: OrganizationUnit, month: date) -> list[TerritorialEntity]:
    """The entities of a region with an assistance in force in a month."""
    rows = Assistance.objects.in_force().of_month(month).filter(entity__region=unit)  # type: ignore[attr-defined]
    return list(TerritorialEntity.objects.filter(pk__in=rows.order_by().values("entity")))


def link_of(sampled: SampledEntity) -> str:
    """The address that the contact of an entity answers at, without an account: signed, it cannot be guessed."""
    return reverse("tracking:public-perception", args=[signing.Signer(salt=SALT).sign(str(sampled.pk))])


def read_link(token: str) -> SampledEntity | None:
    """Whose link it is; None for one that we did not sign, or of an entity that is not in the sample."""
    try:
        pk = int(signing.Signer(salt=SALT).unsign(token))
    except (signing.BadSignature, ValueError):
        return None
    found = SampledEntity.objects.select_related("survey__unit", "entity").filter(pk=pk).first()
    return found if found is not None and found.place <= found.survey.size else None


def may_answer(sampled: SampledEntity, sender: str) -> bool:
    """Count an answer of a network; False when it is one too many for now. Its counts are not the citizen survey's."""
    return Network.of(-sampled.survey_id, sender).may_answer()


def _keep(
    sampled: SampledEntity, scores: Mapping[str, int], channel: Channel, comment: str, by: User | None, at: datetime
) -> bool:
    today = timezone.localdate(at)
    if sampled.place > sampled.survey.size:
        raise Refused([Problem("not_in_sample", "GP-05", "Esa entidad no salió en la muestra.")])
    if PerceptionResponse.objects.filter(sampled=sampled).exists():
        return False
    refuse_if_any(answer_problems(scores, closes_on=sampled.survey.closes_on, today=today))
    try:
        with transaction.atomic():
            made = PerceptionResponse.objects.create(
                sampled=sampled, channel=channel, answered_on=today, comment=tidy(comment), typed_by=by, **scores
            )
            audit.record("perception_answered", made, by=by, after={"survey": sampled.survey_id, "channel": channel})
    except IntegrityError:
        return False
    return True
