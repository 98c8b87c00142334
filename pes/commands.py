"""What the commands share: exit 0 done, 1 refused, 2 usage; with `--format json`, one document and nothing else."""

from __future__ import annotations

import argparse
import errno
import json
import sys
from collections.abc import Iterable
from typing import Any, NoReturn

from django.core.management.base import BaseCommand, CommandError, CommandParser

from pes.models import OrganizationUnit, User
from pes.workbooks.answers import Answer
from pes.workbooks.items import Item

REFUSED, USAGE = 1, 2
WHICH_SECTORS = "Los códigos están en «manage.py units --kind sector»."

_WHY = {
    errno.ENOENT: "no existe el archivo o su carpeta",
    errno.EACCES: "no hay permiso",
    errno.EISDIR: "es una carpeta",
    errno.ENOTDIR: "una parte de la ruta no es una carpeta",
    errno.EEXIST: "ya existe y no es una carpeta",
    errno.ENOSPC: "no queda espacio en el disco",
    errno.EROFS: "el disco es de solo lectura",
}


def year(text: str) -> int:
    """A vigencia as `--vigencia` takes it: four digits; no database could hold a longer number."""
    if not (len(text) == 4 and text.isascii() and text.isdigit()):
        raise argparse.ArgumentTypeError(f"«{text}» no es un año de cuatro cifras")
    return int(text)


class Command(BaseCommand):
    """A command of the documented, stable command line."""

    formats: tuple[str, ...] = ("text", "json")

    def add_arguments(self, parser: CommandParser) -> None:
        """Add `--format`; the first of `formats` is the default."""
        parser.add_argument("--format", choices=self.formats, default=self.formats[0], help="formato de la respuesta")

    def say(self, document: Any) -> None:
        """Write one JSON document."""
        self.stdout.write(json.dumps(document, ensure_ascii=False, indent=2))

    def refuse(
        self, format: str, message: str, *, code: str, rule: str = "", fix: str = "", found: str = ""
    ) -> NoReturn:
        """Answer that it cannot be done, and why, in the form that was asked for; exit 1."""
        item = {"sheet": "", "cell": "", "code": code, "rule": rule, "found": found, "expected": ""}
        item |= {"message": message, "fix": fix}
        self.refuse_with(format, {"errors": [item]}, [f"{message} {fix}".strip()])

    def misused(self, format: str, message: str, *, code: str, found: str = "") -> NoReturn:
        """Say that it was called wrongly; exit 2, still with one document when JSON was asked for."""
        if format == "json":
            item = {"sheet": "", "cell": "", "code": code, "rule": "", "found": found, "expected": ""}
            self.say({"errors": [item | {"message": message, "fix": ""}]})
        raise CommandError(message, returncode=USAGE)

    def actor(self, format: str, email: str | None) -> User:
        """The person of `--as`, else the service identity of the console; nobody else acts."""
        try:
            return actor(email)
        except CommandError as error:
            self.misused(format, str(error), code="person_unknown", found=email or "")

    def refuse_with(self, format: str, document: dict[str, Any], lines: Iterable[str]) -> NoReturn:
        """Answer with a document, or with lines on the error stream; exit 1."""
        if format == "json":
            self.say(document)
        else:
            for line in lines:
                self.stderr.write(line)
        sys.exit(REFUSED)

    def tell_import(self, format: str, answer: Answer, *, dry_run: bool) -> None:
        """Answer what an import did; exit 1 when it was refused."""
        if answer.errors:
            self.refuse_with(format, answer.as_json(), map(item_line, answer.errors))
        if format == "json":
            self.say(answer.as_json())
            return
        for item in answer.warnings:
            self.stderr.write(f"Aviso. {item_line(item)}")
        counts = f"{answer.created} creadas, {answer.updated} cambiadas, {answer.unchanged} sin cambio"
        self.stdout.write(f"{'Ensayo, nada se escribió' if dry_run else 'Importado'}: {counts}.")

    def table(self, headers: Iterable[str], rows: Iterable[Iterable[Any]]) -> None:
        """Write an aligned table; percentages stand to the right of their column."""
        lines = [[str(cell) for cell in row] for row in (headers, *rows)]
        widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
        for line in lines:
            cells = (_aligned(cell, width) for cell, width in zip(line, widths, strict=True))
            self.stdout.write("  ".join(cells).rstrip())


def _aligned(cell: str, width: int) -> str:
    return cell.rjust(width) if cell.endswith("%") else cell.ljust(width)


def item_line(item: Item) -> str:
    """A finding about a workbook in one line: where, what, what to do."""
    where = " ".join(filter(None, (item.sheet, item.cell)))
    return f"{where}: {item.message} {item.fix}".strip(": ")


def why(error: OSError) -> str:
    """Why a file could not be read or written, in Spanish; the system says it in its own language."""
    return _WHY.get(error.errno or 0, "el sistema no lo permite")


def actor(email: str | None) -> User:
    """The person of `--as`, else the service identity of the console. Raises CommandError (usage)."""
    if not email:
        return User.objects.console()
    found = User.objects.filter(email__iexact=email, is_active=True, is_service=False).first()
    if found is None:
        raise CommandError(f"No hay ninguna persona activa con el correo «{email}».", returncode=USAGE)
    return found


def sector(slug: str) -> OrganizationUnit | None:
    """The sector of `--sector`."""
    return OrganizationUnit.objects.sectors().filter(code__iexact=slug).first()
