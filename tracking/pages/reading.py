"""How a page finds its report: fetching is authorising."""

from __future__ import annotations

from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from pes.permissions import Permission
from tracking.models import QuarterReport


def report_or_404(
    request: HttpRequest, unit: str, vigencia: int, quarter: int, permission: Permission = Permission.PLAN_READ
) -> QuarterReport:
    """The report of a unit and quarter that the person may see; 404 for any other, as if there were none (AZ2)."""
    reports = QuarterReport.objects.visible_to(request.user, permission).select_related("plan__unit__parent")
    return get_object_or_404(reports, plan__unit__code=unit, plan__vigencia=vigencia, quarter=quarter)
