"""Verbs of the answers on paper: a count by place, day and record, kept apart from those in line (LC-05)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from pes import audit
from pes.access import demand
from pes.duplicates import once
from pes.edits import refuse_if_stale
from pes.models import PaperBatch, PaperCount, Survey, SurveyText, User
from pes.participation.survey_results import last_day
from pes.participation.surveys import hold
from pes.rules.problems import Problem, Refused, refuse_if_any
from pes.rules.surveys import MANAGE, REASON_LIMIT, RULE, paper_problems, paper_time_problems, written_problems
from pes.rules.texts import missing_problems, one_line

PLACE_LIMIT, ACT_LIMIT = 150, 60  # characters
_TWICE = "Ese conteo ya está: mismo lugar, fecha y acta."


@dataclass(frozen=True)
class Count:
    """What was counted at one place on one day; `marks` goes by the number of the option.

    `written` is what the sheets say under «otro», in any order.
    """

    place: str
    held_on: date
    act_number: str
    sheets: int
    marks: Mapping[int, int]
    written: tuple[str, ...] = ()

    def facts(self) -> dict[str, Any]:
        """What it says; the audit keeps it without the words (`_kept`)."""
        marks = {str(number): self.marks[number] for number in sorted(self.marks)}
        said = {"place": self.place, "held_on": self.held_on.isoformat(), "act_number": self.act_number}
        return {**said, "sheets": self.sheets, "marks": marks, "written": sorted(self.written)}


@once(_TWICE)
def record_count(survey: Survey, count: Count, *, by: User, now: datetime | None = None) -> PaperBatch:
    """Enter a count; the same one twice is one count (WF1).

    Raises PermissionDenied, or Refused: the survey is a draft or published, it does not add up, it is there already.
    """
    demand(by, MANAGE, survey)
    held, at = hold(survey), now or timezone.now()
    count = _tidied(held, count)
    same = _same(held, count)
    if same is not None:
        if count_facts(same) == count.facts() | {"place": same.place, "act_number": same.act_number}:
            return same
        raise _repeated()
    refuse_if_any(_problems(held, count, timezone.localdate(at)))
    made = PaperBatch(survey=held, recorded_by=by, recorded_at=at)
    _write(made, count)
    audit.record("survey_paper_recorded", made, by=by, after=_kept(count.facts()))
    return made


@once(_TWICE)
def correct_count(batch: PaperBatch, count: Count, *, reason: str, read: str, by: User) -> bool:
    """Correct a count, with why; `read` is the fingerprint of what the person was editing. False without changes."""
    demand(by, MANAGE, batch)
    held = hold(batch.survey)
    found = PaperBatch.objects.prefetch_related("counts__option").get(pk=batch.pk)
    before, count = count_facts(found), _tidied(held, count)
    refuse_if_stale(before, read)
    if before == count.facts():
        return False
    refuse_if_any(_problems(held, count, timezone.localdate()))
    if _same(held, count, but=found.pk) is not None:
        raise _repeated()
    why = one_line(reason)
    refuse_if_any(missing_problems(why, code="reason", what="el motivo", limit=REASON_LIMIT, rule=RULE))
    _write(found, count)
    old, new = audit.differences(before, count.facts())
    audit.record("survey_paper_corrected", found, by=by, before=_kept(old), after=_kept(new), reason=why)
    return True


@transaction.atomic
def withdraw_count(batch: PaperBatch, *, reason: str, by: User) -> None:
    """Take back a count that should not be there, with why; what was written in it goes too.

    Raises PermissionDenied, or Refused: no reason, the survey is a draft or published.
    """
    demand(by, MANAGE, batch)
    refuse_if_any(paper_time_problems(hold(batch.survey).status))
    why = one_line(reason)
    refuse_if_any(missing_problems(why, code="reason", what="el motivo", limit=REASON_LIMIT, rule=RULE))
    audit.record("survey_paper_withdrawn", batch, by=by, before=_kept(count_facts(batch)), reason=why)
    batch.delete()


def count_facts(batch: PaperBatch) -> dict[str, Any]:
    """What a stored count says, named as `Count` names it."""
    marks = {one.option.number: one.count for one in batch.counts.select_related("option")}
    written = tuple(batch.texts.values_list("text", flat=True))
    return Count(batch.place, batch.held_on, batch.act_number, batch.sheets, marks, written).facts()


def _kept(facts: Mapping[str, Any]) -> dict[str, Any]:
    """What the audit keeps of the facts of a count: how many wrote something, never the words of a citizen."""
    return dict(facts) | ({"written": len(facts["written"])} if "written" in facts else {})


def _same(survey: Survey, count: Count, *, but: int | None = None) -> PaperBatch | None:
    """The count of the same place, day and record, however its letters were written: «A-9» is «a-9»."""
    key = (count.place.casefold(), count.act_number.casefold())
    that_day = PaperBatch.objects.filter(survey=survey, held_on=count.held_on).exclude(pk=but).order_by("pk")
    return next((one for one in that_day if (one.place.casefold(), one.act_number.casefold()) == key), None)


def _repeated() -> Refused:
    return Refused([Problem("count_repeated", "WF1", _TWICE, fix="Si el conteo cambió, corrija ese.")])


def _tidied(survey: Survey, count: Count) -> Count:
    """The count as it is stored: an option that it does not name has no mark, one of another survey goes."""
    marks = {number: count.marks.get(number, 0) for number in survey.options.values_list("number", flat=True)}
    written = tuple(text for text in (one_line(said) for said in count.written) if text)
    return Count(one_line(count.place), count.held_on, one_line(count.act_number), count.sheets, marks, written)


def _problems(survey: Survey, count: Count, today: date) -> list[Problem]:
    options = list(survey.options.all())
    names = {option.number: option.text for option in options}
    asks_which = next((count.marks[option.number] for option in options if option.is_other), None)
    return [
        *missing_problems(count.place, code="place", what="el lugar", limit=PLACE_LIMIT, rule=RULE),
        *missing_problems(count.act_number, code="act", what="el número del acta", limit=ACT_LIMIT, rule=RULE),
        *paper_problems(
            status=survey.status,
            sheets=count.sheets,
            counts={names[number]: marks for number, marks in count.marks.items()},
            is_multiple=survey.is_multiple,
            held_on=count.held_on,
            opens_on=survey.opens_on,
            last_day=last_day(survey),
            today=today,
        ),
        *written_problems(count.written, asks_which),
    ]


def _write(batch: PaperBatch, count: Count) -> None:
    batch.place, batch.held_on, batch.act_number = count.place, count.held_on, count.act_number
    batch.sheets = count.sheets
    batch.save()
    batch.counts.all().delete()
    options = {option.number: option for option in batch.survey.options.all()}
    PaperCount.objects.bulk_create(
        PaperCount(batch=batch, option=options[number], count=marks) for number, marks in count.marks.items()
    )
    _write_texts(batch, count.written)


def _write_texts(batch: PaperBatch, written: tuple[str, ...]) -> None:
    """Keep what was written; what was there already keeps the decision of who moderated it."""
    left = Counter(written)
    for text in batch.texts.order_by("pk"):
        if left[text.text]:
            left[text.text] -= 1
        else:
            text.delete()
    SurveyText.objects.bulk_create(SurveyText(batch=batch, text=text) for text in left.elements())
