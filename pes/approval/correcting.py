"""An act of an adoption, corrected: it was typed wrongly, and everybody reads what it said before (LC-06, AZ13)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

from django.core.files.uploadedfile import UploadedFile
from django.db.models import Q, QuerySet
from django.utils import timezone

from pes import audit
from pes.access import demand
from pes.approval.acts import ADOPT, TWICE, ActDraft, act_facts, refuse_known, repeal_facts
from pes.approval.adopting import endorsed_on, here_since
from pes.approval.files import ask_version_files
from pes.approval.steps import hold_act, hold_adoption
from pes.approval.succession import overtaken
from pes.duplicates import once
from pes.edits import refuse_if_stale
from pes.files.stored import adds_nothing, keep
from pes.models import ActCorrection, AdministrativeAct, Adoption, SectorPlan, User
from pes.rules.acts import (
    act_problems,
    adoption_problems,
    correction_problems,
    earlier_problems,
    redating_problems,
    repeal_problems,
)
from pes.rules.problems import Problem, refuse_if_any
from pes.rules.texts import tidy

IN_DOCUMENT = frozenset({"act", "issued_on"})  # what the page of verification of the document says of its act


def acts_of(plan: SectorPlan) -> QuerySet[AdministrativeAct]:
    """The acts that adopt a PES and those that repeal them."""
    rows = AdministrativeAct.objects.filter(Q(adoption__plan=plan) | Q(repeals__adoption__plan=plan)).distinct()
    return rows.select_related("unit", "file", "repealed_by")


@once(TWICE)
def correct_act(
    act: AdministrativeAct,
    draft: ActDraft,
    *,
    read: str,
    reason: str,
    repealed_on: date | None = None,
    file: UploadedFile | None = None,
    by: User,
    now: datetime | None = None,
) -> ActCorrection | None:
    """Write down of an act what it really says; without a file it keeps its own. None when nothing differs.

    `read` is the fingerprint of `act_facts` when the edit began. Without `repealed_on` a repealed act no longer is. The
    files of the version that it adopts are made again if they name the act. Raises PermissionDenied, or Refused:
    changed meanwhile, no reason, or what would have refused the act, its repeal or the publication in the first place.
    """
    demand(by, ADOPT, act)
    adoption = _hold(act)
    held = adoption.act if adoption else hold_act(act.pk)
    was, old_file, instant, why = act_facts(held), held.file, now or timezone.now(), tidy(reason)
    refuse_if_stale(was, read)
    is_redated = (draft.issued_on, draft.year) != (held.issued_on, held.year)
    before_it = _overtaken(adoption)
    for name, value in draft.values().items():
        setattr(held, name, value)
    held.repealed_by = held.repealed_by if repealed_on else None
    held.repealed_on = repealed_on if held.repealed_by else None
    facts, today = draft.facts(has_file=bool(file or old_file)), timezone.localdate(instant)
    refuse_if_any(act_problems(facts, today=today, is_earlier=adoption is None or adoption.is_earlier))
    refuse_if_any(_problems(held, why))
    if adoption is not None:
        is_reordered = bool(_overtaken(adoption) - before_it)
        refuse_if_any(_adoption_problems(adoption, is_redated=is_redated, is_reordered=is_reordered))
    refuse_known(held)
    if file is not None and not adds_nothing(file, old_file):
        held.file = keep(file, unit=held.unit, by=by)
    before, after = audit.differences(was, act_facts(held))
    if not after:
        return None
    held.save()
    correction = ActCorrection.objects.create(
        act=held, reason=why, before=before, file=old_file if "sha256" in before else None,
        renames=bool(IN_DOCUMENT & before.keys()), made_by=by, made_at=instant,
    )  # fmt: skip
    audit.record("act_corrected", held, by=by, before=before, after={"act": str(held)} | after, reason=why)
    if correction.renames and adoption is not None and adoption.version is not None:
        ask_version_files(adoption.version, adoption=adoption, by=by)
    return correction


def _hold(act: AdministrativeAct) -> Adoption | None:
    """The adoption that is by this act, if one is, with its plan, its round and the act held; nobody publishes meanwhile."""
    adoption = Adoption.objects.filter(act=act).select_related("plan", "version").defer("version__content").first()
    if adoption is None:
        return None
    SectorPlan.hold(adoption.plan_id)
    return hold_adoption(adoption)


def _overtaken(adoption: Adoption | None) -> set[tuple[int, int]]:
    """The adoptions of its PES that another overtakes, with the days that its act has now."""
    if adoption is None:
        return set()
    others = Adoption.objects.filter(plan=adoption.plan).exclude(pk=adoption.pk).select_related("act")
    return overtaken([adoption, *others])


def _problems(act: AdministrativeAct, reason: str) -> Iterator[Problem]:
    registered_on = timezone.localdate(act.registered_at)
    yield from correction_problems(reason, earliest_day=act.earliest_day, registered_on=registered_on)
    if act.repealed_by is not None and act.repealed_on is not None:
        yield from repeal_problems(repeal_facts(act, act.repealed_by, act.repealed_on))
    for other in act.repeals.all():
        yield from repeal_problems(repeal_facts(other, act, other.repealed_on or act.begins_on))


def _adoption_problems(adoption: Adoption, *, is_redated: bool, is_reordered: bool) -> Iterator[Problem]:
    """What would have refused the act as the one that adopts a PES."""
    act = adoption.act
    first = adoption.publications.order_by("published_on").values_list("published_on", flat=True).first()
    yield from redating_problems(adopted_on=act.earliest_day, published_on=first, is_reordered=is_reordered)
    if adoption.version is not None:
        yield from adoption_problems(issued_on=act.issued_on, endorsed_on=endorsed_on(adoption.version))
    elif is_redated:
        since = here_since(adoption.plan, adoption.at)
        yield from earlier_problems(issued_on=act.issued_on, year=act.year, opened_on=since, is_under_approval=False)
