"""Prepare and serve the demonstration (issue §5): the published PES of the Sector Gestión Pública at 31 March 2022."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser

from evaluation.demo_data import SECTOR, prepare
from evaluation.models import Cutoff
from pes import commands, worker
from pes.rules.numbers import format_percent, ratio_to_percent

REPORTS = (("monthly", "2022-03"), ("semiannual", "2022-S1"), ("annual", "2022"))


class Command(commands.Command):
    help = "Prepara la demostración con el PES publicado y la sirve en este equipo. Dos veces es lo mismo que una."
    requires_system_checks: list[str] = []  # in production it refuses in its own words

    def add_arguments(self, parser: CommandParser) -> None:
        BaseCommand.add_arguments(self, parser)
        parser.add_argument("--no-serve", action="store_true", help="prepara los datos y termina")
        parser.add_argument("--port", type=int, default=8000, help="puerto (8000)")

    def handle(self, *args: Any, no_serve: bool, port: int, **options: Any) -> None:
        if settings.PRODUCTION:
            self.refuse("text", "La demostración no se carga en producción.", code="production")
        if not settings.PES_DEMO:
            raise CommandError("PES_DEMO=0 apaga la demostración; quítelo o use PES_DEMO=1.", returncode=commands.USAGE)
        self.stdout.write("Preparando la base de datos…")
        call_command("migrate", verbosity=0, interactive=False)
        self.stdout.write("Cargando la organización, el PES publicado y las personas de la demostración…")
        cutoff = prepare()
        self._show(cutoff)
        self._render_reports()
        self.stdout.write(f"\nAbra http://127.0.0.1:{port}/ y elija una persona para entrar.")
        if not no_serve:
            self.stdout.write("Ctrl+C para terminar.")
            worker.start_in_process()
            call_command("runserver", f"127.0.0.1:{port}", use_reloader=False)

    def _render_reports(self) -> None:
        folder = Path(settings.PES_VAR_DIR) / "informes"
        for kind, period in REPORTS:
            if (folder / f"{SECTOR}-{kind}-{period}.pdf").exists():
                continue  # a visitor may have issued it since: what is there stays
            self.stdout.write(f"Generando el informe {kind} {period}…")
            call_command("render_report", sector=SECTOR, kind=kind, period=period, out=folder, stdout=self.stdout)

    def _show(self, cutoff: Cutoff) -> None:
        plan = cutoff.plan
        self.stdout.write(f"\n{plan.name} · corte {cutoff.on:%Y-%m-%d} (consolidado)")
        result = cutoff.sector_result
        rows = [
            [
                f"Objetivo {one.number}",
                format_percent(ratio_to_percent(one.compliance)),
                f"{one.measured} de {one.programmed} medidos",
            ]
            for one in result.objectives
        ]
        self.table(["Objetivo", "Cumplimiento", "Indicadores"], rows)
        index = format_percent(ratio_to_percent(result.index))
        self.stdout.write(f"Índice sectorial (calculado por la herramienta): {index}")
