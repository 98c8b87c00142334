"""What the commands about one plan de gestión share: `--unit` and `--vigencia`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, NoReturn

from django.core.management.base import CommandParser
from django.utils import timezone

from pes import commands
from pes.models import OrganizationUnit
from pes.workbooks.sheets import SheetData
from pes.workbooks.writer import write_workbook
from plans.models import PlanGestion


class PlanCommand(commands.Command):
    """A command about the plan of a process or an alcaldía local for a vigencia."""

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--unit", required=True, metavar="CÓDIGO", help="proceso o alcaldía local")
        parser.add_argument("--vigencia", required=True, type=commands.year, metavar="AAAA")

    def add_import_arguments(self, parser: CommandParser) -> None:
        """Add the file, `--dry-run` and `--as`."""
        parser.add_argument("file", type=Path, metavar="ARCHIVO.xlsx")
        parser.add_argument("--dry-run", action="store_true", help="dice qué haría y no escribe nada")
        parser.add_argument("--as", dest="email", metavar="CORREO", help="persona que importa; por defecto, la consola")

    def add_export_argument(self, parser: CommandParser) -> None:
        """Add `--out`."""
        parser.add_argument("--out", required=True, type=Path, metavar="ARCHIVO.xlsx")

    def unreadable(self, format: str, file: Path, error: OSError) -> NoReturn:
        """Say that the file to import cannot be read; exit 2."""
        message = f"No se puede leer «{file}»: {commands.why(error)}."
        self.misused(format, message, code="file_unreadable", found=str(file))

    def write_book(self, format: str, sheets: Sequence[SheetData], out: Path, *, title: str) -> None:
        """Write a workbook and tell what had to be cleaned or cut."""
        try:
            notes = write_workbook(out, sheets, created=timezone.localtime(), title=title)
        except OSError as error:
            message = f"No se puede escribir «{out}»: {commands.why(error)}."
            self.misused(format, message, code="file_unwritable", found=str(out))
        if format == "json":
            titles = [sheet.title for sheet in sheets]
            self.say({"file": str(out), "sheets": titles, "warnings": [note.as_json() for note in notes]})
            return
        for note in notes:
            self.stderr.write(f"Aviso. {commands.item_line(note)}")
        self.stdout.write(f"Exportado: {out}")

    def owner(self, format: str, code: str) -> OrganizationUnit:
        """The unit of `--unit`; refused when there is none with that code."""
        found = OrganizationUnit.objects.filter(code__iexact=code).select_related("parent").first()
        if found is None:
            message = f"No hay ninguna unidad con el código «{code}»."
            self.refuse(format, message, code="unit_unknown", fix="Los códigos están en «manage.py units».", found=code)
        return found

    def plan(self, format: str, *, unit: str, vigencia: int, **_: Any) -> PlanGestion:
        """The plan that was asked for; refused when it is not open."""
        owner = self.owner(format, unit)
        found = PlanGestion.objects.filter(unit=owner, vigencia=vigencia).select_related("unit__parent").first()
        if found is None:
            message = f"El plan de {owner} para {vigencia} no está abierto."
            fix = "Ábralo en la página de planes, o impórtelo quien puede abrirlo."
            self.refuse(format, message, code="plan_unknown", rule="SM-1", fix=fix, found=f"{owner.code} {vigencia}")
        return found
