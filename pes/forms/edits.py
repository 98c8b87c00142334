"""A form that corrects what others may be correcting too (WF3)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms

from pes.audit_sentences import changes
from pes.edits import StaleEdit, fingerprint
from pes.forms.base import ActionForm
from pes.rules.problems import Refused


class EditForm(ActionForm):
    """Carries what the person had read; after somebody else's change it shows what is stored beside what was typed."""

    read = forms.CharField(max_length=16, required=False, widget=forms.HiddenInput())
    stale: tuple[tuple[str, str, str], ...] = ()  # rows: field, stored now, typed
    is_stale = False

    def facts(self) -> Mapping[str, Any]:
        """What was typed, named as the audit names it."""
        raise NotImplementedError

    def refuse(self, refused: Refused) -> None:
        """Show what the rules refused; who has now seen another's change may save again."""
        super().refuse(refused)
        if isinstance(refused, StaleEdit):
            typed = self.facts()
            self.is_stale = True
            self.stale = tuple(changes({key: refused.stored.get(key) for key in typed}, typed))
            self.data = self.data.copy()
            self.data[self.add_prefix("read")] = fingerprint(refused.stored)

    @property
    def status(self) -> int:
        """HTTP status of the page that shows the form: 409 another's change, 422 errors, else 200."""
        return 409 if self.is_stale else 422 if self.errors else 200
