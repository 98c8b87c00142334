"""Import a plan de gestión from its workbook, all or nothing (issue §6; IM1–IM14)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from plans.commands import PlanCommand
from plans.workbook.apply import import_plan
from plans.workbook.reading import read_plan_workbook


class Command(PlanCommand):
    help = "Importa las metas de un plan de gestión de un libro de Excel; todo o nada."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        self.add_import_arguments(parser)

    def handle(
        self,
        *args: Any,
        file: Path,
        unit: str,
        vigencia: int,
        dry_run: bool,
        email: str | None,
        format: str,
        **options: Any,
    ) -> None:
        by = self.actor(format, email)
        owner = self.owner(format, unit)
        try:
            workbook = read_plan_workbook(file)
        except OSError as error:
            self.unreadable(format, file, error)
        answer = import_plan(workbook, owner, vigencia, by=by, file_name=file.name, dry_run=dry_run)
        self.tell_import(format, answer, dry_run=dry_run)
