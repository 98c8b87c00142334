"""Verbs of the perception survey: draw the sample of a month, take an answer by link or by telephone (GP-05)."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal

from django.core import signing
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from pes import audit
from pes.access import demand
from pes.duplicates import once
from pes.models import OrganizationUnit, TerritorialEntity, User
from pes.participation.pacing import Network
from pes.permissions import Permission
from pes.rules.problems import Problem, Refused, refuse_if_any
from pes.rules.texts import tidy
from tracking.models import Assistance, PerceptionResponse, PerceptionSurvey, SampledEntity
from tracking.rules.perception import Channel, answer_problems, draw_order, draw_problems, sample_size

SALT = "tracking.perception-link"


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
    sampled: SampledEntity, scores: Mapping[str, int], *, comment: str = "", now: datetime | None = None
) -> bool:
    """Keep the answer of an entity given with its link; False when it had answered: the first answer stays.

    Raises Refused: out of time, or something without its 1 to 5.
    """
    return _keep(sampled, scores, Channel.LINK, comment, None, now or timezone.now())


def record_interview(
    sampled: SampledEntity, scores: Mapping[str, int], *, comment: str = "", by: User, now: datetime | None = None
) -> bool:
    """Type what an entity answered by telephone. False when it had answered.

    Raises PermissionDenied, or Refused: also when the person assists that entity, who would be asking about themselves.
    """
    demand(by, Permission.TERRITORY_MANAGE, sampled)
    if sampled.entity.assistances.in_force().of_month(sampled.survey.month).filter(advisor=by).exists():  # type: ignore[attr-defined]
        message = "Usted asistió a esta entidad ese mes."
        refuse_if_any([Problem("own_interview", "AZ4", message, fix="La entrevista la hace otra persona.")])
    return _keep(sampled, scores, Channel.PHONE, comment, by, now or timezone.now())


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
