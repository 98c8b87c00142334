"""Write a report to files: the issued one if there is one, else a draft (REP-01…04, REP-07, REP-08)."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser

from evaluation.auditor_acts import editions_of, request_draft
from evaluation.models import AuditorDraft, AuditorKind, AuditorReport, QuarterClose
from evaluation.models.auditor_report import FORMATS as AUDITOR_FORMATS
from evaluation.models.report import IssuedReport, ReportDraft, ReportKind, SectorReport
from evaluation.rules.periods import Period, PeriodError, parse_period
from evaluation.tasks import CUTOFF_JOB
from pes import commands, jobs
from pes.models import Job, JobState, OrganizationUnit, SectorPlan, UnitKind, User
from pes.rules.problems import Refused

FORMATS = ("pdf", "xlsx", "html")
DEFAULT_FORMATS = ("pdf", "xlsx")
WHICH_ENTITIES = "Los códigos están en «manage.py units --kind entity»."


class Command(commands.Command):
    help = "Escribe un informe: el emitido si lo hay; si no, un borrador marcado «Borrador»."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--kind", required=True, choices=[*ReportKind.values, *AuditorKind.values])
        parser.add_argument("--sector", metavar="CÓDIGO", help="de los informes monthly, semiannual y annual")
        parser.add_argument("--period", metavar="2022-03|2022-S1|2022", help="de los mismos informes")
        parser.add_argument("--vigencia", type=commands.year, metavar="AÑO", help="de cb0404, cb1090 y gestion")
        parser.add_argument("--entity", metavar="CÓDIGO", help="de los mismos; sobra si una sola tiene cierres")
        parser.add_argument("--out", required=True, type=Path, metavar="CARPETA")
        parser.add_argument("--format", metavar="pdf,xlsx,docx,html", help="por defecto, los de la clase")
        parser.add_argument("--as", dest="email", metavar="CORREO", help="persona que lo pide; por defecto, la consola")

    def handle(self, *args: Any, kind: str, format: str | None, out: Path, email: str | None, **options: Any) -> None:
        is_auditor = kind in AuditorKind.values
        suffixes = self._suffixes(format, AUDITOR_FORMATS[kind] if is_auditor else DEFAULT_FORMATS)
        by = commands.actor(email)
        if is_auditor:
            self._no_other(kind, options, "sector", "period")
            sources = self._auditor(kind, suffixes, by, **options)
        else:
            self._no_other(kind, options, "vigencia", "entity")
            sources = self._sector(kind, suffixes, by, **options)
        try:
            written = copy(sources, out)
        except OSError as error:
            raise CommandError(
                f"No se puede escribir en «{out}»: {commands.why(error)}.", returncode=commands.USAGE
            ) from error
        for path in written:
            self.stdout.write(str(path))

    def _suffixes(self, text: str | None, own: tuple[str, ...]) -> list[str]:
        if text is None:
            return list(own)
        accepted = tuple(dict.fromkeys((*own, "html")))
        wanted = [part.strip() for part in text.split(",") if part.strip()]
        if not wanted or set(wanted) - set(accepted):
            raise CommandError(f"--format acepta {', '.join(accepted)}.", returncode=commands.USAGE)
        return wanted

    def _no_other(self, kind: str, options: dict[str, Any], *names: str) -> None:
        for name in names:
            if options[name] is not None:
                raise CommandError(f"--kind {kind} no lleva --{name}.", returncode=commands.USAGE)

    def _needed(self, kind: str, name: str, value: Any) -> Any:
        if value is None:
            raise CommandError(f"Falta --{name}: --kind {kind} lo necesita.", returncode=commands.USAGE)
        return value

    def _sector(
        self, kind: str, suffixes: list[str], by: User, *, sector: str | None, period: str | None, **options: Any
    ) -> list[tuple[Path, str]]:
        code = self._needed(kind, "sector", sector)
        slot = self._period(kind, self._needed(kind, "period", period))
        plan = self._plan(code, slot)
        report = IssuedReport.of(plan, slot).first() or self._draft(plan, slot, by)
        return sector_files(report, plan.sector.code, suffixes)

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
            self._made(ReportDraft.ask(plan, period, by=by))
        except Refused as refused:
            self._refused(refused)
        return ReportDraft.objects.get(plan=plan, kind=period.kind.value, period=period.code)

    def _auditor(
        self, kind: str, suffixes: list[str], by: User, *, vigencia: int | None, entity: str | None, **options: Any
    ) -> list[tuple[Path, str]]:
        year = self._needed(kind, "vigencia", vigencia)
        of = self._entity(kind, entity, year)
        report: AuditorReport | AuditorDraft | None = editions_of(of, year, kind).first()
        if report is None:
            try:
                self._made(request_draft(of, year, kind, by=by))
            except Refused as refused:
                self._refused(refused)
            report = AuditorDraft.objects.get(entity=of, vigencia=year, kind=kind)
        return [(report.path(suffix), f"{of.code}-{kind}-{year}.{suffix}") for suffix in suffixes]

    def _entity(self, kind: str, code: str | None, vigencia: int) -> OrganizationUnit:
        entities = OrganizationUnit.objects.filter(kind=UnitKind.ENTITY)
        if code is not None:
            found = entities.filter(code__iexact=code).first()
            if found is None:
                self.refuse("text", f"No existe la entidad «{code}».", code="entity_unknown", fix=WHICH_ENTITIES)
            return found
        closed = list(entities.filter(pk__in=QuarterClose.objects.filter(vigencia=vigencia).values("entity"))[:2])
        if not closed:
            message = f"Ninguna entidad tiene trimestres consolidados en {vigencia}."
            self.refuse("text", message, code="nothing_consolidated", rule="REP-04", fix="Consolide un trimestre.")
        if len(closed) > 1:
            self._needed(kind, "entity", None)
        return closed[0]

    def _made(self, job: Job) -> None:
        ended = jobs.run_now(job)
        if ended.state != JobState.DONE:
            self.refuse("text", f"El informe no se pudo generar: {ended.error}", code="report_failed")

    def _refused(self, refused: Refused) -> None:
        problem = refused.problems[0]
        self.refuse("text", problem.message, code=problem.code, rule=problem.rule, fix=problem.fix)


def sector_files(report: SectorReport, slug: str, suffixes: list[str]) -> list[tuple[Path, str]]:
    """The files of a sector's report and what they are called; the ZIP goes with the PDF that it completes."""
    wanted = [*suffixes, "zip"] if report.zip_sha256 and "pdf" in suffixes else suffixes
    return [(report.path(suffix), f"{slug}-{report.kind}-{report.period}.{suffix}") for suffix in wanted]


def copy(sources: list[tuple[Path, str]], out: Path) -> list[Path]:
    """Copy files to a folder under their names, each whole or not at all; where they are. Raises OSError."""
    out.mkdir(parents=True, exist_ok=True)
    written = []
    for source, name in sources:
        aside = out / f".{name}.tmp"
        shutil.copyfile(source, aside)
        written.append(aside.replace(out / name))
    return written
