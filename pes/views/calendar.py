"""Administration of days off: national holidays, days by decree, and the due dates that follow from both."""

from __future__ import annotations

from datetime import date
from typing import Any

import holidays
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.views.decorators.http import require_POST, require_safe

from pes import vigencias
from pes.access import requires
from pes.asked import whole_number
from pes.calendar_co import non_working_days
from pes.dates import long_date
from pes.forms.base import ReasonForm
from pes.forms.vigencias import DayOffForm
from pes.models import NonWorkingDay
from pes.permissions import Permission
from pes.rules.calendar import quarter_end, report_due_on
from pes.rules.problems import Refused
from pes.views.pieces import crumbs

_MANAGE = Permission.CALENDAR_MANAGE
_FIRST, _LAST = 1990, 2100


@require_safe
@requires(_MANAGE)
def calendar(request: HttpRequest) -> HttpResponse:
    """A year's days off and the due dates of its quarters."""
    return _page(request, _year(request), DayOffForm())


@require_POST
@requires(_MANAGE)
def add(request: HttpRequest) -> HttpResponse:
    """Declare a day off."""
    form = DayOffForm(request.POST)
    if form.is_valid():
        try:
            day = vigencias.declare_day_off(by=request.user, **form.cleaned_data)
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, f"El {long_date(day.on)} quedó como día no hábil.")
            return redirect("administration:calendar")
    return _page(request, timezone.localdate().year, form, status=422)


@requires(_MANAGE)
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Withdraw a day off that has not come."""
    day = get_object_or_404(NonWorkingDay, pk=pk)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            vigencias.withdraw_day_off(day, by=request.user, reason=form.cleaned_data["reason"])
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, f"El {long_date(day.on)} vuelve a ser un día como los demás.")
            return redirect("administration:calendar")
    context = {
        "form": form,
        "question": "¿Retirar este día no hábil?",
        "about": f"{_weekday(day.on)} · {day.reason}",
        "label": "Retirar el día",
        "back": reverse("administration:calendar"),
        "crumbs": crumbs("Calendario", "Retirar un día"),
    }
    return render(request, "pes/administration/decide.html", context, status=422 if form.errors else 200)


def _page(request: HttpRequest, year: int, form: DayOffForm, status: int = 200) -> HttpResponse:
    context = {
        "form": form,
        "year": year,
        "years": [(y, str(y)) for y in range(timezone.localdate().year + 2, 2021, -1)],
        "holidays": _holidays(year),
        "days": [_day_row(day) for day in NonWorkingDay.objects.filter(on__year=year).order_by("on")],
        "quarters": _quarters(year),
        "crumbs": crumbs("Calendario"),
    }
    return render(request, "pes/administration/calendar.html", context, status=status)


def _year(request: HttpRequest) -> int:
    """The year asked for; this one when the address says nothing that is a year."""
    year = whole_number(request.GET.get("anio", "")) or 0
    return year if _FIRST <= year <= _LAST else timezone.localdate().year


def _holidays(year: int) -> list[tuple[str, str]]:
    found = holidays.country_holidays("CO", years=[year], language="es")
    return [(_weekday(day), name) for day, name in sorted(found.items())]


def _quarters(year: int) -> list[dict[str, Any]]:
    off = non_working_days([year, year + 1])
    dues = [(quarter, report_due_on(year, quarter, off)) for quarter in (1, 2, 3, 4)]
    today = timezone.localdate()
    return [
        {
            "quarter": f"Trimestre {quarter}",
            "end": long_date(quarter_end(year, quarter)),
            "due": _weekday(due),
            "moved": _moved(year, quarter, due),
            "is_past": due < today,
        }
        for quarter, due in dues
    ]


def _moved(year: int, quarter: int, due: date) -> str:
    days = (due - quarter_end(year, quarter)).days - 15
    return f"Se corre {days} {'día' if days == 1 else 'días'}: el día 15 no es hábil." if days else ""


def _day_row(day: NonWorkingDay) -> dict[str, Any]:
    refusal = " ".join(problem.message for problem in vigencias.withdrawal_problems(day.on))
    when = _weekday(day.on)
    return {
        "pk": day.pk,
        "on": when,
        "reason": day.reason,
        "act": day.act or "–",
        "refusal": refusal,
    }


def _weekday(day: date) -> str:
    """«lunes 18 de abril de 2022»."""
    return f"{date_format(day, 'l').lower()} {long_date(day)}"
