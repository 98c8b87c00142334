"""The organisation's units and their codes, which other commands take."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandParser

from pes import commands
from pes.models import OrganizationUnit, UnitKind


class Command(commands.Command):
    help = "Lista las unidades de la organización con su código."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--kind", choices=UnitKind.values, help="clase de unidad")

    def handle(self, *args: Any, kind: str | None, format: str, **options: Any) -> None:
        units = OrganizationUnit.objects.select_related("parent").order_by("sort_key", "code")
        if kind:
            units = units.filter(kind=kind)
        rows = [
            {
                "code": unit.code,
                "name": unit.name,
                "acronym": unit.acronym,
                "kind": unit.kind,
                "parent": unit.parent.code if unit.parent else None,
                "is_active": unit.is_active,
            }
            for unit in units
        ]
        if format == "json":
            self.say(rows)
        else:
            self.table(
                ["Código", "Clase", "Depende de", "Nombre"],
                [[row["code"], UnitKind(row["kind"]).label, row["parent"] or "–", row["name"]] for row in rows],
            )
