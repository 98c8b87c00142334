"""Export a plan de gestión to the workbook that `import_plan` reads (IM14)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser
from django.utils import timezone

from pes import commands
from pes.workbooks.writer import write_workbook
from plans.commands import PlanCommand
from plans.workbook.export import sheets_of


class Command(PlanCommand):
    help = "Exporta un plan de gestión al mismo libro que se importa."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--out", required=True, type=Path, metavar="ARCHIVO.xlsx")

    def handle(self, *args: Any, unit: str, vigencia: int, out: Path, format: str, **options: Any) -> None:
        plan = self.plan(format, unit=unit, vigencia=vigencia)
        sheets = sheets_of(plan)
        try:
            notes = write_workbook(out, sheets, created=timezone.localtime(), title=str(plan))
        except OSError as error:
            self.misused(
                format, f"No se puede escribir «{out}»: {commands.why(error)}.", code="file_unwritable", found=str(out)
            )
        if format == "json":
            titles = [sheet.title for sheet in sheets]
            self.say({"file": str(out), "sheets": titles, "warnings": [note.as_json() for note in notes]})
            return
        for note in notes:
            self.stderr.write(f"Aviso. {commands.item_line(note)}")
        self.stdout.write(f"Exportado: {out}")
