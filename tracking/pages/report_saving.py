"""Saving one goal of a report: what can be kept is kept, and the rest is told at its field (WF3)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.http import Http404, QueryDict
from django.template.loader import render_to_string
from django.utils import timezone

from pes.access import demand
from pes.models import User
from pes.permissions import Permission
from pes.rules.problems import Refused
from tracking.content import AMOUNTS, TEXTS, Reading, reading_of
from tracking.filling import StaleFields, shown, write_entries
from tracking.models import QuarterReport
from tracking.pages.report import ReportPage
from tracking.report_forms import EntryForm
from tracking.rules.entry_checks import entry_problems
from tracking.rules.goal_reports import ENTRY_BY_NAME


def entry_form(report: QuarterReport, data: QueryDict) -> EntryForm:
    """The form that was sent; Http404 when it is not of a goal of this report (AZ10)."""
    text = data.get("goal", "")
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 0
    if not report.entries.filter(goal__in=report.plan.goals.in_force(), goal__number=number).exists():
        raise Http404
    return EntryForm(data, number=number)


def save_entry(report: QuarterReport, form: EntryForm, *, by: User) -> Reading:
    """Write what the form changes, and return the report as it stands; the form knows what was not kept and why.

    Words are not lost for a figure that does not fit: each is written by itself. Raises PermissionDenied.
    """
    demand(by, Permission.QUARTER_FILL, report)
    form.is_valid()
    reading = None
    for names in (TEXTS, AMOUNTS):
        change = form.change(names)
        try:
            if change is not None:
                reading = write_entries(report, [change], by=by)
        except StaleFields as stale:
            form.renew(stale)
        except Refused as refused:
            _place(report, form, refused)
    return reading or reading_of(report)


def status_of(form: EntryForm) -> int:
    """What the answer says: a conflict, something to correct, or everything kept."""
    return 409 if form.conflicts else 422 if form.errors else 200


def answer_of(page: ReportPage, form: EntryForm) -> dict[str, Any]:
    """What the page needs to show the goal as it is now: the same words as a page made anew."""
    card = page.card(form.number)
    context = {"card": card, "page": page, "report": page.report}
    return {
        "saved": f"Guardado a las {timezone.localtime():%H:%M}",
        "fields": {name: shown(getattr(card.values, name)) for name in ENTRY_BY_NAME},
        "asked": {name: card.why(name) for name in card.asked},
        "figures": render_to_string("tracking/report_figures.html", context),
        "state": render_to_string("tracking/report_state.html", context),
        "bar": render_to_string("tracking/report_bar.html", context),
        "errors": [{"field": name, "message": " ".join(found)} for name, found in form.errors.items()],
        "conflicts": [
            {
                "field": one.field,
                "label": ENTRY_BY_NAME[one.field].label,
                "theirs": one.theirs,
                "yours": form.data.get(one.field, ""),
            }
            for one in form.conflicts
        ],
    }


def _place(report: QuarterReport, form: EntryForm, refused: Refused) -> None:
    """Put each refusal at the field that it speaks of; what is of no field stands above them."""
    found = reading_of(report).goal(form.number)
    if found is None:
        return form.refuse(refused)
    wanted = replace(found.goal.entry(report.quarter), **form.values)
    findings = [one for one in entry_problems(found.goal, wanted) if one.problem in refused.problems]
    form.place(findings)
    placed = {one.problem for one in findings}
    form.refuse(Refused(problem for problem in refused.problems if problem not in placed))
    return None
