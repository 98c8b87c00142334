"""What proves a goal in a quarter: who adds, what is kept once, what is never taken back (UP8, UP9, WF1, WF16, WF21)."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection

from pes.models import AuditEvent, User
from pes.rules.problems import Refused
from tests import people, plan_makers, report_makers
from tests.answers import codes
from tests.tracking import files
from tests.tracking.proofs import SITE, entry_of, on_disk, png, prove, two_goals, with_central_goal
from tracking import goal_evidence, lifecycle
from tracking.models import Evidence, EvidenceKind, GoalReport, QuarterReport
from tracking.rules.evidence import Kept, adding_problems, quota_problems
from tracking.rules.report_states import ReportStatus

pytestmark = pytest.mark.django_db


@pytest.fixture
def them(media_root: Path) -> people.Cast:
    return people.cast()


@pytest.fixture
def report(them: people.Cast) -> QuarterReport:
    return two_goals(them)


def test_the_team_proves_a_goal_with_files_and_links_and_the_report_moves_on(report, them, media_root) -> None:
    entry = entry_of(report)

    one = prove(entry, by=them.pilar)
    two = goal_evidence.prove_with_link(entry, SITE, name="Acta", by=them.luis)

    assert Evidence.objects.count_in_force([entry.pk]) == {entry.pk: 2}
    assert on_disk(media_root) == [one.path]
    assert (two.sha256, two.url, str(two)) == ("", SITE, "Acta")
    moved = report_makers.again(report)
    assert (moved.status, moved.revision) == (ReportStatus.FILLING, report.revision + 2)
    traces = AuditEvent.objects.filter(verb="evidence_attached", object_id=str(entry.pk)).order_by("pk")
    assert [trace.after["name"] for trace in traces] == ["foto.png", "Acta"]


@pytest.mark.parametrize("name", ["ana", "jorge", "diana", "olga", "marta", "oscar", "alicia"])
def test_nobody_else_proves_a_goal(report, them, media_root, name) -> None:
    """The OAP adds none, and neither does another team."""
    stranger = getattr(them, name)

    for act in (
        lambda: prove(report, stranger),
        lambda: goal_evidence.prove_with_link(entry_of(report), SITE, by=stranger),
    ):
        with pytest.raises(PermissionDenied):
            act()

    assert (Evidence.objects.count(), on_disk(media_root)) == (0, [])


@pytest.mark.rule("PG-08")
def test_a_central_goal_is_proven_by_its_area_and_not_by_the_team_until_it_is_validated(them) -> None:
    report, carla = with_central_goal(them)
    entry = entry_of(report, 2)

    with pytest.raises(PermissionDenied):
        prove(entry, by=them.luis)
    with pytest.raises(PermissionDenied):
        prove(report, carla, number=1)
    made = prove(entry, by=carla)
    QuarterReport.objects.filter(pk=report.pk).update(
        status=ReportStatus.IN_REVIEW,
        submitted_by=them.luis,
        submitted_at=made.uploaded_at,
        first_submitted_at=made.uploaded_at,
    )
    prove(report, carla, number=2, content=png(9))

    assert Evidence.objects.count_in_force([entry.pk]) == {entry.pk: 2}


@pytest.mark.rule("WF18")
@pytest.mark.parametrize("status", ["submitted", "in_review", "validated"])
def test_a_report_that_left_the_team_takes_no_more(them, media_root, status) -> None:
    plan = plan_makers.management_plan(unit=them.process, by=them.luis)
    sent = report_makers.report(plan, status=status)
    before = Evidence.objects.count()

    with pytest.raises(Refused) as refused:
        prove(sent, them.pilar)

    assert codes(refused) == ["not_editable"]
    assert (Evidence.objects.count(), on_disk(media_root)) == (before, [])


@pytest.mark.rule("WF1", "UP8")
def test_the_same_file_sent_twice_for_a_goal_is_one_evidence(report, them, media_root) -> None:
    entry = entry_of(report)

    once, again = prove(entry, by=them.pilar), prove(entry, by=them.luis, name="otra.png")
    linked = [goal_evidence.prove_with_link(entry, SITE, by=them.pilar) for _ in range(2)]

    assert once == again
    assert linked[0] == linked[1]
    assert (Evidence.objects.filter(entry=entry).count(), len(on_disk(media_root))) == (2, 1)


@pytest.mark.rule("UP8")
def test_the_same_bytes_on_another_goal_are_another_evidence_of_one_file(report, them, media_root) -> None:
    one, two = prove(report, them.pilar, number=1), prove(report, them.pilar, number=2)

    assert (two.stored_as, two.path) == (one, one.path)
    assert on_disk(media_root) == [one.path]


@pytest.mark.rule("UP8")
def test_bytes_whose_file_was_lost_are_stored_again(report, them) -> None:
    one = prove(report, them.pilar, number=1)
    one.path.unlink()

    two = prove(report, them.pilar, number=2)

    assert two.stored_as is None
    assert two.path.read_bytes() == png()


@pytest.mark.rule("WF21")
def test_a_version_follows_the_last_one_which_stays(report, them) -> None:
    entry = entry_of(report)
    first = prove(entry, by=them.pilar)

    second = prove(entry, by=them.luis, content=png(9), replaces=first)

    assert list(Evidence.objects.current().filter(entry=entry)) == [second]
    assert first.path.is_file()
    with pytest.raises(Refused) as refused:
        prove(entry, by=them.pilar, content=png(10), replaces=first)
    assert codes(refused) == ["evidence_replaced"]
    elsewhere = entry_of(report, 2)
    with pytest.raises(Refused) as refused:
        prove(elsewhere, by=them.pilar, content=png(10), replaces=second)
    assert codes(refused) == ["unknown_evidence"]


@pytest.mark.rule("WF21")
def test_what_was_never_sent_is_taken_back_once_and_stays_in_custody(report, them) -> None:
    entry = entry_of(report)
    made = prove(entry, by=them.pilar)

    for _ in range(2):
        goal_evidence.withdraw(made, by=them.luis)

    assert Evidence.objects.count_in_force([entry.pk]) == {}
    assert made.path.is_file()
    assert AuditEvent.objects.filter(verb="evidence_withdrawn").count() == 1


@pytest.mark.rule("WF21")
def test_what_was_sent_is_never_taken_back_even_after_a_return(them) -> None:
    plan = plan_makers.management_plan(unit=them.process, by=them.luis)
    returned = report_makers.report(plan, status="returned")
    entry = entry_of(returned)
    sent = Evidence.objects.get(entry=entry)
    later = prove(entry, by=them.pilar)

    with pytest.raises(Refused) as refused:
        goal_evidence.withdraw(sent, by=them.luis)
    followed = goal_evidence.prove_with_link(entry, f"{SITE}/2", by=them.pilar, replaces=sent)
    with pytest.raises(Refused) as chained:
        goal_evidence.withdraw(followed, by=them.luis)
    goal_evidence.withdraw(later, by=them.luis)

    assert codes(refused) == ["evidence_submitted"]
    assert codes(chained) == ["evidence_has_versions"]
    assert list(Evidence.objects.in_force().filter(entry=entry)) == [followed]


@pytest.mark.parametrize("name", ["ana", "jorge", "marta", "diana"])
def test_nobody_else_takes_evidence_back(report, them, name) -> None:
    made = prove(report, them.pilar)

    with pytest.raises(PermissionDenied):
        goal_evidence.withdraw(made, by=getattr(them, name))


def keep(entry: GoalReport, count: int, size: int, by: User) -> list[Evidence]:
    """Rows of files that came before; what they hold does not matter to a quota."""
    rows = [
        Evidence(
            entry=entry,
            kind=EvidenceKind.FILE,
            display_name=f"{number}.pdf",
            sha256=f"{number:064x}",
            size=size,
            uploaded_by=by,
            uploaded_at=entry.report.opened_at,
        )
        for number in range(count)
    ]
    return Evidence.objects.bulk_create(rows)


@pytest.mark.rule("UP9")
def test_a_report_keeps_thirty_files_and_a_version_is_none_more(report, them) -> None:
    first, *_ = keep(entry_of(report, 1), 30, 1, them.pilar)

    with pytest.raises(Refused) as refused:
        prove(report, them.pilar, number=2)
    prove(report, them.pilar, number=1, replaces=first)

    assert codes(refused) == ["quota_reached"]


@pytest.mark.rule("UP9")
def test_a_report_keeps_two_hundred_megabytes_of_files_and_their_versions(report, them) -> None:
    mebibyte = 1024**2
    first, second = keep(entry_of(report, 1), 2, 100 * mebibyte - 1, them.pilar)

    with pytest.raises(Refused) as refused:
        prove(report, them.pilar, number=1, replaces=first)

    assert codes(refused) == ["quota_reached"]
    assert quota_problems(Kept(2, 199 * mebibyte, 599 * mebibyte), mebibyte, of="Un reporte") == []
    assert quota_problems(Kept(2, mebibyte, 600 * mebibyte), 1, of="Un reporte")[0].code == "quota_reached"
    assert second.size < 100 * mebibyte


@pytest.mark.rule("UP9")
def test_a_full_disk_takes_no_file_while_words_are_still_kept(report, them, settings, media_root, caplog) -> None:
    settings.EVIDENCE_MAX_DISK_PERCENT = 0
    entry = entry_of(report)

    with pytest.raises(Refused) as refused:
        prove(entry, by=them.pilar)
    report_makers.fill(report)

    assert codes(refused) == ["disk_full"]
    assert on_disk(media_root) == []
    assert GoalReport.objects.get(pk=entry.pk).achieved == 25
    assert [record.levelname for record in caplog.records if "disco" in record.message] == ["ERROR"]


@pytest.mark.rule("UP12")
def test_a_file_that_breaks_on_its_way_leaves_no_row_and_no_file(report, them, media_root) -> None:
    class Broken(files.SimpleUploadedFile):
        def chunks(self, chunk_size=None):
            yield png()[:20]
            raise ConnectionResetError

    with pytest.raises(ConnectionResetError):
        goal_evidence.prove_with_file(entry_of(report), Broken("foto.png", png()), by=them.pilar)

    assert (Evidence.objects.count(), on_disk(media_root)) == (0, [])


@pytest.mark.rule("WF16")
def test_a_report_sent_while_a_file_was_on_its_way_refuses_it(report, them, media_root) -> None:
    """The rules are asked when everything has come in, not when it began."""
    entry = entry_of(report)
    report_makers.fill(report)

    class Slow(files.SimpleUploadedFile):
        def chunks(self, chunk_size=None):
            lifecycle.submit(report, by=them.luis, now=report_makers.opened_on(2022, 1, days=4))
            yield from super().chunks(chunk_size)

    with pytest.raises(Refused) as refused:
        goal_evidence.prove_with_file(entry, Slow("foto.png", png()), by=them.pilar)

    assert codes(refused) == ["not_editable"]
    assert on_disk(media_root) == []


@pytest.mark.rule("WF16")
def test_the_instant_of_an_evidence_is_given_by_who_calls(report, them) -> None:
    late = report_makers.opened_on(2022, 1, days=25)

    assert prove(report, them.pilar, now=late).uploaded_at == late
    assert late - report.opened_at > timedelta(days=20)


@pytest.mark.django_db(transaction=True)
@pytest.mark.rule("WF1", "UP8")
def test_two_clicks_at_once_are_one_evidence(media_root) -> None:
    them = people.cast()
    report = report_makers.report(plan_makers.management_plan(unit=them.process, by=them.luis))
    entry = entry_of(report)

    def click(_turn: int) -> object:
        try:
            return prove(entry, by=them.pilar).pk
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as clicks:
        made = set(clicks.map(click, range(4)))

    assert made == {Evidence.objects.get(entry=entry).pk}
    assert len(on_disk(media_root)) == 1


@pytest.mark.rule("WF18", "PG-08")
def test_each_state_of_a_report_takes_evidence_or_says_why_not() -> None:
    own = {status.value for status in ReportStatus if not adding_problems(status, is_central=False)}
    central = {status.value for status in ReportStatus if not adding_problems(status, is_central=True)}

    assert own == {"open", "filling", "returned"}
    assert central == own | {"submitted", "in_review"}
    eliminated = adding_problems(ReportStatus.OPEN, is_central=False, is_eliminated=True)
    assert [problem.code for problem in eliminated] == ["goal_eliminated"]
