"""SM-2: every verb of quarterly reports and their closes × state × role × place; and who holds each power over them.

Without power a verb is denied; with power, in a state that does not allow it, it is refused and says why. Roles that may
not are asked together, in one person: what all of them cannot, none of them can.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import pytest
import time_machine

import evaluation
import tracking
from evaluation.auditor.columns import in_force
from evaluation.auditor_acts import define_columns
from pes.access import can
from pes.models import User
from pes.permissions import Permission, Role
from tests.evaluation import phase_matrix_verbs as last_phases
from tests.matrix import ABOVE, ANNOTATORS, HEAD, LEADERS, NEAR, NOBODY, OAP, READERS, May, at, outcome, verbs_of
from tests.tracking import territory_matrix_verbs as territories
from tests.tracking.matrix_rows import put
from tests.tracking.matrix_verbs import VERBS, Scene, Verb, observed, scene
from tests.tracking.matrix_world import (
    FILLERS,
    FROM_AREA,
    ISSUE_PUBLISHERS,
    JULY,
    PUBLISHERS,
    RECORDERS,
    RELATIONS,
    SENDERS,
    STATES,
    build,
)

pytestmark = [pytest.mark.django_db, pytest.mark.exhaustive, pytest.mark.rule("AZ1", "SM-2")]
ASKED = ("own", "entity", "leading", "foreign")


@pytest.fixture(scope="module")
def scene_of_module(django_db_setup, django_db_blocker, tmp_path_factory) -> Iterator[Scene]:
    yield from build(django_db_blocker, tmp_path_factory.mktemp("media"), scene)


@pytest.fixture
def here(scene_of_module: Scene) -> Iterator[Scene]:
    with time_machine.travel(JULY, tick=False):
        yield scene_of_module


def roles_asked(verb: Verb, relation: str) -> list[Role]:
    """Every role that may, from the place nearest to the thing; elsewhere, one of each that is answered alike."""
    may = sorted(verb.may.get(relation, NOBODY))
    nearest = next(place for place in ("own", "leading", "entity") if verb.may.get(place))
    if relation == nearest:
        return may
    return list({tuple(verb.outcome(state, role, relation) for state in STATES): role for role in may}.values())


def call(here: Scene, name: str, verb: Verb, person: User) -> str:
    """What comes of a verb; a report goes back with something that awaits its team."""

    def attempt() -> object:
        if name == "lifecycle.send_back":
            observed(here)
        return verb.call(here, person)

    return outcome(attempt)


@pytest.mark.parametrize("state", STATES)
def test_who_may_call_each_verb_in_each_state(here: Scene, state: str) -> None:
    put(here.report, state)
    wrong = {}

    for name, verb in VERBS.items():
        for relation in ASKED:
            asked = {role: verb.outcome(state, role, relation) for role in roles_asked(verb, relation)}
            got = {role: call(here, name, verb, here.people[role, relation]) for role in asked}
            together = here.all_but(verb.may.get(relation, NOBODY), relation)
            if call(here, name, verb, together) != "denied" or got != asked:
                wrong[name, relation] = got, asked

    assert wrong == {}


@pytest.mark.rule("REP-08")
def test_only_a_jefe_defines_the_columns_that_all_have(here: Scene) -> None:
    """One set of columns for the whole site, as one methodology."""
    got = {
        role: outcome(partial(define_columns, in_force().columns, base=in_force().version, by=here.people[role, "own"]))
        for role in Role
    }

    assert got == {role: "columns_same" if role in HEAD else "denied" for role in Role}


# Who holds each power, by role; whoever is not here holds none of it (rules §5.1).
POWERS = {
    Permission.PLAN_READ: READERS,
    Permission.QUARTER_FILL: FILLERS,
    Permission.QUARTER_SUBMIT: SENDERS,
    Permission.QUARTER_DELEGATE: LEADERS,
    Permission.QUARTER_REVIEW: OAP,
    Permission.QUARTER_EXTEND: HEAD,
    Permission.QUARTER_CONSOLIDATE: OAP,
    Permission.QUARTER_REOPEN: HEAD,
    Permission.QUARTER_PUBLISH: PUBLISHERS,
    Permission.COMMITTEE_RECORD: RECORDERS,
    Permission.REPORT_REQUEST: OAP,
    Permission.REPORT_ISSUE: HEAD,
    Permission.REPORT_PUBLISH: ISSUE_PUBLISHERS,
}


QUARTER = {permission for permission in Permission if permission.startswith(("quarter", "plan"))}
CLOSING = {
    *(Permission.PLAN_READ, Permission.QUARTER_CONSOLIDATE, Permission.QUARTER_REOPEN, Permission.QUARTER_PUBLISH),
    *(Permission.REPORT_REQUEST, Permission.REPORT_ISSUE, Permission.REPORT_PUBLISH, Permission.COMMITTEE_RECORD),
}


def power(thing: object, permission: Permission) -> May:
    """Who holds a power over a thing, and from where: the area that reports a goal, over it and its report."""
    who = POWERS.get(permission, NOBODY)
    if thing in {"close", "document"}:
        return at(ABOVE, who if permission in CLOSING else NOBODY)
    if permission in CLOSING - QUARTER:
        return at(NEAR, NOBODY)
    if thing == "delegation":
        return at(NEAR, who if permission in {Permission.PLAN_READ, Permission.QUARTER_DELEGATE} else NOBODY)
    if thing == "comment":
        return at(NEAR, who if permission is Permission.QUARTER_FILL else NOBODY)
    if thing in {"second goal", "version"}:
        return at(NEAR, who)
    if permission is Permission.GOAL_REPORT:
        return at(FROM_AREA, ANNOTATORS)
    return at(RELATIONS if permission is Permission.PLAN_READ else NEAR, who)


def test_who_holds_each_power_over_a_report_its_goals_and_what_hangs_from_it(here: Scene) -> None:
    stage = here.stage
    things = {
        "report": stage.report,
        "first goal": stage.entry(1),
        "second goal": stage.entry(2),
        "thread": stage.thread,
        "proof": stage.central_proof,
        "version": stage.plan.reports.get(quarter=1).versions.first(),
        "comment": stage.entry(2).comments.get(),
        "delegation": stage.delegation,
        "close": stage.close,
        "document": stage.edition,
    }

    wrong = {
        (name, permission.value, role, relation)
        for name, thing in things.items()
        for permission in (*POWERS, Permission.GOAL_REPORT)
        for (role, relation), person in here.people.items()
        if can(person, permission, thing) is not (role in power(name, permission).get(relation, NOBODY))
    }

    assert wrong == set()


# What the verbs above call once they have asked, the forms and pages in front of them, and what only tells.
INSIDE = {
    "tracking": {
        "central_forms.save",
        "comments.comments_of",
        "filling.put_entry",
        "lifecycle.ask_for_progress",
        "lifecycle.problems_of",
        "lifecycle.took_part",
        "notices.tell",
        "notices.tell_reviewers",
        "notices.tell_team",
        "report_workbook.apply.apply_to",
        "report_workbook.apply.compare",
        "report_workbook.targets.ReportTarget.powers",
        "report_workbook.targets.ReportTarget.reason",
        "report_workbook.targets.TableTarget.powers",
        "report_workbook.targets.TableTarget.reason",
        "report_workbook.targets.Target.powers",
        "report_workbook.targets.Target.reason",
        "report_workbook.uploads.preview",
    },
    "evaluation": {
        "quarter_close_job.write",
        "quarter_progress.ask_for_quarter",
        "quarter_providers.compute_again",
    },
}
# Verbs of the PES and what they call, which issue no quarterly report: tests of their own ask who may.
OF_THE_PES = {
    "tracking": {
        "models.measurement.Measurement.ask_for_cutoffs",
        "models.measurement.Measurement.correct",
        "models.measurement.Measurement.register",
        "models.measurement.ask_for_cutoffs",
        "models.measurement_batch.register_many",
        "recording.add_evidence",
        "recording.record",
        "recording.same_again",
        "storage.attach_file",
        "storage.attach_link",
    },
    "evaluation": {
        "models.cutoff.Cutoff.consolidate",
        "models.objective_weights.change_objective_weights",
        "models.report.IssuedReport.ask",
        "models.report.IssuedReport.publish",
        "models.report.ReportDraft.ask",
        "models.weights.WeightSet.change",
        "models.weights.WeightSet.freeze",
        "models.weights.WeightSet.freeze_all",
        "models.weights.WeightSet.lock",
        "models.weights.WeightSet.reopen",
        "pes_workbook.apply.import_workbook",
        "project_goals.add_goal",
        "project_goals.change_goal",
        "tasks.compute_again",
    },
}


# Verbs of the last phases of a PES and of the territory: their own tables say who may.
ELSEWHERE = {
    "tracking": set(territories.OF_TRACKING),
    "evaluation": {name.partition(" ")[0] for name in (*last_phases.VERBS, *territories.OF_EVALUATION)}
    | last_phases.INSIDE,
}


def test_every_verb_that_a_person_calls_is_in_the_table() -> None:
    """A function that takes `by` is a verb: it is in the table, or is named here."""
    tables = {name.partition(" ")[0] for name in VERBS} | {"auditor_acts.define_columns"}
    found = {app.__name__: verbs_of(app) for app in (tracking, evaluation)}
    apart = {app: INSIDE[app] | OF_THE_PES[app] | ELSEWHERE[app] for app in found}

    assert {app: sorted(apart[app] - found[app]) for app in found} == {"tracking": [], "evaluation": []}
    assert set().union(*(found[app] - apart[app] for app in found)) == tables
