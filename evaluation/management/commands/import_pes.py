"""Import a PES from a workbook, all or nothing (issue §5; IM1–IM14)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from evaluation.pes_workbook.apply import compute_cutoffs_now, import_workbook
from evaluation.pes_workbook.shape import SPECS
from pes import commands
from pes.workbooks.reader import read_workbook


class Command(commands.Command):
    help = "Importa el plan estratégico sectorial de un libro de Excel; todo o nada."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("file", type=Path, metavar="ARCHIVO.xlsx")
        parser.add_argument("--dry-run", action="store_true", help="dice qué haría y no escribe nada")
        parser.add_argument("--as", dest="email", metavar="CORREO", help="persona que importa; por defecto, la consola")

    def handle(self, *args: Any, file: Path, dry_run: bool, email: str | None, format: str, **options: Any) -> None:
        by = self.actor(format, email)
        try:
            workbook = read_workbook(file, SPECS)
        except OSError as error:
            self.misused(
                format, f"No se puede leer «{file}»: {commands.why(error)}.", code="file_unreadable", found=str(file)
            )
        answer = import_workbook(workbook, by=by, file_name=file.name, dry_run=dry_run)
        if answer.plan is not None:
            compute_cutoffs_now(answer.plan)
        self.tell_import(format, answer, dry_run=dry_run)
