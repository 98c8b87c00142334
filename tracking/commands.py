"""What the commands about a quarterly report share: `--unit`, `--vigencia` and `--quarter`."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandParser

from plans.commands import PlanCommand
from tracking.models import QuarterReport


class ReportCommand(PlanCommand):
    """A command about what a process or an alcaldía local reports of a quarter."""

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--quarter", required=True, type=int, choices=(1, 2, 3, 4), metavar="1-4")

    def report(self, format: str, *, unit: str, vigencia: int, quarter: int, **_: Any) -> QuarterReport:
        """The report that was asked for; refused when it is not open."""
        owner = self.owner(format, unit)
        reports = QuarterReport.objects.select_related("plan__unit__parent")
        found = reports.filter(plan__unit=owner, plan__vigencia=vigencia, quarter=quarter).first()
        if found is None:
            message = f"El reporte T{quarter} de {owner} para {vigencia} no está abierto."
            fix = "Se abre el día siguiente al fin del trimestre, si el plan está publicado."
            where = f"{owner.code} {vigencia} T{quarter}"
            self.refuse(format, message, code="report_unknown", rule="SM-2", fix=fix, found=where)
        return found
