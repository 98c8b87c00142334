"""Write the report of a sector to files: the issued one if there is one, else a draft (issue §5; REP-01…03)."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser

from evaluation.models.report import IssuedReport, ReportDraft, ReportKind, SectorReport
from evaluation.rules.periods import Period, PeriodError, parse_period
from evaluation.tasks import CUTOFF_JOB
from pes import commands, jobs
from pes.models import Job, JobState, SectorPlan, User
from pes.rules.problems import Refused

FORMATS = ("pdf", "xlsx", "html")


class Command(commands.Command):
    help = "Escribe el informe de un sector: el emitido si lo hay; si no, un borrador marcado «Borrador»."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--sector", required=True, metavar="CÓDIGO")
        parser.add_argument("--kind", required=True, choices=ReportKind.values)
        parser.add_argument("--period", required=True, metavar="2022-03|2022-S1|2022")
        parser.add_argument("--out", required=True, type=Path, metavar="CARPETA")
        parser.add_argument("--format", default="pdf,xlsx", metavar="pdf,xlsx,html")
        parser.add_argument("--as", dest="email", metavar="CORREO", help="persona que lo pide; por defecto, la consola")

    def handle(
        self, *args: Any, sector: str, kind: str, period: str, out: Path, format: str, email: str | None, **options: Any
    ) -> None:
        suffixes = self._suffixes(format)
        by = commands.actor(email)
        slot = self._period(kind, period)
        plan = self._plan(sector, slot)
        report = IssuedReport.of(plan, slot).first() or self._draft(plan, slot, by)
        try:
            written = copy(report, plan.sector.code, suffixes, out)
        except OSError as error:
            raise CommandError(
                f"No se puede escribir en «{out}»: {commands.why(error)}.", returncode=commands.USAGE
            ) from error
        for path in written:
            self.stdout.write(str(path))

    def _suffixes(self, text: str) -> list[str]:
        wanted = [part.strip() for part in text.split(",") if part.strip()]
        if not wanted or set(wanted) - set(FORMATS):
            raise CommandError(f"--format acepta {', '.join(FORMATS)}.", returncode=commands.USAGE)
        return wanted

    def _period(self, kind: str, text: str) -> Period:
        try:
            return parse_period(kind, text)
        except PeriodError as error:
            raise CommandError(str(error), returncode=commands.USAGE) from error

    def _plan(self, slug: str, period: Period) -> SectorPlan:
        plans = SectorPlan.objects.filter(sector__code__iexact=slug).select_related("sector")
        if not plans:
            message = f"No existe el sector «{slug}» o no tiene plan."
            self.refuse("text", message, code="sector_unknown", fix=commands.WHICH_SECTORS)
        found = next((plan for plan in plans if period.vigencia in plan.vigencias), None)
        return found or plans[0]

    def _draft(self, plan: SectorPlan, period: Period, by: User) -> ReportDraft:
        for waiting in Job.objects.filter(kind=CUTOFF_JOB, state=JobState.QUEUED, payload__plan=plan.pk):
            jobs.run_now(waiting)
        try:
            job = jobs.run_now(ReportDraft.ask(plan, period, by=by))
        except Refused as refused:
            problem = refused.problems[0]
            self.refuse("text", problem.message, code=problem.code, rule=problem.rule, fix=problem.fix)
        if job.state != JobState.DONE:
            self.refuse("text", f"El informe no se pudo generar: {job.error}", code="report_failed")
        return ReportDraft.objects.get(plan=plan, kind=period.kind.value, period=period.code)


def copy(report: SectorReport, slug: str, suffixes: list[str], out: Path) -> list[Path]:
    """Copy the files of a report to a folder, whole or not at all, and return where they are. Raises OSError."""
    out.mkdir(parents=True, exist_ok=True)
    written = []
    wanted = [*suffixes, "zip"] if report.zip_sha256 and "pdf" in suffixes else suffixes
    for suffix in wanted:
        target = out / f"{slug}-{report.kind}-{report.period}.{suffix}"
        aside = target.with_name(f".{target.name}.tmp")
        shutil.copyfile(report.path(suffix), aside)
        written.append(aside.replace(target))
    return written
