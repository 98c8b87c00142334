"""The workbook of a central area's table: the same two ways as a report's, for all its plans at once (PG-08)."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST, require_safe

from pes.access import requires
from pes.forms.workbook import UploadForm
from pes.permissions import Permission
from tracking.report_workbook.targets import TableTarget
from tracking.views.central import area_table_or_404
from tracking.views.report_workbook import do_apply, hand_back, hand_over, show_page, show_preview, take


@require_safe
@requires(Permission.GOAL_REPORT)
def workbook(request: HttpRequest, area: str, vigencia: int, quarter: int) -> HttpResponse:
    """Take the workbook of a table, or send one."""
    return show_page(request, _target(request, area, vigencia, quarter), UploadForm())


@require_safe
@requires(Permission.GOAL_REPORT)
def export(request: HttpRequest, area: str, vigencia: int, quarter: int) -> HttpResponse:
    """The table as its workbook."""
    return hand_over(_target(request, area, vigencia, quarter))


@require_POST
@requires(Permission.GOAL_REPORT)
def upload(request: HttpRequest, area: str, vigencia: int, quarter: int) -> HttpResponse:
    """Keep a workbook and show what it would change."""
    return take(request, _target(request, area, vigencia, quarter))


@require_safe
@requires(Permission.GOAL_REPORT)
def workbook_preview(request: HttpRequest, area: str, vigencia: int, quarter: int, pk: UUID) -> HttpResponse:
    """What a kept workbook changes in each plan; once applied, its receipt."""
    return show_preview(request, _target(request, area, vigencia, quarter), pk)


@require_POST
@requires(Permission.GOAL_REPORT)
def apply(request: HttpRequest, area: str, vigencia: int, quarter: int, pk: UUID) -> HttpResponse:
    """Write it in all its plans, or in none."""
    return do_apply(request, _target(request, area, vigencia, quarter), pk)


@require_safe
@requires(Permission.GOAL_REPORT)
def annotated(request: HttpRequest, area: str, vigencia: int, quarter: int, pk: UUID) -> HttpResponse:
    """The person's values on a fresh copy of the form, with each problem as a comment on its cell."""
    return hand_back(request, _target(request, area, vigencia, quarter), pk)


def _target(request: HttpRequest, area: str, vigencia: int, quarter: int) -> TableTarget:
    found, _readings = area_table_or_404(request, area, vigencia, quarter)
    return TableTarget(found, vigencia, quarter)
