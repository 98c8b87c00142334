"""The page of delegations: who sends reports in whose place, between which days, by which document."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from django.core.paginator import Page, Paginator
from django.urls import reverse
from django.utils import timezone

from pes.access import units_for
from pes.dates import long_date
from pes.models import OrganizationUnit
from pes.permissions import Permission
from plans.models import LEVEL_OF_KIND
from tracking.delegation_forms import DelegationForm, EndDelegationForm
from tracking.models import Delegation

PER_PAGE = 50


@dataclass(frozen=True, slots=True)
class DelegationRow:
    """A delegation in the list; `end_url` is there when this person may end it now."""

    pk: int
    unit: str
    person: str
    dates: str
    document: str
    given: str
    state: str
    tone: str
    end_url: str


class DelegationsPage:
    """The delegations that a person may see, the last one first; a form for who may give one."""

    def __init__(self, user: Any, page: str | None = None, *, form: DelegationForm | None = None) -> None:
        self.user, self.number, self.given_form = user, page, form
        self.today = timezone.localdate()

    @cached_property
    def units(self) -> Any:
        """Processes and alcaldías whose reports the person may delegate."""
        held = OrganizationUnit.objects.visible_to(self.user, Permission.QUARTER_DELEGATE)
        return held.filter(kind__in=LEVEL_OF_KIND, is_active=True).order_by("sort_key", "code")

    @cached_property
    def form(self) -> DelegationForm | None:
        """The form that gives one, for who may."""
        if self.given_form is not None:
            return self.given_form
        return DelegationForm(units=self.units, initial={"starts_on": self.today}) if self.units else None

    @cached_property
    def page(self) -> Page[Delegation]:
        """Fifty of them."""
        seen = Delegation.objects.visible_to(self.user, Permission.PLAN_READ)
        rows = seen.select_related("membership__user", "membership__unit", "given_by").order_by("-given_at", "-pk")
        return Paginator(rows, PER_PAGE).get_page(self.number)

    @cached_property
    def rows(self) -> list[DelegationRow]:
        """Those of this page."""
        mine = set(units_for(self.user, Permission.QUARTER_DELEGATE).values_list("content_object_id", flat=True))
        return [self._row(one, one.membership.unit_id in mine) for one in self.page]

    @property
    def end_form(self) -> EndDelegationForm:
        """The reason for ending one; its boxes carry no id, because there is one form for each row."""
        return EndDelegationForm(auto_id=False)

    @property
    def crumbs(self) -> list[dict[str, str]]:
        """The path to the page."""
        return [{"label": "Planes de gestión", "url": reverse("plans:list")}, {"label": "Delegaciones", "url": ""}]

    def _row(self, one: Delegation, may_end: bool) -> DelegationRow:
        held = one.membership
        state, tone = state_of(held.starts_on, held.ends_on, self.today)
        is_over = tone == "off"
        return DelegationRow(
            pk=one.pk,
            unit=str(held.unit),
            person=f"{held.user} ({held.user.email})",
            dates=f"{long_date(held.starts_on)} a {long_date(held.ends_on)}",
            document=one.document,
            given=f"{one.given_by}, {long_date(one.given_at)}",
            state=state,
            tone=tone,
            end_url=reverse("tracking:delegation-end", args=[one.pk]) if may_end and not is_over else "",
        )


def state_of(starts_on: date, ends_on: date | None, today: date) -> tuple[str, str]:
    """Whether a delegation holds on a day, with its tone."""
    if ends_on is not None and (ends_on < today or ends_on < starts_on):
        return "Terminada", "off"
    return ("Por empezar", "neutral") if today < starts_on else ("Vigente", "ok")
