"""What the tables of permissions of quarterly reports stand on: one report that has everything, and the signed-off table.

An alcaldía's T1 is consolidated; its T2 is in review. Its first goal is reported by a central area, its second by it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import UUID

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import override_settings
from django.utils import timezone

from evaluation.auditor_acts import publish_report
from evaluation.models import AuditorReport, QuarterClose
from evaluation.quarter_publications import publish_close
from pes.models import OrganizationUnit, SectorPlan, User
from pes.permissions import Role
from plans.models import PlanGestion
from plans.rules.goals import GoalKind
from tests import make, people, plan_makers, report_makers
from tests.change_makers import World, world
from tests.evaluation.quarters import AFTER_TERM, closed
from tests.matrix import ABOVE, ANNOTATORS, HEAD, LEADERS, NEAR, OAP, READERS, TEAM, May, Row, Sent, Who, at
from tests.once import once
from tests.tracking import files
from tracking import comments, corrections, delegations, filling, goal_evidence, lifecycle
from tracking.models import Delegation, Evidence, GoalReport, QuarterReport, ReportObservation, ReportUpload
from tracking.report_observations import raise_observation
from tracking.rules.report_states import ReportStatus

FILLERS = TEAM | {Role.DELEGADO}
SENDERS = LEADERS | {Role.DELEGADO}
PUBLISHERS = OAP | {Role.COMUNICACIONES}
RECORDERS = OAP | {Role.SECRETARIA_TECNICA}
ISSUE_PUBLISHERS = HEAD | {Role.COMUNICACIONES}
# From where a report is held, besides: the process that reports its first goal.
RELATIONS = (*NEAR, "leading")
FROM_AREA = (*ABOVE, "leading")
T1 = report_makers.opened_on(2022, 1, days=4)
T2 = report_makers.opened_on(2022, 2, days=4)
JULY = datetime(2022, 7, 21, 15, tzinfo=UTC)  # the term of T2 has passed, its extension too
STATES = [status.value for status in ReportStatus]
BY_AREA = {
    "achieved": Decimal(25),
    "analysis": "El área entregó las cifras.",
    "accumulated_analysis": "Según lo programado.",
}


@dataclass(frozen=True)
class Stage:
    """A report in review with a thread, evidence, a comment, a correction and a delegation; and a consolidated one."""

    found: World
    plan: PlanGestion
    report: QuarterReport
    thread: ReportObservation
    proof: Evidence
    central_proof: Evidence
    delegation: Delegation
    close: QuarterClose
    edition: AuditorReport

    @property
    def places(self) -> dict[str, OrganizationUnit]:
        """The unit of each relation."""
        them = self.found.them
        return {"own": them.alcaldia, "entity": them.head, "sector": them.sector, "leading": self.found.leading}

    def somebody(self, role: Role, relation: str) -> User:
        """Somebody new with a role there, and a second factor."""
        return people.with_second_factor(people.person(f"{role.value} {relation}", role, self.places[relation]))

    def thing(self, name: Any, user: User | None) -> Any:
        """What a name stands for in an address; what names nothing stands for itself."""
        return THINGS[name](self, user) if name in THINGS else name

    def entry(self, number: int) -> GoalReport:
        """What a goal reports."""
        rows = self.report.entries.select_related("goal__plan__unit", "goal__central_area", "report__plan__unit")
        return rows.get(goal__number=number)


def stage(found: World | None = None, mark: str = "") -> Stage:
    """Everything, made by verbs in their time; every text that somebody writes ends with `mark`."""
    found = found or world()
    them = found.them
    if not SectorPlan.objects.filter(sector=them.sector).exists():
        make.plan(sector=them.sector)
    plan = published(found, mark)
    first = report_makers.report(plan, 1)
    written(first, found, mark, T1)
    lifecycle.submit(first, by=them.marta, now=T1)
    lifecycle.take(first, by=them.ana, now=T1)
    lifecycle.validate(first, by=them.ana, now=T1)
    close = closed(them.head, by=them.jorge, level=plan.level, reason="Llegó otro reporte", now=AFTER_TERM)
    report = report_makers.report(plan, 2)
    proofs = written(report, found, mark, T2)
    delegation = sent(report, found, mark)
    thread = discussed(report, found, mark)
    edition = issued(found, f"{first.pk}")
    return Stage(found, plan, report_makers.again(report), thread, *proofs, delegation, close, edition)


def published(found: World, mark: str) -> PlanGestion:
    """A published plan of the alcaldía whose first goal a process reports."""
    texts = {name: f"{value}{mark}" for name, value in plan_makers.GOAL.items() if type(value) is str}
    led = {**texts, "kind": GoalKind.TRANSVERSAL, "central_area": found.leading.code}
    return plan_makers.management_plan(unit=found.them.alcaldia, by=found.them.marta, goals=[led, texts])


def written(report: QuarterReport, found: World, mark: str, now: datetime) -> tuple[Evidence, Evidence]:
    """Both goals filled in, by who must, with a file each and a comment."""
    marta = found.them.marta
    words = {name: f"{value}{mark}" for name, value in BY_AREA.items() if type(value) is str}
    figures = {**BY_AREA, **words}
    filling.supply_entries(report, found.leading, [filling.EntryChange(1, figures)], by=found.teresa, now=now)
    filling.write_entries(report, [filling.EntryChange(2, figures)], by=marta, now=now)
    rows = {row.goal.number: row for row in report.entries.select_related("goal__central_area", "report__plan__unit")}
    own = goal_evidence.prove_with_file(rows[2], picture(mark, 8), by=marta, now=now)
    central = goal_evidence.prove_with_file(rows[1], picture(mark, 9), by=found.teresa, now=now)
    goal_evidence.prove_with_link(rows[2], report_makers.LINK, name=f"Acta{mark}", by=marta, now=now)
    comments.comment(rows[2], f"Revisen la cifra.{mark}", by=marta, now=now)
    return own, central


def issued(found: World, folder: str) -> AuditorReport:
    """An edition of the informe de gestión: one small file, because rendering it is proven elsewhere."""
    content, head = b"%PDF-1.7", found.them.head
    number = AuditorReport.objects.filter(entity=head).count() + 1
    made = AuditorReport.objects.create(
        entity=head, vigencia=2022, kind=DOCUMENT[-1], edition=number, reason="Corrige" if number > 1 else "", folder=folder, closes=[],
        digests={"pdf": sha256(content).hexdigest()}, context_sha256="0" * 64, issued_by=found.them.jorge,
        issued_at=timezone.now(),
    )  # fmt: skip
    made.path("pdf").parent.mkdir(parents=True)
    made.path("pdf").write_bytes(content)
    return made


def picture(mark: str, side: int) -> SimpleUploadedFile:
    """A small file; pictures of different sizes are different bytes."""
    return files.upload(f"foto{side}{mark}.png", files.image(size=(side, side)))


def sent(report: QuarterReport, found: World, mark: str) -> Delegation:
    """The report with more days, as it is once it was sent and taken; what sending freezes, T1 has."""
    them = found.them
    lifecycle.extend(report, to=date(2022, 7, 19), reason=f"Fallas.{mark}", by=them.jorge, now=T2)
    who = people.person(f"Dora Delegada{mark}")
    days = {"starts_on": date(2022, 7, 1), "ends_on": date(2022, 12, 31)}
    given = delegations.delegate(
        them.alcaldia, email=who.email, **days, document=f"Memorando 7{mark}", by=them.marta, now=T2
    )
    stamps = {"submitted_at": T2, "first_submitted_at": T2, "taken_at": T2}
    QuarterReport.objects.filter(pk=report.pk).update(
        status="in_review", submitted_by=them.marta, reviewer=them.ana, **stamps
    )
    return given


def discussed(report: QuarterReport, found: World, mark: str) -> ReportObservation:
    """Corrected, and observed: the thread is about the goal of the process."""
    ana = found.them.ana
    rows = {row.goal.number: row for row in report.entries.select_related("goal__plan__unit")}
    corrections.correct(rows[2], "analysis", f"Se atendieron.{mark}", reason=f"Redacción.{mark}", by=ana, now=T2)
    return raise_observation(report, rows[1], "", f"Falta el anexo.{mark}", by=ana, now=T2)


def build(blocker: Any, folder: Path, make_it: Callable[[], Any] = stage, at: datetime = JULY) -> Iterator[Any]:
    """A world for a whole module, with a folder of its own for what is in custody."""
    with override_settings(MEDIA_ROOT=folder, EVIDENCE_MAX_DISK_PERCENT=101):
        yield from once(make_it, blocker, at)


def kept(stage: Stage, user: User, **place: Any) -> UUID:
    """A workbook that the person sent, to the report or to what the area reports."""
    own = {"name": "libro.xlsx", "content": b"no soy un libro", "sha256": "0" * 64, "base": "0" * 64}
    place = place or {"report": stage.report}
    return ReportUpload.objects.create(**place, vigencia=2022, quarter=2, by=user, at=timezone.now(), **own).pk


# What a route needs in its address, by name.
THINGS: dict[Any, Callable[[Stage, User | None], Any]] = {
    "thread": lambda stage, user: stage.thread.pk,
    "proof": lambda stage, user: stage.proof.pk,
    "central proof": lambda stage, user: stage.central_proof.pk,
    "delegation": lambda stage, user: stage.delegation.pk,
    "upload": lambda stage, user: kept(stage, user or stage.found.them.marta),
    "table upload": lambda stage, user: kept(stage, user or stage.found.teresa, area=stage.found.leading),
}
P = ("AL-01", 2022)
T = (*P, 2)
AREA = ("GLJ", 2022, 2)
CLOSE = ("secretaria-general", 2022, 1, "local")
DOCUMENT = ("secretaria-general", 2022, "gestion")
SECTOR = ("gestion-publica",)
LED = RELATIONS  # from where the first goal is read (PG-08)
FILE = {"file": SimpleUploadedFile("libro.xlsx", b"no soy un libro")}
LINKED = {"link": "https://ejemplo.invalid/otra", "name": "Otra"}
CORRECTED = {"field": "analysis", "value": "Otro análisis", "reason": "Redacción"}
ENTRY = {"goal": "2", "was_analysis": "Se atendieron.", "analysis": "Otro"}


def listing(who: Who, *args: Any) -> Row:
    """A page that is about nobody's object: each one sees their own there."""
    return Row(args, who, RELATIONS, at(RELATIONS, who))


def page(*args: Any) -> Row:
    """A page of the plan or of its report as a whole, for every reader of it."""
    return Row(args, READERS, NEAR, at(NEAR, READERS))


def led(*args: Any, door: Who = READERS) -> Row:
    """A page that the area which reports the first goal reads too."""
    return Row(args, door, LED, at(LED, door))


def act(who: Who, status: int, form: Sent = None, *more: Any) -> Row:
    """An act upon the report; the area that reports a goal of it sees it, and may not."""
    return Row((*T, *more), who, LED, at(NEAR, who), status, {} if form is None else form)


def hidden(who: Who, status: int, form: Sent, *more: Any) -> Row:
    """A page or an act of the team's workbook, which only the team sees."""
    return Row((*T, *more), who, NEAR, at(NEAR, who), status, form)


def table(status: int = 200, form: Sent = None, *more: Any) -> Row:
    """A page or an act of the table that the area reports."""
    return Row((*AREA, *more), ANNOTATORS, FROM_AREA, at(FROM_AREA, ANNOTATORS), status, form)


def closing(who: Who, status: int = 200, form: Sent = None, about: tuple[Any, ...] = CLOSE) -> Row:
    """A page or an act of the close of an entity's level, or of its year, for who reads the entity whole."""
    return Row(about, who, ABOVE, at(ABOVE, who), status, form)


ANSWERERS: May = at(ABOVE, OAP | ANNOTATORS | FILLERS) | {"own": OAP | FILLERS, "leading": ANNOTATORS}
TABLE: dict[str, Row] = {
    "tracking:reports": page(*P),
    "tracking:report": led(*T),
    "tracking:report-save": act(FILLERS, 422, ENTRY),
    "tracking:report-submit": Row(T, SENDERS, LED, at(NEAR, SENDERS)),
    "tracking:report-submit (sending)": act(SENDERS, 302),
    "tracking:comment-add": act(FILLERS, 302, {"text": "Hola"}, 2),
    "tracking:delegations": listing(READERS),
    "tracking:delegation-new": Row((), LEADERS, RELATIONS, at(RELATIONS, LEADERS), 422, {}),
    "tracking:delegation-end": Row(("delegation",), LEADERS, NEAR, at(NEAR, LEADERS), 302, {}),
    "tracking:goal-evidence": led(*T, 1),
    "tracking:goal-evidence (the team's)": page(*T, 2),
    "tracking:goal-evidence (adding)": Row((*T, 2), READERS, NEAR, at(NEAR, FILLERS), 422, LINKED),
    "tracking:goal-evidence (the area adding)": Row((*T, 1), READERS, LED, at(FROM_AREA, ANNOTATORS), 302, LINKED),
    "tracking:evidence-withdraw": Row(("proof",), READERS, NEAR, at(NEAR, FILLERS), 302, {}),
    "tracking:evidence-withdraw (the area's)": Row(
        ("central proof",), READERS, LED, at(FROM_AREA, ANNOTATORS), 302, {}
    ),
    "tracking:evidence (of a goal)": page("proof"),
    "tracking:evidence (of an area's goal)": led("central proof"),
    "tracking:report-queue": listing(OAP),
    "tracking:report-review": page(*T),
    "tracking:report-extend": Row(T, HEAD, LED, at(NEAR, HEAD)),
    "tracking:report-extend (extending)": act(HEAD, 422, {"to": "2022-08-01", "reason": "Fallas"}),
    "tracking:report-history": page(*T),
    "tracking:report-take": act(OAP, 302),
    "tracking:report-send-back": act(OAP, 302),
    "tracking:report-validate": act(OAP, 302),
    "tracking:report-reopen": act(HEAD, 302, {"reason": "Error"}),
    "tracking:entry-correct": act(OAP, 302, CORRECTED, 2),
    "tracking:report-observation-new": act(OAP, 302, {"text": "Falta"}),
    "tracking:report-observation-answer": Row(
        ("thread",), READERS, LED, ANSWERERS, 302, {"text": "Hecho."}, partly=(FILLERS, 422)
    ),
    "tracking:central-goals": listing(ANNOTATORS),
    "tracking:central-table": table(),
    "tracking:central-save": table(302, {}),
    "tracking:central-workbook": table(),
    "tracking:central-workbook-export": table(),
    "tracking:central-workbook-upload": table(302, FILE),
    "tracking:central-workbook-preview": table(200, None, "table upload"),
    "tracking:central-workbook-apply": table(409, {}, "table upload"),
    "tracking:central-workbook-annotated": table(200, None, "table upload"),
    "tracking:report-workbook": page(*T),
    "tracking:report-workbook-export": page(*T),
    "tracking:report-workbook-upload": hidden(FILLERS, 302, FILE),
    "tracking:report-workbook-preview": hidden(FILLERS, 200, None, "upload"),
    "tracking:report-workbook-apply": hidden(FILLERS, 409, {}, "upload"),
    "tracking:report-workbook-annotated": hidden(FILLERS, 200, None, "upload"),
    "evaluation:closes": listing(READERS),
    "evaluation:close": closing(READERS),
    "evaluation:close-consolidate": closing(OAP, 422, {}),
    "evaluation:close-publish": closing(PUBLISHERS, 302, {"run": 1}),
    "evaluation:committee-record": closing(RECORDERS, 302, {"run": 1, "act": "Acta 1", "held_on": "2022-05-02"}),
    "evaluation:ranking": listing(READERS),
    "evaluation:ranking-export": Row((), READERS, ABOVE, at(ABOVE, READERS)),
    "evaluation:ageing": listing(OAP),
    "evaluation:ageing-export": listing(OAP),
    "evaluation:standing": listing(READERS, *SECTOR),
    "evaluation:standing-export": listing(READERS, *SECTOR),
    "evaluation:score": page(*T),
    "evaluation:score-goal": page(*P, 1, 1),
    "evaluation:auditor-reports": listing(READERS),
    "evaluation:auditor-columns": listing(HEAD),
    "evaluation:auditor-columns-save": Row((), HEAD, RELATIONS, at(RELATIONS, HEAD), 422, {}),
    "evaluation:auditor-report": closing(READERS, about=DOCUMENT),
    "evaluation:auditor-report-request": closing(OAP, 302, {}, DOCUMENT),
    "evaluation:auditor-report-issue": closing(HEAD, 422, {"reason": "Corrige la meta 3"}, DOCUMENT),
    "evaluation:auditor-report-publish": closing(ISSUE_PUBLISHERS, 302, {}, (*DOCUMENT, 1)),
    "evaluation:auditor-report-file": closing(READERS, about=(*DOCUMENT, 1, "pdf")),
}
# Open to everybody: what each address answers to whom has no account, before anything is published.
OPEN: dict[str, tuple[tuple[Any, ...], int]] = {
    "evaluation:public-results": ((), 200),
    "evaluation:public-result": (CLOSE, 404),
    "evaluation:public-result-file": ((*CLOSE, "csv"), 404),
    "evaluation:public-unit-results": (P, 404),
    "evaluation:public-management": ((), 200),
    "evaluation:public-management-report": (DOCUMENT[:2], 404),
    "evaluation:public-management-file": ((*DOCUMENT[:2], 1, "pdf"), 404),
}


def routes(names: Mapping[str, Any]) -> set[str]:
    """The routes of the rows of a table."""
    return {name.partition(" ")[0] for name in names}


def make_public(stage: Stage) -> None:
    """The results of T1 and the informe de gestión, open to everybody."""
    publish_close(stage.close, by=stage.found.them.jorge, now=timezone.now())
    publish_report(stage.edition, by=stage.found.them.jorge, now=timezone.now())
    make.run_jobs()
