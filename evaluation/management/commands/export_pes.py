"""Export a PES to the workbook that `import_pes` reads (IM14)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser
from django.utils import timezone

from evaluation.pes_workbook.export import sheets_of
from pes import commands
from pes.models import SectorPlan
from pes.workbooks.writer import write_workbook


class Command(commands.Command):
    help = "Exporta el plan estratégico de un sector al mismo libro que se importa."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--sector", required=True, metavar="CÓDIGO")
        parser.add_argument("--out", required=True, type=Path, metavar="ARCHIVO.xlsx")
        parser.add_argument(
            "--inicio", type=int, metavar="AAAA", help="primer año del plan; por defecto, el más reciente"
        )

    def handle(self, *args: Any, sector: str, out: Path, inicio: int | None, format: str, **options: Any) -> None:
        unit = commands.sector(sector)
        plans = SectorPlan.objects.filter(sector=unit).select_related("sector").order_by("-first_vigencia")
        plan = (plans.filter(first_vigencia=inicio) if inicio else plans).first() if unit else None
        if plan is None:
            message, fix = f"El sector «{sector}» no existe o no tiene plan.", commands.WHICH_SECTORS
            self.refuse(format, message, code="plan_unknown", fix=fix, found=sector)
        sheets = sheets_of(plan)
        try:
            notes = write_workbook(out, sheets, created=timezone.localtime(), title=plan.name)
        except OSError as error:
            self.misused(
                format, f"No se puede escribir «{out}»: {commands.why(error)}.", code="file_unwritable", found=str(out)
            )
        if format == "json":
            self.say(
                {
                    "file": str(out),
                    "sheets": [sheet.title for sheet in sheets],
                    "warnings": [n.as_json() for n in notes],
                }
            )
            return
        for note in notes:
            self.stderr.write(f"Aviso. {note.sheet} {note.cell}: {note.message} {note.fix}")
        self.stdout.write(f"Exportado: {out}")
