"""One e-mail a person and day with what it was told: once, only to who may hear it, again when the server was down."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime

import pytest
import time_machine
from django.core import mail
from django.utils import timezone

from pes.models import Job, Membership, User
from pes.planner import plan_due_work
from tests import make, people, plan_makers, report_makers
from tests.once import once
from tracking import mailing, notices
from tracking.models import Notice, NoticeKind, QuarterReport
from tracking.rules.report_states import ReportStatus

EVE = datetime(2022, 4, 17, 12, 5, tzinfo=UTC)  # 07:05 in Bogotá, a day before the report is due


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker) -> Iterator[tuple[people.Cast, QuarterReport]]:
    yield from once(an_open_report, django_db_blocker, EVE)


def an_open_report() -> tuple[people.Cast, QuarterReport]:
    them = people.cast()
    report = report_makers.report(plan_makers.management_plan(unit=them.process, by=them.luis))
    Notice.objects.all().delete()
    return them, report


@pytest.fixture
def them(world, db, settings) -> people.Cast:
    settings.PES_BASE_URL = "https://pes.ejemplo.invalid"
    return world[0]


@pytest.fixture
def report(world, them) -> QuarterReport:
    return report_makers.again(world[1])


@pytest.fixture
def beat(django_capture_on_commit_callbacks) -> Callable[[datetime], list[mail.EmailMessage]]:
    """The beat of an hour with everything it asks for done; what was mailed in it."""

    def run(at: datetime) -> list[mail.EmailMessage]:
        mail.outbox.clear()
        with time_machine.travel(at, tick=False), django_capture_on_commit_callbacks(execute=True):
            plan_due_work()
            make.run_jobs()
        with time_machine.travel(at, tick=False), django_capture_on_commit_callbacks(execute=True):
            plan_due_work()
            make.run_jobs()
        return list(mail.outbox)

    return run


def tell(report: QuarterReport, kind: NoticeKind, *users: User, detail: str = "", at: datetime = EVE) -> None:
    with time_machine.travel(at, tick=False):
        notices.tell(report, kind, users, now=at, detail=detail)


@pytest.mark.rule("CAL-07")
def test_a_term_that_passed_is_told_as_passed(report, them, beat) -> None:
    after = datetime(2022, 4, 19, 12, 5, tzinfo=UTC)
    tell(report, NoticeKind.OVERDUE, them.luis, at=after)

    sent = beat(after)

    assert "Venció el 18 de abril de 2022 (venció hace 1 día)." in str(sent[0].body)


@pytest.mark.rule("JB12")
def test_a_person_gets_one_message_a_day_with_everything(report, them, beat) -> None:
    tell(report, NoticeKind.EXTENDED, them.luis, detail="Caída del sistema")

    sent = beat(EVE)

    assert sorted(message.to[0] for message in sent) == [them.luis.email, them.pilar.email]
    body = next(message for message in sent if message.to == [them.luis.email]).body
    assert "Vence mañana: Planeación Institucional, T1 de 2022" in body
    assert "Se prorrogó el plazo" in body
    assert "Caída del sistema" in body
    assert "https://pes.ejemplo.invalid/planes/PLE-PIN/2022/trimestres/1/" in body
    assert Notice.objects.filter(mailed_at=None).count() == 0
    assert beat(EVE.replace(hour=15)) == []


@pytest.mark.rule("JB12", "JB7")
def test_what_happens_after_todays_message_is_told_tomorrow(report, them, beat) -> None:
    beat(EVE)
    tell(report, NoticeKind.VALIDATED, them.luis)

    assert beat(EVE.replace(hour=20)) == []
    assert [message.to for message in beat(EVE.replace(day=18))] == [[them.luis.email], [them.pilar.email]]


@pytest.mark.rule("CAL-07")
def test_nobody_is_written_to_before_seven_in_bogota(report, beat) -> None:
    assert beat(EVE.replace(hour=11, minute=59)) == []
    assert len(beat(EVE.replace(hour=12, minute=0))) == 2


@pytest.mark.rule("DA7")
def test_the_subject_says_nothing_about_anybody_and_the_text_is_escaped(report, them, beat) -> None:
    type(them.process).objects.filter(pk=them.process.pk).update(name="Proceso <b>\nBcc: otro@ejemplo.invalid")

    message = beat(EVE)[0]

    assert message.subject == "PES · Novedades de sus reportes trimestrales"
    assert not message.bcc
    html = message.alternatives[0][0]
    assert "Proceso &lt;b&gt;" in html
    assert "<b>" not in html


@pytest.mark.rule("AU6", "AZ15")
def test_who_left_after_being_told_is_not_written_to(report, them, beat) -> None:
    tell(report, NoticeKind.RETURNED, them.luis, them.pilar)
    User.objects.filter(pk=them.pilar.pk).update(is_active=False)
    Membership.objects.get(user=them.luis).end(on=date(2022, 4, 16), by=them.alicia, reason="Traslado")

    assert beat(EVE) == []
    assert Job.objects.filter(kind="send_digest").count() == 0


@pytest.mark.rule("AZ15", "AZ7")
def test_the_job_asks_again_who_may_hear_it(report, them) -> None:
    tell(report, NoticeKind.RETURNED, them.luis)
    with time_machine.travel(EVE, tick=False):
        list(plan_due_work())
        Membership.objects.get(user=them.luis).end(on=date(2022, 4, 16), by=them.alicia, reason="Traslado")
        make.run_jobs()

    assert mail.outbox == []
    assert Notice.objects.get(kind="returned").mailed_at is None


@pytest.mark.rule("JB2", "JB12")
def test_a_mail_server_that_is_down_loses_nothing_and_repeats_nothing(report, them, beat, settings) -> None:
    works = settings.EMAIL_BACKEND
    settings.EMAIL_BACKEND = "tests.tracking.test_digest.ServerDown"
    assert beat(EVE) == []
    assert Notice.objects.exclude(mailed_at=None).count() == 0

    settings.EMAIL_BACKEND = works
    assert len(beat(EVE.replace(hour=14))) == 2
    assert beat(EVE.replace(hour=15)) == []


class ServerDown:
    """A backend that cannot connect."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        """Nothing to set up."""

    def send_messages(self, messages: object) -> int:
        """What smtplib raises."""
        raise ConnectionRefusedError("sin servidor de correo")


@pytest.mark.rule("JB5", "JB12")
def test_the_same_job_done_twice_writes_once(report, them, django_capture_on_commit_callbacks) -> None:
    tell(report, NoticeKind.RETURNED, them.luis)
    with time_machine.travel(EVE, tick=False), django_capture_on_commit_callbacks(execute=True):
        told = [mailing.send_digest(them.luis.pk, now=timezone.now()) for _ in range(2)]

    assert told == [1, 0]
    assert len(mail.outbox) == 1


@pytest.mark.rule("CAL-07")
def test_a_reminder_is_not_written_once_the_report_was_sent(report, them, beat) -> None:
    tell(report, NoticeKind.DUE_1, them.luis)
    report_makers.take_step(report, ReportStatus.FILLING, {})
    report_makers.take_step(report_makers.again(report), ReportStatus.SUBMITTED, {})
    Notice.objects.exclude(kind="due_1").delete()

    assert beat(EVE) == []


@pytest.mark.rule("CAL-07")
def test_yesterdays_reminder_is_not_written_today(report, them, beat) -> None:
    tell(report, NoticeKind.DUE_3, them.luis, at=EVE.replace(day=15))

    assert "Vence en tres días" not in "".join(message.body for message in beat(EVE))


def test_an_analyst_is_led_to_the_review(report, them, beat) -> None:
    tell(report, NoticeKind.SUBMITTED, them.ana)

    body = next(message.body for message in beat(EVE) if message.to == [them.ana.email])
    assert "/trimestres/1/revision/" in body
