"""Every verb of quarterly reports and of their closes: who may, from where, and what each state of SM-2 answers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from io import BytesIO
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from evaluation import auditor_acts, quarter_closes, quarter_publications
from pes.models import User
from pes.permissions import Role
from plans.models import Side
from tests import matrix, people, report_makers
from tests.matrix import ABOVE, ANNOTATORS, HEAD, LEADERS, NEAR, NOBODY, OAP, May, always, at, only_in
from tests.tracking import report_books
from tests.tracking.matrix_rows import answered
from tests.tracking.matrix_world import (
    ANSWERERS,
    FILLERS,
    FROM_AREA,
    ISSUE_PUBLISHERS,
    PUBLISHERS,
    RECORDERS,
    SENDERS,
    Stage,
    picture,
    stage,
)
from tracking import (
    central,
    comments,
    corrections,
    delegations,
    filling,
    goal_evidence,
    lifecycle,
    report_observations,
    report_returns,
)
from tracking.models import (
    Evidence,
    EvidenceKind,
    GoalReport,
    QuarterReport,
    ReportObservation,
    ReportObservationTurn,
    ReportUpload,
)
from tracking.pages.report_saving import save_entry
from tracking.report_forms import EntryForm
from tracking.report_workbook import apply, uploads
from tracking.report_workbook.apply import ReportAnswer
from tracking.report_workbook.lines import lines_of
from tracking.report_workbook.reading import base_of, read_quarter_workbook
from tracking.report_workbook.targets import ReportTarget, TableTarget, Target
from tracking.rules.report_states import CENTRAL_EDITABLE, EDITABLE, OFFICIAL

EVERY_ROLE = "every role"


@dataclass(frozen=True)
class Scene:
    """The report of the stage, the workbooks of it and of its area, and a person for each role and place."""

    stage: Stage
    books: Mapping[str, bytes]
    people: Mapping[tuple[Role | str, str], User]
    others: Mapping[tuple[frozenset[Role], str], User]

    def all_but(self, may: frozenset[Role], relation: str) -> User:
        """Somebody with every other role there."""
        return self.people[EVERY_ROLE, relation] if relation == "foreign" else self.others[may, relation]

    @property
    def report(self) -> QuarterReport:
        """As the database has it."""
        return report_makers.again(self.stage.report)

    def target(self, name: str) -> Target:
        """What a workbook is of."""
        return ReportTarget(self.report) if name == "report" else TableTarget(self.stage.found.leading, 2022, 2)


Act = Callable[[Scene, User], Any]


@dataclass(frozen=True)
class Verb:
    """Who has the power from where, what it does to a person who has it in each state, and how it is called."""

    may: May
    outcome: Callable[[str, Role | str, str], str]
    call: Act


def moves(verb: str, states: set[str] | frozenset[str], who: frozenset[Role], call: Act) -> Verb:
    """A verb of SM-2: from some states, and no other."""
    return Verb(at(NEAR, who), only_in(states, "invalid_transition"), call)


def answering(state: str, role: Role | str, relation: str) -> str:
    """The team answers what it has in its hands, the area until it is validated, and the OAP insists as it reviews."""
    if role in OAP:
        return "done" if state == "in_review" else "not_under_review"
    open_to_it = CENTRAL_EDITABLE if role in ANNOTATORS else EDITABLE
    return "done" if state in open_to_it else "not_your_turn"


def answer(scene: Scene, by: User) -> None:
    report_observations.answer(scene.stage.thread, "Hecho.", by=by)


def observed(scene: Scene) -> None:
    """A thread about the whole report, which awaits its team."""
    raised_by = scene.stage.found.them.ana
    thread = ReportObservation.objects.create(report=scene.report, raised_by=raised_by, raised_at=timezone.now())
    said = {"side": Side.REVIEWER, "text": "Falta.", "by": raised_by, "at": timezone.now()}
    ReportObservationTurn.objects.create(observation=thread, **said)


def submit(scene: Scene, by: User) -> None:
    answered(scene.stage)
    lifecycle.submit(scene.report, by=by)


def validate(scene: Scene, by: User) -> None:
    answered(scene.stage)
    lifecycle.validate(scene.report, by=by)


def extend(scene: Scene, by: User) -> None:
    lifecycle.extend(scene.report, to=date(2022, 8, 1), reason="Fallas", by=by)


def write(scene: Scene, by: User) -> None:
    filling.write_entries(scene.report, [filling.EntryChange(2, {"analysis": "Otro"})], by=by)


def save(scene: Scene, by: User) -> str:
    """The form in front of the verb, which tells in itself what was refused."""
    was = scene.stage.entry(2).narrative.analysis
    form = EntryForm({"goal": "2", "was_analysis": was, "analysis": "Otro"}, number=2)
    save_entry(scene.report, form, by=by)
    return "refused" if form.errors else "done"


def supply(scene: Scene, by: User) -> None:
    filling.supply_entries(
        scene.report, scene.stage.found.leading, [filling.EntryChange(1, {"analysis": "Otro"})], by=by
    )


def supply_table(scene: Scene, by: User) -> None:
    changes = {scene.report.pk: [filling.EntryChange(1, {"analysis": "Otro"})]}
    central.supply_table(scene.stage.found.leading, changes, by=by)


def correct(scene: Scene, by: User) -> None:
    corrections.correct(scene.stage.entry(2), "analysis", "Otro", reason="Redacción", by=by)


def delegate(scene: Scene, by: User) -> None:
    them, days = scene.stage.found.them, {"starts_on": date(2022, 7, 1), "ends_on": date(2022, 8, 1)}
    delegations.delegate(them.alcaldia, email=them.pilar.email, **days, document="Memorando 8", by=by)


def prove(number: int) -> Act:
    """A file that no goal has yet."""

    def call(scene: Scene, by: User) -> None:
        goal_evidence.prove_with_file(scene.stage.entry(number), picture("", 10), by=by)

    return call


def link(number: int) -> Act:
    """A link that no goal has yet."""

    def call(scene: Scene, by: User) -> None:
        goal_evidence.prove_with_link(scene.stage.entry(number), "https://ejemplo.invalid/otra", by=by)

    return call


def withdraw(number: int) -> Act:
    """A link that was never sent."""

    def call(scene: Scene, by: User) -> None:
        about = {"kind": EvidenceKind.LINK, "url": "https://ejemplo.invalid/nueva", "display_name": "Nueva"}
        entry: GoalReport = scene.stage.entry(number)
        made = Evidence.objects.create(entry=entry, **about, uploaded_by=by, uploaded_at=timezone.now())
        goal_evidence.withdraw(made, by=by)

    return call


def keep(scene: Scene, by: User) -> None:
    """The team's; who reports for an area may too, and its own goals are all that it changes (PG-08)."""
    uploads.keep_upload(scene.target("report"), SimpleUploadedFile("libro.xlsx", b"no soy un libro"), by=by)


def imported(found: ReportAnswer) -> str:
    """An import says that it may not as it says everything: in its answer."""
    refused = next(iter(found.errors), None)
    return "done" if refused is None else "denied" if refused.rule in {"AZ1", "AZ3"} else refused.code


def apply_kept(scene: Scene, by: User) -> str:
    base = base_of(lines_of(scene.target("report").readings()))
    content = scene.books["report"]
    own = {"name": "libro.xlsx", "content": content, "sha256": sha256(content).hexdigest(), "base": base}
    place = {"report": scene.report, "vigencia": 2022, "quarter": 2}
    return imported(uploads.apply_upload(ReportUpload.objects.create(**place, **own, by=by, at=timezone.now()), by=by))


def bring(name: str) -> Act:
    """The workbook of one row, from the command line."""

    def call(scene: Scene, by: User) -> str:
        book = read_quarter_workbook(BytesIO(scene.books[name]), 2, central=name == "table")
        return imported(apply.import_workbook(book, scene.target(name), by=by))

    return call


def consolidate(scene: Scene, by: User) -> None:
    quarter_closes.consolidate(scene.stage.found.them.head, 2022, 2, "local", by=by)


def publish(scene: Scene, by: User) -> None:
    quarter_publications.publish_close(scene.stage.close, by=by)


def receive(scene: Scene, by: User) -> None:
    quarter_publications.record_committee(scene.stage.close, act="Acta 1", held_on=date(2022, 5, 2), by=by)


def ask_for_document(scene: Scene, by: User) -> None:
    auditor_acts.request_draft(scene.stage.found.them.head, 2022, "cb0404", by=by)


def issue_document(scene: Scene, by: User) -> None:
    auditor_acts.request_issue(scene.stage.found.them.head, 2022, "cb0404", by=by)


def publish_document(scene: Scene, by: User) -> None:
    auditor_acts.publish_report(scene.stage.edition, by=by)


TEAMS, AREAS, REVIEWERS = at(NEAR, FILLERS), at(FROM_AREA, ANNOTATORS), at(NEAR, OAP)
editable = only_in(EDITABLE, "not_editable")
central_editable = only_in(CENTRAL_EDITABLE, "not_editable")
under_review = only_in({"in_review"}, "not_under_review")
VERBS: dict[str, Verb] = {
    "lifecycle.submit": moves("submit", EDITABLE, SENDERS, submit),
    "lifecycle.take": moves("take", {"submitted"}, OAP, lambda scene, by: lifecycle.take(scene.report, by=by)),
    "lifecycle.send_back": moves(
        "send_back", {"in_review"}, OAP, lambda scene, by: lifecycle.send_back(scene.report, by=by)
    ),
    "lifecycle.validate": moves("validate", {"in_review"}, OAP, validate),
    "lifecycle.reopen": moves(
        "reopen", OFFICIAL, HEAD, lambda scene, by: lifecycle.reopen(scene.report, reason="Error", by=by)
    ),
    "lifecycle.extend": Verb(at(NEAR, HEAD), only_in({"open", "filling"}, "already_submitted"), extend),
    "filling.write_entries": Verb(TEAMS, editable, write),
    "pages.report_saving.save_entry": Verb(TEAMS, only_in(EDITABLE, "refused"), save),
    "filling.supply_entries": Verb(AREAS, central_editable, supply),
    "central.supply_table": Verb(AREAS, central_editable, supply_table),
    "corrections.correct": Verb(REVIEWERS, only_in({"in_review"}, "not_editable"), correct),
    "report_observations.raise_observation": Verb(
        REVIEWERS,
        under_review,
        lambda scene, by: report_observations.raise_observation(scene.report, None, "", "Falta.", by=by),
    ),
    "report_observations.answer": Verb(ANSWERERS, answering, answer),
    "report_returns.return_report": Verb(
        REVIEWERS, under_review, lambda scene, by: report_returns.return_report(scene.report, "Falta.", by=by)
    ),
    "comments.comment": Verb(TEAMS, always, lambda scene, by: comments.comment(scene.stage.entry(2), "Hola", by=by)),
    "delegations.delegate": Verb(at(NEAR, LEADERS), always, delegate),
    "delegations.end": Verb(
        at(NEAR, LEADERS), always, lambda scene, by: delegations.end(scene.stage.delegation, by=by, reason="Ya no")
    ),
    "goal_evidence.prove_with_file": Verb(TEAMS, editable, prove(2)),
    "goal_evidence.prove_with_file (of an area's goal)": Verb(AREAS, central_editable, prove(1)),
    "goal_evidence.prove_with_link": Verb(TEAMS, editable, link(2)),
    "goal_evidence.prove_with_link (of an area's goal)": Verb(AREAS, central_editable, link(1)),
    "goal_evidence.withdraw": Verb(TEAMS, only_in(EDITABLE, "report_not_editable"), withdraw(2)),
    "goal_evidence.withdraw (of an area's goal)": Verb(
        AREAS, only_in(CENTRAL_EDITABLE, "report_not_editable"), withdraw(1)
    ),
    "report_workbook.uploads.keep_upload": Verb(
        at(ABOVE, FILLERS | ANNOTATORS) | {"own": FILLERS, "leading": ANNOTATORS}, always, keep
    ),
    "report_workbook.uploads.apply_upload": Verb(TEAMS, editable, apply_kept),
    "report_workbook.apply.import_workbook": Verb(TEAMS, editable, bring("report")),
    "report_workbook.apply.import_workbook (of an area's table)": Verb(AREAS, central_editable, bring("table")),
    "quarter_closes.consolidate": Verb(at(ABOVE, OAP), always, consolidate),
    "quarter_publications.publish_close": Verb(at(ABOVE, PUBLISHERS), always, publish),
    "quarter_publications.record_committee": Verb(at(ABOVE, RECORDERS), always, receive),
    "auditor_acts.request_draft": Verb(at(ABOVE, OAP), always, ask_for_document),
    "auditor_acts.request_issue": Verb(at(ABOVE, HEAD), only_in(set(), "year_not_consolidated"), issue_document),
    "auditor_acts.publish_report": Verb(at(ABOVE, ISSUE_PUBLISHERS), always, publish_document),
}


def scene() -> Scene:
    """The stage, with everybody around it."""
    found = stage()
    team, area = {"no_meta": 2, "analisis_q": "Otro"}, {"unidad": "AL-01", "no_meta": 1, "analisis_q": "Otro"}
    return Scene(found, {"report": book(team), "table": book(area)}, everybody(found), others(found))


def book(row: Mapping[str, Any]) -> bytes:
    """A workbook of one row."""
    file: Any = BytesIO()
    report_books.save(file, [row])
    return bytes(file.getvalue())


def everybody(found: Stage) -> dict[tuple[Role | str, str], User]:
    """A person for each role and place, and one who has them all in another sector."""
    named: dict[tuple[Role | str, str], User] = {
        (role, relation): people.person(f"{role.value} en {relation}", role, place)
        for relation, place in found.places.items()
        for role in Role
    }
    named[EVERY_ROLE, "foreign"] = matrix.everything(found.found.them.other_sector, "Todo ajeno")
    return named


def others(found: Stage) -> dict[tuple[frozenset[Role], str], User]:
    """In each place, somebody with every role but those that may call some verb."""
    named = {}
    for relation, place in found.places.items():
        for count, may in enumerate({verb.may.get(relation, NOBODY) for verb in VERBS.values()}):
            named[may, relation] = person = people.person(f"Otros {count} en {relation}")
            for role in frozenset(Role) - may:
                matrix.grant(person, place, role)
    return named
