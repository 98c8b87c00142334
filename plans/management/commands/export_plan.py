"""Export a plan de gestión to the workbook that `import_plan` reads (IM14)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from plans.commands import PlanCommand
from plans.workbook.export import sheets_of


class Command(PlanCommand):
    help = "Exporta un plan de gestión al mismo libro que se importa."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        self.add_export_argument(parser)

    def handle(self, *args: Any, unit: str, vigencia: int, out: Path, format: str, **options: Any) -> None:
        plan = self.plan(format, unit=unit, vigencia=vigencia)
        self.write_book(format, sheets_of(plan), out, title=str(plan))
