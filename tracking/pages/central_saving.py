"""What the table of a central area hears after it was saved, row by row."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.template.loader import render_to_string
from django.utils import timezone

from tracking.central_forms import FIELDS, LineForm
from tracking.filling import shown
from tracking.pages.central import CentralPage
from tracking.rules.goal_reports import ENTRY_BY_NAME


def status_of(forms: Sequence[LineForm]) -> int:
    """What the answer says: a conflict, something to correct, or everything kept."""
    if any(form.conflicts for form in forms):
        return 409
    return 422 if any(form.errors for form in forms) else 200


def done_words(count: int) -> str:
    """What was saved, in words."""
    if not count:
        return "No había cambios que guardar."
    return "Meta guardada en 1 plan." if count == 1 else f"Metas guardadas: {count}."


def answer_of(page: CentralPage, forms: Sequence[LineForm]) -> dict[str, Any]:
    """The rows as they stand now, the same words as a page made anew, and what each one could not keep."""
    sent = {form.line.row.pk: form for form in forms}
    rows = [row for group in page.groups for row in group.rows if row.line.row.pk in sent]
    return {
        "saved": f"Guardado a las {timezone.localtime():%H:%M}",
        "conflicts": any(form.conflicts for form in forms),
        "rows": {
            row.key: {
                "fields": {name: shown(getattr(row.line.entry, name)) for name in FIELDS},
                "result": row.figures.result,
                "state": render_to_string("tracking/central_state.html", {"row": row}),
                "errors": _errors(sent[row.line.row.pk]),
            }
            for row in rows
        },
    }


def _errors(form: LineForm) -> list[dict[str, str]]:
    """What keeps a row from being saved, at its field or at none."""
    stale = [
        {
            "field": one.field,
            "message": f"Otra persona escribió «{one.theirs or 'vacío'}». Elija cuál queda.",
            "theirs": one.theirs,
        }
        for one in form.conflicts
    ]
    told = {one["field"] for one in stale}
    found = [
        _error(name, " ".join(messages))
        for name, messages in form.errors.items()
        if not (stale and name == "__all__") and name not in told
    ]
    return stale + found


def _error(name: str, words: str) -> dict[str, str]:
    """The words of a field, with its label: they are read under the whole row."""
    if name not in ENTRY_BY_NAME:
        return {"field": "", "message": words}
    return {"field": name, "message": f"{ENTRY_BY_NAME[name].label}: {words}"}
