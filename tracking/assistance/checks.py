"""Verbs of product checklists: write one for a hito, apply it with evidence, decide on it (GP-05, level 2)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone

from pes import audit
from pes.access import demand
from pes.duplicates import once
from pes.files.stored import adds_nothing, keep
from pes.models import OrganizationUnit, RoadActivity, TerritorialEntity, User
from pes.permissions import Permission
from pes.roads.templates import template
from pes.rules.files import link_problems
from pes.rules.problems import Problem, refuse_if_any
from pes.rules.texts import one_line, tidy
from tracking.models import ChecklistAnswer, ChecklistItem, ProductCheck, ProductChecklist, ProductReview
from tracking.rules.checklist import check_problems, checklist_problems, read_items, review_problems


@once("Otra persona escribió esa lista al mismo tiempo.")
def write_checklist(
    unit: OrganizationUnit, *, template_code: str, code: str, product: str, items: str, by: User,
    now: datetime | None = None,
) -> ProductChecklist:  # fmt: skip
    """Write what the product of a hito must have in a region, one item a line; what was applied keeps its edition.

    The same again is the last edition (WF1). Raises PermissionDenied, Refused, or LookupError for no such template.
    """
    demand(by, Permission.TERRITORY_MANAGE, unit)
    OrganizationUnit.objects.select_for_update(no_key=True).get(pk=unit.pk)
    wanted, product = read_items(items), one_line(product)
    codes = [one.code for phase in template(template_code).phases for one in phase.everything]
    refuse_if_any(checklist_problems(code=code, codes=codes, product=product, items=wanted))
    last = checklist_for(unit, template_code, code)
    if last is not None and (last.product, [one.text for one in last.items.all()]) == (product, wanted):
        return last
    made = ProductChecklist.objects.create(
        unit=unit, template=template_code, code=code, edition=last.edition + 1 if last else 1, product=product,
        written_by=by, written_at=now or timezone.now(),
    )  # fmt: skip
    ChecklistItem.objects.bulk_create(
        ChecklistItem(checklist=made, number=number, text=text) for number, text in enumerate(wanted, 1)
    )
    after = {"unit": unit.code, "hito": code, "edition": made.edition, "title": product, "items": len(wanted)}
    audit.record("checklist_written", made, by=by, after=after)
    return made


@transaction.atomic
def check_product(
    entity: TerritorialEntity, hito: RoadActivity, checklist: ProductChecklist, answers: Mapping[int, str], *,
    quality: str, upload: UploadedFile | None = None, link: str = "", by: User, now: datetime | None = None,
) -> ProductCheck:  # fmt: skip
    """Apply a checklist: `answers` by number of item, with the product (file or https link) and its quality in words.

    The same again by the same person is the first one (WF1); with another file it is another check. Raises
    PermissionDenied, or Refused.
    """
    demand(by, Permission.ASSISTANCE_LOG, entity)
    TerritorialEntity.objects.select_for_update(no_key=True, of=("self",)).get(pk=entity.pk)
    quality, link = tidy(quality), link.strip()
    items = {one.number: one for one in checklist.items.all()}
    _refuse_foreign(entity, hito, checklist)
    refuse_if_any(check_problems(answers, items, has_evidence=bool(upload or link), quality=quality))
    refuse_if_any(link_problems(link) if link else ())
    same = _same(hito, checklist, answers, quality, link, by)
    if same is not None and adds_nothing(upload, same.file):
        return same
    file = keep(upload, unit=entity.region, by=by) if upload else None
    made = ProductCheck.objects.create(
        entity=entity, hito=hito, checklist=checklist, file=file, link=link, quality=quality, checked_by=by,
        checked_at=now or timezone.now(),
    )  # fmt: skip
    ChecklistAnswer.objects.bulk_create(
        ChecklistAnswer(check_made=made, item=items[number], answer=one) for number, one in sorted(answers.items())
    )
    after = {"entity": entity.dane_code, "hito": hito.code, "answers": [answers[number] for number in sorted(answers)]}
    audit.record("product_checked", made, by=by, after=after)
    return made


@once("Otra persona decidió este chequeo al mismo tiempo.")
def review_check(
    check: ProductCheck, *, decision: str, note: str = "", by: User, now: datetime | None = None
) -> ProductReview:
    """Accept or return a check; whoever made it does not. Raises PermissionDenied, or Refused."""
    demand(by, Permission.ADVISOR_RATE, check)
    ProductCheck.objects.select_for_update(no_key=True).get(pk=check.pk)
    note = one_line(note)
    reviewed = ProductReview.objects.filter(check_made=check).exists()
    is_own = check.checked_by_id == by.pk
    refuse_if_any(review_problems(decision=decision, note=note, is_own=is_own, is_reviewed=reviewed))
    made = ProductReview.objects.create(check_made=check, decision=decision, note=note, by=by, at=now or timezone.now())
    audit.record("product_check_reviewed", check, by=by, after={"decision": decision}, reason=note)
    return made


def checklist_for(unit: OrganizationUnit, template_code: str, code: str) -> ProductChecklist | None:
    """The edition that applies to a hito in a region; None while nobody has written one."""
    rows = ProductChecklist.objects.filter(unit=unit, template=template_code, code=code)
    return rows.prefetch_related("items").order_by("-edition").first()


def _refuse_foreign(entity: TerritorialEntity, hito: RoadActivity, checklist: ProductChecklist) -> None:
    road = entity.roads.filter(road__phases__activities=hito).select_related("schedule").first()
    is_its = road is not None and (road.schedule.template, hito.code, entity.region_id) == (
        checklist.template, checklist.code, checklist.unit_id,
    )  # fmt: skip
    if not is_its:
        message = "La lista no es de ese hito."
        refuse_if_any([Problem("foreign_checklist", "GP-05", message, fix="Abra la página otra vez.")])


def _same(
    hito: RoadActivity, checklist: ProductChecklist, answers: Mapping[int, str], quality: str, link: str, by: User
) -> ProductCheck | None:
    """The last check, when it said the very same and nobody has decided on it."""
    rows = ProductCheck.objects.filter(hito=hito, checklist=checklist, checked_by=by, review__isnull=True)
    last = rows.select_related("file").prefetch_related("answers__item").order_by("-pk").first()
    if last is None or (last.quality, last.link) != (quality, link):
        return None
    return last if {one.item.number: one.answer for one in last.answers.all()} == dict(answers) else None
