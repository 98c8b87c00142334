"""Import what the goals of a plan report of a quarter, all or nothing (rules §5.4; IM1–IM14)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from tracking.commands import ReportCommand
from tracking.report_workbook.apply import import_workbook
from tracking.report_workbook.reading import read_quarter_workbook
from tracking.report_workbook.targets import ReportTarget


class Command(ReportCommand):
    help = "Importa el reporte trimestral de un plan de un libro de Excel; todo o nada."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        self.add_import_arguments(parser)

    def handle(self, *args: Any, file: Path, dry_run: bool, email: str | None, format: str, **options: Any) -> None:
        by = self.actor(format, email)
        report = self.report(format, **options)
        try:
            workbook = read_quarter_workbook(file, report.quarter)
        except OSError as error:
            self.unreadable(format, file, error)
        answer = import_workbook(workbook, ReportTarget(report), by=by, file_name=file.name, dry_run=dry_run)
        self.tell_import(format, answer, dry_run=dry_run)
