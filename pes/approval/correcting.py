"""The act of an adoption, corrected: it was typed wrongly, and everybody reads what it said before (LC-06, AZ13)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone

from pes import audit
from pes.access import demand
from pes.approval.acts import ADOPT, TWICE, ActDraft, act_facts, refuse_known
from pes.approval.adopting import endorsed_on, here_since
from pes.approval.files import ask_version_files
from pes.approval.steps import hold_round
from pes.duplicates import once
from pes.edits import refuse_if_stale
from pes.files.stored import adds_nothing, keep
from pes.models import ActCorrection, AdministrativeAct, Adoption, User
from pes.rules.acts import act_problems, adoption_problems, correction_problems, earlier_problems, repeal_problems
from pes.rules.problems import Problem, refuse_if_any
from pes.rules.texts import tidy

IN_DOCUMENT = frozenset({"act", "issued_on"})  # what the page of verification of the document says of its act


@once(TWICE)
def correct_act(
    adoption: Adoption,
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
    files of the version are made again if they name the act. Raises PermissionDenied, or Refused: changed meanwhile, no
    reason, or something that would have refused the act, its repeal or the publication in the first place.
    """
    demand(by, ADOPT, adoption)
    act = _hold(adoption)
    was, old_file, instant = act_facts(act), act.file, now or timezone.now()
    refuse_if_stale(was, read)
    is_redated = (draft.issued_on, draft.year) != (act.issued_on, act.year)
    for name, value in draft.values().items():
        setattr(act, name, value)
    act.repealed_by = act.repealed_by if repealed_on else None
    act.repealed_on = repealed_on if act.repealed_by else None
    facts = draft.facts(has_file=bool(file or old_file))
    today = timezone.localdate(instant)
    refuse_if_any(act_problems(facts, today=today, is_earlier=adoption.is_earlier))
    refuse_if_any(_problems(adoption, act, tidy(reason), is_redated=is_redated))
    refuse_known(act)
    if file is not None and not adds_nothing(file, old_file):
        act.file = keep(file, unit=act.unit, by=by)
    before, after = audit.differences(was, act_facts(act))
    if not after:
        return None
    act.save()
    said = {name: value for name, value in before.items() if name != "sha256"}
    correction = ActCorrection.objects.create(
        act=act, reason=tidy(reason), before=said, file=old_file if "sha256" in before else None,
        renames=bool(IN_DOCUMENT & said.keys()), made_by=by, made_at=instant,
    )  # fmt: skip
    audit.record("act_corrected", act, by=by, before=before, after={"act": str(act)} | after, reason=correction.reason)
    if correction.renames and adoption.version is not None:
        ask_version_files(adoption.version, adoption=adoption, by=by)
    return correction


def _hold(adoption: Adoption) -> AdministrativeAct:
    """The act with its row locked; and its round, so that nobody publishes meanwhile."""
    if adoption.version is not None:
        hold_round(adoption.version.round_id)
    rows = AdministrativeAct.objects.select_for_update(of=("self",), no_key=True)
    return rows.select_related("unit", "file", "repealed_by").get(pk=adoption.act_id)


def _problems(adoption: Adoption, act: AdministrativeAct, reason: str, *, is_redated: bool) -> Iterator[Problem]:
    """What would have refused the act where it is used: its adoption, its repeal, the publication."""
    first = adoption.publications.order_by("published_on").values_list("published_on", flat=True).first()
    yield from correction_problems(reason, adopted_on=act.earliest_day, published_on=first)
    if act.repealed_on is not None:
        days = {"begins_on": act.begins_on, "repealed_on": act.repealed_on}
        yield from repeal_problems(**days, is_itself=False, is_repealed=False)
    if adoption.version is not None:
        yield from adoption_problems(issued_on=act.issued_on, endorsed_on=endorsed_on(adoption.version))
    elif is_redated:
        since = here_since(adoption.plan, adoption.at)
        yield from earlier_problems(issued_on=act.issued_on, year=act.year, opened_on=since, is_under_approval=False)
