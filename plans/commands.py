"""What the commands about one plan de gestión share: `--unit` and `--vigencia`."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandParser

from pes import commands
from pes.models import OrganizationUnit
from plans.models import PlanGestion


class PlanCommand(commands.Command):
    """A command about the plan of a process or an alcaldía local for a vigencia."""

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--unit", required=True, metavar="CÓDIGO", help="proceso o alcaldía local")
        parser.add_argument("--vigencia", required=True, type=commands.year, metavar="AAAA")

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
