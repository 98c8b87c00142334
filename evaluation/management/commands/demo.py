"""Prepare and serve the demonstration: a published PES at 31 March 2022, and the plans of Gobierno with their quarters."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.urls import reverse

from evaluation.demo_data import SECTOR, prepare
from evaluation.models import Cutoff
from pes import commands, worker
from pes.models import SectorPlan
from pes.plan_frame import plan_url
from pes.rules.numbers import format_percent, ratio_to_percent
from tracking.models import QuarterReport
from tracking.rules.report_states import ReportStatus

REPORTS = (("monthly", "2022-03"), ("semiannual", "2022-S1"), ("annual", "2022"))
PREPARING = "gobierno"  # the sector whose PES is in phase 2
QUICK = ("PLE-PIN", "acompanamiento-a-la-gestion-local", "AL-01", "AL-08", "AL-12", "AL-17")


class Command(commands.Command):
    help = "Prepara la demostración con el PES publicado y la sirve en este equipo. Dos veces es lo mismo que una."
    requires_system_checks: list[str] = []  # in production it refuses in its own words

    def add_arguments(self, parser: CommandParser) -> None:
        BaseCommand.add_arguments(self, parser)
        parser.add_argument("--no-serve", action="store_true", help="prepara los datos y termina")
        parser.add_argument("--port", type=int, default=8000, help="puerto (8000)")
        parser.add_argument("--quick", action="store_true", help="solo reportan seis unidades: tarda menos")

    def handle(self, *args: Any, no_serve: bool, port: int, quick: bool, **options: Any) -> None:
        if settings.PRODUCTION:
            self.refuse("text", "La demostración no se carga en producción.", code="production")
        if not settings.PES_DEMO:
            raise CommandError("PES_DEMO=0 apaga la demostración; quítelo o use PES_DEMO=1.", returncode=commands.USAGE)
        self.stdout.write("Preparando la base de datos…")
        call_command("migrate", verbosity=0, interactive=False)
        self.stdout.write(
            "Cargando la organización, el PES publicado, los planes y sus trimestres (menos de un minuto)…"
        )
        settings.PES_BASE_URL = settings.PES_BASE_URL or f"http://127.0.0.1:{port}"  # the links of e-mails lead there
        cutoff = prepare(QUICK if quick else None)
        self._show(cutoff)
        self._show_quarters()
        self.stdout.write("")
        self.table(["Entre como", "Y vea", "En"], [list(row) for row in (*_quarter_places(), *_phase_places())])
        self._render_reports()
        self.stdout.write(f"\nAbra http://127.0.0.1:{port}/ y elija una persona para entrar.")
        if not no_serve:
            self.stdout.write("Ctrl+C para terminar.")
            worker.start_in_process()
            call_command("runserver", f"127.0.0.1:{port}", use_reloader=False)

    def _show_quarters(self) -> None:
        """Where to look at the quarterly reports, and how those in progress stand."""
        in_progress = _in_progress()
        if in_progress is None:
            return
        vigencia, quarter = in_progress
        self.stdout.write(
            f"\nPlanes de gestión de {vigencia}: T1 y T2 socializados, T3 consolidado, T{quarter} en curso"
        )
        of_quarter = QuarterReport.objects.filter(plan__vigencia=vigencia, quarter=quarter)
        counts = Counter(of_quarter.values_list("status", flat=True))
        rows = [[state.label, counts[state.value]] for state in ReportStatus if counts[state.value]]
        self.table([f"Reportes de T{quarter}", "Planes"], rows)

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


def _in_progress() -> tuple[int, int] | None:
    """The vigencia and quarter that are being reported."""
    last = QuarterReport.objects.order_by("-plan__vigencia_id", "-quarter").first()
    return (last.plan.vigencia_id, last.quarter) if last is not None else None


def _quarter_places() -> list[tuple[str, str, str]]:
    """Who finds which quarterly report where."""
    in_progress = _in_progress()
    if in_progress is None:
        return []

    def report(unit: str) -> str:
        return reverse("tracking:report", args=[unit, *in_progress])

    return [
        ("Promotor(a), líder de PLE-PIN", "un reporte a medio llenar", report("PLE-PIN")),
        ("Delegado(a) de AL-08", "un reporte completo que vence el próximo día hábil", report("AL-08")),
        ("Alcalde(sa) de AL-01", "un reporte devuelto con observaciones", report("AL-01")),
        (
            "Área central (gestión policiva)",
            "las metas que reporta por las alcaldías",
            reverse("tracking:central-goals"),
        ),
        ("Analista OAP (Gobierno)", "los reportes por revisar", reverse("tracking:report-queue")),
        ("Jefe(a) OAP", "qué está detenido, con quién y desde cuándo", reverse("evaluation:ageing")),
        ("Comunicaciones (Gobierno)", "los cierres, con T3 por socializar", reverse("evaluation:closes")),
        ("Directivo(a) (Gobierno)", "el sector, unidad por unidad", reverse("evaluation:dashboard", args=["gobierno"])),
        ("Cualquiera de ellos", "el ranking de gestión, con empates", reverse("evaluation:ranking")),
        ("Nadie (sin cuenta)", "los resultados publicados", reverse("evaluation:public-results")),
    ]


def _phase_places() -> list[tuple[str, str, str]]:
    """Who finds what of the PES that is being prepared, of the adopted one, and of the territory."""
    plan = SectorPlan.objects.filter(road__isnull=False, sector__code=PREPARING).first()
    if plan is None:
        return []
    return [
        ("Analista OAP (Gobierno)", "el camino de un PES, en su fase 2", plan_url(plan, "pes:road")),
        ("Directivo(a) (Gobierno)", "las mesas, el DOFA y la encuesta", plan_url(plan, "pes:meetings")),
        ("Enlace (SDG, DADEP o IDPAC)", "el documento, por escribir entre todos", plan_url(plan, "pes:document")),
        ("Enlace (IDPAC)", "la versión que su entidad debe leer y observar", plan_url(plan, "pes:approval")),
        ("Asesor(a) territorial", "las asistencias que registra", reverse("tracking:assistances")),
        ("Coordinador(a) regional", "los cuatro eslabones de Monitoreo 360", reverse("evaluation:monitoring")),
        ("Nadie (sin cuenta)", "la encuesta ciudadana", reverse("pes:public-surveys")),
        ("Nadie (sin cuenta)", "los planes estratégicos adoptados", reverse("pes:public-pes-list")),
    ]
