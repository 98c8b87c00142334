"""Export a quarterly report to the workbook that `import_report` reads (IM14)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from tracking.commands import ReportCommand
from tracking.content import reading_of
from tracking.report_workbook.export import report_sheets


class Command(ReportCommand):
    help = "Exporta el reporte trimestral de un plan al mismo libro que se importa."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        self.add_export_argument(parser)

    def handle(self, *args: Any, out: Path, format: str, **options: Any) -> None:
        report = self.report(format, **options)
        self.write_book(format, report_sheets(reading_of(report)), out, title=str(report))
