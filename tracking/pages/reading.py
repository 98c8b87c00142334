"""How a page finds its report: fetching is authorising."""

from __future__ import annotations

from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from pes.permissions import Permission
from plans.models import PlanGestion
from tracking.models import QuarterReport


def report_or_404(
    request: HttpRequest, unit: str, vigencia: int, quarter: int, permission: Permission = Permission.PLAN_READ
) -> QuarterReport:
    """The report of a unit and quarter that the person may see; 404 for any other, as if there were none (AZ2)."""
    reports = QuarterReport.objects.visible_to(request.user, permission).select_related("plan__unit__parent")
    return get_object_or_404(reports, plan__unit__code=unit, plan__vigencia=vigencia, quarter=quarter)


def whole_report_or_404(request: HttpRequest, unit: str, vigencia: int, quarter: int) -> QuarterReport:
    """As `report_or_404`, for who reads the whole plan: a central area reads its own goals, and these are all (PG-08)."""
    plans = PlanGestion.objects.visible_to(request.user, Permission.PLAN_READ)
    reports = QuarterReport.objects.filter(plan__in=plans).select_related("plan__unit__parent", "reviewer")
    return get_object_or_404(reports, plan__unit__code=unit, plan__vigencia=vigencia, quarter=quarter)
